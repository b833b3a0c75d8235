"""A file seen at a door: where, and what tells that it moved. Nothing here looks at the disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Door = Literal["inbox", "bureau", "a_remplir", "vierges", "a_corriger"]
# « poison »: its readers ended badly too often; it is answered, not opened.
Problem = Literal["", "link", "special", "unreadable", "poison"]

DOORS: tuple[Door, ...] = ("inbox", "bureau", "a_remplir", "vierges", "a_corriger")
# Files of ours stand there, and people save over them: only what is new there is a drop.
AMONG_OURS: tuple[Door, ...] = ("a_remplir", "vierges", "a_corriger")
# Somebody may still have the file open there: it stays, and is answered beside it.
IN_PLACE: tuple[Door, ...] = ("a_remplir", "a_corriger")


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
    """A file at a door. problem: a link or a special file, which is never opened.

    folder: the one it was found below: « À remplir » itself, however deep in it a file stands.
    """

    path: Path
    door: Door
    folder: Path
    trace: Trace
    problem: Problem = ""

    @property
    def among_ours(self) -> bool:
        """Whether files of ours stand at that door too."""
        return self.door in AMONG_OURS
