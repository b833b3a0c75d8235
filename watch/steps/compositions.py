"""The composition of a session as it is now, to be revised: the date moved, a member replaced.

It stands in the session’s folder until the president signs; saved there or dropped, it revises.
"""

from collections.abc import Iterable
from typing import Any

from casefiles.answers import Composition
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from casefiles.events import FormIssued
from casefiles.session import Session
from watch.office import Office

PATH = "À remplir/Composition du jury (à modifier).pdf"
LINES = 20


def composition_to_revise(office: Office, held: Session) -> FormIssued:
    """The form filled with what the session holds."""
    from forms.render import make

    certification = office.certification_of(held.certification_hash)
    scope = Scope(certification=certification)
    laid_out = outline(Composition, scope)
    values = _as_filled(held)
    imprint = Imprint(
        serial=office.new_serial(),
        form=Composition.NAME,
        version=Composition.VERSION,
        part=held.reference,
        certification=certification.code,
        certification_hash=held.certification_hash,
        form_hash=laid_out.fingerprint,
    )
    data = make(
        Composition,
        scope,
        imprint=imprint,
        key=office.imprint_key,
        values=values,
        case_line=f"Session {held.reference}",
        provisional=certification.provisional,
    )
    return FormIssued(
        form=Composition.NAME,
        part=held.reference,
        serial=imprint.serial,
        sha256=office.originals.put(data),
        path=PATH,
        values=values,
        form_hash=laid_out.fingerprint,
    )


def _as_filled(held: Session) -> dict[str, Any]:
    values: dict[str, Any] = {
        "sitting/session": held.reference,
        "sitting/day": f"{held.day:%d/%m/%Y}",
        "sitting/hour": held.hour,
        "sitting/place": held.place,
        "sitting/town": held.town,
        "sitting/convener": held.convener,
        "sitting/deputy": _lines(m.key for m in held.members if m.deputy),
    }
    for member in held.members:
        line = f"members/{member.key.removeprefix('m')}"
        values |= {
            f"{line}/name": member.name,
            f"{line}/organisation": member.organisation,
            f"{line}/college": member.college,
            f"{line}/seat": member.seat,
            f"{line}/temporary_work": member.temporary_work,
            f"{line}/independent": member.independent,
        }
    for number, case in enumerate(list(held.names)[:LINES], start=1):
        values[f"agenda/{number}/case"] = case
        values[f"agenda/{number}/recused"] = _lines(held.recused.get(case, ()))
    return {name: value for name, value in values.items() if value}


def _lines(keys: Iterable[str]) -> str:
    return ", ".join(key.removeprefix("m") for key in keys)
