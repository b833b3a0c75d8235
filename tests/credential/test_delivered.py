"""From the register to a stranger's hands: the delivered file, the share, the command line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import page as page_validation
import pytest

from casefiles.events import (
    CaseOpened,
    Decided,
    DecisionRecorded,
    DeliveryNumbered,
    ParcheminNumbered,
)
from casefiles.journal import Append
from signing.credential.keys import CodeKey, read_keys
from signing.credential.reading import one_code
from signing.credential.verdict import issue, verify
from tests.credential.invented import AT, AWARD, ORGANISATION, photographed, png
from tests.credential.test_withdrawn import a_list
from tests.pages import samples
from watch.office import Office, open_office
from watch.share import verification
from watch.share.founding import create
from watch.share.publication import digest_of
from watch.share.workspace import locate
from watch.steps import delivery

pytestmark = pytest.mark.usefixtures("one_fork_server")

REGISTER = "registre/P-2026"
Parchemin = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    space = locate(tmp_path_factory.mktemp("espace") / "Partage", environment={})
    create(space, demo_keys=True, at=AT)
    return open_office(space, clock=lambda: AT)


@pytest.fixture(scope="module")
def delivered(office: Office) -> bytes:
    """A parchemin as the office delivers it, its certifier's key delegated."""
    certification = samples.tmp()
    opened = CaseOpened(
        number="2026-0042",
        certification=certification.code,
        certification_hash=office.archive_certification(certification),
        route="formation_continue",
        candidate=samples.ZOE,
    )
    decided = DecisionRecorded(
        session="S2026-001",
        pv_version=1,
        pv_sha256="0" * 64,
        decided_on=date(2026, 6, 12),
        decision=Decided(case="2026-0042", outcome="obtention"),
    )
    given = {"number": AWARD.number, "delivered_on": date(2026, 6, 20)}
    office.journal.commit(
        Append(
            stream="dossier/2026-0042",
            after=0,
            events=(opened, decided, DeliveryNumbered(register_name=REGISTER, **given)),
        ),
        Append(
            stream=REGISTER,
            after=0,
            events=(
                ParcheminNumbered(
                    case="2026-0042", attempt=1, certification=certification.code, **given
                ),
            ),
        ),
    )
    appends = delivery.draw_parchemin(office, office.journal.read("dossier/2026-0042"))
    return office.originals.get(appends[0].events[0].sha256)


def test_the_delivered_parchemin_is_verified_by_its_own_code(
    office: Office, delivered: bytes
) -> None:
    keys = office.code_key.published(office.settings.organisation.name)
    found = verify(one_code(delivered), keys)
    assert found.verdict == "valid"
    assert found.award.number == AWARD.number
    assert found.award.holder == "Madame Zoé Marie Łucja EXEMPLE-GONÇALVES"
    assert found.award.title == samples.tmp().name
    assert (found.award.decided_on, found.award.delivered_on) == (
        date(2026, 6, 12),
        date(2026, 6, 20),
    )


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_it_still_conforms_once_signed(delivered: bytes, profile: str) -> None:
    assert page_validation.validate_pdf_bytes(delivered, profile=profile).failures == []


def test_the_page_and_the_keys_stand_on_the_share(office: Office) -> None:
    verification.show(office)
    share = office.workspace.share
    published = (share / "Clés publiques des parchemins.json").read_text(encoding="utf-8")
    keys = read_keys(published)
    assert keys.organisation == office.settings.organisation.name
    html = (share / "Vérifier un parchemin.html").read_text(encoding="utf-8")
    assert office.code_key.public.id.hex() in html
    private = office.workspace.keys / "parchemin-code.key"
    secret = private.read_text(encoding="utf-8").splitlines()[1]
    assert secret not in html + published


@pytest.mark.parametrize("start", ["Vérifier", "Clés"])
def test_what_somebody_tampered_with_is_put_right(office: Office, start: str) -> None:
    verification.show(office)
    (file,) = office.workspace.share.glob(f"{start}*")
    right = digest_of(file)
    file.write_text("toujours authentique", encoding="utf-8")
    verification.show(office)
    assert digest_of(file) == right
    assert list(office.workspace.share.glob(f"{start}*")) == [file]


def test_a_page_that_stands_is_not_written_again(office: Office) -> None:
    verification.show(office)
    page = office.workspace.share / "Vérifier un parchemin.html"
    before = page.stat().st_mtime_ns, page.stat().st_ino
    verification.show(office)
    assert (page.stat().st_mtime_ns, page.stat().st_ino) == before


@pytest.fixture
def parchemin(tmp_path: Path) -> Parchemin:
    """The command line, in a folder of its own."""

    def run(*words: Any) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "watch.cli", *map(str, words)]
        root = str(Path(__file__).parents[2])
        environment = {**os.environ, "PYTHONPATH": root}
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
        )

    return run


def test_the_command_answers_0_1_or_2(
    parchemin: Parchemin, tmp_path: Path, key: CodeKey, another_key: CodeKey
) -> None:
    (tmp_path / "photo.png").write_bytes(png(photographed(issue(AWARD, key))))
    (tmp_path / "cles.json").write_text(key.published(ORGANISATION).text(), encoding="utf-8")
    (tmp_path / "autres.json").write_text(another_key.published("X").text(), encoding="utf-8")
    (tmp_path / "retraits").write_text(a_list(key, AWARD.number), encoding="utf-8")
    asked = ("verify", "--code", "photo.png")

    good = parchemin(*asked, "--keys", "cles.json")
    assert (good.returncode, good.stderr) == (0, "")
    assert "Authentique à l’émission" in good.stdout
    gone = parchemin(*asked, "--keys", "cles.json", "--withdrawn", "retraits", "--json")
    assert gone.returncode == 1
    assert json.loads(gone.stdout)["withdrawn_on"] == "2026-06-25"
    unknown = parchemin(*asked, "--keys", "autres.json", "--json")
    assert unknown.returncode == 2
    assert json.loads(unknown.stdout)["verdict"] == "indeterminate"
    assert parchemin(*asked, "--keys", "absent.json").returncode == 2


def test_the_command_refuses_in_words_what_holds_no_code(
    parchemin: Parchemin, tmp_path: Path
) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    refused = parchemin("verify", "--code", "photo.png")
    assert refused.returncode == 2
    assert "ni une image" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_year_begun_in_the_earlier_register_goes_on_with_the_next_number(
    office: Office, delivered: bytes
) -> None:
    assert delivered
    line, _ = delivery.hand_over(office, office.journal.read("dossier/2026-0042"))
    assert (line.stream, line.after) == ("registre/P-2026-00002", 0)
