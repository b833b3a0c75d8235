"""A signature’s own place in the file: what its bytes must look like there; it verifies no key."""

from collections.abc import Iterator
from typing import Any

from asn1crypto import parser
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.opening import Opened

_LARGEST = 4 * 1024 * 1024


class Refusal(ValueError):
    """Why a signature cannot be judged, in French, without its final full stop."""


def said(error: Exception) -> str:
    """Why a signature could not be judged; of an error of the libraries, its kind alone."""
    told = isinstance(error, Refusal)
    return str(error) if told else f"la vérification a échoué ({type(error).__name__})"


def names_its_certificate(embedded: EmbeddedPdfSignature) -> None:
    """Refusal when the signature does not say which certificate is its own, as PAdES asks: anybody
    certified for the same key could stand in its place (EN 319 142-1 § 5.3)."""
    signed = embedded.signer_info["signed_attrs"]
    kinds = {one["type"].native for one in signed} if signed else set()
    if not kinds & {"signing_certificate", "signing_certificate_v2"}:
        raise Refusal("la signature ne désigne pas le certificat qui est le sien")


def place(value: Any) -> Any:
    """What tells one signature of the file from another: the object that holds it."""
    held = value.get_object()
    return held.container_ref if held.container_ref is not None else id(held)


def faults(embedded: EmbeddedPdfSignature, opened: Opened) -> Iterator[str]:
    """What the signature's own place in the file must be: one gap, its own hexadecimal, zeros."""
    ranges = [int(number) for number in embedded.byte_range]
    wrong = "la zone signée (ByteRange) n’est pas celle d’une signature ordinaire"
    if len(ranges) != 4 or ranges[0] != 0 or min(ranges) < 0:
        yield wrong
        return
    _, start, end, rest = ranges
    if not 0 < end - start <= _LARGEST or end + rest > opened.size:
        yield wrong
        return
    opened.stream.seek(start)
    gap = opened.stream.read(end - start)
    try:
        held = bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        held = b""
    if gap[:1] != b"<" or gap[-1:] != b">" or held != embedded.pkcs7_content:
        yield wrong
        return
    if _parts(held) != 2:  # its kind, its content
        yield "la signature cache autre chose dans son enveloppe"
    if held[parser.peek(held) :].strip(b"\0"):
        yield "des octets étrangers suivent la signature, là où seuls des zéros sont permis"


def _parts(held: bytes) -> int:
    """How many values the signature’s outer envelope holds, whether it says its length or not."""
    content, place, count = parser.parse(held[: parser.peek(held)])[4], 0, 0
    while place < len(content):
        place += parser.peek(content[place:])
        count += 1
    return count
