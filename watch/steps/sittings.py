"""What we make for a session but its volumes: agenda, feuille de décisions, decisions sent home."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from casefiles import casefile, session
from casefiles.answers import Decisions
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import outline
from casefiles.casefile import CaseFile
from casefiles.events import (
    Decided,
    DecisionRecorded,
    DecisionsSent,
    DeliveryWithdrawn,
    Event,
    FormIssued,
    ParcheminWithdrawn,
    ProductIssued,
    Recorded,
)
from casefiles.journal import Append
from casefiles.rules import acquired, juries
from casefiles.rules.deliberation import Examined
from casefiles.session import Session
from watch.office import Office
from watch.reception.examining import candidates, decisions_scope
from watch.steps.compositions import composition_to_revise
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
    form = composition_to_revise(office, held)
    return (Append(stream=held.stream, after=len(recorded), events=(issued, form)),)


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
    values |= _ruled_before(held)
    for one in agenda:
        prefix = f"candidates/{one.case.number}"
        said = [f.message for f in one.findings if f.status == "alert"]
        said += _written_before(held, one)
        values[f"{prefix}/alerts"] = "\n".join(f"• {a}" for a in said) or "Rien à signaler."
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
        part=held.sheet_part,
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
            effect_key=f"feuille/{held.reference}/{held.sheet_part}",
        ),
    )


def _ruled_before(held: Session) -> dict[str, Any]:
    """On the sheet of a rectification, who sat and when stand as they were written; no decision."""
    ruled = held.ruled
    if ruled is None:
        return {}
    values: dict[str, Any] = {
        f"members/{m.key}/presence": "present" if m.key in ruled.present else "absent"
        for m in held.members
    }
    values["conformity/conform"] = "oui" if ruled.conform else "non"
    values["conformity/day"] = f"{ruled.deliberated_on:%d/%m/%Y}"
    values["conformity/reserve"] = ruled.reserve or ""
    return values


def _written_before(held: Session, one: Examined) -> list[str]:
    from forms.pages.wording import decision_words

    if held.ruled is None or held.signed is None or held.rectifying is None:
        return []
    return [
        f"Procès-verbal version {held.signed.version}, à rectifier "
        f"({held.rectifying.because.rstrip('.')}) : {decision_words(d, one.certification).lower()}."
        for d in held.ruled.decisions
        if d.case == one.case.number
    ]


def send_decisions(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """Every case of the session receives its decision, all in one transaction.

    After a PV rectificatif, only the cases it says something else of; a parchemin the new decision
    no longer grants is withdrawn, in the case and in the register.
    """
    held = session_of(recorded)
    if held.signed is None or held.ruled is None:
        raise ValueError("the president has not signed")
    appends: list[Append] = []
    for decision in held.ruled.decisions:
        stream = f"dossier/{decision.case}"
        known = office.journal.read(stream)
        case = casefile.fold(known)
        before = _before(case, held.reference)
        if case is None or (before and _says_the_same(before, decision, held)):
            continue
        now = DecisionRecorded(
            session=held.reference,
            pv_version=held.signed.version,
            pv_sha256=held.signed.sha256,
            decided_on=held.ruled.deliberated_on,
            decision=decision,
            rectifies=before.pv_sha256 if before else "",
        )
        events: list[Event] = [now]
        if case.delivery is not None and not _still_due(office, case, now):
            facts = {
                "number": case.delivery.number,
                "on": office.today(),
                "by": f"le jury, session {held.reference}",
                "because": f"la décision du procès-verbal version {held.signed.version} ne "
                "l’accorde pas.",
            }
            events.append(DeliveryWithdrawn(**facts))
            register = case.delivery.register_name
            after = len(office.journal.read(register))
            gone = ParcheminWithdrawn(**facts)
            appends.append(Append(stream=register, after=after, events=(gone,)))
        appends.append(
            Append(
                stream=stream,
                after=len(known),
                events=tuple(events),
                effect_key=f"decision/{decision.case}/{held.reference}/{held.signed.version}",
            )
        )
    sent = DecisionsSent(cases=tuple(d.case for d in held.ruled.decisions))
    return (Append(stream=held.stream, after=len(recorded), events=(sent,)), *appends)


def _still_due(office: Office, case: CaseFile, corrected: DecisionRecorded) -> bool:
    """Whether every bloc is held under that decision too, those the case carries included."""
    certification = office.certification_of(case.certification_hash)
    return acquired.whole(replace(case, decision=corrected), certification)


def _before(case: CaseFile | None, reference: str) -> DecisionRecorded | None:
    """What that session last decided of the case."""
    decisions = case.decisions if case else ()
    return next((d for d in reversed(decisions) if d.session == reference), None)


def _says_the_same(before: DecisionRecorded, decision: Decided, held: Session) -> bool:
    ruled = held.ruled
    day = ruled.deliberated_on if ruled else before.decided_on
    return before.decision == decision and before.decided_on == day
