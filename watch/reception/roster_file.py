"""Opens a list of candidates, .xlsx or text, as plain rows; it knows nothing of candidates.

The file is foreign: call it where foreign files are opened. A text is given cut by each separator
people use; whoever reads the headings knows which cut is right.
"""

import csv
import io
from datetime import date

from casefiles.errors import UnreadableFile
from templates.spreadsheet import MOST_COLUMNS, Unusable
from templates.spreadsheet import read as read_spreadsheet

Cell = str | int | float | bool | None
Rows = list[list[Cell]]

LARGEST_TEXT = 5_000_000
MOST_ROWS = 5_000
LISTS = (".csv", ".tsv", ".txt", ".xlsx")

_SEPARATORS = (";", ",", "\t", "|")
_ARCHIVE = b"PK\x03\x04"
_OLD_FORMAT = b"\xd0\xcf\x11\xe0"
_SAVE = "Dans votre tableur, enregistrez la liste au format .xlsx, ou CSV (UTF-8)."


def readings(data: bytes) -> list[Rows]:
    """The rows of each sheet, or of the text cut by each separator; values fit for JSON.

    A date is written « 2026-03-07 »; a formula or a spreadsheet’s error stands as its text, so that
    the line says what is wrong. UnreadableFile when the file is no list, or is too large.
    """
    if data.startswith((_ARCHIVE, _OLD_FORMAT)):
        return [[[_plain(v) for v in row] for row in one.rows] for one in read_spreadsheet(data)]
    text = _decoded(data)
    cuts = [_cut(text, separator) for separator in _SEPARATORS if separator in text]
    if not cuts:
        cuts = [_cut(text, ";")]
    found = [rows for rows in cuts if rows is not None]
    if not found:
        raise UnreadableFile(
            f"Cette liste compte plus de {MOST_ROWS} lignes, ou n’est pas une liste.", _SAVE
        )
    return found


def _plain(value: object) -> Cell:
    if isinstance(value, Unusable):
        return f"={value.text.lstrip('=')}" if value.formula else value.text
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_TEXT:
        raise UnreadableFile(
            f"Cette liste pèse {len(data) // 1_000_000} Mo ; la limite est de "
            f"{LARGEST_TEXT // 1_000_000} Mo.",
            "Coupez-la en plusieurs.",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codes: tuple[str, ...] = ("utf-16",)
    else:
        codes = ("utf-8-sig", "cp1252")
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or not text.strip():
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableFile("Ce fichier n’est pas une liste lisible.", _SAVE)


def _cut(text: str, separator: str) -> Rows | None:
    """The rows, or None when that separator makes nothing a list could be."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep="):
        text = rest  # Excel s’y dit à lui-même son séparateur
    rows: Rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if len(rows) == MOST_ROWS:
                return None
            rows.append([cell if cell.strip() else None for cell in row[:MOST_COLUMNS]])
    except csv.Error:
        return None
    return rows
