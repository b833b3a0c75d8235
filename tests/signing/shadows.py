"""Documents prepared before their signature so that they can be changed after it, and the change.

The three families of « shadow attacks »: what is signed is shown to the signer, something else to
the next reader. Each gives (the document to sign, the manipulation once it is signed).
"""

import re
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from tests.signing import documents
from tests.signing.harm import Harm, _increment, _Silent

SHOWN, HIDDEN = b"Avis favorable", b"Avis reserve"


def _text(words: bytes, x: int = 60, y: int = 780) -> bytes:
    return b"BT /F1 14 Tf %d %d Td (%s) Tj ET" % (x, y, words)


def hide(path: Path) -> Harm:
    """A white rectangle covers a sentence; after the signature, the rectangle is emptied."""
    documents.form(path, locks=False)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0].obj
        cover = pdf.make_stream(
            b"1 1 1 rg 0 0 400 40 re f 0 0 0 rg " + _text(SHOWN, 0, 10), Type=Name.XObject,
            Subtype=Name.Form, BBox=[0, 0, 400, 40], Resources=page.Resources,
        )  # fmt: skip
        page.Resources.XObject = Dictionary(Cover=cover)
        page.Contents = pdf.make_stream(_text(HIDDEN) + b" q 1 0 0 1 60 770 cm /Cover Do Q")
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)

    @_increment
    def uncovered(writer: _Silent) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        reference = page["/Resources"]["/XObject"].raw_get("/Cover").reference
        empty = generic.StreamObject(
            {k: v for k, v in reference.get_object().items() if k not in ("/Filter", "/Length")},
            stream_data=b"",
        )
        writer.objects[(0, reference.idnum)] = empty

    return uncovered


def replace(path: Path) -> Harm:
    """The signed words stay; the font that draws them is redefined to draw others."""
    documents.form(path, locks=False)

    @_increment
    def redrawn(writer: _Silent) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        reference = page["/Resources"]["/Font"].raw_get("/F1").reference
        font = generic.DictionaryObject(reference.get_object())
        swapped = generic.ArrayObject([generic.NumberObject(48), pdf_name("/nine")])
        font[pdf_name("/Encoding")] = generic.DictionaryObject(
            {pdf_name("/Type"): pdf_name("/Encoding"), pdf_name("/Differences"): swapped}
        )
        writer.objects[(0, reference.idnum)] = font

    return redrawn


def hide_and_replace(path: Path) -> Harm:
    """A second version of an object sleeps inside a stream; a new cross-reference awakens it."""
    documents.form(path, locks=False)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(_text(SHOWN))
        number = page.Contents.objgen[0]
        body = _text(HIDDEN)
        pdf.Root.Attic = Array([pdf.make_stream(b"")])
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        number = pdf.pages[0].Contents.objgen[0]
        sleeping = b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
            number, len(body), body)  # fmt: skip
        pdf.Root.Attic = Array([pdf.make_stream(b"\n" + sleeping)])
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable,
                 compress_streams=False)  # fmt: skip

    with pikepdf.open(path) as pdf:
        assert pdf.pages[0].Contents.objgen[0] == number

    def awakened(content: bytes) -> bytes:
        place = content.index(b"%d 0 obj\n<< /Length %d >>\nstream\n%s" % (number, len(body), body))
        start = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
        trailer = re.findall(rb"trailer\s*<<(.*?)>>\s*startxref", content, re.S)[-1]
        trailer = re.sub(rb"/Prev \d+", b"", trailer)
        added = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<<%s /Prev %d>>\n" % (
            number, place, trailer, start)  # fmt: skip
        at = len(content) + 1
        return content + b"\n" + added + b"startxref\n%d\n%%%%EOF\n" % at

    return awakened
