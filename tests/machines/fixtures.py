"""One PostgreSQL server for the session, and worker processes that end with the test."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.machines.postgres import Server
from watch.service.dispatch import Calls
from watch.share.workspace import Workspace

OWN = Calls()
Machines = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    found = Server.start()
    yield found
    found.throw_away()


def share_work(workspace: Workspace, queue: str, database: str = "") -> None:
    """Settings of a space whose work is done by other machines, and its journal kept there."""
    file = workspace.settings_file
    text = file.read_text(encoding="utf-8")
    text = text.replace('file_commune = ""', f'file_commune = "{queue}"')
    text = text.replace('base_de_donnees = ""', f'base_de_donnees = "{database}"')
    file.write_text(text.replace("repos = 5.0", "repos = 0.2"), encoding="utf-8")


@pytest.fixture
def machine() -> Iterator[Machines]:
    """Starts a worker process: `machine(workspace, …, calls=…, silence=…)`; `said`: its logs."""
    started: list[subprocess.Popen[bytes]] = []

    def start(
        *workspaces: Workspace,
        calls: Calls = OWN,
        silence: float = 3.0,
        said: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        told = json.dumps([[str(w.share), str(w.private)] for w in workspaces])
        command = [sys.executable, "-m", "tests.machines.working", told]
        command += [json.dumps(asdict(calls)), str(silence)]
        with ExitStack() as stack:
            out = None if said is None else stack.enter_context(said.open("wb"))
            started.append(subprocess.Popen(command, start_new_session=True, stderr=out))
        return started[-1]

    yield start
    for one in started:
        if one.poll() is None:
            one.terminate()
    for one in started:
        one.wait(timeout=60)
