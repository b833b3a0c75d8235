from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casefiles.errors import SigningError
from signing import keys, pades, standing, trust
from signing.demo import MARK, make_demo_authority
from signing.fetching import Fetcher
from tests.pki import Identity, OpensslAuthority, ServedAuthority
from tests.signing.conftest import loaded, now


def test_a_key_is_named_by_its_certificate_as_openssl_names_it(employer: Identity) -> None:
    key = loaded(employer)
    assert key.fingerprint == employer.fingerprint
    assert key.holder == "Zoé EXEMPLE-GONÇALVES"
    assert key.organisation == "Mécanique EXEMPLE SAS"
    assert key.warnings == ()


def test_a_kept_key_signs_after_its_file_is_gone(
    authority: OpensslAuthority, form: Path, tmp_path: Path
) -> None:
    who = authority.issue("Fugace EXEMPLE")
    key = loaded(who)
    who.p12.unlink()
    for number in range(2):
        target = tmp_path / f"{number}.pdf"
        pades.sign(form, target, field="Employeur", signer=key, at=now())
        assert target.exists()


def test_a_wrong_passphrase_is_said_and_never_repeated(employer: Identity) -> None:
    with pytest.raises(SigningError, match="phrase secrète inexacte") as raised:
        keys.load(employer.p12, "Sésame-secret", at=now())
    assert "Sésame-secret" not in str(raised.value)


def test_a_key_never_shows_its_secret(employer: Identity) -> None:
    assert employer.phrase not in repr(loaded(employer))
    assert "PrivateKey" not in repr(loaded(employer))


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="absente"):
        keys.load(tmp_path / "absente.p12", "x", at=now())


def test_an_expired_certificate_cannot_serve(authority: OpensslAuthority) -> None:
    ended = now() - timedelta(days=2)
    who = authority.issue("Périmée EXEMPLE", begins=ended - timedelta(days=9), ends=ended)
    with pytest.raises(SigningError, match=f"a expiré le {ended:%d/%m/%Y}"):
        loaded(who)


def test_a_certificate_from_tomorrow_cannot_serve_today(authority: OpensslAuthority) -> None:
    who = authority.issue("Future EXEMPLE", begins=now() + timedelta(days=3))
    with pytest.raises(SigningError, match="n’est valable qu’à partir du"):
        loaded(who)


def test_a_certificate_made_for_something_else_cannot_sign(authority: OpensslAuthority) -> None:
    who = authority.issue("Chiffrement EXEMPLE", usage="keyEncipherment")
    with pytest.raises(SigningError, match="n’est pas fait pour signer"):
        loaded(who)


def test_a_certificate_that_states_no_usage_may_sign(authority: OpensslAuthority) -> None:
    assert loaded(authority.issue("Sans usage EXEMPLE", usage=None)).warnings == ()


def test_a_certificate_ending_within_thirty_days_is_announced(authority: OpensslAuthority) -> None:
    who = authority.issue("Bientôt EXEMPLE", ends=now() + timedelta(days=12, hours=1))
    (warning,) = loaded(who).warnings
    assert "dans 12 jour(s)" in warning
    later = authority.issue("Plus tard EXEMPLE", ends=now() + timedelta(days=31))
    assert loaded(later).warnings == ()


def test_a_passphrase_others_can_read_is_refused(employer: Identity, tmp_path: Path) -> None:
    assert keys.read_passphrase(employer.phrase_file) == employer.phrase
    open_to_all = tmp_path / "phrase"
    open_to_all.write_text("secret\n")
    open_to_all.chmod(0o644)
    with pytest.raises(SigningError, match="chmod 600"):
        keys.read_passphrase(open_to_all)


def test_demonstration_keys_say_they_are_worth_nothing(tmp_path: Path) -> None:
    moment = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    made = make_demo_authority(tmp_path / "clés", at=moment)
    assert set(made.keys) == {"of", "certificateur", "president", "jury-1", "jury-2", "employeur"}
    for role, one in made.keys.items():
        assert one.p12.stat().st_mode & 0o077 == 0
        key = keys.load(one.p12, keys.read_passphrase(one.passphrase), at=moment)
        assert key.fingerprint == one.fingerprint
        assert key.organisation == MARK
        assert "DÉMO" in key.holder
        assert key.is_seal is (role == "of")
    assert not list(tmp_path.rglob("*.key"))


def test_a_key_kept_past_its_end_signs_no_more(
    employer: Identity, form: Path, tmp_path: Path
) -> None:
    key = loaded(employer)
    later = now() + timedelta(days=800)
    with pytest.raises(SigningError, match="a expiré le"):
        pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=later)
    assert not (tmp_path / "s.pdf").exists()
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=now())


@pytest.mark.parametrize(("label", "expected"), [("employeur", "good"), ("revoque", "revoked")])
def test_a_key_is_asked_about_before_it_signs(
    label: str, expected: str, served: ServedAuthority
) -> None:
    key, roots = loaded(served.identity(label)), trust.load(served.root)
    assert standing.in_force(key, roots, served.fetcher, at=now()) == expected
    assert standing.in_force(key, roots, Fetcher(), at=now()) == "unknown"


def test_a_certificate_that_announces_nothing_is_not_asked_about(
    employer: Identity, authority_root: Path
) -> None:
    roots = trust.load(authority_root)
    assert standing.in_force(loaded(employer), roots, Fetcher(), at=now()) == "unasked"
