"""Whether the letters drawn on a page look like what its file says they are.

A file’s text may lie about its drawing: PostScript printers lose the names of glyphs, and anyone
can write one word and show another. So each letter is held against the house font’s: not to read
it, only to see whether its name is among the likely ones. It knows nothing of forms.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from forms.fonts import font
from forms.layout import Box
from forms.returns.rasters import Gray
from forms.style import Face

Shape = npt.NDArray[np.float32]

_SIDE = 16
_DRAWN_AT = 64
_SMALLEST = 5.0  # pixels: full stops, commas and dashes have no shape to speak of
_LIKELY = 3
_SHIFTS = (-0.5, 0.0)  # pixels: PDFium draws upright letters from whole pixels, a little left
_ALIKE = 0.42
_AMONG_LIKELY = 0.42
_RIVALS = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    "éèêàçùôîïâûëœæÉÈÀÇŒ€%&@()/?!«»\\łŁ;:"
)


def look_named(page: Gray, letters: Sequence[tuple[str, Box]], scale: float) -> bool:
    """Whether letters look, on the whole, like their names.

    page: dark on white, `scale` pixels per unit of the boxes. Letters too small to tell are passed
    over; True when there is nothing to judge.
    """
    judged = [
        (_named(char), box)
        for char, box in letters
        if max(box.width, box.height) * scale >= _SMALLEST
    ]
    return not judged or any(_alike(page, judged, scale, shift) for shift in _SHIFTS)


def _alike(
    page: Gray, letters: Sequence[tuple[Shape | None, Box]], scale: float, shift: float
) -> bool:
    likeness, among = [], []
    for named, box in letters:
        if named is None:
            likeness.append(0.0)
            among.append(False)
            continue
        drawn = _drawn(page, Box(box.x + shift / scale, box.y, box.width, box.height), scale)
        alike = float(named @ drawn)
        likeness.append(alike)
        among.append(int((_rivals() @ drawn > alike + 1e-6).sum()) < _LIKELY)
    return float(np.mean(likeness)) >= _ALIKE and float(np.mean(among)) >= _AMONG_LIKELY


def _drawn(page: Gray, box: Box, scale: float) -> Shape:
    """What stands in the box, whatever its size, as a shape."""
    fine = 2 * _SIDE
    wide, high = max(1.0, box.width * scale) / fine, max(1.0, box.height * scale) / fine
    where = np.array(
        [
            [wide, 0, box.x * scale - 0.5 + wide / 2],
            [0, high, box.y * scale - 0.5 + high / 2],
        ],
        np.float32,
    )
    cut = cv2.warpAffine(
        page,
        where,
        (fine, fine),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255.0,),
    )
    return _shape(255.0 - np.asarray(cut, np.float32))


@lru_cache(maxsize=1024)
def _named(char: str) -> Shape | None:
    """The shape of a character in the house font; None when it has none."""
    face = _font()
    left, top, right, bottom = (int(edge) for edge in face.getbbox(char))
    if right <= left or bottom <= top or char not in _known():
        return None
    picture = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(picture).text((-left, -top), char, fill=255, font=face)
    drawn = np.asarray(picture, np.float32)
    return _shape(cv2.GaussianBlur(drawn, (0, 0), 0.06 * max(drawn.shape)))


@cache
def _rivals() -> npt.NDArray[np.float32]:
    return np.array([shape for char in _RIVALS if (shape := _named(char)) is not None])


def _shape(drawn: npt.NDArray[np.generic]) -> Shape:
    """A picture as a direction: its size, weight and contrast left out."""
    small = cv2.resize(np.asarray(drawn, np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    flat = np.asarray(small, np.float32).ravel()
    flat = flat - flat.mean()
    length = float(np.linalg.norm(flat))
    return np.asarray(flat / length if length > 0 else flat, np.float32)


@cache
def _font() -> ImageFont.FreeTypeFont:
    data = (files("templates") / "fonts" / f"{Face.SANS}.ttf").read_bytes()
    return ImageFont.truetype(BytesIO(data), _DRAWN_AT)


@cache
def _known() -> frozenset[str]:
    return frozenset(font(Face.SANS).glyphs)
