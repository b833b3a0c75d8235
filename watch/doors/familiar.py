"""Which « À remplir » read as they did when all they held had been looked at: nothing new in them.

One fingerprint per folder, kept on the private side: a restart hashes no file again, and an idle
round neither. It may be lost at any time; then everything is looked at once more.
"""

import hashlib
import logging
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from os import stat_result
from pathlib import Path

log = logging.getLogger("parchemin.familiar")

# How many files one scan goes through at most: with more, each scan continues the one before.
AT_ONCE = 50_000


Look = tuple[str, int, int, int, int]


class Familiar:
    """The familiar folders of one space. `file` None keeps them in memory only."""

    def __init__(self, file: Path | None = None, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._left = 0
        self._after = ""
        self._file = file
        self._known = self._load()
        self._new: dict[str, bytes] = {}

    def turn(self, folders: Sequence[str]) -> Iterator[str]:
        """The folders whose turn it is, from where the last turn stopped; all if they are few.

        They come sorted.
        """
        self._left = self._at_once
        start = bisect_right(folders, self._after)
        self._after = ""
        for folder in chain(folders[start:], folders[:start]):
            if self._left <= 0:
                break
            yield folder
            self._after = folder
        else:
            self._after = ""

    def spent(self, files: int) -> None:
        """So many files were gone through."""
        self._left -= files

    def is_known(self, folder: str, standing: Iterable[Look]) -> bool:
        """Whether the folder holds what it held when it was learnt, and nothing moved since."""
        return self._known.get(folder) == _mark(standing)

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
