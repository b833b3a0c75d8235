"""Fills a form with pikepdf, as somebody’s viewer would: for the demonstration and the stories."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Name


def fill(source: Path, target: Path, answers: dict[str, Any]) -> None:
    """Write `source` filled to `target`; text as str, a tick as bool, a choice by its value.

    KeyError names an answer the form has no field for.
    """
    with pikepdf.open(source) as pdf:
        form = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
        missing = answers.keys() - set(_names(form.get("/Fields", ())))
        if missing:
            raise KeyError(f"no field for {sorted(missing)}")
        for page in pdf.pages:
            for widget in page.obj.get("/Annots", ()):
                field = widget if "/T" in widget else widget.get("/Parent", widget)
                name = str(field.get("/T", ""))
                if name not in answers:
                    continue
                answer = answers[name]
                if field.get("/FT", widget.get("/FT")) == Name.Btn:
                    _press(field, widget, answer)
                else:
                    field.V = pikepdf.String(str(answer))
                    if "/AP" in widget:
                        del widget.AP
        form.NeedAppearances = True
        # The same answers on the same form give the same bytes, plain for whoever looks at them.
        pdf.save(
            target,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
        )


def _names(fields: Any, above: str = "") -> Iterator[str]:
    """The full name of every field; a widget without a name is its field’s."""
    for field in fields:
        name = ".".join(filter(None, (above, str(field.get("/T", "")))))
        yield name
        yield from _names(field.get("/Kids", ()), name)


def _press(field: Any, widget: Any, answer: Any) -> None:
    """Tick a box, or the one radio of a group whose state is the answer."""
    states = [state for state in widget.AP.N.keys() if state != "/Off"]  # noqa: SIM118
    state = states[0] if states else "/Off"
    chosen = answer is True or state == f"/{answer}"
    widget.AS = Name(state if chosen else "/Off")
    if chosen:
        field.V = Name(state)
