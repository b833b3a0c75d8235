"""Answers posed over a form by other people’s programs: how each writes its annotations down.

A program says how its annotation looks (/AP), or leaves that to whoever shows it; it draws ticks as
letters of a dingbat font, as strokes, as a stamp, or highlights the option.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from textwrap import wrap

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from casefiles.answers.vocabulary import Form
from forms.layout import Box
from forms.returns.geometry import PrintedField
from tests.engines import rewriters
from tests.engines.poppler import Poppler
from tests.returns.marked import (
    Truth,
    layout,
    print_of,
    random_answers,
    truth_of,
)

Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Maker:
    """One program: how it poses a text and how it ticks."""

    text: Callable[["Sheet", Box, str], None]
    tick: Callable[["Sheet", Box], None]


class Sheet:
    """A page being written over; boxes are given from its top left, as the layouts have them."""

    def __init__(self, pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        self.pdf, self.page = pdf, page
        self.high = float(page.mediabox[3])
        if "/Annots" not in page.obj:
            page.obj.Annots = Array()

    def rectangle(self, box: Box) -> list[float]:
        return [box.x, self.high - box.bottom, box.right, self.high - box.y]

    def pose(
        self, kind: str, box: Box, drawing: bytes | None = None, fonts: str = "", **more: object
    ) -> None:
        """An annotation of that kind; `drawing`, in the page’s own points, is how it looks."""
        rect = self.rectangle(box)
        one = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array(rect), F=4, **more)
        if drawing is not None:
            looks = Stream(self.pdf, drawing)
            looks.Type, looks.Subtype = Name.XObject, Name.Form
            looks.BBox = Array(rect)
            looks.Matrix = Array([1, 0, 0, 1, -rect[0], -rect[1]])
            looks.Resources = Dictionary(
                Font=Dictionary({f"/{name}": self._font(name) for name in fonts.split()})
            )
            one.AP = Dictionary(N=self.pdf.make_indirect(looks))
        self.page.obj.Annots.append(self.pdf.make_indirect(one))

    def _font(self, name: str) -> pikepdf.Object:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"))
        if name != "ZapfDingbats":
            font.Encoding = Name.WinAnsiEncoding
        return self.pdf.make_indirect(font)


def _lines(sheet: Sheet, box: Box, words: str) -> bytes:
    """Words set in 8.5 points, a line under another."""
    x, _, _, top = sheet.rectangle(box)
    shown = [one.encode("cp1252", "replace") for one in words.split("\n")]
    drawn = b" T* ".join(b"<%b> Tj" % one.hex().encode() for one in shown)
    return b"BT /Helvetica 8.5 Tf 0 g 10 TL %.2f %.2f Td %b ET" % (x + 2, top - 9.5, drawn)


def _stroked(sheet: Sheet, strokes: Iterable[Points], wide: float, colour: str) -> bytes:
    paths = []
    for points in strokes:
        ends = [f"{x:.2f} {sheet.high - y:.2f}" for x, y in points]
        paths.append(f"{ends[0]} m " + " ".join(f"{end} l" for end in ends[1:]) + " S")
    return f"{colour} RG {wide} w 1 J 1 j {' '.join(paths)}".encode()


def _cross(box: Box) -> list[Points]:
    return [[(box.x, box.y), (box.right, box.bottom)], [(box.x, box.bottom), (box.right, box.y)]]


def _check(box: Box) -> list[Points]:
    middle = (box.x + 0.4 * box.width, box.bottom)
    return [[(box.x, box.y + 0.5 * box.height), middle, (box.right + 2, box.y - 2)]]


def _ink_list(sheet: Sheet, strokes: Iterable[Points]) -> Array:
    return Array([Array([v for x, y in one for v in (x, sheet.high - y)]) for one in strokes])


# Text


def text_and_looks(sheet: Sheet, box: Box, words: str) -> None:
    """Acrobat, Aperçu, pdf.js: the words, and how they look."""
    sheet.pose(
        "FreeText",
        box,
        _lines(sheet, box, words),
        "Helvetica",
        Contents=String(words),
        DA=String("0 g /Helvetica 8.5 Tf"),
        DS=String("font: Helvetica 8.5pt; text-align:left; color:#000000"),
        RC=String(f'<body xmlns="http://www.w3.org/1999/xhtml"><p>{len(words)}</p></body>'),
    )


def text_alone(sheet: Sheet, box: Box, words: str) -> None:
    """Okular and small phone programs: the words, and nothing of how they look."""
    sheet.pose("FreeText", box, Contents=String(words), DA=String("/Helv 9 Tf 0 g"))


def text_in_a_stamp(sheet: Sheet, box: Box, words: str) -> None:
    """A stamp that bears words, on as many lines as they need."""
    words = "\n".join(wrap(words, max(8, int(box.width / 5))))
    sheet.pose("Stamp", box, _lines(sheet, box, words), "Helvetica", Name=Name("/#23Texte"))


def text_on_the_page(sheet: Sheet, box: Box, words: str) -> None:
    """« Remplir et signer », Smallpdf: the words become part of the page itself."""
    font = sheet.page.add_resource(sheet._font("Helvetica"), Name.Font)
    drawing = _lines(sheet, box, words).replace(b"/Helvetica", str(font).encode())
    sheet.page.contents_add(Stream(sheet.pdf, b"q " + drawing + b" Q"))


# Ticks


def inked(sheet: Sheet, box: Box) -> None:
    """A cross drawn with a finger, its looks given."""
    strokes = _cross(box)
    sheet.pose(
        "Ink",
        box.inset(-2),
        _stroked(sheet, strokes, 1.4, "0.1 0.1 0.7"),
        InkList=_ink_list(sheet, strokes),
        C=Array([0.1, 0.1, 0.7]),
        BS=Dictionary(W=1.4),
    )


def inked_bare(sheet: Sheet, box: Box) -> None:
    """The same, the strokes only: every viewer draws them its way."""
    strokes = _check(box)
    ink = _ink_list(sheet, strokes)
    sheet.pose("Ink", box.inset(-3), InkList=ink, C=Array([0]), BS=Dictionary(W=1.5))


def dingbat(sheet: Sheet, box: Box) -> None:
    """« ✓ » of a dingbat font, as « Remplir et signer » poses it in an annotation."""
    x, y, _, _ = sheet.rectangle(box)
    drawing = b"BT /ZapfDingbats %.1f Tf 0 g %.2f %.2f Td (4) Tj ET" % (box.height + 2, x, y + 1)
    sheet.pose("FreeText", box.inset(-3), drawing, "ZapfDingbats", Contents=String("✓"))


def dingbat_on_the_page(sheet: Sheet, box: Box) -> None:
    """The same, made part of the page."""
    x, y, _, _ = sheet.rectangle(box)
    font = str(sheet.page.add_resource(sheet._font("ZapfDingbats"), Name.Font)).encode()
    drawing = b"q BT %b %.1f Tf 0 g %.2f %.2f Td (4) Tj ET Q" % (font, box.height + 2, x, y + 1)
    sheet.page.contents_add(Stream(sheet.pdf, drawing))


def stamped(sheet: Sheet, box: Box) -> None:
    """A stamp in the shape of a tick."""
    drawing = _stroked(sheet, _check(box), 1.8, "0 0.5 0")
    sheet.pose("Stamp", box.inset(-4), drawing, Name=Name("/#23Coche"))


def highlighted(sheet: Sheet, box: Box) -> None:
    """The option and its words highlighted in yellow."""
    wide = Box(box.x - 1, box.y - 1, box.width + 24, box.height + 2)
    x1, y1, x2, y2 = sheet.rectangle(wide)
    drawing = f"1 1 0 rg {x1:.2f} {y1:.2f} {x2 - x1:.2f} {y2 - y1:.2f} re f".encode()
    quad = Array([x1, y2, x2, y2, x1, y1, x2, y1])
    sheet.pose("Highlight", wide, drawing, QuadPoints=quad, C=Array([1, 1, 0]))


def circled(sheet: Sheet, box: Box) -> None:
    """The option ringed."""
    wide = box.inset(-4)
    sheet.pose("Circle", wide, C=Array([1, 0, 0]), BS=Dictionary(W=1.2))


MAKERS = {
    "text, ink": Maker(text_and_looks, inked),
    "bare text, bare ink": Maker(text_alone, inked_bare),
    "text, dingbats": Maker(text_and_looks, dingbat),
    "stamps": Maker(text_in_a_stamp, stamped),
    "text, highlights": Maker(text_and_looks, highlighted),
    "text, rings": Maker(text_and_looks, circled),
    "fill and sign, on the page": Maker(text_on_the_page, dingbat_on_the_page),
}


def annotated(
    form: type[Form], maker: Maker, rng: np.random.Generator, *, flat: bool
) -> tuple[bytes, Truth]:
    """A form of which half the answers were typed in its fields and half posed over it.

    flat: printed to a PDF first, so that everything is posed over a page without fields. A text
    whose letters no Latin font has is not posed.
    """
    answers = random_answers(form, rng)
    posed = {n: v for n, v in answers.items() if rng.random() < 0.5 and _can_be_posed(v)}
    asked = layout(form)
    filled = Poppler().fill(print_of(form), {n: v for n, v in answers.items() if n not in posed})
    with pikepdf.open(BytesIO(rewriters.printed(filled) if flat else filled)) as pdf:
        for page in pdf.pages:  # what is added to the page itself starts from a clean state
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q")
        sheets = [Sheet(pdf, page) for page in pdf.pages]
        for field in asked.fields:
            if field.name in posed:
                _pose(maker, sheets, field, posed[field.name])
        out = BytesIO()
        pdf.save(out)
    return out.getvalue(), truth_of(form, answers)


def _can_be_posed(value: str | bool) -> bool:
    return isinstance(value, bool) or not set(value.replace("\n", "")) - set(
        bytes(range(32, 256)).decode("cp1252", "ignore")
    )


def _pose(maker: Maker, sheets: list[Sheet], field: PrintedField, value: str | bool) -> None:
    if field.kind in ("tick", "one_of"):
        (spot,) = [s for s in field.spots if field.kind == "tick" or s.option == value]
        maker.tick(sheets[spot.page - 1], spot.box)
    elif field.kind == "text":
        spot = field.spots[0]
        maker.text(sheets[spot.page - 1], spot.box, str(value))
