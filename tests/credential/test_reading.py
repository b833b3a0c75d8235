"""A code is read from a photo, a scan, the PDF or its text; nothing else is taken for one."""

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from casefiles.errors import UnreadableFile
from signing.credential.keys import CodeKey, PublicKeys
from signing.credential.reading import code_texts, one_code
from signing.credential.verdict import issue
from tests.credential.invented import AWARD, photographed, png, printed
from watch.confinement.sandbox import Sandbox, SandboxServer
from watch.settings import Limits


@pytest.fixture(scope="session")
def code(key: CodeKey) -> str:
    return issue(AWARD, key)


def test_a_photo_askew_and_badly_lit_is_read(code: str) -> None:
    assert code_texts(png(photographed(code))) == (code,)


def test_a_blurred_photo_is_read_once_sharpened(code: str) -> None:
    assert code_texts(png(photographed(code, blur=3.4))) == (code,)


def test_a_photo_taken_on_its_side_is_read(code: str) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    photographed(code).save(out, "JPEG", quality=60, exif=exif)
    assert code_texts(out.getvalue()) == (code,)


def test_a_scan_in_a_pdf_is_read(code: str) -> None:
    out = io.BytesIO()
    printed(code).save(out, "PDF", resolution=150)
    assert code_texts(out.getvalue()) == (code,)


def test_the_text_itself_is_read(code: str) -> None:
    assert one_code(b"\xef\xbb\xbf" + code.encode() + b"\r\n") == code


def test_two_parchemins_at_once_are_refused(code: str, another_key: CodeKey) -> None:
    left, right = printed(code, pixels=4), printed(issue(AWARD, another_key), pixels=4)
    both = Image.new("L", (left.width + right.width, left.height), 255)
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    with pytest.raises(UnreadableFile, match="plusieurs parchemins"):
        one_code(png(both))


def test_the_code_of_a_form_is_not_a_parchemin() -> None:
    with pytest.raises(UnreadableFile, match="pas celui d’un parchemin"):
        code_texts(png(printed("PCH1/ABC/AVIS/1/2026-0001//1/ABCD/XYZ")))


def test_an_image_without_a_code_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableFile, match="Aucun code") as no:
        code_texts(png(Image.new("L", (400, 300), 255)))
    assert "de plus près" in no.value.remedy


def _empty_pdf() -> bytes:
    out = io.BytesIO()
    pikepdf.new().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"bonjour", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n" + bytes(40), _empty_pdf()]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        code_texts(data)


def test_an_image_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    with pytest.raises(UnreadableFile, match="trop grande"):
        code_texts(out.getvalue())


def test_the_sandbox_reads_and_checks_a_photo(
    code: str, keys: PublicKeys, tmp_path: Path, fork_server: SandboxServer
) -> None:
    photo, known = tmp_path / "photo.png", tmp_path / "cles.json"
    photo.write_bytes(png(photographed(code)))
    known.write_text(keys.text(), encoding="utf-8")
    found = Sandbox(fork_server.address).run("code", photo, Limits(), keys=str(known))
    assert (found["verdict"], found["award"]["number"]) == ("valid", AWARD.number)
