"""The same thing twice, or nearly: files, grids, inscriptions, homonyms."""

import hashlib

import pytest
from click.testing import CliRunner

from casefiles.answers.office_act import ActKind
from tests.stories import faulty
from tests.stories.answering import beside, goes_on, moved, refused
from tests.stories.space import Space
from watch.cli import main
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.long

# Twice


def test_the_same_file_twice_is_a_duplicate_of_the_first(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    grid = space.grid(number, "BDC1.1")
    first = space.hand_in(grid, "grille.pdf")
    before = moved(space)
    again = space.hand_in(grid, "la même, renommée.pdf")
    assert again.outcome == "duplicate"
    assert first.document in again.reasons[0]
    assert moved(space) == before
    assert not list(space.workspace.to_correct.iterdir())
    goes_on(space, number)


def test_the_same_name_with_other_content_is_another_document(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    one, two = space.grid(number, "BDC1.1"), space.grid(number, "BDC1.2")
    assert space.hand_in(one, "grille.pdf").outcome == "accepted"
    assert space.hand_in(two, "grille.pdf").outcome == "accepted"
    assert {d.part for d in space.case(number).standing("grille")} == {"BDC1.1", "BDC1.2"}


def test_two_refused_files_of_one_name_both_stay_each_with_its_reason(
    enrolled: tuple[Space, str],
) -> None:
    space, _ = enrolled
    one, two = faulty.brochure(1), faulty.brochure(2)
    refused(space, one, "aucun champ", name="doc.pdf")
    refused(space, two, "aucun champ", name="doc.pdf")
    beside(space, one, "POURQUOI")
    assert len(list(space.workspace.to_correct.iterdir())) == 4


def test_two_different_grids_by_one_evaluator_wait_for_the_office(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    first = space.hand_in(space.grid(number, "BDC1.1"), "grille.pdf")
    changes = {"setting/place": "Atelier 3"}
    second = space.hand_in(space.grid(number, "BDC1.1", changes=changes), "grille.pdf")
    assert second.outcome == "waiting"
    assert first.document in second.reasons[0]
    assert people.EVALUATOR in second.reasons[0]
    assert [d.mark for d in space.case(number).standing("grille", "BDC1.1")] == [first.document]
    assert second.document in space.to_do(number)

    done = space.act(ActKind.REPLACE, number, document=second.document)
    assert done.outcome == "accepted", done
    assert [d.mark for d in space.case(number).standing("grille", "BDC1.1")] == [second.document]
    received = [n for n in space.tree(space.folder(number)) if first.document in n]
    assert received
    assert all("remplacé" in n for n in received)
    assert second.document not in space.to_do(number)


def test_two_evaluators_who_differ_are_both_kept_as_a_divergence(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    space.complete(number)
    other = {
        "conclusion/verdict": "non_acquise",
        "conclusion/comment": "La méthode n’est pas tenue jusqu’au bout.",
    }
    second = space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY", other)
    assert space.hand_in(second).outcome == "accepted"
    assert len(space.case(number).standing("grille", "BDC1.1")) == 2
    recap = space.case(number).product("recapitulatif")
    assert recap is not None
    assert recap.facts["favourable"] is False
    assert "Divergence sur la compétence 1" in recap.facts["proposal"]


def test_a_second_inscription_of_the_same_person_waits_and_the_office_may_open_it(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    again = space.inscription({"candidate/email": "autre@exemple.invalid"})
    answer = space.hand_in(again, "inscription bis.pdf")
    assert answer.outcome == "waiting"
    assert number in answer.reasons[0]
    assert space.numbers() == [number]
    told = beside(space, again.read_bytes(), "EN ATTENTE")
    assert answer.document in told

    opened = space.act(ActKind.HOMONYM, number, document=answer.document)
    assert opened.outcome == "accepted", opened
    assert len(space.numbers()) == 2
    second = space.case(space.numbers()[-1])
    assert second.documents[0].sha256 == hashlib.sha256(again.read_bytes()).hexdigest()
    assert not list(space.workspace.to_correct.iterdir())
    assert f"à la demande de {people.OFFICE}" in space.history(second.number)

    once_more = space.act(ActKind.HOMONYM, number, document=answer.document)
    assert once_more.outcome == "refused"
    assert len(space.numbers()) == 2


def test_at_the_command_line_the_mark_of_the_inscription_is_enough_to_open_it(
    enrolled: tuple[Space, str],
) -> None:
    space, _ = enrolled
    again = space.inscription({"candidate/email": "autre@exemple.invalid"})
    waiting = space.hand_in(again, "inscription bis.pdf").document
    asked = ["act", str(space.workspace.share), "ouvrir", waiting]
    opened = CliRunner().invoke(main, [*asked, "--par", people.OFFICE, "--motif", "Deux personnes"])
    assert opened.exit_code == 0, opened.output
    assert len(space.numbers()) == 2


def test_a_homonym_has_a_case_of_their_own_and_it_is_said(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answer = space.hand_in(space.inscription({"candidate/birth_date": "01/01/1990"}))
    assert answer.outcome == "accepted"
    assert any("Homonyme" in r and number in r for r in answer.reasons)
    assert len(space.numbers()) == 2
    assert "Homonyme" in space.history(space.numbers()[-1])
