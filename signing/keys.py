"""A signing key, loaded and checked once, then kept; it knows nothing of PDF or of who signs what.

Loading and checking a PKCS#12 costs more than signing with it, so a `Key` is made once per process
and lends the same pyHanko signer to every signature.
"""

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from casefiles.errors import SigningError

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

ENDING_SOON = timedelta(days=30)
# What a certificate may be made for and sign documents, when it says what it is made for.
SIGNING_PURPOSES = frozenset(
    {
        "any_extended_key_usage",
        "client_auth",
        "email_protection",
        "microsoft_document_signing",
        "microsoft_smart_card_logon",
        "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
        "1.2.840.113583.1.1.5",  # Adobe’s authentic documents
    }
)
_ESEAL = "0.4.0.1862.1.6.2"
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey


@dataclass(frozen=True)
class Key:
    """A private key with its certificate, ready to sign.

    fingerprint: SHA-256 of the certificate's DER, lower-case hexadecimal. warnings: what the office
    should know though the key can serve (ends within 30 days…), in French.
    """

    certificate: x509.Certificate = field(repr=False)
    chain: tuple[x509.Certificate, ...] = field(repr=False)
    fingerprint: str
    holder: str
    organisation: str
    is_seal: bool
    not_after: datetime
    warnings: tuple[str, ...]
    signer: "Signer" = field(repr=False, compare=False)

    @property
    def reserve(self) -> int:
        """Hexadecimal digits to keep in the PDF for one signature without a time-stamp."""
        certificates = sum(len(c.dump()) for c in (self.certificate, *self.chain))
        return 2 * (certificates + 3072)


def load(path: Path, passphrase: str | bytes, *, at: datetime) -> Key:
    """The key of a PKCS#12 file, checked for use at the aware instant `at`.

    SigningError when the file, the passphrase or the certificate cannot serve.
    """
    secret = passphrase.encode() if isinstance(passphrase, str) else passphrase
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SigningError(
            f"La clé « {path.name} » n’a pas pu être lue.",
            "Vérifiez son chemin et ses droits dans les réglages.",
        ) from error
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(content, secret or None)
    except ValueError as error:
        raise SigningError(
            f"La clé « {path.name} » ne s’ouvre pas : phrase secrète inexacte, "
            "ou fichier PKCS#12 abîmé.",
            "Vérifiez la phrase secrète, ou redemandez le fichier à l’autorité de certification.",
        ) from error
    if private is None or certificate is None:
        raise SigningError(
            f"« {path.name} » ne contient pas à la fois une clé privée et son certificat.",
            "Exportez de nouveau le certificat avec sa clé privée (format PKCS#12).",
        )
    if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey):
        raise SigningError(
            f"La clé « {path.name} » est d’un type que peu de lecteurs de PDF vérifient.",
            "Utilisez une clé RSA (3072 bits ou plus) ou P-256.",
        )
    chain = tuple(x509.Certificate.load(other.public_bytes(Encoding.DER)) for other in others or ())
    der = certificate.public_bytes(Encoding.DER)
    return keep(private, x509.Certificate.load(der), chain, at=at, called=path.name)


def keep(
    private: PrivateKey,
    certificate: x509.Certificate,
    chain: Iterable[x509.Certificate] = (),
    *,
    at: datetime,
    called: str = "",
) -> Key:
    """A key already in memory, checked as `load` does."""
    links = tuple(chain)
    return held(certificate, links, _kept_signer(private, certificate, links), at=at, called=called)


def held(
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    signer: "Signer",
    *,
    at: datetime,
    called: str,
) -> Key:
    """The key behind a signer of pyHanko’s, wherever it is kept, checked as `load` does."""
    subject = certificate.subject.native
    holder = _text(subject.get("common_name")) or _text(subject.get("organization_name"))
    return Key(
        certificate=certificate,
        chain=chain,
        fingerprint=fingerprint(certificate),
        holder=holder,
        organisation=_text(subject.get("organization_name")),
        is_seal=is_seal(certificate),
        not_after=certificate.not_valid_after,
        warnings=tuple(check(certificate, at=at, called=called or holder)),
        signer=signer,
    )


def check(certificate: x509.Certificate, *, at: datetime, called: str) -> list[str]:
    """What to know before signing with this certificate at `at`; SigningError when it cannot."""
    begins, ends = certificate.not_valid_before, certificate.not_valid_after
    if at < begins:
        raise SigningError(
            f"Le certificat « {called} » n’est valable qu’à partir du {_day(begins)}.",
            "Attendez cette date, ou signez avec un autre certificat.",
        )
    if at > ends:
        raise SigningError(
            f"Le certificat « {called} » a expiré le {_day(ends)}.",
            "Renouvelez-le auprès de l’autorité de certification, puis remplacez le fichier.",
        )
    usages = certificate.key_usage_value
    purposes = certificate.extended_key_usage_value
    if (usages is not None and not usages.native & {"digital_signature", "non_repudiation"}) or (
        purposes is not None and not set(purposes.native) & SIGNING_PURPOSES
    ):
        raise SigningError(
            f"Le certificat « {called} » n’est pas fait pour signer (usage de clé absent).",
            "Demandez un certificat de signature ou de cachet électronique.",
        )
    warnings = []
    if ends - at <= ENDING_SOON:
        days = max((ends - at).days, 0)
        warnings.append(
            f"Le certificat « {called} » expire le {_day(ends)} (dans {days} jour(s)) : "
            "demandez son renouvellement."
        )
    return warnings


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER, lower-case hexadecimal."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def is_seal(certificate: x509.Certificate) -> bool:
    """Whether the certificate says it belongs to a legal person.

    Either by its eSeal statement (ETSI EN 319 412-5), or by an organisation identifier and no
    person's name (EN 319 412-3).
    """
    for extension in certificate["tbs_certificate"]["extensions"]:
        if extension["extn_id"].dotted == "1.3.6.1.5.5.7.1.3":
            content = extension["extn_value"].contents
            if x509.ObjectIdentifier(_ESEAL).dump() in content:
                return True
    subject = certificate.subject.native
    return "organization_identifier" in subject and not subject.keys() & {"surname", "given_name"}


def read_passphrase(path: Path) -> str:
    """The passphrase kept in a file that only its owner can read; SigningError otherwise."""
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SigningError(
            f"La phrase secrète « {path.name} » n’a pas pu être lue.",
            "Vérifiez son chemin dans les réglages.",
        ) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SigningError(
            f"La phrase secrète « {path.name} » peut être lue par d’autres que son propriétaire.",
            f"Retirez ces droits : chmod 600 {path.name}",
        )
    return text


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"


def _kept_signer(
    private: PrivateKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]
) -> "Signer":
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class KeptKeySigner(Signer):
        """pyHanko's signer over the key object itself, never parsed again."""

        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            if dry_run:
                return bytes((private.key_size + 7) // 8 * 2)
            algorithm = _HASHES[digest_algorithm]
            if isinstance(private, RSAPrivateKey):
                return private.sign(data, PKCS1v15(), algorithm)
            return private.sign(data, ECDSA(algorithm))

    store = SimpleCertificateStore()
    store.register_multiple(chain)
    return KeptKeySigner(signing_cert=certificate, cert_registry=store, embed_roots=False)
