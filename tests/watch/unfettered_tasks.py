"""Tasks on a kernel that denies nothing: what they start must end with them all the same."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.watch.fake_tasks import PATHS as PATHS
from tests.watch.fake_tasks import breed
from watch.confinement import calls, confine


def _nothing(**_: object) -> None:
    pass


def preload() -> None:
    # This module is imported by the server of these tasks alone.
    confine.limit = _nothing  # type: ignore[assignment]
    calls.refuse = _nothing  # type: ignore[assignment]


def brood(file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    breed(file, params)
    time.sleep(60)
    return {}


TASKS = {task.__name__: task for task in (breed, brood)}
