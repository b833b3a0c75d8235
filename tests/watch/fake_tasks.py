"""Tasks for the sandbox’s own tests: one that answers, and one for each way of going wrong."""

import ctypes
import json
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from casefiles.errors import UnreadableFile

PATHS = frozenset({"other"})


def preload() -> None:
    pass


def echo(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": file.read_text(encoding="utf-8"), **params}


def large(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": "é" * params["size"]}


def refuse(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    raise UnreadableFile("Ce fichier est un gâteau.", "Mangez-le.")


def stumble(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    raise KeyError(file.read_text(encoding="utf-8"))


def sleep(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    time.sleep(60)
    return {}


def spin(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    while True:
        pass


def gorge(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"size": len(bytearray(params["size"]))}


def crash(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    ctypes.string_at(0)
    return {}


def breed(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    try:
        pid = os.fork()
    except OSError:
        return {"forked": 0}
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    return {"forked": pid}


def reach(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a hostile file could still reach: each is « no » or what it got."""
    return {
        "network": _tried(lambda: socket.create_connection(("127.0.0.1", params["port"]), 2)),
        "datagram": _tried(
            lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
                b"x", ("127.0.0.1", params["port"])
            )
        ),
        "write": _tried(lambda: (file.parent / "trace").write_text("ici")),
        "remove": _tried(file.unlink),
        "secret": _tried(lambda: Path(params["secret"]).read_text()),
        "other": _tried(lambda: Path(params["other"]).read_text()),
        "run": _tried(lambda: os.execv("/bin/true", ["true"])),
        "list": _tried(lambda: os.listdir("/home")),
        "environment": sorted(os.environ),
    }


def escape(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    """What a parser taken over by the file it reads would try next."""
    parent, sibling = params["parent"], params["sibling"]
    own = os.getpid()
    return {
        "have the server open a key": _tried(lambda: _through_the_server(params)),
        "open a Unix socket": _tried(lambda: socket.socket(socket.AF_UNIX)),
        "signal the daemon": _tried(lambda: os.kill(parent, 0)),
        "signal a sibling": _tried(lambda: os.kill(sibling, signal.SIGKILL)),
        "trace the daemon": _asked("ptrace", 16, parent, 0, 0),
        "read the daemon’s memory": _asked("process_vm_readv", parent, 0, 0, 0, 0, 0),
        "read the daemon’s environment": _tried(Path(f"/proc/{parent}/environ").read_bytes),
        "read the daemon’s files": _tried(lambda: os.listdir(f"/proc/{parent}/fd")),
        "fork": _tried(_forked),
        "run": _tried(lambda: os.execv("/bin/true", ["true"])),
        "more memory": _tried(lambda: _unlimited(resource.RLIMIT_AS)),
        "larger files": _tried(lambda: _unlimited(resource.RLIMIT_FSIZE)),
        "another root": _tried(lambda: os.chroot("/")),
        "another network": _asked("unshare", 0x40000000),
        "another mode": _tried(lambda: os.chmod(file, 0o777)),
        "another date": _tried(lambda: os.utime(file, (0, 0))),
        "a link": _tried(lambda: os.symlink("/etc/passwd", file.with_suffix(".lien"))),
        "another name": _tried(lambda: os.rename(file, file.with_suffix(".autre"))),
        "shared memory": _asked("shmget", 0, 4096, 0o1600),
        "pidfd": _tried(lambda: os.pidfd_open(own)),
    }


def _through_the_server(params: Mapping[str, Any]) -> Any:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
        client.connect(params["address"])
        bounds = {"seconds": 5, "memory": 10**9, "bounds": {}, "params": {}}
        client.send(json.dumps({"task": "echo", "path": params["secret"], **bounds}).encode())
        return client.recv(65536)


def _forked() -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    return pid


def _unlimited(what: int) -> None:
    try:
        resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError as error:
        raise OSError from error


def _asked(name: str, *values: int) -> str:
    """A call of the C library’s."""
    libc = ctypes.CDLL(None, use_errno=True)
    answer = getattr(libc, name)(*values)
    return f"no: {ctypes.get_errno()}" if answer == -1 else str(answer)


def throng(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    """As many threads as can be started, up to some."""
    threading.stack_size(64 * 1024)
    over = threading.Event()
    started = 0
    with suppress(RuntimeError):
        while started < params["most"]:
            threading.Thread(target=over.wait).start()
            started += 1
    over.set()
    return {"started": started}


def linger(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    """As long as the file is there."""
    while file.exists():
        time.sleep(0.01)
    return {}


def _tried(act: Any) -> str:
    try:
        return str(act())
    except OSError as error:
        return f"no: {type(error).__name__}"


TASKS = {
    task.__name__: task
    for task in (
        echo,
        large,
        refuse,
        stumble,
        sleep,
        spin,
        gorge,
        crash,
        breed,
        reach,
        escape,
        throng,
        linger,
    )
}
