"""The same award as an Open Badge 3.0 (a Verifiable Credential in a JWT), for badge wallets.

Signed by the key of the codes; its issuer is that key itself (did:key), so it verifies without any
server. It says no more than the code does: the holder by name, and no status to look up.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.credential import jws
from signing.credential.keys import CodeKey, PublicKey
from signing.credential.payload import Award
from signing.credential.words import day

_CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
)
_SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
_P256_MULTICODEC = b"\x80\x24"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NAMES = uuid.UUID("6f0f2cf4-6f61-5b7c-9c0a-5d8b0f6a3c11")


def badge(award: Award, key: CodeKey, *, organisation: str) -> str:
    """The badge as a compact JWT; the same award and key give the same text."""
    jwk = key.public.jwk()
    public = {name: jwk[name] for name in ("kty", "crv", "x", "y")}
    return jws.compact({"alg": "ES256", "typ": "JWT", "jwk": public},
                       _claims(award, did_key(key.public), organisation), key)  # fmt: skip


def did_key(key: PublicKey) -> str:
    """The key as a decentralised identifier that is the key itself (did:key, P-256)."""
    point = key.public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    number, text = int.from_bytes(_P256_MULTICODEC + point, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return f"did:key:z{text}"


def _claims(award: Award, issuer: str, organisation: str) -> Mapping[str, Any]:
    issued = datetime.combine(award.delivered_on, time(), UTC)
    specimen = " Spécimen sans valeur." if award.specimen else ""
    narrative = f"Décision du jury du {day(award.decided_on)}. Certificateur : {award.certifier}."
    identity = f"urn:uuid:{uuid.uuid5(_NAMES, f'{issuer} {award.number}')}"
    return {
        "@context": _CONTEXT,
        "id": identity,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.title,
        "issuer": {"id": issuer, "type": ["Profile"], "name": organisation},
        "validFrom": issued.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": award.holder,
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": f"urn:uuid:{uuid.uuid5(_NAMES, f'{award.certifier} {award.title}')}",
                "type": ["Achievement"],
                "name": award.title,
                "description": f"{award.title}, parchemin n° {award.number}.{specimen}",
                "criteria": {"narrative": narrative},
                "achievementType": "Certification",
            },
            "licenseNumber": award.number,
        },
        "credentialSchema": [_SCHEMA],
        "iss": issuer,
        "jti": identity,
        "nbf": int(issued.timestamp()),
    }
