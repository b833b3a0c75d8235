"""What can have happened in the register of parchemins, and to a dropped file."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from casefiles.events.facts import Fact


class ParcheminNumbered(Fact):
    """A number of the register was given; never given again.

    `replaces` is the number of the edition it stands in for, or "".
    """

    type: Literal["ParcheminNumbered"] = "ParcheminNumbered"
    number: str
    case: str
    attempt: int
    certification: str
    delivered_on: date
    replaces: str = ""


class ParcheminSigned(Fact):
    """The parchemin of that number was signed."""

    type: Literal["ParcheminSigned"] = "ParcheminSigned"
    number: str
    sha256: str


class DuplicateIssued(Fact):
    """A duplicate of that number was made and signed, dated `on`."""

    type: Literal["DuplicateIssued"] = "DuplicateIssued"
    number: str
    on: date
    sha256: str


class ParcheminWithdrawn(Fact):
    """The parchemin of that number is worth nothing since `on`; the signed list says so."""

    type: Literal["ParcheminWithdrawn"] = "ParcheminWithdrawn"
    number: str
    on: date
    by: str
    because: str


class DropAnswered(Fact):
    """One dropped file and what became of it: its receipt.

    outcome: « accepted », « waiting » (for the office), « duplicate », « refused », or « draft »
    for a form saved in place that is only unfinished. `path`, from the share, is where a file
    saved in place still stands; `report`, for a list, what of it is still to be corrected.
    `sha256` is "" where the bytes were let go; `seen`, « sha256:… », then tells a file that still
    stands in place, or was given back, from another. `opened`: it only held others, which have
    their own receipts. `about`: of a refused file, the stream it was printed for: it tells of the
    same person, and is theirs too.
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
    report: str = ""
    seen: str = ""
    opened: bool = False
    about: str = ""
    held: dict[str, Any] = Field(default_factory=dict)
