"""The clean server foreign files are opened from: it holds no key, no database, no network.

It has already imported what reading needs; for each request it forks a child that gives up what it
can, does one task on one file, answers and ends. Started by `sandbox`, it ends with its owner.

Packets: the request is one JSON object; the answer is any number of « R » packets (the child’s
own JSON, in pieces) and one « S » packet (how the child ended).
"""

import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from casefiles.errors import UnreadableFile
from forms import bounds, opening
from forms.bounds import Bounds
from watch.confinement import calls, confine

Task = Callable[[Path, Mapping[str, Any]], dict[str, Any]]

_PIECE = 32 * 1024
_REQUEST = 128 * 1024


@dataclass
class _Child:
    pid: int
    watched: int
    client: socket.socket
    deadline: float
    timed_out: bool = False


class Server:
    """Forks one child per request. `tasks` by name; `paths`: parameters that name files to read."""

    def __init__(
        self, listener: socket.socket, tasks: Mapping[str, Task], paths: frozenset[str]
    ) -> None:
        self._listener = listener
        self._tasks = tasks
        self._paths = paths
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, _Child] = {}

    def serve(self, owner: int) -> None:
        """Serve until the owner’s descriptor is closed on its side."""
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(owner, selectors.EVENT_READ, None)
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.data is None:
                    for child in self._children.values():
                        self._kill(child)
                    return
                key.data()
            now = time.monotonic()
            for child in self._children.values():
                if now >= child.deadline and not child.timed_out:
                    child.timed_out = True
                    self._kill(child)

    def _patience(self) -> float | None:
        waiting = [c.deadline for c in self._children.values() if not c.timed_out]
        return max(min(waiting) - time.monotonic(), 0) if waiting else None

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        client.settimeout(5)
        try:
            request = json.loads(client.recv(_REQUEST))
            deadline = time.monotonic() + request["seconds"]
        except (OSError, ValueError, LookupError, TypeError):
            client.close()
            return
        pid = os.fork()
        if pid == 0:
            self._listener.close()
            _child(client, request, self._tasks, self._paths)
        with suppress(OSError):
            os.setpgid(pid, pid)
        child = _Child(pid, os.pidfd_open(pid), client, deadline)
        self._children[pid] = child
        self._selector.register(child.watched, selectors.EVENT_READ, lambda: self._ended(child))
        # A client has nothing more to say: what can be read here is that it left.
        self._selector.register(client, selectors.EVENT_READ, lambda: self._left(child))

    def _left(self, child: _Child) -> None:
        if child.pid in self._children:  # it may have ended in the same breath
            self._selector.unregister(child.client)
            self._kill(child)

    def _ended(self, child: _Child) -> None:
        self._kill(child)
        _, status, used = os.wait4(child.pid, 0)
        said = {
            "code": os.waitstatus_to_exitcode(status),
            "timed_out": child.timed_out,
            "peak": used.ru_maxrss * 1024,
            "cpu": used.ru_utime + used.ru_stime,
        }
        with suppress(OSError):
            child.client.send(b"S" + json.dumps(said).encode())
        with suppress(KeyError):
            self._selector.unregister(child.client)
        self._selector.unregister(child.watched)
        os.close(child.watched)
        child.client.close()
        del self._children[child.pid]

    def _kill(self, child: _Child) -> None:
        """End the child and whatever it started, unless it already has."""
        with suppress(OSError):
            os.killpg(child.pid, signal.SIGKILL)
        with suppress(OSError):
            signal.pidfd_send_signal(child.watched, signal.SIGKILL)


def _child(
    client: socket.socket,
    request: Mapping[str, Any],
    tasks: Mapping[str, Task],
    paths: frozenset[str],
) -> NoReturn:
    try:
        os.setpgid(0, 0)
        _close_all_but(client.fileno())
        parameters = dict(request["params"])
        file = Path(request["path"])
        given = [file, *_named(parameters, paths)]
        # The decoder of HEIC starts a thread whatever it is told, and dies when it may not.
        threads = calls.known_here() and any(map(_is_heic, given))
        # Under a limit the libraries alone pass, what would fail, and how, is anybody’s guess.
        greedy = confine.mapped() > request["memory"]
        confine.give_up_rights()
        confine.limit(seconds=request["seconds"], memory=request["memory"], threads=threads)
        confine.keep_only([*_LIBRARIES, *given])
        calls.refuse(threads=threads)
        bounds.impose(Bounds(**request["bounds"]))
        client.settimeout(None)
        told = {"memory": True} if greedy else _answer(tasks[request["task"]], file, parameters)
        answer = json.dumps(told).encode()
        for start in range(0, len(answer), _PIECE):
            client.send(b"R" + answer[start : start + _PIECE])
        os._exit(0)
    except BaseException:
        os._exit(70)


def _answer(task: Task, file: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"done": task(file, parameters)}
    except UnreadableFile as no:
        return {"refused": [no.message, no.remedy]}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # foreign bytes raise anything; the kind is all that may be told
        return {"failed": type(error).__name__}


def _named(parameters: Mapping[str, Any], paths: frozenset[str]) -> list[Path]:
    found: list[Path] = []
    for name in paths & parameters.keys():
        told = parameters[name]
        found += [Path(one) for one in ([told] if isinstance(told, str) else told or ())]
    return found


def _is_heic(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return opening.is_heic(file.read(12))
    return False


def _close_all_but(kept: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(3, kept)
    os.closerange(kept + 1, 4096)


# What late imports, fonts and time zones may still need; keys and cases stand elsewhere.
_LIBRARIES = tuple(
    path
    for path in {
        Path(sys.prefix),
        Path(sys.base_prefix),
        Path(__file__).resolve().parents[2] / "casefiles",
        Path(__file__).resolve().parents[2] / "templates",
        Path(__file__).resolve().parents[2] / "forms",
        Path(__file__).resolve().parents[2] / "signing",
        Path(__file__).resolve().parents[1],
        Path("/usr"),
        Path("/lib"),
        Path("/lib64"),
        Path("/etc/localtime"),
        Path("/dev/null"),
        Path("/dev/urandom"),
    }
    if path.exists()
)


def main(address: str, tasks_module: str) -> None:
    """Serve at a Unix address the tasks of a module (TASKS, PATHS, preload) until stdin closes.

    Says on standard output, as one line of JSON, what of the confinement is in force.
    """
    from importlib import import_module

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(address)
    listener.listen(64)
    network = confine.cut_network()
    module = import_module(tasks_module)
    module.preload()
    gc.collect()
    gc.freeze()
    force = {
        "network": network,
        "files": confine.landlock_version() > 0,
        "calls": calls.known_here(),
    }
    try:
        os.write(1, json.dumps(force).encode() + b"\n")
        Server(listener, module.TASKS, module.PATHS).serve(owner=0)
    except BrokenPipeError:
        return  # the owner left before we were ready
    finally:
        with suppress(OSError):
            os.unlink(address)
            os.rmdir(os.path.dirname(address))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
