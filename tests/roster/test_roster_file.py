"""A list is opened whatever program wrote it."""

import json
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from casefiles import roster
from casefiles.errors import UnreadableFile
from tests.casefiles.certifications import certification
from watch.reception.roster_file import LARGEST_TEXT, readings

TODAY = date(2026, 6, 30)
TEXT = "Nom;Prénom;Né(e) le\nExemple-Gonçalves;Zoé;07/03/1990\nŒuvré;Noé;1er mai 1988\n"


def names(data: bytes) -> list[str]:
    found = roster.read(readings(data), {"cqpm-essai": certification()}, today=TODAY)
    assert not found.problems, found.problems
    return [line.name for line in found.accepted]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_encoding_and_separator_people_use(code: str, separator: str, end: str) -> None:
    data = TEXT.replace(";", separator).replace("\n", end).encode(code)
    assert names(data) == ["EXEMPLE-GONÇALVES Zoé", "ŒUVRÉ Noé"]


def test_quotes_line_breaks_and_the_separator_within_a_cell() -> None:
    text = 'sep=;\n"Nom";"Prénom";"Adresse"\n"Exemple";"Zoé";"3, place ""A"";\nbât. B"\n'
    (line,) = roster.read(
        readings(text.encode()), {"cqpm-essai": certification()}, today=TODAY
    ).accepted
    assert line.values["candidate/address"] == '3, place "A"; bât. B'


def test_a_workbook_is_read_on_the_sheet_that_holds_the_list() -> None:
    book = Workbook()
    book.active.append(["Notes de la promotion"])
    sheet = book.create_sheet("Liste")
    sheet.append(["Nom", "Prénom", "Né(e) le"])
    sheet.append(["Exemple", "Zoé", date(1990, 3, 7)])
    sheet.append(["=A2", "Noé", None])
    out = BytesIO()
    book.save(out)
    found = readings(out.getvalue())
    assert json.loads(json.dumps(found)) == found
    read = roster.read(found, {"cqpm-essai": certification()}, today=TODAY)
    assert read.accepted[0].values["candidate/birth_date"] == "07/03/1990"
    assert "formule" in read.refused[0].problems[0]


def test_what_is_no_text_is_refused_with_what_to_do() -> None:
    for data in (b"", b"\x00\x01\x02", b"  \n ", b"\xff\xfe\x00", b"PK\x03\x04..."):
        with pytest.raises(UnreadableFile) as refused:
            readings(data)
        assert refused.value.remedy


def test_an_immense_list_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="Mo"):
        readings(b"a;b\n" * (LARGEST_TEXT // 4 + 1))
    with pytest.raises(UnreadableFile, match="lignes"):
        readings(b"a;b\n" * 5001)
