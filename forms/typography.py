"""Words into lines: French spacing, wrapping, and how much text a box holds.

Measures and cuts; it places and draws nothing.
"""

import re
from functools import lru_cache
from math import ceil

from forms.fonts import drawable, font
from forms.style import Face, TextStyle

NO_BREAK = "\u00a0"
_BEFORE_SIGN = re.compile(r"(?<=[^\s:;?!]) (?=[:;?!»%€])")
_AFTER_QUOTE = re.compile(r"(?<=«) ")


def french(text: str) -> str:
    """Plain spaces before « : ; ? ! % € » and inside guillemets made no-break."""
    if " " not in text:
        return text
    return _AFTER_QUOTE.sub(NO_BREAK, _BEFORE_SIGN.sub(NO_BREAK, text))


@lru_cache(maxsize=4096)
def wrap(text: str, style: TextStyle, width: float) -> tuple[str, ...]:
    """The text in lines no wider than `width` points; a word too long is cut where it must be."""
    face = font(style.face)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        words = drawable(french(paragraph)).split(" ")
        line = ""
        for word in words:
            longer = f"{line} {word}" if line else word
            if face.width(longer, style.size, style.tracking) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _cut(word, style, width)
            lines += full
        lines.append(line)
    return tuple(lines)


def _cut(word: str, style: TextStyle, width: float) -> list[str]:
    """A word in pieces that fit: after a hyphen, slash or @ if possible, else anywhere."""
    face = font(style.face)
    pieces: list[str] = []
    while face.width(word, style.size, style.tracking) > width and len(word) > 1:
        fitting = 1
        while face.width(word[: fitting + 1], style.size, style.tracking) <= width:
            fitting += 1
        breaks = [m.end() for m in re.finditer(r"[-/@._]", word[:fitting])]
        at = breaks[-1] if breaks else fitting
        pieces.append(word[:at])
        word = word[at:]
    return [*pieces, word]


def height(text: str, style: TextStyle, width: float) -> float:
    """The height of the wrapped text, in points; 0 for no text."""
    return len(wrap(text, style, width)) * style.leading if text else 0.0


def width(text: str, style: TextStyle) -> float:
    """The width of one line."""
    return font(style.face).width(drawable(french(text)), style.size, style.tracking)


def lines_for(capacity: int, style: TextStyle, width_: float) -> int:
    """Lines that hold `capacity` characters of running French, ragged line ends included."""
    one = _mean_width(style.face, style.size)
    return max(1, ceil(capacity * one / max(one, width_ - _RAGGED * one)))


@lru_cache(maxsize=64)
def _mean_width(face: Face, size: float) -> float:
    return font(face).width(_SAMPLE, size) / len(_SAMPLE)


_RAGGED = 4.4  # caractères qu'une fin de ligne laisse vides, en moyenne
_SAMPLE = (
    "Le candidat a préparé son intervention avec l’exploitant, vérifié les points de mesure de "
    "la ligne 4, puis justifié chacune de ses actions correctives devant son responsable (2 h 30)."
)
