"""The name of a case’s or a session’s folder, which follows what it is named after; and whose
folder it is, under whatever name people gave it.
"""

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from casefiles.documents import person_with
from casefiles.errors import UnreadableFile
from casefiles.events import (
    AnswerCorrected,
    CaseOpened,
    CompositionRevised,
    FactChanged,
    Person,
    Recorded,
    SessionOpened,
)
from casefiles.system import open_regular
from watch.share.naming import safe_name
from watch.share.publication import digest_of
from watch.share.workspace import TO_FILL

_HISTORY = "HISTORIQUE.txt"
_NUMBERED = re.compile(r"\d{4}-\d{4,} |\d{4}-\d\d-\d\d ")
_OF = re.compile(r"\s*HISTORIQUE\s+—\s+(?:dossier|session)\s+(\S+)")


def case_names(recorded: Sequence[Recorded]) -> list[str]:
    """The folder’s name under each name the candidate bore, the present one last."""
    names, number = [], ""
    person: Person | None = None
    for one in recorded:
        if isinstance(one.event, CaseOpened):
            number, person = one.event.number, one.event.candidate
        elif (
            person is None
            or not isinstance(one.event, AnswerCorrected | FactChanged)
            or not one.event.field.startswith("candidate/")
        ):
            continue
        else:
            person = person_with(person, one.event.field, one.event.after)
        names.append(safe_name(f"{number} {person.full_name}"))
    return names


def session_names(recorded: Sequence[Recorded]) -> list[str]:
    """The folder’s name at each composition, the present one last: a session keeps its place."""
    names, reference = [], ""
    for one in recorded:
        if isinstance(one.event, SessionOpened):
            reference = one.event.reference
        if isinstance(one.event, SessionOpened | CompositionRevised):
            day = one.event.day.isoformat()
            names.append(safe_name(f"{day} {reference} {one.event.town}"))
    return names


def standing(number: str, parents: Sequence[Path], made: Mapping[str, str]) -> list[Path]:
    """The folders of that case or session: those that bear its number; else those that hold its
    HISTORIQUE; else those that hold none, but a file that was made for it alone.

    made: such files as they were put in its folder, path → SHA-256. Of the folders that still bear
    a number, none is opened: there may be a hundred thousand.
    """
    inside = [(place, name) for place in parents if place.is_dir() for name in os.listdir(place)]
    bears = re.compile(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])")
    found = sorted(place / name for place, name in inside if number in name and bears.search(name))
    if numbered := [folder for folder in found if folder.is_dir()]:
        return numbered
    own = sorted(place / name for place, name in inside if not _NUMBERED.match(name))
    told = {folder: told_in(folder) for folder in own}
    by_history = [folder for folder in own if told[folder] == number]
    return by_history or [one for one in own if not told[one] and _holds(one, made)]


def _holds(folder: Path, files: Mapping[str, str]) -> bool:
    return any(digest_of(folder / path) == sha256 for path, sha256 in files.items())


def told_in(folder: Path) -> str:
    """The number of the case or session whose HISTORIQUE stands in that folder; "" without one."""
    with suppress(UnreadableFile, OSError), os.fdopen(open_regular(folder / _HISTORY), "rb") as it:
        if found := _OF.match(it.read(300).decode("utf-8-sig", errors="replace")):
            return found[1]
    return ""


def of_place(share: Path, origin: str) -> str:
    """The number of the case or session that place, in an « À remplir », belongs to; or ""."""
    parts = PurePosixPath(origin).parts
    return told_in(share.joinpath(*parts[: parts.index(TO_FILL)])) if TO_FILL in parts else ""


def renamed(folder: Path, name: str) -> Path:
    """The folder under its new name, unless it is taken or somebody holds the folder open."""
    target = folder.with_name(name)
    if folder.is_dir() and not target.exists():
        try:
            return folder.rename(target)
        except OSError:
            return folder
    return folder
