"""The patrol: what the share was given is looked at again, some streams in turn at each whole scan.

It finds what no event and no open step would tell: a product people removed, a file changed where
it stands, one put down where nobody takes it. It writes nothing: it names the streams to advance.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from watch.service.truth import Shown
from watch.share.strays import OWN, Strays

# How many streams have their files looked for by name, and how many have them compared byte by
# byte, each time.
ROUND, CLOSELY = 500, 10


class Given(Protocol):
    """The truth, as the patrol asks it."""

    def shown_after(self, stream: str, count: int) -> tuple[Shown, ...]:
        """What the share was given of the next streams, by name."""


class Patrol:
    """Goes round the streams that have a folder on the share."""

    def __init__(self, share: Path, truth: Given, strays: Strays) -> None:
        self._share = share
        self._truth = truth
        self._strays = strays
        self._compared, self._looked_at = _Round(truth, CLOSELY), _Round(truth, ROUND)

    def next(self) -> Iterable[str]:
        """The streams to advance: the next few to be compared, and those seen not to be shown as
        they were."""
        compared, looked_at = self._compared.next(), self._looked_at.next()
        found = (*compared, *filter(self._has_moved, looked_at))
        return dict.fromkeys(one.stream for one in found)

    def everywhere(self) -> Iterator[str]:
        """All those that are not shown as they were, for who leaves after."""
        whole = _Round(self._truth, ROUND)
        while True:
            yield from (one.stream for one in whole.next() if self._has_moved(one))
            if whole.is_over:
                return

    def _has_moved(self, shown: Shown) -> bool:
        folder = f"{self._share}/{shown.folder}"
        beside = shown.stream.startswith(OWN) and self._strays.moved_beside(folder, shown.files)
        return beside or not all(os.path.lexists(f"{folder}/{path}") for path in shown.files)


class _Round:
    """Goes round the streams by name, so many at a time."""

    def __init__(self, truth: Given, count: int) -> None:
        self._truth = truth
        self._count = count
        self._last = ""

    def next(self) -> tuple[Shown, ...]:
        """The ones that follow; after the last, from the first."""
        found = self._truth.shown_after(self._last, self._count)
        self._last = found[-1].stream if len(found) == self._count else ""
        return found

    @property
    def is_over(self) -> bool:
        """Whether the next ones are the first again."""
        return not self._last
