"""How far what we signed is proven, and what remains to be done about it; pure, like next_steps.

A level asked for and not reached stays open until it is; an archive is stamped again before the
certificate that stamped it ends. No failure closes these steps, nor blocks them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from casefiles import events as e
from casefiles.casefile import CaseFile
from casefiles.session import Session

ORDER = ("", "B-B", "B-T", "B-LT", "B-LTA")
RAISE, RENEW = "relever", "renouveler"
_NAMES = {
    "pieces": "du volume des pièces",
    "pv": "du procès-verbal signé",
    "parchemin": "du parchemin",
    "duplicata": "du duplicata du",
    "notification": "de la notification",
    "attestation": "de l’attestation",
}


class _Signed(Protocol):
    """An event that says at which level it left a document."""

    @property
    def sha256(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def wanted(self) -> str: ...
    @property
    def renew_on(self) -> date | None: ...


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One document of ours: as signed (`of`), as it stands now, its level and the one wanted.

    document: its kind, and which one where a case holds several (« attestation/BDC1 »).
    """

    document: str
    of: str
    sha256: str
    path: str
    level: str
    wanted: str
    renew_on: date | None
    times: int

    @property
    def reached(self) -> bool:
        """Whether nothing is missing today."""
        return ORDER.index(self.level) >= ORDER.index(self.wanted)


def standing(document: str, signed: _Signed, raised: Iterable[e.SignatureRaised]) -> Standing:
    """Where that document stands, after everything that was added to it."""
    since = [one for one in raised if one.of == signed.sha256]
    last = since[-1] if since else signed
    return Standing(
        document=document,
        of=signed.sha256,
        sha256=last.sha256,
        path=last.path,
        level=last.level,
        wanted=last.wanted,
        renew_on=last.renew_on,
        times=len(since),
    )


def of(held: CaseFile | Session) -> Iterator[Standing]:
    """Every document of ours there that was asked more than a bare signature."""
    if isinstance(held, CaseFile):
        last = {_document(p): p for p in held.products if p.product in _NAMES}
        for document, product in last.items():
            if _asked(product):
                yield standing(document, product, held.raised)
        return
    if held.pieces is not None and _asked(held.pieces):
        yield standing("pieces", held.pieces, held.raised)
    issued = next(
        (pv for pv in held.pvs if held.signed and pv.version == held.signed.version), None
    )
    if held.signed is not None and issued is not None and _asked(issued):
        # Each signer’s own tool chose a level: only what we add over all of them is known.
        signed = e.ProductIssued(
            product="pv",
            sha256=held.signed.sha256,
            path=held.signed.path,
            wanted=issued.wanted,
        )
        yield standing("pv", signed, held.raised)


def _document(product: e.ProductIssued) -> str:
    which = product.facts.get("bloc") or product.facts.get("on")
    return f"{product.product}/{which}" if which else product.product


def _words(document: str) -> str:
    kind, _, which = document.partition("/")
    return f"{_NAMES[kind]} {which}".rstrip()


def _asked(signed: _Signed) -> bool:
    return ORDER.index(signed.wanted) > ORDER.index("B-B")


def remaining(one: Standing) -> Iterator[tuple[str, str, date | None]]:
    """(key, sentence, due) of what remains to be done for it."""
    name = _words(one.document)
    if not one.reached:
        yield (
            f"{RAISE}/{one.document}",
            f"Porter la signature {name} au niveau {one.wanted} "
            f"(niveau atteint : {one.level or 'celui de chaque signataire'}).",
            None,
        )
    elif one.renew_on is not None:
        yield (
            f"{RENEW}/{one.document}",
            f"Renouveler l’horodatage d’archivage {name}.",
            one.renew_on,
        )
