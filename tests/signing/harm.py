"""Ways to harm a signed PDF, each as an increment or on the bytes; every one takes and gives bytes.

They are what a person or a program could do to a file that passes through their hands, without any
of the signers' keys.
"""

import io
import re
from collections.abc import Callable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import enumerate_sig_fields

Harm = Callable[[bytes], bytes]


class _Silent(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        return


def _increment(act: Callable[[_Silent], None]) -> Harm:
    def harmed(content: bytes) -> bytes:
        writer = _Silent(io.BytesIO(content))
        act(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return harmed


def _field(writer: _Silent, name: str) -> generic.DictionaryObject:
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == name:
            writer.mark_update(reference)
            return field
    raise KeyError(name)


def _drawn(writer: _Silent, text: bytes) -> generic.IndirectObject:
    stream = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(generic.NumberObject, [0, 0, 200, 60])),
        },
        stream_data=text,
    )
    return writer.add_object(stream)


@_increment
def value_changed(writer: _Silent) -> None:
    _field(writer, "avis_global")["/V"] = pdf_string("Défavorable")


@_increment
def appearance_changed(writer: _Silent) -> None:
    drawn = _drawn(writer, b"BT /F1 10 Tf 2 5 Td (Defavorable) Tj ET")
    _field(writer, "avis_global")["/AP"] = generic.DictionaryObject({pdf_name("/N"): drawn})


@_increment
def appearance_replaced_in_place(writer: _Silent) -> None:
    field = _field(writer, "avis_global")
    reference = field["/AP"].raw_get("/N").reference
    old = reference.get_object()
    new = generic.StreamObject(
        {k: v for k, v in old.items() if k not in ("/Filter", "/Length")}, stream_data=b"q Q"
    )
    writer.objects[(0, reference.idnum)] = new
    del writer.objects[(0, field.container_ref.idnum)]


@_increment
def radio_changed(writer: _Silent) -> None:
    group = _field(writer, "resultat")
    group["/V"] = pdf_name("/non")
    for reference, state in zip(group["/Kids"], ("/Off", "/non"), strict=True):
        reference.get_object()["/AS"] = pdf_name(state)
        writer.mark_update(reference)


@_increment
def title_changed(writer: _Silent) -> None:
    info = writer.trailer.raw_get("/Info")
    info.get_object()["/Title"] = pdf_string("Un autre titre")
    writer.mark_update(info)


@_increment
def metadata_added(writer: _Silent) -> None:
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
        b'"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc='
        b'"http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li>Autre</rdf:li></rdf:Alt>'
        b"</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    kind = {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")}
    writer.root["/Metadata"] = writer.add_object(generic.StreamObject(kind, stream_data=packet))
    writer.update_root()


@_increment
def page_drawn_over(writer: _Silent) -> None:
    stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 595 842 re f"))
    writer.add_stream_to_page(0, stream)


@_increment
def page_content_replaced(writer: _Silent) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    reference = page.raw_get("/Contents").reference
    writer.objects[(0, reference.idnum)] = generic.StreamObject(stream_data=b"0 0 9 9 re f")


@_increment
def annotation_added(writer: _Silent) -> None:
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, [60, 700, 260, 760])),
            pdf_name("/Contents"): pdf_string("Avis défavorable"),
        }
    )
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(note))


@_increment
def text_field_added(writer: _Silent) -> None:
    field = generic.DictionaryObject(
        {pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): pdf_string("ajout")}
    )
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(writer.add_object(field))
    writer.update_container(fields)


@_increment
def script_added(writer: _Silent) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
    )
    writer.update_root()


@_increment
def file_attached(writer: _Silent) -> None:
    names = generic.ArrayObject([pdf_string("a.txt"), _drawn(writer, b"x")])
    tree = generic.DictionaryObject({pdf_name("/Names"): names})
    writer.root["/Names"] = generic.DictionaryObject({pdf_name("/EmbeddedFiles"): tree})
    writer.update_root()


@_increment
def stamp_replaced(writer: _Silent) -> None:
    drawn = _drawn(writer, b"0 0 200 60 re f")
    _field(writer, "Employeur")["/AP"] = generic.DictionaryObject({pdf_name("/N"): drawn})


@_increment
def form_font_swapped(writer: _Silent) -> None:
    form = writer.root["/AcroForm"]
    form["/DR"] = generic.DictionaryObject()
    form["/NeedAppearances"] = generic.BooleanObject(True)
    writer.update_container(form)


@_increment
def field_moved(writer: _Silent) -> None:
    rect = generic.ArrayObject(map(generic.NumberObject, [60, 100, 360, 120]))
    _field(writer, "observations")["/Rect"] = rect


@_increment
def annotations_emptied(writer: _Silent) -> None:
    reference = writer.find_page_for_modification(0)[0]
    del reference.get_object()["/Annots"]
    writer.mark_update(reference)


@_increment
def signature_wrapped(writer: _Silent) -> None:
    """The signature object repeated in a later revision, over the same old bytes."""
    for _, value, _ in enumerate_sig_fields(writer, filled_status=True):
        writer.mark_update(value if hasattr(value, "idnum") else value.container_ref)
    stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 595 842 re f"))
    writer.add_stream_to_page(0, stream)


@_increment
def signature_removed(writer: _Silent) -> None:
    del _field(writer, "Employeur")["/V"]


def byte_changed(content: bytes) -> bytes:
    return content.replace(b"(Favorable)", b"(Pavorable)", 1)


def padding_filled(content: bytes) -> bytes:
    """Something hidden after the signature, in the room kept for it."""
    return content.replace(b"0000>", b"BEEF>", 1)


def contents_garbled(content: bytes) -> bytes:
    return re.sub(rb"/Contents <[0-9A-F]{64}", b"/Contents <" + b"A1" * 32, content, count=1)


def range_shortened(content: bytes) -> bytes:
    """The signed zone made to stop earlier, so that what follows is free."""

    def shorter(found: re.Match[bytes]) -> bytes:
        numbers = found[1].split()
        numbers[3] = str(int(numbers[3]) - 40).encode()
        return (b"/ByteRange [" + b" ".join(numbers) + b"]").ljust(len(found[0]))

    return re.sub(rb"/ByteRange \[([\d ]+)\]", shorter, content, count=1)


def range_removed(content: bytes) -> bytes:
    return content.replace(b"/ByteRange", b"/ByteRangX", 1)


def bytes_after(content: bytes) -> bytes:
    return content + b"% des octets de plus\n"


def cut_short(content: bytes) -> bytes:
    return content[: -len(content) // 20]
