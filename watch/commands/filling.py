"""Fills a form with pypdf, as somebody’s viewer would: for the demonstration and the bench."""

from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject


def fill(source: Path, target: Path, answers: dict[str, Any]) -> None:
    """Write `source` filled to `target`; text as str, a tick as bool, a choice by its value.

    KeyError names an answer the form has no field for.
    """
    writer = PdfWriter(clone_from=PdfReader(source))
    known = writer.get_fields() or {}
    if missing := answers.keys() - known.keys():
        raise KeyError(f"no field for {sorted(missing)}")
    for page in writer.pages:
        for annotation in page.get("/Annots") or ():
            widget = annotation.get_object()
            field = widget if "/T" in widget else widget["/Parent"].get_object()
            name = str(field.get("/T", ""))
            if name not in answers:
                continue
            answer = answers[name]
            kind = field.get("/FT", widget.get("/FT"))
            if kind == "/Btn":
                _press(field, widget, answer)
            else:
                field[NameObject("/V")] = TextStringObject(str(answer))
                widget.pop(NameObject("/AP"), None)
    writer.set_need_appearances_writer(True)
    with target.open("wb") as out:
        writer.write(out)


def _press(field: Any, widget: Any, answer: Any) -> None:
    """Tick a box, or the one radio of a group whose state is the answer."""
    states = [s for s in widget["/AP"]["/N"] if s != "/Off"]
    state = states[0] if states else "/Off"
    chosen = answer is True or state == f"/{answer}"
    widget[NameObject("/AS")] = NameObject(state if chosen else "/Off")
    if chosen:
        field[NameObject("/V")] = NameObject(state)
