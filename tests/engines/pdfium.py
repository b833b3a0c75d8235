"""pdfium’s own form filler (the one behind Chrome, Edge and Android): clicked, typed, saved.

The fields are reached as a hand reaches them, by where they stand on the page.
"""

import ctypes
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tests.engines.filling import Answer, Answers, FillingError, content
from tests.engines.values import Widget, widgets


class Pdfium:
    """Saved whole, or by adding to the file when `incremental`."""

    def __init__(self, *, incremental: bool = False) -> None:
        self.name = "pdfium, incremental" if incremental else "pdfium"
        self._flags = raw.FPDF_INCREMENTAL if incremental else raw.FPDF_NO_INCREMENTAL

    def fill(self, pdf: bytes | Path, answers: Answers) -> bytes:
        """Answer field by field and save; FillingError when a field is unknown or locked."""
        data = content(pdf)
        boxes = widgets(data)
        document = pdfium.PdfDocument(data)
        try:
            document.init_forms()
            hands = [_Hand(document, document[i]) for i in range(len(document))]
            for name, value in answers.items():
                box = _box(name, value, boxes)
                hands[box.page].answer(box, value)
            for hand in hands:
                hand.close()
            out = BytesIO()
            document.save(out, flags=self._flags)
            return out.getvalue()
        finally:
            document.close()


class _Hand:
    """A pointer and a keyboard over one page."""

    def __init__(self, document: pdfium.PdfDocument, page: pdfium.PdfPage) -> None:
        self._form = document.formenv
        self._page = page

    def answer(self, box: Widget, value: Answer) -> None:
        if box.kind in ("radio", "checkbox"):
            wanted = value is not False
            if (box.state not in (None, "Off")) != wanted:
                self._click(box)
            return
        self._click(box)
        if box.kind == "choice":
            raw.FORM_SetIndexSelected(self._form, self._page, box.choices.index(str(value)), True)
        else:
            raw.FORM_SelectAllText(self._form, self._page)
            units = (str(value).replace("\n", "\r") + "\0").encode("utf-16-le", "surrogatepass")
            text = ctypes.cast(ctypes.create_string_buffer(units), raw.FPDF_WIDESTRING)
            raw.FORM_ReplaceSelection(self._form, self._page, text)
        raw.FORM_ForceToKillFocus(self._form)

    def close(self) -> None:
        self._page.close()

    def _click(self, box: Widget) -> None:
        x1, y1, x2, y2 = box.rect
        # Un champ de plusieurs lignes se touche en haut, où l’on commence à écrire.
        x, y = (x1 + x2) / 2, max((y1 + y2) / 2, y2 - 8)
        for act in (raw.FORM_OnMouseMove, raw.FORM_OnLButtonDown, raw.FORM_OnLButtonUp):
            _done(act, self._form, self._page, x, y)


def _done(act: Callable[..., Any], form: Any, page: Any, x: float, y: float) -> None:
    act(form, page, 0, x, y)


def _box(name: str, value: Answer, boxes: list[Widget]) -> Widget:
    named = [box for box in boxes if box.name == name]
    if not named:
        known = ", ".join(dict.fromkeys(box.name for box in boxes))
        raise FillingError(f"{name}: no such field; the form has: {known}")
    if named[0].locked:
        raise FillingError(f"{name}: the field is read-only or hidden")
    if named[0].kind == "radio" or (named[0].kind == "checkbox" and isinstance(value, str)):
        for box in named:
            if box.option == value:
                return box
        options = ", ".join(str(box.option) for box in named)
        raise FillingError(f"{name}: no such option; it has: {options}")
    return named[0]
