"""What an act is asked with, and the few look-ups every act makes."""

from dataclasses import dataclass
from typing import Any

from casefiles import casefile, session
from casefiles.answers.office_act import ActKind
from casefiles.casefile import CaseFile
from casefiles.events import DropAnswered, Event
from casefiles.journal import Append
from casefiles.session import Session
from watch.office import Office
from watch.reception.answer import Answer, Refused
from watch.reception.filing import progressed


@dataclass(frozen=True, kw_only=True)
class Request:
    """One act asked for. `number` is a case’s or a session’s."""

    kind: ActKind
    number: str
    by: str
    because: str
    document: str = ""
    case: str = ""
    question: str = ""
    value: str = ""


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
    for stream in office.journal.find("document", mark.strip()):
        if stream.startswith("depot/"):
            for one in office.journal.read(stream):
                if isinstance(one.event, DropAnswered):
                    return one.event
    return None


def held_by(office: Office, mark: str) -> dict[str, Any]:
    """What a waiting drop holds for the office’s word; empty when it does not wait."""
    receipt = answered(office, mark)
    return dict(receipt.held) if receipt and receipt.outcome == "waiting" else {}
