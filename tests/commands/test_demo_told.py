"""What the demonstration says at its end can be copied and run as it stands."""

import shlex
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from watch.commands.demo import _verification


def test_its_last_command_names_the_parchemin_that_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "CA.pem").touch()
    stage: Any = SimpleNamespace(
        space=SimpleNamespace(keys=tmp_path), found=lambda _: [tmp_path / "Parchemin.pdf"]
    )
    monkeypatch.setattr(sys, "argv", ["un dossier/.venv/bin/parchemin", "demo"])
    _verification(Console(), [stage])
    told = capsys.readouterr().out.splitlines()[-1]
    assert shlex.split(told)[:2] == ["un dossier/.venv/bin/parchemin", "verify"]
