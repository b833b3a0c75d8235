"""The base leaves and comes back under the real watch: health says so, and the watch lives."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machines.fixtures import share_work
from tests.machines.postgres import Server
from tests.stories.space import rewrite
from tests.watch.conftest import AT, eventually
from tests.watch.test_daemon import DAEMON, ROOT
from tests.watch.test_monitor import asks, fetched, port
from watch.share.founding import create
from watch.share.workspace import Workspace, locate

pytestmark = pytest.mark.long

__all__ = ["port"]

PATIENCE = 90.0


@pytest.fixture
def workspace(tmp_path: Path, server: Server) -> Workspace:
    found = locate(tmp_path / "espace", environment={})
    create(found, demo_keys=False, at=AT)
    share_work(found, "", server.database())
    return found


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(tmp_path / "notify"))
        heard.settimeout(90)
        yield heard


def test_a_base_that_is_away_is_said_and_the_watch_still_shows_that_it_lives(
    workspace: Workspace, server: Server, systemd: socket.socket, port: int, tmp_path: Path
) -> None:
    asks(workspace, port)
    rewrite(workspace.settings_file, lambda text: text.replace("balayage = 60", "balayage = 1"))
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "400000"}
    daemon = subprocess.Popen(
        [sys.executable, "-c", DAEMON, str(workspace.share), str(workspace.private)],
        cwd=ROOT,
        env={**os.environ, **told},
    )
    try:
        eventually(lambda: fetched(port, "/health")[0] == 200, PATIENCE)
        server.down()
        try:
            eventually(
                lambda: "La base de données ne répond pas" in fetched(port, "/health")[1], PATIENCE
            )
            assert "parchemin_files_waiting" in fetched(port, "/metrics")[1]
            assert "parchemin_cases_open" not in fetched(port, "/metrics")[1]
            systemd.setblocking(False)
            heard(systemd)
            systemd.settimeout(90)
            assert [systemd.recv(100) for _ in range(3)] == [b"WATCHDOG=1"] * 3
        finally:
            server.up()
        eventually(lambda: fetched(port, "/health")[0] == 200, PATIENCE)
        assert "parchemin_cases_open" in fetched(port, "/metrics")[1]
    finally:
        daemon.terminate()
        assert daemon.wait(60) == 0


def test_a_watch_and_a_worker_that_start_before_their_base_wait_for_it(
    tmp_path: Path, server: Server
) -> None:
    space = locate(tmp_path / "espace", environment={})
    create(space, demo_keys=False, at=AT)
    share_work(space, server.database(), server.database())
    server.down()
    heard = [tmp_path / "veille.txt", tmp_path / "travail.txt"]
    commands = [
        [sys.executable, "-m", "watch.cli", word, space.share] for word in ("watch", "work")
    ]
    begun = []
    try:
        for file, command in zip(heard, commands, strict=True):
            with file.open("wb") as told:
                begun.append(subprocess.Popen(command, cwd=ROOT, stderr=told))
        eventually(lambda: all("not answer yet" in f.read_text("utf-8") for f in heard), PATIENCE)
    finally:
        server.up()
    try:
        (space.drop_here / "note.txt").write_text("Un mot qui attendait.\n", encoding="utf-8")
        eventually(lambda: any("note" in p.name for p in space.to_correct.iterdir()), PATIENCE)
    finally:
        for one in begun:
            one.terminate()
        assert [one.wait(60) for one in begun] == [0, 0]


def heard(systemd: socket.socket) -> None:
    """Everything said so far."""
    while True:
        try:
            systemd.recv(100)
        except BlockingIOError:
            return
