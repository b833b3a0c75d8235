"""One journal, many streams: append events, chained by hash; derive tables in the same commit.

The chain runs over a salted commitment to each payload, so that a payload can be purged and the
chain still verifies. The journal knows nothing of cases: what to derive is passed in.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from casefiles import store
from casefiles.errors import JournalConflict, JournalDamaged
from casefiles.events import Event, Purged, Recorded, from_json

GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True)
class OpenStep:
    """A step still to be done; `ours` when no person is needed; times are ISO 8601 in UTC."""

    key: str
    ours: bool
    due_at: str | None = None
    blocked: bool = False


@dataclass(frozen=True, kw_only=True)
class Derived:
    """What a stream’s events come down to: a JSON summary, its open steps, its marks."""

    summary: dict[str, Any] = field(default_factory=dict)
    steps: tuple[OpenStep, ...] = ()
    marks: frozenset[tuple[str, str]] = frozenset()


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


class Journal:
    """The journal over one engine. `clock` gives aware times; `project` derives."""

    def __init__(
        self,
        engine: Engine,
        project: Project,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.engine = engine
        self._project = project
        self._clock = clock

    def commit(self, *appends: Append) -> None:
        """Append to several streams in one transaction.

        Raises JournalConflict when a stream moved first or an effect is already recorded: nothing
        is written then.
        """
        try:
            with self.engine.begin() as connection:
                # Read under the write lock: times never go back along a stream.
                at = self._now()
                for one in appends:
                    self._append(connection, one, at)
        except IntegrityError as clash:
            raise JournalConflict(
                "Ce pas vient d’être inscrit par un autre travail.", "Il sera relu puis repris."
            ) from clash

    def _now(self) -> datetime:
        at = self._clock()
        if at.tzinfo is None:
            raise ValueError("the journal’s clock must give a time zone")
        return at.astimezone(UTC)

    def _append(self, connection: Connection, one: Append, at: datetime) -> None:
        recorded = list(_read(connection, one.stream))
        position, previous = _end(connection, one.stream)
        if position != one.after:
            raise JournalConflict(
                f"Le fil « {one.stream} » a avancé entre-temps.", "Il sera relu puis repris."
            )
        rows = []
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
            rows.append(row)
            recorded.append(
                Recorded(stream=one.stream, position=one.after + offset, at=at, event=happened)
            )
        if not rows:
            return
        connection.execute(insert(store.events), rows)
        self._derive(connection, one.stream, recorded)

    def _derive(self, connection: Connection, stream: str, recorded: Sequence[Recorded]) -> None:
        derived = self._project(stream, recorded)
        position, head = _end(connection, stream)
        row = {
            "kind": stream.split("/", 1)[0],
            "position": position,
            "hash": head,
            "at": recorded[-1].at.isoformat() if recorded else "",
            "summary": derived.summary,
        }
        changed = connection.execute(
            update(store.heads).where(store.heads.c.stream == stream).values(row)
        )
        if not changed.rowcount:
            connection.execute(insert(store.heads).values(stream=stream, **row))
        for table in (store.open_steps, store.marks):
            connection.execute(delete(table).where(table.c.stream == stream))
        if derived.steps:
            connection.execute(
                insert(store.open_steps),
                [
                    {
                        "stream": stream,
                        "key": s.key,
                        "ours": s.ours,
                        "due_at": s.due_at or "",
                        "blocked": s.blocked,
                    }
                    for s in derived.steps
                ],
            )
        if derived.marks:
            connection.execute(
                insert(store.marks),
                [{"kind": k, "key": key, "stream": stream} for k, key in sorted(derived.marks)],
            )

    def read(self, stream: str) -> list[Recorded]:
        """The stream’s events, in order; empty when it does not exist."""
        with self._reading() as connection:
            return list(_read(connection, stream))

    def summaries(self, kind: str) -> list[tuple[str, datetime, dict[str, Any]]]:
        """(stream, time of the last event, summary) of every stream of that kind, by name."""
        query = (
            select(store.heads.c.stream, store.heads.c.at, store.heads.c.summary)
            .where(store.heads.c.kind == kind)
            .order_by(store.heads.c.stream)
        )
        with self._reading() as connection:
            return [
                (s, datetime.fromisoformat(at), dict(v)) for s, at, v in connection.execute(query)
            ]

    def summary(self, stream: str) -> dict[str, Any] | None:
        """One stream’s summary, or None."""
        with self._reading() as connection:
            return connection.execute(
                select(store.heads.c.summary).where(store.heads.c.stream == stream)
            ).scalar()

    def positions(self) -> dict[str, int]:
        """Every stream and how far it has come."""
        with self._reading() as connection:
            return {stream: position for stream, (position, _) in _heads(connection).items()}

    def find(self, kind: str, key: str) -> tuple[str, ...]:
        """The streams that carry a mark such as (« serial », …) or (« bytes », sha256)."""
        query = select(store.marks.c.stream).where(
            store.marks.c.kind == kind, store.marks.c.key == key
        )
        with self._reading() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def due(self, now: datetime) -> tuple[str, ...]:
        """The streams with a step of ours that is due and not blocked."""
        query = (
            select(store.open_steps.c.stream)
            .where(
                store.open_steps.c.ours,
                store.open_steps.c.blocked.is_(False),
                store.open_steps.c.due_at <= now.astimezone(UTC).isoformat(),
            )
            .distinct()
        )
        with self._reading() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def count(self, kind: str, prefix: str = "") -> int:
        """How many streams of that kind begin with `kind/prefix`."""
        query = select(func.count()).where(
            store.heads.c.kind == kind,
            store.heads.c.stream.startswith(f"{kind}/{prefix}", autoescape=True),
        )
        with self._reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def rebuild(self) -> None:
        """Empty the derived tables and derive them again from the events.

        Raises JournalDamaged, and changes nothing, when events are missing at the end of a stream:
        the heads are all that still tells.
        """
        with self.engine.begin() as connection:
            for stream, (position, _) in _heads(connection).items():
                if _end(connection, stream)[0] < position:
                    raise _cut(stream)
            for table in (store.heads, store.open_steps, store.marks):
                connection.execute(delete(table))
            streams = connection.execute(select(store.events.c.stream).distinct()).scalars().all()
            for stream in streams:
                self._derive(connection, stream, list(_read(connection, stream)))

    def verify(self) -> None:
        """Walk every chain; JournalDamaged names the first event that does not hold."""
        with self._reading() as connection:
            rows = connection.execute(
                select(store.events).order_by(store.events.c.stream, store.events.c.position)
            ).mappings()
            last: tuple[str, int, str] = ("", 0, GENESIS)
            ends: dict[str, tuple[int, str]] = {}
            for row in rows:
                stream, position = row["stream"], row["position"]
                before = last if last[0] == stream else (stream, 0, GENESIS)
                broken = (
                    position != before[1] + 1
                    or row["previous"] != before[2]
                    or row["hash"] != link(dict(row))
                    or (
                        row["payload"] is not None
                        and row["commitment"] != commitment(row["payload"], row["salt"])
                    )
                )
                if broken:
                    raise JournalDamaged(
                        f"Le journal est altéré : fil « {stream} », inscription n° {position}.",
                        "Restaurez la dernière sauvegarde saine avant toute autre action.",
                    )
                last = (stream, position, row["hash"])
                ends[stream] = (position, row["hash"])
            heads = _heads(connection)
            for stream in sorted(ends.keys() | heads.keys()):
                if ends.get(stream) != heads.get(stream):
                    raise _cut(stream)

    def published(self, stream: str) -> tuple[int, dict[str, str]]:
        """How far the share shows this stream, and the files it was given (path → SHA-256)."""
        with self._reading() as connection:
            row = connection.execute(
                select(store.published.c.position, store.published.c.files).where(
                    store.published.c.stream == stream
                )
            ).one_or_none()
        return (row[0], dict(row[1])) if row else (0, {})

    def note_published(self, stream: str, position: int, files: dict[str, str]) -> None:
        """Remember what the share holds of this stream."""
        with self.engine.begin() as connection:
            connection.execute(delete(store.published).where(store.published.c.stream == stream))
            connection.execute(
                insert(store.published).values(stream=stream, position=position, files=files)
            )

    def unpublished(self) -> tuple[str, ...]:
        """The streams that have moved since the share last showed them."""
        query = select(store.heads.c.stream).where(
            ~select(store.published.c.stream)
            .where(
                store.published.c.stream == store.heads.c.stream,
                store.published.c.position == store.heads.c.position,
            )
            .exists()
        )
        with self._reading() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def _reading(self) -> Connection:
        return self.engine.connect().execution_options(reading=True)


def _heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """Where each stream ends, as the last commit noted it."""
    query = select(store.heads.c.stream, store.heads.c.position, store.heads.c.hash)
    return {stream: (position, head) for stream, position, head in connection.execute(query)}


def _cut(stream: str) -> JournalDamaged:
    return JournalDamaged(
        f"La fin du fil « {stream} » manque au journal, ou n’y est plus attestée.",
        "Restaurez la dernière sauvegarde saine avant toute autre action.",
    )


def _end(connection: Connection, stream: str) -> tuple[int, str]:
    """The last position of a stream and its hash; (0, GENESIS) before the first event."""
    row = connection.execute(
        select(store.events.c.position, store.events.c.hash)
        .where(store.events.c.stream == stream)
        .order_by(store.events.c.position.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else (0, GENESIS)


def _read(connection: Connection, stream: str) -> Iterator[Recorded]:
    rows: Iterable[Any] = connection.execute(
        select(store.events.c.position, store.events.c.at, store.events.c.payload)
        .where(store.events.c.stream == stream)
        .order_by(store.events.c.position)
    )
    for position, at, payload in rows:
        yield Recorded(
            stream=stream,
            position=position,
            at=datetime.fromisoformat(at),
            event=Purged() if payload is None else from_json(payload),
        )


def commitment(payload: str, salt: str) -> str:
    """The salted commitment to a payload: SHA-256, hexadecimal."""
    return hashlib.sha256(f"{salt}\n{payload}".encode()).hexdigest()


def link(row: dict[str, Any]) -> str:
    """The hash that chains a row to the one before it."""
    covered = [row[k] for k in ("previous", "stream", "position", "type", "at", "commitment")]
    return hashlib.sha256(json.dumps([*covered, row["effect_key"]]).encode()).hexdigest()
