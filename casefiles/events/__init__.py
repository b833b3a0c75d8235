"""What can have happened, in the past tense: the only thing the journal records.

Events are append-only and add-only in their shape: a field may be added with a default, never
renamed or removed. Their payloads may hold personal data; types, streams and times never do.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from casefiles.events.case import (
    AnswerCorrected,
    ArrangementNoted,
    AvisNotGiven,
    BlocAcquired,
    CaseAbandoned,
    CaseOpened,
    CaseResumed,
    ContactMade,
    DocumentConfirmed,
    DocumentFiled,
    DocumentReplaced,
    DocumentSetAside,
    FactChanged,
    FormIssued,
    PieceTakenOver,
    ProductIssued,
    ProductRestored,
    ProofJoined,
    RequirementWaived,
    ReturnHeld,
    SessionJoined,
    SessionLeft,
    StepFailed,
    StepRetried,
)
from casefiles.events.correspondence import ConvocationsAsked, ReminderAsked
from casefiles.events.delivery import (
    AppealLodged,
    AttemptOpened,
    CertifierAnswered,
    DecisionRecorded,
    DeliveryNumbered,
    DeliveryReopened,
    DeliveryWithdrawn,
    DuplicateAsked,
)
from casefiles.events.facts import (
    Decided,
    Fact,
    Firm,
    Juror,
    Obtained,
    Person,
    Proof,
    Settled,
)
from casefiles.events.preregistration import (
    Acquired,
    CandidateListed,
    LikenessSettled,
    PreregistrationClosed,
    ProofDeposited,
)
from casefiles.events.proofs import SignatureRaised
from casefiles.events.register import (
    DropAnswered,
    DuplicateIssued,
    ParcheminNumbered,
    ParcheminSigned,
    ParcheminWithdrawn,
)
from casefiles.events.session import (
    AgendaClosed,
    CandidateAdded,
    CandidateWithdrawn,
    CaseProgressed,
    CompositionRevised,
    DecisionsFiled,
    DecisionsSent,
    EmargementConfirmed,
    HandSignaturesPlaced,
    MinutesReopened,
    PiecesSealed,
    PvIssued,
    PvReturned,
    PvSigned,
    SessionOpened,
    TimeGranted,
)

__all__ = [
    "Acquired",
    "AgendaClosed",
    "AnswerCorrected",
    "AppealLodged",
    "ArrangementNoted",
    "AttemptOpened",
    "AvisNotGiven",
    "BlocAcquired",
    "CandidateAdded",
    "CandidateListed",
    "CandidateWithdrawn",
    "CaseAbandoned",
    "CaseOpened",
    "CaseProgressed",
    "CaseResumed",
    "CertifierAnswered",
    "CompositionRevised",
    "ContactMade",
    "ConvocationsAsked",
    "Decided",
    "DecisionRecorded",
    "DecisionsFiled",
    "DecisionsSent",
    "DeliveryNumbered",
    "DeliveryReopened",
    "DeliveryWithdrawn",
    "DocumentConfirmed",
    "DocumentFiled",
    "DocumentReplaced",
    "DocumentSetAside",
    "DropAnswered",
    "DuplicateAsked",
    "DuplicateIssued",
    "EmargementConfirmed",
    "Event",
    "Fact",
    "FactChanged",
    "Firm",
    "FormIssued",
    "HandSignaturesPlaced",
    "Juror",
    "LikenessSettled",
    "MinutesReopened",
    "Obtained",
    "ParcheminNumbered",
    "ParcheminSigned",
    "ParcheminWithdrawn",
    "PayloadsPurged",
    "Person",
    "PieceTakenOver",
    "PiecesSealed",
    "PreregistrationClosed",
    "ProductIssued",
    "ProductRestored",
    "Proof",
    "ProofDeposited",
    "ProofJoined",
    "Purged",
    "PvIssued",
    "PvReturned",
    "PvSigned",
    "Recorded",
    "ReminderAsked",
    "RequirementWaived",
    "ReturnHeld",
    "SessionJoined",
    "SessionLeft",
    "SessionOpened",
    "Settled",
    "SignatureRaised",
    "StepFailed",
    "StepRetried",
    "TimeGranted",
    "from_json",
]


class Purged(Fact):
    """What is read where a payload was purged; its place in the stream and its hash remain."""

    type: Literal["Purged"] = "Purged"


class PayloadsPurged(Fact):
    """The payloads at these positions of the stream were emptied for privacy, and why."""

    type: Literal["PayloadsPurged"] = "PayloadsPurged"
    positions: tuple[int, ...]
    because: str


Event = Annotated[
    CaseOpened
    | FormIssued
    | DocumentFiled
    | DocumentConfirmed
    | DocumentReplaced
    | DocumentSetAside
    | AnswerCorrected
    | CaseAbandoned
    | CaseResumed
    | ReturnHeld
    | ProductIssued
    | ProductRestored
    | SessionJoined
    | SessionLeft
    | DecisionRecorded
    | DeliveryNumbered
    | FactChanged
    | ArrangementNoted
    | RequirementWaived
    | ContactMade
    | AvisNotGiven
    | BlocAcquired
    | PieceTakenOver
    | ProofJoined
    | AppealLodged
    | AttemptOpened
    | CertifierAnswered
    | DuplicateAsked
    | DeliveryWithdrawn
    | DeliveryReopened
    | StepFailed
    | StepRetried
    | SessionOpened
    | CompositionRevised
    | CandidateAdded
    | CandidateWithdrawn
    | CaseProgressed
    | TimeGranted
    | AgendaClosed
    | PiecesSealed
    | DecisionsFiled
    | PvIssued
    | EmargementConfirmed
    | HandSignaturesPlaced
    | PvReturned
    | PvSigned
    | MinutesReopened
    | DecisionsSent
    | ParcheminNumbered
    | ParcheminSigned
    | DuplicateIssued
    | ParcheminWithdrawn
    | ConvocationsAsked
    | ReminderAsked
    | CandidateListed
    | LikenessSettled
    | ProofDeposited
    | PreregistrationClosed
    | DropAnswered
    | PayloadsPurged
    | SignatureRaised
    | Purged,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[Event] = TypeAdapter(Event)


class Recorded(Fact):
    """An event at its place in a stream (1, 2, 3…), with the aware time it was recorded."""

    stream: str
    position: int
    at: AwareDatetime
    event: Event


def from_json(payload: str) -> Event:
    """The event a journal row holds; ValidationError when its shape was never known."""
    return _ADAPTER.validate_json(payload)
