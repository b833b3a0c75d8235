"""A signature’s CMS written by hand, attribute by attribute, into a PDF signed before.

What a signer who has a key of their own, and a certificate somebody trusts, could write.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from tests.pki import Identity

_HASHES = {"sha256": hashes.SHA256(), "sha1": hashes.SHA1(), "md5": hashes.MD5()}
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def opened(who: Identity) -> tuple[Private, x509.Certificate]:
    """The private key and the certificate of somebody."""
    private, certificate, _ = pkcs12.load_key_and_certificates(
        who.p12.read_bytes(), who.phrase.encode()
    )
    assert isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    assert certificate is not None
    return private, x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def gap(content: bytes) -> tuple[int, int]:
    """Where the last signature’s /Contents begins and ends, angle brackets left out."""
    numbers = re.findall(rb"/ByteRange ?\[([\d ]+)\]", content)[-1].split()
    return int(numbers[1]) + 1, int(numbers[2]) - 1


def held(content: bytes) -> cms.ContentInfo:
    """The last signature’s CMS."""
    start, end = gap(content)
    return cms.ContentInfo.load(bytes.fromhex(content[start:end].decode()), strict=False)


def replaced(content: bytes, der: bytes) -> bytes:
    """The same document with another CMS in its last signature."""
    start, end = gap(content)
    assert 2 * len(der) <= end - start, "no room"
    return content[:start] + der.hex().encode().ljust(end - start, b"0") + content[end:]


def signed_bytes(content: bytes) -> bytes:
    """What the last signature covers."""
    start, end = gap(content)
    return content[: start - 1] + content[end + 1 :]


def attribute(kind: str, value: Any) -> cms.CMSAttribute:
    """One attribute, signed or not."""
    return cms.CMSAttribute({"type": kind, "values": [value]})


def essential(certificate: x509.Certificate) -> cms.CMSAttribute:
    """The signing certificate named by its hash (ESSCertIDv2)."""
    named = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate.dump()).digest()})
    return attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [named]}))


def ordinary(
    digest: bytes, certificate: x509.Certificate, kind: str = "data"
) -> list[cms.CMSAttribute]:
    """The attributes of a PAdES signature."""
    return [
        attribute("content_type", kind),
        attribute("message_digest", digest),
        essential(certificate),
    ]


def written(
    content: bytes,
    private: Private,
    certificate: x509.Certificate,
    *,
    attributes: Callable[[bytes, x509.Certificate], list[cms.CMSAttribute]] | None = ordinary,
    algorithm: str = "sha256",
    named: x509.Certificate | None = None,
    others: Sequence[x509.Certificate] = (),
    unsigned: Sequence[cms.CMSAttribute] = (),
) -> bytes:
    """The document signed anew, over the same bytes, by hand. attributes: those signed, None for
    none at all; algorithm: of the digests; named: the certificate the signature says is its own."""
    digest = hashlib.new(algorithm, signed_bytes(content)).digest()
    told = certificate if named is None else named
    attrs = None
    to_sign = signed_bytes(content)
    if attributes is not None:
        attrs = cms.CMSAttributes(attributes(digest, certificate))
        to_sign = attrs.dump()
    how = _HASHES[algorithm]
    if isinstance(private, rsa.RSAPrivateKey):
        value = private.sign(to_sign, padding.PKCS1v15(), how)
        mechanism = f"{algorithm}_rsa"
    else:
        value = private.sign(to_sign, ec.ECDSA(how))
        mechanism = f"{algorithm}_ecdsa"
    said = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            name="issuer_and_serial_number",
            value=cms.IssuerAndSerialNumber(
                {"issuer": told.issuer, "serial_number": told.serial_number}
            ),
        ),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": mechanism}),
        "signature": value,
    }
    if attrs is not None:
        said["signed_attrs"] = attrs
    if unsigned:
        said["unsigned_attrs"] = cms.CMSAttributes(unsigned)
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": algorithm})],
            "encap_content_info": {"content_type": "data"},
            "certificates": [told, *others],
            "signer_infos": [cms.SignerInfo(said)],
        }
    )
    whole = cms.ContentInfo({"content_type": "signed_data", "content": data})
    return replaced(content, whole.dump())


def indefinite(der: bytes, inside: bytes = b"") -> bytes:
    """The same CMS in BER: its outer length unsaid, an end mark after it; `inside` before that."""
    outer = core.Sequence.load(der)
    return b"\x30\x80" + outer.contents + inside + b"\x00\x00"
