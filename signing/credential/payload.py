"""What the parchemin's code says, and how it is written; it signs nothing and trusts nobody.

The code is « PCM1: » then base32 (RFC 4648, no padding) of a COSE_Sign1 (RFC 9052), all of it in
capitals and digits, which QR codes pack best and no keyboard or mailbox alters:

    18([ h'{1: -7, 4: key id}', {}, h'claims', signature ])        ES256; key id: 4 bytes
    claims = {1: number, 2: holder, 3: title, 4: certifier,        text
              5: decided on, 6: delivered on,                      days since 1970-01-01
              7: true}                                             for a specimen only

The signature is r‖s, 64 bytes, over ["Signature1", protected, h'', claims]. A code holds at most
258 bytes (QR version 12, level M): the certifier's name, then the title, then the holder's are
shortened with « … » where they must be; the number never.
"""

import base64
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from casefiles.errors import SigningError, UnreadableFile
from signing.credential import cbor
from signing.credential.words import sentence

PREFIX = "PCM1:"
MOST_CHARACTERS = 419  # QR version 12, level M, alphanumeric
MOST_BYTES = (MOST_CHARACTERS - len(PREFIX)) * 5 // 8
ES256 = -7
SIGNATURE_BYTES = 64
ELLIPSIS = "…"
_COSE_SIGN1 = 18
_EPOCH = date(1970, 1, 1)
_KEY_ID_BYTES = 4
_LEAST_TEXT = 12


@dataclass(frozen=True, kw_only=True)
class Award:
    """What a parchemin attests, as its code says it.

    holder: civility, first name and name, as printed. specimen: made under a provisional
    certification, worth nothing.
    """

    number: str
    holder: str
    title: str
    certifier: str
    decided_on: date
    delivered_on: date
    specimen: bool = False


@dataclass(frozen=True, kw_only=True)
class Code:
    """A code taken apart: what it says, the id of its key, what was signed, the signature r‖s."""

    award: Award
    key_id: bytes
    signed: bytes
    signature: bytes


def claims(award: Award) -> bytes:
    """The award in CBOR, shortened to what a code can hold; SigningError when it still cannot."""
    for field in ("certifier", "title", "holder"):
        excess = len(_claims(award)) - _MOST_CLAIMS
        if excess > 0:
            shortened: dict[str, Any] = {field: _shortened(_plain(getattr(award, field)), excess)}
            award = replace(award, **shortened)
    encoded = _claims(award)
    if len(encoded) > _MOST_CLAIMS:
        raise SigningError(
            f"Le numéro « {award.number} » est trop long pour le code du parchemin.",
            "Choisissez une série de registre plus courte dans les réglages.",
        )
    return encoded


def to_be_signed(encoded: bytes, key_id: bytes) -> bytes:
    """What the signature is over: the Sig_structure of RFC 9052, 4.4."""
    return cbor.encode(["Signature1", _protected(key_id), b"", encoded])


def assemble(encoded: bytes, key_id: bytes, signature: bytes) -> str:
    """The text of the code."""
    sign1 = cbor.Tagged(_COSE_SIGN1, [_protected(key_id), {}, encoded, signature])
    return PREFIX + base64.b32encode(cbor.encode(sign1)).decode().rstrip("=")


def take_apart(text: str) -> Code:
    """The parts of a code, nothing of it believed yet; UnreadableFile when it is not one of ours.

    Blanks and small letters that copying may have added are forgiven.
    """
    told = "".join(text.split()).upper()
    if not told.startswith("PCM"):
        raise _no("not_ours")
    if not told.startswith(PREFIX):
        raise _no("newer")
    if len(told) > MOST_CHARACTERS:
        raise _no("not_ours")
    try:
        return _taken_apart(told.removeprefix(PREFIX))
    except Exception as error:  # hostile bytes raise anything; damaged is the answer
        raise _no("damaged") from error


def _no(name: str) -> UnreadableFile:
    what, _, remedy = sentence(name).partition(". ")
    return UnreadableFile(f"{what}.", remedy)


def _taken_apart(body: str) -> Code:
    data = base64.b32decode(body + "=" * (-len(body) % 8))
    if base64.b32encode(data).decode().rstrip("=") != body:
        raise ValueError("stray bits after the code")
    sign1 = cbor.decode(data)
    if not isinstance(sign1, cbor.Tagged) or sign1.tag != _COSE_SIGN1:
        raise ValueError("not a COSE_Sign1")
    protected, unprotected, encoded, signature = sign1.value
    header = cbor.decode(protected)
    key_id = header[4]
    if header != {1: ES256, 4: key_id} or unprotected != {} or len(signature) != SIGNATURE_BYTES:
        raise ValueError("not the headers of a parchemin's code")
    if not isinstance(key_id, bytes) or len(key_id) != _KEY_ID_BYTES:
        raise ValueError("not a key id")
    return Code(
        award=_award(cbor.decode(encoded)),
        key_id=key_id,
        signed=to_be_signed(encoded, key_id),
        signature=signature,
    )


def _award(said: dict[int, Any]) -> Award:
    texts, days = [said[key] for key in (1, 2, 3, 4)], [said[key] for key in (5, 6)]
    specimen = said.get(7, False)
    if said.keys() - {7} != set(range(1, 7)) or (7 in said and specimen is not True):
        raise ValueError("not the claims of a parchemin")
    if not all(isinstance(text, str) and text for text in texts):
        raise ValueError("a text is missing")
    if not all(type(day) is int for day in days):
        raise ValueError("a date is missing")
    decided, delivered = (_EPOCH + timedelta(days=day) for day in days)
    return Award(
        number=texts[0],
        holder=texts[1],
        title=texts[2],
        certifier=texts[3],
        decided_on=decided,
        delivered_on=delivered,
        specimen=specimen,
    )


def _claims(award: Award) -> bytes:
    said: dict[int, str | int | bool] = {
        1: _plain(award.number),
        2: _plain(award.holder),
        3: _plain(award.title),
        4: _plain(award.certifier),
        5: (award.decided_on - _EPOCH).days,
        6: (award.delivered_on - _EPOCH).days,
    }
    if award.specimen:
        said[7] = True
    return cbor.encode(said)


def _plain(text: str) -> str:
    """Composed letters, single ordinary spaces: what two people typing it would compare."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _shortened(text: str, excess: int) -> str:
    """The text without its last `excess` bytes of UTF-8 or more, cut between words."""
    kept = max(len(text.encode()) - excess - len(ELLIPSIS.encode()), _LEAST_TEXT)
    if kept >= len(text.encode()):
        return text
    cut = text.encode()[:kept].decode(errors="ignore")
    whole = cut.rpartition(" ")[0] if not text[len(cut)].isspace() else cut
    return (whole or cut).rstrip(" ,;:–-(") + ELLIPSIS


def _protected(key_id: bytes) -> bytes:
    return cbor.encode({1: ES256, 4: key_id})


_OVERHEAD = (
    len(
        cbor.encode(
            cbor.Tagged(
                _COSE_SIGN1,
                [_protected(bytes(_KEY_ID_BYTES)), {}, bytes(100), bytes(SIGNATURE_BYTES)],
            )
        )
    )
    - 100
)
_MOST_CLAIMS = MOST_BYTES - _OVERHEAD
