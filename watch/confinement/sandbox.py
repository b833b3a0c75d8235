"""Foreign files are opened elsewhere: each in a child process, under limits, without network.

A failure there is a refusal with its reason, never a guess and never a stopped daemon. This side
opens nothing: it names a file to the fork server and reads JSON.
"""

import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casefiles.errors import ParcheminError, UnreadableFile
from casefiles.system import STOPPED, packet_socket
from watch.settings import Limits

log = logging.getLogger("parchemin.sandbox")

ADDRESS_VARIABLE = "PARCHEMIN_SANDBOX"
TASKS = "watch.confinement.foreign"

_AGAIN = (
    "Ouvrez-le dans votre lecteur de PDF, enregistrez-le sous un autre nom et déposez cette "
    "copie ; si c’est une feuille, numérisez-la à nouveau, à 150 points par pouce. S’il résiste "
    "encore, redemandez-le à la personne qui l’a envoyé."
)
_STARTING = 10.0
# A server that forks must have one thread, whatever its libraries would like.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_LARGEST_ANSWER = 100 * 1024 * 1024  # un document sorti d’une archive y voyage, en base 64


class SandboxLost(ParcheminError):
    """The fork server no longer answers; nothing is known of the file."""


@dataclass(frozen=True, kw_only=True)
class InForce:
    """What the kernel grants: no network at all, no other file of the disk, no other process."""

    network: bool
    files: bool
    calls: bool


@dataclass(frozen=True, kw_only=True)
class Used:
    """What the last run cost in its child: CPU seconds, peak memory in bytes."""

    cpu: float = 0.0
    peak: int = 0


class SandboxServer:
    """A fork server of ours, alive until `close` or until this process ends."""

    def __init__(self, tasks: str = TASKS) -> None:
        self._tasks = tasks
        self._folder = tempfile.mkdtemp(prefix="parchemin-")
        self.address = f"{self._folder}/bac"
        self._start()

    def _start(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "TZ")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "watch.confinement.forkserver", self.address, self._tasks],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**kept, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join([root, *_extra_paths()])},
            start_new_session=True,
        )
        self._in_force: InForce | None = None
        self._finalizer = weakref.finalize(self, _end, self._process, self._folder)

    def in_force(self) -> InForce:
        """What of the confinement holds; waits until the server is ready. SandboxLost if not."""
        if self._in_force is None:
            told = self._process.stdout.readline() if self._process.stdout else b""
            if not told:
                raise SandboxLost(
                    "Le serveur qui ouvre les fichiers n’a pas démarré.",
                    "Relancez « parchemin doctor » : il dira ce qui manque.",
                )
            self._in_force = InForce(**json.loads(told))
        return self._in_force

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def revive(self) -> None:
        """Start it again at the same address, if it died."""
        if not self.alive():
            log.error("fork server died: started again")
            self._finalizer()
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            self._start()

    def close(self) -> None:
        """End it, and whatever it is opening."""
        self._finalizer()


class Sandbox:
    """Runs tasks on foreign files, one at a time.

    Without an address it uses the server named by PARCHEMIN_SANDBOX, else starts one when first
    needed. `used` tells what the last run cost, `spent` the CPU seconds of all of them.
    """

    def __init__(self, address: str | None = None, *, tasks: str = TASKS) -> None:
        self._address = address or os.environ.get(ADDRESS_VARIABLE)
        self._tasks = tasks
        self._own: SandboxServer | None = None
        self.used = Used()
        self.spent = 0.0

    def run(self, task: str, data_path: Path, limits: Limits, **params: Any) -> dict[str, Any]:
        """The task’s answer on that file, JSON-like.

        UnreadableFile says in French why there is none: too big, too long, too hungry, fatal to its
        reader, or refused by the task itself. SandboxLost when the server is gone twice.
        """
        file = Path(os.path.abspath(data_path))
        _weigh(file, limits)
        request = json.dumps(
            {
                "task": task,
                "path": str(file),
                "seconds": limits.seconds,
                "memory": limits.memory_mb * 1_000_000,
                "bounds": limits.bounds(),
                "params": params,
            }
        ).encode()
        try:
            answer, ended = self._ask(request, limits)
        except OSError:
            if self._own is not None:
                self._own.close()
                self._own = None
            try:
                answer, ended = self._ask(request, limits)
            except OSError as lost:
                raise SandboxLost(
                    "Le processus qui ouvre les fichiers ne répond plus.", "Il sera relancé."
                ) from lost
        self.used = Used(cpu=ended["cpu"], peak=ended["peak"])
        self.spent += self.used.cpu
        return _conclude(answer, ended, limits)

    def in_force(self) -> InForce | None:
        """What of the confinement holds; None when the server is another process’s."""
        if self._address:
            return None
        return self._server().in_force()

    def close(self) -> None:
        """End the server, if it is ours."""
        if self._own is not None:
            self._own.close()
            self._own = None

    def _server(self) -> SandboxServer:
        if self._own is None or not self._own.alive():
            self._own = SandboxServer(self._tasks)
        return self._own

    def _connect(self) -> socket.socket:
        address = self._address
        if address is None:
            server = self._server()
            server.in_force()
            address = server.address
        patience = time.monotonic() + _STARTING
        while True:
            client = packet_socket()
            try:
                client.connect(address)
            except (FileNotFoundError, ConnectionRefusedError):
                client.close()
                if time.monotonic() > patience:
                    raise
                time.sleep(0.05)  # it is starting, or being started again
            else:
                return client

    def _ask(self, request: bytes, limits: Limits) -> tuple[bytes, dict[str, Any]]:
        with self._connect() as client:
            # The server keeps the time; this is only for a server that would not.
            client.settimeout(limits.seconds + 15)
            client.send(request)
            pieces: list[bytes] = []
            size = 0
            while packet := client.recv(64 * 1024):
                if packet[:1] == b"S":
                    return b"".join(pieces), json.loads(packet[1:])
                size += len(packet)
                if size > _LARGEST_ANSWER:
                    raise UnreadableFile("Ce fichier contient beaucoup trop de choses.", _AGAIN)
                pieces.append(packet[1:])
        raise ConnectionResetError("the fork server left")


def _weigh(file: Path, limits: Limits) -> None:
    try:
        size = file.stat().st_size
    except OSError as error:
        raise UnreadableFile(
            "Ce fichier n’est pas là, ou ne peut pas être lu.",
            "Vérifiez son nom et son dossier, puis recommencez.",
        ) from error
    if size > limits.size_mb * 1_000_000:
        raise UnreadableFile(
            f"Ce fichier pèse {size // 1_000_000} Mo ; la limite est de {limits.size_mb} Mo.",
            "Déposez le formulaire seul, sans pièces jointes ni numérisations lourdes.",
        )


def _conclude(answer: bytes, ended: dict[str, Any], limits: Limits) -> dict[str, Any]:
    code = ended["code"]
    if ended["timed_out"] or code in STOPPED:
        raise UnreadableFile(
            "L’ouverture de ce fichier a été arrêtée : elle dépassait la limite de "
            f"{_french(limits.seconds)} s.",
            _AGAIN,
        )
    told: dict[str, Any] = {}
    with suppress(ValueError):
        told = json.loads(answer) if answer else {}
    if code == 0 and isinstance(told.get("done"), dict):
        done: dict[str, Any] = told["done"]
        return done
    if "refused" in told:
        message, remedy = told["refused"]
        raise UnreadableFile(message, remedy)
    if "memory" in told:
        raise UnreadableFile(
            f"L’ouverture de ce fichier demande plus de {limits.memory_mb} Mo de mémoire.", _AGAIN
        )
    log.info("task failed: code=%s kind=%s", code, told.get("failed", "crash"))
    if "failed" in told:
        raise UnreadableFile("Ce fichier est abîmé : il n’a pas pu être lu.", _AGAIN)
    raise UnreadableFile("Ce fichier a fait échouer le programme qui l’ouvrait.", _AGAIN)


def _french(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _extra_paths() -> list[str]:
    """Where tests and editable installs keep modules that a plain interpreter would not find."""
    return [path for path in sys.path if path and Path(path).is_dir()]


def _end(process: subprocess.Popen[bytes], folder: str) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)
