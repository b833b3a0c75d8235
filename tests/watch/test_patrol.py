"""The patrol: what people removed or changed on the share, found without any event."""

from tests.watch.test_watcher import FakeTruth
from watch.service.patrol import CLOSELY, ROUND, Patrol
from watch.share.workspace import Workspace

FILE = "RESTE À FAIRE.txt"


def given(workspace: Workspace, count: int) -> tuple[FakeTruth, Patrol]:
    """So many streams that share one folder, each shown the same file there."""
    truth = FakeTruth()
    truth.streams = [f"dossier/{n:04d}" for n in range(count)]
    truth.files = dict.fromkeys(truth.streams, (FILE,))
    folder = workspace.share / truth.folder
    folder.mkdir()
    (folder / FILE).touch()
    return truth, Patrol(workspace, truth)


def test_those_to_be_compared_come_in_turn_and_the_round_begins_again(workspace: Workspace) -> None:
    truth, goes = given(workspace, CLOSELY + 3)
    assert list(goes.next()) == truth.streams[:CLOSELY]
    assert list(goes.next()) == truth.streams[CLOSELY:]
    assert list(goes.next()) == truth.streams[:CLOSELY]


def test_who_leaves_after_has_looked_at_every_stream(workspace: Workspace) -> None:
    truth, goes = given(workspace, 2 * ROUND + 1)
    assert list(goes.everywhere()) == []
    lacking = [truth.streams[0], truth.streams[ROUND], truth.streams[-1]]
    truth.files |= dict.fromkeys(lacking, (FILE, "Produits/Parchemin.pdf"))
    assert list(goes.everywhere()) == lacking


def test_a_whole_number_of_rounds_ends_too(workspace: Workspace) -> None:
    _, goes = given(workspace, 2 * ROUND)
    assert list(goes.everywhere()) == []
