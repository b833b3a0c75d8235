"""What can have happened to a case from the jury’s decision on: delivered, doubled, withdrawn."""

from datetime import date
from typing import Literal

from casefiles.events.facts import Decided, Fact


class DecisionRecorded(Fact):
    """The jury’s decision, from a PV its president signed last.

    `rectifies` is the SHA-256 of the signed PV whose word on this candidate it replaces, or "".
    """

    type: Literal["DecisionRecorded"] = "DecisionRecorded"
    session: str
    pv_version: int
    pv_sha256: str
    decided_on: date
    decision: Decided
    rectifies: str = ""


class AppealLodged(Fact):
    """The candidate contests the decision of that session: another session judges again.

    The first decision stands until then, and is kept.
    """

    type: Literal["AppealLodged"] = "AppealLodged"
    session: str
    outcome: str
    by: str
    because: str


class AttemptOpened(Fact):
    """The candidate comes back: their new attempt is the case `case`."""

    type: Literal["AttemptOpened"] = "AttemptOpened"
    case: str
    by: str
    because: str


class CertifierAnswered(Fact):
    """The certifier said until when it delivers to who entered in time; None: not any more.

    answered_on is the day of the certifier’s answer.
    """

    type: Literal["CertifierAnswered"] = "CertifierAnswered"
    deliver_until: date | None
    answered_on: date
    by: str
    because: str


class DeliveryNumbered(Fact):
    """The parchemin’s number, committed before anything is drawn (same transaction as register)."""

    type: Literal["DeliveryNumbered"] = "DeliveryNumbered"
    number: str
    register_name: str
    delivered_on: date


class DuplicateAsked(Fact):
    """A parchemin was lost: a duplicate of the same number is owed, dated `on`."""

    type: Literal["DuplicateAsked"] = "DuplicateAsked"
    number: str
    on: date
    by: str
    because: str


class DeliveryWithdrawn(Fact):
    """The parchemin of that number was wrongly delivered: it is worth nothing since `on`."""

    type: Literal["DeliveryWithdrawn"] = "DeliveryWithdrawn"
    number: str
    on: date
    by: str
    because: str


class DeliveryReopened(Fact):
    """Another edition of the parchemin is owed, under the certification as it now stands (R35).

    `replaces` is the number of the edition before, which keeps its record.
    """

    type: Literal["DeliveryReopened"] = "DeliveryReopened"
    certification_hash: str
    replaces: str
    by: str
    because: str
