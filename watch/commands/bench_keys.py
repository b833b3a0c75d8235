"""Throw-away keys for the measures, with their authority; they never leave their folder."""

from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from watch.office import now

_PHRASE = b"mesure"
_Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def rsa_key(folder: Path) -> tuple[Path, Path, Path]:
    """(PKCS#12, passphrase file, authority in PEM) of an RSA-3072 signer."""
    return any_key(folder, "rsa3072")


def any_key(folder: Path, kind: str) -> tuple[Path, Path, Path]:
    """(PKCS#12, passphrase file, authority in PEM) of a self-made authority and its signer.

    kind: « rsa3072 », « rsa4096 » or « p256 ».
    """
    root, signer = _private("p256"), _private(kind)
    authority = _certificate("Autorité de mesure", None, root, root, authority=True)
    certificate = _certificate("Mesure EXEMPLE", authority, signer, root, authority=False)
    key, phrase, pem = (folder / f"{kind}{end}" for end in (".p12", ".phrase", ".pem"))
    key.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"mesure",
            signer,
            certificate,
            [authority],
            serialization.BestAvailableEncryption(_PHRASE),
        )
    )
    phrase.write_bytes(_PHRASE)
    phrase.chmod(0o600)
    pem.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    return key, phrase, pem


def _private(kind: str) -> _Private:
    if kind == "p256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=int(kind.removeprefix("rsa")))


def _certificate(
    name: str,
    issuer: x509.Certificate | None,
    holder: _Private,
    root: _Private,
    *,
    authority: bool,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(holder.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(minutes=1))
        .not_valid_after(now() + timedelta(days=90))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=not authority,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(root, hashes.SHA256())
    )
