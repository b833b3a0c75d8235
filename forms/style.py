"""The look of the house: page, grid, type scale, greys. Numbers only; it draws nothing.

Lengths are PDF points (1/72 inch) unless a name says mm; vertical positions are measured down from
the top of the page, as one reads.
"""

from dataclasses import dataclass
from enum import StrEnum

MM = 72 / 25.4

PAGE_WIDTH = 210 * MM
PAGE_HEIGHT = 297 * MM
MARGIN = 18 * MM
CONTENT_WIDTH = PAGE_WIDTH - 2 * MARGIN
CONTENT_TOP = 36.5 * MM
CONTENT_BOTTOM = PAGE_HEIGHT - 18.5 * MM
GRID = 12
GUTTER = 4 * MM

CODE_SIZE = 22 * MM
CODE_TOP = 11 * MM
QUIET = 3 * MM  # le blanc qu’un code demande autour de lui : quatre modules
# DejaVu Sans, la plus large des polices de remplacement, comparée aux nôtres.
WIDER = 1.24
WIDER_STRONG = 1.38
CORNER_SIZE = 4 * MM
CORNER_INSET = 6 * MM


class Face(StrEnum):
    """The faces of templates/fonts; the value is the file’s name without its ending."""

    SANS = "SourceSans3-Regular"
    SANS_STRONG = "SourceSans3-Semibold"
    SANS_ITALIC = "SourceSans3-It"
    SERIF = "SourceSerif4-Regular"
    SERIF_STRONG = "SourceSerif4-Semibold"
    SERIF_ITALIC = "SourceSerif4-It"
    DISPLAY = "SourceSerif4Display-Regular"
    DISPLAY_LIGHT = "SourceSerif4Display-Light"
    DISPLAY_STRONG = "SourceSerif4Display-Semibold"


BLACK = 0.0
DARK = 0.25
MIDDLE = 0.42
HAIR = 0.62
TINT = 0.955
WHITE = 1.0

HAIRLINE = 0.4
LINE = 0.7
THICK = 1.4


@dataclass(frozen=True, kw_only=True)
class TextStyle:
    """How words look. `leading` is the distance between two base lines; `grey` 0 is black."""

    face: Face = Face.SANS
    size: float = 9.5
    leading: float = 12.5
    grey: float = BLACK
    tracking: float = 0.0

    @property
    def is_strong(self) -> bool:
        """Whether its face is a bold one."""
        return self.face in (Face.SANS_STRONG, Face.SERIF_STRONG, Face.DISPLAY_STRONG)


TITLE = TextStyle(face=Face.DISPLAY_STRONG, size=21, leading=24)
SUBTITLE = TextStyle(face=Face.SERIF, size=11.5, leading=14.5)
SERIF_LINE = TextStyle(face=Face.SERIF_ITALIC, size=10, leading=12.5, grey=DARK)
SECTION = TextStyle(face=Face.SERIF_STRONG, size=12.2, leading=14.6)
SUBSECTION = TextStyle(face=Face.SANS_STRONG, size=9.5, leading=12)
BODY = TextStyle()
STRONG = TextStyle(face=Face.SANS_STRONG)
LEAD = TextStyle(face=Face.SERIF, size=9.6, leading=12.6, grey=DARK)
LABEL = TextStyle(size=8, leading=9.6, grey=DARK)
HELP = TextStyle(face=Face.SANS_ITALIC, size=7.5, leading=9, grey=MIDDLE)
SMALL = TextStyle(size=7.6, leading=9.2, grey=DARK)
CELL = TextStyle(size=8.6, leading=10.5)
CELL_STRONG = TextStyle(face=Face.SANS_STRONG, size=8.6, leading=10.5)
HEAD = TextStyle(face=Face.SANS_STRONG, size=7.4, leading=8.8, grey=DARK)
RUNNING = TextStyle(size=7.5, leading=9.5, grey=MIDDLE)
# 1,35 fois le corps : l’interligne que pdf.js donne à ce qu’on y tape.
ANSWER = TextStyle(size=9, leading=12.15)
CELL_ANSWER = TextStyle(size=8, leading=10.8)


def column_width(columns: int) -> float:
    """The width of `columns` of the twelve, inner gutters included."""
    one = (CONTENT_WIDTH - (GRID - 1) * GUTTER) / GRID
    return columns * one + (columns - 1) * GUTTER


def column_x(first: int) -> float:
    """The left edge of column `first` (0 to 11), from the page’s left edge."""
    return MARGIN + first * (column_width(1) + GUTTER)
