"""Events of the system: what is saved at a door is looked at without waiting for the whole scan."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.watch.conftest import eventually
from tests.watch.test_lost_events import mounted_elsewhere
from tests.watch.test_watcher import DELAY, RESCAN, Bench
from watch.doors.hints import Hints
from watch.doors.inbox import Door
from watch.service.dispatch import Job
from watch.service.watcher import BLANKS
from watch.share.publication import digest
from watch.share.workspace import Workspace


@pytest.fixture(params=["on this disk", "through a mount of ours"])
def share(
    workspace: Workspace, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Workspace]:
    """A share; or a mount of it, saved into on our side of it."""
    if request.param == "on this disk":
        yield workspace
        return
    with mounted_elsewhere(workspace, tmp_path):
        yield workspace


WARNINGS = """
import warnings
from watch import logs
from watch.doors import hints
logs.begin(as_json=False)
for module in ("watchdog.observers.inotify", "numpy"):
    warnings.warn_explicit("dit deux fois", RuntimeWarning, f"{module[:5]}.py", 1, module=module)
"""


def test_a_folder_that_events_and_walk_both_met_is_nothing_to_log() -> None:
    done = subprocess.run([sys.executable, "-c", WARNINGS], capture_output=True, check=True)
    (line,) = done.stderr.decode().splitlines()
    assert "numpy.py:1: RuntimeWarning" in line


def test_a_file_saved_in_any_folder_that_is_a_door_is_told(share: Workspace) -> None:
    hints = Hints(share)
    doors: dict[Door, Path] = {
        "inbox": share.drop_here,
        "bureau": share.office,
        "vierges": share.blanks,
        "a_corriger": share.to_correct,
    }
    told: set[Door] = set()
    try:
        hints.start()
        for folder in doors.values():
            (folder / "avis.pdf").write_bytes(b"%PDF-")
        eventually(lambda: told.update(hints.take()) or len(told) == len(doors))
    finally:
        hints.stop()
    assert told == set(doors)


def test_what_is_saved_among_ours_is_taken_long_before_the_whole_scan(share: Workspace) -> None:
    bench, hints = Bench(share), Hints(share)
    blank = bench.drop("inscription.pdf", share.blanks, b"vierge")
    refused = bench.drop("refus.pdf", share.to_correct, b"refus")
    bench.truth.bytes = {digest(b"vierge"), digest(b"refus")}
    bench.watcher.turn(0.0)
    bench.end([Job("advance", BLANKS)], 0.0)
    bench.watcher.turn(1.0)
    bench.watcher.turn(1.0 + DELAY)
    assert bench.claimed() == []
    try:
        hints.start()
        blank.write_bytes(b"remplie")
        refused.write_bytes(b"corrige")
        told: set[Door] = set()
        eventually(lambda: told.update(hints.take()) or len(told) == 2)
        bench.watcher.hint(told)
    finally:
        hints.stop()
    bench.watcher.turn(10.0)
    bench.watcher.turn(10.0 + DELAY)
    assert RESCAN > 10.0 + DELAY
    assert sorted(bench.claimed()) == ["inscription.pdf", "refus.pdf"]


def test_one_door_that_is_not_there_makes_the_others_no_deafer(workspace: Workspace) -> None:
    workspace.to_correct.rmdir()
    hints = Hints(workspace)
    try:
        assert hints.start()
        (workspace.drop_here / "avis.pdf").write_bytes(b"%PDF-")
        eventually(lambda: "inbox" in hints.take())
    finally:
        hints.stop()
