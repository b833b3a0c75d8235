"""What the journal asks of its tables: where a stream ends, what it holds, who bears a mark."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text

from casefiles import store
from casefiles.chain import GENESIS, Damage
from casefiles.events import Purged, Recorded, from_json

Looked = Mapping[tuple[str, str], tuple[str, ...]]
"""The marks somebody looked up (kind, key), and the streams that bore them then."""


def heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """Where each stream ends, as the last commit noted it."""
    query = select(store.heads.c.stream, store.heads.c.position, store.heads.c.hash)
    return {stream: (position, head) for stream, position, head in connection.execute(query)}


def end(connection: Connection, stream: str) -> tuple[int, str]:
    """The last position of a stream and its hash; (0, GENESIS) before the first event."""
    row = connection.execute(
        select(store.events.c.position, store.events.c.hash)
        .where(store.events.c.stream == stream)
        .order_by(store.events.c.position.desc())
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else (0, GENESIS)


def read(connection: Connection, stream: str) -> Iterator[Recorded]:
    """The stream’s events, in order; JournalDamaged at the first row that can no longer be read."""
    rows: Iterable[Any] = connection.execute(
        select(store.events.c.position, store.events.c.at, store.events.c.payload)
        .where(store.events.c.stream == stream)
        .order_by(store.events.c.position)
    )
    for position, at, payload in rows:
        try:
            one = Recorded(
                stream=stream,
                position=position,
                at=datetime.fromisoformat(at),
                event=Purged() if payload is None else from_json(payload),
            )
        except ValueError:
            # What a validator says of a row repeats what the row holds.
            raise Damage(stream=stream, position=position).error() from None
        yield one


def marked(connection: Connection, kind: str, key: str) -> tuple[str, ...]:
    """The streams that bear a mark, in order."""
    query = select(store.marks.c.stream).where(store.marks.c.kind == kind, store.marks.c.key == key)
    return tuple(sorted(connection.execute(query).scalars()))


def still(connection: Connection, looked: Looked) -> bool:
    """Whether those marks are borne as they were, and by nobody else until the transaction ends.

    SQLite has one writer at a time; PostgreSQL has as many as there are workers, and those who
    looked up the same mark go one after the other.
    """
    if not looked:
        return True
    if connection.dialect.name == "postgresql":
        locks = sorted(_lock(kind, key) for kind, key in looked)
        connection.execute(
            text("SELECT pg_advisory_xact_lock(one) FROM unnest(CAST(:locks AS bigint[])) AS one"),
            {"locks": locks},
        )
    table = store.marks.c
    found: dict[tuple[str, str], list[str]] = {}
    # A kind at a time, so that the index serves: SQLite reads the whole table to compare pairs.
    for kind in sorted({kind for kind, _ in looked}):
        keys = [key for one, key in looked if one == kind]
        for first in range(0, len(keys), _AT_ONCE):
            query = select(table.key, table.stream).where(
                table.kind == kind, table.key.in_(keys[first : first + _AT_ONCE])
            )
            for key, stream in connection.execute(query):
                found.setdefault((kind, key), []).append(stream)
    return all(tuple(sorted(found.get(mark, ()))) == streams for mark, streams in looked.items())


_AT_ONCE = 200


def _lock(kind: str, key: str) -> int:
    digest = hashlib.sha256(f"{kind}/{key}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
