"""Small fillable PDFs made from a recipe: a text, two radios, two signature fields with locks."""

from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

TEXTS = {"avis_global": "Favorable", "observations": "Travail soigné, autonome."}


def form(
    path: Path,
    *,
    locks: bool = True,
    signatures: tuple[str, ...] = ("Employeur", "President"),
    pages: int = 1,
    title: str = "Avis de l’entreprise",
) -> Path:
    """A form of `pages` pages; the fields are on the first, signatures visible, 200 × 60 points."""
    pdf = pikepdf.new()
    helvetica = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for number in range(pages):
        content = f"BT /F1 14 Tf 60 780 Td (Page {number + 1}) Tj ET".encode()
        pdf.pages.append(
            pikepdf.Page(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=[0, 0, 595, 842],
                    Resources=Dictionary(Font=Dictionary(F1=helvetica)),
                    Contents=pdf.make_stream(content),
                )
            )
        )
    page = pdf.pages[0].obj
    fields = []
    for row, (name, value) in enumerate(TEXTS.items()):
        appearance = pdf.make_stream(
            f"/Tx BMC BT /F1 10 Tf 2 5 Td ({value.encode('ascii', 'replace').decode()}) Tj ET EMC"
            .encode(),
            Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 300, 20],
            Resources=Dictionary(Font=Dictionary(F1=helvetica)),
        )  # fmt: skip
        fields.append(
            _widget(pdf, page, name, Name.Tx, [60, 700 - 40 * row, 360, 720 - 40 * row],
                    V=String(value), DA=String("/F1 10 Tf 0 g"), AP=Dictionary(N=appearance))
        )  # fmt: skip
    fields.append(_radio(pdf, page, "resultat", ["acquis", "non"], chosen="acquis"))
    for row, name in enumerate(signatures):
        field = _widget(pdf, page, name, Name.Sig, [60, 400 - 80 * row, 260, 460 - 80 * row])
        if locks and name == "Employeur":
            answers = Array([String(t) for t in (*TEXTS, "resultat")])
            field.Lock = Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=answers)
        if locks and name == "President":
            field.Lock = Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1)
        fields.append(field)
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary(Fields=Array(fields), DR=Dictionary(Font=Dictionary(F1=helvetica)),
                   DA=String("/F1 10 Tf 0 g"), SigFlags=1)
    )  # fmt: skip
    pdf.docinfo["/Title"] = title
    pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable, min_version="1.7")
    return path


def flat(path: Path, pages: int = 1, text: str = "Page") -> Path:
    """A document without any form."""
    pdf = pikepdf.new()
    for number in range(pages):
        pdf.add_blank_page()
        pdf.pages[-1].Contents = pdf.make_stream(f"% {text} {number + 1}".encode())
    pdf.docinfo["/Title"] = text
    pdf.save(path)
    return path


def _widget(pdf: pikepdf.Pdf, page: pikepdf.Object, name: str, kind: Name, rect: list[int],
            **more: object) -> pikepdf.Object:  # fmt: skip
    field = pdf.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=kind, T=String(name), Rect=rect, F=4,
                   P=page, **more)
    )  # fmt: skip
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(field)
    return field


def _radio(pdf: pikepdf.Pdf, page: pikepdf.Object, name: str, options: list[str], chosen: str
           ) -> pikepdf.Object:  # fmt: skip
    group = pdf.make_indirect(
        Dictionary(FT=Name.Btn, T=String(name), Ff=(1 << 15) | (1 << 14), V=Name("/" + chosen),
                   Kids=Array())
    )  # fmt: skip
    for row, option in enumerate(options):
        shapes = {
            "/" + option: pdf.make_stream(b"0 0 12 12 re f", Subtype=Name.Form,
                                          BBox=[0, 0, 12, 12]),
            "/Off": pdf.make_stream(b"0 0 12 12 re S", Subtype=Name.Form, BBox=[0, 0, 12, 12]),
        }  # fmt: skip
        kid = pdf.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, F=4, P=page, Parent=group,
                       Rect=[60, 560 - 20 * row, 72, 572 - 20 * row],
                       AS=Name("/" + option) if option == chosen else Name.Off,
                       AP=Dictionary(N=Dictionary(shapes)))
        )  # fmt: skip
        group.Kids.append(kid)
        page.Annots.append(kid)
    return group


def minutes(path: Path, *, candidate: str = "Zoé EXEMPLE-GONÇALVES") -> Path:
    """A PV: decisions drawn on the page, and three signature fields, the president's locking all.

    `candidate` makes one version differ from another.
    """
    form(path, signatures=("Centre", "Membre 1", "Membre 2", "President"), title="Procès-verbal")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0].obj
        kept = [f for f in pdf.Root.AcroForm.Fields if f.get("/FT") == Name.Sig]
        pdf.Root.AcroForm.Fields = Array(kept)
        page.Annots = Array(kept)
        page.Contents = pdf.make_stream(
            f"BT /F1 12 Tf 60 780 Td ({candidate.encode('ascii', 'replace').decode()}) Tj ET"
            .encode()
        )  # fmt: skip
        pdf.remove_unreferenced_resources()
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return path


def archival(path: Path, pages: int = 1) -> Path:
    """Pages with an sRGB output intent and nothing that archives forbid."""
    from PIL import ImageCms

    pdf = pikepdf.new()
    for number in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[-1].Contents = pdf.make_stream(b"0.2 0.3 0.5 rg 60 %d 200 40 re f" % (
            700 - 50 * number))  # fmt: skip
        pdf.pages[-1].Resources = Dictionary()
    colours = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    colours[24:36] = bytes.fromhex("07d000010001000000000000")  # not today's date
    profile = pdf.make_stream(bytes(colours))
    profile.N = 3
    pdf.Root.OutputIntents = Array(
        [Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, DestOutputProfile=profile,
                    OutputConditionIdentifier=String("sRGB"), Info=String("sRGB"))]
    )  # fmt: skip
    pdf.save(path)
    return path
