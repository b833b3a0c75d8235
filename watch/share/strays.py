"""Files that lie where nobody will ever take them: at the top of the share, beside the folders of
the cases or of the juries, in a folder of people’s own. They are named, and never moved.

Names only, no file is opened; a folder in which no name came or went is not gone through again.
"""

import os
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from watch.share.naming import is_kept_aside, is_passing
from watch.share.workspace import Workspace

# Seconds a file may lie there unsaid: somebody may be moving it.
PATIENCE = 300.0
# How many files are counted in a folder of people’s own.
MOST = 1_000
# A name may still come within the tick of a time just read.
_TICK = 2_000_000_000
# The streams that have a folder to themselves.
OWN = ("dossier/", "session/")
# What systems put at the top of a share: nobody’s.
_SYSTEM = {"lost+found", "system volume information", "recycler"}

Found = tuple[str, float]
"""A file as people read its place, and since when it lies there, in seconds of the system."""


class Strays:
    """What lies astray in one space, as it was last looked at."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._looked: dict[Path, tuple[int, list[str], list[str]]] = {}
        self._said: tuple[str, ...] = ()
        # By folder of a case or a session, until something is moved in it.
        self._beside: dict[str, tuple[int, tuple[str, ...]]] = {}

    def lying(self) -> tuple[str, ...]:
        """The places of those that have lain there long enough, a folder of people’s own counted
        as one, « Service (3 fichiers) »."""
        before = time.time() - PATIENCE
        return tuple(place for place, since in self._found() if since < before)

    def moved(self) -> bool:
        """Whether they are others than at the last call."""
        before, self._said = self._said, self.lying()
        return before != self._said

    def moved_beside(self, folder: str, ours: Collection[str]) -> bool:
        """Whether other files than at the last call lie in the folder of a case or a session."""
        before = self._beside.get(folder, (0, ()))
        try:
            moved = os.stat(folder).st_mtime_ns
        except OSError:
            return False
        if moved == before[0]:
            return False
        found = beside(folder, ours)
        self._beside[folder] = moved if time.time_ns() - moved > _TICK else 0, found
        return found != before[1]

    def _found(self) -> Iterator[Found]:
        space = self._workspace
        folders, files = self._names(space.share)
        ours = {one.name for one in space.visible}
        for name in files:
            if name not in space.at_the_top:
                yield from self._since(space.share / name)
        for folder in (space.cases, space.juries, space.done, space.receipts):
            for name in self._names(folder, inside=False)[1]:
                yield from self._since(folder / name)
        for name in folders:
            if name not in ours:
                yield from self._own(space.share / name)

    def _since(self, file: Path) -> Iterator[Found]:
        with suppress(OSError):
            found = os.lstat(file)
            yield self._workspace.within(file), max(found.st_mtime, found.st_ctime)

    def _own(self, folder: Path) -> Iterator[Found]:
        """A folder of people’s own, if it holds any file; since the first of them."""
        count, since, left = 0, float("inf"), [folder]
        while left and count < MOST:
            place = left.pop()
            folders, files = self._names(place)
            count += len(files)
            for name in files[:1]:
                since = min([since, *(when for _, when in self._since(place / name))])
            left += [place / name for name in folders]
        if count:
            many = f"plus de {MOST}" if count >= MOST else str(count)
            said = f"{many} fichier{'s' if count > 1 else ''}"
            yield f"{self._workspace.within(folder)} ({said})", since

    def _names(self, folder: Path, *, inside: bool = True) -> tuple[list[str], list[str]]:
        """The folders, if asked for, and the files in that one."""
        try:
            moved = os.stat(folder).st_mtime_ns
            looked, folders, files = self._looked.get(folder, (0, [], []))
            if moved == looked:
                return folders, files
            folders, files = [], []
            with os.scandir(folder) as entries:
                for one in entries:
                    if not _is_nobodys(one.name):
                        is_folder = one.is_dir(follow_symlinks=False)
                        if inside or not is_folder:
                            (folders if is_folder else files).append(one.name)
        except OSError:
            return [], []
        folders.sort()
        files.sort()
        if time.time_ns() - moved > _TICK:
            self._looked[folder] = moved, folders, files
        return folders, files


def beside(folder: str | Path, ours: Collection[str]) -> tuple[str, ...]:
    """The files that lie in that very folder, and are not ours; notes of people’s own left out.

    ours: what we put there, told from the folder.
    """
    found: list[str] = []
    with suppress(OSError), os.scandir(folder) as entries:
        for one in entries:
            ours_or_no_file = one.name in ours or one.is_dir(follow_symlinks=False)
            if not ours_or_no_file and not _is_nobodys(one.name) and not is_kept_aside(one.name):
                found.append(one.name)
    return tuple(sorted(found))


def _is_nobodys(name: str) -> bool:
    """Whether programs or systems put it there."""
    return name[:1] in ".$#@" or name.casefold() in _SYSTEM or is_passing(name)
