"""Where everything stands on a print of ours: each page’s code and marks, each field’s boxes.

Read from the very bytes that were issued, so a return is compared with what was really printed. It
knows nothing of what comes back.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pikepdf

from casefiles.answers.imprint import FIELD, Imprint
from casefiles.errors import UnreadableFile
from forms.code import code_box, corner_boxes
from forms.layout import Box, Frame
from forms.metadata import About
from forms.opening import open_pdf
from forms.read import FieldsRead, Value, read
from forms.sheet import Sheet
from forms.style import MARGIN
from forms.typography import NO_BREAK
from forms.widgets import Walk, Widget, whole

FieldKind = Literal["text", "tick", "one_of", "signature"]

_READ_ONLY = 1
_MULTI_LINE = 1 << 12
_RADIO = 1 << 15


@dataclass(frozen=True, kw_only=True)
class Spot:
    """One box of a field on a page (1-based), in points from the top left.

    option, label: what it stands for in a choice, and its words.
    """

    page: int
    box: Box
    option: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class PrintedField:
    """A field as it was printed: its words, its boxes, and what already stood in it.

    given: the filler may not change it. many: several lines.
    """

    name: str
    kind: FieldKind
    words: str
    spots: tuple[Spot, ...]
    given: bool = False
    many: bool = False
    printed: str | bool = ""


@dataclass(frozen=True, kw_only=True)
class PageMarks:
    """What every page bears so that it can be found and straightened, in points."""

    width: float
    height: float
    code: Box
    corners: tuple[Box, Box, Box, Box]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One print. `pdf` is the file that was issued."""

    imprint: Imprint
    pages: tuple[PageMarks, ...]
    fields: tuple[PrintedField, ...]
    pdf: bytes = field(repr=False)

    def on_page(self, page: int) -> tuple[PrintedField, ...]:
        """The fields with a box on that page (1-based), in reading order."""
        return self._by_page.get(page, ())

    @cached_property
    def _by_page(self) -> dict[int, tuple[PrintedField, ...]]:
        found: dict[int, list[PrintedField]] = {}
        for one in self.fields:
            for page in dict.fromkeys(spot.page for spot in one.spots):
                found.setdefault(page, []).append(one)
        return {page: tuple(fields) for page, fields in found.items()}


def layout_of(pdf: bytes) -> Layout:
    """The layout of a form we issued, from its own bytes; UnreadableFile when they are not ours."""
    seen = read(pdf)
    if seen.imprint is None:
        raise UnreadableFile("Ce PDF n’est pas un formulaire de Parchemin.")
    with open_pdf(pdf) as opened:
        sizes = [_size(page) for page in opened.pages]
        fields = _fields(opened, seen, [high for _, high in sizes])
    return Layout(
        imprint=seen.imprint,
        pages=tuple(_marks(wide, high) for wide, high in sizes),
        fields=fields,
        pdf=pdf,
    )


def _size(page: pikepdf.Page) -> tuple[float, float]:
    x1, y1, x2, y2 = (float(v) for v in page.mediabox.as_list())
    return x2 - x1, y2 - y1


def _marks(wide: float, high: float) -> PageMarks:
    frame = Frame(page_width=wide, page_height=high, right=wide - MARGIN)
    sheet = Sheet(About(title=""), frame=frame)
    return PageMarks(width=wide, height=high, code=code_box(sheet), corners=corner_boxes(sheet))


def _fields(
    opened: pikepdf.Pdf, seen: FieldsRead, heights: list[float]
) -> tuple[PrintedField, ...]:
    widgets: dict[str, list[Widget]] = {}
    walk = Walk()
    for number, page in enumerate(opened.pages, start=1):
        for one in walk.on_page(page, number):
            if isinstance(one, Widget) and one.name and one.name != FIELD:
                widgets.setdefault(one.name, []).append(one)
    return tuple(
        _field(name, boxes, seen.values.get(name, ""), heights) for name, boxes in widgets.items()
    )


def _field(name: str, widgets: list[Widget], printed: Value, heights: list[float]) -> PrintedField:
    first = widgets[0]
    kind: FieldKind = "text"
    if first.kind == "/Sig":
        kind = "signature"
    elif first.kind == "/Btn":
        kind = "one_of" if first.flags & _RADIO else "tick"
    words = _words(first, kind)
    return PrintedField(
        name=name,
        kind=kind,
        words=words,
        spots=tuple(_spot(one, kind, heights, words) for one in widgets),
        given=bool(first.flags & _READ_ONLY),
        many=bool(first.flags & _MULTI_LINE),
        printed=printed if isinstance(printed, bool) else str(printed),
    )


def _words(widget: Widget, kind: FieldKind) -> str:
    """The question in the words of the form, as it is read aloud."""
    own = widget.own
    if kind == "one_of" and isinstance(own.get("/Parent"), pikepdf.Dictionary):
        own = dict(own["/Parent"].as_dict())
    return str(own.get("/TU", "")) or widget.name


def _spot(widget: Widget, kind: FieldKind, heights: list[float], words: str) -> Spot:
    x1, y1, x2, y2 = (float(v) for v in widget.own["/Rect"].as_list())
    high = heights[widget.page - 1]
    chosen = kind == "one_of"
    return Spot(
        page=whole(widget.page),
        box=Box(min(x1, x2), high - max(y1, y2), abs(x2 - x1), abs(y2 - y1)),
        option=next(iter(widget.on_states), "") if chosen else "",
        label=str(widget.own.get("/TU", "")).removeprefix(f"{words}{NO_BREAK}: ") if chosen else "",
    )
