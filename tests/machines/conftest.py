"""A queue, a space and machines for each test."""

from pathlib import Path

import pytest

from tests.machines.fixtures import share_work
from tests.machines.postgres import Server
from tests.watch.conftest import AT
from watch.share.founding import create
from watch.share.workspace import Workspace, locate


@pytest.fixture
def queue(server: Server) -> str:
    """The address of an empty queue."""
    return server.database()


@pytest.fixture
def workspace(tmp_path: Path, queue: str) -> Workspace:
    found = locate(tmp_path / "espace", environment={})
    create(found, demo_keys=False, at=AT)
    share_work(found, queue)
    return found
