"""Spreadsheets in and out as plain values; the only module that knows openpyxl.

It knows nothing of what the sheets say. A file read is foreign: bounded, its formulas never
computed nor believed. A file written holds texts that no spreadsheet takes for formulas.
"""

import math
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from casefiles.errors import UnreadableFile
from templates.container import weigh

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MOST_SHEETS = 40
MOST_ROWS = 5_000
MOST_COLUMNS = 60
LONGEST_TEXT = 32_767
_LAST_ROW = 100_000  # des lignes vides, au-delà desquelles on ne compte plus
_LONGEST_RULE = 255
_TALLEST = 400.0

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_GREY, _TINT, _INK = "6B6B6B", "F2F2F0", "1A1A1A"
_FONT = "Calibri"


@dataclass(frozen=True)
class Unusable:
    """A cell that holds no plain value: a formula, or a spreadsheet’s own error (« #REF! »)."""

    text: str
    formula: bool


Value = str | int | float | bool | date | datetime | Unusable | None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet as it was sent: its rows from the first, blank ends cut off."""

    title: str
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column to write: width in characters; choices: the values a list offers.

    locked: the cells already filled cannot be changed by mistake; text: kept as typed, « 007 »
    stays « 007 ».
    """

    label: str
    width: int = 20
    help: str = ""
    choices: tuple[str, ...] = ()
    locked: bool = False
    text: bool = True


@dataclass(frozen=True, kw_only=True)
class Page:
    """A sheet to write: a frozen head, then rows; `blank` more rows ready to be filled in.

    choices: lists of their own, by (row from 0, column from 0); strong: rows that are titles.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    blank: int = 0
    choices: tuple[tuple[int, int, tuple[str, ...]], ...] = ()
    strong: tuple[int, ...] = ()
    protected: bool = True


def cell_name(row: int, column: int) -> str:
    """« D4 » for row 4, column 4, both counted from 1."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{row}"


def read(data: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xlsx file; UnreadableFile when it is none, or too large to be one."""
    weigh(data, "xlsx")
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl signale ce qu’il ne reprendrait pas
            book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
            try:
                if len(book.worksheets) > MOST_SHEETS:
                    raise UnreadableFile(
                        f"Ce classeur a plus de {MOST_SHEETS} feuilles.", "Retirez-en."
                    )
                return tuple(_sheet(one) for one in book.worksheets)
            finally:
                book.close()
    except UnreadableFile:
        raise
    except Exception as wrong:  # un fichier hostile lève n’importe quoi
        raise UnreadableFile(
            "Ce classeur est abîmé : il n’a pas pu être lu.",
            "Ouvrez-le dans votre tableur et enregistrez-le de nouveau au format .xlsx.",
        ) from wrong


def _sheet(source: Any) -> Sheet:
    source.reset_dimensions()  # ce que le fichier en dit peut être faux
    rows: list[tuple[Value, ...]] = []
    kept = 0
    for number, cells in enumerate(source.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        row = _trimmed(tuple(_value(cell) for cell in cells)) if cells else ()
        if len(row) > MOST_COLUMNS or (row and number > MOST_ROWS) or number > _LAST_ROW:
            raise UnreadableFile(
                f"La feuille « {source.title} » est trop grande : {MOST_ROWS} lignes et "
                f"{MOST_COLUMNS} colonnes au plus.",
                "Effacez ce qui est loin du tableau, ou coupez la liste en plusieurs fichiers.",
            )
        if number <= MOST_ROWS:
            rows.append(row)
            kept = number if row else kept
    return Sheet(title=source.title, rows=tuple(rows[:kept]))


def _trimmed(row: tuple[Value, ...]) -> tuple[Value, ...]:
    end = max((n for n, value in enumerate(row, start=1) if value is not None), default=0)
    return row[:end]


def _value(cell: Any) -> Value:
    value, kind = cell.value, cell.data_type
    if value is None:
        return None
    if kind == "f":
        return Unusable(str(getattr(value, "text", value)), formula=True)
    if kind == "e":
        return Unusable(str(value), formula=False)
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, bool | int | date):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else Unusable(str(value), formula=False)
    if isinstance(value, time | timedelta):
        return str(value)
    text = str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    text = text[:LONGEST_TEXT]
    return text if text.strip() else None


def write(pages: Sequence[Page], *, title: str) -> bytes:
    """An .xlsx of those sheets. Protection has no password: it guards against slips only."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    book.properties.creator = "Parchemin"
    for page in pages:
        _draw(book.create_sheet(page.title), page)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _draw(sheet: "Worksheet", page: Page) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.utils import get_column_letter

    line = Border(bottom=Side(style="thin", color="BDBDBD"))
    faces = {
        "plain": Font(name=_FONT, size=11, color=_INK),
        "strong": Font(name=_FONT, size=12, bold=True, color=_INK),
        "locked": Font(name=_FONT, size=10, color=_GREY),
    }
    wrapped = Alignment(wrap_text=True, vertical="top")
    tint = PatternFill("solid", fgColor=_TINT)
    for number, column in enumerate(page.columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
        head = sheet.cell(1, number, column.label)
        head.font, head.fill, head.border = Font(name=_FONT, size=11, bold=True), tint, line
        head.alignment = Alignment(wrap_text=True, vertical="center")
    for rank in range(len(page.rows) + page.blank):
        row = page.rows[rank] if rank < len(page.rows) else ()
        strong = rank in page.strong
        for number, column in enumerate(page.columns, start=1):
            value = row[number - 1] if number <= len(row) else None
            cell = sheet.cell(rank + 2, number)
            _put(cell, value)
            shut = strong or (column.locked and value is not None)
            cell.font = faces["strong" if strong else "locked" if column.locked else "plain"]
            cell.alignment, cell.border = Alignment(vertical="top") if strong else wrapped, line
            cell.protection = Protection(locked=shut)
            if strong or shut:
                cell.fill = tint
            if column.text and not isinstance(value, date | int | float):
                cell.number_format = "@"
            elif isinstance(value, date):
                cell.number_format = "DD/MM/YYYY"
        sheet.row_dimensions[rank + 2].height = _height(row, page.columns, strong)
    heads = tuple(column.label for column in page.columns)
    sheet.row_dimensions[1].height = _height(heads, page.columns) + 8
    sheet.freeze_panes = "A2"
    sheet.print_area = f"A1:{cell_name(max(len(page.rows), 1) + 1, len(page.columns))}"
    _validate(sheet, page)
    _protect(sheet, page)
    _print(sheet)


def _height(row: Sequence[Value], columns: Sequence[Column], strong: bool = False) -> float:
    """Points, for the longest of its texts: no spreadsheet does it alone for a file it opens."""
    lines = 1
    for value, column in zip(row, columns, strict=False):
        if isinstance(value, str) and not strong:
            told = (1 + int(len(one) * 1.02 / column.width) for one in value.split("\n"))
            lines = max(lines, sum(told))
    return min(15.0 * lines + (6 if strong else 2), _TALLEST)


def _put(cell: Any, value: Value) -> None:
    if isinstance(value, str):
        cell.value = _CONTROL.sub("", value)[:LONGEST_TEXT]
        cell.data_type = "s"  # « =… » et « +… » restent des textes
        cell.quotePrefix = value[:1] in ("=", "+", "-", "@", "'")
    elif not isinstance(value, Unusable):
        cell.value = value


def _validate(sheet: "Worksheet", page: Page) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = max(len(page.rows) + page.blank + 1, 2)
    asked: list[tuple[str, Column, tuple[str, ...]]] = [
        (f"{get_column_letter(n)}2:{get_column_letter(n)}{last}", c, c.choices)
        for n, c in enumerate(page.columns, start=1)
        if c.choices or c.help
    ]
    asked += [
        (cell_name(row + 2, column + 1), page.columns[column], choices)
        for row, column, choices in page.choices
    ]
    for cells, column, choices in asked:
        inline = '"' + ",".join(choices) + '"'
        listed = bool(choices) and len(inline) <= _LONGEST_RULE and "," not in "".join(choices)
        rule = DataValidation(
            type="list" if listed else None,
            formula1=inline if listed else None,
            allow_blank=True,
            showErrorMessage=listed,
        )
        rule.error = "Choisissez une valeur de la liste."
        rule.errorTitle = column.label[:32]
        if column.help:
            rule.promptTitle, rule.prompt = column.label[:32], column.help[:255]
            rule.showInputMessage = True
        sheet.add_data_validation(rule)
        rule.add(cells)


def _protect(sheet: "Worksheet", page: Page) -> None:
    if not page.protected:
        return
    guard = sheet.protection
    guard.sheet = True
    # Ce qui reste permis : mettre en forme, insérer, trier, filtrer.
    guard.formatCells = guard.formatColumns = guard.formatRows = False
    guard.insertRows = guard.deleteRows = guard.sort = guard.autoFilter = False


def _print(sheet: "Worksheet") -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.sheet_view.showGridLines = False
