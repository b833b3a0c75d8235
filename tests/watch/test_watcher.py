from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from casefiles.projection import BLANKS
from tests.watch.conftest import AT
from watch.doors import claims
from watch.service.dispatch import Done, Job
from watch.service.patrol import CLOSELY
from watch.service.truth import Shown
from watch.service.watcher import (
    ABSENT_EVERY,
    ANCHOR,
    BOARD,
    DUE_EVERY,
    FIRST,
    POISON,
    Watcher,
)
from watch.share.publication import digest
from watch.share.workspace import Workspace

DELAY, RESCAN = 5.0, 60.0


class FakeHands:
    """A pool that keeps what it is handed until the test ends it."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.shown: list[str] = []
        self.capacity = 64

    @property
    def busy(self) -> bool:
        return bool(self.jobs)

    def room(self) -> int:
        return self.capacity - sum(job.kind == "intake" for job in self.jobs)

    def holds(self, job: Job) -> bool:
        return job in self.jobs

    def submit(self, job: Job) -> bool:
        if job.key in FIRST:
            self.shown.append(job.key)
        elif job not in self.jobs:
            self.jobs.append(job)
        return True

    def take(self) -> list[Job]:
        taken, self.jobs = self.jobs, []
        return taken


class FakeTruth:
    """A journal that says what the test says."""

    def __init__(self) -> None:
        self.due_now: set[str] = set()
        self.behind: set[str] = set()
        self.bytes: set[str] = set()
        self.streams: list[str] = []
        self.files: dict[str, tuple[str, ...]] = {}
        self.folder = "2 Dossiers en cours/2026-0001 EXEMPLE Zoé"

    def due(self, now: datetime) -> tuple[str, ...]:
        return tuple(sorted(self.due_now))

    def unpublished(self) -> tuple[str, ...]:
        return tuple(sorted(self.behind))

    def known(self, door: str, sha256: str) -> bool:
        return sha256 in self.bytes

    def shown_after(self, stream: str, count: int) -> tuple[Shown, ...]:
        after = sorted(s for s in self.streams if s > stream)[:count]
        return tuple(Shown(s, self.folder, self.files.get(s, ())) for s in after)

    def given(self, folders: Collection[str]) -> dict[str, set[str]]:
        given = {path for s in self.streams for path in self.files.get(s, ())}
        return {self.folder: given} if self.folder in folders and self.streams else {}


class Bench:
    """A watcher over a real folder, with hands, truth and time in the test’s own hands."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.at = AT
        self.hands = FakeHands()
        self.truth = FakeTruth()
        self.watcher = Watcher(
            workspace,
            self.truth,
            self.hands,
            settling=DELAY,
            rescan=RESCAN,
            clock=lambda: self.at,
        )

    def drop(self, name: str, folder: Path | None = None, content: bytes = b"contenu") -> Path:
        file = (folder or self.workspace.drop_here) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def end(self, jobs: Iterable[Job], now: float, *, touched: str = "", error: str = "") -> None:
        streams = (touched,) if touched else ()
        self.watcher.ended([Done(job=job, streams=streams, error=error) for job in jobs], now)

    def claimed(self) -> list[str]:
        return [one.name for one in claims.pending(self.workspace)]


@pytest.fixture
def bench(workspace: Workspace) -> Bench:
    return Bench(workspace)


def test_a_dropped_file_is_claimed_the_very_moment_it_has_settled(bench: Bench) -> None:
    bench.drop("avis.pdf")
    assert bench.watcher.turn(100.0) == 100.0 + DELAY
    assert bench.watcher.turn(104.99) == 105.0
    assert bench.hands.jobs == []
    bench.watcher.turn(105.0)
    (job,) = bench.hands.take()
    assert job.kind == "intake"
    assert bench.claimed() == ["avis.pdf"]


def test_a_hint_brings_the_scan_forward_at_that_door_only(bench: Bench) -> None:
    bench.watcher.turn(100.0)
    bench.drop("avis.pdf")
    bench.drop("demande.pdf", bench.workspace.office)
    bench.watcher.hint({"inbox"})
    bench.watcher.turn(101.0)
    bench.watcher.turn(106.0)
    assert bench.claimed() == ["avis.pdf"]


def test_a_lost_hint_costs_at_most_the_rescan(bench: Bench) -> None:
    bench.watcher.turn(100.0)
    bench.drop("avis.pdf")
    bench.watcher.turn(100.0 + RESCAN)
    bench.watcher.turn(100.0 + RESCAN + DELAY)
    assert bench.claimed() == ["avis.pdf"]


def test_a_storm_of_hints_does_not_make_it_scan_without_end(bench: Bench) -> None:
    bench.watcher.turn(100.0)
    bench.drop("avis.pdf")
    bench.watcher.hint({"inbox"})
    again = bench.watcher.turn(100.0)
    assert 100.0 < again < 101.0
    bench.watcher.turn(again)
    bench.watcher.turn(again + DELAY)
    assert bench.claimed() == ["avis.pdf"]


def test_a_long_whole_scan_keeps_no_drop_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a hundred thousand cases it takes its time, once a minute."""
    clock = count(0, 10)
    monkeypatch.setattr("watch.service.watcher.perf_counter", lambda: next(clock))
    bench.watcher.turn(100.0)
    bench.drop("avis.pdf")
    bench.watcher.hint({"inbox"})
    bench.watcher.turn(100.2)
    bench.watcher.turn(100.2 + DELAY)
    assert bench.claimed() == ["avis.pdf"]


def test_events_held_back_behind_our_own_claims_do_not_delay_the_next_drop(bench: Bench) -> None:
    bench.drop("premier.pdf")
    bench.watcher.turn(0.0)
    again = bench.watcher.turn(DELAY)
    bench.drop("second.pdf")
    while again < DELAY + 0.5:
        again = bench.watcher.turn(again)
    bench.watcher.turn(2 * DELAY + 0.2)
    assert set(bench.claimed()) == {"premier.pdf", "second.pdf"}


def test_what_a_job_touched_is_advanced_next_and_so_on(bench: Bench) -> None:
    bench.drop("inscription.pdf")
    bench.watcher.turn(100.0)
    bench.watcher.turn(105.0)
    bench.end(bench.hands.take(), 105.1, touched="dossier/2026-0001")
    bench.watcher.turn(105.1)
    assert bench.hands.take() == [Job("advance", "dossier/2026-0001")]
    bench.end([Job("advance", "dossier/2026-0001")], 105.2, touched="registre/P-2026")
    bench.watcher.turn(105.2)
    assert bench.hands.take() == [Job("advance", "registre/P-2026")]


def test_claims_of_an_earlier_life_are_taken_up_at_once(bench: Bench) -> None:
    bench.drop("avis.pdf")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    (job,) = bench.hands.take()
    reborn = Bench(bench.workspace)
    reborn.watcher.turn(1000.0)
    assert reborn.hands.take() == [job]


def test_no_more_is_claimed_than_the_workers_can_hold(bench: Bench) -> None:
    bench.hands.capacity = 3
    for number in range(10):
        bench.drop(f"{number}.pdf")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    assert len(bench.claimed()) == 3
    assert bench.watcher.turn(DELAY) > DELAY
    assert len(list(bench.workspace.drop_here.iterdir())) == 7


def test_a_file_somebody_still_writes_waits_even_once_quiet(bench: Bench) -> None:
    file = bench.drop("scan.pdf")
    with file.open("ab"):
        bench.watcher.turn(0.0)
        bench.watcher.turn(DELAY)
        assert bench.claimed() == []
    bench.watcher.turn(2 * DELAY)
    assert bench.claimed() == ["scan.pdf"]


def test_a_form_as_we_published_it_is_no_drop_and_one_saved_over_it_is(bench: Bench) -> None:
    folder = bench.workspace.cases / "2026-0001 EXEMPLE Zoé" / "À remplir"
    file = bench.drop("grille.pdf", folder, b"vierge")
    bench.truth.bytes = {digest(b"vierge")}
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    assert bench.claimed() == []
    file.write_bytes(b"remplie")
    bench.watcher.turn(RESCAN)
    bench.watcher.turn(RESCAN + DELAY)
    assert bench.claimed() == ["grille.pdf"]
    assert file.exists()
    bench.watcher.turn(2 * RESCAN)
    bench.watcher.turn(2 * RESCAN + DELAY)
    assert len(bench.claimed()) == 1


def test_a_blank_saved_over_is_taken_once_the_blanks_are_shown_and_they_are_shown_again(
    bench: Bench,
) -> None:
    blank = bench.drop("inscription.pdf", bench.workspace.blanks, b"vierge")
    bench.truth.bytes = {digest(b"vierge")}
    bench.watcher.turn(0.0)
    bench.end([Job("advance", BLANKS)], 1.0)
    bench.watcher.turn(1.0)
    bench.watcher.turn(1.0 + DELAY)
    assert bench.claimed() == []
    blank.write_bytes(b"remplie")
    assert bench.hands.shown.count(BLANKS) == 1
    bench.watcher.turn(RESCAN)
    bench.watcher.turn(RESCAN + DELAY)
    assert bench.claimed() == ["inscription.pdf"]
    assert not blank.exists()
    assert bench.hands.shown.count(BLANKS) == 2


def test_nothing_is_taken_from_among_ours_before_a_worker_has_opened_the_space(
    bench: Bench,
) -> None:
    """An earlier version’s journal does not tell yet which bytes were sent back."""
    bench.drop("liste.xlsx", bench.workspace.blanks, b"peut-etre la notre")
    bench.drop("refus.pdf", bench.workspace.to_correct, b"peut-etre le notre")
    for now in (0.0, DELAY, RESCAN, RESCAN + DELAY):
        bench.watcher.turn(now)
    assert bench.claimed() == []
    bench.end([Job("advance", BLANKS)], RESCAN + DELAY)
    bench.watcher.turn(2 * RESCAN)
    bench.watcher.turn(2 * RESCAN + DELAY)
    assert sorted(bench.claimed()) == ["liste.xlsx", "refus.pdf"]


def test_the_board_is_drawn_again_when_a_file_has_lain_astray(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watch.share.strays.PATIENCE", 0.0)
    bench.watcher.turn(0.0)
    before = bench.hands.shown.count(BOARD)
    bench.drop("grille.pdf", bench.workspace.share)
    for now in (RESCAN, 2 * RESCAN):
        bench.watcher.turn(now)
    assert bench.hands.shown.count(BOARD) == before + 1


def test_a_failed_job_is_tried_again_later_and_later(bench: Bench) -> None:
    bench.drop("avis.pdf")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    now, waits = DELAY, []
    for _ in range(4):
        bench.end(bench.hands.take(), now, error="KeyError")
        begun = now
        again = bench.watcher.turn(now)
        while not bench.hands.jobs:
            now, again = again, bench.watcher.turn(again)
        waits.append(now - begun)
    assert waits == [1.0, 2.0, 4.0, 8.0]


def test_a_stream_that_stays_due_in_vain_is_not_a_loop(bench: Bench) -> None:
    bench.truth.due_now = {"dossier/2026-0001"}
    tries, now = 0, 0.0
    while now < 3600:
        now = max(bench.watcher.turn(now), now + 0.01)
        jobs = bench.hands.take()
        tries += len(jobs)
        bench.end(jobs, now)
    assert 5 < tries < 25


def test_a_stream_that_was_due_and_is_not_any_more_begins_afresh(bench: Bench) -> None:
    for start in (0.0, 100.0):
        bench.truth.due_now = {"dossier/2026-0001"}
        bench.watcher.turn(start)
        assert bench.hands.take() == [Job("advance", "dossier/2026-0001")]
        bench.truth.due_now = set()
        bench.watcher.turn(start + DUE_EVERY)


def test_streams_the_share_does_not_show_are_advanced_at_the_start(bench: Bench) -> None:
    bench.truth.behind = {"dossier/2026-0007"}
    bench.watcher.turn(0.0)
    assert bench.hands.take() == [Job("advance", "dossier/2026-0007")]


def visits(bench: Bench, scans: int) -> list[str]:
    visited: list[str] = []
    for number in range(scans):
        bench.watcher.turn(number * RESCAN)
        jobs = bench.hands.take()
        visited += [job.key for job in jobs]
        bench.end(jobs, number * RESCAN)
    return visited


def test_every_case_is_compared_in_turn(bench: Bench) -> None:
    bench.truth.streams = [f"dossier/{n:04d}" for n in range(3 * CLOSELY)]
    assert visits(bench, 3) == bench.truth.streams


def test_a_product_that_lacks_is_seen_long_before_its_case_is_compared(bench: Bench) -> None:
    bench.truth.streams = [f"dossier/{n:04d}" for n in range(400)]
    bench.truth.files = dict.fromkeys(bench.truth.streams[:-1], ("RESTE À FAIRE.txt",))
    bench.truth.files["dossier/0399"] = ("Produits/Parchemin.pdf",)
    bench.drop("RESTE À FAIRE.txt", bench.workspace.share / bench.truth.folder)
    assert "dossier/0399" in visits(bench, 1)


def test_nothing_is_done_while_the_share_is_away_nor_forgotten(bench: Bench) -> None:
    bench.drop("avis.pdf")
    bench.watcher.turn(0.0)
    identity = bench.workspace.identity_file.read_bytes()
    bench.workspace.identity_file.unlink()
    bench.truth.due_now = {"dossier/2026-0001"}
    assert bench.watcher.turn(DELAY) == DELAY + ABSENT_EVERY
    assert bench.hands.jobs == []
    assert not bench.watcher.idle(DELAY)
    bench.workspace.identity_file.write_bytes(identity)
    bench.watcher.turn(2 * DELAY)
    assert {job.kind for job in bench.hands.take()} == {"intake", "advance"}


def test_it_is_idle_only_when_nothing_is_left_to_do(bench: Bench) -> None:
    bench.watcher.turn(0.0)
    assert bench.watcher.idle(0.0)
    bench.truth.behind = {"dossier/2026-0001"}
    assert not bench.watcher.idle(1.0)
    bench.truth.behind = set()
    bench.end(bench.hands.take(), 1.1)
    assert bench.watcher.idle(1.1)
    bench.drop("avis.pdf")
    bench.watcher.scan_now()
    bench.watcher.turn(2.0)
    assert not bench.watcher.idle(2.0)


def test_blank_forms_and_board_are_shown_before_anything_is_dropped(bench: Bench) -> None:
    bench.watcher.turn(0.0)
    assert bench.hands.shown == list(FIRST)


def test_a_board_that_is_long_to_draw_is_not_drawn_after_every_case(bench: Bench) -> None:
    board = Job("advance", BOARD)
    bench.watcher.turn(0.0)
    bench.watcher.ended([Done(job=board, seconds=2.0)], 2.0)
    bench.end([Job("advance", "dossier/2026-0001")], 2.0, touched=BOARD)
    again = bench.watcher.turn(2.0)
    assert bench.hands.shown.count(BOARD) == 1
    for _ in range(20):
        again = bench.watcher.turn(again)
    assert bench.hands.shown.count(BOARD) == 2


def test_logs_name_no_file(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    bench.drop("avis EXEMPLE Zoé.pdf")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    bench.end(bench.hands.take(), DELAY, error="KeyError")
    assert "KeyError" in caplog.text
    assert "EXEMPLE" not in caplog.text


# A file or a step that nobody gets through


def test_a_file_its_readers_always_fail_on_is_answered_unopened(bench: Bench) -> None:
    bench.drop("poison.pdf")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    for _ in range(POISON):
        (job,) = bench.hands.take()
        bench.watcher.ended([Done(job=job, error="WorkerDied", died=True)], DELAY)
        bench.watcher.turn(DELAY + 1000.0)
    (claim,) = claims.pending(bench.workspace)
    assert claim.problem == "poison"
    assert claim.keepable
    assert "bloqué" in claim.refusal


def test_a_full_disk_condemns_no_file(bench: Bench) -> None:
    bench.drop("innocent.pdf")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    for number in range(3 * POISON):
        (job,) = bench.hands.take()
        now = DELAY + number * 1000.0
        bench.watcher.ended([Done(job=job, error="OSError", outside=True)], now)
        bench.watcher.turn(now + 1000.0)
    (claim,) = claims.pending(bench.workspace)
    assert claim.problem == ""


def test_a_step_that_ends_its_worker_twice_is_recorded_as_failed(bench: Bench) -> None:
    bench.truth.due_now = {"dossier/2026-0001"}
    step, told = Job("advance", "dossier/2026-0001"), Job("fallen", "dossier/2026-0001")
    bench.watcher.turn(0.0)
    assert bench.hands.take() == [step]
    bench.watcher.ended([Done(job=step, error="WorkerDied", died=True)], 0.0)
    assert told not in bench.hands.jobs
    bench.watcher.turn(100.0)
    assert bench.hands.take() == [step]
    bench.watcher.ended([Done(job=step, error="WorkerDied", died=True)], 100.0)
    assert bench.hands.take() == [told]


@pytest.mark.parametrize("capacity", [1, 2, 4])
def test_the_last_single_drop_does_not_wait_for_the_heap_before_it(
    bench: Bench, capacity: int
) -> None:
    bench.hands.capacity = capacity
    for number in range(100):
        bench.drop(f"{number:03d}.pdf")
    bench.watcher.turn(0.0)
    bench.drop("seul.pdf")
    bench.watcher.hint(["inbox"])
    bench.watcher.turn(1.0)
    claimed: list[str] = []
    for turn in range(3):
        bench.watcher.turn(1.0 + DELAY + turn)
        assert len(bench.hands.jobs) <= capacity
        claimed += [one.key for one in bench.hands.take()]
    assert "seul.pdf" in bench.claimed()
    assert "000.pdf" in bench.claimed()


def test_the_journal_is_anchored_each_day(workspace: Workspace) -> None:
    bench = Bench(workspace)
    bench.watcher.turn(0.0)
    bench.watcher.turn(DUE_EVERY)
    assert bench.hands.shown.count(ANCHOR) == 1
    bench.at += timedelta(days=1)
    bench.watcher.turn(2 * DUE_EVERY)
    bench.watcher.turn(3 * DUE_EVERY)
    assert bench.hands.shown.count(ANCHOR) == 2
