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
    """Lines that hold `capacity` characters, ragged line ends included.

    Of running French; of capitals for a capacity of a hundred or less: that is a name or a place,
    and people write those in capitals.
    """
    name = capacity <= _A_NAME
    one = _mean_width(style.face, style.size, _NAMES if name else _SAMPLE)
    ragged = one * (_RAGGED_NAME if name and capacity * one > width_ else _RAGGED)
    return max(1, ceil(capacity * one / max(one, width_ - ragged)))


@lru_cache(maxsize=64)
def _mean_width(face: Face, size: float, sample: str) -> float:
    return font(face).width(sample, size) / len(sample)


_RAGGED = 4.4  # caractères qu'une fin de ligne laisse vides, en moyenne
_SAMPLE = (
    "Le candidat a préparé son intervention avec l’exploitant, vérifié les points de mesure de "
    "la ligne 4, puis justifié chacune de ses actions correctives devant son responsable (2 h 30)."
)
_RAGGED_NAME = 7.0  # leurs mots sont longs
_A_NAME = 100
_NAMES = "MAXIMILIENNE-GWENAËLLE DE L’HAŸ-LES-WŒVRES, CHAMBRE DE MÉTIERS DE LA MAYENNE "
