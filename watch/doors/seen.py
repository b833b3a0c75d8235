"""A file seen at a door: where, and what tells that it moved. Nothing here looks at the disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from watch.share.workspace import TO_FILL

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


def in_place_folder(path: Path) -> Path:
    """The « À remplir » a file saved in place stands in, however deep."""
    place = path.parts.index(TO_FILL)
    return Path(*path.parts[: place + 1])
