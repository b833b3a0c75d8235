"""Which lists a stream stands in: cases and people expected by who must act, cases that ended,
sessions by day; and the cases where something remains to be done, a signature to be renewed aside.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from casefiles.levels import RAISE, RENEW

if TYPE_CHECKING:
    from casefiles.step import Step

AWAITED, ENDED, SESSIONS, OPEN = "awaited", "ended", "sessions", "open"

Entry = tuple[str, str, str]
"""(list, whose, rank): the first of a list bears the lowest rank."""


def of_case(stage: str, steps: "tuple[Step, ...]", at: datetime) -> Iterator[Entry]:
    """Of a case that last moved at that time."""
    if not any(s.who for s in steps) and stage.startswith(("Terminé", "Abandonné")):
        yield ENDED, "", _instant(at)
    else:
        yield from awaited(steps, at)
    if not all(s.key.startswith((f"{RAISE}/", f"{RENEW}/")) for s in steps):
        yield OPEN, "", ""


def awaited(steps: "Iterable[Step]", at: datetime) -> Iterator[Entry]:
    """By whoever must act, "" when nobody must, the longest awaited first."""
    for who in {s.who for s in steps if not s.ours} or {""}:
        yield AWAITED, who, _instant(at)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
