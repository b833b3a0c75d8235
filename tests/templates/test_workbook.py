"""An office edits a certification in its spreadsheet: what comes back is what was changed."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from casefiles.certification import Certification
from templates import catalog, spreadsheet, workbook
from templates.spreadsheet import Sheet, Value
from templates.workbook import pages, reading, words
from templates.workbook.shape import fiche, tables
from tests.casefiles.certifications import certification, registered, with_ratio

CODES = catalog.codes()


@cache
def shipped(code: str) -> Certification:
    return catalog.load(code)


@cache
def sheets(code: str) -> tuple[Sheet, ...]:
    """The workbook of a certification as it would be read, without the detour by a file."""
    return tuple(
        Sheet(
            title=page.title,
            rows=(tuple(column.label for column in page.columns), *page.rows),
        )
        for page in pages.pages(shipped(code))
    )


def with_cell(code: str, title: str, row: int, column: int, value: Value) -> tuple[Sheet, ...]:
    """The same workbook with one cell changed (row and column from 1)."""
    changed = []
    for sheet in sheets(code):
        rows = [list(one) for one in sheet.rows]
        if sheet.title == title:
            while len(rows) < row:
                rows.append([])
            while len(rows[row - 1]) < column:
                rows[row - 1].append(None)
            rows[row - 1][column - 1] = value
        changed.append(Sheet(title=sheet.title, rows=tuple(tuple(one) for one in rows)))
    return tuple(changed)


def faults(found: Any) -> list[str]:
    assert isinstance(found, tuple), "une certification a été lue, une erreur était attendue"
    return [str(one) for one in found]


def line_of(code: str, key: str) -> int:
    """The row, from 1, of that key on the first sheet."""
    fiche_rows = next(s for s in sheets(code) if s.title == words.FICHE).rows
    return next(n for n, row in enumerate(fiche_rows, start=1) if row[0] == key)


@pytest.mark.parametrize("code", CODES)
def test_a_packaged_certification_comes_back_the_same_from_its_file(code: str) -> None:
    read = workbook.read(workbook.export(shipped(code)))
    assert isinstance(read, Certification), faults(read)
    assert read.fingerprint == shipped(code).fingerprint


@pytest.mark.parametrize("made", [certification(), registered(), with_ratio()])
def test_so_do_others(made: Certification) -> None:
    assert workbook.read(workbook.export(made)) == made


def test_what_is_expressly_empty_stays_so() -> None:
    made = certification(exam_centre="", modality_rule_source="")
    assert workbook.read(workbook.export(made)) == made


def test_a_text_a_spreadsheet_would_take_for_a_formula_stays_a_text() -> None:
    made = certification(title='=HYPERLINK("http://exemple.invalid")', mission="+33 - @nous")
    assert workbook.read(workbook.export(made)) == made


def _texts() -> Iterator[tuple[str, str, int, int]]:
    for code in CODES:
        for table in tables():
            sheet = next(s for s in sheets(code) if s.title == words.sheet(table.path))
            heads = pages.columns(table)
            free = [
                n
                for n, head in enumerate(heads, start=1)
                if head.startswith(("Intitulé", "Critère", "Source", "Connaissance", "Condition"))
            ]
            for row in range(2, len(sheet.rows) + 1):
                yield from ((code, sheet.title, row, column) for column in free)


@settings(max_examples=60, deadline=None)
@given(where=st.sampled_from(list(_texts())), word=st.sampled_from(["modifié", "œuvre", "= 3"]))
def test_changing_one_text_changes_that_and_nothing_else(
    where: tuple[str, str, int, int], word: str
) -> None:
    code, title, row, column = where
    read = reading.certification(with_cell(code, title, row, column, f"Texte {word}"))
    assert isinstance(read, Certification), faults(read)
    assert read.fingerprint != shipped(code).fingerprint
    said = workbook.changes(shipped(code), read)
    assert len(said) == 1
    assert said[0].startswith(f"feuille {title}, ")
    assert f"Texte {word}" in said[0]


@settings(max_examples=60, deadline=None)
@given(data=st.data(), code=st.sampled_from(CODES))
def test_whatever_is_put_in_a_cell_is_read_or_refused_at_that_sheet(
    data: st.DataObject, code: str
) -> None:
    sheet = data.draw(st.sampled_from([s for s in sheets(code) if s.title != words.READ_ME]))
    row = data.draw(st.integers(1, len(sheet.rows) + 2))
    column = data.draw(st.integers(1, len(sheet.rows[0])))
    value: Value = data.draw(
        st.none()
        | st.sampled_from(["x", "-", "(vide)", "a, b", "2026", "oui", "\n"])
        | st.integers(-(10**12), 10**12)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.booleans()
        | st.dates()
        | st.just(spreadsheet.Unusable("=1+1", formula=True))
    )
    read = reading.certification(with_cell(code, sheet.title, row, column, value))
    if not isinstance(read, Certification):
        assert read
        assert all(one.message and one.remedy for one in read)


def test_an_error_names_its_sheet_its_cell_and_what_to_do() -> None:
    assert faults(reading.certification(with_cell("cqpm-tmp", "Critères", 4, 3, "méthode"))) == [
        "feuille Critères, cellule C4 : « méthode » n’est pas une valeur admise. Valeurs "
        "admises : « En matière de méthodes utilisées », « En matière de moyens utilisés », "
        "« En matière de liens professionnels / relationnels », « En matière de contraintes liées "
        "au milieu et environnement de travail »."
    ]


def test_a_blank_where_something_is_needed_is_said_at_its_cell() -> None:
    found = faults(reading.certification(with_cell("cqpm-tmp", "Critères", 4, 4, None)))
    assert found == [
        "feuille Critères, cellule D4 : « Critère » est vide, une valeur est attendue. "
        "Remplissez cette cellule."
    ]


def test_an_identifier_used_twice_is_said_at_the_second() -> None:
    first = next(s for s in sheets("cqpm-tmp") if s.title == "Critères").rows[1][1]
    (found,) = faults(reading.certification(with_cell("cqpm-tmp", "Critères", 5, 2, first)))
    assert found.startswith("feuille Critères, cellule B5 : ")
    assert "sert déjà" in found


def test_a_row_that_belongs_to_nothing_is_said() -> None:
    (found,) = faults(reading.certification(with_cell("cqpm-tmp", "Critères", 5, 1, "BDC9.9")))
    assert found == (
        "feuille Critères, cellule A5 : « BDC9.9 » n’est l’identifiant d’aucune ligne de la "
        "feuille Compétences. Reprenez un identifiant de la feuille Compétences."
    )


def test_a_contradiction_is_said_in_the_words_of_the_workbook() -> None:
    row = next(
        n
        for n, one in enumerate(
            next(s for s in sheets("cqpm-tmp") if s.title == "Voies").rows, start=1
        )
        if str(one[0]).startswith("Validation des acquis")
    )
    (found,) = faults(reading.certification(with_cell("cqpm-tmp", "Voies", row, 2, "oui")))
    assert found.startswith(f"feuille Voies, cellule B{row} : la VAE n’est possible que")
    assert "open: false" not in found
    assert "« non » sous « Ouverte »" in found


def test_a_date_may_be_typed_in_three_ways() -> None:
    row = line_of("cqpm-opea", "registration.expires_on")
    for typed in (date(2022, 4, 21), datetime(2022, 4, 21, 12), "21/04/2022", 44672):
        read = reading.certification(with_cell("cqpm-opea", words.FICHE, row, 3, typed))
        assert read == shipped("cqpm-opea"), typed


def test_a_number_the_spreadsheet_made_of_a_text_is_a_text_again() -> None:
    row = line_of("cqpm-opea", "registration.code")
    assert reading.certification(with_cell("cqpm-opea", words.FICHE, row, 3, 28245)) == shipped(
        "cqpm-opea"
    )


def test_a_formula_is_never_believed() -> None:
    book = load_workbook(BytesIO(workbook.export(shipped("cqpm-tmp"))))
    book["Blocs"]["B2"] = '="Bloc "&1'
    out = BytesIO()
    book.save(out)
    (found,) = faults(workbook.read(out.getvalue()))
    assert found.startswith("feuille Blocs, cellule B2 : une formule se trouve ici")


def test_a_value_out_of_place_is_said_and_not_lost() -> None:
    found = faults(reading.certification(with_cell("cqpm-tmp", "Blocs", 2, 9, "perdu")))
    assert found == [
        "feuille Blocs, cellule I2 : cette colonne n’a pas de titre. Retirez-la, ou rétablissez "
        "son titre."
    ]


def test_a_missing_sheet_a_missing_line_a_missing_column_are_said() -> None:
    without = tuple(s for s in sheets("cqpm-tmp") if s.title != "Modalités")
    assert any(
        one.startswith("feuille Modalités : cette feuille manque")
        for one in faults(reading.certification(without))
    )
    # A parent’s sheet that lacks is said once, not again of each line that belongs to it.
    orphaned = tuple(s for s in sheets("cqpm-tmp") if s.title != "Blocs")
    assert not [f for f in faults(reading.certification(orphaned)) if "identifiant d’aucune" in f]
    row = line_of("cqpm-tmp", "title")
    (found,) = (
        one
        for one in faults(
            reading.certification(with_cell("cqpm-tmp", words.FICHE, row, 1, "titre"))
        )
        if "A" in one and "titre" in one and "n’est pas connue" in one
    )
    assert found.startswith(f"feuille Certification, cellule A{row} : ")
    headless = faults(reading.certification(with_cell("cqpm-tmp", "Blocs", 1, 2, None)))
    assert any("la colonne « Intitulé du bloc » manque" in one for one in headless)


def test_rows_may_be_moved_and_columns_too() -> None:
    moved = []
    for sheet in sheets("cqpm-tmp"):
        rows = sheet.rows
        if sheet.title == "Résultats":
            rows = tuple(tuple(reversed((*row, *[None] * (4 - len(row))))) for row in rows)
        moved.append(Sheet(title=sheet.title, rows=rows))
    assert reading.certification(tuple(moved)) == shipped("cqpm-tmp")


def test_every_field_of_a_certification_has_its_place_and_its_words() -> None:
    places = [*fiche(), *(place for table in tables() for place in table.places)]
    assert [p.known_as for p in places if p.known_as not in words.LABELS] == []
    titles = [words.sheet(table.path) for table in tables()]
    assert len(set(titles)) == len(titles)
    for table in tables():
        assert len(set(pages.columns(table))) == len(pages.columns(table))


def test_the_sheets_guard_their_keys_and_offer_their_lists() -> None:
    book = load_workbook(BytesIO(workbook.export(shipped("cqpm-tmp"))))
    assert book.sheetnames[0] == words.READ_ME
    criteria = book["Critères"]
    assert criteria.freeze_panes == "A2"
    assert criteria.protection.sheet
    assert criteria["B2"].protection.locked
    assert not criteria["D2"].protection.locked
    assert not criteria[f"B{criteria.max_row}"].protection.locked
    offered = [rule.formula1 for rule in criteria.data_validations.dataValidation]
    assert any("En matière de méthodes utilisées" in str(one) for one in offered)
