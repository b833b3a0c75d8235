"""The demonstration, run as anybody runs it: every chapter comes to the end it announces."""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from casefiles import casefile
from casefiles.casefile import CaseFile
from tests.stories.seen import words
from watch.commands.demo import CHAPTERS
from watch.office import open_office
from watch.share.workspace import locate

pytestmark = pytest.mark.long

BIN = Path(sys.executable).parent
SECONDS = 570


@dataclass(frozen=True)
class Played:
    root: Path
    said: str

    def cases(self, share: str) -> dict[str, CaseFile]:
        """By number and first name: « 2026-0001 Zoé »."""
        journal = open_office(locate(self.root / share)).journal
        found = {}
        for stream, _, _ in journal.summaries("dossier"):
            case = casefile.fold(journal.read(stream))
            assert case is not None
            found[f"{case.number} {case.candidate.first_name}"] = case
        journal.engine.dispose()
        return found

    def why(self, name: str, share: str = "Partage") -> str:
        """What stands beside a file that came back."""
        folder = self.root / share / "3 À corriger"
        told = (folder / f"{name} - POURQUOI.txt").read_text(encoding="utf-8-sig")
        return told.replace("\N{NO-BREAK SPACE}", " ")


def run(root: Path, *options: str) -> Played:
    done = subprocess.run(
        [BIN / "parchemin", "demo", root, *options],
        env={**os.environ, "COLUMNS": "2000", "NO_COLOR": "1"},
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return Played(root, done.stdout.replace("\N{NO-BREAK SPACE}", " "))


def the_end_is_true(played: Played, *keys: str) -> None:
    """Each chapter was played, what it says to open is there, its parchemins verify."""
    for key in keys:
        chapter = CHAPTERS[key]
        assert played.said.count(chapter.title.replace("\N{NO-BREAK SPACE}", " ")) == 2
        stage = played.root / chapter.setting.name
        for pattern in chapter.worth_opening:
            files = list(stage.glob(pattern))
            assert files, (key, pattern)
            assert all(f"  {file}\n" in played.said for file in files), (key, pattern)
    verified = 0
    for command in re.findall(r"^ {2}\S*parchemin (verify .*)$", played.said, re.MULTILINE):
        done = subprocess.run(
            [BIN / "parchemin", *shlex.split(command)],
            capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.startswith("VALIDE")
        verified += 1
    assert verified == len({CHAPTERS[key].setting for key in keys})


def test_the_chapters_named_are_played_and_no_other(tmp_path: Path) -> None:
    played = run(tmp_path / "demo", "--chapitre=blocs", "--chapitre=2026")
    the_refusals_of_today(played)
    assert played.cases("Partage") == {}


def the_refusals_of_today(played: Played) -> None:
    blocs = played.why("inscription Inès, un bloc.pdf")
    for told in ("R62", "Technicien(ne) de maintenance productive, § 4", "inscrits au RNCP"):
        assert told in blocs
    late = played.why("inscription Lou, 28245.pdf")
    for told in ("R93", "Fiche RNCP 28245", "21/04/2017", "21/04/2022"):
        assert told in late
    assert all(sentence in played.said for sentence in ("(Règle R62 ; source :", "(Règle R93 ;"))


def test_an_unknown_chapter_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    done = subprocess.run(
        [BIN / "parchemin", "demo", tmp_path / "demo", "--chapitre", "cap"],
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert all(key in done.stderr for key in CHAPTERS)
    assert not (tmp_path / "demo").exists()


def test_every_chapter_comes_to_its_end(tmp_path: Path) -> None:
    played = run(tmp_path / "demo")
    the_end_is_true(played, *CHAPTERS)
    the_refusals_of_today(played)

    today = {key.split()[1]: case for key, case in played.cases("Partage").items()}
    assert tuple(today) == ("Zoé", "Ilan", "Maël")
    won = today["Zoé"]
    assert won.decision is not None
    assert won.decision.decision.outcome == "obtention"
    refused = today["Ilan"]
    assert refused.decision is not None
    assert refused.decision.decision.outcome == "refus"
    assert refused.product("notification") is not None
    assert refused.product("parchemin") is None
    assert "R80" in played.why("jury impair.pdf")
    assert "divergent sur la compétence 1" in played.why("decisions, divergence non tranchée.pdf")
    (minutes,) = (played.root / "Partage/4 Jurys").glob("*S2026-002*/Procès-verbal signé*.pdf")
    assert "tranchée par le jury : non acquise" in " ".join(words(minutes).split())

    assert "en donne le motif" in played.why("décisions sans motif.pdf")
    (specimen,) = (played.root / "Partage").glob("5 Terminés/*Maël/Produits/Parchemin*.pdf")
    assert "Spécimen sans valeur" in words(specimen)
    for delivered in played.root.glob("*/5 Terminés/*/Produits/[PA]*.pdf"):
        if delivered.name.startswith(("Parchemin", "Attestation")):
            assert "Démonstration sans valeur" in words(delivered), delivered
    (summed,) = (played.root / "Partage").glob("5 Terminés/*Maël/Produits/Récapitulatif*.pdf")
    assert all(told in " ".join(words(summed).split()) for told in ("4/5 acquise", "3/4 non"))

    first, second = played.cases("Partage de 2021").values()
    assert first.decision is not None
    assert second.decision is not None
    assert first.decision.decision.outcome == "partiel"
    assert (second.attempt, second.blocs) == (2, ("BDC2",))
    assert second.decision.decision.outcome == "obtention"
    assert second.parchemin is not None
    assert "R89" in played.why("inscription, bloc 1.pdf", "Partage de 2021")

    (vae,) = played.cases("Partage de 2021 (VAE)").values()
    assert vae.decision is not None
    assert vae.parchemin is not None
    (proof,) = vae.proofs
    assert proof.situations == ("1",)
    assert (vae.entered.year, f"{vae.decision.decided_on}") == (2021, "2022-06-10")
