"""What stands at the doors of the space, and when it has settled; it opens no file.

The doors are « 1 À déposer ici », « Bureau », and the folders where people save in place: « À
remplir » in each case or session and in « Bureau », « 3 À corriger » and « Formulaires vierges ».
The clock is passed in and nothing here sleeps.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import zip_longest
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from watch.doors.familiar import Familiar, Stir, look_of
from watch.doors.seen import AMONG_OURS, DOORS, IN_PLACE, Door, Problem, Seen, Trace
from watch.share.naming import is_note, is_passing
from watch.share.workspace import TO_FILL, Workspace

__all__ = ["DOORS", "Door", "Problem", "Seen", "Trace", "Tracker", "look_again", "scan"]

Stat = os.stat_result
_T = TypeVar("_T")
_by_name = attrgetter("name")


def scan(
    workspace: Workspace, doors: Iterable[Door] = DOORS, familiar: Familiar | None = None
) -> list[Seen]:
    """Everything at these doors now, in the order of the folders.

    familiar: the folders among ours that hold nothing new are then left out, and no more « À
    remplir » are gone through than it allows at a time. A folder that vanishes or refuses meanwhile
    is skipped: the next scan sees it.
    """
    found: list[Seen] = []
    for door in doors:
        if door not in AMONG_OURS or familiar is None:
            for place in _folders(workspace, door):
                found.extend(_all_seen(place, door, _below(place, door)))
            continue
        places = _folders(workspace, door, familiar)
        for place in familiar.turn(places) if door == "a_remplir" else places:
            stirs: list[Stir] = []
            standing = _below(place, door, stirs)
            familiar.spent(len(standing) + 1)
            looks = (look_of(path, stat) for path, stat in standing)
            if not familiar.is_known(place, looks, stirs):
                found.extend(_all_seen(place, door, standing))
    return found


def look_again(seen: Seen) -> Seen | None:
    """The same file as it is at this instant; None when it is gone."""
    try:
        return _seen(seen.path, seen.door, seen.folder, os.lstat(seen.path))
    except OSError:
        return None


class Tracker:
    """Remembers since when each file has not moved. `settling` and every `now` are seconds.

    Times come from one monotonic clock.
    """

    def __init__(self, settling: float, familiar: Familiar | None = None) -> None:
        self.settling = settling
        self._familiar = familiar
        self._since: dict[Path, tuple[Seen, float]] = {}
        self._last_first = False
        # By folder among ours, until all it holds was handled.
        self._handled: dict[Path, dict[Path, Trace]] = {}

    def __len__(self) -> int:
        return len(self._since)

    def update(self, seen: Iterable[Seen], doors: Iterable[Door], now: float) -> None:
        """Take in a scan of these doors; what is no longer there is forgotten."""
        present = {one.path: one for one in seen}
        covered = set(doors)
        for path, (known, _) in list(self._since.items()):
            # Only some of the « À remplir » are gone through: one that left is found out in time.
            if known.door in covered and known.door != "a_remplir" and path not in present:
                del self._since[path]
        for one in present.values():
            self._observe(one, now)
        self._learn(one for one in present.values() if one.among_ours)

    def _learn(self, seen: Iterable[Seen]) -> None:
        """A folder where everything was handled as it stands is familiar from now on."""
        folders: dict[Path, list[Seen]] = {}
        for one in seen:
            folders.setdefault(one.folder, []).append(one)
        for folder, standing in folders.items():
            handled = self._handled.get(folder, {})
            left = {o.path: o.trace for o in standing if handled.get(o.path) == o.trace}
            if len(left) == len(standing) and self._familiar is not None:
                looks = (
                    (str(o.path), o.trace.size, o.trace.mtime, o.trace.ctime, o.trace.inode)
                    for o in standing
                )
                self._familiar.learn(str(folder), looks)
                if standing[0].door == "a_remplir":
                    left = {}  # the others are few, and large: no file is hashed for its neighbour
            self._handled[folder] = left
            if not left:
                del self._handled[folder]

    def _observe(self, one: Seen, now: float) -> None:
        if self._is_handled(one):
            return
        known = self._since.get(one.path)
        if known is None or known[0].trace != one.trace:
            self._since[one.path] = (one, now)

    def _is_handled(self, one: Seen) -> bool:
        if not one.among_ours or not self._handled:
            return False
        return self._handled.get(one.folder, {}).get(one.path) == one.trace

    def settled(
        self,
        now: float,
        look: Callable[[Seen], Seen | None] = look_again,
        at_most: int | None = None,
    ) -> list[Seen]:
        """The files that have not moved for the settling time, looked at once more now.

        Of more than `at_most`, the first to come and the last are taken in turn: a heap does not
        starve the single drop that follows it, nor newcomers the heap.
        """
        ready: list[Seen] = []
        waiting = list(self._since.items())
        if at_most is not None:
            waiting = list(_from_both_ends(waiting, last_first=self._last_first))
        for path, (known, since) in waiting:
            if at_most is not None and len(ready) >= at_most:
                break
            if now - since < self.settling:
                continue
            again = look(known)
            if again is None:
                del self._since[path]
            elif again.trace != known.trace:
                self._since[path] = (again, now)
            else:
                ready.append(again)
        # One at a time too, it is the turn of the other end.
        self._last_first ^= len(ready) % 2 == 1
        return ready

    def next_due(self) -> float | None:
        """When the next file may have settled; None when none is waited for."""
        if not self._since:
            return None
        return min(since for _, since in self._since.values()) + self.settling

    def since(self, one: Seen) -> float | None:
        """When the file last moved, as far as was seen; None when it is not waited for."""
        waiting = self._since.get(one.path)
        return waiting[1] if waiting else None

    def put_off(self, one: Seen, now: float) -> None:
        """Begin the settling time of a file anew: somebody still holds it open."""
        self._since[one.path] = (one, now)

    def handled(self, one: Seen) -> None:
        """Forget a file that was taken; if it stays, it is seen again only once changed."""
        self._since.pop(one.path, None)
        if one.among_ours:
            self._handled.setdefault(one.folder, {})[one.path] = one.trace


def _from_both_ends(waiting: Sequence[_T], *, last_first: bool) -> Iterator[_T]:
    half = (len(waiting) + 1) // 2
    ahead, behind = waiting[:half], waiting[half:][::-1]
    first, second = (behind, ahead) if last_first else (ahead, behind)
    for pair in zip_longest(first, second):
        yield from (one for one in pair if one is not None)


def _folders(workspace: Workspace, door: Door, familiar: Familiar | None = None) -> Sequence[str]:
    """The folders of a door. There may be a hundred thousand « À remplir »: names only."""
    whole: dict[Door, Path] = {
        "inbox": workspace.drop_here,
        "bureau": workspace.office,
        "vierges": workspace.blanks,
        "a_corriger": workspace.to_correct,
    }
    if door in whole:
        return [str(whole[door])]
    parents = (workspace.cases, workspace.juries)

    def found() -> list[str]:
        folders = [f"{workspace.office}/{TO_FILL}"]
        for parent in parents:
            with suppress(OSError):
                folders += [f"{parent}/{name}/{TO_FILL}" for name in os.listdir(parent)]
        return sorted(folders)

    return familiar.listed(parents, found) if familiar is not None else found()


def _below(place: str, door: Door, stirs: list[Stir] | None = None) -> list[tuple[str, Stat]]:
    """Every file under the folder that is not passing, with what the system says of it.

    stirs: receives each folder, as it is before it is gone through.
    """
    found: list[tuple[str, Stat]] = []
    if door == "a_remplir" and os.path.islink(os.path.dirname(place)):
        return found
    left = [""]
    while left:
        within = left.pop()
        folder = f"{place}/{within}" if within else place
        inner: list[str] = []
        with suppress(OSError):
            if stirs is not None:
                stirs.append((within, os.stat(folder).st_mtime_ns))
            with os.scandir(folder) as entries:
                for one in sorted(entries, key=_by_name):
                    name = one.name
                    if is_passing(name) or (door in IN_PLACE and is_note(name)):
                        continue
                    with suppress(OSError):
                        if not one.is_dir(follow_symlinks=False):
                            found.append((one.path, one.stat(follow_symlinks=False)))
                        elif door != "bureau" or name != TO_FILL:
                            inner.append(f"{within}{name}/")
        left += reversed(inner)
    return found


def _all_seen(place: str, door: Door, standing: Iterable[tuple[str, Stat]]) -> Iterator[Seen]:
    folder = Path(place)
    return (_seen(Path(path), door, folder, found) for path, found in standing)


def _seen(path: Path, door: Door, folder: Path, found: Stat) -> Seen:
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
    return Seen(path=path, door=door, folder=folder, trace=trace, problem=problem)
