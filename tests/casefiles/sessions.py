"""The life of a session, told event after event."""

from datetime import date
from typing import Any

from casefiles import events as e
from casefiles.events import Event
from casefiles.session import Session, fold
from tests.casefiles.cases import issued, jury, product, told
from tests.casefiles.certifications import certification

PLAIN = certification()
MEMBERS = jury(1, 1)
SITTING: dict[str, Any] = {
    "day": date(2026, 6, 12),
    "place": "Salle d’essai",
    "town": "Lyon",
    "convener": "Claire CENTRE",
    "members": MEMBERS,
    "document": "D-jury",
    "sha256": "sha256 jury",
}
OPENED = e.SessionOpened(
    reference="S2026-001",
    certification=PLAIN.code,
    certification_hash=PLAIN.fingerprint,
    **SITTING,
)
ZOE = e.CandidateAdded(case="2026-0042", name="EXEMPLE-GONÇALVES Zoé")
LUKASZ = e.CandidateAdded(case="2026-0043", name="INVENTÉ Łukasz")
CLOSED = e.AgendaClosed(by="le bureau", because="tous complets")


def session(*events: Event) -> Session:
    """The session those events come down to."""
    folded = fold(told(*events, stream="session/S2026-001"))
    assert folded is not None
    return folded


def ready(case: str = "2026-0042", recapitulatif: str = "r1") -> e.CaseProgressed:
    """That case is complete, or changed since."""
    return e.CaseProgressed(case=case, recapitulatif=recapitulatif, company="Ateliers Fictifs")


def agenda(*events: Event) -> e.ProductIssued:
    """The draft agenda, drawn from the session those events come down to."""
    return product("ordre-du-jour", session(*events).agenda_basis)


def pieces(*events: Event, version: int = 1) -> e.PiecesSealed:
    """*Pièces*, sealed over the session those events come down to."""
    held = session(*events)
    return e.PiecesSealed(
        sha256=f"pièces {version}",
        path="Pièces.pdf",
        version=version,
        cases=tuple(held.names),
        basis=held.agenda_basis,
    )


def sheet(version: int = 1) -> e.FormIssued:
    """The feuille de décisions bound to that version of *Pièces*."""
    return issued("decisions", str(version), path="À remplir/Feuille de décisions.pdf")


def decided(document: str = "D-feuille", outcome: str = "obtention") -> e.DecisionsFiled:
    """The jury’s decisions, as the sheet says them."""
    return e.DecisionsFiled(
        document=document,
        sha256=f"sha256 {document}",
        dropped_as="feuille.pdf",
        deliberated_on=date(2026, 6, 12),
        conform=True,
        present=("e0", "s0"),
        decisions=(e.Decided(case="2026-0042", outcome=outcome),),
    )


def minutes(version: int = 1, basis: str = "D-feuille") -> e.PvIssued:
    """PV version n, drawn from those decisions."""
    return e.PvIssued(
        version=version,
        sha256=f"pv {version}",
        path=f"PV {version}.pdf",
        basis=basis,
        fields={"e0": "signature/e0", "s0": "signature/s0"},
        expected=("e0", "s0"),
        president="e0",
        supersedes=f"pv {version - 1}" if version > 1 else None,
    )


def returned(*signed: str, version: int = 1) -> e.PvReturned:
    """The PV came back with those signatures."""
    return e.PvReturned(
        document="D-pv", sha256="pv signé", dropped_as="pv.pdf", version=version, signed=signed
    )


def signed(version: int = 1) -> e.PvSigned:
    """The PV came back whole, the president last."""
    return e.PvSigned(
        document="D-pv2",
        sha256="pv signé",
        dropped_as="pv.pdf",
        path="PV signé.pdf",
        version=version,
        signers={"e0": "Membre E0", "s0": "Membre S0"},
    )


def transmitted() -> e.ProductIssued:
    """The bordereau d’envoi over that PV."""
    return e.ProductIssued(
        product="envoi", sha256="bordereau", path="À envoyer/Bordereau.eml", basis="pv signé"
    )
