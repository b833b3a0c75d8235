"""Whether a form shows the texts it records: whoever signs it signs what is seen.

Viewers draw texts badly (a letter missing, a box for another): only another text is told, never a
spelling. Ticks and boxes are `faces`’ business. Foreign bytes: sandbox only.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

import pikepdf

from forms.opening import open_pdf
from forms.returns.rendering import pdf_sheets

_LONGEST = 400  # letters compared: what follows in a long text is not what is read first
_LINE = 40
_HIDDEN = 1 | 2 | 32
Place = tuple[str, tuple[float, float, float, float]]


def otherwise(data: bytes, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the texts that show something else than their value, or nothing.

    UnreadableFile when the pages cannot be drawn. A form that asks to be drawn anew by each viewer
    shows its values: there is nothing to compare.
    """
    with open_pdf(data) as pdf:
        form = pdf.Root.get("/AcroForm")
        if isinstance(form, pikepdf.Dictionary) and form.get("/NeedAppearances", False):
            return ()
        pages = [list(_texts(page)) for page in pdf.pages]
    found: dict[str, None] = {}
    with pdf_sheets(data) as sheets:
        for number, places in enumerate(pages):
            told = [(n, box) for n, box in places if isinstance(values.get(n), str) and values[n]]
            if not told:
                continue
            with sheets.sheet(number) as sheet:
                for name, box in told:
                    if not alike(sheet.words_in(*box), values[name]):
                        found[name] = None
    return tuple(found)


def alike(shown: str, value: str) -> bool:
    """Whether what is shown is that value, or as much of its beginning as there was room for.

    A viewer may lose a letter its font lacks, a few of a long text; it adds none to a short one.
    """
    seen, meant = _letters(shown)[:_LONGEST], _letters(value)[: 2 * _LONGEST]
    if len(meant) < 2 or not seen:
        return seen == meant
    if len(seen) < min(len(meant), 12) // 2:  # a word of the answer, not its first letter
        return False
    if len(seen) > _LINE and 5 * len(meant) > 6 * len(seen):
        seen = seen[: len(seen) // 2]  # its last lines are cut through
    blocks = SequenceMatcher(None, meant, seen, autojunk=False).get_matching_blocks()
    kept = sum(block.size for block in blocks)
    end = max(block.a + block.size for block in blocks[:-1]) if kept else 0
    found = {place for block in blocks for place in range(block.a, block.a + block.size)}
    rare = _rare(value)
    lost = sum(place not in found and place not in rare for place in range(end))
    return len(seen) - kept <= len(seen) // 20 and lost <= len(seen) // 20


def _letters(text: str) -> str:
    return "".join(letter for letter, _ in _each(text))


def _rare(text: str) -> set[int]:
    """The places of the letters a viewer’s own font may lack: those beyond Western Europe’s."""
    return {place for place, (_, rare) in enumerate(_each(text)) if rare}


def _each(text: str) -> Iterator[tuple[str, bool]]:
    for char in unicodedata.normalize("NFC", text):
        for letter in unicodedata.normalize("NFKD", char.casefold()):
            if letter.isalnum():
                yield letter, char > "\xff"


def _texts(page: pikepdf.Page) -> Iterator[Place]:
    for widget in page.obj.get("/Annots", []):
        if widget.get("/Subtype") != "/Widget" or "/AP" not in widget:
            continue  # without a drawing of its own, each viewer draws the value
        if int(widget.get("/F", 0)) & _HIDDEN:
            continue
        names: list[str] = []
        kind, node = None, widget
        for _ in range(32):
            names += [str(node["/T"])] if "/T" in node else []
            kind = kind or node.get("/FT")
            if "/Parent" not in node:
                break
            node = node["/Parent"]
        sides = [float(side) for side in widget.get("/Rect", [])]
        if kind == "/Tx" and len(sides) == 4 and sides[0] != sides[2] and sides[1] != sides[3]:
            left, right = sorted((sides[0], sides[2]))
            bottom, top = sorted((sides[1], sides[3]))
            yield ".".join(reversed(names)), (left, bottom, right, top)
