"""What can have happened, in the past tense: the only thing the journal records.

Events are append-only and add-only in their shape: a field may be added with a default, never
renamed or removed. Their payloads may hold personal data; types, streams and times never do.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter


class Fact(BaseModel):
    """Base of every event and of what it holds."""

    model_config = ConfigDict(frozen=True, extra="ignore")


# --- what events hold ------------------------------------------------------------------------


class Person(Fact):
    """The candidate as the case knows them."""

    civility: str = ""
    birth_name: str
    usage_name: str | None = None
    first_name: str
    other_names: str | None = None
    birth_date: date
    birth_place: str = ""
    birth_country: str = ""
    email: str = ""

    @property
    def full_name(self) -> str:
        """« GONÇALVES Zoé »."""
        return f"{(self.usage_name or self.birth_name).upper()} {self.first_name}"


class Firm(Fact):
    """The company, and who will give its avis."""

    name: str
    siret: str | None = None
    contact: str = ""
    email: str = ""


class Proof(Fact):
    """What stands behind a document: a signature and what was found of it, paper, or nothing.

    fingerprint: SHA-256 of the signer’s certificate, hexadecimal.
    """

    kind: Literal["none", "signature", "seal", "paper"] = "none"
    signer: str = ""
    fingerprint: str = ""
    indication: str = ""
    level: str | None = None
    reasons: tuple[str, ...] = ()


class Decided(Fact):
    """One candidate’s decision, as the PV states it."""

    case: str
    outcome: str
    blocs: tuple[str, ...] = ()
    motive: str | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    abstentions: int | None = None
    casting_vote: bool = False


class Juror(Fact):
    """One member of a jury. `key` is stable within the session: « m1 », « m2 »…"""

    key: str
    name: str
    organisation: str
    college: str
    seat: str
    independent: bool


# --- the case --------------------------------------------------------------------------------


class CaseOpened(Fact):
    """An inscription was accepted."""

    type: Literal["CaseOpened"] = "CaseOpened"
    number: str
    certification: str
    certification_hash: str
    route: str
    blocs: tuple[str, ...] = ()
    attempt: int = 1
    candidate: Person
    company: Firm | None = None
    arrangement: str | None = None


class FormIssued(Fact):
    """A form was made for somebody to fill; `values` are what was printed in it."""

    type: Literal["FormIssued"] = "FormIssued"
    form: str
    part: str = ""
    serial: str
    sha256: str
    path: str
    values: dict[str, Any] = {}
    form_hash: str = ""


class DocumentFiled(Fact):
    """A document came back and was kept, byte for byte.

    standing: « accepted », « to_confirm » (an unknown signer, paper) or « to_replace » (a second,
    different one waits for the office). `values` are the raw answers, `document` the mark people
    quote.
    """

    type: Literal["DocumentFiled"] = "DocumentFiled"
    document: str
    form: str
    part: str = ""
    serial: str = ""
    sha256: str
    dropped_as: str
    values: dict[str, Any] = {}
    how: str = "fields"
    proof: Proof = Proof()
    standing: Literal["accepted", "to_confirm", "to_replace"] = "accepted"
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class DocumentConfirmed(Fact):
    """The office answered for a document that waited."""

    type: Literal["DocumentConfirmed"] = "DocumentConfirmed"
    document: str
    by: str
    because: str


class DocumentSetAside(Fact):
    """The office put a waiting document aside: it stays in the case and counts for nothing."""

    type: Literal["DocumentSetAside"] = "DocumentSetAside"
    document: str
    by: str
    because: str


class DocumentReplaced(Fact):
    """The office put a new document in the place of old ones; all stay.

    `parts` limits it to those parts, when one mark covers several (a bundle of grids).
    """

    type: Literal["DocumentReplaced"] = "DocumentReplaced"
    old: tuple[str, ...]
    new: str
    parts: tuple[str, ...] = ()
    by: str
    because: str


class AnswerCorrected(Fact):
    """The office corrected one answer; the original stays beside it.

    `part` says of which form, when one mark covers several (a bundle of grids); "" for all.
    """

    type: Literal["AnswerCorrected"] = "AnswerCorrected"
    document: str
    part: str = ""
    field: str
    where: str
    before: str
    after: str
    by: str
    because: str


class CaseAbandoned(Fact):
    """The candidate, or the office for them, stopped."""

    type: Literal["CaseAbandoned"] = "CaseAbandoned"
    by: str
    because: str


class CaseResumed(Fact):
    """An abandoned case starts again where it stood."""

    type: Literal["CaseResumed"] = "CaseResumed"
    by: str
    because: str


class ProductIssued(Fact):
    """A document of ours, for reading or handing over: récapitulatif, notification, parchemin…

    `basis` fingerprints what it was made from, so that it is made anew when that changes.
    """

    type: Literal["ProductIssued"] = "ProductIssued"
    product: str
    sha256: str
    path: str
    basis: str = ""
    facts: dict[str, Any] = {}


class ProductRestored(Fact):
    """A product was missing from the folder and was put back."""

    type: Literal["ProductRestored"] = "ProductRestored"
    path: str


class SessionJoined(Fact):
    """The case stands on a session’s agenda."""

    type: Literal["SessionJoined"] = "SessionJoined"
    session: str


class SessionLeft(Fact):
    """The case was withdrawn from a session."""

    type: Literal["SessionLeft"] = "SessionLeft"
    session: str
    because: str


class DecisionRecorded(Fact):
    """The jury’s decision, from a PV its president signed last."""

    type: Literal["DecisionRecorded"] = "DecisionRecorded"
    session: str
    pv_version: int
    pv_sha256: str
    decided_on: date
    decision: Decided


class DeliveryNumbered(Fact):
    """The parchemin’s number, committed before anything is drawn (same transaction as register)."""

    type: Literal["DeliveryNumbered"] = "DeliveryNumbered"
    number: str
    register_name: str
    delivered_on: date


class StepFailed(Fact):
    """A step of ours did not succeed; it is tried again at `retry_at`, five times at most."""

    type: Literal["StepFailed"] = "StepFailed"
    step: str
    attempt: int
    error: str
    retry_at: AwareDatetime


class StepRetried(Fact):
    """The office asked for a blocked step to be tried again."""

    type: Literal["StepRetried"] = "StepRetried"
    by: str
    because: str


# --- the session -----------------------------------------------------------------------------


class SessionOpened(Fact):
    """A composition du jury was accepted."""

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
    document: str
    sha256: str


class CompositionRevised(Fact):
    """The composition, or the sitting, was changed before the closure."""

    type: Literal["CompositionRevised"] = "CompositionRevised"
    day: date
    hour: str = ""
    place: str
    town: str
    convener: str
    members: tuple[Juror, ...]
    document: str
    sha256: str


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
    """A case of the agenda became ready, or changed: `recapitulatif` is its SHA-256, or ""."""

    type: Literal["CaseProgressed"] = "CaseProgressed"
    case: str
    recapitulatif: str
    company: str = ""


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


class DecisionsFiled(Fact):
    """A feuille de décisions came back and was accepted."""

    type: Literal["DecisionsFiled"] = "DecisionsFiled"
    document: str
    sha256: str
    dropped_as: str
    deliberated_on: date
    conform: bool
    reserve: str | None = None
    present: tuple[str, ...]
    decisions: tuple[Decided, ...]


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


class PvReturned(Fact):
    """A PV came back with signatures: not all of them yet, or `doubts` for the office to settle."""

    type: Literal["PvReturned"] = "PvReturned"
    document: str
    sha256: str
    dropped_as: str
    version: int
    signed: tuple[str, ...]
    doubts: tuple[str, ...] = ()


class PvSigned(Fact):
    """The PV came back whole, the president’s signature last: the decisions stand."""

    type: Literal["PvSigned"] = "PvSigned"
    document: str
    sha256: str
    dropped_as: str
    path: str
    version: int
    signers: dict[str, str]


class DecisionsSent(Fact):
    """Every case of the session holds its decision."""

    type: Literal["DecisionsSent"] = "DecisionsSent"
    cases: tuple[str, ...]


# --- the register, the drops -----------------------------------------------------------------


class ParcheminNumbered(Fact):
    """A number of the register was given; never given again."""

    type: Literal["ParcheminNumbered"] = "ParcheminNumbered"
    number: str
    case: str
    attempt: int
    certification: str
    delivered_on: date


class ParcheminSigned(Fact):
    """The parchemin of that number was signed."""

    type: Literal["ParcheminSigned"] = "ParcheminSigned"
    number: str
    sha256: str


class DropAnswered(Fact):
    """One dropped file and what became of it: its receipt.

    outcome: « accepted », « waiting » (for the office), « duplicate », « refused », or « draft »
    for a form saved in place that is only unfinished. `path`, from the share, is where a file
    saved in place still stands.
    """

    type: Literal["DropAnswered"] = "DropAnswered"
    name: str
    sha256: str
    size: int
    outcome: Literal["accepted", "waiting", "duplicate", "refused", "draft"]
    what: str
    reasons: tuple[str, ...] = ()
    remedy: str = ""
    document: str = ""
    stream: str = ""
    path: str = ""
    held: dict[str, Any] = {}


# --- any stream ------------------------------------------------------------------------------


class Purged(Fact):
    """What is read where a payload was purged; its place in the stream and its hash remain."""

    type: Literal["Purged"] = "Purged"


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
    | ProductIssued
    | ProductRestored
    | SessionJoined
    | SessionLeft
    | DecisionRecorded
    | DeliveryNumbered
    | StepFailed
    | StepRetried
    | SessionOpened
    | CompositionRevised
    | CandidateAdded
    | CandidateWithdrawn
    | CaseProgressed
    | AgendaClosed
    | PiecesSealed
    | DecisionsFiled
    | PvIssued
    | PvReturned
    | PvSigned
    | DecisionsSent
    | ParcheminNumbered
    | ParcheminSigned
    | DropAnswered
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
