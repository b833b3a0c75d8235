"""Session fixtures over tests.pki; a conftest lists this module in `pytest_plugins`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pki.openssl import Identity, OpensslAuthority
from tests.pki.served import ServedAuthority
from tests.pki.token import Token


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> OpensslAuthority:
    """An authority without services: certificates made by openssl, nothing to revoke them."""
    return OpensslAuthority(tmp_path_factory.mktemp("autorite"))


@pytest.fixture(scope="session")
def authority_root(authority: OpensslAuthority) -> Path:
    """The PEM file to trust for `authority`."""
    return authority.root


@pytest.fixture(scope="session")
def employer(authority: OpensslAuthority) -> Identity:
    """The person who signs the avis for the company."""
    return authority.issue("Zoé EXEMPLE-GONÇALVES")


@pytest.fixture(scope="session")
def president(authority: OpensslAuthority) -> Identity:
    """The jury's president."""
    return authority.issue("Aïcha EXEMPLE-LŒUVRE", organisation="Jury EXEMPLE")


@pytest.fixture(scope="session")
def member(authority: OpensslAuthority) -> Identity:
    """A member of the jury."""
    return authority.issue("Łukasz EXEMPLE-NĒGRE", organisation="Jury EXEMPLE")


@pytest.fixture(scope="session")
def centre(authority: OpensslAuthority) -> Identity:
    """The OF, whose seal closes packs and certifies PVs."""
    return authority.issue("Centre de formation EXEMPLE", organisation="Centre EXEMPLE")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """Somebody certified by an authority nobody trusts, under the employer's own name."""
    elsewhere = OpensslAuthority(tmp_path_factory.mktemp("ailleurs"), "Autorité inconnue EXEMPLE")
    return elsewhere.issue("Zoé EXEMPLE-GONÇALVES")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAuthority]:
    """An authority with OCSP, CRL and time-stamps on loopback."""
    with ServedAuthority(tmp_path_factory.mktemp("services")) as open_authority:
        yield open_authority


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """A PKCS#11 token in software, empty of keys until a test imports some."""
    return Token(tmp_path_factory.mktemp("softhsm"))
