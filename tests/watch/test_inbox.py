import os
from pathlib import Path

import pytest

from watch.doors.familiar import RELIED, Familiar
from watch.doors.inbox import DOORS, Door, Seen, Tracker, look_again, scan
from watch.share.workspace import Workspace

DELAY = 5.0


def drop(folder: Path, name: str, content: bytes = b"contenu") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


class Watch:
    """A tracker over a real folder, its clock turned by hand."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.tracker = Tracker(DELAY)

    def scan(self, now: float, doors: tuple[Door, ...] = DOORS) -> None:
        self.tracker.update(scan(self.workspace, doors), doors, now)

    def settled(self, now: float) -> list[str]:
        return [one.path.name for one in self.tracker.settled(now)]


@pytest.fixture
def watch(workspace: Workspace) -> Watch:
    return Watch(workspace)


def test_every_door_is_scanned_and_named(workspace: Workspace) -> None:
    drop(workspace.drop_here / "arbre" / "profond", "a.pdf")
    drop(workspace.office, "demande.pdf")
    drop(workspace.cases / "2026-0001 EXEMPLE Zoé" / "À remplir" / "Grilles", "g.pdf")
    drop(workspace.juries / "2026-06-12 CQPM TMP Lyon" / "À remplir", "d.pdf")
    drop(workspace.cases / "2026-0001 EXEMPLE Zoé" / "Reçus", "jamais.pdf")
    drop(workspace.done / "2026-0000" / "À remplir", "jamais.pdf")
    assert [(one.path.name, one.door) for one in scan(workspace)] == [
        ("a.pdf", "inbox"),
        ("demande.pdf", "bureau"),
        ("g.pdf", "a_remplir"),
        ("d.pdf", "a_remplir"),
    ]


def test_what_programs_leave_behind_is_not_seen(workspace: Workspace) -> None:
    for name in (".DS_Store", "Thumbs.db", "~$a.docx", "b.pdf.part", "desktop.ini"):
        drop(workspace.drop_here, name)
    assert scan(workspace) == []


def test_links_pipes_and_sockets_are_seen_for_what_they_are_and_not_followed(
    workspace: Workspace, tmp_path: Path
) -> None:
    outside = drop(tmp_path / "dehors", "secret.pdf")
    (workspace.drop_here / "lien.pdf").symlink_to(outside)
    (workspace.drop_here / "dossier").symlink_to(outside.parent)
    os.mkfifo(workspace.drop_here / "tube")
    assert {(one.path.name, one.problem) for one in scan(workspace)} == {
        ("lien.pdf", "link"),
        ("dossier", "link"),
        ("tube", "special"),
    }


def test_a_file_settles_after_the_delay_and_not_before(watch: Watch) -> None:
    drop(watch.workspace.drop_here, "a.pdf")
    watch.scan(100.0)
    assert watch.tracker.next_due() == 100.0 + DELAY
    assert watch.settled(104.9) == []
    assert watch.settled(105.0) == ["a.pdf"]


def test_a_scan_that_sees_nothing_new_does_not_start_the_delay_again(watch: Watch) -> None:
    drop(watch.workspace.drop_here, "a.pdf")
    for now in (100.0, 102.0, 104.0):
        watch.scan(now)
    assert watch.settled(105.0) == ["a.pdf"]


def test_a_file_that_grew_at_the_last_moment_waits_again(watch: Watch) -> None:
    file = drop(watch.workspace.drop_here, "a.pdf")
    watch.scan(100.0)
    file.write_bytes(b"contenu, et la suite")
    assert watch.settled(105.0) == []
    assert watch.settled(109.9) == []
    assert watch.settled(110.0) == ["a.pdf"]


def test_a_same_size_rewrite_with_a_restored_time_is_noticed(watch: Watch) -> None:
    file = drop(watch.workspace.drop_here, "a.pdf", b"AAAA")
    before = file.stat()
    watch.scan(100.0)
    file.write_bytes(b"BBBB")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = file.stat()
    assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert watch.settled(105.0) == []


def test_a_file_that_left_is_forgotten(watch: Watch) -> None:
    file = drop(watch.workspace.drop_here, "a.pdf")
    watch.scan(100.0)
    file.unlink()
    assert watch.settled(105.0) == []
    assert len(watch.tracker) == 0
    assert watch.tracker.next_due() is None


def test_scanning_one_door_forgets_nothing_at_the_others(watch: Watch) -> None:
    drop(watch.workspace.drop_here, "a.pdf")
    drop(watch.workspace.office, "b.pdf")
    watch.scan(100.0)
    watch.scan(101.0, ("bureau",))
    assert watch.settled(105.0) == ["a.pdf", "b.pdf"]


def test_a_file_saved_in_place_is_seen_again_only_once_changed(watch: Watch) -> None:
    file = drop(watch.workspace.cases / "2026-0001" / "À remplir", "a.pdf")
    watch.scan(100.0)
    (seen,) = watch.tracker.settled(105.0)
    watch.tracker.handled(seen)
    watch.scan(106.0)
    assert watch.settled(200.0) == []
    file.write_bytes(b"rempli un peu plus")
    watch.scan(201.0)
    assert watch.settled(206.0) == ["a.pdf"]


def test_no_more_than_asked_settle_at_once(watch: Watch) -> None:
    for number in range(5):
        drop(watch.workspace.drop_here, f"{number}.pdf")
    watch.scan(0.0)
    assert len(watch.tracker.settled(DELAY, look_again, 2)) == 2
    assert len(watch.tracker.settled(DELAY)) == 5


def test_a_put_off_file_waits_anew(watch: Watch) -> None:
    drop(watch.workspace.drop_here, "a.pdf")
    watch.scan(100.0)
    seen: Seen = watch.tracker.settled(105.0)[0]
    watch.tracker.put_off(seen, 105.0)
    assert watch.settled(109.0) == []
    assert watch.settled(110.0) == ["a.pdf"]


# « À remplir » that hold nothing new


class Looked:
    """A tracker that remembers, over a real folder; a new one is what a restart is."""

    def __init__(self, workspace: Workspace, at_once: int = 1000) -> None:
        self.workspace = workspace
        self.familiar = Familiar(workspace.familiar_file, at_once)
        self.tracker = Tracker(DELAY, self.familiar)

    def scan(self, now: float) -> list[str]:
        """What was seen that is not familiar."""
        seen = scan(self.workspace, ("a_remplir",), self.familiar)
        self.tracker.update(seen, ("a_remplir",), now)
        self.familiar.keep()
        return [one.path.name for one in seen]

    def handle(self, now: float) -> list[str]:
        settled = self.tracker.settled(now)
        for one in settled:
            self.tracker.handled(one)
        return [one.path.name for one in settled]


def test_a_restart_looks_again_at_nothing_that_stayed_as_it_was(workspace: Workspace) -> None:
    folders = [workspace.cases / f"2026-000{n}" / "À remplir" for n in range(3)]
    for folder in folders:
        drop(folder, "a.pdf")
        drop(folder / "Grilles", "g.pdf")
    looked = Looked(workspace)
    looked.scan(0.0)
    assert len(looked.handle(DELAY)) == 6
    looked.scan(DELAY)
    reborn = Looked(workspace)
    assert reborn.scan(0.0) == []
    drop(folders[1] / "Grilles", "g.pdf", b"rempli")
    assert reborn.scan(1.0) == ["a.pdf", "g.pdf"]
    assert reborn.handle(1.0 + DELAY) == ["a.pdf", "g.pdf"]


def test_a_change_between_the_look_and_the_next_scan_is_not_learnt(workspace: Workspace) -> None:
    file = drop(workspace.cases / "2026-0001" / "À remplir", "a.pdf")
    looked = Looked(workspace)
    looked.scan(0.0)
    looked.handle(DELAY)
    file.write_bytes(b"rempli entre-temps")
    assert looked.scan(DELAY) == ["a.pdf"]
    assert looked.handle(2 * DELAY) == ["a.pdf"]


def test_many_cases_are_gone_through_in_turn_and_none_is_forgotten(workspace: Workspace) -> None:
    for number in range(10):
        drop(workspace.cases / f"2026-{number:04d}" / "À remplir", f"{number}.pdf")
    looked = Looked(workspace, at_once=6)
    rounds = [looked.scan(float(now)) for now in range(4)]
    assert [len(names) for names in rounds] == [3, 3, 3, 3]
    assert {name for names in rounds for name in names} == {f"{n}.pdf" for n in range(10)}


def test_a_file_put_in_place_of_another_is_seen_before_the_turn_of_its_folder(
    workspace: Workspace,
) -> None:
    """Among many cases, a form saved under a new name and put in its place does not wait its turn;
    one written over is found when its turn comes.
    """
    folders = [workspace.cases / f"2026-{n:04d}" / "À remplir" for n in range(12)]
    for folder in folders:
        drop(folder / "Grilles", "g.pdf")
    looked = Looked(workspace, at_once=4)
    for now in range(24):
        looked.scan(float(now))
        looked.handle(float(now))
    assert [looked.scan(24.0 + now) for now in range(6)] == [[]] * 6
    saved = folders[-1] / "Grilles" / "g.pdf"
    (saved.parent / "g.pdf.tmp").write_bytes(b"rempli")
    (saved.parent / "g.pdf.tmp").rename(saved)
    assert looked.scan(31.0) == ["g.pdf"]
    looked.handle(31.0 + DELAY)
    looked.scan(40.0)
    (folders[5] / "Grilles" / "g.pdf").write_bytes(b"rempli autrement")
    rounds = [looked.scan(50.0 + now) for now in range(6)]
    assert ["g.pdf"] in rounds


def test_the_cases_are_listed_again_only_when_one_came_or_went_or_a_few_turns_passed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share whose clock hides that a case came, events lost as well: found all the same."""
    drop(workspace.cases / "2026-0001" / "À remplir", "a.pdf")
    looked = Looked(workspace)
    listings, listdir = [], os.listdir
    monkeypatch.setattr(os, "listdir", lambda place: listings.append(place) or listdir(place))
    rounds = []
    for now in range(4):
        looked.scan(float(now))
        rounds.append(len(listings))
    assert rounds == [2, 4, 4, 4], "listed once more after its time last moved, then no more"
    drop(workspace.cases / "2026-0002" / "À remplir", "b.pdf")
    assert looked.scan(4.0) == ["a.pdf", "b.pdf"]
    looked.scan(5.0)
    before = os.stat(workspace.cases)
    drop(workspace.cases / "2026-0003" / "À remplir", "c.pdf")
    os.utime(workspace.cases, ns=(before.st_atime_ns, before.st_mtime_ns))
    rounds_until = next(n for n in range(20) if "c.pdf" in looked.scan(6.0 + n))
    assert 0 < rounds_until <= RELIED, "the share did not hide it, or it was never found"


def test_a_damaged_memory_costs_a_second_look_and_nothing_else(workspace: Workspace) -> None:
    workspace.familiar_file.write_bytes(b"ceci n'est pas une base" * 100)
    drop(workspace.cases / "2026-0001" / "À remplir", "a.pdf")
    looked = Looked(workspace)
    assert looked.scan(0.0) == ["a.pdf"]
    looked.handle(DELAY)
    looked.scan(DELAY)
    assert Looked(workspace).scan(0.0) == []
