"""May this decision be recorded? Judged when the feuille de décisions comes in.

Pure. What a certification does not allow cannot be recorded; a motive is required only where the
jury departs from the proposal.
"""

from collections.abc import Iterator, Sequence

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
) -> tuple[Finding, ...]:
    """R83, R84, R87, R88 for one candidate; `voting` are the members who sat with a vote."""
    return (
        *_allowed(decided, name, certification),
        *_motive(decided, name, proposed),
        *_votes(decided, name, certification, len(voting)),
    )


def _allowed(decided: Decided, name: str, certification: Certification) -> Iterator[Finding]:
    if Outcome(decided.outcome) not in certification.outcomes:
        yield _refused(
            "R88",
            f"{name} : la décision « {decided.outcome} » n’est pas prévue pour le "
            f"{certification.name}.",
        )


def _motive(decided: Decided, name: str, proposed: Proposal) -> Iterator[Finding]:
    result = Outcome(decided.outcome)
    departs = (result is Outcome.OBTENTION and not proposed.favourable) or (
        result is Outcome.REFUS and proposed.favourable
    )
    if departs and not decided.motive:
        yield _refused(
            "R84",
            f"{name} : la décision s’écarte de la proposition ({proposed.sentence[:-1].lower()}) ; "
            "le jury en donne le motif.",
        )


def _votes(
    decided: Decided, name: str, certification: Certification, seats: int
) -> Iterator[Finding]:
    counts = (decided.votes_for, decided.votes_against, decided.abstentions)
    if decided.casting_vote and not certification.deliberation.casting_vote:
        yield _refused(
            "R83",
            f"{name} : la voix prépondérante du président n’est pas prévue pour cette "
            "certification ; en cas de partage, le jury ajourne.",
        )
    if all(c is None for c in counts):
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
    elif tied and not decided.casting_vote and Outcome(decided.outcome) is not Outcome.AJOURNE:
        yield _refused("R83", f"{name} : les voix sont partagées, le jury ne peut qu’ajourner.")
    settled = obtained or Outcome(decided.outcome) is Outcome.REFUS
    if settled and not tied and (for_ > against) != obtained:
        yield _refused(
            "R84", f"{name} : la décision ne suit pas le vote ({for_} pour, {against} contre)."
        )


def _refused(rule: str, message: str) -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=source(rule))
