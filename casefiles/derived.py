"""What is appended to a stream, and what its events come down to: plain values of the journal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from casefiles.events import Event, Recorded


@dataclass(frozen=True, kw_only=True)
class OpenStep:
    """A step still to be done; `ours` when no person is needed.

    due_at: ISO 8601 in UTC; a day alone was set in advance, an instant is a rest after a failure.
    """

    key: str
    ours: bool
    due_at: str | None = None
    blocked: bool = False


@dataclass(frozen=True, kw_only=True)
class Derived:
    """What a stream’s events come down to: a JSON summary, its open steps, its marks.

    lists: (list, whose, rank) of each list the stream stands in.
    """

    summary: dict[str, Any] = field(default_factory=dict)
    steps: tuple[OpenStep, ...] = ()
    marks: frozenset[tuple[str, str]] = frozenset()
    lists: frozenset[tuple[str, str, str]] = frozenset()


Project = Callable[[str, Sequence[Recorded]], Derived]


@dataclass(frozen=True, kw_only=True)
class Append:
    """Events for the end of one stream, expected to stand at position `after`.

    effect_key, unique over the whole journal, lets an effect be recorded once and no more.
    """

    stream: str
    after: int
    events: tuple[Event, ...]
    effect_key: str | None = None
