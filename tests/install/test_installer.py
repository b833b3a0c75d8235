"""What « make test » says when it may not install, and that it then installs nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INSTALLER = Path(__file__).parents[2] / "tools" / "installer.sh"
NEEDED = ("bash", "dirname", "sha256sum")


@pytest.fixture
def bare_machine(tmp_path: Path) -> Path:
    """A folder of commands: a recent Python, apt-get, an ordinary user, none of the test tools."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    command(folder, "python3", f'exec "{sys.executable}" "$@"')
    command(folder, "apt-get", f"echo called >> {tmp_path / 'apt'}")
    command(folder, "id", "echo 1000")
    return folder


def command(folder: Path, name: str, body: str) -> None:
    script = folder / name
    script.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
    script.chmod(0o755)


def install(goal: str, machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", str(INSTALLER), goal],
        env={"PATH": str(machine), "LANG": "C.UTF-8", "TMPDIR": str(machine)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_without_root_the_missing_packages_and_the_exact_command_are_said(
    bare_machine: Path,
) -> None:
    done = install("test", bare_machine)
    assert done.returncode == 1
    assert "va installer" in done.stdout
    assert "paquets Debian : bindfs chromium ghostscript" in done.stdout
    assert "sudo apt-get install --no-install-recommends bindfs chromium" in done.stderr
    assert not bare_machine.with_name("apt").exists()


def test_as_root_a_failing_installation_stops_everything_and_shows_why(bare_machine: Path) -> None:
    for name in ("mktemp", "tail"):
        (bare_machine / name).symlink_to(str(shutil.which(name)))
    command(bare_machine, "id", "echo 0")
    command(bare_machine, "apt-get", "echo E: dépôt injoignable; exit 100")
    done = install("test", bare_machine)
    assert done.returncode == 1
    assert "E: dépôt injoignable" in done.stderr
    assert "apt-get a échoué" in done.stderr


def test_a_python_too_old_is_named_with_the_way_out(bare_machine: Path) -> None:
    command(bare_machine, "python3", "exit 1")
    done = install("demo", bare_machine)
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
    assert "PYTHON=" in done.stderr
