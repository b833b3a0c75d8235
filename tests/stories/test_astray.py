"""A file put where nobody will ever take it is named on TABLEAU, until it is moved."""

from pathlib import Path

import pytest

from forms.typography import french
from signing.credential.page import FILE_NAME
from signing.credential.words import KEYS_FILE_NAME
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.service.daemon import run
from watch.share import board, strays
from watch.share.strays import Strays
from watch.share.verification import LIST_FILE_NAME
from watch.share.workspace import CHECKING

HEADING = "Fichiers posés là où personne ne les prend"


@pytest.fixture
def space(as_told: AsTold, monkeypatch: pytest.MonkeyPatch) -> Space:
    monkeypatch.setattr(strays, "PATIENCE", 0.0)
    return as_told("inscrit")


def page(space: Space) -> str:
    return space.workspace.board.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")


def put(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"une grille")
    return file


def test_what_lies_in_a_wrong_place_is_named_and_nobody_moves_it(space: Space) -> None:
    share = space.workspace.share
    wrong = [
        put(share / "grille.pdf"),
        put(space.workspace.juries / "avis.pdf"),
        put(space.workspace.cases / "modalités.pdf"),
        put(share / "Service RH" / "2026" / "scan.pdf"),
    ]
    board.show(space.office)
    said = page(space)
    assert HEADING in said
    for place in ("grille.pdf", "4 Jurys/avis.pdf", "2 Dossiers en cours/modalités.pdf"):
        assert f">{place}<" in said
    assert "Service RH (1 fichier)" in said
    assert all(one.exists() for one in wrong)


def test_it_leaves_the_page_once_it_is_moved(space: Space) -> None:
    file = put(space.workspace.share / "grille.pdf")
    board.show(space.office)
    assert HEADING in page(space)
    file.rename(space.workspace.drop_here / "grille.pdf")
    board.show(space.office)
    assert HEADING not in page(space)


def test_nothing_of_ours_nor_of_the_system_is_named(space: Space) -> None:
    for name in (".DS_Store", "~$note.docx", "$RECYCLE.BIN/x", "lost+found/y", "@eaDir/z"):
        put(space.workspace.share / name)
    space.close()
    assert run(space.workspace, once=True, settling=0.0).failed == 0
    assert Strays(space.workspace).lying() == ()
    assert set(CHECKING) == {FILE_NAME, KEYS_FILE_NAME, LIST_FILE_NAME}


def test_a_file_just_put_down_is_not_said_yet(as_told: AsTold) -> None:
    space = as_told("nouveau")
    put(space.workspace.share / "en train de glisser.pdf")
    assert Strays(space.workspace).lying() == ()


def test_the_page_is_drawn_again_when_what_lies_astray_changes(space: Space) -> None:
    known = Strays(space.workspace)
    assert not known.moved()
    file = put(space.workspace.share / "grille.pdf")
    assert known.moved()
    assert not known.moved()
    file.unlink()
    assert known.moved()


def test_more_than_a_page_of_them_is_counted(space: Space) -> None:
    for number in range(board.LATEST + 3):
        put(space.workspace.share / f"{number:03d}.pdf")
    board.show(space.office)
    assert french("3 autres sont dans les mêmes dossiers.") in french(page(space))


def test_a_file_beside_the_doors_of_a_case_is_named_in_what_remains_to_be_done(
    space: Space,
) -> None:
    number = space.numbers()[-1]
    folder = space.folder(number)
    before = space.to_do(number)
    file = put(folder / "grille remplie.pdf")
    space.show(number)
    assert "OÙ RIEN N’EST RELU" in space.to_do(number)
    assert "• grille remplie.pdf" in space.to_do(number)
    assert file.exists()
    file.unlink()
    space.show(number)
    assert space.to_do(number) == before


def test_what_lies_in_a_case_folder_is_looked_at_again_only_when_something_moved(
    space: Space,
) -> None:
    known, folder = Strays(space.workspace), space.folder(space.numbers()[-1])
    ours = {name for name in space.tree(folder) if "/" not in name}
    assert not known.moved_beside(str(folder), ours)
    file = put(folder / "grille remplie.pdf")
    assert known.moved_beside(str(folder), ours)
    assert not known.moved_beside(str(folder), ours)
    file.unlink()
    assert known.moved_beside(str(folder), ours)
