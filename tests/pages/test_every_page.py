"""What holds for every page we hand over, whatever it says."""

from typing import Any

import pytest

from tests.pages.drawn import EVERYDAY, LONG
from tests.pages.reading import Rect, failures, fields, lines, size

# One word lies across the whole page, on purpose.
MARKED_ACROSS = ("spécimen", "démonstration")
ALL = {**EVERYDAY, **{f"{name}, long": make for name, make in LONG.items()}}
MM = 72 / 25.4
PERSON, CACHET = "signature/certificateur", "cachet/certificateur"


def height(field: dict[str, Any]) -> float:
    return float(field["box"][3] - field["box"][1])


@pytest.mark.parametrize("name", ALL)
def test_a_page_conforms_to_pdf_a_2a_and_pdf_ua_1(name: str) -> None:
    assert failures(ALL[name]()) == []


@pytest.mark.parametrize("name", EVERYDAY)
def test_the_same_facts_make_the_same_bytes(name: str) -> None:
    assert EVERYDAY[name]() == EVERYDAY[name]()


@pytest.mark.parametrize("name", ALL)
def test_no_word_leaves_the_page_margins(name: str) -> None:
    data = ALL[name]()
    wide, high = size(data)
    margin = 17 * MM
    out = [
        one
        for one in lines(data)
        if one.left < margin
        or one.right > wide - margin
        or one.bottom < 8 * MM
        or one.top > high - 8 * MM
    ]
    assert out == []


@pytest.mark.parametrize("name", [n for n in ALL if not n.startswith(MARKED_ACROSS)])
def test_no_word_covers_another(name: str) -> None:
    runs = [one for one in lines(ALL[name]()) if one.text.strip()]
    crossing = [
        (a.text, b.text) for i, a in enumerate(runs) for b in runs[i + 1 :] if a.crosses(b, 1.2)
    ]
    assert crossing == []


@pytest.mark.parametrize("name", ALL)
def test_a_place_to_sign_is_wide_enough_and_holds_no_word(name: str) -> None:
    data = ALL[name]()
    places = fields(data)
    for called, field in places.items():
        left, bottom, right, top = field["box"]
        assert right - left > 48 * MM
        # On a parchemin the two share one foot; a cachet is never the taller.
        assert top - bottom > (10 if CACHET in places else 15) * MM
        assert called != CACHET or top - bottom <= height(places[PERSON])
        spot = Rect(field["page"], left, bottom, right, top, "")
        if not name.startswith(MARKED_ACROSS):
            assert [one for one in lines(data) if one.crosses(spot, 0.5)] == []
