"""The office's own keys: where they may be, who may give the passphrase, what is never shown."""

import logging
import re
from pathlib import Path

import pytest

from casefiles.errors import SettingsError, SigningError
from signing.demo import make_demo_authority
from tests.pki import Identity, OpensslAuthority, ServedAuthority
from tests.pki.token import Token
from watch import keyring
from watch.commands import doctor
from watch.office import now, open_office
from watch.settings import DelegatedKey, HeldKey
from watch.share.founding import create
from watch.share.workspace import Workspace, locate

pytestmark = pytest.mark.usefixtures("one_fork_server")

AT = now()


def load(held: HeldKey, share: Path, name: str = "seal") -> str:
    return keyring.load(held, name, share=share, at=AT).holder


def test_the_passphrase_comes_from_a_file_or_from_the_environment(
    employer: Identity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_a_file = HeldKey(file=employer.p12, passphrase_file=employer.phrase_file)
    assert load(in_a_file, tmp_path) == employer.name
    bare = HeldKey(file=employer.p12)
    with pytest.raises(SettingsError, match="PARCHEMIN_PHRASE_CACHET"):
        load(bare, tmp_path)
    monkeypatch.setenv("PARCHEMIN_PHRASE_CACHET", employer.phrase)
    assert load(bare, tmp_path) == employer.name
    named = HeldKey(file=employer.p12, passphrase_variable="PHRASE_DU_COFFRE")
    with pytest.raises(SettingsError, match="PHRASE_DU_COFFRE"):
        load(named, tmp_path)


def test_a_watch_in_a_terminal_asks_once_for_what_nobody_gave(
    employer: Identity, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watch.settings import Keys, Settings

    asked: list[str] = []
    monkeypatch.delenv("PARCHEMIN_PHRASE_CACHET", raising=False)
    monkeypatch.setattr("watch.keyring.getpass", lambda words: asked.append(words) or "secret")
    settings = Settings(keys=Keys(seal=HeldKey(file=employer.p12)))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    keyring.ask_missing(settings)
    assert asked == []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setenv("PARCHEMIN_PHRASE_CACHET", "")  # restored as it was, whatever follows
    monkeypatch.delenv("PARCHEMIN_PHRASE_CACHET")
    keyring.ask_missing(settings)
    keyring.ask_missing(settings)
    assert asked == ["Phrase secrète de [cles.cachet] : "]


@pytest.mark.parametrize("which", ["file", "passphrase_file"])
def test_a_key_in_the_shared_folder_is_refused(
    which: str, employer: Identity, tmp_path: Path
) -> None:
    inside = tmp_path / "Partage" / "Bureau"
    inside.mkdir(parents=True)
    places = {"file": employer.p12, "passphrase_file": employer.phrase_file}
    assert load(HeldKey(**places), tmp_path / "Partage") == employer.name
    copy = inside / places[which].name
    copy.write_bytes(places[which].read_bytes())
    copy.chmod(0o600)
    with pytest.raises(SettingsError, match="dans le dossier partagé"):
        load(HeldKey(**{**places, which: copy}), tmp_path / "Partage")


def test_a_key_is_in_one_place_only(employer: Identity, token: Token) -> None:
    for wrong in (
        {},
        {"file": employer.p12, "library": token.library, "token": "x", "label": "y"},
        {"library": token.library, "token": "x"},
    ):
        with pytest.raises(ValueError, match="soit « fichier »"):
            HeldKey(**wrong)


def test_the_seal_may_be_on_a_token(
    token: Token, authority: OpensslAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = token.hold(authority.issue("Cachet sur jeton EXEMPLE"), label="cachet")
    monkeypatch.setenv("PARCHEMIN_PHRASE_CACHET", token.pin)
    held = HeldKey(library=token.library, token=token.label, label=label)
    assert load(held, tmp_path) == "Cachet sur jeton EXEMPLE"


def test_no_secret_reaches_a_log_an_error_or_the_share(
    employer: Identity, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    space = locate(tmp_path / "Partage")
    create(space, demo_keys=True, at=AT)
    settings = space.settings_file.read_text(encoding="utf-8")
    wrong = "Sésame-que-nul-ne-doit-lire"
    lines = [line for line in settings.splitlines() if not line.startswith("phrase = ")]
    space.settings_file.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("PARCHEMIN_PHRASE_CACHET", wrong)
    monkeypatch.setenv("PARCHEMIN_PHRASE_CERTIFICATEUR", wrong)
    with caplog.at_level(logging.DEBUG):
        checks = doctor.examine(space)
    seal = next(c for c in checks if c.what == "Cachet de l’organisme")
    assert not seal.good
    assert "phrase secrète inexacte" in seal.said
    told = caplog.text + repr(checks)
    assert wrong not in told
    for file in (p for p in space.share.rglob("*") if p.is_file()):
        assert wrong.encode() not in file.read_bytes()


def test_a_seal_does_not_sign_a_parchemin_in_the_place_of_a_person(tmp_path: Path) -> None:
    space = locate(tmp_path / "Partage")
    create(space, demo_keys=True, at=AT)
    office = open_office(space)
    assert office.certifier_key is not None  # a person's: the control
    office.journal.engine.dispose()
    seal = make_demo_authority(tmp_path / "autres", at=AT).keys["of"]
    person = office.settings.keys.certifier
    assert person is not None
    facts = person.model_dump(exclude={"file", "passphrase_file"})
    held = DelegatedKey(**facts, file=seal.p12, passphrase_file=seal.passphrase)
    with pytest.raises(SigningError, match="signé par une personne"):
        keyring.signs_as_a_person(keyring.load(held, "certifier", share=space.share, at=AT))


@pytest.mark.parametrize(("label", "good"), [("centre", True), ("revoque", False)])
def test_a_revoked_certificate_is_said_by_doctor_and_never_signs(
    label: str, good: bool, served: ServedAuthority, tmp_path: Path
) -> None:
    space = locate(tmp_path / "Partage")
    create(space, demo_keys=True, at=AT)
    who = served.identity(label)
    text = space.settings_file.read_text(encoding="utf-8")
    text = re.sub(r"(\[cles\.cachet\]\n)fichier = .*\nphrase = .*",
                  rf'\1fichier = "{who.p12}"\nphrase = "{who.phrase_file}"', text)  # fmt: skip
    text = re.sub(r"autorites = \[", f'autorites = ["{served.root}", ', text)
    text = text.replace("machines = []", f'machines = ["{served.host}"]')
    space.settings_file.write_text(text, encoding="utf-8")
    seal = next(c for c in doctor.examine(space) if c.what == "Cachet de l’organisme")
    assert seal.good is good
    assert ("a été révoqué par son autorité" in seal.said) is not good
    office = open_office(space)
    if good:
        assert office.seal_key.holder == who.name
    else:
        with pytest.raises(SigningError, match="a été révoqué"):
            _ = office.seal_key
    office.journal.engine.dispose()
