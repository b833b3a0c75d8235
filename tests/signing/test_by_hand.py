"""Signatures no ordinary tool writes, made by hand; each beside an ordinary one, by the same hand.

The forger has a key of their own, and a certificate from an authority somebody trusts.
"""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from casefiles.errors import SigningError
from signing import keys, pades, trust
from signing.report import Report
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity, OpensslAuthority, ServedAuthority
from tests.signing import by_hand
from tests.signing.conftest import loaded, now

Attributes = list[cms.CMSAttribute]
Made = Callable[[bytes, asn1.Certificate], Attributes]


def judged(content: bytes, trusted: Trust) -> Report:
    return verify(content, at=now(), trust=trusted)


@pytest.fixture(scope="module")
def mine(employer: Identity) -> tuple[by_hand.Private, asn1.Certificate]:
    return by_hand.opened(employer)


@pytest.fixture(scope="module")
def another(president: Identity) -> asn1.Certificate:
    return by_hand.opened(president)[1]


def test_an_ordinary_signature_by_hand_is_valid(
    signed_unlocked: Path,
    mine: tuple[by_hand.Private, asn1.Certificate],
    employer: Identity,
    trusted: Trust,
) -> None:
    """The control of all that follows."""
    report = judged(by_hand.written(signed_unlocked.read_bytes(), *mine), trusted)
    assert (report.verdict, report.signatures[0].fingerprint) == ("valid", employer.fingerprint)


def without(kind: str) -> Made:
    return lambda digest, certificate: [
        one for one in by_hand.ordinary(digest, certificate) if one["type"].native != kind
    ]


def two_digests(digest: bytes, certificate: asn1.Certificate) -> Attributes:
    return [*by_hand.ordinary(digest, certificate), by_hand.attribute("message_digest", b"x" * 32)]


def two_values(digest: bytes, certificate: asn1.Certificate) -> Attributes:
    kept = without("message_digest")(digest, certificate)
    both = cms.CMSAttribute({"type": "message_digest", "values": [digest, b"x" * 32]})
    return [*kept, both]


def of_another_kind(digest: bytes, certificate: asn1.Certificate) -> Attributes:
    return by_hand.ordinary(digest, certificate, kind="tst_info")


ATTRIBUTES: dict[str, Made | None] = {
    "no digest of the document": without("message_digest"),
    "no kind of content": without("content_type"),
    "its certificate not named": without("signing_certificate_v2"),
    "nothing signed but the bytes": None,
    "two digests": two_digests,
    "a digest of two values": two_values,
    "content said to be a time-stamp": of_another_kind,
}


@pytest.mark.parametrize("case", ATTRIBUTES)
def test_attributes_that_bind_less_than_they_should_prove_nothing(
    case: str,
    signed_unlocked: Path,
    mine: tuple[by_hand.Private, asn1.Certificate],
    trusted: Trust,
) -> None:
    content = signed_unlocked.read_bytes()
    report = judged(by_hand.written(content, *mine, attributes=ATTRIBUTES[case]), trusted)
    assert (report.verdict, report.signatures[0].integrity) == ("indeterminate", "undecidable")


def test_a_certificate_named_by_hash_is_the_only_one_that_may_answer(
    signed_unlocked: Path,
    mine: tuple[by_hand.Private, asn1.Certificate],
    another: asn1.Certificate,
    trusted: Trust,
) -> None:
    content = signed_unlocked.read_bytes()

    def named(*certificates: asn1.Certificate) -> Made:
        return lambda digest, one: [
            *by_hand.ordinary(digest, one)[:2],
            *(by_hand.essential(certificate) for certificate in certificates),
        ]

    own = mine[1]
    for chosen in ((another,), (own, another), (another, own)):
        forged = by_hand.written(content, *mine, attributes=named(*chosen))
        assert judged(forged, trusted).verdict == "indeterminate"
    assert judged(by_hand.written(content, *mine, attributes=named(own)), trusted).verdict == (
        "valid"
    )


class Issuing:
    """Certificates of the trusted authority, of any shape."""

    def __init__(self, authority: OpensslAuthority) -> None:
        self._key = load_pem_private_key((authority.directory / "racine.key").read_bytes(), None)
        self._issuer = x509.load_pem_x509_certificate(authority.root.read_bytes())

    def certificate(
        self,
        public: object,
        *extensions: tuple[x509.ExtensionType, bool],
        serial: int | None = None,
        usage: bool = True,
        begins: timedelta = timedelta(days=-1),
    ) -> asn1.Certificate:
        """Of somebody else of that very key; usage: that it may sign."""
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Basile EXEMPLE-AUTRE")])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._issuer.subject)
            .public_key(public)  # type: ignore[arg-type]
            .serial_number(serial or x509.random_serial_number())
            .not_valid_before(now() + begins)
            .not_valid_after(now() + timedelta(days=90))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        if usage:
            builder = builder.add_extension(
                x509.KeyUsage(True, True, *(False for _ in range(7))), True
            )
        made = builder.sign(self._key, hashes.SHA256())  # type: ignore[arg-type]
        return asn1.Certificate.load(made.public_bytes(serialization.Encoding.DER))


@pytest.fixture(scope="module")
def issuing(authority: OpensslAuthority) -> Issuing:
    return Issuing(authority)


@pytest.mark.parametrize("kept", [False, True], ids=["its own name", "the number of mine"])
def test_one_key_in_two_certificates_does_not_change_who_signed(
    kept: bool,
    signed_unlocked: Path,
    mine: tuple[by_hand.Private, asn1.Certificate],
    issuing: Issuing,
    employer: Identity,
    trusted: Trust,
) -> None:
    content, (private, own) = signed_unlocked.read_bytes(), mine
    serial = own.serial_number if kept else None
    twin = issuing.certificate(private.public_key(), serial=serial)
    control = by_hand.written(content, private, twin)
    assert judged(control, trusted).signatures[0].signer == "Basile EXEMPLE-AUTRE"
    # My own signature, under the other’s name: alone, then with both certificates inside.
    for others in ((), (own,)):
        report = judged(by_hand.written(content, *mine, named=twin, others=others), trusted)
        (found,) = report.signatures
        assert report.verdict == "indeterminate" or found.fingerprint == employer.fingerprint
        assert found.signer != "Basile EXEMPLE-AUTRE"


def purpose(*dotted: str, critical: bool = False) -> tuple[x509.ExtensionType, bool]:
    return x509.ExtendedKeyUsage([x509.ObjectIdentifier(one) for one in dotted]), critical


_UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5.6"), b"\x05\x00")
SERVER, DOCUMENTS, MAIL = "1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4"
CERTIFICATES = {
    "a critical extension nobody knows": ((_UNKNOWN, True), False),
    "an extension nobody knows, not critical": ((_UNKNOWN, False), True),
    "made for servers": (purpose(SERVER), False),
    "made for servers, critically": (purpose(SERVER, critical=True), False),
    "made for servers and documents": (purpose(SERVER, DOCUMENTS), True),
    "made for mail": (purpose(MAIL), True),
}


@pytest.mark.parametrize("case", CERTIFICATES)
def test_a_certificate_signs_only_what_it_was_made_for(
    case: str,
    signed_unlocked: Path,
    mine: tuple[by_hand.Private, asn1.Certificate],
    issuing: Issuing,
    trusted: Trust,
) -> None:
    extension, good = CERTIFICATES[case]
    certificate = issuing.certificate(mine[0].public_key(), extension)
    report = judged(by_hand.written(signed_unlocked.read_bytes(), mine[0], certificate), trusted)
    assert report.verdict == ("valid" if good else "indeterminate")
    if "servers" in case:  # it is said before anything is signed with it, too
        refused = contextlib.nullcontext() if good else pytest.raises(SigningError)
        with refused:
            keys.check(certificate, at=now(), called="x")


@pytest.mark.parametrize("usage", ["absent", "tomorrow"])
def test_a_certificate_without_usage_or_not_yet_in_force_signs_nothing(
    usage: str,
    signed_unlocked: Path,
    mine: tuple[by_hand.Private, asn1.Certificate],
    issuing: Issuing,
    trusted: Trust,
) -> None:
    begins = timedelta(days=1 if usage == "tomorrow" else -1)
    certificate = issuing.certificate(mine[0].public_key(), usage=usage != "absent", begins=begins)
    report = judged(by_hand.written(signed_unlocked.read_bytes(), mine[0], certificate), trusted)
    assert report.verdict == "indeterminate"


@pytest.mark.parametrize("weak", ["sha1", "md5"])
def test_a_digest_of_another_time_proves_nothing(
    weak: str,
    signed_unlocked: Path,
    rsa_member: Identity,
    trusted: Trust,
) -> None:
    content, signer = signed_unlocked.read_bytes(), by_hand.opened(rsa_member)
    assert judged(by_hand.written(content, *signer), trusted).verdict == "valid"
    report = judged(by_hand.written(content, *signer, algorithm=weak), trusted)
    assert report.verdict == "indeterminate"
    assert report.signatures[0].sub_indication == "CRYPTO_CONSTRAINTS_FAILURE"


@pytest.mark.parametrize(("bits", "good"), [(1024, False), (1536, False), (2048, True)])
def test_a_key_too_short_proves_nothing(
    bits: int, good: bool, signed_unlocked: Path, issuing: Issuing, trusted: Trust
) -> None:
    private = rsa.generate_private_key(65537, bits)
    certificate = issuing.certificate(private.public_key())
    report = judged(by_hand.written(signed_unlocked.read_bytes(), private, certificate), trusted)
    assert report.verdict == ("valid" if good else "indeterminate")


def test_an_envelope_of_unsaid_length_holds_nothing_else(
    signed_unlocked: Path, trusted: Trust
) -> None:
    """Some tools write one (BER); what is slipped in before its end is nobody’s."""
    content = signed_unlocked.read_bytes()
    der = by_hand.held(content).dump()
    assert judged(by_hand.replaced(content, by_hand.indefinite(der)), trusted).verdict == "valid"
    stuffed = by_hand.replaced(content, by_hand.indefinite(der, b"\x04\x03abc"))
    assert judged(stuffed, trusted).verdict == "invalid"


@pytest.mark.parametrize("signers", [0, 2])
def test_an_envelope_has_one_signer(
    signers: int,
    signed_unlocked: Path,
    mine: tuple[by_hand.Private, asn1.Certificate],
    rsa_member: Identity,
    trusted: Trust,
) -> None:
    content = signed_unlocked.read_bytes()
    envelopes = [
        by_hand.held(by_hand.written(content, *one)) for one in (mine, by_hand.opened(rsa_member))
    ][:signers]
    whole = by_hand.held(content)
    whole["content"]["signer_infos"] = [
        cms.SignerInfo.load(one["content"]["signer_infos"][0].dump()) for one in envelopes
    ]
    forged = by_hand.replaced(content, whole.dump(force=True))
    assert judged(forged, trusted).verdict == "indeterminate"


def test_the_time_stamp_of_another_signature_dates_nothing(
    form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    who, root = served.identity("employeur"), trust.load(served.root)
    stamped = pades.sign(
        form, tmp_path / "t.pdf", field="Employeur", signer=loaded(who), at=now(), level="B-T",
        timestamper=TimestampService(served.tsa_url), trust=root,
    ).path.read_bytes()  # fmt: skip
    assert verify(stamped, at=now(), trust=root).signatures[0].level == "B-T"
    (theirs,) = by_hand.held(stamped)["content"]["signer_infos"][0]["unsigned_attrs"]
    inter = [
        one.chosen for one in by_hand.held(stamped)["content"]["certificates"] if one.chosen.ca
    ]
    own = by_hand.written(
        stamped, *by_hand.opened(who), others=inter, unsigned=[cms.CMSAttribute.load(theirs.dump())]
    )
    report = verify(own, at=now(), trust=root)
    (found,) = report.signatures
    assert (found.proven_time, found.timestamp) == (None, None)
    assert found.level != "B-T"
    assert verify(own, at=now() + timedelta(days=365 * 80), trust=root).verdict != "valid"
