"""What a verification says, key by key: the contract of `parchemin verify --json`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from signing.revocation import Question

Verdict = Literal["valid", "invalid", "indeterminate", "unsigned"]
Kind = Literal["approval", "certification", "seal", "timestamp"]
Integrity = Literal["intact", "broken", "undecidable"]
Changes = Literal["none", "allowed", "suspicious"]
Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
Qualification = Literal[
    "qualified_signature", "qualified_seal", "qualified_certificate", "other", "undetermined"
]
Stamping = Literal["qualified", "plain"]
Indication = Literal["TOTAL-PASSED", "INDETERMINATE", "TOTAL-FAILED"]

EXIT_CODES: dict[Verdict, int] = {"valid": 0, "invalid": 1, "unsigned": 1, "indeterminate": 2}


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Cms:
    """What identifies a signature beyond doubt: its value, the digests signed, the certificate."""

    value: bytes
    algorithm: str
    attributes_digest: bytes
    document_digest: bytes
    certificate: bytes


class SignatureReport(_Said):
    """One signature or time-stamp. Indications are those of ETSI EN 319 102-1.

    revision: 1 for the document's first. claimed_time: what the signer wrote; proven_time: what a
    trusted time-stamp proves. reasons: whole sentences, in French, for people. qualification: what
    the certificate makes of it; timestamp: that of a trusted time-stamp, None without one. by_seal:
    its certificate names an organisation, no person. stated: the reason the signer wrote, in their
    own words, which nothing proves but their signature. fingerprint and cms are for our own use;
    they stay out of the JSON.
    """

    field: str
    kind: Kind
    signer: str | None
    integrity: Integrity
    covers_whole_file: bool
    revision: int
    docmdp: Literal[1, 2, 3] | None
    changes_after: Changes | None
    trusted: bool
    expected: bool | None
    level: Level | None
    indication: Indication
    sub_indication: str | None
    claimed_time: datetime | None
    proven_time: datetime | None
    reasons: tuple[str, ...]
    qualification: Qualification | None = None
    timestamp: Stamping | None = None
    by_seal: bool = False
    stated: str | None = None
    fingerprint: str | None = Field(None, exclude=True)
    cms: Cms | None = Field(None, exclude=True)


class EmbeddedReport(_Said):
    """One file embedded in the document. matches: its bytes are those its pack announces.

    verdict: of the signatures it holds itself when it is a PDF, else None.
    """

    name: str
    sha256: str
    matches: bool | None
    verdict: Verdict | None


class Report(_Said):
    """The whole answer; `verdict` is our policy over what was found. notes: what holds for all of
    it (which lists were consulted, and how old). questions: what would settle the revocations."""

    verdict: Verdict
    signatures: tuple[SignatureReport, ...]
    embedded: tuple[EmbeddedReport, ...]
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = Field((), exclude=True)

    @property
    def exit_code(self) -> int:
        """0 valid, 1 the answer is no (invalid, unsigned), 2 it could not be decided."""
        return EXIT_CODES[self.verdict]
