"""The P-256 key parchemins' codes are signed with, and the public keys that check them; no PDF.

The private key stays on the private side; the public ones are a JSON Web Key Set (RFC 7517) with
the organisation's name, to hand to whoever checks. Trust comes from where that file was had.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from casefiles.errors import SigningError
from casefiles.system import NEW_FILE

PRIVATE_FILE, PUBLIC_FILE = "parchemin-code.key", "parchemin-code.json"
KEY_ID_BYTES = 4
_SIZE = 32
_ALGORITHM = ec.ECDSA(SHA256(), deterministic_signing=True)
_VERIFIED = ec.ECDSA(SHA256())


@dataclass(frozen=True, kw_only=True)
class PublicKey:
    """One public key. id: the first 4 bytes of its thumbprint (RFC 7638). since: the day it was
    made; until: the last day whose parchemins it may vouch for, None while it serves."""

    id: bytes
    since: date
    until: date | None = None
    public: ec.EllipticCurvePublicKey = field(repr=False, compare=False)

    def verifies(self, signature: bytes, signed: bytes) -> bool:
        """Whether `signature` (r‖s, 64 bytes) is this key's over `signed`."""
        if len(signature) != 2 * _SIZE:
            return False
        r, s = int.from_bytes(signature[:_SIZE], "big"), int.from_bytes(signature[_SIZE:], "big")
        try:
            self.public.verify(utils.encode_dss_signature(r, s), signed, _VERIFIED)
        except InvalidSignature:
            return False
        return True

    def jwk(self) -> dict[str, str]:
        """The key as a JSON Web Key, with its dates."""
        told = {
            **_coordinates(self.public),
            "kty": "EC",
            "crv": "P-256",
            "alg": "ES256",
            "use": "sig",
            "kid": self.id.hex(),
            "since": self.since.isoformat(),
        }
        return told | ({"until": self.until.isoformat()} if self.until else {})


@dataclass(frozen=True, kw_only=True)
class PublicKeys:
    """The public keys of one organisation, old ones included."""

    organisation: str
    keys: tuple[PublicKey, ...]

    def named(self, key_id: bytes) -> PublicKey | None:
        """The key of that id."""
        return next((key for key in self.keys if key.id == key_id), None)

    def told(self) -> dict[str, Any]:
        """As JSON: {"organisation", "keys": [JWK]}."""
        return {"organisation": self.organisation, "keys": [key.jwk() for key in self.keys]}

    def text(self) -> str:
        """The file to hand to whoever checks."""
        return json.dumps(self.told(), ensure_ascii=False, indent=1) + "\n"


NO_KEYS = PublicKeys(organisation="", keys=())


@dataclass(frozen=True, kw_only=True)
class CodeKey:
    """The private key in service, and every public key there has been (nameless: who publishes
    them says whose they are)."""

    private: ec.EllipticCurvePrivateKey = field(repr=False, compare=False)
    public: PublicKey
    known: tuple[PublicKey, ...]

    def sign(self, data: bytes) -> bytes:
        """r‖s, 64 bytes; the same data gives the same signature (RFC 6979)."""
        r, s = utils.decode_dss_signature(self.private.sign(data, _ALGORITHM))
        return r.to_bytes(_SIZE, "big") + s.to_bytes(_SIZE, "big")

    def published(self, organisation: str) -> PublicKeys:
        """The public keys under the organisation's name."""
        return PublicKeys(organisation=organisation, keys=self.known)


def load_or_make(folder: Path, *, at: datetime) -> CodeKey:
    """The key kept in `folder`; made there at the aware instant `at` when there is none.

    To change keys, move the private file away: the next one made closes the former on that day,
    and what the former signed still verifies. SigningError when what is there cannot serve.
    """
    file = folder / PRIVATE_FILE
    if not file.exists():
        _write(file, _new_private(), 0o600, anew=True)
    private = _private(file)
    public = _public(private.public_key(), since=at.date())
    known = _known(folder / PUBLIC_FILE)
    if (found := next((key for key in known if key.id == public.id), None)) is None:
        closed = tuple(replace(key, until=key.until or at.date()) for key in known)
        known, found = (*closed, public), public
        text = json.dumps({"keys": [key.jwk() for key in known]}, indent=1)
        _write(folder / PUBLIC_FILE, text.encode(), 0o644)
    return CodeKey(private=private, public=found, known=known)


def read_keys(text: str) -> PublicKeys:
    """The public keys a published file holds; SigningError when it holds none that can serve."""
    try:
        said = json.loads(text)
        keys = tuple(_from_jwk(jwk) for jwk in said["keys"])
        organisation = said["organisation"]
    except (ValueError, TypeError, KeyError) as error:
        raise _not_keys() from error
    if not keys or not isinstance(organisation, str):
        raise _not_keys()
    return PublicKeys(organisation=organisation, keys=keys)


def _not_keys() -> SigningError:
    return SigningError(
        "Ce fichier ne contient pas les clés publiques d’un organisme.",
        "Demandez à l’organisme qui délivre le parchemin son fichier de clés, et donnez-le entier.",
    )


def _new_private() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )


def _private(file: Path) -> ec.EllipticCurvePrivateKey:
    try:
        private = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise SigningError(
            f"La clé des codes de parchemin « {file.name} » n’a pas pu être lue.",
            "Restaurez-la depuis la sauvegarde du côté privé.",
        ) from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not _is_p256(private.curve):
        raise SigningError(
            f"La clé « {file.name} » n’est pas une clé P-256.",
            "Restaurez celle qui a été faite par « parchemin init ».",
        )
    return private


def _known(file: Path) -> tuple[PublicKey, ...]:
    try:
        return tuple(_from_jwk(jwk) for jwk in json.loads(file.read_text("utf-8"))["keys"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SigningError(
            f"Les clés publiques des parchemins « {file.name} » n’ont pas pu être lues.",
            "Restaurez ce fichier depuis la sauvegarde du côté privé.",
        ) from error


def _from_jwk(jwk: Mapping[str, str]) -> PublicKey:
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise ValueError("not a P-256 key")
    x, y = (int.from_bytes(from_base64url(jwk[axis]), "big") for axis in "xy")
    point = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    until = date.fromisoformat(jwk["until"]) if "until" in jwk else None
    return _public(point, since=date.fromisoformat(jwk["since"]), until=until)


def _public(
    public: ec.EllipticCurvePublicKey, *, since: date, until: date | None = None
) -> PublicKey:
    required = {**_coordinates(public), "kty": "EC", "crv": "P-256"}
    canonical = json.dumps(required, sort_keys=True, separators=(",", ":"))
    thumbprint = hashlib.sha256(canonical.encode()).digest()
    return PublicKey(id=thumbprint[:KEY_ID_BYTES], since=since, until=until, public=public)


def _coordinates(public: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    return {
        "x": to_base64url(numbers.x.to_bytes(_SIZE, "big")),
        "y": to_base64url(numbers.y.to_bytes(_SIZE, "big")),
    }


def _is_p256(curve: ec.EllipticCurve) -> bool:
    return isinstance(curve, ec.SECP256R1)


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """The bytes of a base64url text; ValueError when it is not one."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _write(file: Path, content: bytes, mode: int, *, anew: bool = False) -> None:
    """Whole or not at all; `anew`: an existing file stays, it may hold another process's key."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, NEW_FILE, mode)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        if anew and file.exists():
            return
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
