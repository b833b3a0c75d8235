"""F14, the notification of the jury’s decision: what was decided, why, and what comes next.

Written to the candidate, plainly. It is made only once the president has signed the PV.
"""

from collections.abc import Sequence
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Outcome
from casefiles.events import Decided, DecisionRecorded
from casefiles.rules.outcome import as_settled
from casefiles.rules.results import Proposal, proposal
from forms.pages import parts
from forms.pages.letterhead import Letterhead, begin
from forms.pages.letters import addressed, body, closing, measure, points
from forms.pages.wording import (
    agreed,
    civil_name,
    civility,
    decision_words,
    in_words,
)
from forms.style import MM

TITLE = "Décision du jury"
SEAL = "signature/organisme"
FORMAL = "Veuillez agréer, {}, l’expression de nos salutations distinguées."
_PLAINLY = {
    "non_acquise": "non acquise",
    "divergence": "évaluateurs d’avis différents",
    "non_evaluee": "non évaluée",
}


def notification(
    case: CaseFile,
    decision: DecisionRecorded,
    certification: Certification,
    letterhead: Letterhead,
    made_on: date,
) -> bytes:
    """The notification of one decision, with the field of the organisation’s seal, as a PDF."""
    outcome = Outcome(decision.decision.outcome)
    person = case.candidate
    name = f"{civility(person)} {civil_name(person)}".strip()
    dear = civility(person) or "Madame, Monsieur"
    flow = begin(
        letterhead,
        made_on,
        title=TITLE,
        subtitle=certification.name,
        reference=(f"F14 · Dossier {case.number}", f"Session {decision.session}"),
        subject=f"{certification.name}, {person.full_name}",
    )
    addressed(flow, (name, *([person.email] if person.email else [])))
    parts.provisional(flow, certification)
    body(
        flow,
        f"{dear},",
        f"Le {certification.deliberation.name} a examiné votre candidature au "
        f"{certification.name} le {in_words(decision.decided_on)}. Voici sa décision.",
    )
    flow.space(1 * MM)
    parts.notice(
        flow,
        decision_words(decision.decision, certification),
        f"Motif : {decision.decision.motive}" if decision.decision.motive else "",
        style=parts.NAME,
        width=measure(flow),
    )
    body(flow, *_meaning(case, decision.decision, certification))
    lacking = _lacking(case, decision.decision, certification)
    if lacking:
        open_ = outcome is Outcome.AJOURNE
        which = "sur lesquelles le jury hésite encore" if open_ else "qui restent à acquérir"
        body(flow, f"Les {certification.unit}s {which} :")
        points(flow, lacking)
    flow.heading(2, "La suite", keep=50)
    points(flow, _next(outcome, decision.decision, certification))
    body(flow, FORMAL.format(dear))
    closing(flow, letterhead, made_on, SEAL)
    return flow.sheet.finish()


def _meaning(case: CaseFile, decided: Decided, certification: Certification) -> Sequence[str]:
    """What the decision is, in plain words."""
    match Outcome(decided.outcome):
        case Outcome.OBTENTION:
            return (f"Le {certification.name} vous est attribué. Toutes nos félicitations.",)
        case Outcome.PARTIEL:
            titles = [f"{b.id} {b.title}" for b in certification.blocs if b.id in decided.blocs]
            kept = certification.components_valid_months
            until = f"pendant {kept} mois" if kept else "sans limite de durée"
            return (
                f"Le jury vous attribue : {' ; '.join(titles)}. Ce qui vous est attribué le reste "
                f"{until} ; vous n’aurez pas à le repasser.",
            )
        case Outcome.REFUS:
            return (
                f"Le jury ne vous attribue pas le {certification.name}. Cette décision porte sur "
                "les évaluations présentées, non sur votre valeur professionnelle ; elle ne vous "
                "ferme pas une nouvelle candidature.",
            )
        case Outcome.AJOURNE:
            return ("Le jury ne s’est pas encore prononcé : il reporte sa décision.",)
        case Outcome.ABSENT:
            absent = agreed(case.candidate, "absent")
            noted = agreed(case.candidate, "noté")
            return (f"Le jury vous a {noted} {absent} et ne s’est pas prononcé.",)
        case _:
            excused = agreed(case.candidate, "excusé")
            return (f"Le jury a pris note que vous étiez {excused} et ne s’est pas prononcé.",)


def _lacking(case: CaseFile, decided: Decided, certification: Certification) -> list[str]:
    """The compétences not acquired in the jury’s eyes, when the decision leaves some to acquire."""
    if Outcome(decided.outcome) not in (Outcome.REFUS, Outcome.AJOURNE, Outcome.PARTIEL):
        return []
    proposed: Proposal = as_settled(proposal(case, certification), decided)
    settled = {one.competence: one.because for one in decided.settled}
    lines = []
    for result in proposed.results:
        if result.result != "acquise":
            said = _PLAINLY[result.result]
            why = [e.comment for e in result.evaluations if e.comment]
            if result.competence.id in settled:
                said = f"{said}, ce que le jury a tranché entre vos évaluateurs"
                why = [settled[result.competence.id] or ""]
            words = f"{result.competence.number}. {result.competence.title} ({said})"
            lines.append(words + "".join(f" — « {w} »" for w in why if w))
    return lines


def _next(outcome: Outcome, decided: Decided, certification: Certification) -> list[str]:
    contact = "Une question ? Répondez à l’organisme qui vous écrit, il suit votre dossier."
    if outcome is Outcome.OBTENTION:
        return [
            "Votre parchemin attend la signature du certificateur, "
            f"{certification.certifier.name}. Il vous sera remis dès qu’il sera signé.",
            "Cette lettre vous informe de la décision ; elle ne remplace pas le parchemin.",
            contact,
        ]
    read = "Vous pouvez demander à lire vos grilles d’évaluation et l’avis de l’entreprise."
    appeal = (
        "Si vous contestez cette décision, écrivez-le à l’organisme en disant pourquoi : il "
        "transmet votre recours au certificateur."
    )
    if outcome is Outcome.PARTIEL:
        left = [b.id for b in certification.blocs if b.id not in decided.blocs]
        return [
            f"Il vous reste à présenter : {', '.join(left)}. Une nouvelle inscription suffit, pour "
            f"{'ce' if len(left) < 2 else 'ces'} bloc{'s' * (len(left) > 1)} seulement.",
            read,
            appeal,
            contact,
        ]
    if outcome is Outcome.REFUS:
        return [
            read + " Vous y verrez ce qui reste à travailler.",
            "Vous pouvez vous représenter : une nouvelle inscription ouvre une nouvelle "
            "candidature. L’organisme vous dira ce qui est à repasser, et quand.",
            appeal,
            contact,
        ]
    again = {
        Outcome.AJOURNE: "Votre dossier sera inscrit à une prochaine session ; l’organisme vous "
        "préviendra par écrit. Rien n’est à refaire d’ici là, sauf ce que le motif demanderait.",
    }.get(
        outcome,
        "Votre dossier reste complet et peut être inscrit à une prochaine session : dites à "
        "l’organisme que vous le souhaitez.",
    )
    return [again, contact]
