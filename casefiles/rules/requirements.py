"""What a route asks for: one line per document, read from the certification’s own list of forms.

`Route.forms` says which documents a route has; REQUIREMENTS says of each when it is made, who owes
it and when it counts as there. Nothing else in the code knows one route from another. A phase
opens when everything of the phases before it is there. Pure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from casefiles.answers import (
    Admissibility,
    AdmissibilityDecision,
    Avis,
    Evidence,
    Form,
    Grid,
    Modalities,
    Plenary,
    Positioning,
    Preparation,
    Prerequisites,
    Report,
    ValidationInterview,
)
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, FormName, RouteName
from casefiles.rules.conclusions import admitted, by_presentation, prerequisites_met
from casefiles.rules.finding import Finding
from casefiles.rules.stated import where


class Phase(IntEnum):
    """The phases of a course, in order; `label` is where the case stands, for TABLEAU."""

    ENTRY = 1
    POSITIONING = 2
    PREPARATION = 3
    EVALUATION = 4
    PLENARY = 5

    @property
    def label(self) -> str:
        """The words a person reads."""
        return _PHASES[self]


_PHASES = {
    Phase.ENTRY: "À l’entrée : prérequis ou recevabilité",
    Phase.POSITIONING: "Au positionnement",
    Phase.PREPARATION: "En préparation",
    Phase.EVALUATION: "En évaluation",
    Phase.PLENARY: "Au jury plénier",
}

Condition = Callable[[CaseFile, Certification], bool]
Conclusion = Callable[[CaseFile, Certification], Finding | None]


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One document a route asks for.

    words: the sentence of RESTE À FAIRE ({row}, {several}); who: whose it is ({company}, {contact},
    {evaluators}); named: how a sentence names it; over: one per row of the scope; after: made once
    that form is there; wanted: whether this case needs it; concluded: what keeps the case from
    going on although the document is there.
    """

    form: type[Form]
    phase: Phase
    rule: str
    words: str
    who: str
    named: str
    over: str = ""
    after: type[Form] | None = None
    wanted: Condition = lambda case, certification: True
    concluded: Conclusion = lambda case, certification: None


REQUIREMENTS: dict[FormName, tuple[Requirement, ...]] = {
    "prerequis": (
        Requirement(
            form=Prerequisites,
            phase=Phase.ENTRY,
            rule="R26",
            words="Les prérequis, à vérifier dès le début du parcours.",
            who="l’organisme de formation",
            named="La vérification des prérequis",
            concluded=prerequisites_met,
        ),
    ),
    "recevabilite": (
        Requirement(
            form=Admissibility,
            phase=Phase.ENTRY,
            rule="R64",
            words="La demande de recevabilité, avec les expériences et leurs justificatifs.",
            who="le candidat",
            named="La demande de recevabilité",
        ),
        Requirement(
            form=AdmissibilityDecision,
            phase=Phase.ENTRY,
            rule="R64",
            words="La décision de recevabilité.",
            who="le certificateur",
            named="La décision de recevabilité",
            after=Admissibility,
            concluded=admitted,
        ),
    ),
    "positionnement": (
        Requirement(
            form=Positioning,
            phase=Phase.POSITIONING,
            rule="R72",
            words="Le positionnement : test, entretiens, parcours proposé.",
            who="l’organisme de formation",
            named="Le positionnement",
        ),
    ),
    "preparation": (
        Requirement(
            form=Preparation,
            phase=Phase.PREPARATION,
            rule="R29",
            words="L’émargement de la préparation.",
            who="l’organisme de formation",
            named="L’émargement de la préparation",
        ),
    ),
    "preuves": (
        Requirement(
            form=Evidence,
            phase=Phase.PREPARATION,
            rule="R64",
            words="Le dossier de preuves.",
            who="le candidat",
            named="Le dossier de preuves",
        ),
    ),
    "modalites": (
        Requirement(
            form=Modalities,
            phase=Phase.EVALUATION,
            rule="R49",
            words="Les modalités d’évaluation, à définir avant toute évaluation.",
            who="le centre d’examen et l’entreprise",
            named="Le dossier des modalités",
        ),
    ),
    "grille": (
        Requirement(
            form=Grid,
            phase=Phase.EVALUATION,
            rule="R43",
            words="La grille de la {unit} {row}{several}.",
            who="{evaluators}",
            named="Une grille",
            over="competences",
        ),
    ),
    "rapport": (
        Requirement(
            form=Report,
            phase=Phase.EVALUATION,
            rule="R52",
            words="Le rapport de projet et son bordereau.",
            who="le candidat et le centre d’examen",
            named="Le bordereau du rapport",
            after=Modalities,
            wanted=by_presentation,
        ),
    ),
    "entretien": (
        Requirement(
            form=ValidationInterview,
            phase=Phase.EVALUATION,
            rule="R64",
            words="Le compte rendu de l’entretien de validation.",
            who="la commission de validation",
            named="L’entretien de validation",
        ),
    ),
    "avis": (
        Requirement(
            form=Avis,
            phase=Phase.EVALUATION,
            rule="R56",
            words="L’avis de l’entreprise, signé.",
            who="{company} ({contact})",
            named="L’avis de l’entreprise",
            wanted=lambda case, certification: case.company is not None,
        ),
    ),
    "plenier": (
        Requirement(
            form=Plenary,
            phase=Phase.PLENARY,
            rule="R78",
            words="Le procès-verbal du jury plénier, qui stabilise les résultats proposés.",
            who="le jury plénier",
            named="Le procès-verbal du jury plénier",
        ),
    ),
    "recapitulatif": (),
}

CASE_FORMS: dict[str, Requirement] = {
    requirement.form.NAME: requirement
    for requirements in REQUIREMENTS.values()
    for requirement in requirements
}


def required(case: CaseFile, certification: Certification) -> tuple[Requirement, ...]:
    """Every document the case’s route asks of this very case, phase by phase."""
    route = certification.routes.get(RouteName(case.route))
    listed = [r for name in (route.forms if route else ()) for r in REQUIREMENTS[name]]
    wanted = [r for r in listed if r.wanted(case, certification)]
    order = list(CASE_FORMS)
    return tuple(sorted(wanted, key=lambda r: (r.phase, order.index(r.form.NAME))))


def alongside(case: CaseFile, certification: Certification) -> tuple[Requirement, ...]:
    """What the route makes besides, and nothing waits for; an earlier attempt had its own."""
    route = certification.routes.get(RouteName(case.route))
    names = route.alongside if route and not case.previous else ()
    listed = (r for name in names for r in REQUIREMENTS[name])
    return tuple(r for r in listed if not case.excused(r.form.NAME))


def open_now(case: CaseFile, certification: Certification) -> tuple[Requirement, ...]:
    """The documents whose time has come: those of the phases gone by and of the present one."""
    found: list[Requirement] = []
    every = required(case, certification)
    for phase in Phase:
        asked = [r for r in every if r.phase is phase]
        # What waits for another document of its phase is owed by that one first.
        ready = [r for r in asked if r.after is None or _there(r.after, case)]
        found += ready
        if any(owed_by(r, case, certification) for r in ready):
            break
    return tuple(found)


def to_issue(case: CaseFile, certification: Certification) -> tuple[Requirement, ...]:
    """Those of them that were never made, and are not there already."""
    made = {issued.form for issued in case.issued}
    return tuple(
        r
        for r in (*alongside(case, certification), *open_now(case, certification))
        if r.form.NAME not in made and not _all_there(r, case, certification)
    )


def _all_there(requirement: Requirement, case: CaseFile, certification: Certification) -> bool:
    """Whether it stands, row by row: a bloc taken over leaves the rest as it came."""
    name = requirement.form.NAME
    if not requirement.over:
        return bool(case.standing(name))
    rows = case.scope(certification).rows(requirement.over)
    return bool(rows) and all(case.standing(name, row.key) for row in rows)


def owed(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    """What is lacking now, one finding per document."""
    for requirement in open_now(case, certification):
        yield from owed_by(requirement, case, certification)


def owed_by(
    requirement: Requirement, case: CaseFile, certification: Certification
) -> tuple[Finding, ...]:
    """What that requirement still asks for; nothing when it is met or excused."""
    name = requirement.form.NAME
    if not requirement.over:
        if case.standing(name):
            stopped = requirement.concluded(case, certification)
            return (stopped,) if stopped else ()
        return () if case.excused(name) else (_missing(requirement, case, certification),)
    several = certification.evaluators.minimum if requirement.form is Grid else 1
    return tuple(
        _missing(requirement, case, certification, row.key, row.label, lacking)
        for row in case.scope(certification).rows(requirement.over)
        if not case.excused(name, row.key)
        and (lacking := several - len(case.standing(name, row.key))) > 0
    )


def _there(form: type[Form], case: CaseFile) -> bool:
    return bool(case.standing(form.NAME)) or case.excused(form.NAME)


def _missing(
    requirement: Requirement,
    case: CaseFile,
    certification: Certification,
    part: str = "",
    row: str = "",
    count: int = 1,
) -> Finding:
    name = certification.evaluators.name
    company = case.company
    words = {
        "row": row,
        "unit": certification.unit,
        "several": f" ({count} évaluateurs)" if count > 1 else "",
        "evaluators": f"{'la' if name.startswith('commission') else 'le'} {name}",
        "company": company.name if company else "",
        "contact": (company.contact if company else "") or "le responsable du candidat",
    }
    return Finding(
        rule=requirement.rule,
        status="missing",
        message=requirement.words.format(**words),
        source=where(requirement.rule, certification),
        who=requirement.who.format(**words),
        form=requirement.form.NAME,
        part=part,
    )


def title(form: str) -> str:
    """How a sentence names a form: « L’avis de l’entreprise »."""
    named = CASE_FORMS.get(form)
    return named.named if named else {"inscription": "L’inscription"}.get(form, "Un document")
