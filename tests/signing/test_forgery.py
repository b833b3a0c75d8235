"""Attacks from the literature on signed PDFs, each beside the same file unharmed and valid."""

import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from casefiles.errors import UnreadableFile
from signing import pades
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity
from tests.signing import documents, harm, shadows
from tests.signing.conftest import loaded, now
from tests.signing.tools import PdfSig, pyhanko_sign


@pytest.mark.parametrize("family", ["hide", "replace", "hide_and_replace"])
def test_a_document_prepared_to_change_is_refused_once_changed(
    family: str, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    prepared, target = tmp_path / "prepare.pdf", tmp_path / "signe.pdf"
    change: harm.Harm = getattr(shadows, family)(prepared)
    pades.sign(prepared, target, field="Employeur", signer=loaded(employer), at=now())
    assert verify(target, at=now(), trust=trusted).verdict == "valid"
    changed = change(target.read_bytes())
    assert changed.startswith(target.read_bytes())
    if family == "hide_and_replace":
        (tmp_path / "change.pdf").write_bytes(changed)
        with pikepdf.open(tmp_path / "change.pdf") as pdf:  # the trick works on an ordinary reader
            assert shadows.HIDDEN in pdf.pages[0].Contents.read_bytes()
    report = verify(changed, at=now(), trust=trusted)
    assert report.verdict == "invalid"
    assert report.signatures[0].changes_after == "suspicious"


def contents(new: bytes) -> harm.Harm:
    return lambda content: re.sub(
        rb"/Contents <[0-9A-Fa-f]+>", b"/Contents " + new, content, count=1
    )


def byte_range(new: bytes) -> harm.Harm:
    def forged(content: bytes) -> bytes:
        size = str(len(content)).encode()
        told = new.replace(b"SIZE", size)
        return re.sub(rb"/ByteRange ?\[[\d ]+\]", b"/ByteRange " + told, content, count=1)

    return forged


FORGERIES: dict[str, harm.Harm] = {
    "contents removed": lambda c: re.sub(rb"/Contents <[0-9A-Fa-f]+>", b"", c, count=1),
    "contents null": contents(b"null"),
    "contents empty": contents(b"<>"),
    "contents one zero": contents(b"<00>"),
    "contents zeros": contents(b"<" + b"00" * 512 + b">"),
    "range removed": lambda c: re.sub(rb"/ByteRange ?\[[\d ]+\]", b"", c, count=1),
    "range null": byte_range(b"null"),
    "range empty": byte_range(b"[]"),
    "range of zeros": byte_range(b"[0 0 0 0]"),
    "range of everything": byte_range(b"[0 SIZE SIZE 0]"),
    "range overlapping": byte_range(b"[0 SIZE 0 SIZE]"),
    "range negative": byte_range(b"[0 -1 -1 0]"),
    "range of words": byte_range(b"[/a /b /c /d]"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_signature_without_a_value_or_a_zone_is_never_valid(
    forgery: str, signed: Path, trusted: Trust
) -> None:
    control = signed.read_bytes()
    assert verify(control, at=now(), trust=trusted).verdict == "valid"
    forged = FORGERIES[forgery](control)
    assert forged != control
    try:
        verdict = verify(forged, at=now(), trust=trusted).verdict
    except UnreadableFile:
        return
    assert verdict in {"invalid", "indeterminate"}


@pytest.mark.parametrize("level", [2, 3])
def test_annotations_over_a_certified_document_are_refused_at_every_level(
    level: int, unlocked_form: Path, centre: Identity, trusted: Trust, tmp_path: Path
) -> None:
    certified = tmp_path / "certifie.pdf"
    pades.sign(unlocked_form, certified, field="President", signer=loaded(centre), at=now(),
               certify=True, docmdp=level)  # type: ignore[arg-type]  # fmt: skip
    assert verify(certified, at=now(), trust=trusted).verdict == "valid"
    report = verify(harm.annotation_added(certified.read_bytes()), at=now(), trust=trusted)
    assert report.verdict == "invalid"


def test_an_extra_signature_drawn_over_a_certified_document_is_refused(
    certified: Path, rsa_member: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """« Sneaky signature »: a valid signature whose stamp covers the certified words."""
    control = pyhanko_sign(certified, tmp_path / "prevu.pdf", "President", rsa_member)
    assert verify(control, at=now(), trust=trusted).verdict == "valid"
    drawn = pyhanko_sign(certified, tmp_path / "dessus.pdf", "1/40,760,560,820/Ajout", rsa_member)
    assert verify(drawn, at=now(), trust=trusted).verdict == "invalid"


Swap = Callable[[Path, Path], None]


def test_a_signature_moved_to_another_document_is_broken(
    signed: Path, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """The signature object of one file pasted where another’s stood, at the same place."""
    other = documents.form(tmp_path / "autre.pdf", title="Avis de l’entreprisf")
    target = tmp_path / "autre-signe.pdf"
    pades.sign(other, target, field="Employeur", signer=loaded(employer), at=now())
    mine, theirs = signed.read_bytes(), target.read_bytes()
    value = re.search(rb"/Contents <([0-9A-Fa-f]+)>", mine)
    assert value is not None
    moved = contents(b"<" + value[1] + b">")(theirs)
    assert verify(theirs, at=now(), trust=trusted).verdict == "valid"
    assert verify(moved, at=now(), trust=trusted).verdict == "invalid"


def test_a_signed_file_inside_an_unsigned_one_lends_it_nothing(
    signed: Path, trusted: Trust, tmp_path: Path
) -> None:
    outer = documents.flat(tmp_path / "dehors.pdf").read_bytes()
    glued = outer + signed.read_bytes()
    try:
        verdict = verify(glued, at=now(), trust=trusted).verdict
    except UnreadableFile:
        return
    assert verdict != "valid"


def test_poppler_s_signature_over_a_harmed_file_does_not_heal_it(
    signed: Path, rsa_member: Identity, pdfsig: PdfSig, trusted: Trust, tmp_path: Path
) -> None:
    """A later signature over a broken earlier one covers the harm and does not excuse it."""
    control, harmed = tmp_path / "sain.pdf", tmp_path / "abime.pdf"
    pdfsig.sign(signed, control, "President", rsa_member)
    assert verify(control, at=now(), trust=trusted).verdict == "valid"
    (tmp_path / "a.pdf").write_bytes(harm.annotation_added(signed.read_bytes()))
    pdfsig.sign(tmp_path / "a.pdf", harmed, "President", rsa_member)
    assert verify(harmed, at=now(), trust=trusted).verdict == "invalid"
