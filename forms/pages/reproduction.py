"""Pages received that are not ours, reproduced: each a picture, its words under it, unseen.

It is given what the sandbox made of the foreign file: a picture in JPEG, that it never opens, and
words with their places. Nothing else of that file reaches the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casefiles.errors import PackError
from forms.canvas import first_baseline
from forms.layout import Box
from forms.metadata import About
from forms.objects import Name
from forms.pages.letterhead import PAGE, moment, shortened
from forms.sheet import Sheet
from forms.style import HAIR, MM, RUNNING, Face, TextStyle
from forms.tags import Element
from forms.typography import width

WARNING = "Reproduction en gris du document reçu ; seul l’original joint fait foi."
_JPEG = b"\xff\xd8\xff"
_ROOM = Box(PAGE.left, 20 * MM, PAGE.width, 255 * MM)


@dataclass(frozen=True, kw_only=True)
class Words:
    """A line of words: its left end, where it stands, how long and how high it is, in points."""

    text: str
    x: float
    foot: float
    width: float
    size: float


@dataclass(frozen=True, kw_only=True)
class Received:
    """A page as it was received. width and height in points, from whose top left words are placed;
    jpeg in greys, `pixels` wide and high."""

    width: float
    height: float
    jpeg: bytes
    pixels: tuple[int, int]
    lines: tuple[Words, ...] = ()


def reproduction(
    pages: Sequence[Received],
    *,
    title: str,
    organisation: str,
    made_on: date,
    first: int = 1,
    total: int = 0,
) -> bytes:
    """The pages, in order, as a finished PDF; `title`: what they are, in words.

    first: the number of the first one among the `total` received, all of them by default.

    PackError when there are none, or when one is no picture.
    """
    if not pages or not all(one.jpeg.startswith(_JPEG) for one in pages):
        raise PackError(
            f"Les pages reçues « {title} » n’ont pas pu être reproduites.",
            "L’original est gardé ; signalez ce fichier : le volume attend.",
        )
    about = About(title=title, author=organisation, created=moment(made_on))

    def decorate(sheet: Sheet, page: int, count: int) -> None:
        frame = sheet.frame
        number = f"Page {first + page - 1} sur {total or count}"
        room = frame.width - width(number, RUNNING) - 8 * MM
        sheet.text(frame.left, 10 * MM, shortened(title, RUNNING, room), RUNNING)
        sheet.text(frame.right, 10 * MM, number, RUNNING, align="right")
        sheet.text(frame.left, 283 * MM, WARNING, RUNNING)

    sheet = Sheet(about, PAGE, decorate)
    for number, one in enumerate(pages, start=first):
        sheet.new_page()
        box = fitted(one)
        x, y, wide, high = sheet.place(box)
        figure = sheet.root.child(
            "Figure",
            alt=f"Page {number} du document reçu",
            attributes={"O": Name("Layout"), "BBox": [x, y, x + wide, y + high]},
        )
        with sheet.tagged(figure):
            _draw(sheet, one, number, box)
        _spell(sheet, sheet.root, one, box)
        sheet.rect(box, stroke=HAIR)
    return sheet.finish()


def fitted(one: Received) -> Box:
    """Where the page goes: as large as it may, never larger than it was, in the middle."""
    scale = min(_ROOM.width / one.width, _ROOM.height / one.height, 1.0)
    wide, high = one.width * scale, one.height * scale
    return Box(_ROOM.x + (_ROOM.width - wide) / 2, _ROOM.y, wide, high)


def _draw(sheet: Sheet, one: Received, number: int, box: Box) -> None:
    wide, high = one.pixels
    entries = {
        "Width": int(wide),
        "Height": int(high),
        "ColorSpace": Name("DeviceGray"),
        "BitsPerComponent": 8,
        "Filter": Name("DCTDecode"),
    }
    sheet.image(box, f"page {number}", entries, one.jpeg, compress=False)


def _spell(sheet: Sheet, root: Element, one: Received, box: Box) -> None:
    """The words where they stand, drawn with no ink: found by a search, read aloud."""
    scale = box.width / one.width
    for line in one.lines:
        style = TextStyle(face=Face.SANS, size=line.size * scale, leading=line.size * scale)
        natural = width(line.text, style)
        if natural <= 0:
            continue
        stretch = min(max(100 * line.width * scale / natural, 10.0), 400.0)
        top = box.y + line.foot * scale - first_baseline(style)
        with (
            sheet.tagged(root.child("P")),
            sheet.graphics(b"3 Tr %.1f Tz" % stretch),
        ):
            sheet.text(box.x + line.x * scale, top, line.text, style)
