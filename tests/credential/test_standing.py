"""`parchemin verify` of a parchemin’s own PDF: well signed, and withdrawn since."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from signing import keys as signers
from signing import pades
from signing.credential.attachment import attach, credential_files
from signing.credential.keys import CodeKey
from signing.credential.payload import Award
from signing.credential.verdict import issue
from tests.credential.invented import AT, AWARD, ORGANISATION
from tests.credential.test_attachment import drawn
from tests.credential.test_withdrawn import a_list
from tests.pki import Identity
from tests.stories.seen import words
from watch.cli import main

pytestmark = pytest.mark.usefixtures("one_fork_server")

FIELD = "signature/certificateur"


@pytest.fixture
def signed(key: CodeKey, employer: Identity, room: Path) -> Path:
    return signed_of(AWARD, key, employer, room)


def signed_of(award: Award, key: CodeKey, employer: Identity, room: Path) -> Path:
    files = credential_files(award, key, organisation=ORGANISATION)
    (room / "page.pdf").write_bytes(attach(drawn(issue(award, key)), files, at=AT))
    at = datetime.now(UTC)
    signer = signers.load(employer.p12, employer.phrase, at=at)
    target = room / "Parchemin.pdf"
    pades.sign(room / "page.pdf", target, field=FIELD, signer=signer, at=at)
    return target


@pytest.fixture
def verify(signed: Path, authority_root: Path) -> Any:
    def run(*words: object, file: Path = signed) -> Result:
        asked = ("verify", file, "--trust", authority_root, *words)
        return CliRunner().invoke(main, [str(one) for one in asked])

    return run


def listed(room: Path, key: CodeKey, *numbers: str) -> Path:
    file = room / "retraits"
    file.write_text(a_list(key, *numbers), encoding="utf-8")
    return file


def test_a_parchemin_withdrawn_since_is_not_valid(verify: Any, room: Path, key: CodeKey) -> None:
    answer = verify("--withdrawn", listed(room, key, AWARD.number), "--json")
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["verdict"]) == (1, "invalid")
    assert found["signatures"][0]["integrity"] == "intact"
    assert any(note.startswith("Retiré le 25 juin 2026") for note in found["notes"])


def test_one_that_the_list_does_not_name_stays_valid(verify: Any, room: Path, key: CodeKey) -> None:
    answer = verify("--withdrawn", listed(room, key, "P-2026-00009"))
    assert answer.exit_code == 0, answer.output
    assert "ne figure pas dans la liste des retraits" in " ".join(answer.stdout.split())


def test_a_specimen_well_signed_says_that_it_is_worth_nothing(
    verify: Any, room: Path, key: CodeKey, employer: Identity
) -> None:
    file = signed_of(replace(AWARD, specimen=True), key, employer, room)
    for asked in ((), ("--withdrawn", listed(room, key, "P-2026-00009"))):
        told = " ".join(verify(*asked, file=file).stdout.split())
        assert "Spécimen sans valeur" in told, asked


def test_without_a_list_the_answer_and_its_report_say_that_nobody_looked(
    verify: Any, room: Path
) -> None:
    answer = verify("--report", room / "rapport.pdf")
    assert answer.exit_code == 0, answer.output
    for said in (answer.stdout, words(room / "rapport.pdf")):
        assert "Retrait non vérifié" in " ".join(said.split())


def test_a_list_of_somebody_else_leaves_it_undecided(
    verify: Any, room: Path, key: CodeKey, another_key: CodeKey
) -> None:
    file = listed(room, another_key, AWARD.number)
    answer = verify("--withdrawn", file)
    assert answer.exit_code == 2
    assert "n’est pas signée par" in " ".join(answer.stdout.split())
    assert "--keys" in answer.stdout


def test_a_list_given_for_a_file_that_is_no_parchemin_is_not_passed_over(
    verify: Any, room: Path, key: CodeKey, employer: Identity
) -> None:
    (room / "autre.pdf").write_bytes(drawn(issue(AWARD, key)))
    at = datetime.now(UTC)
    signer = signers.load(employer.p12, employer.phrase, at=at)
    target = room / "autre signé.pdf"
    pades.sign(room / "autre.pdf", target, field=FIELD, signer=signer, at=at)
    assert verify(file=target).exit_code == 0
    answer = verify("--withdrawn", listed(room, key, AWARD.number), file=target)
    assert answer.exit_code == 2
    assert "ne porte pas les mentions" in " ".join(answer.stdout.split())


def test_its_own_attachments_are_named_and_alarm_nobody(verify: Any, room: Path) -> None:
    answer = verify("--report", room / "rapport.pdf")
    for said in (answer.stdout, words(room / "rapport.pdf")):
        told = " ".join(said.split())
        assert "sans empreinte annoncée" not in told
        assert "dont 0" not in told
        assert "open-badge.jwt" in told
        assert "la même certification en Open Badge, pour les machines" in told
        assert "les mentions du parchemin, pour les machines" in told
