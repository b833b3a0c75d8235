"""What lies astray under odd names, in other letters, by the thousand, or while the share leaves;
and a memory of it that somebody wrote in.
"""

import os
import time
from unicodedata import normalize

import pytest
from sqlalchemy import insert

from casefiles import store
from tests.stories.space import Space
from tests.stories.test_astray import look, put, space
from watch.commands.status import report, told
from watch.service.patrol import Patrol
from watch.service.truth import Truth
from watch.share import strays
from watch.share.strays import WHERE

__all__ = ["space"]


def named(space: Space) -> list[str]:
    """What `status` names, in composed letters."""
    return sorted(normalize("NFC", one) for one in report(space.office)["astray"])


def test_a_day_of_receipts_that_leads_to_itself_stops_no_watch(space: Space) -> None:
    day = space.workspace.receipts / "2026-01-01"
    day.symlink_to(day.name)
    look(space)
    assert named(space) == ["Accusés de réception/2026-01-01"]


def test_nothing_outside_the_share_is_named_through_a_link(space: Space) -> None:
    put(space.root / "ailleurs" / "secret.txt")
    (space.workspace.receipts / "2026-01-01").symlink_to(space.root / "ailleurs")
    (space.workspace.cases / "Lien").symlink_to(space.root / "ailleurs")
    look(space)
    assert named(space) == ["2 Dossiers en cours/Lien", "Accusés de réception/2026-01-01"]


def test_a_document_whose_name_begins_with_a_sign_is_peoples_and_a_box_s_folder_nobodys(
    space: Space,
) -> None:
    received = space.folder(space.numbers()[-1]) / "Reçus"
    for name in ("#12 grille.pdf", "$devis.pdf", "@Zoé avis.pdf", "#recycle/a.pdf", "@eaDir/b.pdf"):
        put(received / name)
    look(space)
    assert [one.rpartition("/")[2] for one in named(space)] == [
        "#12 grille.pdf", "$devis.pdf", "@Zoé avis.pdf",
    ]  # fmt: skip


def test_a_name_that_stands_twice_in_other_letters_is_ours_once(space: Space) -> None:
    case = space.folder(space.numbers()[-1])
    put(case / normalize("NFD", "RESTE À FAIRE.txt"))
    put(case / normalize("NFD", "À remplir") / "grille.pdf")
    put(space.workspace.share / normalize("NFD", "1 À déposer ici") / "grille.pdf")
    look(space)
    assert named(space) == [
        "1 À déposer ici (1 fichier)",
        f"2 Dossiers en cours/{case.name}/RESTE À FAIRE.txt",
        f"2 Dossiers en cours/{case.name}/À remplir (1 fichier)",
    ]


def test_a_door_in_other_letters_alone_is_no_door(space: Space) -> None:
    door = space.workspace.drop_here
    put(door / "grille.pdf")
    door.rename(door.with_name(normalize("NFD", door.name)))
    look(space)
    assert named(space) == ["1 À déposer ici (1 fichier)"]


def test_a_file_dated_of_a_day_to_come_is_named_as_any_other(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(space.workspace.share / "scan.pdf")
    os.utime(file, (time.time() + 1e8,) * 2)
    monkeypatch.setattr(strays, "PATIENCE", 300.0)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 400)
    look(space)
    assert named(space) == ["scan.pdf"]


def test_a_clock_that_was_set_back_hides_nothing(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(space.workspace.share / "scan.pdf")
    monkeypatch.setattr(strays, "PATIENCE", 300.0)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 86_400)
    look(space)
    assert named(space) == ["scan.pdf"]


def test_a_name_begins_no_line_and_moves_no_cursor(space: Space) -> None:
    number = space.numbers()[-1]
    put(space.folder(number) / "Reçus" / "a\n\nDÉCISION : obtenu\x1b[2J\u202efdp.pdf")
    look(space)
    (said,) = named(space)
    assert said.endswith("/a??DÉCISION : obtenu?[2J?fdp.pdf")
    assert "\x1b" not in "".join(told(space.office)) + space.to_do(number)
    assert "\nDÉCISION" not in space.to_do(number)


@pytest.mark.parametrize(
    "kept",
    [
        '{"": [["a\\u0000b", 0]]}', '{"": [["\\ud800", 0]]}', '{"a\\u0000": [["x", 0]]}',
        "[" * 200_000, '{"": [[3, 0]]}',
        '{"": [["égaré.pdf", "a"]]}', '{"": [["égaré.pdf", 1e999]]}',
        '{"..": [["ailleurs.pdf", 0]]}', '{"": [["../ailleurs.pdf", 0]]}', '{"/": [["etc", 9]]}',
    ],
)  # fmt: skip
def test_a_memory_somebody_wrote_in_is_believed_of_nothing(space: Space, kept: str) -> None:
    put(space.root / "ailleurs.pdf")
    for name in ("3", "égaré.pdf"):
        put(space.workspace.share / name)
    space.workspace.astray_file.write_text(kept, encoding="utf-8")
    assert report(space.office)["astray"] == []
    assert WHERE in look(space)
    assert named(space) == ["3", "égaré.pdf"]


def test_a_stream_that_cannot_be_shown_hides_no_file_that_lies_beside(space: Space) -> None:
    with space.office.journal.engine.begin() as connection:
        connection.execute(insert(store.to_show).values(stream="dossier/0000-0000"))
    put(space.workspace.cases / "Divers" / "a.pdf")
    put(space.workspace.cases / "grille.pdf")
    put(space.workspace.receipts / "grille.pdf")
    look(space)
    assert named(space) == ["2 Dossiers en cours/grille.pdf", "Accusés de réception/grille.pdf"]


def test_what_lies_among_the_receipts_is_still_known_once_the_share_is_back(space: Space) -> None:
    (day,) = space.workspace.receipts.iterdir()
    put(day / "scan.pdf")
    os.utime(day, (1, 1))
    patrol = Patrol(space.workspace, Truth(space.office.journal.engine))

    def turn() -> None:
        patrol.next()
        patrol.others_astray()

    turn()
    share, away = space.workspace.share, space.root / "débranché"
    share.rename(away)
    share.mkdir()
    turn()
    share.rmdir()
    away.rename(share)
    turn()
    assert named(space) == [f"Accusés de réception/{day.name}/scan.pdf"]


def test_of_a_folder_that_holds_too_many_only_so_many_are_gone_through(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        put(space.workspace.share / "Photos" / f"{number}.jpg")
    asked: list[str] = []
    monkeypatch.setattr(strays, "MOST", 5)
    monkeypatch.setattr(strays, "is_passing", lambda name: bool(asked.append(name)))
    found = strays.astray(
        space.workspace.share,
        space.workspace.at_the_top,
        [one.name for one in space.workspace.visible],
    )
    assert [one.said for one in found] == ["Photos (plus de 5 fichiers)"]
    assert sum(name.endswith(".jpg") for name in asked) == 5


def test_a_folder_the_office_may_not_enter_is_named_too(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, may = space.workspace.cases / "Secret", os.access
    put(secret / "a.pdf")
    monkeypatch.setattr(os, "access", lambda at, how: str(at) != str(secret) and may(at, how))
    look(space)
    assert named(space) == ["2 Dossiers en cours/Secret"]
