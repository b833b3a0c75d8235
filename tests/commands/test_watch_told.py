"""`parchemin watch` says at the terminal that it watches and how to end it; elsewhere, nothing."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from tests.watch.conftest import AT, eventually
from watch.share.founding import create
from watch.share.workspace import Workspace, locate

ROOT = Path(__file__).resolve().parents[2]


def begun(workspace: Workspace, out: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "watch.cli", "watch", str(workspace.share)]
    return subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.DEVNULL)


def test_at_a_terminal_it_says_so_and_ends_when_it_said(tmp_path: Path) -> None:
    space = locate(tmp_path / "espace", environment={})
    create(space, demo_keys=False, at=AT)
    ours, theirs = pty.openpty()
    watching = begun(space, theirs)
    os.close(theirs)
    said = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        while b"\n" not in said:
            said += terminal.read(1)
        told = said.decode().replace("\N{NO-BREAK SPACE}", " ").strip()
        assert told == f"Parchemin veille sur « {space.share} ». Ctrl+C l’arrête."
        watching.send_signal(signal.SIGINT)
        assert watching.wait(60) == 0


def test_to_a_file_it_says_nothing(tmp_path: Path) -> None:
    space = locate(tmp_path / "espace", environment={})
    create(space, demo_keys=False, at=AT)
    watching = begun(space, subprocess.PIPE)
    eventually(space.board.exists, 60)
    watching.send_signal(signal.SIGTERM)
    assert watching.communicate(timeout=60) == (b"", None)
    assert watching.returncode == 0
