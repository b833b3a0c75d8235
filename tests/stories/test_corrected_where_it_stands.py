"""« 3 À corriger »: staff open the file where it stands, correct it, and save."""

from pathlib import Path

import pytest

from casefiles import preregistration
from tests.stories.conftest import AsTold
from tests.stories.space import Space, plain
from tests.stories.test_arrangement import arranging
from tests.stories.test_lists import HEADS, INES
from watch.commands.deep import prove
from watch.service.daemon import run

WRONG_DAY = {"candidate/birth_date": "31/02/1999"}


def sent_back(space: Space) -> tuple[Path, Path]:
    """A refused inscription in « 3 À corriger », and its reason."""
    assert space.hand_in(space.inscription(WRONG_DAY), "Zoé.pdf").outcome == "refused"
    file = space.workspace.to_correct / "Zoé.pdf"
    return file, file.with_name("Zoé.pdf - POURQUOI.txt")


def standing(space: Space) -> list[str]:
    return sorted(p.name for p in space.workspace.to_correct.iterdir())


def test_a_form_corrected_and_saved_there_opens_its_case_and_its_refusal_goes(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    file, why = sent_back(space)
    assert "enregistré là où il se trouve" in plain(why)
    right = space.inscription().read_bytes()
    file.write_bytes(right)
    assert run(space.workspace, once=True, settling=0.0).failed == 0
    (number,) = space.numbers()
    assert space.office.originals.get(space.case(number).documents[0].sha256) == right
    assert standing(space) == []
    assert list(prove(space.office)) == []


def test_one_still_wrong_stays_with_the_new_reason_in_the_place_of_the_old(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    file, why = sent_back(space)
    before = standing(space)
    still = space.inscription({"candidate/birth_date": "30/02/1999"})
    file.write_bytes(still.read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "refused"
    assert "30/02/1999" in plain(why)
    assert "31/02/1999" not in plain(why)
    assert file.read_bytes() == still.read_bytes()
    assert standing(space) == before
    assert space.work() == []


def test_what_was_sent_back_is_no_drop_while_nobody_changes_it(as_told: AsTold) -> None:
    space = as_told("nouveau")
    sent_back(space)
    space.hand_in(b"une note de service", "note.docx")
    space.hand_in(b"\x00" * 40, "illisible.bin")
    (space.workspace.drop_here / "raccourci.pdf").symlink_to("/etc/hostname")
    assert len(space.work()) == 1
    before = standing(space)
    assert space.work() == []
    assert standing(space) == before


def test_a_form_left_half_filled_there_keeps_its_reason_on_the_board(as_told: AsTold) -> None:
    space = as_told("nouveau")
    file, why = sent_back(space)
    file.write_bytes(space.inscription({"candidate/birth_date": None}).read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "refused"
    assert why.exists()
    assert "Zoé.pdf" in space.workspace.board.read_text(encoding="utf-8")


def test_a_list_corrected_there_adds_its_lines_and_leaves_once_they_are_all_taken(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    lines = [HEADS, INES, "EXEMPLE-FAUX;Paul;31/02/1990;pas une adresse;VAE;;123"]
    space.hand_in("\n".join(lines).encode(), "promotion.csv")
    kept = space.workspace.to_correct / "promotion.csv"
    why = kept.with_name("promotion.csv - POURQUOI.txt")
    lines[2] = "EXEMPLE-FAUX;Paul;28/02/1990;pas une adresse;VAE;;"
    kept.write_text("\n".join(lines), encoding="utf-8")
    (answer,) = space.work()
    assert answer.report
    assert "pas une adresse" in plain(why)
    assert space.work() == []
    lines[2] = "EXEMPLE-FAUX;Paul;28/02/1990;;formation continue;;"
    kept.write_text("\n".join(lines), encoding="utf-8")
    (answer,) = space.work()
    assert answer.outcome == "accepted", answer
    assert not answer.report
    assert standing(space) == []
    streams = [s for s, _, _ in space.office.journal.summaries("preinscription")]
    held = [preregistration.fold(space.office.journal.read(s)) for s in streams]
    assert len([one for one in held if one and not one.closed]) == 2


def test_a_request_given_back_unread_is_not_taken_round_and_round(as_told: AsTold) -> None:
    space = as_told("inscrit")
    request = arranging(space, "2026-9999")
    assert space.hand_in(request, "demande.pdf", door="bureau").outcome == "refused"
    before = standing(space)
    assert space.work() == []
    assert standing(space) == before


@pytest.mark.parametrize("name", ["de plus.pdf", "Zoé.pdf - POURQUOI (2).pdf"])
def test_a_corrected_file_saved_there_under_another_name_is_taken_and_its_copy_leaves(
    as_told: AsTold, name: str
) -> None:
    space = as_told("nouveau")
    sent_back(space)
    (space.workspace.to_correct / name).write_bytes(space.inscription().read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted"
    assert name not in standing(space)


def test_the_same_wrong_file_dropped_again_stands_once_with_one_reason(as_told: AsTold) -> None:
    space = as_told("nouveau")
    for _ in range(3):
        assert space.hand_in(b"rien que du texte", "Zoé.pdf").outcome == "refused"
        assert standing(space) == ["Zoé.pdf", "Zoé.pdf - POURQUOI.txt"]
        assert space.work() == [], "a reason was taken for a drop"
    (space.workspace.to_correct / "Zoé.pdf - POURQUOI (2).txt").write_text("copiée par quelqu’un")
    assert space.work() == []
    (space.workspace.to_correct / "Zoé.pdf - POURQUOI (2).txt").unlink()
    assert list(prove(space.office)) == []
    (space.workspace.to_correct / "Zoé.pdf").write_bytes(space.inscription().read_bytes())
    assert run(space.workspace, once=True, settling=0.0).failed == 0
    assert standing(space) == []


def test_a_request_of_the_office_is_sent_to_its_own_door_and_no_other(as_told: AsTold) -> None:
    space = as_told("nouveau")
    for door, name in (("inbox", "partout.pdf"), ("bureau", "vierge.pdf")):
        blank = space.blank("Demande du bureau")
        assert space.hand_in(blank, name, door=door).outcome == "refused"
        told = plain(space.workspace.to_correct / f"{name} - POURQUOI.txt")
        assert "« Bureau »" in told
        assert "1 À déposer ici" not in told
        assert "3 À corriger" not in told
