"""The list of what was purged outlives a machine that dies while it writes there."""

from pathlib import Path

import pytest

from watch.keeping import erased
from watch.share.workspace import Workspace

FIRST, SECOND, THIRD = ("a" * 64, "b" * 64, "c" * 64)


@pytest.mark.parametrize("side", ["privé", "partage"])
def test_half_a_line_spoils_no_other(workspace: Workspace, side: str) -> None:
    ours, shared = workspace.private / erased.NAME, workspace.hidden / erased.NAME
    file, other = (ours, shared) if side == "privé" else (shared, ours)
    erased.note(workspace, [FIRST])
    file.write_bytes(file.read_bytes() + SECOND[:30].encode())
    erased.note(workspace, [THIRD])
    other.unlink()
    assert erased.listed(workspace) == {FIRST, THIRD}
    erased.note(workspace, [SECOND])
    other.unlink()
    assert erased.listed(workspace) == {FIRST, SECOND, THIRD}


def test_the_same_is_listed_once(workspace: Workspace) -> None:
    for _ in range(2):
        erased.note(workspace, [FIRST, SECOND])
    for file in (workspace.private / erased.NAME, workspace.hidden / erased.NAME):
        assert len(Path(file).read_text(encoding="ascii").splitlines()) == 2
