"""Writing down the page: headings, paragraphs, lists, tables, one after the other.

A cursor over a Sheet. It breaks pages, never inside a row or between a heading and what it heads.
Every piece goes under the current structure element.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from forms.layout import Box, shares
from forms.objects import Name
from forms.sheet import Sheet
from forms.style import (
    BODY,
    CELL,
    DARK,
    HAIR,
    HAIRLINE,
    HEAD,
    LINE,
    MM,
    SECTION,
    SUBSECTION,
    TITLE,
    TextStyle,
)
from forms.tags import Element
from forms.typography import height, wrap

HEADINGS = {1: TITLE, 2: SECTION, 3: SUBSECTION}
LAYOUT = Name("Layout")
TABLE = Name("Table")
COLUMN = Name("Column")
ROW = Name("Row")
_PAD = 2.6


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a printed table. `head`: it heads its row; `span`: columns it covers."""

    text: str
    style: TextStyle = CELL
    align: str = "left"
    head: bool = False
    span: int = 1
    fill: float | None = None


@dataclass(frozen=True, kw_only=True)
class Head:
    """A column of a printed table: its words and its share of the width."""

    text: str
    share: float = 1.0
    align: str = "left"


class Flow:
    """A cursor `y` on the current page of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.frame = sheet.frame
        self.here: Element = sheet.root
        self.next_page()

    # Room

    def next_page(self) -> None:
        """Go on at the top of a new page."""
        first = self.sheet.new_page() == 0
        self.y = self.frame.first_top if first else self.frame.top

    @property
    def room(self) -> float:
        """What is left of the page."""
        return self.frame.bottom - self.y

    def need(self, height_: float) -> bool:
        """Break the page unless that height is left; whether it did."""
        if height_ <= self.room + 0.01 or self.y <= self.frame.top:
            return False
        self.next_page()
        return True

    def space(self, height_: float) -> None:
        """White space; none at the foot of a page."""
        self.y = min(self.y + height_, self.frame.bottom)

    @contextmanager
    def inside(self, role: str) -> Iterator[Element]:
        """What follows goes under a new element: « Sect », « Div », « Art »…"""
        before = self.here
        self.here = before.child(role)
        yield self.here
        self.here = before

    # Words

    def heading(self, level: int, text: str, *, keep: float = 40.0, rule: bool = False) -> None:
        """A heading, kept on the page of the `keep` points that follow it."""
        style = HEADINGS[level]
        before = {1: 0.0, 2: 3.7 * MM, 3: 2.2 * MM}[level]
        after = {1: 1.5 * MM, 2: 1.0 * MM, 3: 0.6 * MM}[level]
        under_rule = 1.6 * MM if rule else 0.0
        tall = under_rule + height(text, style, self.frame.width) + after
        if not self.need(before + tall + keep) and self.y > self.frame.top:
            self.y += before
        if rule:
            self.sheet.rule(self.frame.left, self.y, self.frame.width, weight=LINE)
            self.y += under_rule
        self.paragraph(text, style, role=f"H{level}")
        self.y += after

    def paragraph(
        self,
        text: str,
        style: TextStyle = BODY,
        *,
        role: str = "P",
        x: float | None = None,
        width: float | None = None,
        align: str = "left",
        after: float = 0.0,
    ) -> None:
        """Wrapped text; it may break over pages between lines."""
        if not text:
            return
        left = self.frame.left if x is None else x
        wide = self.frame.right - left if width is None else width
        at = left + wide * {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
        element = self.here.child(role)
        waiting = list(wrap(text, style, wide))
        while waiting:
            if style.leading > self.room:
                self.next_page()
            fitting = max(1, int((self.room + 0.01) / style.leading))
            lines, waiting = waiting[:fitting], waiting[fitting:]
            with self.sheet.tagged(element):
                self.sheet.lines(at, self.y, lines, style, align=align)
            self.y += len(lines) * style.leading
        self.space(after)

    def items(
        self, texts: Sequence[str], style: TextStyle = BODY, *, bullet: str = "–", gap: float = 1.5
    ) -> None:
        """A list, each item after a dash."""
        indent = style.size * 1.1
        with self.inside("L"):
            for text in texts:
                with self.inside("LI"):
                    self.need(min(2 * style.leading, height(text, style, self.frame.width)))
                    label = self.here.child("Lbl")
                    with self.sheet.tagged(label):
                        self.sheet.text(self.frame.left, self.y, bullet, style)
                    self.paragraph(text, style, role="LBody", x=self.frame.left + indent)
                self.space(gap)

    def rule(self, *, weight: float = HAIRLINE, grey: float = HAIR, after: float = 0.0) -> None:
        """A line across the text."""
        self.sheet.rule(self.frame.left, self.y, self.frame.width, weight=weight, grey=grey)
        self.space(after)

    # Figures

    def figure(
        self, height_: float, alt: str, draw: Callable[[Box], None], *, width: float | None = None
    ) -> None:
        """A figure drawn by `draw(box)`, described in words for who cannot see it."""
        self.need(height_)
        box = Box(self.frame.left, self.y, width or self.frame.width, height_)
        x, y, wide, high = self.sheet.place(box)
        element = self.here.child(
            "Figure", alt=alt, attributes={"O": LAYOUT, "BBox": [x, y, x + wide, y + high]}
        )
        with self.sheet.tagged(element):
            draw(box)
        self.y += height_

    # Tables

    def table(
        self,
        heads: Sequence[Head],
        rows: Sequence[Sequence[Cell | str]],
        *,
        style: TextStyle = CELL,
        gap: float = 3 * MM,
    ) -> None:
        """A table under hairlines; its head is repeated on each page it reaches."""
        places = shares([h.share for h in heads], self.frame.width, gap)
        filled = [
            [c if isinstance(c, Cell) else Cell(text=c, style=style) for c in r] for r in rows
        ]
        tall = [self._row_height(row, places, gap) for row in filled]
        head_cells = [Cell(text=h.text, style=HEAD, align=h.align) for h in heads]
        head_height = self._row_height(head_cells, places, gap)
        with self.inside("Table") as table:
            # The last row never stands alone at the top of a page.
            kept = [*tall[:-2], sum(tall[-2:]), *tall[-1:]] if len(tall) > 1 else tall
            self.need(head_height + (kept[0] if kept else 0))
            self._head(table.child("THead").child("TR"), head_cells, places, head_height, gap)
            body = table.child("TBody")
            for row, high, together in zip(filled, tall, kept, strict=True):
                if self.need(together):
                    # The repeated head is an artifact: a reader hears it once.
                    self._head(None, head_cells, places, head_height, gap)
                self._row(body.child("TR"), row, places, high, gap, [h.align for h in heads])
                self.rule()

    def _head(
        self,
        element: Element | None,
        cells: Sequence[Cell],
        places: Sequence[tuple[float, float]],
        high: float,
        gap: float,
    ) -> None:
        aligns = [c.align for c in cells]
        self._row(element, cells, places, high, gap, aligns, heading=True)
        self.rule(weight=LINE, grey=DARK)

    def _row(
        self,
        element: Element | None,
        cells: Sequence[Cell],
        places: Sequence[tuple[float, float]],
        high: float,
        gap: float,
        aligns: Sequence[str],
        heading: bool = False,
    ) -> None:
        column = 0
        for cell in cells:
            x, wide = _spanned(places, column, cell.span)
            x += self.frame.left
            if cell.fill is not None:
                self.sheet.rect(Box(x - gap / 2, self.y, wide + gap, high), fill=cell.fill)
            lines = wrap(cell.text, cell.style, wide)
            align = aligns[column] if cell.align == "left" else cell.align
            at = x + wide * {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
            top = self.y + (high - _PAD - len(lines) * cell.style.leading if heading else _PAD)
            if element is None:
                self.sheet.lines(at, top, lines, cell.style, align=align)
            else:
                one = element.child("TH" if heading or cell.head else "TD")
                if heading or cell.head:
                    one.attributes = {"O": TABLE, "Scope": COLUMN if heading else ROW}
                if cell.span > 1:
                    one.attributes = {**one.attributes, "O": TABLE, "ColSpan": cell.span}
                if cell.text:
                    with self.sheet.tagged(one):
                        self.sheet.lines(at, top, lines, cell.style, align=align)
            column += cell.span
        self.y += high

    def _row_height(
        self, cells: Sequence[Cell], places: Sequence[tuple[float, float]], gap: float
    ) -> float:
        column, tall = 0, 0.0
        for cell in cells:
            _, wide = _spanned(places, column, cell.span)
            tall = max(tall, len(wrap(cell.text, cell.style, wide)) * cell.style.leading)
            column += cell.span
        return tall + 2 * _PAD


def _spanned(places: Sequence[tuple[float, float]], column: int, span: int) -> tuple[float, float]:
    x = places[column][0]
    last_x, last_width = places[column + span - 1]
    return x, last_x + last_width - x
