"""What was proven of the bytes is remembered by their hash; whom to trust, never."""

import json
from pathlib import Path

import pytest

from signing import changes, opening, pades, trust
from signing.memory import Memory
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity, ServedAuthority
from tests.signing import harm
from tests.signing.conftest import loaded, now


@pytest.fixture
def reviews(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The revisions compared with the one before them, as they are."""
    seen: list[int] = []
    review = changes.review

    def counted(reader: object, revision: int) -> changes.Step:
        seen.append(revision)
        return review(reader, revision)  # type: ignore[arg-type]

    monkeypatch.setattr(changes, "review", counted)
    return seen


def kept(memory: Memory) -> Memory:
    """As it comes back from a file."""
    return Memory(json.loads(json.dumps(memory.learned)))


@pytest.fixture
def both(signed: Path, president: Identity, tmp_path: Path) -> Path:
    target = tmp_path / "deux.pdf"
    pades.sign(signed, target, field="President", signer=loaded(president), at=now())
    return target


def test_bytes_seen_once_are_not_compared_again(
    both: Path, trusted: Trust, reviews: list[int]
) -> None:
    first, moment = Memory(), now()
    before = verify(both, at=moment, trust=trusted, memory=first)
    assert reviews == [2]
    again = kept(first)
    assert verify(both, at=moment, trust=trusted, memory=again) == before
    assert reviews == [2]
    assert again.learned == {}


def test_one_byte_more_is_looked_at_anew(both: Path, trusted: Trust, reviews: list[int]) -> None:
    first = Memory()
    verify(both, at=now(), trust=trusted, memory=first)
    reviews.clear()
    changed = harm.annotation_added(both.read_bytes())
    report = verify(changed, at=now(), trust=trusted, memory=kept(first))
    assert report.verdict == "invalid"
    assert reviews == [2, 3]


def test_a_harm_is_remembered_as_one(both: Path, trusted: Trust) -> None:
    changed, first = harm.annotation_added(both.read_bytes()), Memory()
    verify(changed, at=now(), trust=trusted, memory=first)
    assert verify(changed, at=now(), trust=trusted, memory=kept(first)).verdict == "invalid"


def test_trust_is_asked_again_each_time(both: Path, trusted: Trust) -> None:
    first = Memory()
    assert verify(both, at=now(), trust=trusted, memory=first).verdict == "valid"
    assert verify(both, at=now(), memory=kept(first)).verdict == "indeterminate"
    later = now().replace(year=now().year + 5)
    late = verify(both, at=later, trust=trusted, memory=kept(first))
    assert late.signatures[0].sub_indication == "OUT_OF_BOUNDS_NO_POE"


def test_a_revocation_learnt_since_counts(
    form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    key, roots, first = loaded(served.identity("revoque")), trust.load(served.root), Memory()
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=now())
    assert verify(tmp_path / "s.pdf", at=now(), trust=roots, memory=first).verdict == "valid"
    told = roots.and_also(Trust(crls=(served.crl("inter"), served.crl("racine"))))
    report = verify(tmp_path / "s.pdf", at=now(), trust=told, memory=kept(first))
    assert report.signatures[0].sub_indication == "REVOKED_NO_POE"


def test_a_broken_digest_is_found_whatever_is_remembered(both: Path, trusted: Trust) -> None:
    """A memory that lied about other bytes under the same name would not hide it."""
    first = Memory()
    verify(both, at=now(), trust=trusted, memory=first)
    broken = harm.byte_changed(both.read_bytes())
    lying = Memory()
    verify(broken, at=now(), trust=trusted, memory=lying)
    forged = Memory(dict.fromkeys(lying.learned, next(iter(first.learned.values()))))
    assert verify(broken, at=now(), trust=trusted, memory=forged).verdict == "invalid"


def test_the_bytes_of_an_embedded_file_are_let_go_once_looked_at() -> None:
    """Two hundred pieces are checked one after another, not kept in memory all together."""
    with opening.stream_of(b"%PDF-1.7 une piece") as stream:
        assert stream.read(5) == b"%PDF-"
    assert stream.closed
