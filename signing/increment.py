"""Adding to a PDF without touching what it holds."""

from typing import Any

from pyhanko.pdf_utils.generic import Reference
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

    def _update_meta(self) -> None:
        return
