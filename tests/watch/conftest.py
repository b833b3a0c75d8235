"""Spaces made at run time, and the one way of waiting: for a condition, with a deadline."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watch.share.founding import create
from watch.share.workspace import Workspace, locate

AT = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = locate(tmp_path / "espace", environment={})
    create(found, demo_keys=False, at=AT)
    return found


def eventually(
    true: Callable[[], object],
    seconds: float = 45.0,
    *,
    left: Callable[[], object] = lambda: "what was waited for did not happen",
) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, left()
        time.sleep(0.01)
