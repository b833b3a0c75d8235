"""The text inside a field’s rectangle, put back together from letters and their places.

What a printed copy may have lost (cut at the edge, out of order, drawn with nameless glyphs) is
told, never repaired by a guess. Places are points of the straightened page.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from forms.layout import Box
from forms.returns.rendering import Letter

_EDGE = 2.4
_LINE_BREAKS = "\r\n"


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """The text of a field and why it may not be taken ("" when it may)."""

    text: str
    letters: tuple[Letter, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, kw_only=True)
class _Line:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    first_word: float  # its width


def lettering_in(box: Box, letters: Sequence[Letter], *, many: bool) -> Lettering:
    """The text whose letters stand in the box; `many`: it may take several lines."""
    inside = _inside(box, letters)
    drawn = [one for one in inside if not one.made_up and not one.char.isspace()]
    if not drawn:
        return Lettering(text="")
    lines = _lines(inside)
    text, broken = _joined(lines, box)
    doubt = _doubt(box, letters, drawn, lines, broken=broken, many=many)
    return Lettering(
        text=unicodedata.normalize("NFC", text).strip(), letters=tuple(drawn), doubt=doubt
    )


def _inside(box: Box, letters: Sequence[Letter]) -> list[Letter]:
    """Letters whose middle is in the box, with the spaces between them."""
    found: list[Letter] = []
    waiting: list[Letter] = []
    for one in letters:
        if one.char.isspace() or one.made_up:
            if found:
                waiting.append(one)
        elif _holds(box, one.box):
            found += [*waiting, one]
            waiting = []
        else:
            waiting = []
            if found and not found[-1].char.isspace():
                found.append(Letter(" ", found[-1].box, made_up=True))
    return found


def _holds(box: Box, other: Box) -> bool:
    x, y = other.x + other.width / 2, other.y + other.height / 2
    return box.x <= x <= box.right and box.y - 1 <= y <= box.bottom + 1


def _lines(inside: Sequence[Letter]) -> list[_Line]:
    lines: list[list[Letter]] = [[]]
    last: Box | None = None
    for one in inside:
        drawn = not one.made_up and not one.char.isspace()
        if drawn and last is not None and _below(one.box, last):
            lines.append([])
        if drawn:
            last = one.box if last is None or one.box.height > 2 or _below(one.box, last) else last
        if one.char not in _LINE_BREAKS:
            lines[-1].append(one)
        elif lines[-1]:
            lines[-1].append(Letter(" ", one.box, made_up=True))
    return [_line(one) for one in lines if any(not o.char.isspace() for o in one)]


def _below(box: Box, last: Box) -> bool:
    """Whether a letter begins a new line: its foot is lower, and it starts further left."""
    return box.bottom > last.bottom + 4.5 and box.x < last.right


def _line(letters: Sequence[Letter]) -> _Line:
    drawn = [one for one in letters if not one.char.isspace()]
    text = "".join(one.char for one in letters).strip()
    word = drawn[: len(text.split()[0])]
    return _Line(
        text=" ".join(text.split(" ")),
        left=drawn[0].box.x,
        right=max(one.box.right for one in drawn),
        top=min(one.box.y for one in drawn),
        bottom=max(one.box.bottom for one in drawn),
        first_word=word[-1].box.right - word[0].box.x,
    )


def _joined(lines: Sequence[_Line], box: Box) -> tuple[str, bool]:
    """Lines as one text, and whether some ended where its author, not the margin, ended it.

    A line whose successor’s first word would still have fitted was ended on purpose.
    """
    text, broken = "", False
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        text += line.text
        if after is None:
            break
        on_purpose = line.right + 3.0 + after.first_word < box.right - _EDGE
        broken = broken or on_purpose
        text += "\n" if on_purpose else " "
    return text, broken


def _doubt(
    box: Box,
    letters: Sequence[Letter],
    drawn: Sequence[Letter],
    lines: Sequence[_Line],
    *,
    broken: bool,
    many: bool,
) -> str:
    if any(_nameless(one.char) for one in drawn):
        return "un caractère de cette réponse n’a pas de nom dans le fichier."
    last = lines[-1]
    if any(line.left < box.x - 0.5 or line.right > box.right - 0.3 for line in lines):
        return "la réponse dépasse de sa case ; elle est peut-être coupée."
    if not many and last.right > box.right - _EDGE - 1.5:
        return "la réponse va jusqu’au bord de sa case ; elle est peut-être coupée."
    if any(line.right > box.right - 12 and " " not in line.text for line in lines[:-1]):
        return "un mot est coupé par la fin de la ligne."
    if many and _full(box, lines) and (broken or last.right > box.x + 0.8 * box.width):
        return "la réponse remplit toute sa case ; sa fin est peut-être cachée."
    if _goes_on(box, letters, lines):
        return "la réponse se prolonge hors de sa case."
    return ""


def _full(box: Box, lines: Sequence[_Line]) -> bool:
    """Whether one more line would not have fitted."""
    if len(lines) > 1:
        step = (lines[-1].bottom - lines[0].bottom) / (len(lines) - 1)
    else:
        step = 1.35 * (lines[0].bottom - lines[0].top)
    return lines[-1].bottom + step > box.bottom + 1.0


def _goes_on(box: Box, letters: Sequence[Letter], lines: Sequence[_Line]) -> bool:
    """Whether other letters touch the text from outside the box, on the same line."""
    for one in letters:
        if one.made_up or one.char.isspace() or _holds(box, one.box):
            continue
        middle = one.box.y + one.box.height / 2
        if one.box.right < box.x - 6 or one.box.x > box.right + 6:
            continue
        for line in lines:
            if line.top <= middle <= line.bottom:
                gap = max(one.box.x - line.right, line.left - one.box.right)
                if gap < 3.0:
                    return True
    return False


def _nameless(char: str) -> bool:
    return char in ("\ufffd", "\ufffe", "\uffff", "□") or unicodedata.category(char) in (
        "Cc",
        "Co",
        "Cn",
        "Cs",
    )
