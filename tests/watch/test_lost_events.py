"""Events that never come: a paused watcher whose queue overflows, a share mounted elsewhere."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.length import WHOLE
from tests.watch.conftest import eventually
from tests.watch.test_daemon import DAEMON, ROOT, drop, taken
from tests.watch.test_watcher import DELAY, RESCAN, Bench
from watch.doors.hints import Hints
from watch.share.workspace import Workspace

pytestmark = pytest.mark.long

FILES = 5000 if WHOLE else 150
# Each of these writes is three events or more; the kernel queues 16,384.
QUEUE = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())


def test_a_paused_watcher_whose_events_overflowed_takes_every_file_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    errors = tmp_path / "erreurs.txt"
    with errors.open("wb") as out:
        daemon = subprocess.Popen(
            [sys.executable, "-c", DAEMON, str(workspace.share), str(workspace.private)],
            cwd=ROOT, stderr=out,
        )  # fmt: skip
    try:
        drop(workspace, "avant.txt")
        eventually(lambda: taken(workspace) == ["avant.txt"])
        daemon.send_signal(signal.SIGSTOP)
        for number in range(FILES):
            drop(workspace, f"{number:04d}.txt")
        writes = 0
        while writes * 2 <= QUEUE:
            with (workspace.drop_here / f"{writes % FILES:04d}.txt").open("a") as again:
                again.write(".")
            writes += 1
        daemon.send_signal(signal.SIGCONT)
        wanted = sorted(["avant.txt", *(f"{n:04d}.txt" for n in range(FILES))])
        eventually(lambda: len(taken(workspace)) >= len(wanted), 1800.0)
        assert taken(workspace) == wanted
        # Said at the end of the queue: the files may all be taken before it is read.
        eventually(lambda: b"events were lost" in errors.read_bytes(), 60.0)
        eventually(lambda: not list(workspace.claims.iterdir()))
    finally:
        daemon.kill()
        daemon.wait()


@contextmanager
def mounted_elsewhere(workspace: Workspace, tmp_path: Path) -> Iterator[Path]:
    """The share as another machine has it, seen by us through FUSE: its writes make no event.

    Where the system offers no FUSE, the share itself, our side being deaf to its events.
    """
    far = tmp_path / "ailleurs"
    if not os.access("/dev/fuse", os.W_OK) or not shutil.which("bindfs"):
        yield workspace.share
        return
    workspace.share.rename(far)
    workspace.share.mkdir()
    subprocess.run(["bindfs", str(far), str(workspace.share)], check=True, timeout=20)
    try:
        yield far
    finally:
        subprocess.run(["fusermount", "-u", str(workspace.share)], check=True, timeout=20)


def test_what_is_dropped_from_another_machine_is_found_by_the_scan(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mounted_elsewhere(workspace, tmp_path) as far:
        if far == workspace.share:
            monkeypatch.setattr(Hints, "start", lambda self: False)
        bench, hints = Bench(workspace), Hints(workspace)
        hints.start()
        try:
            bench.watcher.turn(0.0)
            for number in range(20):
                (far / "1 À déposer ici" / f"{number:02d}.pdf").write_bytes(b"%PDF-")
            near = workspace.drop_here
            eventually(lambda: len(list(near.iterdir())) == 20)
            assert hints.take() == set(), "an event came after all"
            bench.watcher.turn(RESCAN - 1)
            assert bench.claimed() == []
            bench.watcher.turn(RESCAN)
            for turn in range(4):
                bench.watcher.turn(RESCAN + DELAY + turn)
            assert sorted(bench.claimed()) == [f"{n:02d}.pdf" for n in range(20)]
        finally:
            hints.stop()


def test_a_mounted_share_that_is_unmounted_for_minutes_waits_and_goes_on(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Through a real mount where there is FUSE; the far side moved away elsewhere."""
    bench = Bench(workspace)
    bench.truth.streams = ["dossier/2026-0001"]
    bench.truth.files = {"dossier/2026-0001": ("RESTE À FAIRE.txt",)}
    with mounted_elsewhere(workspace, tmp_path) as far:
        bench.watcher.turn(0.0)
        bench.hands.take()
        bench.drop("avant.pdf")
        if far == workspace.share:
            far.rename(tmp_path / "démonté")
            workspace.share.mkdir()
        else:
            subprocess.run(["fusermount", "-u", str(workspace.share)], check=True, timeout=20)
        assert list(workspace.share.iterdir()) == [], "the share did not leave"
        for minute in range(1, 10):
            bench.watcher.turn(minute * 60.0)
        assert bench.hands.take() == []
        assert list(workspace.share.iterdir()) == [], "something was written under the mount"
        if far == workspace.share:
            workspace.share.rmdir()
            (tmp_path / "démonté").rename(far)
        else:
            subprocess.run(["bindfs", str(far), str(workspace.share)], check=True, timeout=20)
        bench.watcher.turn(600.0)
        bench.watcher.turn(600.0 + DELAY)
        assert bench.claimed() == ["avant.pdf"]
