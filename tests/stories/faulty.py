"""Files as they should not be, each made by a recipe: by another tool, or byte by byte."""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

A4 = (595, 842)


def brochure(pages: int = 200) -> bytes:
    """Holidays by the sea: pages of text, no field at all."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=A4)
            page.obj.Resources = Dictionary(Font=Dictionary(F=font))
            drawn = f"BT /F 20 Tf 72 700 Td (Vacances, page {number}) Tj ET"
            page.contents_add(drawn.encode())
        return _saved(pdf)


def scanned(source: Path, folder: Path, dpi: int = 50) -> bytes:
    """Printed, signed by hand and scanned: each page one picture, and nothing else."""
    folder.mkdir()
    subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-gray", "-jpeg", source, folder / "page"],
        check=True, timeout=60,
    )  # fmt: skip
    with pikepdf.new() as pdf:
        for file in sorted(folder.iterdir()):
            page = pdf.add_blank_page(page_size=A4)
            picture = pdf.make_stream(
                file.read_bytes(),
                Type=Name.XObject,
                Subtype=Name.Image,
                Width=round(A4[0] * dpi / 72),
                Height=round(A4[1] * dpi / 72),
                ColorSpace=Name.DeviceGray,
                BitsPerComponent=8,
                Filter=Name.DCTDecode,
            )
            page.obj.Resources = Dictionary(XObject=Dictionary(Im=picture))
            page.contents_add(b"q 595 0 0 842 0 0 cm /Im Do Q")
        return _saved(pdf)


def encrypted(source: Path) -> bytes:
    """Behind a password, as some offices send everything."""
    with pikepdf.open(source) as pdf:
        target = BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(user="sésame", owner="sésame"))
        return target.getvalue()


def docx() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(zipfile.ZipInfo(name), "<document/>")
    return target.getvalue()


def truncated(source: Path, kept: float) -> bytes:
    """The beginning of a file whose copy was cut off."""
    content = source.read_bytes()
    return content[: int(len(content) * kept)]


def annotated(source: bytes) -> bytes:
    """A sticky note added in an increment after whatever was signed."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    target = BytesIO(source)
    writer = IncrementalPdfFileWriter(target)
    page_ref, _ = writer.find_page_for_modification(0)
    page = page_ref.get_object()
    name = generic.pdf_name
    note = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/Text"),
            name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (40, 780, 60, 800))),
            name("/Contents"): generic.pdf_string("À revoir"),
        }
    )
    listed = page.get("/Annots", generic.ArrayObject())
    page[name("/Annots")] = generic.ArrayObject([*listed, writer.add_object(note)])
    writer.update_container(page)
    writer.write_in_place()
    return target.getvalue()


def with_a_file_attached(source: bytes) -> bytes:
    """An attachment slipped in after the seal."""
    from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    target = BytesIO(source)
    writer = IncrementalPdfFileWriter(target)
    held = EmbeddedFileObject.from_file_data(writer, data=b"autre chose")
    embed_file(writer, FileSpec(file_spec_string="note.txt", embedded_data=held))
    writer.write_in_place()
    return target.getvalue()


def with_two_answers(source: Path, name: str) -> bytes:
    """A copy of a field holding another answer, as a careless merge of two fillings leaves."""
    with pikepdf.open(source) as pdf:
        for page in pdf.pages:
            for widget in list(page.obj.get("/Annots", Array())):
                if str(widget.get("/T", "")) == name:
                    twin = pdf.make_indirect(Dictionary(dict(widget.items())))
                    twin.V = String("01/01/2020")
                    page.obj.Annots.append(twin)
                    pdf.Root.AcroForm.Fields.append(twin)
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = BytesIO()
    pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target.getvalue()
