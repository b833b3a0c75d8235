"""A Word letter to PDF through LibreOffice, where it is installed; the only module that runs it.

Several letters cost one start of the program (some seconds). It runs apart: a profile of its own,
thrown away afterwards, a limit of time, and the fonts we ship beside those of the machine.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from casefiles.system import kill_group
from templates.letters.errors import LetterError

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 60.0
_AS_PDF = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"SelectPdfVersion":{"type":"long","value":"2"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"}}'
)
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


def program() -> str | None:
    """Where LibreOffice is, or None."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def to_pdf(docx: bytes, *, seconds: float = SECONDS) -> bytes | None:
    """The letter as a PDF/A-2, or None where LibreOffice is not installed."""
    made = to_pdfs((docx,), seconds=seconds)
    return made[0] if made is not None else None


def to_pdfs(letters: Sequence[bytes], *, seconds: float = SECONDS) -> tuple[bytes, ...] | None:
    """The same for several at once; LetterError when LibreOffice gives none in time.

    seconds: to start, and one more per letter.
    """
    found = program()
    if found is None:
        return None
    if not letters:
        return ()
    with tempfile.TemporaryDirectory(prefix="parchemin-lettres-") as name:
        folder = Path(name)
        for rank, letter in enumerate(letters):
            (folder / f"{rank:04}.docx").write_bytes(letter)
        _run(found, folder, len(letters), seconds + len(letters))
        return tuple(_made(folder / f"{rank:04}.pdf") for rank in range(len(letters)))


def _run(found: str, folder: Path, count: int, seconds: float) -> None:
    (folder / "fonts.conf").write_text(
        _FONTS.format(fonts=files("templates") / "fonts", cache=folder / "cache"), encoding="utf-8"
    )
    command = [
        found,
        *("--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault"),
        f"-env:UserInstallation={(folder / 'profil').as_uri()}",
        *("--convert-to", _AS_PDF, "--outdir", str(folder)),
        *(str(folder / f"{rank:04}.docx") for rank in range(count)),
    ]
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "SYSTEMROOT")}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={
            **kept,
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LANG": "C.UTF-8",
            "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise LetterError(
            f"LibreOffice n’a pas rendu la lettre en {seconds:.0f} s.",
            "Elle reste au format Word ; la conversion sera tentée de nouveau.",
        ) from None
    finally:
        # Son lanceur peut laisser un fils derrière lui : on clôt le groupe entier.
        kill_group(process.pid)
        process.wait()


def _made(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if not data.startswith(b"%PDF-"):
        raise LetterError(
            "LibreOffice n’a pas su convertir une lettre en PDF.",
            "Elle reste au format Word : ouvrez-la pour voir ce qui le gêne.",
        )
    return data
