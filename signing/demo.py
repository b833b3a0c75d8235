"""A throw-away authority and its keys, for `--demo-keys`: plainly marked, worth nothing."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from signing.keys import Key

MARK = "Démonstration — sans valeur"
# Ce que signe l’histoire racontée en 2021 se vérifie encore aujourd’hui.
_LIFE = timedelta(days=3653)


@dataclass(frozen=True)
class DemoKey:
    """One demonstration key: its PKCS#12, the file holding its passphrase, and who it names."""

    role: str
    holder: str
    quality: str
    p12: Path
    passphrase: Path
    fingerprint: str


def is_demo(key: Key) -> bool:
    """Whether a throw-away authority issued the certificate of that key."""
    return bool(key.certificate.issuer.native.get("organization_name") == MARK)


@dataclass(frozen=True)
class DemoAuthority:
    """The certificate to trust (PEM) and the keys by role: of, certificateur, president…"""

    ca: Path
    keys: Mapping[str, DemoKey]


_HOLDERS = {
    "of": ("Organisme de formation (DÉMO)", "Organisme de formation"),
    "certificateur": ("Maxence EXEMPLE-LARTIGUE (DÉMO)", "Signataire du certificateur"),
    "president": ("Camille EXEMPLE-PRÉVOST (DÉMO)", "Présidence du jury"),
    "jury-1": ("Inès EXEMPLE-DUŁAK (DÉMO)", "Membre du jury"),
    "jury-2": ("Théo EXEMPLE-NÉGRIER (DÉMO)", "Membre du jury"),
    "employeur": ("Solène EXEMPLE-ŒUVRARD (DÉMO)", "Responsable hiérarchique"),
}


def make_demo_authority(directory: Path, *, at: datetime) -> DemoAuthority:
    """Write CA.pem, and <role>.p12 with <role>.phrase (0600) for each role, into `directory`.

    `at`: aware instant from which the certificates hold, for ten years. The authority's own key is
    never written: nobody can issue anything more in its name.
    """
    directory.mkdir(parents=True, exist_ok=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, MARK),
            x509.NameAttribute(NameOID.COMMON_NAME, "Parchemin DÉMO – autorité jetable"),
        ]
    )
    authority = (
        _certificate(name, name, authority_key.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    ca = directory / "CA.pem"
    ca.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    made = {
        role: _holder(directory, role, holder, quality, authority, authority_key, at)
        for role, (holder, quality) in _HOLDERS.items()
    }
    return DemoAuthority(ca=ca, keys=MappingProxyType(made))


def _holder(
    directory: Path,
    role: str,
    holder: str,
    quality: str,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    at: datetime,
) -> DemoKey:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, MARK),
        x509.NameAttribute(NameOID.COMMON_NAME, holder),
    ]
    if role == "of":
        subject.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, "NTRFR-DEMO"))
    else:
        given, _, surname = holder.removesuffix(" (DÉMO)").partition(" ")
        subject += [
            x509.NameAttribute(NameOID.GIVEN_NAME, given),
            x509.NameAttribute(NameOID.SURNAME, surname),
        ]
    certificate = (
        _certificate(x509.Name(subject), authority.subject, private.public_key(), at)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .sign(authority_key, hashes.SHA256())
    )
    phrase = secrets.token_urlsafe(18)
    p12, phrase_file = directory / f"{role}.p12", directory / f"{role}.phrase"
    _write_private(
        p12,
        pkcs12.serialize_key_and_certificates(
            holder.encode(),
            private,
            certificate,
            [authority],
            serialization.BestAvailableEncryption(phrase.encode()),
        ),
    )
    _write_private(phrase_file, phrase.encode() + b"\n")
    return DemoKey(
        role=role,
        holder=holder,
        quality=quality,
        p12=p12,
        passphrase=phrase_file,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
    )


def _certificate(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, at: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + _LIFE)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write_private(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
