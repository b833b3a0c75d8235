"""Files that lie where nobody will ever take them: neither ours, nor at a door. They are named, and
never moved.

One rule for the whole share, folder by folder: what stands there, less what we put there, less what
stands below a door of it. Names only, no file is opened.
"""

import json
import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from operator import index
from pathlib import Path
from unicodedata import category, normalize

from watch.share.naming import is_day, is_passing, is_receipt, written_in
from watch.share.workspace import TO_FILL, Workspace

log = logging.getLogger("parchemin.strays")

WHERE = "Fichiers posés là où personne ne les prend"
WHAT_TO_DO = (
    "Glissez dans « 1 À déposer ici » ceux qui sont à prendre ; rangez les autres hors de ces "
    "dossiers."
)
# Seconds a file may lie there unsaid: somebody may be moving it.
PATIENCE = 300.0
# How many are named in one folder, and how many files counted in a folder of people’s own.
MOST = 1_000
# A name may still come within the tick of a time just read.
_TICK = 2_000_000_000
# The folders that systems make on a share, nobody’s; those of its box begin with a sign.
_SYSTEM = {"lost+found", "system volume information", "recycler"}
_SIGNS = "$#@"

Given = Callable[[Collection[str]], Mapping[str, Collection[str]]]
"""The files that streams were given in each of some folders of the share, if any stream was."""


@dataclass(frozen=True)
class Stray:
    """A file astray, or a folder of people’s own that holds so many.

    path: from the folder looked at. since: when it came there, in seconds of the system.
    """

    path: str
    since: float
    files: int = 0

    @property
    def said(self) -> str:
        """Its path, a folder’s with what it holds: « Service (3 fichiers) ».

        A name may hold anything: what would begin a line or move a cursor is a question mark.
        """
        path = "".join("?" if _is_unsaid(sign) else sign for sign in self.path)
        if not self.files:
            return path
        many = f"plus de {MOST}" if self.files >= MOST else str(self.files)
        return f"{path} ({many} fichier{'s' if self.files > 1 else ''})"


def astray(
    folder: str | Path, ours: Collection[str], elsewhere: Collection[str] = ()
) -> tuple[Stray, ...]:
    """What lies in that folder and those in it, by path; what people wrote in a text
    of ours, and is kept beside it, left out.

    ours: the files we put there, told from it. elsewhere: its folders not to be gone into.
    """
    ours = frozenset(ours)
    shared = set(_folders_of(ours))
    found: list[Stray] = []
    left = [""]
    while left and len(found) < MOST:
        within = left.pop()
        for one in _entries(f"{folder}/{within}"):
            if len(found) >= MOST:
                break
            path, is_folder = f"{within}{one.name}", _is_folder(one)
            known = _as_we_write(f"{folder}/", path, is_folder=is_folder)
            if not {path, known}.isdisjoint(elsewhere if is_folder else ours) or _is_nobodys(one):
                continue
            if is_folder and known in shared:
                left.append(f"{path}/")
            elif is_folder:
                found += _of_their_own(one.path, path)
            elif written_in(known) not in ours:
                found += _since(one.path, path)
    return tuple(sorted(found, key=lambda one: one.path))


def _as_we_write(within: str, path: str, *, is_folder: bool) -> str:
    """The path in the composed letters we write, if that is what we would find under them.

    A Mac may have written them otherwise. Where ours stands too, this is another: a door in other
    letters is none, and nobody goes through it.
    """
    known = normalize("NFC", path)
    if known == path:
        return path
    try:
        same = os.path.samestat(os.lstat(f"{within}{known}"), os.lstat(f"{within}{path}"))
    except OSError:
        same = not is_folder
    return known if same else path


def _folders_of(files: Iterable[str]) -> Iterator[str]:
    for path in files:
        while path := path.rpartition("/")[0]:
            yield path


def beside(space: Workspace, folder: Path, ours: Collection[str]) -> tuple[Stray, ...]:
    """What lies astray in the folder of a case or a session; « À remplir » is a door until the
    case came to its end."""
    return astray(folder, ours, () if folder.parent == space.done else (TO_FILL,))


class Strays:
    """What lies astray in one space, as it was last looked at: a folder at a time, in no order.

    It is remembered on the share’s hidden side, for whoever says it; lost, it is found again.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._kept = _kept(workspace.astray_file)
        self._known = dict(self._kept)
        self._looked: dict[str, int] = {}
        self._said = self.lying()

    def lying(self) -> tuple[str, ...]:
        """The places of those that have lain there long enough, and still do.

        One of a day to come was there before the clock was set: it is not moved now.
        """
        now = time.time()
        return tuple(
            f"{folder}/{one.said}" if folder else one.said
            for folder, found in sorted(self._known.items())
            for was in found
            for one in _again(self._workspace.share / folder, was)
            if abs(now - one.since) > PATIENCE
        )

    def moved(self) -> bool:
        """Whether they are others than at the last call; the top of the share is looked at."""
        space = self._workspace
        self._found("", astray(space.share, space.at_the_top, [one.name for one in space.visible]))
        if not space.is_present():
            return False  # a share that left meanwhile shows none of them
        self._keep()
        before, self._said = self._said, self.lying()
        return before != self._said

    def look_in(self, folder: Path, ours: Collection[str]) -> bool:
        """Look in the folder of a case or a session; whether something else lies there than before.

        ours: the files it was given, told from it.
        """
        return self._found(self._workspace.within(folder), beside(self._workspace, folder, ours))

    def _found(self, folder: str, strays: tuple[Stray, ...]) -> bool:
        before = self._known.pop(folder, ())
        if strays:
            self._known[folder] = strays
        return [one.said for one in before] != [one.said for one in strays]

    def look_around(self, theirs: Collection[str], given: Given, *, all_shown: bool) -> None:
        """Look beside the folders of the cases and of the sessions, and among the receipts.

        theirs: these folders, as they were; one that moved since is asked of `given`. Unless all
        are shown as they are, a folder may be one about to be, or found again: files only.
        """
        space = self._workspace
        expected = space.within(space.expected)
        inside: dict[str, set[str]] = {
            one.name: set() for one in (space.cases, space.juries, space.done)
        }
        for folder in (*theirs, expected):
            parent, _, name = folder.rpartition("/")
            inside.setdefault(parent, set()).add(name)
        for parent, names in inside.items():
            self._look_beside(parent, names, given, all_shown=all_shown)
        if all_shown:
            ours = given([expected]).get(expected, ())
            self._found(expected, beside(space, space.expected, ours))
        days = [one for one in _entries(space.receipts) if is_day(one.name) and _is_folder(one)]
        self._found(space.receipts.name, astray(space.receipts, (), {one.name for one in days}))
        for day in days:
            self._look_at_receipts(day.path, f"{space.receipts.name}/{day.name}")

    def _look_beside(
        self, parent: str, theirs: Collection[str], given: Given, *, all_shown: bool
    ) -> None:
        before = {one.path for one in self._known.get(parent, ())}
        found = [
            one
            for one in astray(self._workspace.share / parent, (), theirs)
            if all_shown or not one.files or one.path in before
        ]
        moved = given([f"{parent}/{one.path}" for one in found if one.files])
        self._found(parent, tuple(o for o in found if f"{parent}/{o.path}" not in moved))
        for folder in list(self._known):
            within, _, name = folder.rpartition("/")
            if within == parent and name not in theirs and folder not in moved:
                del self._known[folder]

    def _look_at_receipts(self, place: str, day: str) -> None:
        """Unless no name came nor went there: there may be thousands of days."""
        with suppress(OSError):
            moved = os.stat(place).st_mtime_ns
            if moved == self._looked.get(day):
                return
            with os.scandir(place) as entries:
                there = list(entries)
            self._found(day, astray(place, {one.name for one in there if is_receipt(one.name)}))
            if time.time_ns() - moved > _TICK and not any(map(_is_folder, there)):
                self._looked[day] = moved

    def _keep(self) -> None:
        share, file = self._workspace.share, self._workspace.astray_file
        for gone in [name for name in self._known if not os.path.isdir(share / name)]:
            del self._known[gone]
            self._looked.pop(gone, None)
        if self._known == self._kept and (not self._known or file.exists()):
            return
        told = {name: [(one.path, one.files) for one in each] for name, each in self._known.items()}
        staged = file.with_suffix(".tmp")
        try:
            staged.write_text(json.dumps(told), encoding="utf-8")
            staged.replace(file)
            self._kept = dict(self._known)
        except OSError as error:
            log.warning("what lies astray could not be kept (%s)", type(error).__name__)


def _kept(file: Path) -> dict[str, tuple[Stray, ...]]:
    """What the share’s hidden side says, where anybody may have written: a place is believed only
    within the share. How long each has lain there is asked again.
    """
    with suppress(OSError, ValueError, TypeError, AttributeError, RecursionError):
        told = json.loads(file.read_text(encoding="utf-8"))
        return {
            _inside(name): tuple(Stray(_inside(path), 0.0, index(files)) for path, files in each)
            for name, each in told.items()
        }
    return {}


def _inside(path: str) -> str:
    if path.startswith("/") or ".." in path.split("/") or b"\0" in os.fsencode(path):
        raise ValueError(path)
    return path


def _entries(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    """One by one: there may be a million."""
    with suppress(OSError), os.scandir(folder) as entries:
        yield from entries


def _is_folder(one: os.DirEntry[str]) -> bool:
    # Some shares must be asked again, and may refuse.
    with suppress(OSError):
        return one.is_dir(follow_symlinks=False)
    return False


def _since(file: str, path: str) -> Iterator[Stray]:
    # Not when it was last written: whoever copies it there may set that to any day.
    with suppress(OSError):
        yield Stray(path, os.lstat(file).st_ctime)


def _again(folder: Path, was: Stray) -> Iterator[Stray]:
    """The same as it is now, if it still lies there."""
    return (_of_their_own if was.files else _since)(f"{folder}/{was.path}", was.path)


def _of_their_own(folder: str, path: str) -> Iterator[Stray]:
    """A folder that holds nothing of ours, if it holds any file; since the first of them, or since
    the folder has its name: it may be that of a case, about to be found again."""
    if not os.access(folder, os.R_OK | os.X_OK):
        yield from _since(folder, path)  # nobody here can say how many it holds
        return
    count, since, left = 0, 0.0, [folder]
    while left and count < MOST:
        for one in _entries(left.pop()):
            if _is_nobodys(one):
                continue
            if _is_folder(one):
                left.append(one.path)
                continue
            count += 1
            if count == 1:
                since = max([since, *(found.since for found in _since(one.path, path))])
            if count == MOST:
                break
    if count:
        named = [one.since for one in _since(folder, path)]
        yield Stray(path, max(since, *named), count)


def _is_nobodys(one: os.DirEntry[str]) -> bool:
    """Whether programs or systems put it there."""
    name = one.name
    if name.startswith(".") or is_passing(name):
        return True
    return (name[0] in _SIGNS or name.casefold() in _SYSTEM) and _is_folder(one)


def _is_unsaid(sign: str) -> bool:
    return category(sign).startswith("C") or sign in "\u2028\u2029"
