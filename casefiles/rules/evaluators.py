"""Who evaluated: what entitles them, how many they were, and their independence (R76, R77).

What an evaluator declares of their independence is set against what the case knows: the company,
its tutor, the training organisation, who trained. Pure: alerts only; the jury judges.
"""

from collections.abc import Iterator

from casefiles.answers import Inscription, Preparation, ValidationInterview
from casefiles.answers.grid import Evaluator, Profile
from casefiles.answers.vocabulary import YesNo
from casefiles.bodies import Evaluators
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.naming import name_key, name_words
from casefiles.rules.conclusions import latest
from casefiles.rules.finding import Finding, source
from casefiles.rules.results import Proposal


def evaluators(
    case: CaseFile, certification: Certification, proposed: Proposal
) -> Iterator[Finding]:
    """Every alert about the evaluators of a case, and the commission of an entretien."""
    asked = certification.evaluators
    unit = certification.unit.capitalize()
    for result in proposed.results:
        for evaluation in result.evaluations:
            if evaluation.grid is None:
                continue
            who, start = evaluation.grid.evaluator, f"{unit} {result.competence.number}"
            if who.independent is YesNo.NO:
                yield _alert("R77", f"{start} : {who.name} déclare un lien avec le candidat.")
            if shortfall := _shortfall(who, asked):
                yield _alert("R76", f"{start} : {who.name} {shortfall}", asked.source)
            elif who.profile is Profile.TRAINER and _trains(case, certification, who):
                yield _alert(
                    "R76",
                    f"{start} : {who.name} évalue comme formateur externe, et appartient à "
                    "l’organisme qui forme le candidat.",
                    asked.source,
                )
    yield from _themselves(case, proposed, unit)
    if asked.independent:
        yield from _links(case, certification, proposed)
    yield from _heads(certification, proposed)


def _themselves(case: CaseFile, proposed: Proposal, unit: str) -> Iterator[Finding]:
    """Whatever a certification asks of evaluators, nobody evaluates themselves."""
    known = {name_words(name) for name in case.candidate.names}
    for result in proposed.results:
        for evaluation in result.evaluations:
            if evaluation.grid and name_words(evaluation.grid.evaluator.name) in known:
                yield _alert(
                    "R77",
                    f"{unit} {result.competence.number} : l’évaluateur porte le nom du "
                    f"candidat lui-même ({evaluation.grid.evaluator.name}).",
                )


def _shortfall(who: Evaluator, asked: Evaluators) -> str:
    """What the evaluator lacks of what is asked for, or ""."""
    if asked.years_of_experience is None:
        return ""
    if who.profile is Profile.TRAINER and asked.external_trainer:
        return ""
    most = asked.retired_less_than_years
    if who.profile is Profile.RETIRED and most is not None:
        if who.retired_years is None:
            return f"est à la retraite, sans dire depuis quand ; moins de {most} ans sont demandés."
        if who.retired_years >= most:
            return (
                f"est à la retraite depuis {who.retired_years} ans, moins de {most} sont demandés."
            )
        return ""
    if who.experience < asked.years_of_experience:
        return f"indique {who.experience} ans de métier, {asked.years_of_experience} sont demandés."
    return ""


def _trains(case: CaseFile, certification: Certification, who: Evaluator) -> bool:
    return bool(who.organisation) and name_key(who.organisation or "") in _trainers(
        case, certification
    )


def _trainers(case: CaseFile, certification: Certification) -> set[str]:
    """The organisations that train the candidate, as names are compared."""
    entered = latest(case, Inscription, certification)
    prepared = latest(case, Preparation, certification)
    names = [
        entered.training.organisation if entered else "",
        prepared.trainer.organisation if prepared else "",
    ]
    return {name_key(name) for name in names if name}


def _links(case: CaseFile, certification: Certification, proposed: Proposal) -> Iterator[Finding]:
    """What the data show against a declared independence; said once per person."""
    known = dict(_known_people(case, certification))
    houses = dict.fromkeys(_trainers(case, certification), "l’organisme qui forme le candidat")
    if (entered := latest(case, Inscription, certification)) and entered.company:
        houses[name_key(entered.company.name)] = "l’entreprise du candidat à son inscription"
    if case.company:
        houses[name_key(case.company.name)] = "l’entreprise du candidat"
    for name, organisation, independent in _judges(case, certification, proposed):
        declared = "se dit sans lien avec le candidat, mais" if independent else "est lié :"
        key, house = name_words(name), houses.get(name_key(organisation), "")
        if key in known:
            yield _alert("R77", f"{name} {declared} {known[key]}.")
        elif house:
            yield _alert("R77", f"{name} {declared} travaille dans {house} ({organisation}).")
        if not independent and key not in known:
            yield _alert("R77", f"{name} ne déclare pas être sans lien avec le candidat.")


def _judges(
    case: CaseFile, certification: Certification, proposed: Proposal
) -> Iterator[tuple[str, str, bool]]:
    """Each evaluator once: name, organisation, declared independent.

    Who declares a link in a grid is said grid by grid, and left out here; so is the organisation of
    a trainer, which R76 looks at.
    """
    seen: set[str] = set()
    for result in proposed.results:
        for evaluation in result.evaluations:
            grid = evaluation.grid
            if grid is None or name_words(grid.evaluator.name) in seen:
                continue
            seen.add(name_words(grid.evaluator.name))
            if grid.evaluator.independent is YesNo.YES:
                trainer = grid.evaluator.profile is Profile.TRAINER
                house = "" if trainer else grid.evaluator.organisation
                yield grid.evaluator.name, house or "", True
    interview = latest(case, ValidationInterview, certification)
    for member in interview.members if interview else ():
        yield member.name, member.organisation or "", member.independent


def _known_people(case: CaseFile, certification: Certification) -> Iterator[tuple[str, str]]:
    """The people the case knows, as names are compared, and what they are to the candidate."""
    entered = latest(case, Inscription, certification)
    if entered and entered.company:
        yield name_words(entered.company.contact), "donnait l’avis de son entreprise"
    if case.company and case.company.contact:
        yield name_words(case.company.contact), "donne l’avis de son entreprise"
    if entered and entered.company and entered.company.tutor:
        yield name_words(entered.company.tutor), "est son tuteur en entreprise"
    prepared = latest(case, Preparation, certification)
    if prepared:
        yield name_words(prepared.trainer.name), "l’a préparé aux épreuves"


def _heads(certification: Certification, proposed: Proposal) -> Iterator[Finding]:
    """R76: at most so many heads, épreuve by épreuve."""
    most = certification.evaluators.maximum
    for bloc in certification.blocs if most else ():
        names = {
            name_words(evaluation.evaluator): evaluation.evaluator
            for result in proposed.results
            if result.bloc == bloc.id
            for evaluation in result.evaluations
            if evaluation.grid is not None
        }
        if most and len(names) > most:
            yield _alert(
                "R76",
                f"{certification.part.capitalize()} {bloc.id} : {len(names)} évaluateurs, "
                f"{most} au plus sont prévus ({', '.join(names.values())}).",
                certification.evaluators.source,
            )


def _alert(rule: str, message: str, where: str = "") -> Finding:
    return Finding(rule=rule, status="alert", message=message, source=where or source(rule))
