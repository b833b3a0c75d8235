"""The key of the codes is made once, kept to its owner, and its public part outlives it."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from casefiles.errors import SigningError
from signing.credential.keys import PRIVATE_FILE, PUBLIC_FILE, CodeKey, load_or_make, read_keys
from signing.credential.verdict import issue, verify
from tests.credential.invented import AT, AWARD, a_key


def test_the_key_is_made_once(tmp_path: Path) -> None:
    assert a_key(tmp_path).public == a_key(tmp_path).public


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    a_key(tmp_path)
    assert stat.S_IMODE((tmp_path / PRIVATE_FILE).stat().st_mode) == 0o600


def test_nothing_published_holds_the_private_part(tmp_path: Path) -> None:
    key = a_key(tmp_path)
    for text in (key.published("Essais").text(), (tmp_path / PUBLIC_FILE).read_text()):
        assert all("d" not in jwk for jwk in json.loads(text)["keys"])
    assert "private" not in repr(key)


def test_what_a_former_key_signed_still_verifies(tmp_path: Path) -> None:
    former = a_key(tmp_path)
    code = issue(AWARD, former)
    (tmp_path / PRIVATE_FILE).rename(tmp_path / "ancienne.key")
    later = load_or_make(tmp_path, at=AT + timedelta(days=30))
    assert later.public.id != former.public.id
    keys = later.published("Essais")
    assert [key.until is None for key in keys.keys] == [False, True]
    assert verify(code, keys).verdict == "valid"
    assert verify(issue(AWARD, later), keys).verdict == "valid"


def test_published_keys_are_read_back_as_they_were(key: CodeKey) -> None:
    keys = key.published("École des Essais")
    assert read_keys(keys.text()) == keys
    assert verify(issue(AWARD, key), read_keys(keys.text())).verdict == "valid"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"organisation": "E", "keys": []}',
        '{"organisation": "E", "keys": 3}',
        '{"organisation": "E", "keys": [{"kty": "RSA"}]}',
        '{"organisation": "E", "keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", '
        '"since": "2026-01-01"}]}',
    ],
)
def test_a_file_that_is_no_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(SigningError, match="clés publiques"):
        read_keys(text)


def test_a_damaged_key_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / PRIVATE_FILE).write_text("abîmée")
    with pytest.raises(SigningError, match="n’a pas pu être lue"):
        a_key(tmp_path)
    assert (tmp_path / PRIVATE_FILE).read_text() == "abîmée"
