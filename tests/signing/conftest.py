"""Documents signed once for the whole session; tests copy them before harming them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing import keys, pades, trust
from signing.keys import Key
from signing.trust import Trust
from tests.pki import Identity
from tests.signing import documents
from tests.signing.tools import PdfSig


def now() -> datetime:
    return datetime.now(UTC)


def loaded(who: Identity) -> Key:
    return keys.load(who.p12, who.phrase, at=now())


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="session")
def trusted(authority_root: Path) -> Trust:
    return trust.load(authority_root)


@pytest.fixture(scope="session")
def form(shelf: Path) -> Path:
    """Unsigned, with locks."""
    return documents.form(shelf / "form.pdf")


@pytest.fixture(scope="session")
def unlocked_form(shelf: Path) -> Path:
    """Unsigned, its signature fields lock nothing."""
    return documents.form(shelf / "unlocked.pdf", locks=False)


@pytest.fixture(scope="session")
def signed(form: Path, shelf: Path, employer: Identity) -> Path:
    """Signed by the employer in a field that locks every answer."""
    target = shelf / "signed.pdf"
    pades.sign(form, target, field="Employeur", signer=loaded(employer), at=now())
    return target


@pytest.fixture(scope="session")
def signed_unlocked(unlocked_form: Path, shelf: Path, employer: Identity) -> Path:
    """Signed by the employer, nothing locked."""
    target = shelf / "signed-unlocked.pdf"
    pades.sign(unlocked_form, target, field="Employeur", signer=loaded(employer), at=now())
    return target


@pytest.fixture(scope="session")
def certified(unlocked_form: Path, shelf: Path, employer: Identity) -> Path:
    """Certified by the employer's key at level 2 (signatures and filling may follow)."""
    target = shelf / "certified.pdf"
    pades.sign(
        unlocked_form, target, field="Employeur", signer=loaded(employer), at=now(), certify=True
    )
    return target


@pytest.fixture(scope="session")
def sealed(shelf: Path, centre: Identity) -> Path:
    """A PV: no fields but signatures, certified by the centre for signatures only."""
    source = documents.minutes(shelf / "pv.pdf")
    target = shelf / "pv-sealed.pdf"
    pades.sign(source, target, field="Centre", signer=loaded(centre), at=now(), certify=True)
    return target


@pytest.fixture(scope="session")
def rsa_member(authority: object) -> Identity:
    """A jury member with an RSA key, for tools that know nothing else."""
    issued: Identity = authority.issue(  # type: ignore[attr-defined]
        "Noé EXEMPLE-RSA", organisation="Jury EXEMPLE", key="rsa:2048"
    )
    return issued


@pytest.fixture(scope="session")
def pdfsig(
    tmp_path_factory: pytest.TempPathFactory,
    authority_root: Path,
    employer: Identity,
    rsa_member: Identity,
) -> PdfSig:
    return PdfSig(tmp_path_factory.mktemp("nss") / "db", authority_root, employer, rsa_member)
