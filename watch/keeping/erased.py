"""The list of what was purged, by hashes alone: what a restored backup must not bring back.

Commitments of emptied payloads and SHA-256 of deleted originals, one a line, on the private side
and on the share: whichever is lost, the other still tells. Anybody may write on the share: there
each line bears a keyed check, and one that does not prove itself erases nothing.
"""

import hmac
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from watch.share.workspace import Workspace

NAME = "effacements.txt"
_HASH = re.compile(r"^[0-9a-f]{64}$")


def listed(workspace: Workspace, *others: Path) -> frozenset[str]:
    """Every hash of the private list, of those other private files, and those the share proves."""
    ours = (word for file in (workspace.private / NAME, *others) for word in _words(file))
    return frozenset((*(one for one in ours if _HASH.match(one)), *_proven(workspace)))


def unproven(workspace: Workspace) -> bool:
    """Whether the share lists more than can be proven, for want of the key."""
    return not workspace.imprint_key.exists() and bool(_words(_on_share(workspace)))


def note(workspace: Workspace, hashes: Iterable[str]) -> None:
    """Add hashes to the list, in both places; before what they name is gone for good."""
    wanted: Sequence[str] = sorted(set(hashes))
    key = workspace.imprint_key.read_bytes()
    ours, proven = set(_words(workspace.private / NAME)), set(_proven(workspace))
    _add(workspace.private / NAME, [one for one in wanted if one not in ours])
    new = (one for one in wanted if one not in proven)
    _add(_on_share(workspace), [f"{one} {_check(key, workspace.id, one)}" for one in new])


def _add(file: Path, new: Sequence[str]) -> None:
    if new:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab+") as out:
            if out.tell():
                # A machine that died there may have left half a line.
                out.seek(-1, os.SEEK_END)
                new = new if out.read() == b"\n" else ["", *new]
            out.writelines(f"{line}\n".encode("ascii") for line in new)
            out.flush()
            # What they name is about to go for good.
            os.fsync(out.fileno())


def _proven(workspace: Workspace) -> Iterator[str]:
    if not workspace.imprint_key.exists():
        return
    key, file = workspace.imprint_key.read_bytes(), _on_share(workspace)
    lines = file.read_text(encoding="ascii", errors="replace") if file.is_file() else ""
    for line in lines.splitlines():
        one, _, check = line.partition(" ")
        if _HASH.match(one) and hmac.compare_digest(
            check.encode(), _check(key, workspace.id, one).encode()
        ):
            yield one


def _check(key: bytes, space: str, one: str) -> str:
    return hmac.digest(key, f"effacement/{space}/{one}".encode(), "sha256").hex()


def _on_share(workspace: Workspace) -> Path:
    return workspace.hidden / NAME


def _words(file: Path) -> list[str]:
    return file.read_text(encoding="ascii", errors="replace").split() if file.is_file() else []
