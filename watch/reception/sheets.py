"""The feuille de décisions comes back: read, judged candidate by candidate, recorded or refused.

What the jury signs is checked in `minutes`.
"""

from casefiles import session
from casefiles.answers import Decisions
from casefiles.answers.decisions import Decision, Presence
from casefiles.answers.outline import outline
from casefiles.answers.reading import accept, differences
from casefiles.answers.vocabulary import YesNo
from casefiles.events import Decided, DecisionsFiled, Settled
from casefiles.journal import Append
from casefiles.rules.deliberation import judged
from casefiles.session import Session
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused, refused_findings, refused_problems
from watch.reception.examining import candidates, decisions_scope


def record_decisions(office: Office, drop: Drop, stream: str) -> Answer:
    """Take a filled feuille de décisions: version n of the PV will be drawn from it."""
    recorded = office.journal.read(stream)
    held = session.fold(recorded)
    if held is None:
        raise Refused(Decisions.TITLE, ["Sa session n’est plus connue."])
    what = f"{Decisions.TITLE} — session {held.reference}"
    printed = awaited_sheet(held, drop.examined["imprint"]["serial"])
    certification = office.certification_of(held.certification_hash)
    agenda = candidates(office, held)
    scope = decisions_scope(held, certification, agenda)
    changed = differences(outline(Decisions, scope), printed, drop.values)
    if changed:
        raise Refused(
            what,
            (f"{p.where} : {p.message}" for p in changed),
            "Ces lignes viennent des dossiers et ne se modifient pas en séance.",
        )
    reading = accept(Decisions, scope, drop.values, today=drop.today)
    if reading.answers is None:
        raise refused_problems(what, reading.problems, drop)
    filed = _filed(drop, reading.answers)
    findings = tuple(judged(held, certification, agenda, filed))
    if refused := [f for f in findings if f.status == "refused"]:
        raise refused_findings(what, refused, "Corrigez la feuille, puis redéposez-la.")
    return Answer(
        outcome="accepted",
        what=what,
        reasons=tuple(f.message for f in findings if f.status == "alert"),
        remedy="Le procès-verbal à signer est préparé dans le dossier de la session.",
        stream=stream,
        document=drop.mark,
        appends=(Append(stream=stream, after=len(recorded), events=(filed,)),),
    )


def awaited_sheet(held: Session, serial: str) -> dict[str, object]:
    """What was printed on that sheet; Refused unless it is the one the jury is to fill now."""
    what = f"{Decisions.TITLE} — session {held.reference}"
    issued = next((i for i in held.issued if i.serial == serial), None)
    if held.over:
        raise Refused(
            what,
            ["Le procès-verbal est signé par le président : les décisions sont prises."],
            "Une erreur constatée après coup demande un procès-verbal rectificatif : demande du "
            "bureau « Rectifier un procès-verbal signé ».",
        )
    if issued is None or not held.pieces_stand or issued.part != held.sheet_part:
        raise Refused(
            what,
            ["Cette feuille a été imprimée avant la dernière version du volume des pièces."],
            "Prenez la feuille qui se trouve dans le dossier de la session.",
        )
    return issued.values


def _filed(drop: Drop, form: Decisions) -> DecisionsFiled:
    return DecisionsFiled(
        document=drop.mark,
        sha256=drop.sha256,
        dropped_as=drop.name,
        deliberated_on=form.conformity.day,
        conform=form.conformity.conform is YesNo.YES,
        reserve=form.conformity.reserve,
        present=tuple(k for k, a in form.members.items() if a.presence is Presence.PRESENT),
        decisions=tuple(_decided(case, answer) for case, answer in form.candidates.items()),
        typed_by=drop.paper.by if drop.paper else "",
    )


def _decided(case: str, answer: Decision) -> Decided:
    return Decided(
        case=case,
        outcome=answer.outcome.value,
        blocs=tuple(bloc for bloc, line in answer.blocs.items() if line.granted),
        motive=answer.motive,
        votes_for=answer.votes_for,
        votes_against=answer.votes_against,
        abstentions=answer.abstentions,
        casting_vote=answer.casting_vote,
        recused=answer.recused or (),
        settled=tuple(
            Settled(competence=key, result=line.result.value, because=line.because)
            for key, line in answer.divergences.items()
            if line.result is not None
        ),
    )
