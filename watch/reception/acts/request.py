"""What an act is asked with, and the few look-ups every act makes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from casefiles import casefile, session
from casefiles.answers.office_act import ActKind
from casefiles.answers.vocabulary import french_date
from casefiles.casefile import CaseFile
from casefiles.events import DropAnswered, Event
from casefiles.journal import Append
from casefiles.session import Session
from watch.office import Office
from watch.reception.answer import Answer, Refused
from watch.reception.filing import progressed


@dataclass(frozen=True, kw_only=True)
class Request:
    """One act asked for: `number` is a case’s or a session’s, `day` the fact’s (« 07/03/2026 »)."""

    kind: ActKind
    number: str
    by: str
    because: str
    document: str = ""
    case: str = ""
    question: str = ""
    value: str = ""
    day: str = ""


def date_in(words: str, what: str) -> date:
    """The date those words write; Refused when they write none."""
    try:
        found: date = french_date(words)
    except ValueError as error:
        raise Refused(what, [str(error)], "Écrivez la date ainsi : 07/03/2026.") from error
    return found


def day_of(request: Request, today: date, what: str) -> date:
    """The day of the fact; Refused when it is no day, or to come."""
    day = date_in(request.day, what)
    if day > today:
        raise Refused(what, [f"Le {day:%d/%m/%Y} est à venir."], "Notez ce qui a eu lieu.")
    return day


def done(stream: str, after: int, event: Event, said: str, remedy: str = "") -> Answer:
    """The act recorded on one stream."""
    return Answer(
        outcome="accepted",
        what="",
        reasons=(said,),
        remedy=remedy,
        stream=stream,
        appends=(Append(stream=stream, after=after, events=(event,)),),
    )


def done_to_case(office: Office, case: CaseFile, after: int, event: Event, said: str) -> Answer:
    """The act recorded on a case, and its session told that the case moved."""
    return Answer(
        outcome="accepted",
        what="",
        reasons=(said,),
        stream=case.stream,
        appends=(
            Append(stream=case.stream, after=after, events=(event,)),
            *progressed(office, case, ""),
        ),
    )


def case_of(office: Office, number: str, what: str) -> tuple[CaseFile, int]:
    """The case and the length of its stream; Refused when there is none."""
    recorded = office.journal.read(f"dossier/{number.strip()}")
    case = casefile.fold(recorded)
    if case is None:
        raise Refused(
            what,
            [f"Aucun dossier ne porte le numéro « {number} »."],
            "Recopiez le numéro écrit sur le dossier, par exemple 2026-0042.",
        )
    return case, len(recorded)


def undecided(office: Office, request: Request, what: str) -> tuple[CaseFile, int]:
    """The case while its documents may still change; Refused once the jury has decided."""
    case, after = case_of(office, request.number, what)
    if case.is_decided:
        raise Refused(
            what,
            ["Le jury a décidé de ce dossier : ses documents ne changent plus."],
            "Une erreur constatée après coup se règle avec le certificateur.",
        )
    return case, after


def session_of(office: Office, reference: str, what: str) -> tuple[Session, int]:
    """The session and the length of its stream; Refused when there is none."""
    recorded = office.journal.read(f"session/{reference.strip()}")
    held = session.fold(recorded)
    if held is None:
        raise Refused(
            what,
            [f"Aucune session ne porte la référence « {reference} »."],
            "Recopiez la référence écrite sur le dossier de la session, par exemple S2026-003.",
        )
    return held, len(recorded)


def answered(office: Office, mark: str) -> DropAnswered | None:
    """The receipt of the drop that mark names."""
    return next((r for r in _receipts(office, mark) if r.document == mark.strip()), None)


def held_by(office: Office, mark: str) -> dict[str, Any]:
    """What a waiting drop holds for the office’s word, and what was copied from it since."""
    held: dict[str, Any] = {}
    for receipt in _receipts(office, mark):
        held |= receipt.held if receipt.outcome == "waiting" else {}
    return held


def _receipts(office: Office, mark: str) -> Iterator[DropAnswered]:
    """That of the drop itself, then that of the transcription which completed it."""
    found = [
        one.event
        for stream in office.journal.find("document", mark.strip())
        if stream.startswith("depot/")
        for one in office.journal.read(stream)
        if isinstance(one.event, DropAnswered)
    ]
    yield from sorted(found, key=lambda receipt: receipt.document != mark.strip())
