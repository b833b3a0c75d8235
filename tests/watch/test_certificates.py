"""What ails a certificate is said before anything is signed with it, and by `doctor`."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from casefiles.errors import SigningError
from tests.pki import Identity, OpensslAuthority, ServedAuthority
from tests.signing import documents
from watch.cli import main
from watch.commands import doctor
from watch.office import now, open_office
from watch.share.founding import create
from watch.share.workspace import Workspace, locate

pytestmark = pytest.mark.usefixtures("one_fork_server")

Made = Callable[[OpensslAuthority, ServedAuthority], Identity]


def expired(authority: OpensslAuthority, _: ServedAuthority) -> Identity:
    ended = now() - timedelta(days=2)
    return authority.issue("Périmée EXEMPLE", begins=ended - timedelta(days=9), ends=ended)


def not_yet(authority: OpensslAuthority, _: ServedAuthority) -> Identity:
    return authority.issue("Future EXEMPLE", begins=now() + timedelta(days=3))


def revoked(_: OpensslAuthority, served: ServedAuthority) -> Identity:
    return served.identity("revoque")


def for_something_else(authority: OpensslAuthority, _: ServedAuthority) -> Identity:
    return authority.issue("Chiffrement EXEMPLE", usage="keyEncipherment")


def ending(authority: OpensslAuthority, _: ServedAuthority) -> Identity:
    return authority.issue("Bientôt EXEMPLE", ends=now() + timedelta(days=29))


REFUSED: dict[str, tuple[Made, str]] = {
    "expiré": (expired, "a expiré le"),
    "pas encore valable": (not_yet, "n’est valable qu’à partir du"),
    "révoqué": (revoked, "a été révoqué par son autorité"),
    "fait pour autre chose": (for_something_else, "n’est pas fait pour signer"),
}
SAID = {**REFUSED, "qui expire bientôt": (ending, "demandez son renouvellement")}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    made = locate(tmp_path / "Partage")
    create(made, demo_keys=True, at=now())
    return made


def keep(space: Workspace, section: str, who: Identity, served: ServedAuthority) -> None:
    """That key in the settings, and its authority asked about it."""
    text = space.settings_file.read_text(encoding="utf-8")
    text = re.sub(
        rf"(\[cles\.{section}\]\n)fichier = .*\nphrase = .*",
        rf'\1fichier = "{who.p12}"\nphrase = "{who.phrase_file}"',
        text,
    )
    text = text.replace("autorites = [", f'autorites = ["{served.root}", ')
    text = text.replace("machines = []", f'machines = ["{served.host}"]')
    space.settings_file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("ailment", SAID)
@pytest.mark.parametrize(
    ("section", "called"),
    [("cachet", "Cachet de l’organisme"), ("certificateur", "Clé du certificateur")],
)
def test_doctor_says_what_ails_each_key(
    ailment: str,
    section: str,
    called: str,
    space: Workspace,
    authority: OpensslAuthority,
    served: ServedAuthority,
) -> None:
    made, words = SAID[ailment]
    keep(space, section, made(authority, served), served)
    (check,) = [c for c in doctor.examine(space) if c.what == called]
    assert not check.good
    assert words in check.said


@pytest.mark.parametrize("ailment", REFUSED)
def test_the_office_signs_nothing_with_such_a_key(
    ailment: str, space: Workspace, authority: OpensslAuthority, served: ServedAuthority
) -> None:
    made, words = REFUSED[ailment]
    keep(space, "cachet", made(authority, served), served)
    office = open_office(space)
    with pytest.raises(SigningError, match=words):
        _ = office.seal_key
    office.journal.engine.dispose()


@pytest.mark.parametrize("ailment", SAID)
def test_the_command_line_says_it_before_signing(
    ailment: str, authority: OpensslAuthority, served: ServedAuthority, tmp_path: Path
) -> None:
    made, words = SAID[ailment]
    who = made(authority, served)
    source, target = documents.form(tmp_path / "avis.pdf"), tmp_path / "signé.pdf"
    command = ["sign", source, "--field", "Employeur", "--key", who.p12, "-o", target,
               "--passphrase-file", who.phrase_file, "--trust", served.root,
               "--machine", served.host]  # fmt: skip
    answer = CliRunner().invoke(main, [str(word) for word in command])
    assert words in answer.stderr
    assert target.exists() is (ailment not in REFUSED)
    assert answer.exit_code == (2 if ailment in REFUSED else 0)


def test_a_key_revoked_while_the_watch_goes_on_signs_no_more_the_next_day(
    space: Workspace, served: ServedAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watch import keyring

    office = open_office(space)
    before = office.seal_key
    asked: list[str] = []
    monkeypatch.setattr(keyring, "not_revoked", lambda key, *_, at: asked.append(key.holder))
    assert office.seal_key is before
    assert asked == []
    later = now() + timedelta(days=2)
    office.clock = lambda: later
    assert office.seal_key is before
    assert asked == [before.holder]
    office.journal.engine.dispose()


def test_what_ends_soon_is_logged_without_naming_anybody(
    space: Workspace,
    authority: OpensslAuthority,
    served: ServedAuthority,
    caplog: pytest.LogCaptureFixture,
) -> None:
    who = ending(authority, served)
    keep(space, "cachet", who, served)
    office = open_office(space)
    _ = office.seal_key
    assert "key=cles.cachet ends=" in caplog.text
    assert who.name not in caplog.text
    office.journal.engine.dispose()
