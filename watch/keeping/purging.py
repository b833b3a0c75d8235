"""A purge: payloads and salts emptied, then everything that said the same leaves too.

In an order a death may cut anywhere: the bytes to go are listed first, each case is emptied whole
and its share and copy follow, what was emptied is listed, and the bytes that are on the list and no
longer named by any row are deleted last.
"""

import logging
import re
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from casefiles import store
from casefiles.chain import PURGED
from casefiles.errors import JournalConflict, TakenOver
from casefiles.events import from_json
from casefiles.store import forget
from watch.keeping import erased
from watch.keeping.retention import Due
from watch.office import Office
from watch.share import board, mirror
from watch.share.workspace import KEPT_ASIDE

log = logging.getLogger("parchemin.purge")

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
    """Purge those streams whole, a case with its drops, all or none of them.

    What moved since it was found due is left for the next time. What the list says was purged, and
    a restoration brought back, goes too.
    """
    office.workspace.must_be_present()
    reasons = {stream: due.because for due in dues for stream in due.streams}
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        bytes_ = {one for stream in reasons for one in _bytes(connection, stream)}
    # Listed first: once emptied, the payloads no longer say which bytes were theirs.
    erased.note(office.workspace, (*bytes_, *erased.listed(office.workspace)))
    emptied, left = [], []
    for due in dues:
        folders = {stream: office.journal.folder(stream) for stream in due.streams}
        try:
            # Whoever works on one of them, on what it says still, adds and shows nothing any more.
            with office.working_on_all(folders):
                office.journal.purge_whole(due.ends, because=due.because, only=due.only)
        except (JournalConflict, TakenOver):
            continue
        for stream, folder in folders.items():
            _shown(office, stream)
            emptied.append(stream)
            kept = office.workspace.share / folder
            stays = stream in due.only
            if (
                folder
                and not stays
                and stream.startswith(("dossier/", "session/"))
                and kept.exists()
            ):
                left.append(folder)
    erased.note(office.workspace, _emptied(office))
    known = erased.listed(office.workspace)
    emptied += _empty_again(office, known)
    gone = sweep(office, known)
    if emptied:
        board.show(office)
    # Whatever this one emptied: the one before may have died on its way here.
    forget(office.journal.engine)
    _without_what_moved(office, known)
    return Swept(streams=tuple(dict.fromkeys(emptied)), originals=gone, left=tuple(left))


def _without_what_moved(office: Office, known: Collection[str]) -> None:
    """Delete the journal kept aside by a move to another database, once it says what is purged;
    also one that a move which died had no time to put aside."""
    left = [*office.workspace.private.glob(f"{KEPT_ASIDE}*.sqlite")]
    if office.journal.engine.dialect.name != "sqlite":
        left.append(office.workspace.journal_file)
    for old in left:
        if old.exists() and _says(old, known):
            for file in old.parent.glob(f"{old.name}*"):
                file.unlink()
            log.warning("the journal kept aside by a migration was deleted: it held what is purged")


def _says(old: Path, known: Collection[str]) -> bool:
    """Whether that journal still holds a payload of the list; one that cannot be read may."""
    try:
        with closing(sqlite3.connect(f"{old.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT commitment FROM events WHERE payload IS NOT NULL")
            return any(commitment in known for (commitment,) in rows)
    except sqlite3.DatabaseError:
        return True


def again(office: Office, gone: Collection[str]) -> None:
    """Purge what a restored journal brought back of the listed commitments."""
    emptied = _empty_again(office, gone)
    sweep(office, gone)
    if emptied:
        forget(office.journal.engine)


def _empty_again(office: Office, gone: Collection[str]) -> list[str]:
    found: dict[str, list[int]] = {}
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        rows = connection.execute(
            select(store.events.c.stream, store.events.c.position, store.events.c.commitment)
            .where(store.events.c.payload.is_not(None), store.events.c.type != PURGED)
            .order_by(store.events.c.id)
        )
        for stream, position, commitment in rows:
            if commitment in gone:
                found.setdefault(stream, []).append(position)
    emptied = []
    for stream, positions in found.items():
        try:
            with office.working_on(stream):
                office.journal.purge(stream, positions, because="Effacé avant la restauration.")
        except (JournalConflict, TakenOver):
            continue
        _shown(office, stream)
        emptied.append(stream)
    return emptied


def _shown(office: Office, stream: str) -> None:
    """Show what is left of the stream; if another takes it meanwhile, it is who shows it."""
    with suppress(TakenOver), office.working_on(stream):
        mirror.show(office, stream)


def let_go(office: Office, gone: Collection[str]) -> None:
    """Delete bytes that concern nobody here, listed first: no restoration brings them back."""
    erased.note(office.workspace, gone)
    sweep(office, gone)


def sweep(office: Office, gone: Collection[str]) -> int:
    """Delete the listed originals that no row names any more; how many.

    The same bytes may be dropped again meanwhile. They are set aside, the journal is read once
    more, and only then are they deleted: whoever committed before that reading has them given back,
    and whoever commits after it finds them gone, and keeps them anew (`intake`).
    """
    held = {one for one in gone if one in office.originals}
    held -= _named(office, held)
    for sha256 in held:
        office.originals.set_aside(sha256)
    back = _named(office, held)
    for sha256 in back:
        office.originals.give_back(sha256)
    for sha256 in held - back:
        office.originals.delete(sha256)
    return len(held - back)


def _named(office: Office, wanted: Collection[str]) -> set[str]:
    """Those of these SHA-256 that a payload names."""
    found: set[str] = set()
    if not wanted:
        return found
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        rows = connection.execute(
            select(store.events.c.payload).where(store.events.c.payload.is_not(None))
        )
        for payload in rows.scalars():
            found.update(one for one in _HASH.findall(payload) if one in wanted)
    return found


def _emptied(office: Office) -> list[str]:
    """The commitments of every payload that was emptied; the journal always tells them."""
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        rows = connection.execute(
            select(store.events.c.commitment).where(store.events.c.payload.is_(None))
        )
        return list(rows.scalars())


def _bytes(connection: Connection, stream: str) -> Iterator[str]:
    """The bytes a stream’s events name; not the certification it began under, which is nobody’s."""
    table = store.events.c
    rows = connection.execute(
        select(table.payload).where(table.stream == stream, table.payload.is_not(None))
    )
    for payload in rows.scalars():
        nobodys = getattr(from_json(payload), "certification_hash", "")
        yield from (one for one in _HASH.findall(payload) if one != nobodys)
