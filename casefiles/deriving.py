"""The tables derived from the events: written with them, emptied, and compared with them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from casefiles import rows, store
from casefiles.derived import Derived, Project
from casefiles.events import Recorded

# One more whenever streams come down to other rows than before: older stores are then derived anew.
# 1: the lists; 2: whoever signed any form, in any of its boxes; 3: whose inscription went back;
# 4: which bytes were sent back, with their reason.
DERIVATION = 4

TABLES = (store.open_steps, store.marks, store.listed)
"""What a stream has several rows in, or none."""


def write(
    connection: Connection, project: Project, stream: str, recorded: Sequence[Recorded]
) -> None:
    """Derive one stream anew, in the transaction of its events."""
    derived = project(stream, recorded)
    position, head = rows.end(connection, stream)
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
    connection.execute(delete(store.to_show).where(store.to_show.c.stream == stream))
    connection.execute(
        insert(store.to_show).from_select(
            ["stream"], store.behind().where(store.heads.c.stream == stream)
        )
    )
    _write_rows(connection, derived, stream)


def _write_rows(connection: Connection, derived: Derived, stream: str) -> None:
    for table in TABLES:
        connection.execute(delete(table).where(table.c.stream == stream))
        if wanted := _rows(derived)[table.name]:
            connection.execute(insert(table), [{"stream": stream, **one} for one in wanted])


def write_all(connection: Connection, project: Project) -> None:
    """Empty everything derived and derive it again."""
    for table in (store.heads, store.to_show, *TABLES):
        connection.execute(delete(table))
    streams = connection.execute(select(store.events.c.stream).distinct()).scalars().all()
    for stream in streams:
        write(connection, project, stream, list(rows.read(connection, stream)))
    _signed_off(connection)


def lacks(connection: Connection) -> bool:
    """Whether an earlier version derived what stands there."""
    last = connection.execute(select(func.max(store.derived_by.c.derivation))).scalar()
    return (last or 0) < DERIVATION


def complete(connection: Connection, project: Project) -> None:
    """Give an earlier version’s store the rows it lacks; what the share shows is left as it is."""
    for stream in connection.execute(select(store.heads.c.stream)).scalars().all():
        _write_rows(connection, project(stream, list(rows.read(connection, stream))), stream)
    _signed_off(connection)


def _signed_off(connection: Connection) -> None:
    connection.execute(delete(store.derived_by))
    connection.execute(insert(store.derived_by).values(derivation=DERIVATION))


def holds(connection: Connection, project: Project, stream: str) -> bool:
    """Whether a stream’s derived rows are what its events come down to."""
    wanted = project(stream, list(rows.read(connection, stream)))
    head = connection.execute(
        select(store.heads.c.position, store.heads.c.hash, store.heads.c.summary).where(
            store.heads.c.stream == stream
        )
    ).one_or_none()
    expected = _rows(wanted)
    return (
        head is not None
        and tuple(head) == (*rows.end(connection, stream), wanted.summary)
        and all(_found(connection, t, stream) == _set(expected[t.name]) for t in TABLES)
    )


def _found(connection: Connection, table: Any, stream: str) -> set[Any]:
    found = connection.execute(select(table).where(table.c.stream == stream)).mappings()
    return _set({k: v for k, v in row.items() if k != "stream"} for row in found)


def _set(found: Any) -> set[Any]:
    return {tuple(sorted(one.items())) for one in found}


def _rows(derived: Derived) -> dict[str, list[dict[str, Any]]]:
    """What each of the tables should hold of a stream."""
    return {
        store.open_steps.name: [
            {"key": s.key, "ours": s.ours, "due_at": s.due_at or "", "blocked": s.blocked}
            for s in derived.steps
        ],
        store.marks.name: [{"kind": k, "key": key} for k, key in sorted(derived.marks)],
        store.listed.name: [
            {"list": name, "whose": whose, "rank": rank}
            for name, whose, rank in sorted(derived.lists)
        ],
    }
