"""What a session’s folder is called: its day, its reference, its town, even when they change."""

from collections.abc import Sequence
from pathlib import Path

from casefiles.events import CompositionRevised, Recorded, SessionOpened
from watch.share.naming import safe_name


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
