"""May this decision be recorded? Judged when the feuille de décisions comes in.

Pure. What a certification does not allow cannot be recorded; a motive is required only where the
jury departs from the proposal, its own settling of divergences included.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from casefiles.certification import Certification, Outcome
from casefiles.events import Decided
from casefiles.rules import votes
from casefiles.rules.finding import HOUSE, Finding, source
from casefiles.rules.independence import Ties, linked
from casefiles.rules.juries import seated
from casefiles.rules.results import CompetenceResult, Proposal
from casefiles.rules.seating import Seating
from casefiles.rules.stated import as_stated


def outcome(
    decided: Decided,
    name: str,
    proposed: Proposal,
    certification: Certification,
    sat: Seating,
    deliberated_on: date | None = None,
    known: Ties | None = None,
) -> tuple[Finding, ...]:
    """R60, R77, R80–R84, R87, R88 for one candidate; `sat` are those who judged that candidate."""
    settled = as_settled(proposed, decided)
    found = (
        *_allowed(decided, name, certification),
        *_blocs(decided, name, settled, certification),
        *_after_the_evaluations(name, proposed, deliberated_on),
        *_divergences(decided, name, proposed, settled),
        *_motive(decided, name, settled, certification),
        *_jury(decided, name, certification, sat, known),
        *votes.count(decided, name, certification, sat),
    )
    return as_stated(found, certification)


def as_settled(proposed: Proposal, decided: Decided) -> Proposal:
    """The proposal once the jury’s word stands where the evaluators differed."""
    said = {s.competence: s.result for s in decided.settled}
    return replace(proposed, results=tuple(_settled(r, said) for r in proposed.results))


def _settled(result: CompetenceResult, said: dict[str, str]) -> CompetenceResult:
    if result.result != "divergence" or result.competence.id not in said:
        return result
    acquired = said[result.competence.id] == "acquise"
    return replace(result, result="acquise" if acquired else "non_acquise")


def _allowed(decided: Decided, name: str, certification: Certification) -> Iterator[Finding]:
    if Outcome(decided.outcome) not in certification.outcomes:
        yield _refused(
            "R88",
            f"{name} : la décision « {decided.outcome} » n’est pas prévue pour le "
            f"{certification.name}.",
        )


def _blocs(
    decided: Decided, name: str, proposed: Proposal, certification: Certification
) -> Iterator[Finding]:
    """The whole is obtained only over the whole; a partial result names its blocs."""
    examined = {r.bloc for r in proposed.results}
    held = {one.bloc for one in proposed.carried}
    missing = {b.id for b in certification.blocs} - examined - held
    if decided.outcome == Outcome.OBTENTION and missing:
        yield _refused(
            "R60",
            f"{name} : le dossier ne porte que sur certains blocs ; la certification entière ne "
            "peut pas être obtenue.",
        )
    if decided.outcome == Outcome.PARTIEL:
        if not decided.blocs or not examined.issuperset(decided.blocs):
            yield _refused(
                "R87",
                f"{name} : une obtention partielle nomme les blocs acquis, parmi ceux du dossier.",
            )
        elif examined == set(decided.blocs) and not missing:
            yield _refused(
                "R87", f"{name} : tous les blocs sont accordés ; la décision est l’obtention."
            )
    elif decided.blocs:
        yield _refused(
            "R87", f"{name} : des blocs sont cochés, alors que la décision n’est pas partielle."
        )


def _after_the_evaluations(
    name: str, proposed: Proposal, deliberated_on: date | None
) -> Iterator[Finding]:
    days = [e.on for r in proposed.results for e in r.evaluations]
    if deliberated_on is not None and days and deliberated_on < max(days):
        yield _refused(
            "R84",
            f"{name} : la délibération est datée du {deliberated_on:%d/%m/%Y}, avant la dernière "
            f"évaluation ({max(days):%d/%m/%Y}).",
        )


def _divergences(
    decided: Decided, name: str, proposed: Proposal, settled: Proposal
) -> Iterator[Finding]:
    """Where evaluators differ, the jury settles it before it decides, and holds to its word."""
    if Outcome(decided.outcome) not in votes.SETTLED:
        return
    left = [r for r in settled.results if r.result == "divergence"]
    if left:
        yield _refused(
            "DIVERGENCE",
            f"{name} : les évaluateurs divergent sur {_numbers(left, settled.unit)} ; le jury "
            "coche le résultat qu’il retient.",
        )
    own = {r.competence.id for r in proposed.results if r.result == "divergence"}
    granted = [r for r in settled.results if _grants(decided, r)]
    against = [r for r in granted if r.competence.id in own and r.result == "non_acquise"]
    if against:
        yield _refused(
            "R61",
            f"{name} : le jury retient « non acquise » pour {_numbers(against, settled.unit)}, et "
            "ne peut pas accorder ce qui en dépend.",
        )


def _grants(decided: Decided, result: CompetenceResult) -> bool:
    return decided.outcome == Outcome.OBTENTION or result.bloc in decided.blocs


def _numbers(results: list[CompetenceResult], unit: str) -> str:
    numbers = ", ".join(str(r.competence.number) for r in results)
    return f"la {unit} {numbers}" if len(results) == 1 else f"les {unit}s {numbers}"


def _motive(
    decided: Decided, name: str, proposed: Proposal, certification: Certification
) -> Iterator[Finding]:
    if decided.motive or not departs(decided, proposed, certification):
        return
    yield _refused(
        "R84",
        f"{name} : la décision s’écarte de la proposition ({proposed.sentence[:-1].lower()}) ; "
        "le jury en donne le motif.",
        HOUSE,  # no source asks the jury for it in writing: we do
    )


def departs(decided: Decided, proposed: Proposal, certification: Certification) -> bool:
    """Whether the decision is other than what the evaluations, once settled, propose."""
    blocs = {r.bloc for r in proposed.results}
    good = {b for b in blocs if all(r.result == "acquise" for r in proposed.results if r.bloc == b)}
    match Outcome(decided.outcome):
        case Outcome.OBTENTION:
            return not proposed.favourable
        case Outcome.PARTIEL:
            named = blocs & set(decided.blocs)
            return bool(named) and named != good
        case Outcome.REFUS:
            return bool(good) and (proposed.favourable or Outcome.PARTIEL in certification.outcomes)
        case _:
            return False


def _jury(
    decided: Decided, name: str, certification: Certification, sat: Seating, known: Ties | None
) -> Iterator[Finding]:
    """A settled decision needs a jury in order; a jury that is not can still adjourn."""
    if Outcome(decided.outcome) not in votes.SETTLED:
        return
    for finding in seated(sat, certification):
        if finding.status == "refused":
            yield replace(finding, message=f"{name} : {_lower(finding.message)}")
    if known is not None:
        yield from linked(sat.voting, known)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _refused(rule: str, message: str, stated: str = "") -> Finding:
    found = stated or source(rule)
    return Finding(rule=rule, status="refused", message=message, source=found)
