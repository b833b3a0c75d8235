"""The experience of a VAE candidate, added up across employers and volunteering (R14).

Periods that overlap count once; whole months are counted from day to day, and thirty days left
over make one more. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from casefiles.answers.admissibility import Admissibility

DAYS_IN_A_MONTH = 30
Period = tuple[date, date]


@dataclass(frozen=True, kw_only=True)
class Experience:
    """months: whole months in all; periods: apart from each other, both days included."""

    months: int
    periods: tuple[Period, ...]

    @property
    def continuous(self) -> bool:
        """Whether there is one period only; the rule does not ask for it."""
        return len(self.periods) == 1


def experience(request: Admissibility) -> Experience:
    """What a request adds up to; an activity not ended yet counts up to the day it was sworn."""
    day = request.statement.day
    return added_up((one.start, one.end or day) for one in request.experiences)


def added_up(periods: Iterable[Period]) -> Experience:
    """The periods merged, and their months."""
    merged: list[Period] = []
    for start, end in sorted(p for p in periods if p[0] <= p[1]):
        if merged and start <= merged[-1][1] + timedelta(days=1):
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    months = days = 0
    for start, end in merged:
        whole, rest = _counted(start, end + timedelta(days=1))
        months, days = months + whole, days + rest
    return Experience(months=months + days // DAYS_IN_A_MONTH, periods=tuple(merged))


def _counted(start: date, after: date) -> tuple[int, int]:
    """Whole months from `start` to the day `after` the last, and the days left over."""
    whole = (after.year - start.year) * 12 + after.month - start.month
    if _later(start, whole) > after:
        whole -= 1
    return whole, (after - _later(start, whole)).days


def _later(start: date, months: int) -> date:
    """The same day so many months later; past the end of a month, the first of the next."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    try:
        return date(year, month + 1, start.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)
