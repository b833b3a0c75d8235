"""The lists people are shown a page of: in order, counted, and derived like everything else."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from casefiles import lists
from casefiles.events import Recorded
from casefiles.journal import Derived, Journal
from casefiles.step import Step
from casefiles.store import open_engine, sqlite_url
from tests.casefiles.journals import NOON, append, said

OFFICE = Step(key="jury", what="Inscrire", who="le bureau")
OURS = Step(key="formulaires", what="Préparer")
LATER = Step(key="relever/D1", what="Compléter")


def by_length(stream: str, recorded: Sequence[Recorded]) -> Derived:
    """In one list, the shorter first."""
    entry = ("awaited", "le bureau", f"{len(recorded):02d}")
    return Derived(summary={"events": len(recorded)}, lists=frozenset([entry]))


def held(folder: Path) -> Journal:
    opened = Journal(open_engine(sqlite_url(folder / "journal.sqlite")), by_length, lambda: NOON)
    opened.bring_up_to_date()  # as whoever opens a store does
    for number, length in (("1", 3), ("2", 1), ("3", 2)):
        words = [said("mot") for _ in range(length)]
        opened.commit(append(f"dossier/{number}", 0, *words))
    return opened


def names(found: list[tuple[str, object, object]]) -> list[str]:
    return [stream for stream, _, _ in found]


def test_a_page_of_a_list_holds_its_first_lines_or_its_last_and_its_length_is_told(
    tmp_path: Path,
) -> None:
    journal = held(tmp_path)
    assert names(journal.listed("awaited", "le bureau", 2)) == ["dossier/2", "dossier/3"]
    assert names(journal.listed("awaited", "le bureau", 2, last_first=True)) == [
        "dossier/1",
        "dossier/3",
    ]
    assert journal.lists("awaited") == {"le bureau": 3}
    assert journal.lists("ended") == {}
    journal.commit(append("dossier/2", 1, *[said("mot") for _ in range(9)]))
    assert names(journal.listed("awaited", "le bureau", 9))[-1] == "dossier/2"


def test_lists_are_found_wrong_rebuilt_and_made_for_a_store_that_had_none(tmp_path: Path) -> None:
    journal = held(tmp_path)
    before = journal.listed("awaited", "le bureau", 9)
    with journal.engine.begin() as connection:
        connection.execute(text("DELETE FROM listed WHERE stream = 'dossier/1'"))
    assert journal.misderived() == ["dossier/1"]
    journal.bring_up_to_date()
    assert journal.misderived() == ["dossier/1"], "one that lacks is damage, not an older version"
    with journal.engine.begin() as connection:
        connection.execute(text("DROP TABLE listed"))
        connection.execute(text("DROP TABLE derived_by"))
    older = Journal(open_engine(sqlite_url(tmp_path / "journal.sqlite")), by_length, lambda: NOON)
    older.bring_up_to_date()
    assert older.listed("awaited", "le bureau", 9) == before
    assert older.misderived() == []


def test_a_case_waits_for_whoever_must_act_and_for_nobody_while_we_work() -> None:
    since = "2026-06-12T10:00:00.000000+00:00"
    at = NOON.replace(hour=10)
    assert set(lists.of_case("Au jury", (OFFICE, OURS), at)) == {
        ("awaited", "le bureau", since),
        ("open", "", ""),
    }
    assert ("awaited", "", since) in set(lists.of_case("Inscrit", (OURS,), at))
    moved = at + timedelta(microseconds=1)
    assert min(lists.of_case("x", (OURS,), moved)) > min(lists.of_case("x", (OURS,), at))


def test_an_ended_case_is_open_no_more_whatever_signature_is_to_be_renewed_one_day() -> None:
    (only,) = lists.of_case("Terminé : parchemin délivré", (LATER,), NOON)
    assert only[:2] == ("ended", "")
