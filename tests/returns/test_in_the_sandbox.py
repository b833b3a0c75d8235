"""Reading returns where they are read for good: a child without network, disk, threads or time."""

import base64
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from casefiles.answers import Avis
from casefiles.errors import UnreadableFile
from forms.returns.outcome import Returned
from tests.returns import paper
from tests.returns.marked import filled_by_pen, layout, print_of, tally
from tests.returns.paper import PHONE, Device, taken
from tests.returns.test_wrapped import PDF, mailed, zipped
from watch.confinement.sandbox import Sandbox
from watch.settings import Limits

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    one = Sandbox(tasks="tests.returns.tasks")
    yield one
    one.close()


def written(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_a_photo_is_read_within_the_limits_of_an_unknown_file(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    pages = paper.printed(print_of(Avis))
    truth = filled_by_pen(Avis, pages, rng)
    photos = [taken(one, Device(**{**PHONE.__dict__, "dpi": 300}), rng) for one in pages]
    file = written(tmp_path, "photo.tiff", paper.tiff(photos))
    print_ = written(tmp_path, "print.pdf", layout(Avis).pdf)
    told = sandbox.run("returned", file, Limits())
    assert [one["serial"] for one in told["strangers"]] == [layout(Avis).imprint.serial]
    told = sandbox.run("returned", file, Limits(), prints=[str(print_)])
    found = tally(truth, Returned.model_validate(told))
    assert (found.wrong, found.fields) == (0, len(truth))
    assert found.right > 10
    assert sandbox.used.peak < 400_000_000


def test_what_was_wrapped_comes_out_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    file = written(tmp_path, "envoi", mailed(("envoi.zip", zipped({"avis.pdf": PDF}))))
    (piece,) = sandbox.run("unwrapped", file, Limits())["pieces"]
    assert base64.b64decode(piece["data"]) == PDF
    assert piece["name"] == "avis.pdf"


def test_a_refusal_comes_out_in_words(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="abîmée"):
        sandbox.run("returned", written(tmp_path, "x.jpg", b"\xff\xd8\xff\xe0" * 9), Limits())


@pytest.mark.parametrize("options", [[], ["--threads"]], ids=["no thread", "threads"])
def test_an_ordinary_account_reads_everything_without_a_file_and_heic_by_threads(
    options: list[str], tmp_path: Path
) -> None:
    """Without a thread everything is read but HEIC, refused in words; a process there never is."""
    rng = np.random.default_rng(3)
    pages = [taken(one, PHONE, rng) for one in paper.printed(print_of(Avis))]
    files = [paper.jpeg(pages[0]), paper.tiff(pages), paper.pdf(pages, 150), print_of(Avis)]
    (tmp_path / "files").mkdir()
    for number, data in enumerate(files):
        written(tmp_path / "files", str(number), data)
    written(tmp_path, "print.pdf", layout(Avis).pdf)
    written(tmp_path, "photo.heic", Path(__file__).with_name("photo.heic").read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", "tests.returns.ordinary", *options, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
