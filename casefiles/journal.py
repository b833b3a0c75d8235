"""One journal, many streams: append events, chained by hash; derive tables in the same commit.

The chain runs over a salted commitment to each payload, so that a payload can be purged and the
chain still verifies. The journal knows nothing of cases: what to derive is passed in.
"""

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, union, update
from sqlalchemy.exc import IntegrityError

from casefiles import chain, deriving, rows, store
from casefiles.chain import GENESIS, commitment, link
from casefiles.derived import Append, Derived, OpenStep, Project
from casefiles.errors import JournalConflict, JournalDamaged
from casefiles.events import PayloadsPurged, Purged, Recorded
from casefiles.holds import Holds
from casefiles.rows import Looked

__all__ = ["GENESIS", "Append", "Derived", "Journal", "OpenStep", "Project", "commitment", "link"]


# Longer than any rest after a failure.
FAR = timedelta(days=2)


class Journal:
    """The journal over one engine. `clock` gives aware times; `project` derives."""

    def __init__(
        self,
        engine: Engine,
        project: Project,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.engine = engine
        self.holds = Holds(engine)
        self._project = project
        self._clock = clock
        self._looked: dict[tuple[str, str], tuple[str, ...]] | None = None

    def commit(self, *appends: Append, provided: Looked | None = None) -> None:
        """Append to several streams in one transaction.

        Raises JournalConflict when a stream moved first, an effect is already recorded, or what
        was looked up and `provided` no longer holds; TakenOver when another was given the work
        meanwhile. Nothing is written then.
        """
        with self._alone() as connection:
            if not rows.still(connection, provided or {}):
                raise JournalConflict(
                    "Ce sur quoi l’on décidait vient de changer.", "Il sera relu puis décidé."
                )
            # Read under the write lock: times never go back along a stream.
            at = self._now()
            for one in appends:
                self._append(connection, one, at)

    def _now(self) -> datetime:
        at = self._clock()
        if at.tzinfo is None:
            raise ValueError("the journal’s clock must give a time zone")
        return at.astimezone(UTC)

    def _append(self, connection: Connection, one: Append, at: datetime) -> None:
        recorded = list(rows.read(connection, one.stream))
        position, previous = rows.end(connection, one.stream)
        if position != one.after:
            raise JournalConflict(
                f"Le fil « {one.stream} » a avancé entre-temps.", "Il sera relu puis repris."
            )
        if recorded:
            # A clock set back must not make the story run backwards.
            at = max(at, recorded[-1].at)
        written = []
        for offset, happened in enumerate(one.events, start=1):
            payload, salt = happened.model_dump_json(), secrets.token_hex(16)
            row = {
                "stream": one.stream,
                "position": one.after + offset,
                "type": happened.type,
                "at": at.isoformat(),
                "payload": payload,
                "salt": salt,
                "commitment": commitment(payload, salt),
                "previous": previous,
                "effect_key": one.effect_key if offset == 1 else None,
            }
            previous = row["hash"] = link(row)
            written.append(row)
            recorded.append(
                Recorded(stream=one.stream, position=one.after + offset, at=at, event=happened)
            )
        if not written:
            return
        connection.execute(insert(store.events), written)
        deriving.write(connection, self._project, one.stream, recorded)

    def read(self, stream: str) -> list[Recorded]:
        """The stream’s events, in order; empty when it does not exist."""
        with self._reading() as connection:
            return list(rows.read(connection, stream))

    def summaries(self, kind: str) -> list[tuple[str, datetime, dict[str, Any]]]:
        """(stream, time of the last event, summary) of every stream of that kind, by name.

        Not of those that were purged.
        """
        return list(self.each(kind))

    def each(self, kind: str) -> Iterator[tuple[str, datetime, dict[str, Any]]]:
        """The same, one after the other: however many there are, few are held in memory."""
        head = store.heads.c
        query = (
            select(head.stream, head.at, head.summary)
            .where(store.under(head.stream, f"{kind}/"))
            .order_by(head.stream)
        )
        with self._reading() as connection:
            for stream, at, summary in connection.execution_options(yield_per=500).execute(query):
                if not summary.get("purged"):
                    yield stream, datetime.fromisoformat(at), dict(summary)

    def lists(self, name: str) -> dict[str, int]:
        """How many streams stand in each of the lists of that name, by whose they are."""
        table = store.listed.c
        query = select(table.whose, func.count()).where(table.list == name).group_by(table.whose)
        with self._reading() as connection:
            return {whose: int(count) for whose, count in connection.execute(query)}

    def listed(
        self, name: str, whose: str, at_most: int, *, last_first: bool = False
    ) -> list[tuple[str, datetime, dict[str, Any]]]:
        """The first of that list, as `summaries` gives them; or the last, from the end."""
        table = store.listed.c
        order = [table.rank, table.stream]
        query = (
            select(store.heads.c.stream, store.heads.c.at, store.heads.c.summary)
            .join(store.listed, table.stream == store.heads.c.stream)
            .where(table.list == name, table.whose == whose)
            .order_by(*(one.desc() if last_first else one for one in order))
            .limit(at_most)
        )
        with self._reading() as connection:
            rows_found = connection.execute(query)
            return [(s, datetime.fromisoformat(at), dict(v)) for s, at, v in rows_found]

    def summary(self, stream: str) -> dict[str, Any] | None:
        """One stream’s summary, or None."""
        with self._reading() as connection:
            return connection.execute(
                select(store.heads.c.summary).where(store.heads.c.stream == stream)
            ).scalar()

    def positions(self) -> dict[str, int]:
        """Every stream and how far it has come."""
        with self._reading() as connection:
            return {stream: position for stream, (position, _) in rows.heads(connection).items()}

    def streams(self) -> Iterator[str]:
        """Every stream, by its name; few are held in memory."""
        query = select(store.heads.c.stream).order_by(store.heads.c.stream)
        with self._reading() as connection:
            yield from connection.execution_options(yield_per=5_000).execute(query).scalars()

    def find(self, kind: str, key: str) -> tuple[str, ...]:
        """The streams that carry a mark such as (« serial », …) or (« bytes », sha256)."""
        with self._reading() as connection:
            found = rows.marked(connection, kind, key)
        if self._looked is not None:
            self._looked.setdefault((kind, key), found)
        return found

    def bearing(self, kind: str) -> tuple[tuple[str, str], ...]:
        """(key, stream) of every mark of that kind, by key: for marks that few streams carry."""
        query = select(store.marks.c.key, store.marks.c.stream).where(store.marks.c.kind == kind)
        with self._reading() as connection:
            return tuple(sorted((key, stream) for key, stream in connection.execute(query)))

    @contextmanager
    def looking(self) -> Iterator[Looked]:
        """What `find` answers meanwhile, for `commit` to require that it still holds."""
        before, self._looked = self._looked, {}
        try:
            yield self._looked
        finally:
            self._looked = before

    def due(self, now: datetime) -> tuple[str, ...]:
        """The streams with a step of ours that is due and not blocked.

        A rest further off than any lasts was put there by a clock since set back: it is over.
        """
        at = now.astimezone(UTC)
        steps = store.open_steps.c
        # Written so that the index serves: asked every few seconds, however many steps wait.
        ours = select(steps.stream).where(steps.ours.is_(True), steps.blocked.is_(False))
        query = union(
            ours.where(steps.due_at <= at.isoformat()),
            ours.where(steps.due_at > (at + FAR).isoformat(), steps.due_at.like("%T%")),
        )
        with self._reading() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def count(self, kind: str, prefix: str = "") -> int:
        """How many streams of that kind begin with `kind/prefix`."""
        query = select(func.count()).where(store.under(store.heads.c.stream, f"{kind}/{prefix}"))
        with self._reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def rebuild(self) -> None:
        """Empty the derived tables and derive them again from the events.

        Raises JournalDamaged, and changes nothing, when events are missing at the end of a stream:
        the heads are all that still tells.
        """
        with self.engine.begin() as connection:
            for stream, (position, _) in rows.heads(connection).items():
                if rows.end(connection, stream)[0] < position:
                    raise chain.Damage(stream=stream).error()
            deriving.write_all(connection, self._project)

    def bring_up_to_date(self) -> None:
        """Derive what the version that made this store did not."""
        with self._reading() as connection:
            lacks = deriving.lacks(connection)
        if lacks:
            with self.engine.begin() as connection:
                deriving.complete(connection, self._project)

    def purge(self, stream: str, positions: Collection[int], *, because: str) -> None:
        """Empty these events’ payloads and salts for good, and record that it was done and why.

        The chain still verifies: it runs over the commitments. A payload that is missing without
        this record is damage. JournalConflict when the stream moves meanwhile.
        """
        with self._alone() as connection:
            self._empty(connection, stream, positions, because)

    def purge_whole(
        self,
        ends: Mapping[str, int],
        *,
        because: str,
        only: Mapping[str, Collection[int]] | None = None,
    ) -> None:
        """Empty streams, all of them or none, whole or at the positions that `only` gives.

        JournalConflict when one of them does not end at the position given: what came since was
        not weighed, and the stream is left for another time. TakenOver as in `commit`.
        """
        with self._alone() as connection:
            for stream, end in sorted(ends.items()):
                if rows.end(connection, stream)[0] != end:
                    raise JournalConflict(
                        f"Le fil « {stream} » a avancé entre-temps.", "Il sera relu puis repris."
                    )
                whole = range(1, end + 1)
                self._empty(connection, stream, (only or {}).get(stream, whole), because)

    def _empty(
        self, connection: Connection, stream: str, positions: Collection[int], because: str
    ) -> None:
        recorded = list(rows.read(connection, stream))
        # The record of an earlier purge stays: it attests what that one emptied.
        kept = {
            one.position for one in recorded if not isinstance(one.event, Purged | PayloadsPurged)
        }
        gone = sorted(set(positions) & kept)
        if not gone:
            return
        connection.execute(
            update(store.events)
            .where(store.events.c.stream == stream, store.events.c.position.in_(gone))
            .values(payload=None, salt=None)
        )
        said = PayloadsPurged(positions=tuple(gone), because=because)
        end = Append(stream=stream, after=len(recorded), events=(said,))
        self._append(connection, end, self._now())

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """A transaction that another writer’s makes a JournalConflict; TakenOver as in `commit`."""
        try:
            with self.engine.begin() as connection:
                self.holds.check(connection)
                yield connection
        except IntegrityError as clash:
            raise JournalConflict(
                "Ce pas vient d’être inscrit par un autre travail.", "Il sera relu puis repris."
            ) from clash

    def damages(self) -> list[chain.Damage]:
        """Walk every chain; each event that does not hold, each end that is missing."""
        with self._reading() as connection:
            return list(chain.damages(connection))

    def verify(self) -> None:
        """Walk every chain; JournalDamaged names the first event that does not hold."""
        with self._reading() as connection:
            for damage in chain.damages(connection):
                raise damage.error()

    def misderived(self) -> list[str]:
        """The streams whose derived rows are not what their events come down to."""
        with self._reading() as connection:
            streams = connection.execute(
                select(store.events.c.stream).distinct().order_by(store.events.c.stream)
            ).scalars()
            return [one for one in streams.all() if not self._holds(connection, one)]

    def _holds(self, connection: Connection, stream: str) -> bool:
        try:
            return deriving.holds(connection, self._project, stream)
        except JournalDamaged:
            return False

    def published(self, stream: str) -> tuple[int, dict[str, str]]:
        """How far the share shows this stream, and the files it was given (path → SHA-256)."""
        with self._reading() as connection:
            row = connection.execute(
                select(store.published.c.position, store.published.c.files).where(
                    store.published.c.stream == stream
                )
            ).one_or_none()
        return (row[0], dict(row[1])) if row else (0, {})

    def folder(self, stream: str) -> str:
        """The folder of the share the stream was last shown in; "" when it never was."""
        query = select(store.published.c.folder).where(store.published.c.stream == stream)
        with self._reading() as connection:
            return str(connection.execute(query).scalar() or "")

    def note_published(
        self, stream: str, position: int, files: dict[str, str], *, folder: str = ""
    ) -> None:
        """Remember what the share holds of this stream, and in which of its folders.

        TakenOver as for a commit.
        """
        with self.engine.begin() as connection:
            self.holds.check(connection)
            # Locked first: a commit at this very moment must not find the stream noted as shown.
            head = connection.execute(
                select(store.heads.c.position)
                .where(store.heads.c.stream == stream)
                .with_for_update()
            ).scalar()
            connection.execute(delete(store.published).where(store.published.c.stream == stream))
            connection.execute(
                insert(store.published).values(
                    stream=stream, position=position, files=files, folder=folder
                )
            )
            if head == position:
                connection.execute(delete(store.to_show).where(store.to_show.c.stream == stream))

    def unpublished(self) -> tuple[str, ...]:
        """The streams that have moved since the share last showed them."""
        with self._reading() as connection:
            return tuple(sorted(connection.execute(select(store.to_show.c.stream)).scalars()))

    def _reading(self) -> Connection:
        return self.engine.connect().execution_options(reading=True)
