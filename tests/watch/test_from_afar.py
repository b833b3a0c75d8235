"""A share of another machine, whose writers no lease tells of: what they write last is not lost."""

from pathlib import Path

import pytest

from casefiles.originals import Originals
from casefiles.system import being_written, comes_from_afar
from tests.watch.test_lost_events import mounted_elsewhere
from tests.watch.test_watcher import DELAY, Bench
from watch.doors import claims
from watch.share.publication import digest
from watch.share.workspace import Workspace

pytestmark = pytest.mark.long


def test_what_another_machine_writes_after_the_answer_is_dropped_again(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stalled past the settling time, then went on, its handle kept: twice, and once in vain."""
    originals = Originals(tmp_path / "originaux")
    with mounted_elsewhere(workspace, tmp_path) as far:
        if far == workspace.share:
            monkeypatch.setattr("watch.doors.claims.comes_from_afar", lambda place: True)
            monkeypatch.setattr("watch.doors.claims.being_written", lambda path: False)
            monkeypatch.setattr("watch.service.watcher.being_written", lambda path: False)
        bench = Bench(workspace)
        bench.drop("entier.pdf", content=b"tout")
        with (far / "1 À déposer ici" / "scan.pdf").open("wb") as writer:
            writer.write(b"au depart, ")
            writer.flush()
            for turn in (0.0, DELAY):
                bench.watcher.turn(turn)
            assert sorted(bench.claimed()) == ["entier.pdf", "scan.pdf"]
            for claim in list(claims.pending(workspace)):
                assert not being_written(claim.file), "a lease told of it: nothing is tried here"
                claims.stable_copy(claim, originals)
                assert claims.finish(workspace, claim, originals) is None
            assert bench.claimed() == []
            writer.write(b"et la fin")
        # Not while it may go on; then once, whole, and the other is let go.
        assert claims.late(workspace) == 0
        assert len(list(workspace.ended.rglob("*.pdf"))) == 2
        monkeypatch.setattr(claims, "QUIET", 0.0)
        assert claims.late(workspace) == 1
        assert [p.name for p in workspace.drop_here.iterdir()] == ["scan.pdf"]
        assert (workspace.drop_here / "scan.pdf").read_bytes() == b"au depart, et la fin"
        assert list(workspace.ended.iterdir()) == []
        assert claims.late(workspace) == 0


def test_what_was_let_go_is_not_set_aside(workspace: Workspace, tmp_path: Path) -> None:
    originals = Originals(tmp_path / "originaux")
    with mounted_elsewhere(workspace, tmp_path):
        bench = Bench(workspace)
        bench.drop("demande.pdf", content=b"une raison de sant\xc3\xa9")
        for turn in (0.0, DELAY):
            bench.watcher.turn(turn)
        (claim,) = claims.pending(workspace)
        gone = {digest(claim.file)}
        claims.finish(workspace, claim, originals, gone=gone)
        assert not workspace.ended.exists()
        assert not [p for p in workspace.share.rglob("*.pdf") if p.is_file()]


def test_a_share_of_this_machine_needs_none_of_it(workspace: Workspace, tmp_path: Path) -> None:
    originals = Originals(tmp_path / "originaux")
    assert not comes_from_afar(workspace.share)
    bench = Bench(workspace)
    bench.drop("entier.pdf", content=b"tout")
    for turn in (0.0, DELAY):
        bench.watcher.turn(turn)
    (claim,) = claims.pending(workspace)
    claims.stable_copy(claim, originals)
    claims.finish(workspace, claim, originals)
    assert not workspace.ended.exists()
