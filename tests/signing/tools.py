"""Other people's signing and checking tools, each run as a user would run it."""

import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from tests.pki import Identity
from tests.signing import pyhanko_cli

SECONDS = 60


def pyhanko_sign(source: Path, target: Path, field: str, who: Identity, *options: str) -> Path:
    """`pyhanko sign addsig`, PAdES unless the options say otherwise."""
    command = ("sign", "addsig", "--field", field, "--use-pades", *options, "pkcs12",
               "--passfile", who.phrase_file, source, target, who.p12)  # fmt: skip
    code, printed = pyhanko_cli.run([str(part) for part in command], SECONDS)
    assert code == 0, f"pyhanko: {printed}"
    return target


def mutool_sign(source: Path, target: Path, field: str, who: Identity) -> Path:
    """`mutool sign`, which wants the object number of the field and signs with RSA and SHA-1."""
    import pikepdf

    with pikepdf.open(source) as pdf:
        numbers = [f.objgen[0] for f in pdf.Root.AcroForm.Fields if str(f.T) == field]
    _run("mutool", "sign", "-s", who.p12, "-P", who.phrase, "-o", target, source, str(numbers[0]))
    return target


class PdfSig:
    """poppler's pdfsig over an NSS database that trusts one root and knows some signers."""

    def __init__(self, directory: Path, root: Path, *signers: Identity) -> None:
        self.directory = directory
        directory.mkdir()
        _run("certutil", "-N", "-d", directory, "--empty-password")
        _run("certutil", "-A", "-d", directory, "-n", "racine", "-t", "CT,C,C", "-i", root)
        for who in signers:
            _run("pk12util", "-i", who.p12, "-d", directory, "-w", who.phrase_file)

    def sign(self, source: Path, target: Path, field: str, who: Identity) -> Path:
        _run("pdfsig", "-nssdir", self.directory, "-sign", field, "-nick", who.name, source, target)
        assert target.exists()
        return target

    def says(self, path: Path) -> str:
        """What it prints of integrity; its exit code says nothing, even of a digest mismatch."""
        return _run("pdfsig", "-nssdir", self.directory, "-nocert", path, accept=(0, 1, 2))


def openssl_verifies(
    path: Path, root: Path, scratch: Path, *, cades: bool = True, only_first: bool = False
) -> bool:
    """Whether openssl itself accepts every signature of the PDF over its ByteRange.

    only_first: look at the first alone, where document time-stamps follow (`openssl ts` for those).
    """
    content = path.read_bytes()
    verdicts = []
    for number, found in enumerate(re.finditer(rb"/ByteRange ?\[([\d ]+)\]", content)):
        if only_first and number:
            break
        _, first, second, rest = (int(n) for n in found[1].split())
        held = bytes.fromhex(content[first + 1 : second - 1].decode())
        signature, signed = scratch / f"{number}.der", scratch / f"{number}.bin"
        signature.write_bytes(held)
        signed.write_bytes(content[:first] + content[second : second + rest])
        done = subprocess.run(
            ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", signature,
             "-content", signed, "-CAfile", root, "-purpose", "any", "-out", "/dev/null",
             *(["-cades"] if cades else [])],
            capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        verdicts.append(done.returncode == 0)
    return bool(verdicts) and all(verdicts)


def openssl_stamps(path: Path, root: Path, scratch: Path, *, at: datetime) -> list[bool]:
    """Whether `openssl ts` accepts each document time-stamp of the PDF, on that day."""
    content, verdicts = path.read_bytes(), []
    for found in re.finditer(rb"/ByteRange ?\[([\d ]+)\]", content):
        _, first, second, rest = (int(n) for n in found[1].split())
        held = bytes.fromhex(content[first + 1 : second - 1].decode()).rstrip(b"\0")
        if b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04" not in held[:200]:
            continue  # not id-ct-TSTInfo: a person’s signature
        token, signed = scratch / "jeton.der", scratch / "signe.bin"
        token.write_bytes(held)
        signed.write_bytes(content[:first] + content[second : second + rest])
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-in", token, "-token_in", "-data", signed, "-CAfile",
             root, "-attime", str(int(at.timestamp()))],
            capture_output=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        verdicts.append(done.returncode == 0)
    return verdicts


def _run(*command: object, accept: tuple[int, ...] = (0,)) -> str:
    assert shutil.which(str(command[0])), f"{command[0]} is missing: run « make test »"
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=SECONDS,
        check=False, encoding="utf-8", errors="replace",
    )  # fmt: skip
    assert done.returncode in accept, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout
