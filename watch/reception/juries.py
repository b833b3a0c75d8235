"""The jury’s papers come in: a composition opens or revises a session, a sheet records decisions.

What the jury signs is checked in `minutes`.
"""

from collections.abc import Iterator
from datetime import date

from casefiles import casefile, session
from casefiles.answers import Composition, Decisions
from casefiles.answers.decisions import Presence
from casefiles.answers.outline import outline
from casefiles.answers.reading import accept, differences
from casefiles.answers.vocabulary import Row, Scope, YesNo
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import (
    CandidateAdded,
    CaseProgressed,
    CompositionRevised,
    Decided,
    DecisionsFiled,
    Event,
    Juror,
    SessionJoined,
    SessionOpened,
)
from casefiles.journal import Append
from casefiles.rules import juries
from casefiles.rules.outcome import outcome
from casefiles.rules.results import proposal
from casefiles.session import Session
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused, refused_findings, refused_problems
from watch.share.telling import counted


def compose(office: Office, drop: Drop) -> Answer:
    """Open a session, or revise one that is not closed."""
    imprint = drop.examined["imprint"]
    certification = office.printed_certification(
        imprint["certification"], imprint["certification_hash"]
    )
    what = f"{Composition.TITLE} — {certification.name}"
    scope = Scope(certification=certification)
    reading = accept(Composition, scope, drop.values, today=drop.today)
    if reading.answers is None:
        raise refused_problems(what, reading.problems)
    form = reading.answers
    members = tuple(_jurors(form))
    cases = [_case(office, line.case, certification, what) for line in form.agenda]
    companies = [c.company.name for c in cases if c.company]
    findings = juries.composition(members, certification, companies)
    refused = [f for f in findings if f.status == "refused"]
    if refused:
        raise refused_findings(what, refused, "Revoyez la composition, puis redéposez-la.")
    reference = form.sitting.session or _next_reference(office, drop.today.year)
    stream = f"session/{reference}"
    recorded = office.journal.read(stream)
    held = session.fold(recorded)
    if form.sitting.session and held is None:
        raise Refused(
            what,
            [f"La session « {reference} » n’existe pas."],
            "Laissez la case « Session » vide pour en ouvrir une.",
        )
    if held is not None and held.closed:
        raise Refused(
            what,
            [f"L’ordre du jour de la session {reference} est clos."],
            "Après la clôture, la composition ne change plus par ce formulaire.",
        )
    facts = {
        "day": form.sitting.day,
        "hour": form.sitting.hour or "",
        "place": form.sitting.place,
        "town": form.sitting.town,
        "convener": form.sitting.convener,
        "members": members,
        "document": drop.mark,
        "sha256": drop.sha256,
    }
    events: list[Event] = []
    if held is None:
        events.append(
            SessionOpened(
                reference=reference,
                certification=certification.code,
                certification_hash=office.archive_certification(certification),
                **facts,
            )
        )
    else:
        events.append(CompositionRevised(**facts))
    joining = [c for c in cases if held is None or c.number not in held.names]
    for case in joining:
        check_joinable(case, office, reference, what)
        events += entered(case)
    return Answer(
        outcome="accepted",
        what=f"{Composition.TITLE} — session {reference}, {counted(len(cases), 'candidat')}",
        reasons=tuple(f.message for f in findings),
        stream=stream,
        document=drop.mark,
        appends=(
            Append(stream=stream, after=len(recorded), events=tuple(events)),
            *(joined(office, case, reference) for case in joining),
        ),
    )


def entered(case: CaseFile) -> tuple[Event, ...]:
    """What a session records of a case that enters its agenda."""
    recap = case.product("recapitulatif")
    ready = recap.sha256 if recap and recap.basis == case.basis else ""
    return (
        CandidateAdded(case=case.number, name=case.candidate.full_name),
        CaseProgressed(
            case=case.number,
            recapitulatif=ready,
            company=case.company.name if case.company else "",
        ),
    )


def joined(office: Office, case: CaseFile, reference: str) -> Append:
    """What the case records of it."""
    return Append(
        stream=case.stream,
        after=len(office.journal.read(case.stream)),
        events=(SessionJoined(session=reference),),
    )


def check_joinable(case: CaseFile, office: Office, reference: str, what: str) -> None:
    """Refused when the case cannot enter that session."""
    if case.abandoned:
        reason = f"Le dossier {case.number} est abandonné."
    elif case.is_decided:
        reason = f"Le jury a déjà décidé du dossier {case.number}."
    elif case.session not in (None, reference) and case.decision is None:
        reason = f"Le dossier {case.number} est déjà à la session {case.session}."
    else:
        return
    raise Refused(what, [reason], "Retirez-le de la liste, puis redéposez la composition.")


def _jurors(form: Composition) -> Iterator[Juror]:
    for number, member in enumerate(form.members, start=1):
        yield Juror(
            key=f"m{number}",
            name=member.name,
            organisation=member.organisation,
            college=member.college.value,
            seat=member.seat.value,
            independent=member.independent,
        )


def _case(office: Office, number: str, certification: Certification, what: str) -> CaseFile:
    case = casefile.fold(office.journal.read(f"dossier/{number.strip()}"))
    if case is None:
        raise Refused(
            what,
            [f"Aucun dossier ne porte le numéro « {number} »."],
            "Recopiez le numéro écrit sur le dossier, par exemple 2026-0042.",
        )
    if case.certification != certification.code:
        raise Refused(
            what,
            [f"Le dossier {number} vise une autre certification ({case.certification})."],
            "Une session ne juge qu’une certification.",
        )
    return case


def _next_reference(office: Office, year: int) -> str:
    return f"S{year}-{office.journal.count('session', f'S{year}-') + 1:03d}"


def decisions_scope(held: Session, certification: Certification) -> Scope:
    """What the feuille de décisions is about: the members and candidates of the closed agenda."""
    labels: dict[str, str] = {c.id: c.label for c in certification.deliberation.colleges}
    return Scope(
        certification=certification,
        lists={
            "members": tuple(
                Row(key=m.key, label=f"{m.name} — {m.organisation}", group=labels[m.college])
                for m in held.members
            ),
            "candidates": tuple(
                Row(key=case, label=f"{case} — {name}") for case, name in held.names.items()
            ),
        },
    )


def record_decisions(office: Office, drop: Drop, stream: str) -> Answer:
    """Take a filled feuille de décisions: version n of the PV will be drawn from it."""
    recorded = office.journal.read(stream)
    held = session.fold(recorded)
    if held is None:
        raise Refused(Decisions.TITLE, ["Sa session n’est plus connue."])
    what = f"{Decisions.TITLE} — session {held.reference}"
    serial = drop.examined["imprint"]["serial"]
    issued = next((i for i in held.issued if i.serial == serial), None)
    if issued is None or held.pieces is None or issued.part != str(held.pieces.version):
        raise Refused(
            what,
            ["Cette feuille a été imprimée avant la dernière version du volume des pièces."],
            "Prenez la feuille qui se trouve dans le dossier de la session.",
        )
    if held.signed is not None:
        raise Refused(
            what,
            ["Le procès-verbal est signé par le président : les décisions sont prises."],
            "Une erreur constatée après coup demande un procès-verbal rectificatif.",
        )
    certification = office.certification_of(held.certification_hash)
    scope = decisions_scope(held, certification)
    changed = differences(outline(Decisions, scope), issued.values, drop.values)
    if changed:
        raise Refused(
            what,
            (f"{p.where} : {p.message}" for p in changed),
            "Ces lignes viennent des dossiers et ne se modifient pas en séance.",
        )
    reading = accept(Decisions, scope, drop.values, today=drop.today)
    if reading.answers is None:
        raise refused_problems(what, reading.problems)
    form = reading.answers
    present = tuple(k for k, a in form.members.items() if a.presence is Presence.PRESENT)
    decided = tuple(_decided(form))
    _check(office, held, certification, present, decided, form.conformity.day, what)
    return Answer(
        outcome="accepted",
        what=what,
        remedy="Le procès-verbal à signer est préparé dans le dossier de la session.",
        stream=stream,
        document=drop.mark,
        appends=(
            Append(
                stream=stream,
                after=len(recorded),
                events=(
                    DecisionsFiled(
                        document=drop.mark,
                        sha256=drop.sha256,
                        dropped_as=drop.name,
                        deliberated_on=form.conformity.day,
                        conform=form.conformity.conform is YesNo.YES,
                        reserve=form.conformity.reserve,
                        present=present,
                        decisions=decided,
                    ),
                ),
            ),
        ),
    )


def _decided(form: Decisions) -> Iterator[Decided]:
    for case, answer in form.candidates.items():
        yield Decided(
            case=case,
            outcome=answer.outcome.value,
            motive=answer.motive,
            votes_for=answer.votes_for,
            votes_against=answer.votes_against,
            abstentions=answer.abstentions,
            casting_vote=answer.casting_vote,
        )


def _check(
    office: Office,
    held: Session,
    certification: Certification,
    present: tuple[str, ...],
    decided: tuple[Decided, ...],
    day: date,
    what: str,
) -> None:
    """Presence, parity of the day and each decision; Refused lists everything at once."""
    voting = juries.sitting(held.members, present)
    findings = list(juries.parity_of_present(held.members, present, certification))
    president = held.president
    if president and president.key not in present:
        raise Refused(
            what,
            [f"{president.name} préside, mais sa présence n’est pas cochée."],
            "Cochez sa présence ; un jury ne délibère pas sans président : s’il manque, reportez "
            "la session.",
        )
    for one in decided:
        case = casefile.fold(office.journal.read(f"dossier/{one.case}"))
        if case is None:
            raise Refused(what, [f"Le dossier {one.case} n’existe plus."])
        proposed = proposal(case, office.certification_of(case.certification_hash))
        findings += outcome(one, held.names[one.case], proposed, certification, voting, day)
    refused = [f for f in findings if f.status == "refused"]
    if refused:
        raise refused_findings(what, refused, "Corrigez la feuille, puis redéposez-la.")
