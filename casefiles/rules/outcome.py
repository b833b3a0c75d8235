"""May this decision be recorded? Judged when the feuille de décisions comes in.

Pure. What a certification does not allow cannot be recorded; a motive is required only where the
jury departs from the proposal.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from casefiles.certification import Certification, Outcome
from casefiles.events import Decided, Juror
from casefiles.rules.finding import Finding, source
from casefiles.rules.results import Proposal


def outcome(
    decided: Decided,
    name: str,
    proposed: Proposal,
    certification: Certification,
    voting: Sequence[Juror],
    deliberated_on: date | None = None,
) -> tuple[Finding, ...]:
    """R60, R83, R84, R87, R88 for one candidate; `voting` are those who sat with a vote."""
    return (
        *_allowed(decided, name, certification),
        *_blocs(decided, name, proposed, certification),
        *_after_the_evaluations(name, proposed, deliberated_on),
        *_motive(decided, name, proposed),
        *_votes(decided, name, certification, voting),
    )


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
    examined = {r.competence.id for r in proposed.results}
    if decided.outcome == Outcome.OBTENTION and any(
        c.id not in examined for c in certification.competences
    ):
        yield _refused(
            "R60",
            f"{name} : le dossier ne porte que sur certains blocs ; la certification entière ne "
            "peut pas être obtenue.",
        )
    if decided.outcome == Outcome.PARTIEL:
        known = {r.bloc for r in proposed.results}
        if not decided.blocs or not known.issuperset(decided.blocs):
            yield _refused(
                "R87",
                f"{name} : une obtention partielle nomme les blocs acquis, parmi ceux du dossier.",
            )


def _after_the_evaluations(
    name: str, proposed: Proposal, deliberated_on: date | None
) -> Iterator[Finding]:
    days = [e.grid.setting.day for r in proposed.results for e in r.evaluations]
    if deliberated_on is not None and days and deliberated_on < max(days):
        yield _refused(
            "R84",
            f"{name} : la délibération est datée du {deliberated_on:%d/%m/%Y}, avant la dernière "
            f"évaluation ({max(days):%d/%m/%Y}).",
        )


def _motive(decided: Decided, name: str, proposed: Proposal) -> Iterator[Finding]:
    result = Outcome(decided.outcome)
    granted = [r for r in proposed.results if r.bloc in decided.blocs]
    departs = {
        Outcome.OBTENTION: not proposed.favourable,
        Outcome.REFUS: proposed.favourable,
        Outcome.PARTIEL: proposed.favourable or any(r.result != "acquise" for r in granted),
    }.get(result, False)
    if departs and not decided.motive:
        yield _refused(
            "R84",
            f"{name} : la décision s’écarte de la proposition ({proposed.sentence[:-1].lower()}) ; "
            "le jury en donne le motif.",
        )


def _votes(
    decided: Decided, name: str, certification: Certification, voting: Sequence[Juror]
) -> Iterator[Finding]:
    seats = len(voting)
    if not seats:
        yield _refused("R84", f"{name} : aucun membre votant n’est présent.")
    counts = (decided.votes_for, decided.votes_against, decided.abstentions)
    if decided.casting_vote and not certification.deliberation.casting_vote:
        yield _refused(
            "R83",
            f"{name} : la voix prépondérante du président n’est pas prévue pour cette "
            "certification ; en cas de partage, le jury ajourne.",
        )
    if all(c is None for c in counts):
        if decided.casting_vote:
            yield _refused(
                "R83",
                f"{name} : la voix prépondérante suppose un partage ; indiquez le décompte des "
                "voix.",
            )
        return
    for_, against, abstained = (c or 0 for c in counts)
    if for_ + against + abstained != seats:
        yield _refused(
            "R84",
            f"{name} : {for_ + against + abstained} voix comptées pour {seats} membres votants "
            "présents.",
        )
    obtained = Outcome(decided.outcome) in (Outcome.OBTENTION, Outcome.PARTIEL)
    tied = for_ == against
    if decided.casting_vote and not tied:
        yield _refused(
            "R83", f"{name} : la voix prépondérante ne joue qu’en cas de partage des voix."
        )
    elif decided.casting_vote and not any(m.seat == "president" for m in voting):
        yield _refused("R83", f"{name} : la voix prépondérante est celle du président, absent.")
    elif tied and not decided.casting_vote and Outcome(decided.outcome) is not Outcome.AJOURNE:
        yield _refused("R83", f"{name} : les voix sont partagées, le jury ne peut qu’ajourner.")
    settled = obtained or Outcome(decided.outcome) is Outcome.REFUS
    if settled and not tied and (for_ > against) != obtained:
        yield _refused(
            "R84", f"{name} : la décision ne suit pas le vote ({for_} pour, {against} contre)."
        )


def _refused(rule: str, message: str) -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=source(rule))
