"""One daemon per space: a lock on the private side, and a mark on the share that says who holds it.

The lock decides between processes of one machine and falls with its process. The mark names the
holder, and decides between machines where the lock does not reach.
"""

import json
import os
import socket
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from casefiles.errors import SpaceHeld
from casefiles.system import lock_alone
from watch.share.founding import belongs_elsewhere
from watch.share.workspace import Workspace

# A holder on another machine that has not shown itself for so long is gone.
SILENCE = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who holds a space; times are ISO 8601 with their offset."""

    host: str
    pid: int
    since: str
    seen: str


class Hold:
    """A space held; `refresh` shows that the holder is alive, `release` lets go."""

    def __init__(self, workspace: Workspace, handle: int, holder: Holder) -> None:
        self._workspace = workspace
        self._handle = handle
        self.holder = holder

    def refresh(self, now: datetime) -> None:
        """Show on the share that the holder is alive; OSError when the share is away."""
        self.holder = Holder(**{**asdict(self.holder), "seen": now.isoformat()})
        _mark(self._workspace.holder_file, self.holder)

    def release(self) -> None:
        """Let the space go."""
        self._workspace.holder_file.unlink(missing_ok=True)
        os.close(self._handle)


def hold(workspace: Workspace, now: datetime) -> Hold:
    """Hold the space, or raise SpaceHeld naming the holder.

    SpaceHeld too when the share belongs to another private side, or is not there.
    """
    if not workspace.is_present():
        if workspace.identity_file.exists():
            raise belongs_elsewhere(workspace)
        raise SpaceHeld(
            f"Le partage « {workspace.share} » n’est pas là, ou n’a pas été préparé.",
            "Vérifiez qu’il est monté ; sinon lancez « parchemin init ».",
        )
    host = socket.gethostname()
    handle = lock_alone(workspace.lock_file)
    if handle is None:
        raise _held_by(read_holder(workspace))
    other = read_holder(workspace)
    if other is not None and other.host != host and _alive(other, now):
        os.close(handle)
        raise _held_by(other)
    mine = Holder(host=host, pid=os.getpid(), since=now.isoformat(), seen=now.isoformat())
    held = Hold(workspace, handle, mine)
    held.refresh(now)
    return held


def read_holder(workspace: Workspace) -> Holder | None:
    """Who says they hold the space; None when nobody does."""
    try:
        return Holder(**json.loads(workspace.holder_file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _alive(other: Holder, now: datetime) -> bool:
    return abs(now - datetime.fromisoformat(other.seen)) < SILENCE


def _held_by(other: Holder | None) -> SpaceHeld:
    if other is None:
        return SpaceHeld(
            "Cet espace est déjà surveillé par un autre processus de cette machine.",
            "Arrêtez-le d’abord, ou attendez un instant s’il vient de démarrer.",
        )
    since = datetime.fromisoformat(other.since).astimezone()
    return SpaceHeld(
        f"Cet espace est déjà surveillé par la machine « {other.host} », processus {other.pid}, "
        f"depuis le {since:%d/%m/%Y à %H:%M}.",
        "Un seul « parchemin watch » par espace : arrêtez l’autre avant de lancer celui-ci.",
    )


def _mark(file: Path, holder: Holder) -> None:
    staged = file.with_suffix(".tmp")
    staged.write_text(json.dumps(asdict(holder)), encoding="utf-8")
    staged.replace(file)
