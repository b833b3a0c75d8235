"""What can have happened to a case up to its jury."""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from casefiles.events.facts import Fact, Firm, Obtained, Person, Proof


class CaseOpened(Fact):
    """An inscription was accepted, or a new attempt opened after the case `previous`.

    entered_on: the day the person first entered the certification; None for the day it is opened.
    """

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
    extra_percent: int = 0
    previous: str = ""
    entered_on: date | None = None


class FormIssued(Fact):
    """A form was made for somebody to fill; `values` are what was printed in it.

    supersedes: the marks of the documents it stands for, what they were drawn from having changed.
    reprints: the serial of the print it stands for, which named somebody as they no longer are.
    """

    type: Literal["FormIssued"] = "FormIssued"
    form: str
    part: str = ""
    serial: str
    sha256: str
    path: str
    values: dict[str, Any] = Field(default_factory=dict)
    form_hash: str = ""
    supersedes: tuple[str, ...] = ()
    reprints: str = ""


class DocumentFiled(Fact):
    """A document came back and was kept, byte for byte.

    standing: « accepted », « to_confirm » (an unknown signer, paper) or « to_replace » (a second,
    different one waits for the office). `values` are the raw answers, `document` the mark people
    quote. obtained: how answers that are no field’s own value were read, by name; `also` the
    SHA-256 of earlier drops that hold its other pages; `typed_by` who copied what a hand wrote, in
    the transcription `typed_in` (SHA-256).
    """

    type: Literal["DocumentFiled"] = "DocumentFiled"
    document: str
    form: str
    part: str = ""
    serial: str = ""
    sha256: str
    dropped_as: str
    values: dict[str, Any] = Field(default_factory=dict)
    how: str = "fields"
    proof: Proof = Proof()
    standing: Literal["accepted", "to_confirm", "to_replace"] = "accepted"
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    obtained: dict[str, Obtained] = Field(default_factory=dict)
    also: tuple[str, ...] = ()
    typed_by: str = ""
    typed_in: str = ""


class ReturnHeld(Fact):
    """A form came back on paper and waits: for the office’s eyes, or for its missing pages.

    `path`, from the share, is where the transcription to fill stands; "" while `missing` pages are
    waited for. `title` names the form; `also` are the SHA-256 of the drops it was joined with.
    """

    type: Literal["ReturnHeld"] = "ReturnHeld"
    document: str
    form: str
    part: str = ""
    serial: str
    sha256: str
    dropped_as: str
    title: str
    how: str
    missing: tuple[int, ...] = ()
    path: str = ""
    also: tuple[str, ...] = ()


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


class FactChanged(Fact):
    """Something changed in life — a name by marriage, a company’s name — since that day.

    What was written before stays right: no document is corrected. `field` is the inscription’s.
    """

    type: Literal["FactChanged"] = "FactChanged"
    field: str
    where: str
    before: str
    after: str
    since: date
    by: str
    because: str


class ArrangementNoted(Fact):
    """The arrangement granted for the épreuves, never its reason; None takes it back.

    extra_percent: time added to every duration, in percent.
    """

    type: Literal["ArrangementNoted"] = "ArrangementNoted"
    arrangement: str | None
    extra_percent: int = 0
    by: str
    because: str


class RequirementWaived(Fact):
    """A document is not asked of this case, as a rule of its certification allows."""

    type: Literal["RequirementWaived"] = "RequirementWaived"
    form: str
    part: str = ""
    rule: str
    source: str
    by: str
    because: str


class ContactMade(Fact):
    """Somebody was reminded of a document they owe: whom, that day, how (a trace, in words)."""

    type: Literal["ContactMade"] = "ContactMade"
    form: str
    whom: str
    on: date
    how: str
    by: str


class AvisNotGiven(Fact):
    """The constat d’avis non rendu: the company refuses or is gone, after these contacts."""

    type: Literal["AvisNotGiven"] = "AvisNotGiven"
    contacts: tuple[date, ...]
    by: str
    because: str


class BlocAcquired(Fact):
    """A bloc of this certification is acquired already, since `on`, by what is named.

    origin: « jury », an earlier case of the same person; « passerelle », a bloc this certification
    has in common with `certification`; « reprise », before this office kept its cases here.
    proof_sha256: of the signed PV, or of the document that proves a reprise, kept whole.
    """

    type: Literal["BlocAcquired"] = "BlocAcquired"
    bloc: str
    origin: Literal["jury", "passerelle", "reprise"]
    on: date
    certification: str = ""
    case: str = ""
    session: str = ""
    proof_sha256: str = ""
    document: str = ""
    by: str = ""
    because: str = ""


class PieceTakenOver(Fact):
    """A document established before this office kept its cases here, `on` that day, and its proof.

    instead: it stands in place of the form; else the form holds its answers, copied from it.
    """

    type: Literal["PieceTakenOver"] = "PieceTakenOver"
    form: str
    part: str = ""
    instead: bool
    on: date
    proof_sha256: str
    document: str
    by: str
    because: str


class ProofJoined(Fact):
    """A file that proves the situations of a dossier de preuves (« 1 », « 3 »), kept whole.

    situations: none when nothing says which it proves. name: the file’s own, as it was dropped.
    """

    type: Literal["ProofJoined"] = "ProofJoined"
    document: str
    sha256: str
    name: str
    situations: tuple[str, ...] = ()
    by: str = ""


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

    `basis` fingerprints what it was made from, so that it is made anew when that changes. level,
    wanted and renew_on: of its signature, when we signed it (see `levels`).
    """

    type: Literal["ProductIssued"] = "ProductIssued"
    product: str
    sha256: str
    path: str
    basis: str = ""
    facts: dict[str, Any] = Field(default_factory=dict)
    level: str = ""
    wanted: str = ""
    renew_on: date | None = None


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
