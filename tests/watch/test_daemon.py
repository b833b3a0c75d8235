"""The real processes over a real folder; only what is done with a file is a fake."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casefiles.errors import SpaceHeld
from tests.watch.conftest import eventually
from tests.watch.fake_office import done
from watch.doors import claims
from watch.service.daemon import run
from watch.service.dispatch import Calls
from watch.service.notify import Service
from watch.share.workspace import Workspace

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent.parent
CALLS = Calls(
    opener="tests.watch.fake_office:open_office",
    intake="tests.watch.fake_office:take",
    advance="tests.watch.fake_office:advance",
)
DAEMON = """
import logging, sys
from pathlib import Path
from watch.service.daemon import run
from watch.service.dispatch import Calls
from watch.service.notify import Service
from watch.share.workspace import Workspace
logging.basicConfig(level="INFO")
calls = Calls(**{k: f"tests.watch.fake_office:{v}" for k, v in
              {"opener": "open_office", "intake": "take", "advance": "advance"}.items()})
print(run(Workspace(Path(sys.argv[1]), Path(sys.argv[2])), settling=0.2, calls=calls))
"""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(workspace: Workspace) -> Iterator[Start]:
    begun: list[subprocess.Popen[bytes]] = []

    def make(**environment: str) -> "subprocess.Popen[bytes]":
        daemon = subprocess.Popen(
            [sys.executable, "-c", DAEMON, str(workspace.share), str(workspace.private)],
            cwd=ROOT,
            env={**os.environ, **environment},
        )
        begun.append(daemon)
        eventually(lambda: workspace.holder_file.exists() or daemon.poll() is not None)
        return daemon

    yield make
    for daemon in begun:
        daemon.kill()
        daemon.wait()


def drop(workspace: Workspace, name: str, content: str = "bonjour") -> None:
    (workspace.drop_here / name).write_text(content, encoding="utf-8")


def taken(workspace: Workspace) -> list[str]:
    lines = [x for x in done(workspace.private) if x.startswith("pris ")]
    return sorted(line.split(" ", 2)[2] for line in lines)


def test_once_takes_everything_and_says_how_fast(workspace: Workspace) -> None:
    for number in range(30):
        drop(workspace, f"{number:02d}.txt")
    (workspace.office / "demande.txt").write_text("bonjour", encoding="utf-8")
    found = run(workspace, once=True, settling=0.1, calls=CALLS)
    assert (found.files, found.failed) == (31, 0)
    assert found.files_per_second > 0
    assert len(taken(workspace)) == 31
    assert "pris bureau demande.txt" in done(workspace.private)
    assert not list(workspace.drop_here.iterdir())
    assert not list(workspace.claims.iterdir())
    assert not workspace.holder_file.exists()


def test_once_takes_what_came_during_its_last_job_even_without_events(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watch.doors.hints.Hints.start", lambda self: False)
    drop(workspace, "graine.txt", "semer")
    assert run(workspace, once=True, settling=0.0, calls=CALLS).files == 2
    assert taken(workspace) == ["graine.txt", "récolte.txt"]


def test_once_survives_what_fails_and_leaves_it_claimed(workspace: Workspace) -> None:
    drop(workspace, "a.txt", "mourir")
    drop(workspace, "b.txt", "échouer")
    drop(workspace, "c.txt", "toujours")
    found = run(workspace, once=True, settling=0.0, calls=CALLS)
    assert taken(workspace) == ["a.txt", "b.txt"]
    assert found.failed == 5
    assert [one.name for one in claims.pending(workspace)] == ["c.txt"]


def test_a_drop_is_answered_once_it_has_settled_without_waiting_for_the_rescan(
    workspace: Workspace, start: Start
) -> None:
    start()
    drop(workspace, "premier.txt")
    eventually(lambda: taken(workspace) == ["premier.txt"])
    begun = time.monotonic()
    drop(workspace, "second.txt")
    eventually(lambda: len(taken(workspace)) == 2)
    assert time.monotonic() - begun >= 0.2


def test_a_file_saved_in_place_is_seen_without_waiting_for_the_rescan(
    workspace: Workspace, start: Start
) -> None:
    folder = workspace.cases / "2026-0001 EXEMPLE Zoé" / "À remplir"
    folder.mkdir(parents=True)
    start()
    drop(workspace, "prêt.txt")
    eventually(lambda: taken(workspace) == ["prêt.txt"])
    (folder / "grille.txt").write_text("remplie", encoding="utf-8")
    eventually(lambda: taken(workspace) == ["grille.txt", "prêt.txt"])
    assert (folder / "grille.txt").exists()


def test_a_file_saved_among_ours_at_another_door_is_seen_without_waiting_for_the_rescan(
    workspace: Workspace, start: Start
) -> None:
    rewritten = workspace.settings_file.read_text(encoding="utf-8")
    workspace.settings_file.write_text(
        rewritten.replace("balayage = 60", "balayage = 3600"), encoding="utf-8"
    )
    start()
    drop(workspace, "prêt.txt")
    eventually(lambda: taken(workspace) == ["prêt.txt"])
    for folder in (workspace.blanks, workspace.to_correct):
        (folder / f"dans {folder.name}.txt").write_text("remplie", encoding="utf-8")
    eventually(lambda: len(taken(workspace)) == 3)


def test_asked_to_stop_it_ends_the_job_in_hand_and_leaves_cleanly(
    workspace: Workspace, start: Start
) -> None:
    daemon = start()
    for number in range(20):
        drop(workspace, f"{number}.txt")
    eventually(lambda: taken(workspace))
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(90) == 0
    assert not workspace.holder_file.exists()
    kept = [one.name for one in claims.pending(workspace)]
    left = [one.name for one in workspace.drop_here.iterdir()]
    assert sorted(taken(workspace) + kept + left) == sorted(f"{n}.txt" for n in range(20))


def test_killed_with_its_workers_it_loses_nothing_and_takes_nothing_twice(
    workspace: Workspace, start: Start
) -> None:
    for number in range(60):
        drop(workspace, f"{number}.txt")
    for _ in range(3):
        before = len(taken(workspace))
        daemon = start()
        eventually(lambda n=before: len(taken(workspace)) > n)  # type: ignore[misc]
        for child in children(daemon.pid):
            os.kill(child, signal.SIGKILL)
        daemon.kill()
        daemon.wait()
    run(workspace, once=True, settling=0.0, calls=CALLS)
    assert set(taken(workspace)) == {f"{n}.txt" for n in range(60)}
    assert not list(workspace.claims.iterdir())


def children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in listed]


def test_workers_and_fork_server_end_with_a_killed_daemon(
    workspace: Workspace, start: Start
) -> None:
    daemon = start()
    drop(workspace, "a.txt")
    eventually(lambda: taken(workspace))
    left = children(daemon.pid)
    assert len(left) == 3
    daemon.kill()
    daemon.wait()
    eventually(lambda: not any(alive(pid) for pid in left))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_second_daemon_stops_naming_the_first(workspace: Workspace, start: Start) -> None:
    daemon = start()
    with pytest.raises(SpaceHeld, match=f"processus {daemon.pid}"):
        run(workspace, once=True, calls=CALLS)


def test_systemd_is_told_that_it_is_ready_alive_and_stopping(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(90)
        daemon = start(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="200000")
        assert systemd.recv(100) == b"READY=1"
        assert [systemd.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        daemon.send_signal(signal.SIGTERM)
        said = b""
        while said != b"STOPPING=1":
            said = systemd.recv(100)


def test_a_watch_that_hangs_is_no_longer_said_to_live(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(90)
        daemon = start(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="200000")
        assert systemd.recv(100) == b"READY=1"
        assert systemd.recv(100) == b"WATCHDOG=1"
        # A read that never ends, as on a network share whose server is gone: a pipe nobody fills.
        workspace.identity_file.unlink()
        os.mkfifo(workspace.identity_file)
        (workspace.drop_here / "réveil.txt").write_text("bonjour", encoding="utf-8")
        systemd.settimeout(3)
        with pytest.raises(TimeoutError):
            [systemd.recv(100) for _ in range(100)]
        assert daemon.poll() is None


def test_who_cannot_be_told_is_warned_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service({"NOTIFY_SOCKET": str(tmp_path / "personne"), "WATCHDOG_USEC": "200000"})
    with caplog.at_level("WARNING"):
        service.ready()
        service.alive()
    assert caplog.messages == ["systemd was not told READY=1 (FileNotFoundError)"]


def test_the_watcher_stays_light() -> None:
    script = (
        "import json, sys; from watch.service import daemon;"
        "print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True
    ).stdout
    heavy = {"forms", "signing", "pikepdf", "pypdf", "pyhanko", "reportlab", "fontTools"}
    assert not heavy & set(json.loads(told))
