"""Compact JSON Web Signatures (RFC 7515, ES256) with the key of the codes; no meaning of claims."""

import json
from collections.abc import Mapping
from typing import Any

from signing.credential.keys import CodeKey, PublicKeys, from_base64url, to_base64url


class NotSigned(Exception):
    """No key given signed this text."""


def compact(header: Mapping[str, Any], claims: Mapping[str, Any], key: CodeKey) -> str:
    """« header.claims.signature »; the same inputs give the same text."""
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{to_base64url(key.sign(signed.encode()))}"


def opened(text: str, keys: PublicKeys, *, kind: str) -> Mapping[str, Any]:
    """The claims of a text of that type (« typ »), signed by the key its header names.

    NotSigned when none of the keys signed it; ValueError, TypeError or KeyError when malformed.
    """
    signed, _, signature = text.strip().rpartition(".")
    header, claims = (json.loads(from_base64url(part)) for part in signed.split("."))
    if (header["alg"], header["typ"]) != ("ES256", kind):
        raise ValueError("not of this type")
    key = keys.named(bytes.fromhex(header["kid"]))
    if key is None or not key.verifies(from_base64url(signature), signed.encode()):
        raise NotSigned
    if not isinstance(claims, dict):
        raise ValueError("claims are an object")
    return claims


def _part(value: Mapping[str, Any]) -> str:
    return to_base64url(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
