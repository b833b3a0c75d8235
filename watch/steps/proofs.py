"""Proofs completed after the signature: the level asked for, reached later; the archive, renewed.

The document keeps the bytes it was signed with; what is added follows them. Whoever cited its
SHA-256 (a PV, a bordereau) still finds it: the completed copy stands beside it then.
"""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from casefiles import casefile, levels, session
from casefiles.events import Recorded, SignatureRaised
from casefiles.journal import Append
from watch.office import Office

if TYPE_CHECKING:
    from signing.pades import Signed

_CITED = ("pieces", "pv")


class Reached(TypedDict):
    """What the event of a signature says of its level."""

    level: str
    wanted: str
    renew_on: date | None


def reached(signed: "Signed", at: datetime) -> Reached:
    """The level a signature made at `at` reached, for its event."""
    return Reached(level=signed.level, wanted=signed.wanted, renew_on=_renewal(signed.ends, at))


def complete(office: Office, recorded: Sequence[Recorded], key: str) -> tuple[Append, ...]:
    """The effect of « relever/parchemin » or « renouveler/attestation/BDC1 »: what follows the
    verb names the document."""
    from signing import archival

    folded = casefile.fold(recorded) or session.fold(recorded)
    if folded is None:
        raise ValueError("the stream holds nothing that was signed")
    document = key.partition("/")[2]
    (one,) = (s for s in levels.of(folded) if s.document == document)
    options = office.signature_options(document.partition("/")[0])
    at = office.clock()
    level = "B-LTA" if one.reached else options["level"]
    with tempfile.TemporaryDirectory(dir=office.scratch) as folder:
        target = Path(folder, "complet.pdf")
        done = archival.raise_to(
            office.originals.path(one.sha256),
            target,
            level=level,
            at=at,
            trust=options["trust"],
            timestamper=options["timestamper"],
            fetcher=options["fetcher"],
        )
        sha256 = office.originals.put(target)
    event = SignatureRaised(
        document=document,
        of=one.of,
        sha256=sha256,
        path=_beside(one.path) if document in _CITED and not one.times else one.path,
        level=level,
        wanted=one.wanted if one.reached else options["level"],
        renew_on=_renewal(done.ends, at) if level == "B-LTA" else None,
        gaps=done.gaps,
    )
    return (
        Append(
            stream=folded.stream,
            after=len(recorded),
            events=(event,),
            effect_key=f"preuve/{one.of}/{one.times + 1}",
        ),
    )


def _renewal(ends: datetime | None, at: datetime) -> date | None:
    from signing import archival

    return archival.renewal(ends, at).date() if ends is not None else None


def _beside(path: str) -> str:
    stem, _, suffix = path.rpartition(".")
    return f"{stem} - avec preuves d’archivage.{suffix}"
