"""What a list of candidates comes down to: its lines, accepted or refused. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from casefiles.events import Acquired


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the list. `number` is its row in the file, from 1.

    certification: its code; values: raw answers of the inscription, by field name; problems: why
    the line is refused, in French; missing: what the candidate will still have to fill in.
    entered_on, acquired and proof are those of a « reprise »: an inscription, or blocs, older than
    this installation.
    """

    number: int
    name: str
    certification: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    entered_on: date | None = None
    acquired: Acquired | None = None
    proof: str = ""

    @property
    def is_reprise(self) -> bool:
        """Whether the line tells of something older than this installation."""
        return self.entered_on is not None or self.acquired is not None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A whole list. problems: why it cannot be read at all; remarks: what was left aside, and why.

    headings: the heading of the file by the field it fills.
    """

    lines: tuple[Line, ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def accepted(self) -> tuple[Line, ...]:
        """The lines that become tracked candidates."""
        return tuple(line for line in self.lines if not line.problems)

    @property
    def refused(self) -> tuple[Line, ...]:
        """The lines to correct."""
        return tuple(line for line in self.lines if line.problems)
