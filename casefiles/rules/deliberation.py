"""The feuille de décisions as it comes back: the jury of the day, each decision (R77, R83, R84).

Pure: a session, its candidates and what the jury wrote in; every finding at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import DecisionsFiled
from casefiles.rules import juries, registration, waivers
from casefiles.rules.consistency import consistency
from casefiles.rules.finding import Finding
from casefiles.rules.independence import Ties, ties
from casefiles.rules.outcome import outcome
from casefiles.rules.results import Proposal, proposal
from casefiles.rules.seating import seating
from casefiles.session import Session


@dataclass(frozen=True, kw_only=True)
class Examined:
    """One candidate as the jury sees them."""

    case: CaseFile
    certification: Certification
    proposed: Proposal
    findings: tuple[Finding, ...]
    ties: Ties


def examined(case: CaseFile, certification: Certification) -> Examined:
    """What the jury must know of one case."""
    proposed = proposal(case, certification)
    return Examined(
        case=case,
        certification=certification,
        proposed=proposed,
        findings=consistency(case, certification, proposed),
        ties=ties(case, certification),
    )


def judged(
    held: Session,
    certification: Certification,
    agenda: Sequence[Examined],
    filed: DecisionsFiled,
) -> Iterator[Finding]:
    """What keeps those decisions from being recorded."""
    for finding in juries.of_the_day(held.members, filed.present, certification):
        # Without a president nobody signs last; a jury out of parity may still adjourn.
        if finding.status == "refused" and finding.rule == "R83":
            yield finding
    if filed.deliberated_on < held.day:
        yield juries.too_early(filed.deliberated_on, held.day)
    numbered = {m.key for m in held.members}
    known = {one.case.number: one for one in agenda}
    for decided in filed.decisions:
        one, name = known[decided.case], held.names[decided.case]
        if unknown := set(decided.recused) - numbered:
            yield juries.nobody_there(name, unknown)
        sat = seating(held.members, filed.present, certification, decided.recused)
        facts = (one.case, one.certification)
        yield from waivers.decided_without_avis(decided, name, *facts)
        yield from registration.judged_on(decided, name, *facts, filed.deliberated_on)
        yield from outcome(
            decided, name, one.proposed, certification, sat, filed.deliberated_on, one.ties
        )
