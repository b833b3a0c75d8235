"""The corrected copies of inscriptions that opened no case: they leave once they are answered.

Each stands in « 3 À corriger » beside the file it came from, on the receipt of that drop. A case
opened for the same person and certification answers it; a later copy takes its place. A copy
somebody wrote in stays.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from casefiles import casefile
from casefiles.casefile import CaseFile
from casefiles.events import FormIssued, ProductIssued, Recorded
from casefiles.naming import name_key
from casefiles.preregistration import SENT_BACK, listed_key, sent_back
from watch.office import Office
from watch.share.publication import digest, withdraw

_BIRTH_NAME, _FIRST_NAME = "candidate/birth_name", "candidate/first_name"
_BIRTH_PLACE = "candidate/birth_place"


def leave_once_answered(office: Office, stream: str, recorded: Sequence[Recorded]) -> None:
    """Take away the copies that what was just shown answers, or takes the place of."""
    case = casefile.fold(recorded)
    if case is not None:
        for one in _asked_of(office, case):
            _withdraw(office, one)
    elif found := sent_back(recorded):
        copy, certification = found
        key = listed_key(copy.values, certification)
        if is_answered(office, recorded):
            _withdraw(office, stream)
        for other in office.journal.find(SENT_BACK, key):
            earlier = office.journal.read(other)
            before = sent_back(earlier)
            if before and earlier[0].at < recorded[0].at and _alike(before[0].values, copy.values):
                _withdraw(office, other)


def is_answered(office: Office, recorded: Sequence[Recorded]) -> bool:
    """Whether a case answers the copy that this drop sent back; False when it sent none."""
    if not (found := sent_back(recorded)):
        return False
    copy, certification = found
    return any(_answers(case, copy, certification) for case in _cases_named(office, copy.values))


def _asked_of(office: Office, case: CaseFile) -> Iterator[str]:
    """The receipts whose copy that case answers."""
    inscription = case.documents[0]
    key = listed_key(inscription.values, case.certification)
    streams = (
        *office.journal.find("serial", inscription.serial),
        *office.journal.find(SENT_BACK, key),
    )
    for stream in dict.fromkeys(streams):
        # A case or a préinscription that carries the same mark sent no copy back from here.
        found = sent_back(office.journal.read(stream)) if stream.startswith("depot/") else None
        if found and _answers(case, *found):
            yield stream


def _cases_named(office: Office, values: Mapping[str, Any]) -> Iterator[CaseFile]:
    name = f"{values.get(_BIRTH_NAME, '')} {values.get(_FIRST_NAME, '')}"
    for stream in office.journal.find("name", name_key(name)):
        case = casefile.fold(office.journal.read(stream))
        if case is not None:
            yield case


def _answers(case: CaseFile, copy: FormIssued, certification: str) -> bool:
    """Whether the case was opened with that very copy, or by the same person for the same thing."""
    inscription = case.documents[0]
    same = listed_key(inscription.values, case.certification) == listed_key(
        copy.values, certification
    )
    return inscription.serial == copy.serial or (same and _alike(inscription.values, copy.values))


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether people of one name may be the same: no two birth places told (no copy has a date)."""
    places = {name_key(str(values.get(_BIRTH_PLACE) or "")) for values in (one, other)}
    return len(places - {""}) <= 1


def _withdraw(office: Office, stream: str) -> None:
    """Take the copy and its message away, untouched as they are, and remember that they left."""
    made = {
        one.event.sha256
        for one in office.journal.read(stream)
        if isinstance(one.event, FormIssued | ProductIssued)
    }
    position, files = office.journal.published(stream)
    space = office.workspace
    gone = {
        path
        for path, sha256 in files.items()
        if sha256 in made
        and (
            withdraw(space.share / path, holding=[sha256], staging=office.staging)
            # A death may have come between their leaving and our memory of it.
            or not os.path.lexists(space.share / path)
        )
    }
    if gone:
        space.must_be_present()
        left = {path: sha256 for path, sha256 in files.items() if path not in gone}
        office.journal.note_published(stream, position, left)


def said_already(note: Path, why: bytes) -> str:
    """The SHA-256 of that note where it says the same, but for its day and its mark; else "".

    One who drops the same file again reads one reason, not two.
    """
    try:
        standing = note.read_bytes()
    except FileNotFoundError:
        return ""
    first, second = standing.splitlines(), why.splitlines()
    del first[1:2], second[1:2]
    return digest(standing) if first == second else ""
