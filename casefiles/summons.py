"""Whom a session convenes, and what each was last told. Pure.

A convocation is numbered per guest: a change of what concerns them gives the next sequence of the
same invitation, and whoever leaves the session is told so.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casefiles.session import Session

SUMMONS = "convocation"


@dataclass(frozen=True, kw_only=True)
class Summons:
    """One guest to write to. `guest` is a member’s name or a case’s number.

    sequence: 0 for a first convocation; moved: day, hour or place are no longer those told before.
    """

    guest: str
    name: str
    basis: str
    sequence: int = 0
    cancelled: bool = False
    moved: bool = False


def due(session: Session) -> tuple[Summons, ...]:
    """The guests to whom something is still to be told, once the office convenes."""
    if not session.convened or session.signed is not None:
        return ()
    return tuple(_due(session))


def _due(session: Session) -> Iterator[Summons]:
    told = {str(p.facts["guest"]): p.facts for p in session.products if p.product == SUMMONS}
    sitting = sitting_of(session)
    guests = _guests(session)
    for guest, (name, concerns) in guests.items():
        basis = _digest([sitting, name, concerns])
        before = told.get(guest)
        if before is None or before["cancelled"]:
            yield Summons(guest=guest, name=name, basis=basis, sequence=_next(before))
        elif before["basis"] != basis:
            yield Summons(
                guest=guest,
                name=name,
                basis=basis,
                sequence=_next(before),
                moved=before["sitting"] != sitting,
            )
    for guest, before in told.items():
        if guest not in guests and not before["cancelled"]:
            yield Summons(
                guest=guest,
                name=str(before["name"]),
                basis="",
                sequence=_next(before),
                cancelled=True,
            )


def sitting_of(session: Session) -> str:
    """Fingerprint of when and where, as a convocation tells it."""
    return _digest([session.day, session.hour, session.place, session.town])


def _guests(session: Session) -> dict[str, tuple[str, list[Any]]]:
    """By guest: their name, and what of the session their letter tells besides the sitting."""
    agenda = sorted(session.names.items())
    members = {
        member.name: (member.name, [session.convener, member.college, member.seat, agenda])
        for member in session.members
    }
    candidates = {
        case: (name, [session.convener, *_granted(session, case)])
        for case, name in session.names.items()
    }
    return {**members, **candidates}


def _granted(session: Session, case: str) -> tuple[int, ...]:
    """The time granted to that candidate since they entered: theirs alone to be told."""
    percent = session.extra_percent.get(case)
    return () if percent is None else (percent,)


def _next(before: Mapping[str, Any] | None) -> int:
    return 0 if before is None else int(before["sequence"]) + 1


def _digest(parts: list[Any]) -> str:
    text = json.dumps(parts, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
