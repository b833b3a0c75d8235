"""Odd files by recipe: our form, or a small foreign one, as other tools and hands leave them."""

import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from forms.render import make
from tests.forms import samples
from tests.forms.samples import KEY, Toy, imprint


def form(**known: object) -> bytes:
    """The toy form, with those answers in it."""
    return make(Toy, samples.toy_scope(), imprint=imprint(Toy), key=KEY, values=known)


def changed(data: bytes, change: Callable[[pikepdf.Pdf], None], **save: Any) -> bytes:
    """The file after a change to its objects."""
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        out = BytesIO()
        pdf.save(out, **save)
    return out.getvalue()


def widget(pdf: pikepdf.Pdf, name: str, nth: int = 0) -> Any:
    """The nth widget of that field."""
    found = []
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", []):
            own = annotation if "/T" in annotation else annotation.get("/Parent")
            if own is not None and str(own.get("/T")) == name:
                found.append(annotation)
    return found[nth]


def foreign(*fields: Mapping[str, Any], listed: bool = True) -> bytes:
    """A one-page PDF of somebody else's, one widget per mapping of entries."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(400, 400))
    widgets = []
    for place, entries in enumerate(fields):
        y = 360 - 30 * place
        described = {"Rect": Array([20, y, 200, y + 20]), "F": 4, **entries}
        widgets.append(
            pdf.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name.Widget, **described),
            )
        )
    pdf.pages[0].obj.Annots = Array(widgets)
    if listed:
        pdf.Root.AcroForm = Dictionary(Fields=Array(widgets))
    out = BytesIO()
    with warnings.catch_warnings(category=pikepdf.PageCopyWarning, action="ignore"):
        pdf.save(out)
    return out.getvalue()


def text(name: str, value: bytes | None = None, **entries: Any) -> dict[str, Any]:
    """A text field whose value is those bytes."""
    stored = {} if value is None else {"V": String(value)}
    return {"FT": Name.Tx, "T": String(name), **stored, **entries}


def radio(pdf: pikepdf.Pdf, value: str | None, states: Mapping[str, str], **entries: Any) -> None:
    """A radio « avis » on the first page: options and the /AS of each."""
    look = pdf.make_stream(b"")
    stored = {} if value is None else {"V": Name("/" + value)}
    parent = pdf.make_indirect(
        Dictionary(FT=Name.Btn, Ff=1 << 15, T=String("avis"), **stored, **entries)
    )
    kids = []
    for place, (option, state) in enumerate(states.items()):
        shown = {} if state == "" else {"AS": Name("/" + state)}
        kids.append(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Widget,
                    Rect=Array([20 + 30 * place, 20, 40 + 30 * place, 40]),
                    F=4,
                    Parent=parent,
                    AP=Dictionary(N=Dictionary({"/" + option: look, "/Off": look})),
                    **shown,
                )
            )
        )
    parent.Kids = Array(kids)
    pdf.pages[0].obj.Annots = Array(kids)
    pdf.Root.AcroForm = Dictionary(Fields=Array([parent]))


def with_radio(value: str | None, states: Mapping[str, str], **entries: Any) -> bytes:
    """A file whose only field is that radio."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(400, 400))
    radio(pdf, value, states, **entries)
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def scanned() -> bytes:
    """A page that is one picture."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    image = pdf.make_stream(
        b"\x80" * 64,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=8,
        Height=8,
        ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
    pdf.pages[0].obj.Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /Im0 Do")
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()
