"""Odd piles through the folder: grids of several people in one scan, notes that stick, pages that
other programs drew on. Each answer goes to its own case, or is asked for.
"""

from io import BytesIO

import numpy as np
import pikepdf
import pytest

from forms.read import read
from tests.returns.annotations import Sheet, text_on_the_page
from tests.returns.paper import PAPER_DPI
from tests.returns.test_ink import ink
from tests.stories import on_paper
from tests.stories.on_paper import scanned, to_copy, written_by_pen
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.long

PART = "BDC1.1"


def test_grids_of_two_people_stapled_upside_down_in_one_scan_go_to_their_own_cases(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    other = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    piles = []
    for seed, one in enumerate((number, other)):
        answers = people.grid(space.outline(one, "grille", PART), space.today)
        pages = written_by_pen(space.issued(one, "grille", PART).read_bytes(), answers, seed=seed)
        piles.append(pages)
    turned = [np.ascontiguousarray(np.rot90(page, 2)) for page in piles[1][::-1]]
    space.hand_in(scanned([*piles[0], *turned]), "grilles.pdf")
    for one in (number, other):
        (held,) = space.case(one).held
        assert (held.form, held.part, held.missing) == ("grille", PART, ())
        assert not space.case(one).standing("grille", PART)
    assert len(to_copy(space)) == 2


def test_a_note_stuck_over_the_verdict_leaves_it_to_be_asked(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answers = people.grid(space.outline(number, "grille", PART), space.today)
    pages = written_by_pen(space.issued(number, "grille", PART).read_bytes(), answers)
    laid_out = on_paper.layout(space, number, "grille", PART)
    verdict = next(f for f in laid_out.fields if f.name == "conclusion/verdict")
    boxes = [spot.box for spot in verdict.spots]
    top, bottom = min(b.y for b in boxes) - 14, max(b.bottom for b in boxes) + 14
    rows = slice(round(top * PAPER_DPI / 72), round(bottom * PAPER_DPI / 72))
    pages[verdict.spots[0].page - 1][rows, 150:-150] = 235
    assert space.hand_in(scanned(pages)).outcome == "waiting"
    (form,) = to_copy(space)
    assert "conclusion/verdict" in read(form.read_bytes()).values


@pytest.mark.parametrize("noted", [False, True])
def test_an_answer_drawn_on_the_page_beside_its_empty_field_is_not_lost(
    noted: bool, enrolled: tuple[Space, str]
) -> None:
    """Some programs write on the page and leave the field empty; a note may lie there too."""
    space, number = enrolled
    laid_out = on_paper.layout(space, number, "grille", PART)
    places = {f.name: f.spots[0] for f in laid_out.fields}
    blank = space.grid(number, PART, changes={"setting/place": ""})
    with pikepdf.open(blank) as pdf:
        spot = places["setting/place"]
        drawn = Sheet(pdf, pdf.pages[spot.page - 1])
        text_on_the_page(drawn, spot.box, "Atelier d’essai")
        if noted:
            away = places["evaluator/name"]
            pdf.pages[away.page - 1].obj.Annots.append(pdf.make_indirect(ink(away.box)))
        out = BytesIO()
        pdf.save(out)
    answer = space.hand_in(out.getvalue(), "tablette.pdf")
    assert answer.outcome != "accepted"
    if noted:
        (form,) = to_copy(space)
        assert read(form.read_bytes()).values["setting/place"] == "Atelier d’essai"
    else:
        assert any("a été réécrit" in reason for reason in answer.reasons), answer
