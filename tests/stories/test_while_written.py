"""Files still being written, moved or heaped up as the office takes them in: the end, proven.

`tests/watch/test_arrivals` shows what the watcher does with each; here the office answers them, and
every byte that ever stood at a door is kept, or told of.
"""

import hashlib
import os
from pathlib import Path

import pytest

from tests.length import WHOLE
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.deep import prove
from watch.doors import claims, inbox
from watch.doors.claims import Claim
from watch.office import now
from watch.reception import intake
from watch.reception.acting import follow

pytestmark = pytest.mark.long

HEAP = 5_000 if WHOLE else 20


def claimed(space: Space, name: str) -> Claim:
    """Taken away by the watcher, and not opened yet."""
    (seen,) = [s for s in inbox.scan(space.workspace) if s.path.name == name]
    claim = claims.claim(space.workspace, seen, now())
    assert claim is not None
    return claim


def taken(space: Space, claim: Claim) -> str:
    """What a worker does with it; how it was answered."""
    follow(space.office, intake.take(space.office, claim))
    answered = space.office.journal.read(f"depot/{claim.id}")[0].event
    return str(getattr(answered, "outcome", ""))


def is_kept(space: Space, content: bytes) -> bool:
    return hashlib.sha256(content).hexdigest() in space.office.originals


def is_settled(space: Space) -> bool:
    """Nothing waits at a door or half way, and the whole is proven."""
    space.catch_up()
    waiting = [*space.workspace.claims.iterdir(), *space.workspace.drop_here.iterdir()]
    return waiting == [] and list(prove(space.office)) == []


def test_a_rewriting_nobody_can_see_after_the_claim_is_a_drop_of_its_own(as_told: AsTold) -> None:
    """By a writer that kept its handle: the size stays the same, and the time is put back."""
    space = as_told("inscrit")
    number = space.numbers()[-1]
    grid = space.grid(number, "BDC1.1").read_bytes()
    other = b"%" * len(grid)
    space.drop(grid, "grille.pdf")
    claim = claimed(space, "grille.pdf")
    with claim.file.open("r+b") as writer:
        assert taken(space, claim) == "accepted"
        before = claim.file.stat()
        writer.write(other)
        writer.flush()
        os.utime(claim.file, ns=(before.st_atime_ns, before.st_mtime_ns))
        after = claim.file.stat()
        assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        space.recover()
        assert list(claims.pending(space.workspace)), "ended under its writer’s hand"
    space.recover()
    assert (space.workspace.drop_here / "grille.pdf").read_bytes() == other
    (answer,) = space.work()
    assert answer.outcome == "refused"
    assert (space.workspace.to_correct / "grille.pdf").read_bytes() == other
    assert is_kept(space, grid)
    assert is_kept(space, other)
    assert len(space.case(number).standing("grille")) == 1
    assert is_settled(space)


def test_a_copy_that_stalls_and_goes_on_after_its_answer_is_answered_whole(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    grid = space.grid(number, "BDC1.1").read_bytes()
    half = len(grid) // 2
    with (space.workspace.drop_here / "grille.pdf").open("wb") as writer:
        writer.write(grid[:half])
        writer.flush()
        claim = claimed(space, "grille.pdf")
        assert taken(space, claim) == "refused"
        assert not space.case(number).standing("grille")
        writer.write(grid[half:])
    space.recover()
    (answer,) = space.work()
    assert answer.outcome == "accepted", answer
    assert len(list(space.workspace.receipts.rglob("*grille.pdf.txt"))) == 2
    assert is_kept(space, grid[:half])
    assert len(space.case(number).standing("grille")) == 1
    assert is_settled(space)


@pytest.mark.parametrize("moved", ["dans le dossier", "hors du dossier"])
def test_a_form_saved_in_place_and_moved_by_its_author_before_it_is_read_is_filed_once(
    as_told: AsTold, moved: str
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    grid = space.grid(number, "BDC1.1")
    saved = space.save_in_place(number, "grille", "BDC1.1", grid)
    claim = claimed(space, saved.name)
    away = saved.parent if moved == "dans le dossier" else space.workspace.share
    saved.rename(away / "grille de Zoé.pdf")
    assert taken(space, claim) == "accepted"
    for answer in space.work():
        assert answer.outcome == "duplicate", answer
    assert len(space.case(number).standing("grille")) == 1
    assert is_kept(space, grid.read_bytes())
    held = {p.read_bytes() for p in space.workspace.share.rglob("*.pdf")}
    assert grid.read_bytes() in held
    assert is_settled(space)


def test_a_heap_dropped_in_a_tree_is_answered_file_by_file_and_nothing_is_lost(
    as_told: AsTold, tmp_path: Path
) -> None:
    space = as_told("inscrit")
    number, tree = space.numbers()[-1], tmp_path / "clé USB"
    contents = set()
    for place in range(HEAP):
        file = tree / f"promo {place % 7}" / f"candidat {place % 97}" / f"{place:04d}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(f"un mot, le n° {place}".encode())
        contents.add(file.read_bytes())
    (tree / "promo 3" / "grille.pdf").write_bytes(space.grid(number, "BDC1.1").read_bytes())
    tree.rename(space.workspace.drop_here / "clé USB")
    outcomes = [answer.outcome for answer in space.work()]
    assert sorted(outcomes) == ["accepted", *["refused"] * HEAP]
    assert len(space.case(number).standing("grille")) == 1
    given_back = {
        file.read_bytes()
        for file in space.workspace.to_correct.iterdir()
        if "POURQUOI" not in file.name
    }
    assert contents <= given_back
    assert len([p for p in space.workspace.to_correct.iterdir() if "POURQUOI" in p.name]) == HEAP
    assert len(list(space.workspace.receipts.rglob("*.txt"))) == HEAP + 2
    assert all(is_kept(space, content) for content in contents)
    assert not [p for p in space.workspace.drop_here.rglob("*") if p.is_file()]
    space.catch_up()
    assert list(prove(space.office)) == []
