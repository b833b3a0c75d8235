"""Whom a case has reminded, of what, and when. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from casefiles.casefile import CaseFile
from casefiles.next_steps import Step

REMINDER = "relance"
# De lui-même, le bureau ne relance pas plus de fois la même personne.
MOST = 3
# Qui n’est pas relancé par lettre : ce qui est attendu d’eux se lit dans TABLEAU.
_OURS = ("le bureau", "le jury", "le certificateur")


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One person to remind of everything they owe. rank: 0 for the first letter."""

    who: str
    rank: int
    steps: tuple[Step, ...]


def owed(case: CaseFile, steps: tuple[Step, ...]) -> tuple[Reminder, ...]:
    """Whoever owes something to the case, with what, in the order of its steps."""
    by_person: dict[str, list[Step]] = {}
    for step in steps:
        if step.who and step.who not in _OURS:
            by_person.setdefault(step.who, []).append(step)
    sent = [p.facts["who"] for p in case.products if p.product == REMINDER]
    return tuple(
        Reminder(who=who, rank=sent.count(who), steps=tuple(found))
        for who, found in by_person.items()
    )


def is_due(
    case: CaseFile, steps: tuple[Step, ...], *, moved_on: date, today: date, after_days: int
) -> bool:
    """Whether the office asked for it, or nothing has moved for that many days (0: never).

    moved_on: the day of the case’s last event, a relance among them.
    """
    if not (people := owed(case, steps)):
        return False
    made = max((int(p.facts["asked"]) for p in case.products if p.product == REMINDER), default=0)
    if case.reminders_asked > made:
        return True
    overdue = today - moved_on >= timedelta(days=after_days)
    return after_days > 0 and overdue and any(one.rank < MOST for one in people)
