"""A long-lived worker process: opens the space once, then does the jobs it is handed, one by one.

It holds keys and database, and opens no foreign file itself. It ends when its channel closes; a
stop asked of the whole service lets it finish what it is doing.
"""

import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from casefiles.errors import ParcheminError, StoreAway, TakenOver
from casefiles.system import resident_mb
from watch import logs
from watch.confinement import confine
from watch.confinement.sandbox import SandboxLost
from watch.doors import claims
from watch.share.workspace import Workspace

log = logging.getLogger("parchemin.worker")

PACKET = 128 * 1024

Kind = Literal["intake", "advance", "fallen"]


@dataclass(frozen=True)
class Job:
    """Take one claim in (key: its id), advance one stream (key: the stream), or tell that the
    stream’s step ended its workers.
    """

    kind: Kind
    key: str


@dataclass(frozen=True, kw_only=True)
class Calls:
    """What the worker calls, as « module:name »; the tests name others.

    opener: Workspace → office. intake: (office, Claim) → streams touched. advance and fallen:
    (office, stream) → streams touched.
    """

    opener: str = "watch.reception.trial:open_for_work"
    intake: str = "watch.reception.intake:take"
    advance: str = "watch.steps.work:advance"
    fallen: str = "watch.steps.work:fallen"


def do(job: Job, workspace: Workspace, office: Any, calls: Calls) -> tuple[str, ...]:
    """Do one job; the streams it touched. A claim that is no longer there touches none.

    TakenOver when another has it meanwhile.
    """
    workspace.must_be_present()
    if job.kind != "intake":
        call = calls.advance if job.kind == "advance" else calls.fallen
        return tuple(named(call)(office, job.key))
    claim = claims.load(workspace, job.key)
    return () if claim is None else tuple(named(calls.intake)(office, claim))


def named(dotted: str) -> Callable[..., Any]:
    """The function « module:name » names."""
    module, _, name = dotted.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def serve(channel: socket.socket, workspace: Workspace, calls: Calls, memory_mb: int) -> None:
    """Answer jobs until the channel closes, or until this process has grown past its memory."""
    try:
        office = named(calls.opener)(workspace)
    except StoreAway:
        log.warning("the database does not answer")
        return
    except ParcheminError as error:
        _say(channel, broken=[error.message, error.remedy])
        return
    _say(channel, ready=True)
    while packet := channel.recv(PACKET):
        job = Job(**json.loads(packet))
        begun = perf_counter()
        told: dict[str, Any]
        try:
            streams = do(job, workspace, office, calls)
        except TakenOver:
            # By the command line: it goes on with it, and what it would leave is found again.
            log.info("taken over: job=%s key=%s", job.kind, job.key)
            told = {"streams": [], "error": "", "outside": False}
        except Exception as error:
            note_failure(job, error)
            outside = from_outside(error)
            told = {"streams": [], "error": type(error).__name__, "outside": outside}
        else:
            told = {"streams": streams, "error": "", "outside": False}
        spent = perf_counter() - begun
        log.debug("job=%s key=%s seconds=%.3f", job.kind, job.key, spent)
        grown = resident_mb() > memory_mb
        _say(channel, **told, seconds=spent, leaving=grown)
        if grown:
            log.info("grown past %d MB: making room for a fresh worker", memory_mb)
            return


def _say(channel: socket.socket, **said: Any) -> None:
    # A watcher that died cannot be told; the truth it will look at again is on disk.
    with suppress(BrokenPipeError):
        channel.send(json.dumps(said).encode())


def from_outside(error: Exception) -> bool:
    """Whether the fault lies with disk, database or share, and not with what was worked on."""
    return isinstance(error, OSError | StoreAway | SandboxLost)


def note_failure(job: Job, error: Exception) -> None:
    """Log where a job failed, never what the error said: a message may carry a name."""
    where = logs.place(error)
    log.error("job=%s key=%s error=%s at=%s", job.kind, job.key, type(error).__name__, where)


def main(share: str, private: str, calls: str, memory_mb: str, level: str) -> None:
    """The worker’s side of `dispatch`; its channel is its standard input."""
    # A watcher killed without a word takes its workers along: the next one finds nobody at work.
    confine.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    channel = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    workspace = Workspace(Path(share), Path(private))
    logs.begin(as_json=os.environ.get(logs.VARIABLE) == "json", level=level)
    serve(channel, workspace, Calls(**json.loads(calls)), int(memory_mb))


if __name__ == "__main__":
    main(*sys.argv[1:])
