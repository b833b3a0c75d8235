"""What can have happened to a jury session."""

from datetime import date
from typing import Literal

from pydantic import Field

from casefiles.events.facts import Decided, Fact, Juror


class SessionOpened(Fact):
    """A composition du jury was accepted.

    `recused`: by case number, the keys of the members who step back for that candidate.
    """

    type: Literal["SessionOpened"] = "SessionOpened"
    reference: str
    certification: str
    certification_hash: str
    day: date
    hour: str = ""
    place: str
    town: str
    convener: str
    members: tuple[Juror, ...]
    recused: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    document: str
    sha256: str
    typed_by: str = ""


class CompositionRevised(Fact):
    """The composition, or the sitting, was changed; after the closure the volumes are void."""

    type: Literal["CompositionRevised"] = "CompositionRevised"
    day: date
    hour: str = ""
    place: str
    town: str
    convener: str
    members: tuple[Juror, ...]
    recused: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    document: str
    sha256: str
    typed_by: str = ""


class CandidateAdded(Fact):
    """A case entered the agenda."""

    type: Literal["CandidateAdded"] = "CandidateAdded"
    case: str
    name: str


class CandidateWithdrawn(Fact):
    """A case left the agenda."""

    type: Literal["CandidateWithdrawn"] = "CandidateWithdrawn"
    case: str
    by: str
    because: str


class CaseProgressed(Fact):
    """A case of the agenda became ready, or changed: `recapitulatif` is its SHA-256, or "".

    pieces: the fingerprint of what the volume shows of it (`examined.basis`).
    """

    type: Literal["CaseProgressed"] = "CaseProgressed"
    case: str
    recapitulatif: str
    company: str = ""
    pieces: str = ""


class TimeGranted(Fact):
    """A candidate’s own time at the sitting changed, by that many percent in all; never why."""

    type: Literal["TimeGranted"] = "TimeGranted"
    case: str
    extra_percent: int


class AgendaClosed(Fact):
    """The office closed the agenda; *Pièces* may be sealed."""

    type: Literal["AgendaClosed"] = "AgendaClosed"
    by: str
    because: str


class PiecesSealed(Fact):
    """The first volume stands, sealed by the OF, over `basis`."""

    type: Literal["PiecesSealed"] = "PiecesSealed"
    sha256: str
    path: str
    version: int = 1
    cases: tuple[str, ...]
    basis: str = ""
    level: str = ""
    wanted: str = ""
    renew_on: date | None = None


class DecisionsFiled(Fact):
    """A feuille de décisions came back and was accepted; `typed_by` copied it from paper."""

    type: Literal["DecisionsFiled"] = "DecisionsFiled"
    document: str
    sha256: str
    dropped_as: str
    deliberated_on: date
    conform: bool
    reserve: str | None = None
    present: tuple[str, ...]
    decisions: tuple[Decided, ...]
    typed_by: str = ""


class PvIssued(Fact):
    """PV version n was drawn and certified by the OF, from the decisions `basis` names.

    `fields` maps juror keys to signature fields, `expected` are the jurors who must sign.
    """

    type: Literal["PvIssued"] = "PvIssued"
    version: int
    sha256: str
    path: str
    basis: str
    fields: dict[str, str]
    expected: tuple[str, ...]
    president: str
    supersedes: str | None = None
    level: str = ""
    wanted: str = ""
    renew_on: date | None = None


class PvReturned(Fact):
    """A PV came back with signatures: not all of them yet, or `doubts` for the office to settle."""

    type: Literal["PvReturned"] = "PvReturned"
    document: str
    sha256: str
    dropped_as: str
    version: int
    signed: tuple[str, ...]
    doubts: tuple[str, ...] = ()


class EmargementConfirmed(Fact):
    """A feuille d’émargement came back on paper; somebody at the office saw who signed it by hand.

    It holds for that version of the PV alone, and never for who presided.
    """

    type: Literal["EmargementConfirmed"] = "EmargementConfirmed"
    document: str
    sha256: str
    dropped_as: str
    version: int
    members: tuple[str, ...]
    signed_on: date
    by: str
    seen_on: str
    also: tuple[str, ...] = ()
    typed_in: str = ""


class HandSignaturesPlaced(Fact):
    """The OF’s seal wrote « sur papier » in members’ places, on the furthest copy of the PV.

    `members` are all those it says so of; `signed` are all the jurors whose place is filled on that
    copy, by hand or not.
    """

    type: Literal["HandSignaturesPlaced"] = "HandSignaturesPlaced"
    document: str
    sha256: str
    version: int
    members: tuple[str, ...]
    signed: tuple[str, ...]


class PvSigned(Fact):
    """The PV came back whole, the president’s signature last: the decisions stand.

    `by_hand`: the members who signed a feuille d’émargement on paper, and its mark. fingerprints:
    of the certificates. by_name: those known by the name they bear alone.
    """

    type: Literal["PvSigned"] = "PvSigned"
    document: str
    sha256: str
    dropped_as: str
    path: str
    version: int
    signers: dict[str, str]
    by_hand: dict[str, str] = Field(default_factory=dict)
    fingerprints: dict[str, str] = Field(default_factory=dict)
    by_name: tuple[str, ...] = ()


class MinutesReopened(Fact):
    """A decision was written down wrongly: a « PV rectificatif » will replace the signed one.

    Until its president signs it, the version before stands.
    """

    type: Literal["MinutesReopened"] = "MinutesReopened"
    by: str
    because: str


class DecisionsSent(Fact):
    """Every case of the session holds its decision."""

    type: Literal["DecisionsSent"] = "DecisionsSent"
    cases: tuple[str, ...]
