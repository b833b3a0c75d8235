"""Boxes and where they go: arithmetic only.

Points, measured from the left and the top of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from forms.style import (
    CODE_SIZE,
    CODE_TOP,
    CONTENT_BOTTOM,
    CONTENT_TOP,
    GRID,
    GUTTER,
    MARGIN,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    QUIET,
    WIDER,
    WIDER_STRONG,
    TextStyle,
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left edge, top edge, width, height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The bottom edge."""
        return self.y + self.height

    def inset(self, by: float) -> "Box":
        """The box drawn in on all four sides."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def holds(self, other: "Box", slack: float = 0.01) -> bool:
        """Whether `other` lies inside."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@dataclass(frozen=True, kw_only=True)
class Frame:
    """Where the text of a page stands. `first_top` is the first page’s, `top` the others’."""

    page_width: float = PAGE_WIDTH
    page_height: float = PAGE_HEIGHT
    left: float = MARGIN
    right: float = PAGE_WIDTH - MARGIN
    first_top: float = CODE_TOP
    top: float = CONTENT_TOP
    bottom: float = CONTENT_BOTTOM

    @property
    def width(self) -> float:
        """The width of the text."""
        return self.right - self.left

    def beside_code(self, style: TextStyle) -> float:
        """The width for lines of that style left of the page’s code.

        LibreOffice redraws a page in its own faces, line by line: with the widest of them a line
        must still end before the blank the code needs to be read.
        """
        return (self.width - CODE_SIZE - QUIET) / (WIDER_STRONG if style.is_strong else WIDER)

    def span(self, first: int, columns: int) -> tuple[float, float]:
        """Left edge and width of `columns` columns from column `first` (0 to 11)."""
        one = (self.width - (GRID - 1) * GUTTER) / GRID
        return self.left + first * (one + GUTTER), columns * one + (columns - 1) * GUTTER


PLAIN = Frame(first_top=20 * MM, top=20 * MM)


def shares(weights: Sequence[float], width: float, gap: float) -> list[tuple[float, float]]:
    """Left offset and width of columns that share `width` by their weights, `gap` between them."""
    free = width - gap * (len(weights) - 1)
    total = sum(weights)
    found, x = [], 0.0
    for weight in weights:
        part = free * weight / total
        found.append((x, part))
        x += part + gap
    return found


def rows_of(columns: Sequence[int]) -> list[list[int]]:
    """Indices of questions laid side by side: a new row when the twelve columns are full."""
    rows: list[list[int]] = []
    taken = GRID + 1
    for index, count in enumerate(columns):
        if taken + count > GRID:
            rows.append([])
            taken = 0
        rows[-1].append(index)
        taken += count
    return rows
