"""Which « À remplir » read as they did when all they held had been looked at: nothing new in them.

One fingerprint per folder, kept on the private side: a restart hashes no file again, and an idle
round neither. It may be lost at any time; then everything is looked at once more.

Most programs save by putting a new file in the place of the old: the folder’s own time moves, and
one look tells. Those that write over the file are found when its turn comes.
"""

import hashlib
import logging
import os
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from os import stat_result
from pathlib import Path

log = logging.getLogger("parchemin.familiar")

# How many files one scan goes through at most, and how many folders it asks whether a name came or
# went in them: with more, each scan continues the one before. Half a second of processor in all.
AT_ONCE = 25_000
FOLDERS = 50_000
# How many turns at most rely on one list of the folders, where no name came nor went.
RELIED = 5

Look = tuple[str, int, int, int, int]
# A folder, relative to its « À remplir », and when a name last came or went in it.
Stir = tuple[str, int]


class Familiar:
    """The familiar folders of one space. `file` None keeps them in memory only."""

    def __init__(self, file: Path | None = None, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._left = self._asked = 0
        self._asking, self._looking = _Round(), _Round()
        self._file = file
        self._known = self._load()
        self._new: dict[str, bytes] = {}
        # The folders inside, most often the same ones, and a hash of when names moved in each.
        self._stirs: dict[str, tuple[tuple[str, ...], int]] = {}
        self._inside: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._listed: list[str] = []
        self._parents: list[tuple[int, int]] = []
        self._relying = RELIED

    def listed(self, parents: Sequence[Path], found: Callable[[], list[str]]) -> list[str]:
        """The folders found in these, listed again when a name came or went in one of them.

        A name may come within the very tick of the clock that was just read: a list is relied on
        when it was made a turn after that tick was seen, and for a few turns only.
        """
        try:
            now = [(one.st_mtime_ns, one.st_ino) for one in map(os.stat, parents)]
        except OSError:
            now = []
        seen_before, self._parents = bool(now) and now == self._parents, now
        if seen_before and self._relying < RELIED:
            self._relying += 1
        else:
            self._relying = 0 if seen_before else RELIED
            self._listed = found()
        return self._listed

    def turn(self, folders: Sequence[str]) -> Iterator[str]:
        """The folders to go through, from where the last turn stopped; all if they are few.

        First those in which a name came or went, for half of the files at most, then the others.
        They come sorted.
        """
        self._left, self._asked = self._at_once, 0
        half, given = self._at_once // 2, set()
        for folder in self._asking.turn(
            folders, lambda: self._left <= half or self._asked >= FOLDERS
        ):
            if self._has_stirred(folder):
                given.add(folder)
                yield folder
        for folder in self._looking.turn(folders, lambda: self._left <= 0):
            if folder not in given:
                yield folder

    def _has_stirred(self, folder: str) -> bool:
        inside, before = self._stirs.get(folder, ((), 0))
        self._asked += len(inside)
        try:
            now = [os.stat(f"{folder}/{one}").st_mtime_ns for one in inside]
        except OSError:
            return True
        return bool(inside) and hash(tuple(now)) != before

    def spent(self, files: int) -> None:
        """So many files were gone through."""
        self._left -= files

    def is_known(self, folder: str, standing: Iterable[Look], stirs: Sequence[Stir] = ()) -> bool:
        """Whether the folder holds what it held when it was learnt, and nothing moved since.

        stirs: the folder and those inside, as they were before what stands there was looked at.
        """
        if self._known.get(folder) != _mark(standing):
            return False
        inside = tuple(name for name, _ in stirs)
        inside = self._inside.setdefault(inside, inside)
        self._stirs[folder] = inside, hash(tuple(moved for _, moved in stirs))
        return True

    def learn(self, folder: str, standing: Iterable[Look]) -> None:
        """All that stands in the folder was handled."""
        self._known[folder] = self._new[folder] = _mark(standing)

    def keep(self) -> None:
        """Write what was learnt; a disk that refuses costs a second look after a restart."""
        if not self._new or self._file is None:
            return
        rows = list(self._new.items())
        try:
            with _opened(self._file) as connection:
                connection.executemany("INSERT OR REPLACE INTO familiar VALUES (?, ?)", rows)
            connection.close()
            self._new.clear()
        except (sqlite3.Error, OSError) as error:
            log.warning("what was looked at could not be kept (%s)", type(error).__name__)

    def _load(self) -> dict[str, bytes]:
        if self._file is None:
            return {}
        try:
            with _opened(self._file) as connection:
                rows = connection.execute("SELECT folder, mark FROM familiar").fetchall()
            connection.close()
            return dict(rows)
        except sqlite3.Error:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)
            return {}


class _Round:
    """Goes round sorted names, each time from where it stopped."""

    def __init__(self) -> None:
        self._after = ""

    def turn(self, names: Sequence[str], enough: Callable[[], bool]) -> Iterator[str]:
        """The names that follow, until that is enough or each had its turn."""
        start = bisect_right(names, self._after)
        self._after = ""
        for name in chain(names[start:], names[:start]):
            if enough():
                return
            yield name
            self._after = name
        self._after = ""


def _opened(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=5)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("CREATE TABLE IF NOT EXISTS familiar (folder TEXT PRIMARY KEY, mark BLOB)")
    return connection


def look_of(path: str, found: stat_result) -> Look:
    """What is remembered of a file: where it is, and all that moves when it does."""
    return path, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _mark(standing: Iterable[Look]) -> bytes:
    told = repr(sorted(standing))
    return hashlib.blake2b(told.encode(errors="surrogateescape"), digest_size=16).digest()
