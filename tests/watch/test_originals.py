import hashlib
import os
from pathlib import Path

import pytest

from casefiles.errors import UnreadableFile
from casefiles.originals import Originals


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "originals")


def test_bytes_are_kept_under_their_hash_for_their_owner_alone(originals: Originals) -> None:
    sha256 = originals.put(b"parchemin")
    assert sha256 == hashlib.sha256(b"parchemin").hexdigest()
    assert originals.get(sha256) == b"parchemin"
    assert sha256 in originals
    kept = originals.path(sha256)
    assert kept == originals.root / sha256[:2] / sha256[2:]
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_file_is_kept_like_its_bytes_and_twice_is_once(
    originals: Originals, tmp_path: Path
) -> None:
    (tmp_path / "source").write_bytes(b"x" * 3_000_000)
    first = originals.put(tmp_path / "source")
    assert originals.put(b"x" * 3_000_000) == first
    assert [p for p in originals.root.rglob("*") if p.is_file()] == [originals.path(first)]


def test_links_and_pipes_are_never_opened(originals: Originals, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "lien").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "tube")
    for hostile in ("lien", "tube"):
        with pytest.raises(UnreadableFile):
            originals.put(tmp_path / hostile)
    assert not [p for p in originals.root.rglob("*") if p.is_file()]


def test_what_was_never_kept_is_a_key_error(originals: Originals) -> None:
    with pytest.raises(KeyError):
        originals.get("0" * 64)
    with pytest.raises(KeyError):
        originals.path("../../etc/passwd")


def test_damage_is_found(originals: Originals) -> None:
    sha256 = originals.put(b"sain")
    assert not list(originals.damaged())
    originals.path(sha256).write_bytes(b"abime")
    assert list(originals.damaged()) == [originals.path(sha256)]
