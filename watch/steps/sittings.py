"""What we make for a session but its volumes: agenda, feuille de décisions, decisions sent home."""

from collections.abc import Sequence
from typing import Any

from casefiles import session
from casefiles.answers import Decisions
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.events import (
    DecisionRecorded,
    DecisionsSent,
    FormIssued,
    ProductIssued,
    Recorded,
)
from casefiles.journal import Append
from casefiles.rules import juries
from casefiles.session import Session
from watch.office import Office
from watch.reception.examining import candidates, decisions_scope
from watch.steps.letterhead import letterhead


def session_of(recorded: Sequence[Recorded]) -> Session:
    """The session those events tell; ValueError when they tell none."""
    held = session.fold(recorded)
    if held is None:
        raise ValueError("the stream holds no session")
    return held


def draw_agenda(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The draft agenda, redrawn as candidates and members come and go."""
    from forms.pages.agenda import agenda

    held = session_of(recorded)
    certification = office.certification_of(held.certification_hash)
    known = [one.ties for one in candidates(office, held)]
    findings = juries.composition(held.members, certification, known, held.recused)
    data = agenda(held, certification, findings, letterhead(office), office.today())
    issued = ProductIssued(
        product="ordre-du-jour",
        sha256=office.originals.put(data),
        path="Ordre du jour (projet).pdf",
        basis=held.agenda_basis,
    )
    return (Append(stream=held.stream, after=len(recorded), events=(issued,)),)


def issue_sheet(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The feuille de décisions: flags first, decisions blank, bound to this version of *Pièces*."""
    from forms.render import make

    held = session_of(recorded)
    if held.pieces is None:
        raise ValueError("the session has no sealed volume")
    certification = office.certification_of(held.certification_hash)
    agenda = candidates(office, held)
    scope = decisions_scope(held, certification, agenda)
    laid_out = outline(Decisions, scope)
    values: dict[str, Any] = {
        "header/session": held.reference,
        "header/place": f"{held.place}, {held.town}",
    }
    for one in agenda:
        prefix = f"candidates/{one.case.number}"
        alerts = "\n".join(f"• {f.message}" for f in one.findings if f.status == "alert")
        values[f"{prefix}/alerts"] = alerts or "Rien à signaler."
        values[f"{prefix}/proposal"] = one.proposed.sentence
        aside = held.recused.get(one.case.number, ())
        if aside:
            values[f"{prefix}/recused"] = ", ".join(k.removeprefix("m") for k in aside)
    imprint = Imprint(
        serial=office.new_serial(),
        form=Decisions.NAME,
        version=Decisions.VERSION,
        part=held.reference,
        certification=certification.code,
        certification_hash=held.certification_hash,
        form_hash=laid_out.fingerprint,
    )
    data = make(
        Decisions,
        scope,
        imprint=imprint,
        key=office.imprint_key,
        values=values,
        case_line=f"Session {held.reference}",
        provisional=certification.provisional,
    )
    issued = FormIssued(
        form=Decisions.NAME,
        part=str(held.pieces.version),
        serial=imprint.serial,
        sha256=office.originals.put(data),
        path="À remplir/Feuille de décisions.pdf",
        values=values,
        form_hash=laid_out.fingerprint,
    )
    return (
        Append(
            stream=held.stream,
            after=len(recorded),
            events=(issued,),
            effect_key=f"feuille/{held.reference}/{held.pieces.version}",
        ),
    )


def send_decisions(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """Every case of the session receives its decision, all in one transaction."""
    held = session_of(recorded)
    if held.signed is None or held.decided is None:
        raise ValueError("the president has not signed")
    appends = []
    for decision in held.decided.decisions:
        stream = f"dossier/{decision.case}"
        appends.append(
            Append(
                stream=stream,
                after=len(office.journal.read(stream)),
                events=(
                    DecisionRecorded(
                        session=held.reference,
                        pv_version=held.signed.version,
                        pv_sha256=held.signed.sha256,
                        decided_on=held.decided.deliberated_on,
                        decision=decision,
                    ),
                ),
                effect_key=f"decision/{decision.case}/{held.reference}",
            )
        )
    sent = DecisionsSent(cases=tuple(d.case for d in held.decided.decisions))
    return (Append(stream=held.stream, after=len(recorded), events=(sent,)), *appends)
