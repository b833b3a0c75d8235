"""What a file may unfold into is a setting; past it, a refusal that names the limit and the way on.

And whatever a mutated form of ours does, the sandbox answers and the next file is read.
"""

import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, String

from casefiles.errors import UnreadableFile
from tests.engines import rewriters
from tests.engines.pdfium import Pdfium
from tests.forms import branch, odd, samples
from tests.forms.samples import Toy
from tests.length import WHOLE
from watch.confinement.sandbox import Sandbox, SandboxServer
from watch.settings import Limits

MINUTES = 10


@pytest.fixture
def sandbox(fork_server: SandboxServer) -> Sandbox:
    return Sandbox(fork_server.address)


def bomb(megabytes: int) -> bytes:
    """A form whose answer is a stream that unfolds into so much; a few kilobytes."""

    def change(pdf: pikepdf.Pdf) -> None:
        packed = zlib.compressobj(9)
        data = b"".join(packed.compress(b" " * 1_000_000) for _ in range(megabytes))
        stream = pdf.make_stream(data + packed.flush())
        stream.Filter = Name.FlateDecode
        odd.widget(pdf, "person/name").V = stream

    return odd.changed(
        odd.form(),
        change,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )


@pytest.mark.parametrize(
    ("data", "limits", "words"),
    [
        (odd.form, Limits(pages=2), ("3 pages", "plus de 2")),
        (lambda: bomb(70), Limits(), ("décompressé, dépasse 64 Mo",)),
        (lambda: bomb(9), Limits(stream_mb=8), ("décompressé, dépasse 8 Mo",)),
        (lambda: odd.form() + b"\n" * 1_200_000, Limits(size_mb=1), ("pèse 1 Mo", "de 1 Mo")),
    ],
    ids=["pages", "bomb", "small bomb", "size"],
)
def test_what_unfolds_too_far_is_refused_with_the_limit(
    data: Callable[[], bytes],
    limits: Limits,
    words: tuple[str, ...],
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    file = tmp_path / "drop.pdf"
    file.write_bytes(data())
    with pytest.raises(UnreadableFile) as refused:
        sandbox.run("examine", file, limits)
    for word in words:
        assert word in refused.value.message
    assert refused.value.remedy
    assert sandbox.used.peak < 400_000_000


def test_the_next_file_has_its_own_bounds(sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "drop.pdf"
    file.write_bytes(odd.form())
    with pytest.raises(UnreadableFile):
        sandbox.run("examine", file, Limits(pages=2))
    assert sandbox.run("examine", file, Limits())["pages"] == 3


def active(pdf: pikepdf.Pdf) -> None:
    """Everything that acts, in one form."""
    script = Dictionary(S=Name.JavaScript, JS=String("app.launchURL('http://exemple.invalid')"))
    pdf.Root.OpenAction = script
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F=String("calc.exe")))
    pdf.pages[0].obj.Annots[0].A = Dictionary(S=Name.SubmitForm, F=String("http://exemple.invalid"))
    pdf.pages[0].obj.Annots[1].A = Dictionary(S=Name.URI, URI=String("http://exemple.invalid"))
    pdf.attachments["piege.exe"] = b"MZ"


def test_what_acts_in_a_form_is_named_and_the_form_is_read(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "drop.pdf"
    file.write_bytes(odd.changed(odd.form(**{"person/name": "Zoé"}), active))
    found = sandbox.run("examine", file, Limits())
    said = " ".join(found["warnings"])
    for word in ("JavaScript", "lancer un programme", "envoi", "joints", "adresse"):
        assert word in said
    assert said.count("rien n’en est exécuté") == 5
    assert found["values"]["person/name"] == "Zoé"


def seeds() -> tuple[bytes, ...]:
    """Forms as they leave, and as others leave them."""
    values = samples.answers(Toy, samples.toy_scope(), "Nguyễn 5 €")
    filled = odd.form(**values)
    return (
        filled,
        Pdfium(incremental=True).fill(odd.form(), {"person/name": "Zoé"}),
        rewriters.qpdf(filled, "--object-streams=generate"),
        odd.changed(filled, active),
        branch.form(),
        uncompressed(filled),
    )


def uncompressed(data: bytes) -> bytes:
    """All in the open, so that a mutation strikes words and not a deflated block."""
    with pikepdf.open(BytesIO(data)) as pdf:
        out = BytesIO()
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    return out.getvalue()


SEEDS = seeds()
WORDS = (
    *(b"/Kids", b"/Parent", b"/Annots", b"/FT", b"/V", b"/Length 0", b"/Prev 0", b"0 R", b"<<"),
    *(b">>", b"[", b"null", b"-1", b"99999999", b"\xff\xfe", b"stream\n", b"endobj"),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A form with words of its own language struck in, stretches cut, doubled or moved."""
    out = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(out)))
        match draw(st.integers(0, 4)):
            case 0:
                word = draw(st.sampled_from(WORDS))
                out[at : at + len(word)] = word
            case 1:
                out[at : at + draw(st.integers(1, 300))] = b""
            case 2:
                out[at:at] = out[at : at + draw(st.integers(1, 300))]
            case 3:
                found = out.find(draw(st.sampled_from(WORDS)), at)
                out[found : found + 4] = draw(st.binary(min_size=0, max_size=6))
            case _:
                number = draw(st.integers(1, 400))
                out[:] = out.replace(b"%d 0 R" % number, b"%d 0 R" % draw(st.integers(0, 400)), 3)
    return bytes(out[: draw(st.integers(0, len(out)))] if draw(st.integers(0, 9)) == 0 else out)


@pytest.mark.long
def test_whatever_a_mutated_form_does_it_is_answered_and_the_next_is_read(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    file, whole = tmp_path / "drop.pdf", tmp_path / "whole.pdf"
    whole.write_bytes(SEEDS[0])
    until = time.monotonic() + 60 * MINUTES
    tried = answered = 0

    @settings(
        max_examples=400 if WHOLE else 160,
        deadline=None,
        database=None,
        derandomize=not WHOLE,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(mutated())
    def one(data: bytes) -> None:
        nonlocal tried, answered
        tried += 1
        file.write_bytes(data)
        for task, params in TASKS.items():
            told = outcome(sandbox, task, file, params)
            answered += isinstance(told, dict)
            assert isinstance(told, dict) or (told.message and told.remedy)

    one()
    while WHOLE and time.monotonic() < until:
        one()
    print(f"\n{tried} files, {2 * tried} tasks: {answered} answered, the others refused in words")
    assert 0 < answered < 2 * tried
    assert sandbox.run("examine", whole, Limits())["values"]
    assert {one.name for one in tmp_path.iterdir()} == {"drop.pdf", "whole.pdf"}


def outcome(
    sandbox: Sandbox, task: str, file: Path, params: dict[str, Any]
) -> dict[str, Any] | UnreadableFile:
    try:
        return sandbox.run(task, file, Limits(seconds=4), **params)
    except UnreadableFile as no:
        return no


TASKS: dict[str, dict[str, Any]] = {
    "examine": {},
    "prefill": {
        "values": {"person/name": "Zoé", "NOM": "Zoé"},
        "imprint": samples.imprint(Toy).text(),
    },
}
