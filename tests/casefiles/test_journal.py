"""The journal: what is written stays, in order, and shows when it was touched."""

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from casefiles import store
from casefiles.errors import JournalConflict, JournalDamaged
from casefiles.events import PayloadsPurged, Purged
from casefiles.journal import Derived, Journal, OpenStep
from casefiles.store import open_engine, sqlite_url
from tests.casefiles.journals import NOON, append, by_words, insist, journal, said


@pytest.fixture
def held(tmp_path: Path) -> Journal:
    """Two streams: « dossier/1 » with three events, « dossier/2 » with one."""
    opened = journal(tmp_path)
    opened.commit(append("dossier/1", 0, said("un"), said("deux")))
    opened.commit(append("dossier/2", 0, said("seul"), effect="effet/1"))
    opened.commit(append("dossier/1", 2, said("trois")))
    return opened


def sql(held: Journal, statement: str, **values: Any) -> None:
    with held.engine.begin() as connection:
        connection.execute(text(statement), values)


def derived(held: Journal) -> list[list[Any]]:
    with held.engine.connect() as connection:
        return [
            sorted(tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table}")))
            for table, columns in (
                ("heads", "stream, kind, position, hash, at, summary"),
                ("open_steps", "stream, key, ours, due_at, blocked"),
                ("marks", "stream, kind, key"),
            )
        ]


# --- writing and reading ---------------------------------------------------------------------


def test_a_stream_is_read_in_the_order_it_was_written(held: Journal) -> None:
    recorded = held.read("dossier/1")
    assert [r.position for r in recorded] == [1, 2, 3]
    assert [r.event for r in recorded] == [said("un"), said("deux"), said("trois")]
    assert held.read("dossier/9") == []


def test_times_come_back_aware_and_never_go_back(held: Journal) -> None:
    times = [r.at for r in held.read("dossier/1")]
    assert all(t.tzinfo is not None and t.utcoffset() is not None for t in times)
    assert times == sorted(times)
    assert times[0] > NOON


def test_a_clock_without_a_time_zone_is_refused(tmp_path: Path) -> None:
    naive = Journal(journal(tmp_path).engine, by_words, lambda: datetime(2026, 6, 12))
    with pytest.raises(ValueError, match="time zone"):
        naive.commit(append("dossier/1", 0, said("un")))
    assert naive.read("dossier/1") == []


def test_a_writer_who_did_not_see_the_last_event_is_told_and_writes_nothing(held: Journal) -> None:
    with pytest.raises(JournalConflict):
        held.commit(append("dossier/1", 2, said("trop tard")))
    with pytest.raises(JournalConflict):
        held.commit(append("dossier/1", 7, said("trop tôt")))
    assert len(held.read("dossier/1")) == 3


def test_an_effect_is_recorded_once_whatever_the_stream(held: Journal) -> None:
    with pytest.raises(JournalConflict):
        held.commit(append("dossier/3", 0, said("encore"), effect="effet/1"))
    assert held.read("dossier/3") == []
    assert "dossier/3" not in held.positions()


def test_several_streams_are_written_together_or_not_at_all(held: Journal) -> None:
    before = derived(held)
    with pytest.raises(JournalConflict):
        held.commit(
            append("dossier/1", 3, said("quatre")),
            append("registre/a", 0, said("numéro")),
            append("dossier/2", 0, said("en retard")),
        )
    assert derived(held) == before
    assert held.read("registre/a") == []
    held.commit(append("dossier/1", 3, said("quatre")), append("registre/a", 0, said("numéro")))
    assert held.positions() == {"dossier/1": 4, "dossier/2": 1, "registre/a": 1}


def test_a_projection_that_fails_leaves_no_trace(held: Journal) -> None:
    def broken(stream: str, recorded: object) -> Derived:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        Journal(held.engine, broken).commit(append("dossier/1", 3, said("quatre")))
    assert len(held.read("dossier/1")) == 3
    held.verify()


def test_nothing_to_say_is_nothing_written(held: Journal) -> None:
    held.commit(append("dossier/1", 3), append("dossier/7", 0))
    assert held.positions() == {"dossier/1": 3, "dossier/2": 1}
    with pytest.raises(JournalConflict):
        held.commit(append("dossier/1", 1))


# --- the chain -------------------------------------------------------------------------------


def test_an_untouched_journal_verifies_and_so_does_an_empty_one(
    held: Journal, tmp_path: Path
) -> None:
    held.verify()
    Journal(open_engine(sqlite_url(tmp_path / "vide.sqlite")), by_words).verify()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", '{"type":"CaseAbandoned","by":"x","because":"autre"}'),
        ("salt", "0" * 32),
        ("commitment", "0" * 64),
        ("previous", "0" * 64),
        ("hash", "0" * 64),
        ("type", "CaseResumed"),
        ("at", "2020-01-01T00:00:00+00:00"),
        ("effect_key", "effet/9"),
    ],
)
def test_an_edited_row_is_found_and_named(held: Journal, column: str, value: str) -> None:
    sql(
        held,
        f"UPDATE events SET {column} = :value WHERE stream = 'dossier/1' AND position = 2",
        value=value,
    )
    with pytest.raises(JournalDamaged, match="« dossier/1 », ligne n° 2"):
        held.verify()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "DELETE FROM events WHERE stream = 'dossier/1' AND position = 1",
            "« dossier/1 », ligne n° 2",
        ),
        (
            "DELETE FROM events WHERE stream = 'dossier/1' AND position = 2",
            "« dossier/1 », ligne n° 3",
        ),
        ("DELETE FROM events WHERE stream = 'dossier/1' AND position = 3", "« dossier/1 » manque"),
        ("DELETE FROM events WHERE stream = 'dossier/2'", "« dossier/2 » manque"),
        (
            "UPDATE events SET stream = 'dossier/3' WHERE stream = 'dossier/2'",
            "« dossier/3 », ligne n° 1",
        ),
        ("DELETE FROM heads WHERE stream = 'dossier/2'", "« dossier/2 »"),
    ],
)
def test_a_removed_row_a_cut_end_or_a_moved_stream_is_found_and_named(
    held: Journal, statement: str, named: str
) -> None:
    sql(held, statement)
    with pytest.raises(JournalDamaged, match=named):
        held.verify()


def test_a_row_rewritten_with_its_own_hash_breaks_the_next_one(held: Journal) -> None:
    from casefiles.journal import commitment, link

    payload = said("réécrit").model_dump_json()
    with held.engine.begin() as connection:
        row = dict(
            connection.execute(
                text("SELECT * FROM events WHERE stream = 'dossier/1' AND position = 2")
            )
            .mappings()
            .one()
        )
    row["payload"], row["commitment"] = payload, commitment(payload, row["salt"])
    sql(
        held,
        "UPDATE events SET payload = :p, commitment = :c, hash = :h "
        "WHERE stream = 'dossier/1' AND position = 2",
        p=payload,
        c=row["commitment"],
        h=link(row),
    )
    with pytest.raises(JournalDamaged, match="ligne n° 3"):
        held.verify()


def test_a_purged_payload_still_verifies_and_the_stream_goes_on(held: Journal) -> None:
    held.purge("dossier/1", [1, 2, 3], because="Durée de conservation échue.")
    held.verify()
    *emptied, record = held.read("dossier/1")
    assert [(r.position, r.event) for r in emptied] == [(n, Purged()) for n in (1, 2, 3)]
    assert record.event == PayloadsPurged(
        positions=(1, 2, 3), because="Durée de conservation échue."
    )
    held.commit(append("dossier/1", 4, said("cinq")))
    held.verify()
    summary = held.summary("dossier/1")
    assert summary is not None
    assert summary["words"] == ["cinq"]


def test_a_payload_emptied_by_hand_does_not_pass_for_a_purge(held: Journal) -> None:
    held.purge("dossier/1", [1], because="Durée de conservation échue.")
    sql(
        held,
        "UPDATE events SET payload = NULL, salt = NULL WHERE stream = 'dossier/1' AND position = 2",
    )
    with pytest.raises(JournalDamaged, match="« dossier/1 », ligne n° 2"):
        held.verify()


def test_a_purge_asked_twice_is_recorded_once(held: Journal) -> None:
    for _ in range(2):
        held.purge("dossier/1", [1, 9], because="Durée de conservation échue.")
    assert held.positions()["dossier/1"] == 4


def test_a_clock_set_back_does_not_make_the_story_run_backwards(tmp_path: Path) -> None:
    times = iter([datetime(2026, 3, 7, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)])
    engine = open_engine(sqlite_url(tmp_path / "j.sqlite"))
    held = Journal(engine, by_words, lambda: next(times))
    held.commit(append("dossier/1", 0, said("avant")))
    held.commit(append("dossier/1", 1, said("après")))
    first, second = held.read("dossier/1")
    assert first.at == second.at
    held.verify()


def test_the_same_words_twice_leave_two_unlike_commitments(held: Journal) -> None:
    held.commit(append("dossier/5", 0, said("pareil"), said("pareil")))
    with held.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT commitment, salt FROM events WHERE stream = 'dossier/5'")
        ).all()
    assert len({r[0] for r in rows}) == 2
    assert len({r[1] for r in rows}) == 2


# --- derived tables --------------------------------------------------------------------------


def test_rebuilding_gives_the_very_same_tables(held: Journal) -> None:
    before = derived(held)
    held.rebuild()
    assert derived(held) == before


def test_damaged_derived_tables_are_rebuilt_from_the_events(held: Journal) -> None:
    before = derived(held)
    sql(held, "DELETE FROM marks")
    sql(held, "DELETE FROM open_steps")
    sql(held, "UPDATE heads SET summary = '{}'")
    held.rebuild()
    assert derived(held) == before


def test_rebuilding_does_not_hide_a_cut_end(held: Journal) -> None:
    sql(held, "DELETE FROM events WHERE stream = 'dossier/1' AND position = 3")
    with pytest.raises(JournalDamaged, match="« dossier/1 » manque"):
        held.rebuild()
    with pytest.raises(JournalDamaged, match="« dossier/1 » manque"):
        held.verify()


def test_marks_lead_to_their_streams(held: Journal) -> None:
    held.commit(append("dossier/4", 0, said("un")))
    assert held.find("word", "un") == ("dossier/1", "dossier/4")
    assert held.find("word", "jamais") == ()


def test_a_step_is_due_at_its_hour_and_not_before(held: Journal) -> None:
    assert held.due(NOON - timedelta(seconds=1)) == ()
    assert held.due(NOON) == ("dossier/2",)
    paris = timezone(timedelta(hours=2))
    assert held.due((NOON - timedelta(minutes=1)).astimezone(paris)) == ()
    assert held.due(NOON.astimezone(paris)) == ("dossier/2",)


@pytest.mark.parametrize(
    "step",
    [
        OpenStep(key="bloquée", ours=True, blocked=True),
        OpenStep(key="à quelqu’un", ours=False),
    ],
)
def test_a_blocked_step_or_somebody_elses_is_never_due(tmp_path: Path, step: OpenStep) -> None:
    held = Journal(journal(tmp_path).engine, lambda *_: Derived(steps=(step,)))
    held.commit(append("dossier/1", 0, said("un")))
    assert held.due(NOON + timedelta(days=999)) == ()


def test_summaries_come_by_kind_with_the_time_of_the_last_event(held: Journal) -> None:
    (first, second) = held.summaries("dossier")
    assert first[0] == "dossier/1"
    assert first[1] == held.read("dossier/1")[-1].at
    assert second[2] == {"words": ["seul"], "positions": [1]}
    assert held.summary("dossier/2") == second[2]
    assert held.summary("dossier/9") is None
    assert held.count("dossier") == 2
    assert held.count("dossier", "1") == 1
    assert held.count("dossier", "%") == 0


def test_the_share_is_behind_until_it_is_noted(held: Journal) -> None:
    assert held.unpublished() == ("dossier/1", "dossier/2")
    held.note_published("dossier/1", 3, {"a.pdf": "0" * 64})
    held.note_published("dossier/2", 0, {})
    assert held.unpublished() == ("dossier/2",)
    assert held.published("dossier/1") == (3, {"a.pdf": "0" * 64})
    assert held.published("dossier/9") == (0, {})


# --- many writers, and the disk --------------------------------------------------------------


def whole(held: Journal, stream: str, expected: int) -> None:
    recorded = held.read(stream)
    assert [r.position for r in recorded] == list(range(1, expected + 1))
    assert len({r.event.because for r in recorded}) == expected  # type: ignore[union-attr]
    held.verify()


def test_threads_that_append_to_one_stream_lose_nothing(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(insist, tmp_path, "dossier/1", f"fil {n}", 6) for n in range(4)]:
            done.result()
    whole(journal(tmp_path), "dossier/1", 24)


def test_processes_that_open_the_same_new_file_and_append_lose_nothing(tmp_path: Path) -> None:
    fresh = multiprocessing.get_context("spawn")
    workers = [
        fresh.Process(target=insist, args=(tmp_path, "dossier/1", f"processus {n}", 20))
        for n in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert [worker.exitcode for worker in workers] == [0, 0]
    whole(journal(tmp_path), "dossier/1", 40)


def test_a_new_file_that_another_is_just_making_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(tmp_path / "journal.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(store, "sleep", lambda _: other.execute("COMMIT"))
    assert journal(tmp_path).count("dossier") == 0
    other.close()


@pytest.mark.durable
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 30000), ("foreign_keys", 1)],
)
def test_the_file_is_durable_and_patient(held: Journal, pragma: str, value: object) -> None:
    with held.engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_reader_is_not_held_up_by_a_writer(held: Journal) -> None:
    with held.engine.begin() as writing:
        writing.execute(text("DELETE FROM marks"))
        assert len(held.read("dossier/1")) == 3


def test_what_was_committed_is_there_when_opened_again(held: Journal, tmp_path: Path) -> None:
    held.engine.dispose()
    assert len(journal(tmp_path).read("dossier/1")) == 3
