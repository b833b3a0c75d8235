"""Tables of questions: what is judged on the left, the answers on the right under their heads.

The options of a one-of-several column are sub-columns, so that a row is ticked straight across.
Rows never split; the head comes back on every page the table reaches.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from casefiles.answers.outline import Column, Kind, Question, Table, TableRow
from forms.fields import PAD
from forms.flow import COLUMN, ROW, TABLE, Flow
from forms.ink import Ink
from forms.layout import Box
from forms.questions import MARK, first_line, required_mark, text_height, text_lines
from forms.style import (
    CELL,
    CELL_ANSWER,
    CELL_STRONG,
    DARK,
    HAIR,
    HEAD,
    LINE,
    MM,
    SMALL,
    THICK,
)
from forms.tags import Element
from forms.typography import NO_BREAK, height, width, wrap

_GAP = 3.5 * MM
_NEAR = 1.2 * MM
_PAD = 2.9
_INDENT = 8.0
_NUMBER_WIDTH = 6 * MM
_GROUP_PAD = 5.2
_BED = 1.4
_STEP = 11.5 * MM


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A column of the grid: its left edge, its width, its head and its question's options."""

    column: Column
    x: float
    width: float
    mark: str

    @property
    def steps(self) -> list[tuple[str, str, float, float]]:
        """Each option's value, label, left edge and width."""
        step = self.width / max(1, len(self.column.options))
        return [
            (o.value, head_words(o.label), self.x + i * step, step)
            for i, o in enumerate(self.column.options)
        ]


class Grid:
    """One table of questions about to be drawn."""

    def __init__(self, flow: Flow, ink: Ink, table: Table) -> None:
        self._flow = flow
        self._ink = ink
        self._sheet = flow.sheet
        self._table = table
        self._label_width, self._places = _across(flow, table)
        self._head_height = self._measure_head()

    def start_height(self) -> float:
        """The head and the first row, to keep them with the table's heading."""
        rows = self._table.rows
        if not rows:
            return self._head_height
        first = rows[0]
        return self._head_height + self._group_height(first.row.group) + self._row_height(first)

    def draw(self) -> None:
        """The whole table, over as many pages as it takes."""
        flow, group = self._flow, ""
        with flow.inside("Table") as table:
            flow.need(self.start_height())
            self._draw_head(table.child("THead"))
            body = table.child("TBody")
            for row in self._table.rows:
                new_group = row.row.group if row.row.group != group else ""
                high = self._row_height(row)
                if flow.need(high + self._group_height(new_group)):
                    self._draw_head(None)
                if new_group:
                    group = new_group
                    self._draw_group(body.child("TR"), group)
                self._draw_row(body.child("TR"), row, high)
                flow.rule(grey=HAIR)
        flow.space(3 * MM)

    # Head

    def _measure_head(self) -> float:
        tall = HEAD.leading
        for place in self._places:
            lines = len(wrap(place.column.label + place.mark, HEAD, place.width))
            if place.column.kind is Kind.ONE_OF:
                lines += max(len(wrap(label, HEAD, w - 3)) for _, label, _, w in place.steps)
            tall = max(tall, lines * HEAD.leading + (2 if place.column.options else 0))
        return tall + 2 * _PAD

    def _draw_head(self, thead: Element | None) -> None:
        flow, frame = self._flow, self._flow.frame
        flow.sheet.rule(frame.left, flow.y, frame.width, weight=THICK / 2, grey=DARK)
        split = any(p.column.kind is Kind.ONE_OF for p in self._places)
        first = thead.child("TR") if thead else None
        second = thead.child("TR") if thead and split else None
        bottom = flow.y + self._head_height - _PAD
        down: dict[str, object] = {"RowSpan": 2} if second else {}
        words = self._table.row_label or ("N°" if self._table.numbered else "Intitulé")
        self._head_cell(first, words, frame.left, self._label_width, bottom, down)
        for place in self._places:
            label = place.column.label + place.mark
            if place.column.kind is not Kind.ONE_OF:
                centred = place.column.kind is Kind.TICK
                self._head_cell(first, label, place.x, place.width, bottom, down, centred)
                continue
            lines = max(len(wrap(words, HEAD, w - 3)) for _, words, _, w in place.steps)
            above = bottom - lines * HEAD.leading - 2
            across: dict[str, object] = {"ColSpan": len(place.column.options)}
            self._head_cell(first, label, place.x, place.width, above, across, True)
            flow.sheet.rule(place.x + 2, above + 1.2, place.width - 4, grey=HAIR)
            for _, words, x, wide in place.steps:
                self._head_cell(second, words, x + 1.5, wide - 3, bottom, {}, True)
        flow.y += self._head_height
        flow.rule(weight=LINE, grey=DARK)

    def _head_cell(
        self,
        row: Element | None,
        words: str,
        x: float,
        wide: float,
        bottom: float,
        attributes: dict[str, object],
        centred: bool = False,
    ) -> None:
        lines = wrap(words, HEAD, wide)
        top = bottom - len(lines) * HEAD.leading
        at, align = (x + wide / 2, "centre") if centred else (x, "left")
        if row is None:
            self._sheet.lines(at, top, lines, HEAD, align=align)
            return
        cell = row.child("TH", attributes={"O": TABLE, "Scope": COLUMN, **attributes})
        with self._sheet.tagged(cell):
            self._sheet.lines(at, top, lines, HEAD, align=align)

    # Rows

    def _group_height(self, words: str) -> float:
        return height(words, CELL_STRONG, self._flow.frame.width) + _GROUP_PAD if words else 0.0

    def _draw_group(self, row: Element, words: str) -> None:
        flow = self._flow
        span = 1 + sum(max(1, len(p.column.options)) for p in self._places)
        cell = row.child("TH", attributes={"O": TABLE, "Scope": ROW, "ColSpan": span})
        with self._sheet.tagged(cell):
            lines = wrap(words, CELL_STRONG, flow.frame.width)
            self._sheet.lines(flow.frame.left, flow.y + 4.2, lines, CELL_STRONG)
        flow.y += self._group_height(words)

    def _label(self, row: TableRow) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """The row's words and its sub-items, in lines."""
        wide = self._label_width
        words = wrap(row.row.label, CELL, wide)
        return words, [wrap(item, SMALL, wide - _INDENT) for item in row.row.items]

    def _row_height(self, row: TableRow) -> float:
        words, items = self._label(row)
        tall = len(words) * CELL.leading + sum(len(i) for i in items) * SMALL.leading
        tall += 1.5 if items else 0
        for place, cell in zip(self._places, row.cells, strict=True):
            if cell.kind in (Kind.TEXT, Kind.DATE):
                tall = max(
                    tall,
                    text_height(self._cell_lines(place, cell), CELL_ANSWER) + 2 * _BED - 2 * _PAD,
                )
        return tall + 2 * _PAD

    def _cell_lines(self, place: _Place, cell: Question) -> int:
        room = place.width - 2 * PAD
        return text_lines(cell, self._ink.answer(cell), CELL_ANSWER, room)

    def _draw_row(self, element: Element, row: TableRow, high: float) -> None:
        flow, frame = self._flow, self._flow.frame
        words, items = self._label(row)
        head = element.child("TH", attributes={"O": TABLE, "Scope": ROW})
        y = flow.y + _PAD
        with self._sheet.tagged(head):
            self._sheet.lines(frame.left, y, words, CELL)
            y += len(words) * CELL.leading + 1.5
            for item in items:
                self._sheet.lines(frame.left, y, ("–",), SMALL)
                self._sheet.lines(frame.left + _INDENT, y, item, SMALL)
                y += len(item) * SMALL.leading
        middle = flow.y + _PAD + CELL.leading / 2
        subject = f"ligne {row.row.label}" if self._table.numbered else row.row.label
        for place, cell in zip(self._places, row.cells, strict=True):
            spoken = f"{subject} — {cell.label}"
            self._draw_cell(element, place, cell, spoken, middle, high)
        flow.y += high

    def _draw_cell(
        self,
        row: Element,
        place: _Place,
        cell: Question,
        spoken: str,
        middle: float,
        high: float,
    ) -> None:
        if cell.kind is Kind.ONE_OF:
            spots = {
                value: (row.child("TD"), Box(x + (wide - MARK) / 2, middle - MARK / 2, MARK, MARK))
                for value, _, x, wide in place.steps
            }
            self._ink.one_of(cell, spoken, spots)
            return
        element = row.child("TD")
        if cell.kind is Kind.TICK:
            x = place.x + (place.width - MARK) / 2
            self._ink.tick(element, Box(x, middle - MARK / 2, MARK, MARK), cell, spoken)
            return
        box = Box(place.x, self._flow.y + _BED, place.width, high - 2 * _BED)
        self._ink.tint(box, cell)
        box, many = first_line(box, cell)
        self._ink.text(element, box, cell, spoken, CELL_ANSWER, many)


def _across(flow: Flow, table: Table) -> tuple[float, list[_Place]]:
    """The width of the row words, and the place of each column.

    Options take what their words need; what they leave, or lack, is shared by the words of the
    rows, if they have any, and the columns one writes in.
    """
    frame = flow.frame
    total = sum(c.columns for c in table.columns)
    label = _NUMBER_WIDTH if table.numbered else frame.span(0, max(3, 12 - total))[1]
    gaps = [_GAP, *(_gap(before, one) for before, one in pairwise(table.columns))]
    free = frame.width - label - sum(gaps)
    widths = [free * c.columns / total for c in table.columns]
    needed = [_needed(c, w) for w, c in zip(widths, table.columns, strict=True)]
    spare = sum(widths) - sum(needed)
    writing = sum(c.columns for c in table.columns if c.kind is Kind.TEXT)
    to_columns = 0.0 if not writing else spare if table.numbered else spare / 2
    label += 0.0 if table.numbered else spare - to_columns
    widths = [
        w + (to_columns * c.columns / writing if c.kind is Kind.TEXT else 0)
        for w, c in zip(needed, table.columns, strict=True)
    ]
    x, places = frame.left + label, []
    for index, (column, wide) in enumerate(zip(table.columns, widths, strict=True)):
        x += gaps[index]
        cells = [row.cells[index] for row in table.rows]
        mark = next((required_mark(c) for c in cells if required_mark(c)), "")
        places.append(_Place(column=column, x=x, width=wide, mark=mark))
        x += wide
    return label, places


def _gap(before: Column, column: Column) -> float:
    """The room before a column: next to nothing between columns one ticks, padded as they are."""
    ticked = (Kind.ONE_OF, Kind.TICK)
    return _NEAR if before.kind in ticked and column.kind in ticked else _GAP


def head_words(label: str) -> str:
    """The words of a head, a word of one or two letters kept with the one after it."""
    return re.sub(r"(?<!\S)(\S{1,2}) ", rf"\1{NO_BREAK}", label)


def _needed(column: Column, wide: float) -> float:
    """The width a column cannot do without: all of it, but for options and ticks."""
    if column.kind is Kind.TICK:
        words = head_words(column.label).split(" ")
        return min(wide, max(_STEP, *(width(word, HEAD) for word in words)) + 6)
    if column.kind is not Kind.ONE_OF:
        return wide
    words = [word for option in column.options for word in head_words(option.label).split(" ")]
    step = max(_STEP, max((width(word, HEAD) for word in words), default=0) + 6)
    return max(step * len(column.options), width(column.label + " *", HEAD) + 8)


def draw_grid(flow: Flow, ink: Ink, table: Table) -> None:
    """Draw a table of questions where the cursor stands."""
    Grid(flow, ink, table).draw()
