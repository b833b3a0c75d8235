"""The text inside a field’s rectangle, put back together from letters and their places.

What a printed copy may have lost (cut at the edge, out of order, drawn with nameless glyphs) is
told, never repaired by a guess. Places are points of the straightened page.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from forms.layout import Box
from forms.returns.rendering import Letter

_EDGE = 2.4
_SAME_LINE = 3.0
_ACROSS = 2.5
_GAP = 0.22  # of a line’s height: two letters further apart are two words
_WITHIN_WORDS = "-@/\\_&=+#.:"  # une ligne qui finit là peut couper une adresse ou un mot composé
_HIDDEN_HYPHEN = "\x02"
"""What PDFium says of a hyphen that ends a line: it takes it for one to leave out."""
_WIDE_GAP = 0.5  # the same in a file that writes its spaces: « M » and « P » may stand far apart


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """The text of a field and why it may not be taken ("" when it may).

    With letters that have no name it is "": what the file says of the others is no better.
    """

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
    told = [one for one in letters if not one.made_up]
    drawn = [one for one in told if not one.char.isspace() and _holds(box, one.box)]
    if not drawn:
        return Lettering(text="")
    spaces = [one for one in told if one.char.isspace() and _stands(box, one.foot)]
    gap = _WIDE_GAP if any(one.char == " " for one in told) else _GAP
    lines = [_line(one, spaces, gap) for one in _lines(drawn)]
    text, broken = _joined(lines, box)
    doubt = _doubt(box, letters, drawn, lines, broken=broken, many=many)
    text = unicodedata.normalize("NFC", text.replace(f"{_HIDDEN_HYPHEN}\n", "-\n")).strip()
    if any(_nameless(one) for one in text if one != "\n"):
        text = ""
    return Lettering(text=text, letters=tuple(drawn), doubt=doubt)


def _holds(box: Box, other: Box) -> bool:
    x, y = other.x + other.width / 2, other.y + other.height / 2
    return box.x <= x <= box.right and box.y - 1 <= y <= box.bottom + 1


def _stands(box: Box, foot: tuple[float, float]) -> bool:
    return box.x - 1 <= foot[0] <= box.right + 1 and box.y - 1 <= foot[1] <= box.bottom + 4


def _lines(drawn: Sequence[Letter]) -> list[list[Letter]]:
    """Letters by line, from the top, each from the left.

    The file’s own order is not asked: it is whatever suited the program that drew the page.
    """
    lines: list[list[Letter]] = []
    for one in sorted(drawn, key=lambda o: o.foot[1]):
        if lines and one.foot[1] - lines[-1][0].foot[1] < _SAME_LINE:
            lines[-1].append(one)
        else:
            lines.append([one])
    return [sorted(line, key=lambda o: o.foot[0]) for line in lines]


def _line(letters: Sequence[Letter], spaces: Sequence[Letter], gap: float) -> _Line:
    top = min(one.box.y for one in letters)
    bottom = max(one.box.bottom for one in letters)
    text, word_end = letters[0].char, 0.0
    for before, after in pairwise(letters):
        if _apart(before, after, gap * max(bottom - top, 6.0), spaces):
            text += " "
            word_end = word_end or before.box.right
        text += after.char
    return _Line(
        text=text,
        left=letters[0].box.x,
        right=max(one.box.right for one in letters),
        top=top,
        bottom=bottom,
        first_word=(word_end or letters[-1].box.right) - letters[0].box.x,
    )


def _apart(before: Letter, after: Letter, gap: float, spaces: Sequence[Letter]) -> bool:
    """Whether a space stands between two letters, drawn or only left."""
    if after.box.x - before.box.right > gap:
        return True
    return any(
        abs(one.foot[1] - before.foot[1]) < _SAME_LINE
        and before.foot[0] < one.foot[0] < after.foot[0]
        for one in spaces
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
    if any(line.top < box.y - _ACROSS or line.bottom > box.bottom + _ACROSS for line in lines):
        return (
            "une ligne est écrite en travers du bord de la case ; elle est peut-être d’une autre."
        )
    if not many and last.right > box.right - _EDGE - 1.5:
        return "la réponse va jusqu’au bord de sa case ; elle est peut-être coupée."
    if any(_cut_short(line, after, box) for line, after in pairwise(lines)):
        return "un mot est coupé par la fin de la ligne."
    if many and _full(box, lines) and (broken or last.right > box.x + 0.8 * box.width):
        return "la réponse remplit toute sa case ; sa fin est peut-être cachée."
    if _goes_on(box, letters, lines):
        return "la réponse se prolonge hors de sa case."
    return ""


def _cut_short(line: _Line, after: _Line, box: Box) -> bool:
    """Whether a line may have been broken inside a word, so that no space stood there."""
    if line.right > box.right - 12 and " " not in line.text:
        return True
    word = line.text.split(" ")[-1]
    if len(word) < 2 or word[-1] not in _WITHIN_WORDS:
        return False
    # Un point ou un deux-points finit d’ordinaire une phrase : la suite le dit.
    return word[-1] not in ".:" or after.text[0].islower() or after.text[0].isdigit()


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
        "Cf",
        "Co",
        "Cn",
        "Cs",
    )
