"""Saved in place in « À remplir »: drafts stay, mistakes are answered there."""

import pytest

from tests.stories import faulty
from tests.stories.answering import goes_on
from tests.stories.space import Space

pytestmark = pytest.mark.long


def test_a_draft_left_in_place_is_not_taken_away_when_the_form_comes_another_way(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    half = space.filled(space.issued(number, "grille", "BDC1.1"), {"setting/place": "Atelier 2"})
    draft = space.save_in_place(number, "grille", "BDC1.1", half)
    (answer,) = space.work()
    assert answer.outcome == "draft"
    assert space.hand_in(space.grid(number, "BDC1.1"), "grille.pdf").outcome == "accepted"
    assert draft.read_bytes() == half.read_bytes()
    space.show(number)
    assert draft.read_bytes() == half.read_bytes()


def test_a_mistake_saved_in_place_is_answered_there_and_corrected_there(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    wrong = space.grid(number, "BDC1.1", changes={"setting/day": "31/02/2026"})
    saved = space.save_in_place(number, "grille", "BDC1.1", wrong)
    (answer,) = space.work()
    assert answer.outcome == "refused"
    note = saved.with_name(f"{saved.name} - POURQUOI.txt")
    assert "31/02/2026" in note.read_text(encoding="utf-8-sig")
    assert saved.read_bytes() == wrong.read_bytes()
    assert not list(space.workspace.to_correct.iterdir())
    assert space.work() == []  # neither the file nor its note is a new drop
    space.show(number)
    assert saved.read_bytes() == wrong.read_bytes()

    saved.write_bytes(space.grid(number, "BDC1.1").read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted"
    assert not saved.exists()
    assert not note.exists()


def test_an_avis_saved_in_place_before_it_is_signed_is_a_draft(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    saved = space.save_in_place(number, "avis", "", space.avis(number))
    (answer,) = space.work()
    assert answer.outcome == "draft"
    assert "pas signé" in answer.reasons[0]
    note = saved.with_name(f"{saved.name} - BROUILLON.txt")
    assert "signe" in note.read_text(encoding="utf-8-sig")
    saved.write_bytes(space.signed_avis(number).read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted"
    assert not note.exists()


def test_a_foreign_file_left_among_the_forms_to_fill_stays_there_with_its_reason(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    letter = space.folder(number) / "À remplir" / "mes notes.docx"
    letter.write_bytes(faulty.docx())
    (answer,) = space.work()
    assert answer.outcome == "refused"
    assert letter.read_bytes() == faulty.docx()
    assert letter.with_name("mes notes.docx - POURQUOI.txt").is_file()
    assert space.work() == []
    goes_on(space, number)
