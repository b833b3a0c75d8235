"""The stable command line: what it prints, what it exits with, and one JSON document at a time."""

import json
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from casefiles.answers import FORMS
from casefiles.answers.office_act import ActKind
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from templates import catalog
from tests.engines.sample import sample_form
from tests.pages import drawn
from tests.pki import Identity
from tests.stories.space import rewrite
from watch.cli import main
from watch.commands import bench_returns
from watch.commands.filling import fill
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.usefixtures("one_fork_server")

SIGNATURE = {
    "field", "kind", "signer", "integrity", "covers_whole_file", "revision", "docmdp",
    "changes_after", "trusted", "expected", "level", "indication", "sub_indication",
    "claimed_time", "proven_time", "reasons",
}  # fmt: skip


def parchemin(*words: object, env: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], env=dict(env or {}))


def said(*words: object) -> Any:
    """The one JSON document on standard output."""
    return json.loads(parchemin(*words, "--json").stdout)


@pytest.fixture
def space(tmp_path: Path) -> Path:
    place = tmp_path / "Partage"
    assert parchemin("init", place, "--demo-keys").exit_code == 0
    return place


@pytest.fixture
def avis(tmp_path: Path) -> Path:
    """An avis filled by another library, its header left blank."""
    blank, filled = tmp_path / "avis.pdf", tmp_path / "avis rempli.pdf"
    assert parchemin("form", "avis", "--certification", "cqpm-tmp", "-o", blank).exit_code == 0
    laid_out = outline(FORMS["avis"], Scope(certification=catalog.load("cqpm-tmp")))
    fill(blank, filled, people.avis(laid_out, date.today()))
    return filled


def test_a_new_space_has_no_case_and_says_so(space: Path) -> None:
    nothing = {"cases": [], "expected": [], "sessions": [], "astray": [], "inbox": 0}
    assert said("status", space) == nothing
    assert "Aucun dossier" in parchemin("status", space).stdout


def test_an_unknown_case_is_a_no(space: Path) -> None:
    answer = parchemin("status", space, "2026-0042")
    assert answer.exit_code == 1
    assert "2026-0042" in answer.stderr


def test_a_folder_that_is_no_space_cannot_be_decided(tmp_path: Path) -> None:
    answer = parchemin("status", tmp_path / "rien")
    assert answer.exit_code == 2
    assert "parchemin init" in answer.stderr


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_a_base_that_does_not_answer_is_said_and_not_thrown(space: Path, command: str) -> None:
    nobody = f"postgresql:///rien?host={space.parent}"
    settings = space.with_name("Partage.prive") / "parchemin.toml"
    rewrite(settings, lambda t: t.replace('donnees = ""', f'donnees = "{nobody}"'))
    answer = parchemin(command, space)
    assert answer.exit_code != 0
    told = answer.stdout + answer.stderr
    assert "La base de données ne répond pas" in told
    assert "base_de_donnees" in told
    assert "Traceback" not in told


def test_doctor_finds_nothing_wrong_with_a_new_space(space: Path) -> None:
    answer = parchemin("doctor", space)
    assert answer.exit_code == 0, answer.stdout
    assert "✗" not in answer.stdout


def test_doctor_sees_a_journal_that_was_touched(space: Path) -> None:
    assert parchemin("act", space, "abandonner", "2026-0001", "--par", "x", "--motif", "y")
    from sqlalchemy import text

    from casefiles import store

    engine = store.open_engine(
        store.sqlite_url(space.with_name("Partage.prive") / "journal.sqlite")
    )
    with engine.begin() as connection:
        connection.execute(text("update events set payload = replace(payload, '0001', '0002')"))
    answer = parchemin("doctor", space)
    assert answer.exit_code == 1
    assert "altéré" in answer.stdout


def test_doctor_sees_an_original_that_was_damaged(space: Path) -> None:
    assert parchemin("act", space, "abandonner", "2026-0001", "--par", "x", "--motif", "y")
    kept = [p for p in (space.with_name("Partage.prive") / "originals").rglob("*") if p.is_file()]
    kept[0].chmod(0o600)
    kept[0].write_bytes(b"autre chose")
    answer = parchemin("doctor", space)
    assert answer.exit_code == 1
    assert "abîmé" in answer.stdout


def test_an_act_on_no_case_is_refused_with_its_remedy(space: Path) -> None:
    answer = parchemin("act", space, "abandonner", "2026-0042", "--par", "Moi", "--motif", "Essai")
    assert answer.exit_code == 1
    assert "2026-0042" in answer.stdout
    assert "Recopiez le numéro" in answer.stdout


@pytest.mark.parametrize(("by", "because"), [("", "raison"), ("quelqu’un", "  ")])
def test_an_act_says_who_and_why_or_is_refused(space: Path, by: str, because: str) -> None:
    answer = parchemin("act", space, "abandonner", "2026-0001", "--par", by, "--motif", because)
    assert answer.exit_code == 1
    assert "Il manque" in answer.stdout


def test_an_act_on_a_document_names_it_or_is_refused(space: Path) -> None:
    words = ("--par", "Moi", "--motif", "Essai", "--question", "Prénom", "--reponse", "Zoé")
    answer = parchemin("act", space, "corriger", "2026-0001", *words)
    assert answer.exit_code == 1
    assert "le document" in answer.stdout


def test_a_place_that_does_not_exist_is_said_in_a_sentence(tmp_path: Path) -> None:
    nowhere = tmp_path / "nulle" / "part.pdf"
    answer = parchemin("form", "avis", "--certification", "cqpm-tmp", "-o", nowhere)
    assert answer.exit_code == 2
    assert "n’existe pas" in answer.stderr


def test_an_error_is_a_document_too_when_json_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vide.pdf"
    file.touch()
    monkeypatch.setattr("sys.argv", ["parchemin", "read", str(file), "--json"])
    answer = parchemin("read", file, "--json")
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["error"] == "Ce fichier est vide."


def test_an_act_that_does_not_exist_is_a_wrong_call(space: Path) -> None:
    answer = parchemin("act", space, "exploser", "2026-0042", "--par", "Moi", "--motif", "Essai")
    assert answer.exit_code == 2
    assert "abandonner" in answer.stderr


@pytest.mark.parametrize("form", [*FORMS, *(f.CODE for f in FORMS.values())])
def test_every_form_is_made_by_its_name_or_its_code(form: str, tmp_path: Path) -> None:
    target = tmp_path / "formulaire.pdf"
    answer = parchemin("form", form, "--certification", "cqpm-tmp", "-o", target)
    assert answer.exit_code == 0, answer.output
    with pikepdf.open(target) as pdf:
        assert len(pdf.Root.AcroForm.Fields) > 0


def test_an_unknown_form_is_a_wrong_call_that_lists_the_others(tmp_path: Path) -> None:
    answer = parchemin("form", "devis", "--certification", "cqpm-tmp", "-o", tmp_path / "f.pdf")
    assert answer.exit_code == 2
    assert "inscription (F1)" in answer.stderr


def test_a_filled_form_is_read_back_with_what_it_lacks(avis: Path) -> None:
    answer = parchemin("read", avis, "--json")
    found = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert found["recognised"] == {
        "form": "avis",
        "certification": "cqpm-tmp",
        "case": None,
        "version": 1,
    }
    assert found["how"] == "fields"
    assert found["fields"]["conclusion/overall"] == "favorable"
    assert [p["field"] for p in found["problems"]] == ["header/candidate"]


def test_somebody_elses_form_is_read_as_raw_values(tmp_path: Path) -> None:
    foreign = tmp_path / "cerfa.pdf"
    foreign.write_bytes(sample_form())
    answer = parchemin("read", foreign, "--json")
    found = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert found["recognised"] is None
    assert found["problems"] == []
    assert {type(v) for v in found["fields"].values()} <= {str, bool, list}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 un docx", b"%PDF-1.7 tronqu\xc3\xa9"])
def test_what_cannot_be_read_cannot_be_decided(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "fichier.pdf"
    file.write_bytes(content)
    for command in ("read", "verify"):
        answer = parchemin(command, file)
        assert answer.exit_code == 2, answer.output
        assert answer.stderr.strip()


def test_an_unsigned_file_is_a_no(avis: Path) -> None:
    answer = parchemin("verify", avis, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout) == {
        "verdict": "unsigned", "signatures": [], "embedded": [], "notes": [],
    }  # fmt: skip


@pytest.fixture
def signed(avis: Path, employer: Identity, tmp_path: Path) -> Path:
    target = tmp_path / "avis signé.pdf"
    answer = parchemin(
        "sign", avis, "--field", "signature/entreprise", "--key", employer.p12, "-o", target,
        env={"PARCHEMIN_PASSPHRASE": employer.phrase},
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    return target


def test_a_signature_of_an_unknown_signer_is_undetermined(signed: Path) -> None:
    answer = parchemin("verify", signed, "--json")
    found = json.loads(answer.stdout)
    assert answer.exit_code == 2
    assert found["verdict"] == "indeterminate"
    (signature,) = found["signatures"]
    assert set(signature) >= SIGNATURE
    assert signature["integrity"] == "intact"
    assert not signature["trusted"]
    assert signature["reasons"]


def test_a_signature_of_a_trusted_signer_is_valid(signed: Path, authority_root: Path) -> None:
    answer = parchemin("verify", signed, "--trust", authority_root, "--json")
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)["signatures"][0]["indication"] == "TOTAL-PASSED"
    assert "VALIDE" in parchemin("verify", signed, "--trust", authority_root).stdout


@pytest.mark.parametrize("held", ["rien", "LISEZ-MOI.txt"])
def test_a_folder_of_authorities_that_holds_none_is_said_and_trusts_nobody(
    held: str, signed: Path, authority_root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "autorités"
    folder.mkdir()
    if held != "rien":
        (folder / held).write_text("Mettez ici les autorités.")
    answer = parchemin("verify", signed, "--trust", folder, "--report", tmp_path / "r.pdf")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "Le dossier « autorités » ne contient aucune autorité" in answer.stderr
    assert ".pem" in answer.stderr
    assert not (tmp_path / "r.pdf").exists(), "no report is made on a call that was wrong"
    absent = parchemin("verify", signed, "--trust", tmp_path / "nulle-part")
    assert (absent.exit_code, "nulle-part" in absent.stderr) == (2, True)
    (folder / "racine.pem").write_bytes(authority_root.read_bytes())
    assert parchemin("verify", signed, "--trust", folder).exit_code == 0


def test_somebody_elses_signature_in_the_field_is_not_valid(
    signed: Path, authority_root: Path
) -> None:
    expected = f"signature/entreprise={'0' * 64}"
    answer = parchemin("verify", signed, "--trust", authority_root, "--expect", expected, "--json")
    found = json.loads(answer.stdout)
    assert answer.exit_code == 2
    assert found["signatures"][0]["expected"] is False
    assert found["signatures"][0]["indication"] == "INDETERMINATE"


def test_a_changed_signed_file_is_a_no(signed: Path, authority_root: Path) -> None:
    data = bytearray(signed.read_bytes())
    place = data.index(b"favorable")
    data[place : place + 3] = b"def"
    signed.write_bytes(bytes(data))
    answer = parchemin("verify", signed, "--trust", authority_root, "--json")
    assert answer.exit_code in (1, 2)
    assert json.loads(answer.stdout)["verdict"] != "valid"


def test_a_wrong_passphrase_never_shows_itself(
    avis: Path, employer: Identity, tmp_path: Path
) -> None:
    answer = parchemin(
        "sign", avis, "--field", "signature/entreprise", "--key", employer.p12, "-o",
        tmp_path / "x.pdf", env={"PARCHEMIN_PASSPHRASE": "mot-de-passe-faux"},
    )  # fmt: skip
    assert answer.exit_code == 2
    assert "mot-de-passe-faux" not in answer.output
    assert not (tmp_path / "x.pdf").exists()


def test_the_certifications_are_listed_and_one_can_be_checked(tmp_path: Path) -> None:
    assert "cqpm-tmp" in parchemin("certifications").stdout
    broken = tmp_path / "cqp-casse.yaml"
    broken.write_text("code: cqp-casse\nkind: CQP\ntitle: Cassé\nblocs: []\n", encoding="utf-8")
    answer = parchemin("certifications", "check", broken)
    assert answer.exit_code == 1
    assert re.search(r"cqp-casse\.yaml, ligne \d+", answer.stdout)


def test_an_office_edits_a_certification_in_a_spreadsheet(tmp_path: Path) -> None:
    book, folder = tmp_path / "tmp.xlsx", tmp_path / "nos certifications"
    assert parchemin("certifications", "export", "cqpm-tmp", "-o", book).exit_code == 0
    edited = load_workbook(book)
    edited["Certification"].protection.sheet = False
    (place,) = [row for row in edited["Certification"].iter_rows() if row[0].value == "version"]
    place[2].value = "2"
    edited.save(book)
    answer = parchemin("certifications", "import", book, "--dossier", folder)
    assert answer.exit_code == 0, answer.output
    assert catalog.load("cqpm-tmp", folder).version == "2"


def test_a_broken_workbook_is_explained_by_sheet_and_cell(tmp_path: Path) -> None:
    book = tmp_path / "tmp.xlsx"
    parchemin("certifications", "export", "cqpm-tmp", "-o", book)
    edited = load_workbook(book)
    edited["Critères"]["C4"].value = "Aucune rubrique"
    edited.save(book)
    answer = parchemin("certifications", "import", book, "--dossier", tmp_path / "d")
    assert answer.exit_code == 1
    assert "feuille Critères, cellule C4" in answer.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert not (tmp_path / "d" / "cqpm-tmp.yaml").exists()


def test_help_answers_in_french() -> None:
    assert "un dossier partagé" in parchemin("--help").stdout


@pytest.mark.parametrize("how", ["flattened", "scan"])
def test_a_form_printed_or_scanned_is_read_with_what_is_to_be_copied(
    avis: Path, tmp_path: Path, how: str
) -> None:
    make = bench_returns.flattened if how == "flattened" else bench_returns.scanned
    file = tmp_path / "retour.pdf"
    file.write_bytes(make(avis.read_bytes()))
    answer = parchemin("read", file, "--json")
    found = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert found["how"] == how
    assert found["recognised"]["form"] == "avis"
    assert found["recognised"]["certification"] == "cqpm-tmp"
    assert found["fields"]["conclusion/overall"] == "favorable"
    copied = [p["field"] for p in found["problems"] if "recopier" in p["message"]]
    assert bool(copied) == (how == "scan")


def test_an_archive_is_no_form_and_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "envoi.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.pdf", b"%PDF-1.7")
    answer = parchemin("read", file)
    assert answer.exit_code == 2
    assert "archive" in answer.stderr


def test_the_help_of_act_lists_every_act() -> None:
    answer = CliRunner().invoke(main, ["act", "--help"])
    told = " ".join(answer.output.split())
    for kind in ActKind:
        assert f"{kind.value} {kind.label}" in told


@pytest.mark.parametrize("command", ["read", "verify"])
def test_a_mistyped_path_is_said_to_be_one(command: str, tmp_path: Path) -> None:
    answer = parchemin(command, tmp_path / "inconnu.pdf")
    assert answer.exit_code == 2
    assert "n’est pas là" in answer.stderr
    assert "Vérifiez son nom" in answer.stderr
    assert "éposez" not in answer.stderr


def test_a_document_of_ours_without_answers_is_not_called_a_strangers_form(tmp_path: Path) -> None:
    page = tmp_path / "parchemin.pdf"
    page.write_bytes(drawn.the_parchemin())
    answer = parchemin("read", page)
    assert "autre origine" not in answer.output
    assert "parchemin verify" in " ".join(answer.output.split())
