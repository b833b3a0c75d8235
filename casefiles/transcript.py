"""The journal’s rows as JSON lines, out and in: what copies of a stream and backups are made of.

A line holds a whole row (payload, salt, commitment, hashes), or what the share was last given of a
stream, so that a journal made again from lines neither forgets nor publishes anything twice.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text

from casefiles import store
from casefiles.chain import GENESIS, Damage, commitment, link
from casefiles.errors import JournalDamaged

Line = dict[str, Any]
"""A row of `events`; or {"shown": position, "stream", "folder", "files"}."""

BATCH = 500


def rows(connection: Connection, stream: str = "", after: int = 0) -> Iterator[Line]:
    """Every row, in the order they were written; of one stream only, after that position."""
    query = select(store.events).order_by(store.events.c.id)
    if stream:
        query = query.where(store.events.c.stream == stream, store.events.c.position > after)
    found = connection.execution_options(stream_results=not stream).execute(query)
    for row in found.mappings():
        yield dict(row)


def shown(connection: Connection, stream: str = "") -> Iterator[Line]:
    """What the share was last given, of every stream or of that one."""
    query = select(store.published).order_by(store.published.c.stream)
    if stream:
        query = query.where(store.published.c.stream == stream)
    for row in connection.execute(query).mappings():
        told = {key: row[key] for key in ("stream", "folder", "files")}
        yield {"shown": row["position"], **told}


def written(line: Line) -> bytes:
    """The line as bytes, its end of line included."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class Walk:
    """Checks rows one by one, in the order of each stream, whatever the order of the streams."""

    def __init__(self) -> None:
        self.ends: dict[str, tuple[int, str]] = {}
        self.count = 0

    def step(self, row: Line) -> Damage | None:
        """What is wrong with the row after those that came before it."""
        position, previous = self.ends.get(row["stream"], (0, GENESIS))
        self.ends[row["stream"]] = row["position"], row["hash"]
        self.count += 1
        kept = row["payload"] is not None
        holds = (
            row["position"] == position + 1
            and row["previous"] == previous
            and row["hash"] == link(row)
            and (not kept or row["commitment"] == commitment(row["payload"], row["salt"] or ""))
        )
        return None if holds else Damage(stream=row["stream"], position=row["position"])


def load(engine: Engine, lines: Iterable[Line]) -> Walk:
    """Write the lines in a journal without events, rows under their own ids; all or nothing.

    The derived tables are for `Journal.rebuild` to make. JournalDamaged when a row does not
    continue its stream, or when the journal is not empty.
    """
    walk, last = Walk(), 0
    held: dict[Table, list[Line]] = {store.events: [], store.published: []}
    with engine.begin() as connection:
        if connection.execute(select(func.count()).select_from(store.events)).scalar():
            raise JournalDamaged(
                "La base contient déjà des événements.", "Donnez une base vide à cet espace."
            )
        connection.execute(delete(store.published))
        for line in lines:
            if "shown" in line:
                told = {key: line[key] for key in ("stream", "folder", "files")}
                held[store.published].append({"position": line["shown"], **told})
            elif damage := walk.step(line):
                raise damage.error()
            else:
                last = max(last, line["id"])
                held[store.events].append(line)
            for table, waiting in held.items():
                if len(waiting) == BATCH:
                    connection.execute(insert(table), waiting)
                    waiting.clear()
        for table, waiting in held.items():
            if waiting:
                connection.execute(insert(table), waiting)
        if last and engine.dialect.name == "postgresql":
            # Ids given by hand do not move the counter.
            counter = text("SELECT setval(pg_get_serial_sequence('events', 'id'), :last)")
            connection.execute(counter, {"last": last})
    return walk
