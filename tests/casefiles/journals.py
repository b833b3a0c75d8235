"""A journal on a file, with a projection simple enough to check by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casefiles import events as e
from casefiles.events import Event, Recorded
from casefiles.journal import Append, Derived, Journal, OpenStep
from casefiles.store import open_engine, sqlite_url

NOON = datetime(2026, 6, 12, 12, tzinfo=UTC)


def said(words: str) -> e.CaseAbandoned:
    """The simplest event there is."""
    return e.CaseAbandoned(by="le bureau", because=words)


def by_words(stream: str, recorded: Sequence[Recorded]) -> Derived:
    """The last words said, a mark for each, and one step due at noon while the stream is young."""
    words = [r.event.because for r in recorded if isinstance(r.event, e.CaseAbandoned)]
    young = (OpenStep(key="suite", ours=True, due_at=NOON.isoformat()),) if len(words) < 3 else ()
    return Derived(
        summary={"words": words, "positions": [r.position for r in recorded]},
        steps=young,
        marks=frozenset(("word", w) for w in words),
    )


class Clock:
    """A clock that moves by one minute each time it is read."""

    def __init__(self, start: datetime = NOON) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


def journal(folder: Path) -> Journal:
    """The journal of that folder, opened (again)."""
    return Journal(open_engine(sqlite_url(folder / "journal.sqlite")), by_words, Clock())


def append(stream: str, after: int, *events: Event, effect: str | None = None) -> Append:
    """Events for the end of a stream."""
    return Append(stream=stream, after=after, events=events, effect_key=effect)


def insist(folder: Path, stream: str, words: str, times: int) -> None:
    """Append `times` events to a stream others write to as well, trying again on conflict."""
    from casefiles.errors import JournalConflict

    held = journal(folder)
    for turn in range(times):
        while True:
            try:
                held.commit(append(stream, len(held.read(stream)), said(f"{words} {turn}")))
            except JournalConflict:
                continue
            break
