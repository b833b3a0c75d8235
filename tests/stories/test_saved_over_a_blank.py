"""« Formulaires vierges »: somebody fills the form where it stands, and saves."""

from pathlib import Path

from casefiles.events import DropAnswered
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.service.daemon import run


def answers(space: Space) -> list[DropAnswered]:
    found = (space.office.journal.read(s)[0].event for s, _, _ in receipts(space))
    return [one for one in found if isinstance(one, DropAnswered)]


def receipts(space: Space) -> list[tuple[str, str, dict[str, object]]]:
    return space.office.journal.summaries("depot")


def watched(space: Space) -> None:
    assert run(space.workspace, once=True, settling=0.0).failed == 0


def held(space: Space) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in space.workspace.blanks.iterdir()}


def save(form: Path, over: Path) -> bytes:
    over.write_bytes(form.read_bytes())
    return form.read_bytes()


def test_a_blank_filled_in_place_opens_its_case_and_the_blank_comes_back(as_told: AsTold) -> None:
    space = as_told("nouveau")
    before = held(space)
    filled = save(space.inscription(), space.blank("Dossier d’inscription"))
    watched(space)
    (number,) = space.numbers()
    assert space.office.originals.get(space.case(number).documents[0].sha256) == filled
    assert held(space) == before
    (answer,) = answers(space)
    assert answer.outcome == "accepted"
    assert not list(space.workspace.drop_here.iterdir())


def test_blanks_as_we_put_them_are_nobodys_drop(as_told: AsTold) -> None:
    space = as_told("nouveau")
    before = held(space)
    watched(space)
    assert answers(space) == []
    assert held(space) == before


def test_a_form_saved_beside_the_blanks_under_a_name_of_its_own_is_taken_too(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    before = held(space)
    save(space.inscription(), space.workspace.blanks / "inscription de Zoé.pdf")
    space.work()
    assert len(space.numbers()) == 1
    assert held(space) == before


def test_one_filled_wrongly_waits_with_its_reason_and_the_blank_is_whole_again(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    before = held(space)
    wrong = save(
        space.inscription({"candidate/birth_date": "31/02/1999"}),
        space.blank("Dossier d’inscription"),
    )
    space.work()
    assert space.numbers() == []
    assert held(space) == before
    sent_back = {p.name: p.read_bytes() for p in space.workspace.to_correct.iterdir()}
    assert wrong in sent_back.values()
    assert any(name.endswith("POURQUOI.txt") for name in sent_back)


def test_a_list_of_candidates_filled_where_it_stands_is_taken(as_told: AsTold) -> None:
    space = as_told("nouveau")
    before = held(space)
    place = space.workspace.blanks / "Liste de candidats.xlsx"
    place.write_bytes("Nom de naissance;Prénom;Certification\nEXEMPLE;Zoé;cqpm-tmp\n".encode())
    space.work()
    (answer,) = answers(space)
    assert answer.outcome == "accepted", answer
    assert held(space) == before


def test_nothing_is_put_beside_a_form_somebody_saved_before_it_is_taken(as_told: AsTold) -> None:
    from watch.share import blanks

    space = as_told("nouveau")
    names = set(held(space))
    filled = save(space.inscription(), space.blank("Dossier d’inscription"))
    blanks.show(space.office)
    blanks.show(space.office)
    assert set(held(space)) == names
    assert filled in held(space).values()
