"""The list of what was purged, by hashes alone: what a restored backup must not bring back.

Commitments of emptied payloads and SHA-256 of deleted originals, one a line, on the private side
and on the share: whichever is lost, the other still tells.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from watch.share.workspace import Workspace

NAME = "effacements.txt"
_HASH = re.compile(r"^[0-9a-f]{64}$")


def places(workspace: Workspace) -> tuple[Path, Path]:
    """Where the list stands."""
    return workspace.private / NAME, workspace.hidden / NAME


def listed(workspace: Workspace, *others: Path) -> frozenset[str]:
    """Every hash listed in either place, or in those other files."""
    return frozenset(
        line
        for file in (*places(workspace), *others)
        if file.is_file()
        for line in file.read_text(encoding="ascii", errors="replace").split()
        if _HASH.match(line)
    )


def note(workspace: Workspace, hashes: Iterable[str]) -> None:
    """Add hashes to the list, in both places; before what they name is gone for good."""
    wanted: Sequence[str] = sorted(set(hashes))
    for file in places(workspace):
        held = set(file.read_text(encoding="ascii").split()) if file.is_file() else set()
        new = [one for one in wanted if one not in held]
        if new:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="ascii") as out:
                out.writelines(f"{one}\n" for one in new)
