"""What the watcher asks of the journal, and nothing more: which streams want work, known bytes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from casefiles import store
from casefiles.events import FormIssued, Recorded
from casefiles.journal import Derived, Journal
from casefiles.lists import OPEN
from casefiles.projection import BLANKS

# Bytes that are no drop when found in « À remplir »: made here, filed already, waiting, or answered
# in place before.
KNOWN_AS = ("made", "bytes", "waiting", "seen")
# And in « 3 À corriger »: made here, put there with their reason, or answered there before.
SENT_BACK_AS = ("made", "waiting", "seen", "sent-back")


@dataclass(frozen=True)
class Shown:
    """A stream, its folder on the share, and the files it was given there."""

    stream: str
    folder: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """Cases where something remains to be done, and steps that are blocked."""

    open_cases: int
    blocked: int


class Truth:
    """The journal, read from the side of the watcher; it never writes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._journal = Journal(engine, _derive_nothing)

    def due(self, now: datetime) -> tuple[str, ...]:
        """The streams with a step of ours whose time has come."""
        return self._journal.due(now)

    def unpublished(self) -> tuple[str, ...]:
        """The streams the share does not show as they are."""
        return self._journal.unpublished()

    def known(self, door: str, sha256: str) -> bool:
        """Whether these bytes are no drop where they stand: made here, or answered before."""
        if door == "vierges":
            return sha256 in self._blanks()
        kinds = SENT_BACK_AS if door == "a_corriger" else KNOWN_AS
        return any(self._journal.find(kind, sha256) for kind in kinds)

    def _blanks(self) -> set[str]:
        """Every blank form ever put in « Formulaires vierges », and the list that stands there."""
        events = (one.event for one in self._journal.read(BLANKS))
        issued = {one.sha256 for one in events if isinstance(one, FormIssued)}
        return issued.union(self._journal.published(BLANKS)[1].values())

    def counts(self) -> Counts:
        """What is open and what is blocked; a signature to be renewed one day keeps no case open.

        Written so that the indexes serve, however many cases there are.
        """
        step = store.open_steps.c
        cases = select(func.count()).where(store.listed.c.list == OPEN)
        blocked = select(func.count()).where(step.ours.is_(True), step.blocked.is_(True))
        with self._engine.connect().execution_options(reading=True) as connection:
            return Counts(
                int(connection.execute(cases).scalar() or 0),
                int(connection.execute(blocked).scalar() or 0),
            )

    def outcomes(self, streams: Sequence[str]) -> list[str]:
        """How those drops were answered: « accepted », « refused »…"""
        if not streams:
            return []
        head = store.heads.c
        query = select(head.summary).where(head.stream.in_(streams))
        with self._engine.connect().execution_options(reading=True) as connection:
            found = [row.get("outcome") for row in connection.execute(query).scalars()]
        return [one for one in found if one]

    def shown_after(self, stream: str, count: int) -> tuple[Shown, ...]:
        """What the share was given of the next cases and sessions after that one, by name."""
        table = store.published.c
        query = (
            select(table.stream, table.folder, table.files)
            .where(table.stream > stream, table.folder != "")
            .order_by(table.stream)
            .limit(count)
        )
        with self._engine.connect().execution_options(reading=True) as connection:
            rows = connection.execute(query)
            return tuple(Shown(name, folder, tuple(files)) for name, folder, files in rows)

    def given(self, folders: Collection[str]) -> dict[str, set[str]]:
        """The files given in each of these folders of the share, told from it, whatever the stream;
        a folder that no stream has is left out."""
        table, found = store.published.c, dict[str, set[str]]()
        if not folders:
            return found
        query = select(table.folder, table.files).where(table.folder.in_(folders))
        with self._engine.connect().execution_options(reading=True) as connection:
            for folder, files in connection.execute(query):
                found.setdefault(folder, set()).update(files)
        return found


def open_truth(database: str) -> Truth:
    """The truth at a database’s URL."""
    return Truth(store.open_engine(database))


def _derive_nothing(stream: str, recorded: Sequence[Recorded]) -> Derived:
    return Derived()
