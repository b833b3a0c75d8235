"""Ten thousand files at once: memory bounded, and the next drop does not wait behind them."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.length import WHOLE
from tests.watch.conftest import eventually
from tests.watch.fake_office import done
from tests.watch.test_daemon import Start, drop, start, taken
from watch.share.workspace import Workspace

__all__ = ["start"]

pytestmark = pytest.mark.long

FILES = 10_000 if WHOLE else 300
PATIENCE = 1800.0
# What the watcher may hold of each file that waits: its path, its trace, its place in the queue.
PER_FILE = 4_000
ROOM = 20_000_000


def high_water(process: "subprocess.Popen[bytes]") -> int:
    """The most bytes that process has held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
    assert found is not None
    return 1024 * int(found[1])


def test_a_heap_neither_fills_the_memory_nor_starves_the_single_drop_that_follows(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    heap = tmp_path / "clé USB"
    heap.mkdir()
    for number in range(FILES):
        (heap / f"{number:05d}.txt").write_text("bonjour", encoding="utf-8")
    daemon = start()
    drop(workspace, "avant.txt")
    eventually(lambda: taken(workspace) == ["avant.txt"], PATIENCE)
    before = high_water(daemon)
    heap.rename(workspace.drop_here / heap.name)
    eventually(lambda: len(taken(workspace)) > 10, PATIENCE)
    drop(workspace, "seul.txt")
    ahead = len(taken(workspace))
    assert ahead < FILES, "the heap was gone before anything was dropped behind it"
    eventually(lambda: len(taken(workspace)) == FILES + 2, PATIENCE)
    names = [line.split(" ", 2)[2] for line in done(workspace.private) if line.startswith("pris ")]
    assert set(Counter(names).values()) == {1}
    # Half of what is taken comes from the end of the heap, the last to come first: of what stood
    # before the single drop, no more was taken than the workers and one look had in hand. A busy
    # machine lets more go while the drop settles; one that starves leaves nothing behind it.
    behind = len(names) - names.index("seul.txt")
    assert behind > FILES // 4, f"{behind} of {FILES} were left when the single drop was answered"
    assert high_water(daemon) < before + ROOM + PER_FILE * FILES
    assert not list(workspace.claims.iterdir())
