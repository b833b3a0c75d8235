"""About a withdrawal, only what a signed and dated list says."""

from datetime import date, datetime, timedelta

import jwt
import pytest

from casefiles.errors import SigningError, UnreadableFile
from signing.credential import jws
from signing.credential.keys import CodeKey, PublicKeys
from signing.credential.verdict import issue, verify
from signing.credential.withdrawn import TYPE, Withdrawn, read_list, sign_list
from tests.credential.invented import AT, AWARD, ORGANISATION


def a_list(key: CodeKey, *numbers: str, at: datetime = AT) -> str:
    since = {number: date(2026, 6, 25) for number in numbers}
    return sign_list(Withdrawn(organisation=ORGANISATION, at=at, numbers=since), key)


def test_a_listed_number_is_withdrawn_though_authentic(key: CodeKey, keys: PublicKeys) -> None:
    found = verify(issue(AWARD, key), keys, a_list(key, AWARD.number, "P-2026-00009"))
    assert (found.verdict, found.withdrawal) == ("invalid", "withdrawn")
    assert found.withdrawn_on == date(2026, 6, 25)
    assert found.answer == "Authentique à l’émission, retiré depuis"
    assert any("25 juin 2026" in r and "20 juin 2026" in r for r in found.reasons)


def test_an_unlisted_number_is_not_listed_on_that_day(key: CodeKey, keys: PublicKeys) -> None:
    found = verify(issue(AWARD, key), keys, a_list(key, "P-2026-00009"))
    assert (found.verdict, found.withdrawal, found.list_at) == ("valid", "not_listed", AT)


def test_a_list_by_another_key_says_nothing(
    key: CodeKey, keys: PublicKeys, another_key: CodeKey
) -> None:
    found = verify(issue(AWARD, key), keys, a_list(another_key, AWARD.number))
    assert (found.verdict, found.withdrawal) == ("valid", "not_checked")
    assert any("pas signée" in reason for reason in found.reasons)


@pytest.mark.parametrize("text", ["", "a.b.c", "…", "{}", "eyJ9.e30.AAAA"])
def test_a_damaged_list_is_refused(keys: PublicKeys, text: str) -> None:
    with pytest.raises(UnreadableFile, match="abîmée"):
        read_list(text, keys)


def test_a_number_taken_off_a_list_breaks_it(key: CodeKey, keys: PublicKeys) -> None:
    header, _, signature = a_list(key, AWARD.number).split(".")
    _, emptied, _ = a_list(key).split(".")
    with pytest.raises(UnreadableFile, match="pas signée"):
        read_list(f"{header}.{emptied}.{signature}", keys)


def test_a_badge_is_not_taken_for_a_list(key: CodeKey, keys: PublicKeys) -> None:
    from signing.credential.badge import badge

    with pytest.raises(UnreadableFile, match="abîmée"):
        read_list(badge(AWARD, key, organisation=ORGANISATION), keys)


@pytest.mark.parametrize(
    ("kind", "at"), [("autre+jws", AT.isoformat()), (TYPE, "2026-06-20T09:30:00")]
)
def test_what_our_key_signed_for_something_else_is_no_list(
    key: CodeKey, keys: PublicKeys, kind: str, at: str
) -> None:
    header = {"alg": "ES256", "kid": key.public.id.hex(), "typ": kind}
    said = {"at": at, "organisation": ORGANISATION, "withdrawn": {}}
    with pytest.raises(UnreadableFile, match="abîmée"):
        read_list(jws.compact(header, said, key), keys)


def test_a_list_without_its_time_zone_is_not_signed(key: CodeKey) -> None:
    with pytest.raises(SigningError, match="fuseau"):
        a_list(key, at=(AT + timedelta(days=1)).replace(tzinfo=None))


def test_another_library_verifies_the_list(key: CodeKey) -> None:
    said = jwt.decode(a_list(key, AWARD.number), key.public.public, algorithms=["ES256"])
    assert said["withdrawn"] == {AWARD.number: "2026-06-25"}
