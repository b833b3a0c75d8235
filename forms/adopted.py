"""Other people’s fillable PDFs: what their fields are, and a copy with what we know written in.

Which field answers which question is `templates.adopted`’s business. Foreign bytes: sandbox only.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pikepdf

from casefiles.answers import imprint as imprints
from casefiles.answers.imprint import Imprint
from forms.active import strip
from forms.opening import open_pdf
from forms.read import option_named
from forms.widgets import Walk, Widget
from templates.adopted import FieldKind, TheirField, Value

_READ_ONLY, _RADIO, _PUSH = 1, 1 << 15, 1 << 16
_HIDDEN = 2


def their_fields(data: bytes) -> dict[str, TheirField]:
    """Every field of a fillable PDF, by name; UnreadableFile as `read`."""
    with open_pdf(data) as pdf:
        return {
            name: _described(name, widgets)
            for name, widgets in _widgets(pdf).items()
            if name != imprints.FIELD
        }


def prefilled(data: bytes, values: Mapping[str, Value], *, imprint: Imprint) -> bytes:
    """Their form with these values in it and our print’s name, and nothing in it that acts.

    Viewers draw the values anew: their form’s own fonts are its business.
    """
    with open_pdf(data) as pdf:
        strip(pdf)
        fields = _widgets(pdf)
        for name, value in values.items():
            for widget in fields.get(name, ()):
                _write(widget, value)
        _carry(pdf, imprint)
        pdf.Root.AcroForm.NeedAppearances = True
        out = BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


class _Box:
    """A widget and the object that can be written to."""

    def __init__(self, seen: Widget, obj: Any) -> None:
        self.seen = seen
        self.obj = obj

    @property
    def field(self) -> Any:
        """Where the value is kept: the widget, or the parent that bears the name."""
        own = self.obj
        return own if "/T" in own or "/Parent" not in own else own.Parent


def _widgets(pdf: pikepdf.Pdf) -> dict[str, list[_Box]]:
    found: dict[str, list[_Box]] = {}
    walk = Walk()
    for number, page in enumerate(pdf.pages, start=1):
        listed = page.obj.get("/Annots")
        objects = [
            one
            for one in (listed.as_list() if isinstance(listed, pikepdf.Array) else ())
            if isinstance(one, pikepdf.Dictionary)
        ]
        for seen, obj in zip(walk.on_page(page, number), objects, strict=True):
            if isinstance(seen, Widget) and seen.name:
                found.setdefault(seen.name, []).append(_Box(seen, obj))
    return found


def _described(name: str, boxes: list[_Box]) -> TheirField:
    first = boxes[0].seen
    read_only = bool(first.flags & _READ_ONLY)
    states: tuple[str, ...] = ()
    kind: FieldKind = "other"
    if first.kind == "/Tx":
        kind = "text"
    elif first.kind == "/Ch":
        kind, states = "one_of", _choices(first)
    elif first.kind == "/Btn" and not first.flags & _PUSH:
        on = dict.fromkeys(state for one in boxes for state in one.seen.on_states)
        kind = "one_of" if first.flags & _RADIO or len(on) > 1 else "tick"
        if kind == "one_of":
            states = tuple(option_named([one.seen for one in boxes], state) for state in on)
    return TheirField(name=name, kind=kind, states=states, read_only=read_only)


def _choices(widget: Widget) -> tuple[str, ...]:
    options = widget.options
    if not isinstance(options, pikepdf.Array):
        return ()
    return tuple(
        str(one[0]) if isinstance(one, pikepdf.Array) and len(one) else str(one)
        for one in options.as_list()
    )


def _write(box: _Box, value: Value) -> None:
    if box.seen.kind == "/Btn":
        for state in box.seen.on_states:
            if value is True or option_named([box.seen], state) == value:
                box.obj.AS = pikepdf.Name(f"/{state}")
                box.field.V = pikepdf.Name(f"/{state}")
                return
        box.obj.AS = pikepdf.Name.Off
        return
    box.field.V = pikepdf.String(str(value))
    if "/AP" in box.obj:
        del box.obj["/AP"]


def _carry(pdf: pikepdf.Pdf, imprint: Imprint) -> None:
    """Our print’s name, in a hidden read-only field of the first page."""
    form = pdf.Root.AcroForm
    carried = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String(imprints.FIELD),
            TU=pikepdf.String("Empreinte du tirage, pour le bureau"),
            Ff=_READ_ONLY,
            F=_HIDDEN,
            Rect=pikepdf.Array([0, 0, 0, 0]),
            DA=pikepdf.String("/Helv 1 Tf 0 g"),
            V=pikepdf.String(imprint.text()),
        )
    )
    form.Fields.append(carried)
    page = pdf.pages[0].obj
    if "/Annots" not in page:
        page.Annots = pikepdf.Array([])
    page.Annots.append(carried)
