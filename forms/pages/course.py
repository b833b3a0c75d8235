"""What a route asked of the candidate before the evaluations, as the récapitulatif tells it.

One line per document of the course: prerequisites, positioning, preparation, épreuves, VAE, report,
plénier.
"""

from collections.abc import Iterator
from datetime import timedelta

from casefiles.answers import (
    Admissibility,
    AdmissibilityDecision,
    Evidence,
    Plenary,
    Positioning,
    Preparation,
    Prerequisites,
    Report,
    ValidationInterview,
)
from casefiles.answers.vocabulary import duration_words
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, RouteName
from casefiles.prefilled import report_deadline
from casefiles.rules.conclusions import latest
from casefiles.rules.experience import experience
from casefiles.rules.results import Proposal
from forms.flow import Cell, Flow, Head
from forms.pages.wording import in_words, plural
from forms.style import CELL_STRONG, MM

Line = tuple[str, str]


def course(flow: Flow, case: CaseFile, certification: Certification, proposed: Proposal) -> None:
    """The table of the course; nothing for a route that asks for none."""
    lines = list(_lines(case, certification, proposed))
    if not lines:
        return
    flow.heading(2, "Le parcours", rule=True, keep=60)
    flow.table(
        (Head(text="Étape", share=36), Head(text="Ce qui est au dossier", share=100)),
        [[Cell(text=name, head=True, style=CELL_STRONG), said] for name, said in lines],
    )
    flow.space(2 * MM)


def _lines(case: CaseFile, certification: Certification, proposed: Proposal) -> Iterator[Line]:
    yield from _entry(case, certification)
    yield from _training(case, certification)
    yield from _evaluated(certification, proposed)
    yield from _vae(case, certification)
    if report := latest(case, Report, certification):
        limit = report_deadline(case, certification)
        awaited = f", attendu le {limit}" if limit else ""
        title, came = report.delivery.title, in_words(report.delivery.received)
        yield "Rapport de projet", f"« {title} », reçu le {came}{awaited}."
    if plenary := latest(case, Plenary, certification):
        names = ", ".join(member.name for member in plenary.members.values())
        said = f"Réuni le {in_words(plenary.sitting.day)} : {names}."
        comment = f" {plenary.sitting.comment}" if plenary.sitting.comment else ""
        yield "Jury plénier", f"{said}{comment}"
    route = certification.routes.get(RouteName(case.route))
    if route and "avis" not in route.forms:
        yield "Avis de l’entreprise", "Sans objet : cette voie n’en demande pas."


def _entry(case: CaseFile, certification: Certification) -> Iterator[Line]:
    if checked := latest(case, Prerequisites, certification):
        end = checked.conclusion
        yield (
            "Prérequis",
            f"{end.verdict.label} le {in_words(end.day)} par {end.by}, {end.quality}.",
        )
    decided = latest(case, AdmissibilityDecision, certification)
    request = latest(case, Admissibility, certification)
    if request:
        found = experience(request)
        asked = certification.vae
        minimum = f" ({asked.minimum_months} demandés)" if asked else ""
        apart = plural(len(found.periods), "période")
        yield "Expérience", f"{found.months} mois{minimum}, en {apart}."
    if decided:
        said = decided.decision
        yield "Recevabilité", f"{said.verdict.label}, le {in_words(said.day)}, par {said.by}."


def _training(case: CaseFile, certification: Certification) -> Iterator[Line]:
    if held := latest(case, Positioning, certification):
        spent = held.interview.spent + (held.test.spent if held.test else timedelta())
        heard = "sans entretien avec l’employeur"
        if held.employer:
            spent += held.employer.spent
            heard = f"entretien avec {held.employer.person} ({held.employer.side.label.lower()})"
        yield "Positionnement", f"{duration_words(spent)} en tout, {heard}. {held.course.plan}"
    if prepared := latest(case, Preparation, certification):
        yield (
            "Préparation",
            f"{duration_words(prepared.attended)} de présence, avec {prepared.trainer.name}.",
        )


def _evaluated(certification: Certification, proposed: Proposal) -> Iterator[Line]:
    """How long the épreuves lasted, where the certification plans it (R30)."""
    asked = certification.step("evaluation")
    if asked is not None and proposed.spent:
        days = {e.on for result in proposed.results for e in result.evaluations}
        planned = duration_words(timedelta(minutes=asked.minutes))
        yield (
            asked.title,
            f"{duration_words(proposed.spent)} en tout, sur {plural(len(days), 'jour')} ; prévu : "
            f"{planned} sur {plural(asked.days, 'jour')}.",
        )


def _vae(case: CaseFile, certification: Certification) -> Iterator[Line]:
    if told := latest(case, Evidence, certification):
        unit = plural(len(told.matrix), certification.unit)
        names = " ; ".join(f"« {one.title} »" for one in told.situations.values())
        yield "Dossier de preuves", f"{unit}, chacune montrée par une situation : {names}."
    if held := latest(case, ValidationInterview, certification):
        members = ", ".join(f"{one.name} ({one.quality})" for one in held.members)
        comment = f" {held.remarks.comment}" if held.remarks.comment else ""
        yield (
            "Entretien de validation",
            f"Le {in_words(held.sitting.day)}, par {members}.{comment}",
        )
