"""Adding to a PDF without touching what it holds."""

from typing import Any

from pyhanko.pdf_utils.generic import IndirectObject, PdfObject, Reference, StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class AsIs(IncrementalPdfFileWriter):
    """A writer that adds its increment and leaves information and XMP to their author.

    Its objects are numbered on from the last one. pyHanko leaves a number out each time, and
    LibreOffice, which counts objects to find a free number, then writes over a signature.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if not self._holds(self._lastobj_id):
            self._lastobj_id -= 1

    def _holds(self, number: int) -> bool:
        try:
            self.prev.xrefs.get_last_change(Reference(number, 0, self.prev))
        except KeyError:
            return False
        return True

    def add_object(self, obj: PdfObject, *given: Any, **named: Any) -> IndirectObject:
        """As pyHanko’s, but no stream ends with a CR: before the LF of « endstream » it would read
        as part of one end of line, and PDF/A counts to the byte."""
        if isinstance(obj, StreamObject) and obj.encoded_data.endswith(b"\r"):
            obj.apply_filter(pdf_name("/ASCIIHexDecode"))  # ends with « > »
        return super().add_object(obj, *given, **named)

    def _update_meta(self) -> None:
        return
