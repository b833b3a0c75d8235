"""Keys that never leave a PKCS#11 token, tried on Debian's SoftHSM with both kinds of keys."""

from pathlib import Path

import pytest

from casefiles.errors import SigningError
from signing import pades, tokens
from signing.trust import Trust
from signing.verify import verify
from tests.pki import OpensslAuthority
from tests.pki.token import Token
from tests.signing.conftest import now
from tests.signing.tools import openssl_verifies


@pytest.fixture(scope="module", params=["rsa:3072", "ec"])
def label(request: pytest.FixtureRequest, token: Token, authority: OpensslAuthority) -> str:
    who = authority.issue(f"Jeton {request.param} EXEMPLE", key=request.param)
    return token.hold(who, authority.root, label=f"signature {request.param}")


def loaded(token: Token, label: str, pin: str = "") -> tokens.Key:
    return tokens.load(token.library, token=token.label, label=label, pin=pin or token.pin,
                       at=now())  # fmt: skip


def test_a_key_on_a_token_signs_and_others_verify_it(
    token: Token, label: str, form: Path, trusted: Trust, authority_root: Path, tmp_path: Path
) -> None:
    key = loaded(token, label)
    assert key.holder.startswith("Jeton ")
    for number in range(2):  # the session stays open: the key is found and checked once
        target = tmp_path / f"{number}.pdf"
        pades.sign(form, target, field="Employeur", signer=key, at=now())
        assert openssl_verifies(target, authority_root, tmp_path)
        assert verify(target, at=now(), trust=trusted).verdict == "valid"


def test_a_wrong_pin_is_said_and_never_repeated(token: Token) -> None:
    def opened(pin: str) -> None:
        tokens.load(token.library, token=token.apart, label="absente", pin=pin, at=now())

    with pytest.raises(SigningError, match="code du jeton") as raised:
        opened("1234-inexact")
    told: BaseException | None = raised.value
    while told is not None:
        assert "1234-inexact" not in f"{told!r} {told}"
        told = told.__cause__
    with pytest.raises(SigningError, match="nommée « absente »"):
        opened(token.pin)  # the right one opens it: only the key is not there


def test_what_is_missing_of_a_token_is_named(
    token: Token, authority: OpensslAuthority, tmp_path: Path
) -> None:
    with pytest.raises(SigningError, match="nommée « inconnue »"):
        loaded(token, "inconnue")
    bare = token.hold(authority.issue("Sans certificat EXEMPLE"), label="nue", certified=False)
    with pytest.raises(SigningError, match="ne contient pas le certificat"):
        loaded(token, bare)
    with pytest.raises(SigningError, match="n’est pas branché"):
        tokens.load(token.library, token="Ailleurs", label="x", pin="1234", at=now())
    with pytest.raises(SigningError, match="bibliothèque PKCS#11 « absente"):
        tokens.load(tmp_path / "absente.so", token="x", label="x", pin="1234", at=now())


def test_an_expired_certificate_on_a_token_cannot_serve(
    token: Token, authority: OpensslAuthority
) -> None:
    from datetime import timedelta

    ended = now() - timedelta(days=2)
    who = authority.issue("Jeton périmé EXEMPLE", begins=ended - timedelta(days=9), ends=ended)
    with pytest.raises(SigningError, match="a expiré le"):
        loaded(token, token.hold(who, label="périmée"))
