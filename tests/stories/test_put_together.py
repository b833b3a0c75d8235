"""Forms put together in one file: filled ones joined, a scan beside fields. None is lost."""

from io import BytesIO

import numpy as np
import pikepdf
import pytest

from casefiles.events import ReturnHeld
from tests.engines import rewriters
from tests.engines.pdfium import Pdfium
from tests.stories.answering import refused
from tests.stories.on_paper import copy_and_save, scanned, to_copy, written_by_pen
from tests.stories.space import Space, by
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.long

PARTS = ("BDC1.1", "BDC1.2")


@pytest.mark.parametrize("joined", [rewriters.qpdf_joined, rewriters.pdftk_joined])
def test_two_filled_forms_joined_in_one_file_have_a_receipt_each(
    joined: rewriters.Joining, enrolled: tuple[Space, str]
) -> None:
    space, number = enrolled
    grids = [space.grid(number, one, fill=by(Pdfium())).read_bytes() for one in PARTS]
    answer = space.hand_in(joined(grids))
    assert answer.what == "Fichier de 2 formulaires"
    held = [one.event for one in space.office.journal.read(f"dossier/{number}")]
    assert [one.part for one in held if isinstance(one, ReturnHeld)] == list(PARTS)
    for form, part in zip(to_copy(space), PARTS, strict=True):
        answers = people.grid(space.outline(number, "grille", part), space.today)
        done = copy_and_save(space, form, answers, signed=False)
        assert done.outcome == "accepted", (done.reasons, done.remedy)
        (grid,) = space.case(number).standing("grille", part)
        assert {name: grid.values[name] for name in answers} == answers


def test_answers_that_are_stored_and_not_drawn_are_not_taken_for_blanks(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    grids = [space.grid(number, part).read_bytes() for part in PARTS]  # as mobile viewers do
    told = "toutes les réponses ne s’y voient pas", "dans son propre fichier"
    refused(space, rewriters.qpdf_joined(grids), *told)


def test_the_signed_page_may_come_scanned_beside_the_fields_of_the_others(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answers = people.avis(space.outline(number, "avis"), space.today)
    print_ = space.issued(number, "avis")
    by_hand = scanned(written_by_pen(print_.read_bytes(), answers)[1:])
    with (
        pikepdf.open(space.filled(print_, answers, fill=by(Pdfium()))) as file,
        pikepdf.open(BytesIO(by_hand)) as scan,
    ):
        file.pages[1:] = scan.pages
        out = BytesIO()
        file.save(out)
    answer = space.hand_in(out.getvalue())
    assert answer.outcome == "waiting", answer
    (form,) = to_copy(space)
    assert copy_and_save(space, form, answers).outcome == "accepted"
    (avis,) = space.case(number).standing("avis")
    assert avis.proof.kind == "paper"
    assert {name: avis.values[name] for name in answers} == answers


def test_a_page_of_somebody_else_beside_the_fields_changes_nothing(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    letter = scanned([np.full((3508, 2480), 255, np.uint8)])
    with (
        pikepdf.open(space.grid(number, PARTS[0])) as file,
        pikepdf.open(BytesIO(letter)) as cover,
    ):
        file.pages.extend(cover.pages)
        out = BytesIO()
        file.save(out)
    answer = space.hand_in(out.getvalue())
    assert answer.outcome == "waiting"
    assert any("Ce qui est imprimé a été réécrit" in reason for reason in answer.reasons)
    assert not to_copy(space)
