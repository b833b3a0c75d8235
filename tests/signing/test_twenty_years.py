"""In twenty years, by a stranger: the volume, the authority’s root, and nothing else.

No machine is asked, no answer kept elsewhere; the signers’ certificates have all ended since.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import pades, trust, validation_data
from signing.pack import Original, Part, assemble
from signing.policy import Policy
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity, ServedAuthority
from tests.signing import documents
from tests.signing.conftest import loaded, now
from tests.signing.tools import pyhanko_sign

TWENTY_YEARS = timedelta(days=365 * 20 + 5)
SURE = Policy(revocation="required")


def sealed(inside: Path, target: Path, served: ServedAuthority, level: str = "B-LTA") -> Path:
    """*Pièces* with a signed document inside, sealed by a certificate that ends in forty days."""
    pages = documents.archival(target.with_suffix(".pages.pdf"), pages=2)
    digest = hashlib.sha256(inside.read_bytes()).hexdigest()
    volume = assemble(
        target.with_suffix(".volume.pdf"),
        title="Pièces",
        parts=[Part(path=pages, title="Avis")],
        originals=[Original(path=inside, name="Avis.pdf", sha256=digest)],
        at=now(),
    )
    return pades.sign(
        volume.path, target, field="Sceau", new_field=True, certify=True, docmdp=1, at=now(),
        signer=loaded(served.identity("certificateur-bref")), level=level,  # type: ignore[arg-type]
        timestamper=TimestampService(served.tsa_url), trust=trust.load(served.root),
        fetcher=served.fetcher,
    ).path  # fmt: skip


@pytest.fixture(scope="module")
def volume(form: Path, served: ServedAuthority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The avis inside was signed at B-B, by a certificate that ends in forty days too."""
    folder = tmp_path_factory.mktemp("vingt ans")
    avis = pyhanko_sign(form, folder / "avis.pdf", "Employeur",
                        served.identity("certificateur-bref"))  # fmt: skip
    return sealed(avis, folder / "pieces.pdf", served)


def then() -> datetime:
    return now() + TWENTY_YEARS


def test_a_volume_is_proven_in_twenty_years_with_itself_and_its_authoritys_root(
    volume: Path, served: ServedAuthority
) -> None:
    root = trust.load(served.root)
    report = verify(volume, at=then(), trust=root, rules=SURE)
    assert report.verdict == "valid", report
    seal = report.signatures[0]
    assert (seal.level, seal.indication) == ("B-LTA", "TOTAL-PASSED")
    assert not any("révocation" in reason for reason in seal.reasons)
    assert seal.proven_time is not None
    assert abs(seal.proven_time - now()) < timedelta(hours=1)


def test_without_the_root_the_one_it_holds_makes_nobody_trusted(
    volume: Path, authority_root: Path
) -> None:
    for other in (Trust(), trust.load(authority_root)):
        report = verify(volume, at=then(), trust=other)
        assert report.verdict == "indeterminate"
        assert report.signatures[0].sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_fingerprint_from_elsewhere_is_enough_to_recognise_the_root_it_holds(
    volume: Path, served: ServedAuthority
) -> None:
    with volume.open("rb") as stream:
        held = validation_data.read(PdfFileReader(stream)).trust.others
    published = hashlib.sha256(served.certificate("racine")).hexdigest()
    (root,) = [der for der in held if hashlib.sha256(der).hexdigest() == published]
    assert x509.Certificate.load(root).self_signed == "maybe"
    assert verify(volume, at=then(), trust=Trust(roots=(root,)), rules=SURE).verdict == "valid"


def test_at_b_lt_nothing_holds_once_the_certificates_have_ended_but_what_a_time_stamp_proves(
    form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    """The control: without any time-stamp, twenty years are too many."""
    alone = pyhanko_sign(form, tmp_path / "avis.pdf", "Employeur",
                         served.identity("certificateur-bref"))  # fmt: skip
    report = verify(alone, at=then(), trust=trust.load(served.root))
    assert report.verdict == "indeterminate"
    assert report.signatures[0].sub_indication.startswith("OUT_OF_BOUNDS")  # type: ignore[union-attr]


def test_the_time_stamp_of_a_volume_answers_for_the_signatures_inside_it(
    volume: Path, served: ServedAuthority
) -> None:
    root = trust.load(served.root)
    (today,) = verify(volume, at=now(), trust=root).embedded
    report = verify(volume, at=then(), trust=root)
    assert (today.verdict, report.embedded[0].verdict) == ("valid", "valid")
    assert any("sont jugées au" in note for note in report.notes)
    assert not verify(volume, at=now(), trust=root).notes


@pytest.mark.parametrize("who", ["revoque", "expire"])
def test_it_does_not_answer_for_a_certificate_revoked_or_ended_before_it(
    who: str, form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    avis = pyhanko_sign(form, tmp_path / "avis.pdf", "Employeur", served.identity(who))
    file = sealed(avis, tmp_path / "pieces.pdf", served)
    told = trust.load(served.root).and_also(Trust(crls=(served.crl("inter"),)))
    report = verify(file, at=then(), trust=told)
    assert (report.verdict, report.embedded[0].verdict) == ("valid", "indeterminate")


def test_a_volume_no_longer_proven_lends_no_day_to_what_it_holds(
    form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    avis = pyhanko_sign(form, tmp_path / "avis.pdf", "Employeur",
                        served.identity("certificateur-bref"))  # fmt: skip
    file = sealed(avis, tmp_path / "pieces.pdf", served, level="B-B")
    report = verify(file, at=then(), trust=trust.load(served.root))
    assert (report.verdict, report.embedded[0].verdict) == ("indeterminate", "indeterminate")


def test_a_strangers_signature_inside_is_no_more_trusted_for_being_old(
    form: Path, stranger: Identity, served: ServedAuthority, tmp_path: Path
) -> None:
    avis = pyhanko_sign(form, tmp_path / "avis.pdf", "Employeur", stranger)
    file = sealed(avis, tmp_path / "pieces.pdf", served)
    report = verify(file, at=then(), trust=trust.load(served.root))
    assert (report.verdict, report.embedded[0].verdict) == ("valid", "indeterminate")
