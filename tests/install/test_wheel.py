"""What is installed is what the sources hold: the wheel, not the checkout, reaches people."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("casefiles", "forms", "signing", "templates", "watch")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as pip would, but with what is already installed: nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, ROOT],
        check=True,
        timeout=120,
    )
    (built,) = folder.glob("parchemin-*.whl")
    return built


def in_sources() -> set[str]:
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == in_sources()


def test_the_licences_travel_with_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        notices = {name.partition(".dist-info/licenses/")[2] for name in archive.namelist()}
    fonts = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("templates/fonts/LICENSE*")}
    assert fonts
    assert {"LICENSE", *fonts} <= notices


def test_unpacked_alone_the_wheel_finds_its_certifications_and_runs(
    wheel: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        "import templates, sys; assert templates.__file__.startswith(sys.argv[1]), templates;"
        "sys.argv[1:] = ['certifications'];"
        "from watch.cli import main; main()"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "site")],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    shipped = [path.stem for path in (ROOT / "templates" / "certifications").glob("*.yaml")]
    assert shipped
    for name in shipped:
        assert name in shown.stdout
