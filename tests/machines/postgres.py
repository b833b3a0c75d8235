"""A PostgreSQL server of the tests’ own, from Debian’s package: made, restarted, thrown away.

It listens on a socket in its own folder and nowhere else. PostgreSQL refuses to run as root: it
then runs as « nobody ».
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise FileNotFoundError("PostgreSQL n’est pas installé : apt-get install postgresql")
    return found[-1].parent


@dataclass
class Server:
    """One running server; `databases` counts what was made on it."""

    folder: Path
    databases: int = 0

    @classmethod
    def start(cls) -> "Server":
        # A socket’s path is short: not in pytest’s own deep folders.
        server = cls(Path(tempfile.mkdtemp(prefix="parchemin-pg-")))
        if os.getuid() == 0:
            shutil.chown(server.folder, "nobody")
        server._run("initdb", "-D", str(server.data), "-U", "essai", "-A", "trust", "-N",
                    "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        server.up()
        return server

    @property
    def data(self) -> Path:
        return self.folder / "base"

    def up(self) -> None:
        # The tests’ data is thrown away: it need not survive a power cut, and nothing waits for it.
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=80 -c fsync=off"
        self._run("pg_ctl", "start", "-w", "-s", "-D", str(self.data),
                  "-l", str(self.folder / "journal"), "-o", options)  # fmt: skip

    def down(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "-w", "-s", "-D", str(self.data), "-m", mode)

    def restart(self, mode: str = "immediate") -> None:
        """As after a crash (« immediate ») or a service restart (« fast »)."""
        self.down(mode)
        self.up()

    def throw_away(self) -> None:
        self.down()
        shutil.rmtree(self.folder)

    def database(self, *, like: str = "template1") -> str:
        """A new database, empty or a copy of the one at that address: its address."""
        self.databases += 1
        name = f"essai{self.databases}"
        self._order(f"CREATE DATABASE {name} TEMPLATE {_name(like)}")
        return self.url(name)

    def drop(self, address: str) -> None:
        """Throw a database away, whoever still talks to it."""
        self._order(f"DROP DATABASE {_name(address)} WITH (FORCE)")

    def _order(self, order: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(order)  # type: ignore[arg-type]

    def url(self, name: str) -> str:
        return f"postgresql:///{name}?host={self.folder}&user=essai"

    def _run(self, program: str, *words: str) -> None:
        command = [str(_programs() / program), *words]
        if os.getuid() == 0:
            command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd="/", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout.decode(errors="replace")


def _name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]
