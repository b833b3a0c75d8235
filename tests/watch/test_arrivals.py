"""Files as they really arrive: in pieces, stalled, rewritten, renamed, in heaps, badly named."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from casefiles.originals import Originals
from casefiles.system import being_written
from tests.watch.test_watcher import DELAY, Bench
from watch.doors import claims
from watch.share.publication import digest
from watch.share.workspace import Workspace

PIECES = (b"%PDF-1.7 ", b"la suite, ", b"et la fin %%EOF")


@pytest.fixture
def bench(workspace: Workspace) -> Bench:
    return Bench(workspace)


def take_in(bench: Bench, originals: Originals) -> list[bytes]:
    """What a worker would do with every claim: keep the bytes, end the claim; the bytes."""
    bench.hands.take()
    kept = []
    for claim in list(claims.pending(bench.workspace)):
        if claim.keepable:
            kept.append(originals.get(claims.stable_copy(claim, originals)))
        claims.finish(bench.workspace, claim, originals)
    return kept


@pytest.mark.parametrize("gap", [0.1, 1.0, 4.9, 6.0, 20.0, 60.0])
def test_a_file_that_comes_in_pieces_is_taken_whole_once_its_writer_is_done(
    bench: Bench, gap: float, tmp_path: Path
) -> None:
    originals, now = Originals(tmp_path / "originaux"), 0.0
    with (bench.workspace.drop_here / "scan.pdf").open("wb") as writer:
        for piece in PIECES:
            writer.write(piece)
            writer.flush()
            bench.watcher.hint(["inbox"])
            bench.watcher.turn(now)
            now += gap
            bench.watcher.hint(["inbox"])
            bench.watcher.turn(now)
            assert bench.claimed() == [], f"claimed while its writer held it, {gap} s apart"
    bench.watcher.turn(now + DELAY)
    bench.watcher.turn(now + 2 * DELAY)
    assert take_in(bench, originals) == [b"".join(PIECES)]


@pytest.mark.parametrize("gap", [6.0, 60.0])
def test_where_no_lease_tells_of_the_writer_a_stalled_copy_is_dropped_again_whole(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gap: float
) -> None:
    """As over a network share: the beginning is answered, the whole comes back as a new drop."""
    monkeypatch.setattr("watch.service.watcher.being_written", lambda path: False)
    monkeypatch.setattr("watch.doors.claims.being_written", lambda path: False)
    originals, kept, now = Originals(tmp_path / "originaux"), [], 0.0
    with (bench.workspace.drop_here / "scan.pdf").open("wb") as writer:
        for number, piece in enumerate(PIECES):
            writer.write(piece)
            writer.flush()
            bench.watcher.turn(now)
            bench.watcher.turn(now + DELAY)
            if number == 0:
                assert bench.claimed() == ["scan.pdf"], "the fault did not happen"
                (claim,) = claims.pending(bench.workspace)
                kept.append(originals.get(claims.stable_copy(claim, originals)))
            now += gap
    bench.hands.take()
    kept += take_in(bench, originals)
    bench.watcher.hint(["inbox"])
    bench.watcher.turn(now + 100.0)
    bench.watcher.turn(now + 100.0 + DELAY)
    kept += take_in(bench, originals)
    assert kept[0] == PIECES[0]
    assert kept[-1] == b"".join(PIECES)


def test_a_claim_is_not_ended_while_its_writer_still_holds_the_file(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It opened the file after the claim was decided, and writes after the bytes were kept."""
    originals = Originals(tmp_path / "originaux")
    file = bench.drop("avis.pdf", content=b"AAAA")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    (claim,) = claims.pending(bench.workspace)
    with claim.file.open("r+b") as writer:
        before = claim.file.stat()
        claims.stable_copy(claim, originals)
        assert claims.finish(bench.workspace, claim, originals) is None
        assert [one.id for one in claims.pending(bench.workspace)] == [claim.id]
        writer.write(b"BBBB")
        writer.flush()
        os.utime(claim.file, ns=(before.st_atime_ns, before.st_mtime_ns))
        after = claim.file.stat()
        assert (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    assert claims.finish(bench.workspace, claim, originals) == file
    assert file.read_bytes() == b"BBBB"


def test_a_file_renamed_while_it_settles_is_taken_once_under_its_last_name(bench: Bench) -> None:
    file = bench.drop("sans titre.pdf")
    bench.watcher.turn(0.0)
    file.rename(file.with_name("avis signé.pdf"))
    bench.watcher.turn(DELAY)
    assert bench.claimed() == []
    bench.watcher.hint(["inbox"])
    bench.watcher.turn(DELAY + 1)
    bench.watcher.turn(2 * DELAY + 1)
    assert bench.claimed() == ["avis signé.pdf"]


def test_a_file_renamed_while_it_is_read_is_read_whole(bench: Bench, tmp_path: Path) -> None:
    """Saved in place, then renamed by somebody between the claim and the copy."""
    originals = Originals(tmp_path / "originaux")
    folder = bench.workspace.cases / "2026-0001" / "À remplir"
    file = bench.drop("grille.pdf", folder, b"%PDF- grille")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    file.rename(folder / "grille de Zoé.pdf")
    assert take_in(bench, originals) == [b"%PDF- grille"]
    assert (folder / "grille de Zoé.pdf").read_bytes() == b"%PDF- grille"


def test_a_tree_moved_in_whole_is_taken_to_its_last_leaf(bench: Bench, tmp_path: Path) -> None:
    tree = tmp_path / "clé USB"
    names = set()
    for number in range(40):
        folder = tree / f"promo {number % 4}" / f"candidat {number}" / "signé"
        folder.mkdir(parents=True)
        (folder / f"{number}.pdf").write_bytes(b"%PDF-")
        names.add(f"{number}.pdf")
    tree.rename(bench.workspace.drop_here / "clé USB")
    bench.watcher.turn(0.0)
    for turn in range(10):
        bench.watcher.turn(DELAY + turn)
    assert set(bench.claimed()) == names


Drop = Callable[[Workspace, str], None]


@pytest.mark.parametrize(
    "name",
    [
        "é" * 124 + ".x",  # 250 bytes
        "CON.pdf",
        "a:b?*.pdf",
        "fin par un point.",
        "deux\nlignes.pdf",
        ".",
        os.fsdecode(b"octets \xff\xfe.pdf"),
        "-rf *.pdf",
        "\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe",
    ],
)
def test_any_name_the_disk_bears_is_claimed_and_given_back(
    bench: Bench, name: str, tmp_path: Path
) -> None:
    originals = Originals(tmp_path / "originaux")
    name = name if name != "." else "…"
    (bench.workspace.drop_here / name).write_bytes(b"%PDF- nom")
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    (claim,) = claims.pending(bench.workspace)
    assert claim.file.name == name
    assert take_in(bench, originals) == [b"%PDF- nom"]
    assert digest(b"%PDF- nom") in originals


def test_two_names_that_look_the_same_are_two_drops(bench: Bench, tmp_path: Path) -> None:
    composed, decomposed = "é.pdf", "e\N{COMBINING ACUTE ACCENT}.pdf"
    for number, name in enumerate((composed, decomposed)):
        (bench.workspace.drop_here / name).write_bytes(b"%PDF- " + bytes([48 + number]))
    bench.watcher.turn(0.0)
    bench.watcher.turn(DELAY)
    assert sorted(take_in(bench, Originals(tmp_path / "o"))) == [b"%PDF- 0", b"%PDF- 1"]


def test_a_writer_is_known_by_a_lease_on_this_machine(tmp_path: Path) -> None:
    """What the tests above count on."""
    file = tmp_path / "a"
    with file.open("wb"):
        assert being_written(file)
    assert not being_written(file)
