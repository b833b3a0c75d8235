"""What was found of the signatures of one document: facts, on which `policy` has its opinion."""

from dataclasses import dataclass
from datetime import datetime

from pyhanko.sign.ades.report import AdESFailure, AdESSubIndic
from pyhanko.sign.fields import FieldMDPSpec

from signing.chain import Revocation
from signing.report import Changes, Cms, Integrity, Kind, Level, Qualification, Stamping
from signing.revocation import Question


@dataclass(frozen=True, kw_only=True)
class FoundSignature:
    """One filled signature field. problem: of its chain, None when it holds. faults: what makes it
    broken; problems: what was changed after it; doubts: what may hide what it signed; in French,
    without their final full stop. early: when its certificate begins, if that is still to come."""

    field: str
    kind: Kind = "approval"
    signer: str | None = None
    fingerprint: str | None = None
    integrity: Integrity = "undecidable"
    failure: AdESFailure | None = None
    covers_whole_file: bool = False
    revision: int = 1
    docmdp: int | None = None
    changes_after: Changes | None = None
    level: Level | None = None
    problem: AdESSubIndic | None = None
    early: datetime | None = None
    revocation: Revocation = "unknown"
    claimed_time: datetime | None = None
    proven_time: datetime | None = None
    faults: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    lock: FieldMDPSpec | None = None
    lenient: bool = False
    qualification: Qualification | None = None
    timestamp: Stamping | None = None
    by_seal: bool = False
    stated: str | None = None
    cms: Cms | None = None

    @property
    def trusted(self) -> bool:
        """Intact, and its chain leads to somebody trusted."""
        return self.integrity == "intact" and self.problem is None


@dataclass(frozen=True)
class Found:
    """Everything signed in one document, oldest first. empty: signature fields left unsigned.
    questions: what to ask so that the revocations left unknown be known."""

    signatures: tuple[FoundSignature, ...]
    empty: tuple[str, ...]
    revisions: int
    lenient: bool
    questions: tuple[Question, ...] = ()
