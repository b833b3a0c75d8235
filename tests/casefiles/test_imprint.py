"""The identity of a print."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.answers.imprint import Imprint, from_code, from_text, key_id

KEY, OTHER = b"k" * 32, b"o" * 32
PRINT = Imprint(
    serial="ABCDEFGH23",
    form="grille",
    version=1,
    case="2026-0042",
    part="BDC1.1",
    certification="cqpm-essai",
    certification_hash="c" * 64,
    form_hash="f" * 64,
)
WORD = st.from_regex(r"[A-Za-z0-9.\-]{0,12}", fullmatch=True)
PRINTS = st.builds(
    Imprint,
    serial=WORD,
    form=WORD,
    version=st.integers(0, 99),
    case=WORD,
    part=WORD,
    page=st.integers(0, 300),
)


def test_our_own_print_is_recognised_and_no_other_key_is() -> None:
    assert PRINT.signed(KEY).made_with(KEY)
    assert not PRINT.signed(KEY).made_with(OTHER)
    assert not PRINT.made_with(KEY)
    assert key_id(KEY) != key_id(OTHER)


@pytest.mark.parametrize(
    "change",
    [
        {"serial": "ABCDEFGH24"},
        {"form": "avis"},
        {"version": 2},
        {"case": "2026-0043"},
        {"part": "BDC1.2"},
        {"page": 2},
        {"key_id": "AAAA"},
        {"check": "A" * 16},
        {"check": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_check_breaks_when_any_covered_part_changes(change: dict[str, object]) -> None:
    assert not replace(PRINT.signed(KEY), **change).made_with(KEY)  # type: ignore[arg-type]


def test_a_page_signs_for_itself() -> None:
    page = PRINT.signed(KEY).on_page(3)
    assert not page.made_with(KEY)
    assert page.signed(KEY).made_with(KEY)
    assert page.signed(KEY).check != PRINT.signed(KEY).check


@given(PRINTS)
def test_what_the_code_says_is_what_was_printed_and_still_checks(one: Imprint) -> None:
    back = from_code(one.signed(KEY).code())
    assert back == one.signed(KEY)
    assert back.made_with(KEY)


@given(PRINTS, PRINTS)
def test_two_prints_never_share_a_check(one: Imprint, other: Imprint) -> None:
    assert (one == other) == (one.signed(KEY).check == other.signed(KEY).check)


def test_the_hidden_field_keeps_the_whole_imprint() -> None:
    assert from_text(PRINT.signed(KEY).text()) == PRINT.signed(KEY)


@pytest.mark.parametrize("code", ["", "PCH1", "https://exemple.invalid/a/b/c/d/e/f", "PCH1/a/b/x"])
def test_a_foreign_code_is_no_imprint(code: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_code(code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "12",
        "null",
        "{}",
        '{"serial": "A"}',
        '{"serial": 5, "form": "avis", "version": 1}',
        '{"serial": "A", "form": "avis", "version": "1"}',
        '{"serial": "A", "form": "avis", "version": 1, "check": null}',
        '{"serial": "A", "form": "avis", "version": 1, "extra": ""}',
    ],
)
def test_a_foreign_hidden_field_is_no_imprint(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_text(text)


ANY_TEXT = st.text(st.characters(), max_size=16)  # lone surrogates included


@given(ANY_TEXT, ANY_TEXT)
def test_no_hostile_text_makes_the_check_itself_fail(serial: str, check: str) -> None:
    hostile = {"serial": serial, "form": "avis", "version": 1, "check": check}
    read = from_text(json.dumps(hostile | {"key_id": key_id(KEY)}))
    assert not read.made_with(KEY)


def test_an_imprint_has_no_room_for_a_person() -> None:
    assert {f.name for f in fields(Imprint)} == {
        "serial",
        "form",
        "version",
        "case",
        "part",
        "certification",
        "certification_hash",
        "form_hash",
        "page",
        "key_id",
        "check",
    }
