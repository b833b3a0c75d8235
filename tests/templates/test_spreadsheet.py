"""A spreadsheet that was sent is opened within bounds, or refused with a reason."""

import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from casefiles.errors import UnreadableFile
from templates import container, spreadsheet


def book(**cells: object) -> bytes:
    made = Workbook()
    for name, value in cells.items():
        made.active[name] = value
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(data: bytes, **changes: bytes) -> bytes:
    """The archive with parts replaced or added; « __ » stands for « / », « _ » ends « .xml »."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, content in changes.items():
            target.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name)


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        spreadsheet.read(data)
    assert refused.value.remedy
    return refused.value.message


def test_values_come_out_plain() -> None:
    (sheet,) = spreadsheet.read(book(A1="Nom", B2=3, C3=True))
    assert sheet.rows == (("Nom",), (None, 3), (None, None, True))


def test_what_is_no_workbook_is_refused() -> None:
    assert "n’est pas un fichier .xlsx" in refusal(b"PK\x03\x04 rien")
    assert "n’est pas un fichier .xlsx" in refusal(b"%PDF-1.7")
    assert "mot de passe" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_macros_links_and_entities_are_refused() -> None:
    plain = book(A1="x")
    assert "macros" in refusal(repacked(plain, **{"xl/vbaProject.bin": b"x"}))
    assert "lien" in refusal(repacked(plain, **{"xl/externalLinks/externalLink1.xml": b"<x/>"}))
    sheet = part(plain, "xl/worksheets/sheet1.xml")
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]>' + sheet.partition(b"?>")[2]
    assert "entités" in refusal(repacked(plain, **{"xl/worksheets/sheet1.xml": bomb}))
    wide = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")
    assert "entités" in refusal(repacked(plain, **{"xl/theme/theme1.xml": wide}))


def test_what_unpacks_beyond_measure_is_refused_unopened() -> None:
    bomb = repacked(book(A1="x"), **{"xl/media/zero.bin": bytes(container.LARGEST_CONTENT)})
    assert len(bomb) < 200_000
    assert "démesuré" in refusal(bomb)


def test_what_lies_beyond_the_bounds_is_refused_not_dropped() -> None:
    assert "trop grande" in refusal(book(A1="x", A6001="loin"))
    assert "trop grande" in refusal(book(A1="x", A1000000="très loin"))
    assert "trop grande" in refusal(book(**{"BI1": "colonne 61"}))


def test_a_row_number_that_cannot_be_does_not_hold_us() -> None:
    plain = book(A1="x")
    sheet = part(plain, "xl/worksheets/sheet1.xml").replace(b'<row r="1"', b'<row r="99999999999"')
    assert refusal(repacked(plain, **{"xl/worksheets/sheet1.xml": sheet}))


def test_a_declared_dimension_is_not_believed() -> None:
    plain = book(A1="x")
    sheet = part(plain, "xl/worksheets/sheet1.xml").replace(b'"A1:A1"', b'"A1:XFD1048576"')
    (read,) = spreadsheet.read(repacked(plain, **{"xl/worksheets/sheet1.xml": sheet}))
    assert read.rows == (("x",),)


def test_a_damaged_part_is_a_refusal() -> None:
    plain = book(A1="x")
    for damaged in (b"<worksheet", b"", b"\xff\xfe"):
        assert refusal(repacked(plain, **{"xl/worksheets/sheet1.xml": damaged}))


def test_formulas_and_errors_are_no_values() -> None:
    (sheet,) = spreadsheet.read(book(A1="=1+1", A2="#REF!"))
    assert sheet.rows[0][0] == spreadsheet.Unusable("=1+1", formula=True)
    assert sheet.rows[1][0] == spreadsheet.Unusable("#REF!", formula=False)
