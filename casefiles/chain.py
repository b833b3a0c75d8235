"""What chains the journal’s rows together, and the walk that finds where the chain does not hold.

It knows rows, not events: what happened is none of its business, but for the one record that says
a payload was purged.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from casefiles import store
from casefiles.errors import JournalDamaged

GENESIS = "0" * 64
PURGED = "PayloadsPurged"


@dataclass(frozen=True, kw_only=True)
class Damage:
    """Where a stream does not hold: at that position, or (0) at its end."""

    stream: str
    position: int = 0

    @property
    def said(self) -> str:
        """The damage, in French."""
        if self.position:
            return f"Le journal est altéré : fil « {self.stream} », ligne n° {self.position}."
        return f"La fin du fil « {self.stream} » manque au journal, ou n’y est plus attestée."

    def error(self) -> JournalDamaged:
        """The same as an error."""
        return JournalDamaged(
            self.said, "Restaurez la dernière sauvegarde saine avant toute autre action."
        )


def commitment(payload: str, salt: str) -> str:
    """The salted commitment to a payload: SHA-256, hexadecimal."""
    return hashlib.sha256(f"{salt}\n{payload}".encode()).hexdigest()


def link(row: dict[str, Any]) -> str:
    """The hash that chains a row to the one before it."""
    covered = [row[k] for k in ("previous", "stream", "position", "type", "at", "commitment")]
    return hashlib.sha256(json.dumps([*covered, row["effect_key"]]).encode()).hexdigest()


def damages(connection: Connection) -> Iterator[Damage]:
    """Every row that does not hold, stream by stream, then every end the heads do not attest."""
    rows = connection.execute(
        select(store.events).order_by(store.events.c.stream, store.events.c.position)
    ).mappings()
    ends: dict[str, tuple[int, str]] = {}
    for stream, group in groupby(rows, key=lambda row: str(row["stream"])):
        held = [dict(row) for row in group]
        purged = _purged(held)
        position, previous = 0, GENESIS
        for row in held:
            kept = row["payload"] is not None
            if (
                row["position"] != position + 1
                or row["previous"] != previous
                or row["hash"] != link(row)
                or (kept and row["commitment"] != commitment(row["payload"], row["salt"] or ""))
                or (not kept and row["position"] not in purged)
            ):
                yield Damage(stream=stream, position=row["position"])
            position, previous = row["position"], row["hash"]
        ends[stream] = (position, previous)
    heads = {
        stream: (position, head)
        for stream, position, head in connection.execute(
            select(store.heads.c.stream, store.heads.c.position, store.heads.c.hash)
        )
    }
    for stream in sorted(ends.keys() | heads.keys()):
        if ends.get(stream) != heads.get(stream):
            yield Damage(stream=stream)


def _purged(rows: list[dict[str, Any]]) -> set[int]:
    """The positions whose payload was purged, as a later event of the stream records it."""
    gone: set[int] = set()
    for row in rows:
        if row["type"] == PURGED and row["payload"] is not None:
            # One that can no longer be read attests nothing, and is found damaged itself.
            with suppress(ValueError, LookupError, TypeError):
                told = json.loads(row["payload"])["positions"]
                gone |= {position for position in told if position < row["position"]}
    return gone
