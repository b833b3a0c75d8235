"""The patrol: what the share was given is looked at again, some streams in turn at each whole scan.

It finds what no event and no open step would tell: a product people removed, a file changed where
it stands, one put down where nobody takes it. Of the cases and sessions it writes nothing: it names
the streams to advance.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

from watch.service.truth import Shown
from watch.share.strays import Strays
from watch.share.workspace import Workspace

# How many streams have their files looked for by name, and how many have them compared byte by
# byte, each time.
ROUND, CLOSELY = 500, 10


class Given(Protocol):
    """The truth, as the patrol asks it."""

    def unpublished(self) -> tuple[str, ...]:
        """The streams the share does not show as they are."""

    def shown_after(self, stream: str, count: int) -> tuple[Shown, ...]:
        """What the share was given of the next streams, by name."""

    def given(self, folders: Collection[str]) -> Mapping[str, Collection[str]]:
        """The files given in each of these folders; those that no stream has are left out."""


class Patrol:
    """Goes round the streams that have a folder on the share, then beside these folders."""

    def __init__(self, workspace: Workspace, truth: Given) -> None:
        self._workspace = workspace
        self._truth = truth
        self._strays = Strays(workspace)
        self._compared, self._looked_at = _Round(truth, CLOSELY), _Round(truth, ROUND)
        # The folders seen in this round; in the last one, until what is beside them is looked at.
        self._seen: set[str] = set()
        self._all_seen: set[str] | None = None

    def next(self) -> Iterable[str]:
        """The streams to advance: the next few to be compared, and those seen not to be shown as
        they were, or in whose folder other files lie astray than before."""
        compared = self._compared.next()
        found = (*compared, *self._moved_among(self._looked_at))
        self._look_around()
        return dict.fromkeys(one.stream for one in found)

    def everywhere(self) -> Iterator[str]:
        """All those that are not shown as they were, for who leaves after."""
        whole, self._all_seen = _Round(self._truth, ROUND), None
        while self._all_seen is None:
            yield from (one.stream for one in self._moved_among(whole))
        self._look_around()

    def others_astray(self) -> bool:
        """Whether other files are to be said astray than at the last call."""
        return self._strays.moved()

    def _moved_among(self, going: "_Round") -> list[Shown]:
        looked_at = going.next()
        self._seen.update(one.folder for one in looked_at)
        if going.is_over:
            self._all_seen, self._seen = self._seen, set()
        return [one for one in looked_at if self._has_moved(one)]

    def _has_moved(self, shown: Shown) -> bool:
        folder, beside = self._workspace.share / shown.folder, False
        # That of the préinscriptions is theirs together: no one of them tells what is astray.
        if folder != self._workspace.expected:
            beside = self._strays.look_in(folder, shown.files)
        return beside or not all(os.path.lexists(f"{folder}/{path}") for path in shown.files)

    def _look_around(self) -> None:
        if self._all_seen is not None:
            # A folder about to be shown, or found again under a new name, is no stream’s yet.
            all_shown = not self._truth.unpublished()
            self._strays.look_around(self._all_seen, self._truth.given, all_shown=all_shown)
            self._all_seen = None


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
