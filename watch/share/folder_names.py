"""The name of a case’s or a session’s folder, which follows what it is named after."""

from collections.abc import Sequence
from pathlib import Path

from casefiles.documents import person_with
from casefiles.events import (
    AnswerCorrected,
    CaseOpened,
    CompositionRevised,
    FactChanged,
    Person,
    Recorded,
    SessionOpened,
)
from watch.share.naming import safe_name


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


def renamed(folder: Path, name: str) -> Path:
    """The folder under its new name, unless it is taken or somebody holds the folder open."""
    target = folder.with_name(name)
    if folder.is_dir() and not target.exists():
        try:
            return folder.rename(target)
        except OSError:
            return folder
    return folder
