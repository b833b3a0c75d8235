"""Tasks for the sandbox’s own tests: one that answers, and one for each way of going wrong."""

import ctypes
import os
import socket
import time
from collections.abc import Mapping
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


def _tried(act: Any) -> str:
    try:
        return str(act())
    except OSError as error:
        return f"no: {type(error).__name__}"


TASKS = {
    task.__name__: task
    for task in (echo, large, refuse, stumble, sleep, spin, gorge, crash, breed, reach)
}
