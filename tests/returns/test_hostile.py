"""Mutated, truncated and hostile returns: an outcome or a refusal in words, never anything else."""

import random
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest

from casefiles.answers import Avis
from casefiles.errors import UnreadableFile
from forms.returns.outcome import Returned
from tests.engines import rewriters
from tests.length import WHOLE
from tests.returns import paper
from tests.returns.marked import layout, print_of
from tests.returns.outlook import message as outlook_message
from tests.returns.paper import PHONE, taken
from tests.returns.test_ink import annotated, ink
from tests.returns.test_wrapped import PDF, mailed, zipped
from watch.confinement.sandbox import Sandbox
from watch.settings import Limits

ROUNDS = 400 if WHOLE else 12
LIMITS = Limits(seconds=4.0)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    one = Sandbox(tasks="tests.returns.tasks")
    yield one
    one.close()


def seeds() -> dict[str, tuple[str, bytes]]:
    """What is mutated: a task and a file for each reader."""
    rng = np.random.default_rng(1)
    picture = taken(paper.printed(print_of(Avis))[0], PHONE, rng)
    return {
        "form": ("returned", print_of(Avis)),
        "printed": ("returned", rewriters.printed(print_of(Avis))),
        "inked": ("returned", annotated(print_of(Avis), ink(layout(Avis).fields[3].spots[0].box))),
        "jpeg": ("returned", paper.jpeg(picture)),
        "png": ("returned", paper.png(picture)),
        "tiff": ("returned", paper.tiff([picture])),
        "heic": ("returned", Path(__file__).with_name("photo.heic").read_bytes()),
        "zip": ("unwrapped", zipped({"avis.pdf": PDF * 30})),
        "mail": ("unwrapped", mailed(("avis.pdf", PDF * 30))),
        "outlook": ("unwrapped", outlook_message([("avis.pdf", PDF * 30)])),
    }


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, a stretch cut or repeated, the end lost."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(out))
        match chance.randrange(4):
            case 0:
                out[at] = chance.randrange(256)
            case 1:
                del out[at : at + chance.randint(1, 200)]
            case 2:
                out[at:at] = out[at : at + chance.randint(1, 200)]
            case _:
                out[at : at + 4] = chance.choice(
                    (b"\xff\xff\xff\xff", b"\0\0\0\0", b"9999", b"/Kid")
                )
        if len(out) < 20:
            break
    return bytes(out[: chance.randrange(len(out))] if chance.random() < 0.1 else out)


@pytest.mark.long
@pytest.mark.parametrize("kind", list(seeds()))
def test_a_mutated_file_is_read_or_refused_in_words(
    kind: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    task, data = seeds()[kind]
    print_ = tmp_path / "print.pdf"
    print_.write_bytes(layout(Avis).pdf)
    for round_ in range(ROUNDS):
        file = tmp_path / "drop"
        file.write_bytes(mutated(data, random.Random(f"{kind}{round_}")))
        prints = {"prints": [str(print_)]} if task == "returned" else {}
        told = outcome(sandbox, task, file, prints)
        if isinstance(told, UnreadableFile):
            assert told.message
            assert told.remedy
        elif task == "returned":
            Returned.model_validate(told)


def outcome(
    sandbox: Sandbox, task: str, file: Path, prints: dict[str, list[str]]
) -> dict[str, Any] | UnreadableFile:
    try:
        return sandbox.run(task, file, LIMITS, **prints)
    except UnreadableFile as no:
        return no


def test_a_page_whose_drawing_never_ends_is_stopped(sandbox: Sandbox, tmp_path: Path) -> None:
    with pikepdf.open(BytesIO(print_of(Avis))) as pdf:
        busy = b"0 0 1 1 re f 0 0 500 800 re W n " * 3_000_000
        stream = pdf.make_stream(zlib.compress(busy, 9))
        stream.Filter = pikepdf.Name.FlateDecode
        pdf.pages[0].Contents = stream
        out = BytesIO()
        pdf.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    file = tmp_path / "busy.pdf"
    file.write_bytes(out.getvalue())
    with pytest.raises(UnreadableFile) as refused:
        sandbox.run("returned", file, Limits(seconds=1.5))
    assert refused.value.remedy


def test_more_pages_than_a_form_has_are_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        for _ in range(60):
            pdf.add_blank_page()
        pdf.save(tmp_path / "long.pdf")
    with pytest.raises(UnreadableFile, match="60 pages"):
        sandbox.run("returned", tmp_path / "long.pdf", Limits())
