"""Codes and credentials made to look like ours: by their signatures, their bytes, their company.

Each beside the genuine one. The page of a parchemin, its code and what is attached to it must say
the same award; the code alone is what anybody checks.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import utils

from casefiles.errors import UnreadableFile
from signing.credential import cbor
from signing.credential.attachment import attach, credential_files
from signing.credential.badge import badge
from signing.credential.keys import CodeKey, PublicKeys
from signing.credential.payload import assemble, claims, take_apart, to_be_signed
from signing.credential.reading import one_code
from signing.credential.verdict import issue, verify
from tests.credential.invented import AT, AWARD, ORGANISATION
from tests.credential.test_attachment import drawn

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
OTHER = replace(AWARD, holder="Monsieur Malo EXEMPLE-FAUSSAIRE")


def numbers(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def genuine(key: CodeKey) -> tuple[bytes, int, int]:
    """What is signed, and the two numbers of its signature."""
    encoded = claims(AWARD)
    signature = key.sign(to_be_signed(encoded, key.public.id))
    return encoded, int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")


SIGNATURES: dict[str, Callable[[int, int], bytes]] = {
    "both nought": lambda r, s: numbers(0, 0),
    "r nought": lambda r, s: numbers(0, s),
    "s nought": lambda r, s: numbers(r, 0),
    "r the order": lambda r, s: numbers(ORDER, s),
    "s the order": lambda r, s: numbers(r, ORDER),
    "r beyond the order": lambda r, s: numbers((r + ORDER) % 2**256, s),
    "all ones": lambda r, s: b"\xff" * 64,
    "the two exchanged": lambda r, s: numbers(s, r),
}


@pytest.mark.parametrize("case", SIGNATURES)
def test_numbers_that_are_no_signature_sign_nothing(
    case: str, key: CodeKey, keys: PublicKeys
) -> None:
    encoded, r, s = genuine(key)
    control = assemble(encoded, key.public.id, numbers(r, s))
    assert verify(control, keys).verdict == "valid"
    forged = assemble(encoded, key.public.id, SIGNATURES[case](r, s))
    assert verify(forged, keys).verdict == "invalid"


def test_a_signature_written_otherwise_is_not_one(key: CodeKey, keys: PublicKeys) -> None:
    """As X.509 writes it (DER), cut, or longer: the code holds 64 bytes, no more, no less."""
    encoded, r, s = genuine(key)
    for other in (utils.encode_dss_signature(r, s), numbers(r, s)[:-1], numbers(r, s) + b"\0", b""):
        with pytest.raises(UnreadableFile):
            verify(assemble(encoded, key.public.id, other), keys)


def test_the_other_half_of_a_signature_says_the_same_award_or_nothing(
    key: CodeKey, keys: PublicKeys
) -> None:
    """Whoever holds a code can write its signature a second way (n − s); never another award."""
    encoded, r, s = genuine(key)
    twin = verify(assemble(encoded, key.public.id, numbers(r, ORDER - s)), keys)
    assert twin.verdict == "invalid" or twin.award == verify(issue(AWARD, key), keys).award
    forged = assemble(claims(OTHER), key.public.id, numbers(r, ORDER - s))
    assert verify(forged, keys).verdict == "invalid"


def test_claims_written_in_another_way_are_not_the_award_signed(
    key: CodeKey, keys: PublicKeys
) -> None:
    """The same values in a longer writing, a key twice, a key more: under a genuine signature."""
    encoded = claims(AWARD)
    assert encoded[:1] == b"\xa6"
    longer = b"\xb8\x06" + encoded[1:]
    twice = b"\xa7" + encoded[1:] + b"\x02\x65Autre"
    more = cbor.encode({**cbor.decode(encoded), 9: "note"})
    for other in (longer, twice, more):
        signature = key.sign(to_be_signed(other, key.public.id))
        with pytest.raises(UnreadableFile):
            verify(assemble(other, key.public.id, signature), keys)
    signature = key.sign(to_be_signed(encoded, key.public.id))
    assert verify(assemble(encoded, key.public.id, signature), keys).verdict == "valid"


def opened(token: str, key: CodeKey) -> dict[str, Any]:
    said: dict[str, Any] = jwt.decode(
        token, key.public.public, algorithms=["ES256"], options={"verify_aud": False}
    )
    return said


def test_a_badge_of_somebody_else_does_not_verify(key: CodeKey) -> None:
    """Its recipient is signed with the rest: another’s is another badge, or none."""
    mine, theirs = (badge(one, key, organisation=ORGANISATION) for one in (AWARD, OTHER))
    assert opened(mine, key) != opened(theirs, key)
    head, _, signature = mine.split(".")
    _, said, _ = theirs.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        opened(f"{head}.{said}.{signature}", key)


def test_a_badge_said_to_be_unsigned_or_signed_with_the_public_key_is_none(key: CodeKey) -> None:
    said = opened(badge(AWARD, key, organisation=ORGANISATION), key)
    for token in (
        jwt.encode(said, None, algorithm="none"),
        jwt.encode(said, "x" * 32, algorithm="HS256"),
    ):
        with pytest.raises(jwt.InvalidTokenError):
            opened(token, key)


def parchemin(key: CodeKey, printed: Any, attached: Any) -> bytes:
    """A page that shows the code of one award, and holds the credential of another."""
    files = credential_files(attached, key, organisation=ORGANISATION)
    return attach(drawn(issue(printed, key)), files, at=AT)


def test_a_page_that_shows_one_award_and_attaches_another_is_refused(
    key: CodeKey, keys: PublicKeys
) -> None:
    """Both codes are genuine: somebody’s page, somebody else’s credential."""
    assert verify(one_code(parchemin(key, AWARD, AWARD)), keys).verdict == "valid"
    for printed, attached in ((OTHER, AWARD), (AWARD, OTHER)):
        file = parchemin(key, printed, attached)
        assert take_apart(issue(attached, key)).award.holder == attached.holder
        with pytest.raises(UnreadableFile, match="en joint un autre"):
            one_code(file)


def test_a_page_with_an_unreadable_credential_is_refused(key: CodeKey, keys: PublicKeys) -> None:
    (told, *others) = credential_files(AWARD, key, organisation=ORGANISATION)
    broken = replace(told, content=b"{")
    file = attach(drawn(issue(AWARD, key)), (broken, *others), at=AT)
    with pytest.raises(UnreadableFile, match="en joint un autre"):
        one_code(file)
