"""What went wrong, or nowhere, is tried again later and later: never a loop, never forgotten."""

import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

from casefiles.errors import StoreAway

log = logging.getLogger("parchemin.patience")

LONGEST = 300.0
STARTING = 60.0
_ASKED_EVERY = 1.0
_T = TypeVar("_T")


def once_it_answers(ask: Callable[[], _T], *, within: float = STARTING) -> _T:
    """What `ask` gives, as soon as its database answers: one that starts beside us, or again, is
    waited for. StoreAway when it still does not after `within` seconds.
    """
    until = time.monotonic() + within
    while True:
        try:
            return ask()
        except StoreAway:
            if time.monotonic() > until:
                raise
            log.warning("the database does not answer yet")
        time.sleep(_ASKED_EVERY)


@dataclass(frozen=True)
class _Rest:
    until: float
    times: int


class Patience:
    """Rests between tries, from one second to five minutes; times are monotonic seconds."""

    def __init__(self) -> None:
        self._rests: dict[Hashable, _Rest] = {}

    def more(self, key: Hashable, now: float) -> int:
        """Rest once more, longer; how many times in a row."""
        times = self.times(key) + 1
        self._rests[key] = _Rest(now + min(2.0 ** (times - 1), LONGEST), times)
        return times

    def over(self, key: Hashable) -> None:
        """It went well: forget."""
        self._rests.pop(key, None)

    def resting(self, key: Hashable, now: float) -> bool:
        """Whether it is still too early."""
        rest = self._rests.get(key)
        return rest is not None and now < rest.until

    def times(self, key: Hashable) -> int:
        """How many rests in a row."""
        rest = self._rests.get(key)
        return rest.times if rest else 0

    def next_end(self, now: float) -> float | None:
        """When the next rest ends."""
        return min((r.until for r in self._rests.values() if r.until > now), default=None)

    def tidy(self, now: float) -> None:
        """Forget what nobody asked about for long after its rest."""
        self._rests = {k: r for k, r in self._rests.items() if now < r.until + 2 * LONGEST}
