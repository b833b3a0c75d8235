"""A fork server that has read a chapter’s files once, for who repeats the chapter a thousand times.

Whoever asks makes the same calls, and the same confined child answers; what that child had to read
is remembered, by the bytes it was given. Anything else is read.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from watch.confinement import foreign
from watch.confinement.sandbox import Sandbox, SandboxServer
from watch.settings import Limits

# The tasks of such a server: a module of its own, which says where the answers stand.
MODULE = "from tests.stories.remembered import tasks_of\nPATHS, TASKS, preload = tasks_of({!r})\n"


class Noting(Sandbox):
    """A sandbox that notes each answer it gives; a refusal is given anew each time."""

    def __init__(self, real: Sandbox) -> None:
        super().__init__("nowhere")
        self._real = real
        self.noted: dict[str, dict[str, Any]] = {}

    def run(self, task: str, data_path: Path, limits: Limits, **params: Any) -> dict[str, Any]:
        answer = self._real.run(task, data_path, limits, **params)
        self.noted[_asked(task, data_path, params)] = json.loads(json.dumps(answer))
        return answer


def server_that_read(noted: Mapping[str, object], folder: Path) -> SandboxServer:
    """A server that knows those answers; the folder must be among those modules are found in."""
    name = f"lu_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    answers = folder / f"{name}.json"
    answers.write_text(json.dumps(noted), encoding="utf-8")
    (folder / f"{name}.py").write_text(MODULE.format(str(answers)), encoding="utf-8")
    return SandboxServer(name)


def tasks_of(answers: str) -> tuple[frozenset[str], dict[str, Any], Callable[[], None]]:
    """PATHS, TASKS and preload of a server, as `forkserver` wants them."""
    known = json.loads(Path(answers).read_text(encoding="utf-8"))

    def remembering(name: str) -> Callable[[Path, Mapping[str, Any]], dict[str, Any]]:
        def task(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
            found = known.get(_asked(name, file, params))
            return foreign.TASKS[name](file, params) if found is None else dict(found)

        return task

    return foreign.PATHS, {name: remembering(name) for name in foreign.TASKS}, foreign.preload


def _asked(task: str, file: Path, params: Mapping[str, Any]) -> str:
    """What is asked, whatever the files are called and the hour."""
    told = {k: v for k, v in params.items() if k not in foreign.PATHS and k != "at"}
    files = [_digest(file)]
    for name in sorted(foreign.PATHS & params.keys()):
        named = params[name] or ()
        files += [name, *map(_digest, [named] if isinstance(named, str) else named)]
    return hashlib.sha256(json.dumps([task, files, told], sort_keys=True).encode()).hexdigest()


def _digest(path: Path | str) -> str:
    place = Path(path)
    kept = sorted(place.iterdir()) if place.is_dir() else [place]
    return hashlib.sha256(b"".join(one.read_bytes() for one in kept)).hexdigest()
