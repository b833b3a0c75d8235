"""A file put where nobody will ever take it is named on TABLEAU and by `status`, until it is moved:
wherever it lies on the share, unless it is ours or at a door.
"""

import json
from pathlib import Path

import pytest
from sqlalchemy import delete

from casefiles import store
from forms.typography import french
from signing.credential.page import FILE_NAME
from signing.credential.words import KEYS_FILE_NAME
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.status import report, told, written
from watch.service.daemon import run
from watch.service.patrol import Patrol
from watch.service.truth import Truth
from watch.share import board, mirror, strays
from watch.share.naming import is_receipt
from watch.share.strays import WHAT_TO_DO, WHERE, Strays
from watch.share.verification import LIST_FILE_NAME
from watch.share.workspace import CHECKING


@pytest.fixture
def space(as_told: AsTold, monkeypatch: pytest.MonkeyPatch) -> Space:
    monkeypatch.setattr(strays, "PATIENCE", 0.0)
    return as_told("inscrit")


@pytest.fixture
def decided(as_told: AsTold, monkeypatch: pytest.MonkeyPatch) -> Space:
    monkeypatch.setattr(strays, "PATIENCE", 0.0)
    return as_told("décidé")


def look(space: Space) -> str:
    """The whole share is gone round once, what moved is shown; TABLEAU after that."""
    patrol = Patrol(space.workspace, Truth(space.office.journal.engine))
    for stream in patrol.everywhere():
        mirror.show(space.office, stream)
    patrol.others_astray()
    board.show(space.office)
    return page(space)


def page(space: Space) -> str:
    return space.workspace.board.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")


def put(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"une grille")
    return file


def places(space: Space) -> list[Path]:
    """Every kind of place that is written and not read."""
    of, case, session = space.workspace, space.folder(space.numbers()[-1]), space.workspace.juries
    (held,) = [one for one in session.iterdir() if one.is_dir()]
    (day,) = [one for one in of.receipts.iterdir() if one.is_dir()]
    return [
        of.share, of.cases, of.juries, of.done, of.receipts, day, of.expected,
        of.expected / "À envoyer", case, case / "Reçus", case / "Produits", held, held / "Reçus",
    ]  # fmt: skip


def test_whatever_place_it_lies_in_it_is_named_with_what_to_do_and_nobody_moves_it(
    decided: Space,
) -> None:
    # A folder we write in holds a file of ours; the préinscriptions have none here.
    space, wrong = decided, [put(folder / "scan égaré.pdf") for folder in places(decided)]
    said = look(space)
    assert f"<h2>{WHERE}</h2>" in said
    assert french(WHAT_TO_DO).replace("\N{NO-BREAK SPACE}", " ") in said
    text, asked = "\n".join(told(space.office)), json.loads("".join(written(space.office)))
    assert report(space.office)["astray"] == asked["astray"]
    for file in wrong:
        place = space.workspace.within(file)
        if file.parent == space.workspace.expected / "À envoyer":
            place = f"{space.workspace.within(file.parent)} (1 fichier)"
        assert f">{place}<" in said
        assert f"  {place}\n" in text
        assert place in asked["astray"]
    assert len(asked["astray"]) == len(wrong)
    assert f"{WHERE} :\n" in text
    assert WHAT_TO_DO in text
    assert all(one.exists() for one in wrong)


def test_the_watch_itself_finds_it(space: Space) -> None:
    number = space.numbers()[-1]
    file = put(space.folder(number) / "Reçus" / "scan égaré.pdf")
    space.close()
    assert run(space.workspace, once=True, settling=0.0).failed == 0
    assert report(space.office)["astray"] == [space.workspace.within(file)]
    assert "• Reçus/scan égaré.pdf" in space.to_do(number)


def test_it_leaves_the_page_once_it_is_moved(decided: Space) -> None:
    space, wrong = decided, [put(folder / "scan égaré.pdf") for folder in places(decided)]
    assert WHERE in look(space)
    for number, file in enumerate(wrong):
        file.rename(space.workspace.drop_here / f"{number}.pdf")
    assert report(space.office)["astray"] == []
    assert WHERE not in look(space)
    assert WHERE not in "".join(told(space.office))


def test_folders_of_peoples_own_are_said_as_one_wherever_they_stand(space: Space) -> None:
    share, case = space.workspace.share, space.folder(space.numbers()[-1])
    put(share / "Service RH" / "2026" / "scan.pdf")
    put(space.workspace.cases / "Divers" / "a.pdf")
    put(space.workspace.cases / "Divers" / "b" / "c.pdf")
    put(space.workspace.receipts / "Anciens" / "d.txt")
    put(case / "Photos" / "e.jpg")
    (space.workspace.juries / "Rien").mkdir()
    look(space)
    assert report(space.office)["astray"] == [
        "Service RH (1 fichier)",
        "2 Dossiers en cours/Divers (2 fichiers)",
        f"2 Dossiers en cours/{case.name}/Photos (1 fichier)",
        "Accusés de réception/Anciens (1 fichier)",
    ]


def test_a_copy_of_a_case_folder_is_nobodys_case(space: Space) -> None:
    folder = space.folder(space.numbers()[-1])
    copy = folder.with_name(f"{folder.name} - Copie")
    put(copy / "Reçus" / "grille.pdf")
    put(copy / "À remplir" / "grille.pdf")
    look(space)
    (said,) = report(space.office)["astray"]
    assert said == f"2 Dossiers en cours/{copy.name} (2 fichiers)"


def test_nothing_is_said_of_the_doors_nor_of_a_folder_about_to_be_found_again(
    space: Space,
) -> None:
    case = space.folder(space.numbers()[-1])
    for door in (
        space.workspace.drop_here, space.workspace.office / "À remplir", space.workspace.blanks,
        space.workspace.to_correct, case / "À remplir" / "plus loin",
    ):  # fmt: skip
        put(door / "scan.pdf")
    look(space)
    assert report(space.office)["astray"] == []
    case.rename(case.with_name("Zoé, la stagiaire"))
    look(space)
    assert report(space.office)["astray"] == []


def test_nothing_is_concluded_while_a_folder_has_not_been_shown_yet(space: Space) -> None:
    with space.office.journal.engine.begin() as connection:
        connection.execute(delete(store.published))
    space.office.journal.rebuild()
    patrol = Patrol(space.workspace, Truth(space.office.journal.engine))
    patrol.next()
    assert not patrol.others_astray()
    for stream in space.office.journal.unpublished():
        mirror.show(space.office, stream)
    put(space.workspace.cases / "Divers" / "a.pdf")
    patrol.next()
    assert patrol.others_astray()
    assert report(space.office)["astray"] == ["2 Dossiers en cours/Divers (1 fichier)"]


def test_what_was_to_be_filled_in_is_a_door_until_the_case_came_to_its_end(space: Space) -> None:
    for parent, named in ((space.workspace.cases, []), (space.workspace.done, [1])):
        file = put(parent / "2026-0099 EXEMPLE Zoé" / "À remplir" / "grille.pdf")
        found = strays.beside(space.workspace, file.parent.parent, ())
        assert [one.files for one in found] == named


def test_a_day_of_receipts_is_gone_through_again_only_when_a_name_moved_in_it(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strays, "_TICK", 0)
    (day,) = space.workspace.receipts.iterdir()
    asked: list[str] = []
    monkeypatch.setattr(strays, "is_receipt", lambda name: not asked.append(name))
    patrol = Patrol(space.workspace, Truth(space.office.journal.engine))
    patrol.next()
    before = list(asked)
    assert sorted(before) == sorted(one.name for one in day.iterdir())
    patrol.next()
    assert asked == before
    put(day / "scan.pdf")
    patrol.next()
    assert len(asked) == 2 * len(before) + 1


def test_nothing_of_ours_nor_of_the_system_is_named(decided: Space) -> None:
    space = decided
    for name in (".DS_Store", "~$note.docx", "$RECYCLE.BIN/x", "lost+found/y", "@eaDir/z"):
        put(space.workspace.share / name)
    space.close()
    assert run(space.workspace, once=True, settling=0.0).failed == 0
    assert Strays(space.workspace).lying() == ()
    assert not space.workspace.astray_file.exists()
    receipts = [p.name for p in space.workspace.receipts.rglob("*.txt")]
    assert receipts
    assert all(map(is_receipt, receipts))
    assert set(CHECKING) == {FILE_NAME, KEYS_FILE_NAME, LIST_FILE_NAME}


def test_a_name_no_alphabet_holds_is_said_all_the_same(space: Space) -> None:
    put(space.workspace.share / "scan \udce9gar\udce9.pdf")
    assert "scan ?gar?.pdf" in look(space)
    assert report(space.office)["astray"] == ["scan ?gar?.pdf"]


def test_what_a_mac_writes_in_other_letters_is_still_ours(space: Space) -> None:
    from unicodedata import normalize

    case = space.folder(space.numbers()[-1])
    ours = space.tree(case)
    for file in [one for one in case.rglob("*") if one.is_file()]:
        file.rename(file.with_name(normalize("NFD", file.name)))
    assert strays.beside(space.workspace, case, ours) == ()


def test_a_file_just_put_down_is_not_said_yet(as_told: AsTold) -> None:
    space = as_told("nouveau")
    put(space.workspace.share / "en train de glisser.pdf")
    look(space)
    assert report(space.office)["astray"] == []


def test_the_page_is_drawn_again_only_when_what_lies_astray_changes(space: Space) -> None:
    patrol = Patrol(space.workspace, Truth(space.office.journal.engine))
    assert not patrol.others_astray()
    for folder in (space.workspace.share, space.folder(space.numbers()[-1]) / "Produits"):
        file = put(folder / "grille.pdf")
        patrol.next()
        assert patrol.others_astray()
        patrol.next()
        assert not patrol.others_astray()
        file.unlink()
        assert patrol.others_astray()


def test_what_was_found_outlives_the_watch_and_is_found_again_once_lost(space: Space) -> None:
    number = space.numbers()[-1]
    file = put(space.folder(number) / "Reçus" / "grille.pdf")
    assert WHERE in look(space)
    assert "grille.pdf" in space.to_do(number)
    file.unlink()
    assert WHERE not in look(space)
    assert "grille.pdf" not in space.to_do(number)
    put(file)
    look(space)
    patrol = Patrol(space.workspace, Truth(space.office.journal.engine))
    space.workspace.astray_file.unlink()
    patrol.others_astray()
    assert len(report(space.office)["astray"]) == 1
    for lost in (b"", b'{"a": 3}', b"[]"):
        space.workspace.astray_file.write_bytes(lost)
        assert WHERE in look(space)


def test_more_than_a_page_of_them_is_counted(space: Space) -> None:
    for number in range(board.LATEST + 3):
        put(space.workspace.share / f"{number:03d}.pdf")
    assert french("3 autres sont dans les mêmes dossiers ;") in french(look(space))
    assert len(report(space.office)["astray"]) == board.LATEST + 3


@pytest.mark.parametrize("where", ["", "Reçus/", "Produits/"])
def test_a_file_astray_in_the_folder_of_a_case_is_named_in_what_remains_to_be_done(
    space: Space, where: str
) -> None:
    number = space.numbers()[-1]
    folder = space.folder(number)
    before = space.to_do(number)
    file = put(folder / f"{where}grille remplie.pdf")
    look(space)
    assert "OÙ RIEN N’EST RELU" in space.to_do(number)
    named = "Produits (1 fichier)" if where == "Produits/" else f"{where}grille remplie.pdf"
    assert f"• {named}" in space.to_do(number)
    assert file.exists()
    file.unlink()
    look(space)
    assert space.to_do(number) == before


def test_notes_written_in_a_text_of_ours_are_kept_beside_it_and_others_are_named(
    space: Space,
) -> None:
    number = space.numbers()[-1]
    folder = space.folder(number)
    for _ in range(2):
        (folder / "RESTE À FAIRE.txt").write_text("Appeler Zoé.", encoding="utf-8")
        space.show(number)
    put(folder / "Notes - entretien.pdf")
    put(folder / "Notes - réunion" / "mars.txt")
    look(space)
    assert len(list(folder.glob("Notes - RESTE*"))) == 2
    assert report(space.office)["astray"] == [
        f"2 Dossiers en cours/{folder.name}/Notes - entretien.pdf",
        f"2 Dossiers en cours/{folder.name}/Notes - réunion (1 fichier)",
    ]


def test_a_file_saved_over_one_of_ours_stands_beside_it_and_is_named(decided: Space) -> None:
    space, number = decided, decided.numbers()[-1]
    case = space.folder(number)
    (held,) = [one for one in space.workspace.juries.iterdir() if one.is_dir()]
    for stream, over in (
        (f"dossier/{number}", next((case / "Reçus").iterdir())),
        (f"session/{space.session().reference}", next(held.glob("Pièces scellées*.pdf"))),
    ):
        before = over.read_bytes()
        over.write_bytes(before + b"signe ici")
        with over.open("ab"):
            mirror.show(space.office, stream)
        assert over.read_bytes() != before, "somebody was still writing there"
        mirror.show(space.office, stream)
        beside = over.with_name(f"{over.stem} (2).pdf")
        assert over.read_bytes() == before
        assert beside.read_bytes() == before + b"signe ici"
        folder = over.parent if over.parent == held else case
        texts = [
            (folder / f"{t}.txt").read_text("utf-8-sig") for t in ("RESTE À FAIRE", "HISTORIQUE")
        ]
        assert f"• {beside.relative_to(folder).as_posix()}" in texts[0]
        assert over.name in texts[1]
        look(space)
        assert space.workspace.within(beside) in report(space.office)["astray"]


def test_a_message_somebody_wrote_more_in_before_sending_it_is_left_as_it_is(space: Space) -> None:
    number = space.numbers()[-1]
    message = next((space.folder(number) / "À envoyer").iterdir())
    message.write_bytes(message.read_bytes() + b"Bien a vous")
    written_in, there = message.read_bytes(), sorted(message.parent.iterdir())
    space.show(number)
    look(space)
    assert (message.read_bytes(), sorted(message.parent.iterdir())) == (written_in, there)
    assert report(space.office)["astray"] == []
