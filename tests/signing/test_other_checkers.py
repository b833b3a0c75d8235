"""Our verdicts beside those of openssl, poppler, MuPDF and PDFBox, level by level.

Where they differ, the table says so and why: a difference that is not written here is a failure.
"""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from signing import pades, trust
from signing.timestamps import TimestampService
from signing.verify import verify
from tests.pki import Identity, ServedAuthority
from tests.signing import harm
from tests.signing.conftest import loaded, now
from tests.signing.pdfbox import PdfBox
from tests.signing.tools import PdfSig, mutool_sign, openssl_verifies, pyhanko_sign

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
SOUND = {"openssl": True, "pdfsig": True, "mutool": True, "pdfbox": True}
HARMS = {
    "modifié": harm.byte_changed, "annoté": harm.annotation_added, "bourré": harm.padding_filled,
}  # fmt: skip
BROKEN = dict.fromkeys(SOUND, False)


@pytest.fixture(scope="module")
def files(
    form: Path, served: ServedAuthority, rsa_member: Identity, stranger: Identity, pdfsig: PdfSig,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, Path]:  # fmt: skip
    folder = tmp_path_factory.mktemp("comparés")
    key, tsa = loaded(served.identity("employeur")), TimestampService(served.tsa_url)
    made: dict[str, Path] = {}
    for level in LEVELS:
        made[level] = folder / f"{level}.pdf"
        pades.sign(form, made[level], field="Employeur", signer=key, at=now(), level=level,
                   timestamper=tsa, trust=trust.load(served.root),
                   fetcher=served.fetcher)  # fmt: skip
    for level in LEVELS:
        for name, harmed in HARMS.items():
            made[f"{level} {name}"] = folder / f"{level}-{name}.pdf"
            made[f"{level} {name}"].write_bytes(harmed(made[level].read_bytes()))
    made["inconnu"] = folder / "inconnu.pdf"
    pades.sign(form, made["inconnu"], field="Employeur", signer=loaded(stranger), at=now())
    made["par pyHanko"] = pyhanko_sign(form, folder / "pyhanko.pdf", "Employeur", rsa_member)
    made["par poppler"] = pdfsig.sign(form, folder / "poppler.pdf", "Employeur", rsa_member)
    made["par MuPDF"] = mutool_sign(form, folder / "mupdf.pdf", "Employeur", rsa_member)
    return made


@pytest.fixture(scope="module")
def pdfbox(
    tmp_path_factory: pytest.TempPathFactory, files: Mapping[str, Path]
) -> dict[str, list[str]]:
    return PdfBox(tmp_path_factory.mktemp("pdfbox")).says(*files.values())


@pytest.fixture(scope="module")
def roots(
    served: ServedAuthority, authority_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    both = tmp_path_factory.mktemp("racines") / "toutes.pem"
    both.write_bytes(served.root.read_bytes() + authority_root.read_bytes())
    return both


def mutool(path: Path) -> bool:
    """Whether MuPDF finds the first signature’s digest right, edits since then set apart."""
    said = subprocess.run(["mutool", "sign", "-v", path], capture_output=True, text=True,
                          timeout=60, check=False).stdout  # fmt: skip
    first = said.split("Verifying signature")[1]
    return "is valid" in first or "unchanged since signing" in first


# What each finds of the first signature’s own integrity, and our verdict on the whole file.
TABLE: dict[str, tuple[str, dict[str, bool]]] = {
    "B-B": ("valid", SOUND),
    "B-T": ("valid", SOUND),
    "B-LT": ("valid", SOUND),
    "B-LTA": ("valid", SOUND),
    **{f"{level} modifié": ("invalid", BROKEN) for level in LEVELS},
    # They check the bytes that were signed; what was added after is for the reader to notice
    # (poppler « Not total document signed », MuPDF « edits since signing »). We refuse it.
    **{f"{level} annoté": ("invalid", SOUND) for level in LEVELS},
    # Bytes after the signature’s own, where zeros should be: forbidden, and only we look.
    **{f"{level} bourré": ("invalid", SOUND) for level in LEVELS},
    # Whole, by nobody we know: openssl alone is asked here whom it trusts.
    "inconnu": ("indeterminate", {**SOUND, "openssl": False}),
    "par pyHanko": ("valid", SOUND),
    "par poppler": ("valid", SOUND),
    # SHA-1: whole, and too weak today to prove anything; the others compute it without a word.
    "par MuPDF": ("indeterminate", SOUND),
}


@pytest.mark.parametrize("name", TABLE)
def test_five_checkers_agree_or_the_difference_is_written(
    name: str, files: Mapping[str, Path], roots: Path, pdfsig: PdfSig,
    pdfbox: dict[str, list[str]], tmp_path: Path,
) -> None:  # fmt: skip
    file = files[name]
    verdict, expected = TABLE[name]
    assert verify(file, at=now(), trust=trust.load(roots)).verdict == verdict
    first = tmp_path / "premiere.pdf"
    first.write_bytes(file.read_bytes())
    found = {
        "openssl": openssl_verifies(first, roots, tmp_path, cades=name != "par MuPDF",
                                    only_first=True),
        "pdfsig": "Signature is Valid" in re.split(r"Signature #2", pdfsig.says(file))[0],
        "mutool": mutool(file),
        "pdfbox": pdfbox[file.name][0] == "intacte",
    }  # fmt: skip
    assert found == expected


def test_openssl_verifies_the_time_stamps_of_the_archive(
    files: Mapping[str, Path], served: ServedAuthority, tmp_path: Path
) -> None:
    content = files["B-LTA"].read_bytes()
    ranges = list(re.finditer(rb"/ByteRange ?\[([\d ]+)\]", content))
    _, first, second, rest = (int(n) for n in ranges[-1][1].split())
    token, signed = tmp_path / "jeton.der", tmp_path / "signe.bin"
    token.write_bytes(bytes.fromhex(content[first + 1 : second - 1].decode()).rstrip(b"\0"))
    signed.write_bytes(content[:first] + content[second : second + rest])

    def accepted() -> bool:
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-in", token, "-token_in", "-data", signed, "-CAfile",
             served.root],
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode == 0

    assert accepted()
    signed.write_bytes(signed.read_bytes() + b" ")
    assert not accepted()
    report = verify(files["B-LTA"], at=now(), trust=trust.load(served.root))
    assert [s.kind for s in report.signatures] == ["approval", "timestamp"]
    assert report.signatures[1].integrity == "intact"


def test_the_readers_say_themselves_that_something_followed(
    files: Mapping[str, Path], pdfsig: PdfSig
) -> None:
    """What TABLE claims of what is « annoté »."""
    assert "Not total document signed" in pdfsig.says(files["B-B annoté"])
    assert "Not total document signed" not in pdfsig.says(files["B-B"])
    said = subprocess.run(["mutool", "sign", "-v", files["B-B annoté"]], capture_output=True,
                          text=True, timeout=60, check=False).stdout  # fmt: skip
    assert "edits since signing" in said
