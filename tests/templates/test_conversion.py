"""A letter leaves as a PDF where LibreOffice is, as a Word document elsewhere, saying so."""

import os
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from templates import letters
from templates.letters import LetterError
from templates.letters.variables import samples

RELANCE = letters.render("relance", samples("relance"))


def fake_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")


def test_libreoffice_gives_tagged_pdfs_in_our_fonts_all_in_one_start() -> None:
    made = letters.sendable([letters.render(name, samples(name)) for name in letters.names()])
    assert [one.suffix for one in made] == [".pdf"] * len(letters.names())
    for one in made:
        pdf = PdfReader(BytesIO(one.data))
        assert len(pdf.pages) == 1
        root: Any = pdf.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        resources: Any = pdf.pages[0]["/Resources"]
        fonts = resources["/Font"]
        bases = {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
        assert all("Source" in base for base in bases), bases
        assert one.remark == ""
        assert one.docx


def test_without_libreoffice_the_letter_stays_word_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert letters.to_pdf(RELANCE.docx) is None
    (made,) = letters.sendable([RELANCE])
    assert made.suffix == ".docx"
    assert made.data == RELANCE.docx
    assert "LibreOffice n’est pas installé" in made.remark


def test_a_libreoffice_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = tmp_path / "child"
    fake_office(tmp_path, monkeypatch, f"sleep 600 & echo $! > {noted}; wait")
    before = time.monotonic()
    with pytest.raises(LetterError, match="n’a pas rendu"):
        letters.to_pdf(RELANCE.docx, seconds=0.5)
    assert time.monotonic() - before < 300
    child = int(noted.read_text())
    deadline = time.monotonic() + 60
    while _runs(child) and time.monotonic() < deadline:
        os.sched_yield()
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in ("Z", "X")


def test_a_libreoffice_that_gives_nothing_leaves_the_letter_in_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_office(tmp_path, monkeypatch, "exit 0")
    (made,) = letters.sendable([RELANCE])
    assert made.suffix == ".docx"
    assert "n’a pas su convertir" in made.remark
