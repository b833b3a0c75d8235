"""Answers put in a document to hide a revocation: none of them counts, and the true one still does.

The signer’s certificate has been revoked since 2024. Each stuffed answer is by a genuine key of its
authority, or of somebody it certified, but says less than it seems to; the control is the answer
the authority gives of a certificate in force.
"""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import crl, ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import ocsp as builders
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signing import pades, revocation, trust
from signing.policy import Policy
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.pki import ServedAuthority
from tests.signing.conftest import loaded, now

pytestmark = pytest.mark.long

DER = serialization.Encoding.DER
SURE = Policy(revocation="required")
Answer = Callable[["Forger"], bytes]


class Forger:
    """Whoever has the keys of that authority’s services and customers."""

    def __init__(self, served: ServedAuthority) -> None:
        self._served = served
        self.at = now().replace(microsecond=0) - timedelta(minutes=1)

    def key(self, label: str) -> object:
        return load_pem_private_key((self._served.directory / f"{label}.pem").read_bytes(), None)

    def certificate(self, label: str) -> x509.Certificate:
        return x509.load_der_x509_certificate(self._served.certificate(label))

    def good(self, about: str, by: str, *, issuer: str = "inter", late: bool = False) -> bytes:
        """An OCSP response that calls `about` good, signed by the key of `by`."""
        given = self.at - timedelta(days=900) if late else self.at
        response = (
            builders.OCSPResponseBuilder()
            .add_response(
                cert=self.certificate(about),
                issuer=self.certificate(issuer),
                algorithm=hashes.SHA1(),
                cert_status=builders.OCSPCertStatus.GOOD,
                this_update=given,
                next_update=given + timedelta(days=1),
                revocation_time=None,
                revocation_reason=None,
            )
            .responder_id(builders.OCSPResponderEncoding.NAME, self.certificate(by))
            .certificates([self.certificate(by)])
            .sign(self.key(by), hashes.SHA256())  # type: ignore[arg-type]
        )
        return response.public_bytes(DER)

    def empty_list(self, by: str, *extensions: x509.ExtensionType, issuer: str = "inter") -> bytes:
        """A list without anybody in it, in the name of `issuer`, signed by the key of `by`."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate(issuer).subject)
            .last_update(self.at)
            .next_update(self.at + timedelta(days=1))
            .add_extension(x509.CRLNumber(7), False)
        )
        for extension in extensions:
            builder = builder.add_extension(extension, True)
        made = builder.sign(self.key(by), hashes.SHA256())  # type: ignore[arg-type]
        return made.public_bytes(DER)


def points(**only: object) -> x509.IssuingDistributionPoint:
    told = {
        "full_name": None, "relative_name": None, "only_contains_user_certs": False,
        "only_contains_ca_certs": False, "only_some_reasons": None, "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }  # fmt: skip
    return x509.IssuingDistributionPoint(**{**told, **only})  # type: ignore[arg-type]


ELSEWHERE = [x509.UniformResourceIdentifier("http://exemple.invalid/autre.crl")]
STUFFED: dict[str, Answer] = {
    "good, of another number": lambda f: f.good("employeur", "ocsp"),
    "good, by another customer": lambda f: f.good("revoque", "employeur"),
    "good, by the signer themselves": lambda f: f.good("revoque", "revoque"),
    "good, by the time-stamping service": lambda f: f.good("revoque", "horodatage"),
    "good, of before the revocation": lambda f: f.good("revoque", "ocsp", late=True),
    "good, of another issuer’s number": lambda f: f.good("revoque", "ocsp", issuer="racine"),
    "a list by a customer": lambda f: f.empty_list("employeur"),
    "a list in another’s name": lambda f: f.empty_list("racine", issuer="racine"),
    "a list by the root in its name": lambda f: f.empty_list("racine"),
    "what changed since a list": lambda f: f.empty_list("inter", x509.DeltaCRLIndicator(6)),
    "a list of authorities only": lambda f: f.empty_list(
        "inter", points(only_contains_ca_certs=True)
    ),
    "a list of attributes only": lambda f: f.empty_list(
        "inter", points(only_contains_attribute_certs=True)
    ),
    "a list of some reasons": lambda f: f.empty_list(
        "inter", points(only_some_reasons=frozenset({x509.ReasonFlags.superseded}))
    ),
    "a list of elsewhere": lambda f: f.empty_list("inter", points(full_name=ELSEWHERE)),
    "a list for others": lambda f: f.empty_list("racine", points(indirect_crl=True)),
}


def stamped(who: str, form: Path, served: ServedAuthority, target: Path) -> bytes:
    return pades.sign(
        form, target, field="Employeur", signer=loaded(served.identity(who)), at=now(),
        level="B-T", timestamper=TimestampService(served.tsa_url), trust=trust.load(served.root),
    ).path.read_bytes()  # fmt: skip


def stuffed(content: bytes, *answers: bytes) -> bytes:
    """The document with those answers among its validation data."""
    told = revocation.answers(answers)
    assert len(told.crls) + len(told.ocsps) == len(answers)
    writer, out = IncrementalPdfFileWriter(io.BytesIO(content)), io.BytesIO()
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None,
        crls=[crl.CertificateList.load(der) for der in told.crls],
        ocsps=[ocsp.OCSPResponse.load(der) for der in told.ocsps],
    )  # fmt: skip
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def forger(served: ServedAuthority) -> Forger:
    return Forger(served)


@pytest.fixture(scope="module")
def by_the_revoked(
    form: Path, served: ServedAuthority, tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    """What whoever was revoked signed."""
    return stamped("revoque", form, served, tmp_path_factory.mktemp("revoque") / "s.pdf")


def test_the_answer_of_the_authority_itself_counts(
    form: Path, served: ServedAuthority, forger: Forger, tmp_path: Path
) -> None:
    """The control: of a certificate in force, by the responder, or in the list."""
    content, root = stamped("employeur", form, served, tmp_path / "s.pdf"), trust.load(served.root)
    others = served.crl("racine")
    assert verify(content, at=now(), trust=root, rules=SURE).verdict == "indeterminate"
    for answer in (forger.good("employeur", "ocsp"), forger.empty_list("inter")):
        report = verify(stuffed(content, answer, others), at=now(), trust=root, rules=SURE)
        assert report.verdict == "valid"


@pytest.mark.parametrize("case", STUFFED)
def test_an_answer_that_says_less_than_it_seems_hides_no_revocation(
    case: str, by_the_revoked: bytes, served: ServedAuthority, forger: Forger
) -> None:
    root, others = trust.load(served.root), served.crl("racine")
    forged = stuffed(by_the_revoked, STUFFED[case](forger), others)
    # Alone, it is no answer: whether the certificate was revoked is not known, and said so.
    assert verify(forged, at=now(), trust=root, rules=SURE).verdict == "indeterminate"
    (found, *_) = verify(forged, at=now(), trust=root).signatures
    assert found.level in {"B-B", "B-T"}
    # Beside the true list, in the file or kept with the case, it hides nothing.
    true = served.crl("inter")
    for report in (
        verify(stuffed(forged, true), at=now(), trust=root),
        verify(forged, at=now(), trust=root.and_also(Trust(crls=(true,)))),
    ):
        assert report.verdict == "indeterminate"
        assert report.signatures[0].sub_indication == "REVOKED_NO_POE"
