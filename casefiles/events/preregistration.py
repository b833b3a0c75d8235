"""What can have happened to a line of a list: a candidate expected until they enrol."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from casefiles.events.facts import Fact


class Acquired(Fact):
    """Blocs acquired before this installation (a « reprise »), and the proof that says so.

    proof: the name of the file the office deposits; session: where they were acquired, in words.
    """

    blocs: tuple[str, ...] = ()
    on: date | None = None
    session: str = ""
    proof: str = ""


class CandidateListed(Fact):
    """One line of a list was accepted.

    values: the answers its inscription is printed with; missing: what the candidate still has to
    say; likeness: why the office is asked before anything is prepared, or ""; entered_on: the day
    of an inscription made before this installation.
    """

    type: Literal["CandidateListed"] = "CandidateListed"
    number: str
    list_mark: str
    list_name: str
    line: int
    name: str
    certification: str
    certification_hash: str
    values: dict[str, Any] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    likeness: str = ""
    entered_on: date | None = None
    acquired: Acquired | None = None
    proof: str = ""


class LikenessSettled(Fact):
    """The office says that this candidate is expected, whatever they resemble."""

    type: Literal["LikenessSettled"] = "LikenessSettled"
    by: str
    because: str


class ProofDeposited(Fact):
    """The file a reprise was waiting for came, under the name its line gives."""

    type: Literal["ProofDeposited"] = "ProofDeposited"
    document: str
    sha256: str
    dropped_as: str


class PreregistrationClosed(Fact):
    """Nobody is expected any more: the case is open, or the office put the line aside."""

    type: Literal["PreregistrationClosed"] = "PreregistrationClosed"
    case: str = ""
    by: str = ""
    because: str = ""
