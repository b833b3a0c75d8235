"""A one-page form with one field of each kind, made with pikepdf from the lines below."""

from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

READ_ONLY, REQUIRED = 1 << 0, 1 << 1
MULTILINE = 1 << 12
RADIO_NO_TOGGLE = (1 << 15) | (1 << 14)
COMBO = 1 << 17


def sample_form() -> bytes:
    """Fields: nom (required), observations (lines), numero (read-only), accord (tick), avis
    (radio: favorable, reserve, defavorable) and voie (list: fc, vae)."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )
    marks = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    )
    appearance = String("/Helv 11 Tf 0 g")

    def widget(x: float, y: float, width: float, height: float, **entries: Any) -> pikepdf.Object:
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                Rect=Array([x, y, x + width, y + height]),
                F=4,
                P=pdf.pages[0].obj,
                **entries,
            )
        )

    def ticked(option: str) -> dict[str, Any]:
        shown, hidden = (
            pdf.make_stream(drawing, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 14, 14])
            for drawing in (b"2 2 10 10 re f", b"2 2 10 10 re S")
        )
        looks = Dictionary({f"/{option}": shown, "/Off": hidden})
        return {"AP": Dictionary(N=looks), "AS": Name.Off}

    def text(name: str, y: float, height: float = 20, **entries: Any) -> pikepdf.Object:
        box = {"T": String(name), "FT": Name.Tx, "DA": appearance}
        return widget(60, y, 400, height, **box, **entries)

    fields = [
        text("nom", 760, Ff=REQUIRED, V=String("à remplacer")),
        text("observations", 620, height=100, Ff=MULTILINE),
        text("numero", 580, Ff=READ_ONLY, V=String("2026-0042")),
        widget(60, 540, 14, 14, T=String("accord"), FT=Name.Btn, V=Name.Off, **ticked("Oui")),
        widget(
            *(60, 460, 200, 20),
            T=String("voie"),
            FT=Name.Ch,
            Ff=COMBO,
            DA=appearance,
            Opt=Array(
                [
                    Array([String("fc"), String("Formation continue")]),
                    Array([String("vae"), String("Validation des acquis")]),
                ]
            ),
        ),
    ]
    boxes = list(fields)
    group = pdf.make_indirect(
        Dictionary(T=String("avis"), FT=Name.Btn, Ff=RADIO_NO_TOGGLE | REQUIRED, V=Name.Off)
    )
    options = ("favorable", "reserve", "defavorable")
    kids = [
        widget(60 + 40 * place, 500, 14, 14, Parent=group, **ticked(option))
        for place, option in enumerate(options)
    ]
    group.Kids = Array(kids)
    pdf.pages[0].obj.Annots = Array(boxes + kids)
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([*fields, group]),
        DA=appearance,
        DR=Dictionary(Font=Dictionary(Helv=font, ZaDb=marks)),
    )
    target = BytesIO()
    pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    pdf.close()
    return target.getvalue()
