"""What stands at the doors of the space, and when it has settled; it opens no file.

There are three doors: « 1 À déposer ici », « Bureau », and « À remplir » in each case or session,
where people save in place. The clock is passed in and nothing here sleeps.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from watch.share.naming import is_note, is_passing
from watch.share.workspace import TO_FILL, Workspace

Door = Literal["inbox", "bureau", "a_remplir"]
# « poison »: its readers ended badly too often; it is answered, not opened.
Problem = Literal["", "link", "special", "unreadable", "poison"]

DOORS: tuple[Door, ...] = ("inbox", "bureau", "a_remplir")


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What tells that a file moved: size in bytes, times in nanoseconds, inode.

    The change time is there because a writer can restore the modification time, not that one.
    """

    size: int
    mtime: int
    ctime: int
    inode: int


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A file at a door. problem: a link or a special file, which is never opened."""

    path: Path
    door: Door
    trace: Trace
    problem: Problem = ""


def scan(workspace: Workspace, doors: Iterable[Door] = DOORS) -> list[Seen]:
    """Everything at these doors now, in the order of the folders.

    A folder that vanishes or refuses meanwhile is skipped: the next scan sees it.
    """
    found: list[Seen] = []
    for door in doors:
        for folder in _folders(workspace, door):
            found.extend(_walk(folder, door))
    return found


def look_again(seen: Seen) -> Seen | None:
    """The same file as it is at this instant; None when it is gone."""
    try:
        return _seen(seen.path, seen.door, os.lstat(seen.path))
    except OSError:
        return None


class Tracker:
    """Remembers since when each file has not moved. `settling` and every `now` are seconds.

    Times come from one monotonic clock.
    """

    def __init__(self, settling: float) -> None:
        self.settling = settling
        self._since: dict[Path, tuple[Seen, float]] = {}
        self._handled: dict[Path, Trace] = {}

    def __len__(self) -> int:
        return len(self._since)

    def update(self, seen: Iterable[Seen], doors: Iterable[Door], now: float) -> None:
        """Take in a scan of these doors; what is no longer there is forgotten."""
        present = {one.path: one for one in seen}
        covered = set(doors)
        for path, (known, _) in list(self._since.items()):
            if known.door in covered and path not in present:
                del self._since[path]
        for one in present.values():
            self._observe(one, now)
        if "a_remplir" in covered:
            self._handled = {p: t for p, t in self._handled.items() if p in present}

    def _observe(self, one: Seen, now: float) -> None:
        if self._handled.get(one.path) == one.trace:
            return
        known = self._since.get(one.path)
        if known is None or known[0].trace != one.trace:
            self._since[one.path] = (one, now)

    def settled(
        self,
        now: float,
        look: Callable[[Seen], Seen | None] = look_again,
        at_most: int | None = None,
    ) -> list[Seen]:
        """The files that have not moved for the settling time, looked at once more now."""
        ready: list[Seen] = []
        for path, (known, since) in list(self._since.items()):
            if now - since < self.settling:
                continue
            if at_most is not None and len(ready) >= at_most:
                break
            again = look(known)
            if again is None:
                del self._since[path]
            elif again.trace != known.trace:
                self._since[path] = (again, now)
            else:
                ready.append(again)
        return ready

    def next_due(self) -> float | None:
        """When the next file may have settled; None when none is waited for."""
        if not self._since:
            return None
        return min(since for _, since in self._since.values()) + self.settling

    def put_off(self, one: Seen, now: float) -> None:
        """Begin the settling time of a file anew: somebody still holds it open."""
        self._since[one.path] = (one, now)

    def handled(self, one: Seen) -> None:
        """Forget a file that was taken; if it stays, it is seen again only once changed."""
        self._since.pop(one.path, None)
        if one.door == "a_remplir":
            self._handled[one.path] = one.trace


def _folders(workspace: Workspace, door: Door) -> Iterator[Path]:
    if door == "inbox":
        yield workspace.drop_here
    elif door == "bureau":
        yield workspace.office
    else:
        for parent in (workspace.cases, workspace.juries):
            for one in _entries(parent):
                if one.is_dir(follow_symlinks=False):
                    yield Path(one.path, TO_FILL)


def _walk(folder: Path, door: Door) -> Iterator[Seen]:
    inner: list[Path] = []
    for one in _entries(folder):
        if is_passing(one.name) or (door == "a_remplir" and is_note(one.name)):
            continue
        with suppress(OSError):
            if one.is_dir(follow_symlinks=False):
                inner.append(Path(one.path))
            else:
                yield _seen(Path(one.path), door, one.stat(follow_symlinks=False))
    for deeper in inner:
        yield from _walk(deeper, door)


def _entries(folder: Path) -> Sequence[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as entries:
        return sorted(entries, key=lambda one: one.name)
    return ()


def _seen(path: Path, door: Door, found: os.stat_result) -> Seen:
    problem: Problem = ""
    if stat.S_ISLNK(found.st_mode):
        problem = "link"
    elif not stat.S_ISREG(found.st_mode):
        problem = "special"
    trace = Trace(
        size=found.st_size,
        mtime=found.st_mtime_ns,
        ctime=found.st_ctime_ns,
        inode=found.st_ino,
    )
    return Seen(path=path, door=door, trace=trace, problem=problem)
