"""A purge: payloads and salts emptied, then everything that said the same leaves too.

In an order a death may cut anywhere: the hashes are listed first, each stream is emptied and its
share and copy follow, and what is on the list and no longer named by any row is deleted last.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from casefiles import store
from casefiles.errors import JournalConflict
from casefiles.events import Purged, from_json
from casefiles.store import forget
from watch.keeping import erased
from watch.keeping.retention import Due
from watch.office import Office
from watch.share import board, mirror

_HASH = re.compile(r'"([0-9a-f]{64})"')


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a purge did: streams emptied, originals deleted, and the folders where people’s own
    files are left, told from the share.
    """

    streams: tuple[str, ...]
    originals: int
    left: tuple[str, ...]


def purge(office: Office, dues: Collection[Due]) -> Swept:
    """Purge those streams whole. One that moves meanwhile is left for the next time."""
    office.workspace.must_be_present()
    reasons = {stream: due.because for due in dues for stream in due.streams}
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        hashes = {one for stream in reasons for one in _hashes(connection, stream)}
    erased.note(office.workspace, hashes)
    emptied, left = [], []
    for stream, because in reasons.items():
        folder = office.journal.folder(stream)
        positions = [r.position for r in office.journal.read(stream)]
        try:
            office.journal.purge(stream, positions, because=because)
        except JournalConflict:
            continue
        mirror.show(office, stream)
        emptied.append(stream)
        kept = office.workspace.share / folder
        if folder and stream.startswith(("dossier/", "session/")) and kept.exists():
            left.append(folder)
    gone = sweep(office, erased.listed(office.workspace))
    if emptied:
        board.show(office)
        forget(office.journal.engine)
    return Swept(streams=tuple(emptied), originals=gone, left=tuple(left))


def again(office: Office, gone: Collection[str]) -> None:
    """Purge what a restored journal brought back of the listed commitments."""
    found: dict[str, list[int]] = {}
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        rows = connection.execute(
            select(store.events.c.stream, store.events.c.position, store.events.c.commitment)
            .where(store.events.c.payload.is_not(None))
            .order_by(store.events.c.id)
        )
        for stream, position, commitment in rows:
            if commitment in gone:
                found.setdefault(stream, []).append(position)
    for stream, positions in found.items():
        office.journal.purge(stream, positions, because="Effacé avant la restauration.")
        mirror.show(office, stream)
    sweep(office, gone)
    if found:
        forget(office.journal.engine)


def sweep(office: Office, gone: Collection[str]) -> int:
    """Delete the listed originals that no row names any more; how many."""
    held = {one for one in gone if one in office.originals}
    if not held:
        return 0
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        rows = connection.execute(
            select(store.events.c.payload).where(store.events.c.payload.is_not(None))
        )
        for payload in rows.scalars():
            held.difference_update(_HASH.findall(payload))
    for sha256 in held:
        office.originals.path(sha256).unlink(missing_ok=True)
    return len(held)


def _hashes(connection: Connection, stream: str) -> Iterator[str]:
    """The commitments of a stream’s payloads, and the bytes its events name.

    Not the certification it began under, which is nobody’s.
    """
    table = store.events.c
    rows = connection.execute(
        select(table.commitment, table.payload).where(
            table.stream == stream, table.payload.is_not(None)
        )
    )
    for commitment, payload in rows:
        event = from_json(payload)
        if not isinstance(event, Purged):
            yield commitment
        nobodys = getattr(event, "certification_hash", "")
        yield from (one for one in _HASH.findall(payload) if one != nobodys)
