"""A list of candidates read line by line: what each prefilled inscription will say, or why not.

A line is refused whole: what is wrong in it is said, nothing is guessed.
"""

from casefiles.roster.model import Line, Roster
from casefiles.roster.reading import MOST_LINES, read
from casefiles.roster.report import report

__all__ = ["MOST_LINES", "Line", "Roster", "read", "report"]
