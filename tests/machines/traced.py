"""The office’s own work, with its beginning and end written down: who worked on what, and when."""

import os
import signal
import time
from typing import Any

from watch.doors.claims import Claim
from watch.office import Office
from watch.reception import intake
from watch.service.dispatch import Calls
from watch.share.workspace import Workspace
from watch.steps import work

CALLS = Calls(intake="tests.machines.traced:take", advance="tests.machines.traced:advance")
FILE = "traces.txt"
# The first worker to find this file on the private side stops dead as it is about to commit.
STOP = "arrêt.txt"


def take(office: Office, claim: Claim) -> tuple[str, ...]:
    _write(office, "début", f"depot/{claim.id}")
    _may_stop(office)
    try:
        return intake.take(office, claim)
    finally:  # an error ends the work too; a sudden death alone leaves it open
        _write(office, "fin", f"depot/{claim.id}")


def advance(office: Office, stream: str) -> tuple[str, ...]:
    _write(office, "début", stream)
    try:
        return work.advance(office, stream)
    finally:
        _write(office, "fin", stream)


def _write(office: Office, what: str, stream: str) -> None:
    with (office.workspace.private / FILE).open("a", encoding="utf-8") as out:
        out.write(f"{what} {stream} {os.getpid()} {time.monotonic_ns()}\n")


def _may_stop(office: Office) -> None:
    try:
        (office.workspace.private / STOP).unlink()
    except FileNotFoundError:
        return
    commit = office.journal.commit

    def stopping(*told: Any, **also: Any) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)
        commit(*told, **also)

    office.journal.commit = stopping  # type: ignore[method-assign]


def at_work(workspace: Workspace) -> set[int]:
    """The processes in the middle of a job, or that died there."""
    file, found = workspace.private / FILE, {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        what, _, pid, _ = line.split(" ")
        found[int(pid)] = what == "début"
    return {pid for pid, busy in found.items() if busy}


def overlaps(workspace: Workspace, dead: dict[int, int]) -> list[str]:
    """The streams that were begun again before who worked on them had ended, or was dead.

    dead: when each process killed was killed, nought for one that left its work to another.
    """
    found: list[str] = []
    open_: dict[str, int] = {}
    for line in (workspace.private / FILE).read_text(encoding="utf-8").splitlines():
        what, stream, pid_, at_ = line.split(" ")
        pid, at = int(pid_), int(at_)
        holder = open_.get(stream)
        if what == "fin":
            if holder == pid:
                del open_[stream]
            continue
        if holder is not None and dead.get(holder, at + 1) > at:
            found.append(stream)
        open_[stream] = pid
    return found
