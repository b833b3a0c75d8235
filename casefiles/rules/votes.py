"""Does the count of votes carry this decision? One candidate, those who voted on them.

Pure. A tie adjourns, but where the certification gives whoever presides a casting vote (R83).
"""

from collections.abc import Iterator

from casefiles.certification import Certification, Outcome
from casefiles.events import Decided
from casefiles.rules.finding import Finding, source
from casefiles.rules.seating import Seating

SETTLED = (Outcome.OBTENTION, Outcome.PARTIEL, Outcome.REFUS)


def count(
    decided: Decided, name: str, certification: Certification, sat: Seating
) -> Iterator[Finding]:
    """R83, R84 over the count; no count at all is a decision without a vote."""
    casting = certification.deliberation.casting_vote
    counts = (decided.votes_for, decided.votes_against, decided.abstentions)
    if decided.casting_vote and not casting:
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
    if for_ + against + abstained != len(sat.voting):
        aside = " (membres récusés pour ce candidat mis à part)" if sat.recused else ""
        yield _refused(
            "R84",
            f"{name} : {for_ + against + abstained} voix comptées pour {_voters(sat)}{aside}.",
        )
    outcome = Outcome(decided.outcome)
    obtained = outcome in (Outcome.OBTENTION, Outcome.PARTIEL)
    tied = for_ == against
    if decided.casting_vote and not tied:
        yield _refused(
            "R83", f"{name} : la voix prépondérante ne joue qu’en cas de partage des voix."
        )
    elif tied and outcome in SETTLED and not decided.casting_vote:
        remedy = (
            "le président départage en cochant sa voix prépondérante, ou le jury ajourne"
            if casting
            else "le jury ne peut qu’ajourner"
        )
        yield _refused("R83", f"{name} : les voix sont partagées, {remedy}.")
    elif outcome in SETTLED and not tied and (for_ > against) != obtained:
        yield _refused(
            "R84", f"{name} : la décision ne suit pas le vote ({for_} pour, {against} contre)."
        )


def _voters(sat: Seating) -> str:
    many = "s" if len(sat.voting) > 1 else ""
    return f"{len(sat.voting)} membre{many} votant{many}"


def _refused(rule: str, message: str) -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=source(rule))
