"""A certification as a workbook: an office edits it in its spreadsheet, and imports it back.

The sheets are derived from the models (`shape`), said in French (`words`), written from values and
read back into them (`cells`, `pages`, `reading`); what is wrong is said by sheet and cell.
"""

from casefiles.certification import Certification
from templates import spreadsheet
from templates.workbook import pages, reading
from templates.workbook.faults import CellFault
from templates.workbook.pages import changes

__all__ = ["CellFault", "changes", "export", "read"]


def export(certification: Certification) -> bytes:
    """The whole certification as an .xlsx; `read` gives the same one back."""
    return spreadsheet.write(pages.pages(certification), title=certification.name)


def read(data: bytes) -> Certification | tuple[CellFault, ...]:
    """The certification of an .xlsx, or everything to correct in it, in the order of its sheets.

    UnreadableFile when it is no workbook, is too large, or holds macros or external links.
    """
    return reading.certification(spreadsheet.read(data))
