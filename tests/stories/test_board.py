"""TABLEAU.html stays a page people can read: the first of each list, and how many there are."""

from datetime import UTC, datetime

from tests.stories.conftest import AsTold
from watch.commands.status import told
from watch.share.board import Listed, render, show

AT = datetime(2026, 6, 12, 10, tzinfo=UTC)


def line(number: str) -> tuple[str, datetime, dict[str, object]]:
    summary = {
        "number": number,
        "candidate": "Zoé EXEMPLE",
        "stage": "Inscrit",
        "missing": [{"form": "", "who": "le bureau", "why": "Inscrire à une session."}],
        "blocked": [],
    }
    return f"dossier/{number}", AT, summary


def test_the_page_shows_the_first_of_a_long_list_and_says_how_many_it_leaves_out() -> None:
    none = Listed(who="", lines=(), count=0)
    cases = Listed(who="le bureau", lines=[line("2026-0001"), line("2026-0002")], count=1_502)
    page = render([cases], none, AT, "Essai")
    assert "1502 dossiers" in page
    assert page.count("Inscrire à une session.") == 2
    assert "1500 autres dossiers, plus récents" in page
    unseen = Listed(who="Ateliers EXEMPLE", lines=(), count=40)
    assert "40 autres dossiers attendent encore" in render([cases, unseen], none, AT, "Essai")
    whole = Listed(who="le bureau", lines=[line("2026-0001")], count=1)
    assert "autres" not in render([whole], none, AT, "Essai")


def test_files_in_no_case_are_on_the_board_until_somebody_takes_them_back(as_told: AsTold) -> None:
    space = as_told("inscrit")
    space.hand_in(b"%PDF-1.7 rien", "note illisible.pdf")
    board = space.office.workspace.board
    assert "note illisible.pdf" in board.read_text("utf-8")
    assert any("1 fichier à corriger" in line for line in told(space.office))
    for one in list(space.office.workspace.to_correct.iterdir()):
        one.unlink()
    show(space.office)
    assert "note illisible.pdf" not in board.read_text("utf-8")
    assert not any("à corriger" in line for line in told(space.office))
