"""The real tasks in the real sandbox, on real forms, signed, spoilt and foreign."""

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from casefiles.answers import Avis
from casefiles.answers.imprint import Imprint
from casefiles.answers.vocabulary import Scope
from casefiles.errors import UnreadableFile
from forms.render import make
from signing import keys, pades
from signing.demo import make_demo_authority
from templates import catalog
from tests.watch.conftest import AT
from watch.confinement.sandbox import Sandbox, SandboxServer
from watch.settings import Limits

SERIAL, CANDIDATE = "ABCDEFGHJK", "Zoé EXEMPLE-GONÇALVES"
FIELD = "signature/entreprise"


@dataclass(frozen=True)
class Files:
    folder: Path
    avis: Path
    signed: Path
    authority: Path
    fingerprint: str


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("fichiers")
    scope = Scope(certification=catalog.load("cqpm-tmp"))
    imprint = Imprint(serial=SERIAL, form="avis", version=1, case="2026-0001")
    values = {"header/candidate": CANDIDATE, "activities": "Remise en état d’une ligne."}
    avis, signed = folder / "avis.pdf", folder / "avis signé.pdf"
    avis.write_bytes(make(Avis, scope, imprint=imprint, key=b"k" * 32, values=values))
    demo = make_demo_authority(folder / "clés", at=AT)
    employer = demo.keys["employeur"]
    key = keys.load(employer.p12, keys.read_passphrase(employer.passphrase), at=AT)
    pades.sign(avis, signed, field=FIELD, signer=key, at=AT)
    return Files(folder, avis, signed, demo.ca, employer.fingerprint)


@pytest.fixture
def sandbox(fork_server: SandboxServer) -> Sandbox:
    return Sandbox(fork_server.address)


def examine(sandbox: Sandbox, file: Path, **params: Any) -> dict[str, Any]:
    return sandbox.run("examine", file, Limits(), at=AT.isoformat(), **params)


def test_an_unsigned_form_tells_its_imprint_and_its_answers(sandbox: Sandbox, files: Files) -> None:
    found = examine(sandbox, files.avis, trust=[str(files.authority)])
    assert found["imprint"]["serial"] == SERIAL
    assert found["values"]["header/candidate"] == CANDIDATE
    assert found["signatures"] == [{"name": FIELD, "signed": False}]
    assert (found["how"], found["report"], found["disagreements"]) == ("fields", None, [])


def test_a_signed_form_comes_with_its_verdict_and_two_readings_that_agree(
    sandbox: Sandbox, files: Files
) -> None:
    found = examine(sandbox, files.signed, trust=[str(files.authority)])
    (signature,) = found["report"]["signatures"]
    assert (found["report"]["verdict"], signature["field"]) == ("valid", FIELD)
    assert found["disagreements"] == []


def test_an_unknown_authority_and_an_unexpected_signer_are_told_apart(
    sandbox: Sandbox, files: Files
) -> None:
    unknown = examine(sandbox, files.signed)["report"]["signatures"][0]
    assert (unknown["integrity"], unknown["trusted"]) == ("intact", False)
    expected = [
        sandbox.run(
            "verify",
            files.signed,
            Limits(),
            trust=[str(files.authority)],
            at=AT.isoformat(),
            expect={FIELD: fingerprint},
        )["signatures"][0]["expected"]
        for fingerprint in (files.fingerprint, "0" * 64)
    ]
    assert expected == [True, False]


def test_what_was_added_to_a_sealed_file_is_told(sandbox: Sandbox, files: Files) -> None:
    def compared(returned: Path) -> dict[str, Any]:
        return sandbox.run("compare_with_seal", returned, Limits(), sealed=str(files.avis))

    grown = compared(files.signed)
    assert (grown["begins_with_seal"], grown["problems"], grown["signed"]) == (True, [], [FIELD])
    rewritten = files.folder / "réécrit.pdf"
    with pikepdf.open(files.signed) as pdf:
        pdf.save(rewritten)
    again = compared(rewritten)
    assert not again["begins_with_seal"]
    assert again["problems"]


def spoilt(files: Files) -> dict[str, bytes]:
    whole = files.avis.read_bytes()
    locked, brochure, foreign = BytesIO(), BytesIO(), BytesIO()
    with pikepdf.open(files.avis) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    pages = pikepdf.new()
    for _ in range(201):
        pages.add_blank_page()
    pages.save(brochure)
    other = pikepdf.new()
    other.add_blank_page()
    other.save(foreign)
    docx = BytesIO()
    with zipfile.ZipFile(docx, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return {
        "vide": b"",
        "texte": b"Bonjour, je joins mon avis.",
        "docx": docx.getvalue(),
        "tronqué": whole[: len(whole) // 2],
        "chiffré": locked.getvalue(),
        "brochure": brochure.getvalue(),
        "sans champs": foreign.getvalue(),
        "bruit": bytes(range(256)) * 400,
        "faux PDF": b"%PDF-1.7\n" + bytes(range(256)) * 400,
    }


KINDS = (
    "vide",
    "texte",
    "docx",
    "tronqué",
    "chiffré",
    "brochure",
    "sans champs",
    "bruit",
    "faux PDF",
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_form_of_ours_is_refused_with_a_reason_and_a_remedy(
    sandbox: Sandbox, files: Files, kind: str
) -> None:
    file = files.folder / f"{kind}.pdf"
    file.write_bytes(spoilt(files)[kind])
    with pytest.raises(UnreadableFile) as no:
        examine(sandbox, file)
    assert no.value.message
    assert no.value.remedy


def test_a_form_cut_anywhere_is_refused_or_read_and_never_stops_the_sandbox(
    sandbox: Sandbox, files: Files
) -> None:
    whole = files.signed.read_bytes()
    file = files.folder / "coupé.pdf"
    for tenth in range(1, 10):
        file.write_bytes(whole[: len(whole) * tenth // 10])
        try:
            found = examine(sandbox, file, trust=[str(files.authority)])
        except UnreadableFile:
            continue
        report = found["report"]
        assert report is None or report["verdict"] != "valid"
    assert examine(sandbox, files.avis)["imprint"]["serial"] == SERIAL
