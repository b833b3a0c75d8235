"""The marks that let a page find its way home: the code of its print, and four corner marks.

The code identifies the print and never vouches for what is written on it. Both are artifacts.
"""

from collections.abc import Callable
from functools import lru_cache

import segno

from forms.layout import Box
from forms.objects import number
from forms.sheet import Sheet
from forms.style import BLACK, CODE_SIZE, CODE_TOP, CORNER_INSET, CORNER_SIZE
from forms.tags import Element

PageCode = Callable[[int], str]


def mark_page(sheet: Sheet, code: str) -> None:
    """The code at the top right of the page being drawn, and its four corner marks."""
    box = code_box(sheet)
    draw_code(sheet, box, code)
    for corner in corner_boxes(sheet):
        sheet.rect(corner, fill=BLACK)


def code_box(sheet: Sheet) -> Box:
    """Where the page's code stands."""
    return Box(sheet.frame.right - CODE_SIZE, CODE_TOP, CODE_SIZE, CODE_SIZE)


def corner_boxes(sheet: Sheet) -> tuple[Box, Box, Box, Box]:
    """The corner marks: top left, top right, bottom left, bottom right."""
    left, top = CORNER_INSET, CORNER_INSET
    right = sheet.frame.page_width - CORNER_INSET - CORNER_SIZE
    bottom = sheet.frame.page_height - CORNER_INSET - CORNER_SIZE
    return (
        Box(left, top, CORNER_SIZE, CORNER_SIZE),
        Box(right, top, CORNER_SIZE, CORNER_SIZE),
        Box(left, bottom, CORNER_SIZE, CORNER_SIZE),
        Box(right, bottom, CORNER_SIZE, CORNER_SIZE),
    )


def draw_code(sheet: Sheet, box: Box, text: str | bytes, element: Element | None = None) -> None:
    """A QR code filling the box (its quiet zone is the caller's); a figure if `element` is given.

    Text that is all capitals, digits and « $%*+-./: » makes the smallest code.
    """
    path = _path(text, sheet.place(box))
    if element is None:
        sheet.raw(path)
    else:
        with sheet.tagged(element):
            sheet.raw(path)


@lru_cache(maxsize=32)
def _path(text: str | bytes, place: tuple[float, float, float, float]) -> bytes:
    """The dark modules as one path, so that no viewer shows seams between them."""
    # A fixed mask: trying all eight costs five times as much and scanners read any of them.
    rows = segno.make(text, error="m", micro=False, boost_error=False, mask=3).matrix
    x, y, size, _ = place
    module = size / len(rows)
    ops = [b"0 g"]
    for line, row in enumerate(rows):
        bottom = number(y + size - (line + 1) * module)
        start = None
        for column, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                ops.append(
                    b"%b %b %b %b re"
                    % (
                        number(x + start * module),
                        bottom,
                        number((column - start) * module),
                        number(module),
                    )
                )
                start = None
    return b" ".join([*ops, b"f"])
