"""Staff give the folder of a case a name of their own: it is still that case’s folder."""

import shutil
from pathlib import Path

import pytest

from tests.stories.space import Space

NAMES = ("Zoé, la stagiaire de mars", "2026 EXEMPLE Zoé (à revoir)")


def folders(space: Space) -> list[str]:
    own = space.workspace.expected.name
    return sorted(p.name for p in space.workspace.cases.iterdir() if p.name != own)


def call_it(space: Space, number: str, name: str) -> Path:
    return space.folder(number).rename(space.workspace.cases / name)


@pytest.mark.parametrize("name", NAMES)
def test_it_goes_on_in_the_folder_as_people_named_it_without_a_twin(
    enrolled: tuple[Space, str], name: str
) -> None:
    space, number = enrolled
    folder = call_it(space, number, name)
    before = space.tree(folder)
    space.show(number)
    assert folders(space) == [name]
    assert space.tree(folder) == before
    assert space.hand_in(space.grid(number, "BDC1.1")).outcome == "accepted"
    assert folders(space) == [name]
    assert "remis" not in (folder / "HISTORIQUE.txt").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("kept", ["RESTE À FAIRE.txt", "À remplir"])
def test_it_is_still_known_without_its_history_by_what_was_made_for_it_alone(
    enrolled: tuple[Space, str], kept: str
) -> None:
    space, number = enrolled
    folder, texts = call_it(space, number, NAMES[0]), ("RESTE À FAIRE.txt", "HISTORIQUE.txt")
    for name in texts:
        if name != kept:
            (folder / name).unlink()
    if kept in texts:
        shutil.rmtree(folder / "À remplir")
    space.show(number)
    assert folders(space) == [NAMES[0]]
    assert all((folder / name).exists() for name in (*texts, "À remplir"))
    assert space.hand_in(space.grid(number, "BDC1.1")).outcome == "accepted"
    assert folders(space) == [NAMES[0]]


def test_a_folder_that_only_holds_what_was_received_may_be_anybodys(
    enrolled: tuple[Space, str],
) -> None:
    """The same proof may have been given for two candidates; another’s HISTORIQUE says whose."""
    space, number = enrolled
    folder = call_it(space, number, NAMES[0])
    shutil.copytree(folder, folder.with_name("à Yann"))
    told = (folder / "HISTORIQUE.txt").read_text(encoding="utf-8-sig")
    other = told.replace(number, "2026-9999")
    (folder.with_name("à Yann") / "HISTORIQUE.txt").write_text(other, encoding="utf-8-sig")
    for one in list(folder.iterdir()):
        if one.name != "Reçus":
            one.unlink() if one.is_file() else shutil.rmtree(one)
    space.show(number)
    assert len(folders(space)) == 3


@pytest.mark.parametrize("shown", [False, True])
def test_a_form_saved_in_place_there_is_not_said_to_come_from_another_case(
    enrolled: tuple[Space, str], *, shown: bool
) -> None:
    space, number = enrolled
    folder = call_it(space, number, NAMES[0])
    if shown:
        space.show(number)
    (issued,) = [i for i in space.case(number).issued if (i.form, i.part) == ("grille", "BDC1.1")]
    (folder / issued.path).write_bytes(space.grid(number, "BDC1.1").read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted"
    assert "autre dossier" not in (folder / "HISTORIQUE.txt").read_text(encoding="utf-8-sig")
    assert folders(space) == [NAMES[0]]


def test_it_is_found_even_once_the_journal_was_rebuilt(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    folder = call_it(space, number, NAMES[0])
    space.office.journal.rebuild()
    space.show(number)
    assert folders(space) == [NAMES[0]]
    assert folder.is_dir()


def test_a_folder_renamed_after_another_case_is_still_its_own(enrolled: tuple[Space, str]) -> None:
    """Whose it is, the HISTORIQUE says; « dossier 2026-9999 » in a name says nothing."""
    space, number = enrolled
    call_it(space, number, "voir aussi 2026-9999")
    space.show(number)
    assert folders(space) == ["voir aussi 2026-9999"]


def test_a_new_case_opens_no_folder_that_still_bears_its_number(
    enrolled: tuple[Space, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be a hundred thousand of them."""
    space, _ = enrolled
    opened: list[str] = []
    monkeypatch.setattr(
        "watch.share.folder_names.told_in", lambda folder: opened.append(folder.name)
    )
    (space.workspace.cases / "À voir avec Zoé").mkdir()
    space.enrol({"candidate/birth_name": "EXEMPLE-DEUX", "candidate/birth_date": "05/06/1990"})
    assert len(folders(space)) == 3
    assert set(opened) == {"À voir avec Zoé"}
