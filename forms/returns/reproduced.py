"""Pages of somebody else as pictures with their words: nothing of theirs that could act remains.

What is shown is what a viewer shows, annotations included; the words keep their places, so that a
copy made of these can be searched and read aloud. Foreign bytes: sandbox only.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from PIL import Image

from forms.bounds import in_force, weigh
from forms.returns.pictures import is_picture, sheets_of
from forms.returns.rasters import Gray
from forms.returns.rendering import Letter, pdf_sheets

_LONGEST = 1754  # pixels: an A4 page at 150 per inch
_QUALITY = 72
_POINTS = 842.0  # what the longer side of a picture is taken to measure
_SAME_LINE = 2.0
_APART = 12.0


@dataclass(frozen=True, kw_only=True)
class Line:
    """Words on one line, from their left end; where they stand, from the top left, in points."""

    words: str
    x: float
    foot: float
    width: float
    size: float


@dataclass(frozen=True, kw_only=True)
class Reproduced:
    """One page. width and height in points; jpeg in greys, `pixels` wide and high."""

    width: float
    height: float
    jpeg: bytes
    pixels: tuple[int, int]
    lines: tuple[Line, ...] = ()


def reproduce(data: bytes, first: int = 0) -> Iterator[Reproduced]:
    """The pages of a PDF or a picture from number `first` on; UnreadableFile when it is neither."""
    if is_picture(data):
        for number, gray in enumerate(sheets_of(data, _LONGEST)):
            if number >= first:
                high, wide = gray.shape
                scale = _POINTS / max(high, wide)
                yield _reproduced(gray, wide * scale, high * scale, ())
        return
    with suppress(pikepdf.PdfError), pikepdf.open(BytesIO(data)) as pdf:
        weigh(pdf)
    with pdf_sheets(data) as sheets:
        for number in range(first, min(len(sheets), in_force().pages)):
            with sheets.sheet(number) as sheet:
                lines = tuple(_lines(sheet.letters()))
                yield _reproduced(sheet.gray(_LONGEST), sheet.width, sheet.height, lines)


def count(data: bytes) -> int:
    """How many pages `reproduce` gives in all."""
    if is_picture(data):
        return sum(1 for _ in sheets_of(data, 64))
    with pdf_sheets(data) as sheets:
        return min(len(sheets), in_force().pages)


def _reproduced(gray: Gray, width: float, height: float, lines: tuple[Line, ...]) -> Reproduced:
    out = BytesIO()
    Image.fromarray(gray).save(out, "JPEG", quality=_QUALITY)
    high, wide = gray.shape
    return Reproduced(
        width=width, height=height, jpeg=out.getvalue(), pixels=(wide, high), lines=lines
    )


def _lines(letters: tuple[Letter, ...]) -> Iterator[Line]:
    """Letters that follow one another on the same foot, without a wide gap, are a line."""
    held: list[Letter] = []
    for letter in letters:
        if held and _breaks(held[-1], letter):
            yield from _line(held)
            held = []
        if letter.char.isprintable():
            held.append(letter)
    yield from _line(held)


def _breaks(before: Letter, letter: Letter) -> bool:
    if letter.char in "\r\n":
        return True
    if letter.made_up:
        return False
    fell = abs(letter.foot[1] - before.foot[1]) > _SAME_LINE
    gap = letter.box.x - before.box.right
    return (fell and not before.made_up) or gap > _APART or gap < -_APART * 4


def _line(held: list[Letter]) -> Iterator[Line]:
    drawn = [one for one in held if not one.made_up and not one.char.isspace()]
    words = " ".join("".join(one.char for one in held).split())
    if not drawn or not words:
        return
    left, right = min(o.box.x for o in drawn), max(o.box.right for o in drawn)
    size = max(max(o.box.height for o in drawn) * 1.3, 4.0)
    yield Line(words=words, x=left, foot=drawn[0].foot[1], width=max(right - left, 1.0), size=size)
