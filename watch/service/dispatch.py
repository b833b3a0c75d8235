"""Hands jobs to worker processes: never two of one stream at once, never more than it can hold.

A queue is a hint: a worker that dies takes its job with it, says nothing, and is replaced; whoever
feeds the pool finds the job again in the claims folder or among the open steps.
"""

import json
import logging
import os
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from casefiles.errors import ParcheminError
from casefiles.system import packet_pair
from watch import logs
from watch.confinement.sandbox import ADDRESS_VARIABLE
from watch.service.worker import PACKET, Calls, Job, Kind
from watch.share.workspace import Workspace

__all__ = ["Calls", "Done", "Job", "Pool"]

log = logging.getLogger("parchemin.dispatch")

# A step whose worker died twice is told of in the same queue as the steps.
_QUEUE: dict[Kind, Kind] = {
    "intake": "intake",
    "advance": "advance",
    "fallen": "advance",
}


@dataclass(frozen=True, kw_only=True)
class Done:
    """A job’s end. error: "" or the kind of the error; died: its worker ended under it.

    outside: the fault lies with disk, database or share, not with what was worked on. seconds: how
    long the worker took over it.
    """

    job: Job
    streams: tuple[str, ...] = ()
    error: str = ""
    died: bool = False
    outside: bool = False
    seconds: float = 0.0


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    channel: socket.socket
    ready: bool = False
    retiring: bool = False
    job: Job | None = None
    begun: float = 0.0
    broken: tuple[str, str] | None = None


@dataclass
class _Queue:
    waiting: deque[Job] = field(default_factory=deque)
    known: set[Job] = field(default_factory=set)


class Pool:
    """`workers` processes over one space. capacity: claims that may wait (streams: eight times it).

    sandbox: the address of the fork server they share, "" for one each. job_seconds: after which a
    job’s worker is ended. Times are monotonic seconds. restarts: workers replaced, by what ended
    them.
    """

    def __init__(
        self,
        workspace: Workspace,
        workers: int,
        *,
        calls: Calls = Calls(),  # noqa: B008 — frozen
        sandbox: str = "",
        memory_mb: int = 800,
        job_seconds: float = 900.0,
        capacity: int = 16,
    ) -> None:
        self._workspace = workspace
        self._calls = calls
        self._sandbox = sandbox
        self._memory_mb = memory_mb
        self._job_seconds = job_seconds
        self._capacity = capacity
        self._queues: dict[Kind, _Queue] = {"intake": _Queue(), "advance": _Queue()}
        self._turn: Kind = "intake"
        self._again: set[Job] = set()
        self._selector = selectors.DefaultSelector()
        self._opened = False
        self._failures = 0
        self._restart_at = 0.0
        self._wanted = workers
        self._workers: list[_Worker] = []
        self.restarts = {"died": 0, "grown": 0}
        self._hire()

    @property
    def pids(self) -> tuple[int, ...]:
        """The worker processes now."""
        return tuple(worker.process.pid for worker in self._workers)

    @property
    def ready(self) -> bool:
        """Whether a worker at least has opened the space, and lives."""
        return any(worker.ready or worker.retiring for worker in self._workers)

    @property
    def depth(self) -> dict[str, int]:
        """Jobs that wait or are being done, by kind."""
        return {kind: len(queue.known) for kind, queue in self._queues.items()}

    @property
    def busy(self) -> bool:
        """Whether a job is being done or waits."""
        return any(w.job for w in self._workers) or any(q.waiting for q in self._queues.values())

    def room(self) -> int:
        """How many more claims may be submitted."""
        return max(self._capacity - len(self._queues["intake"].waiting), 0)

    def holds(self, job: Job) -> bool:
        """Whether that job waits or is being done."""
        return job in self._queues[_QUEUE[job.kind]].known

    def submit(self, job: Job) -> bool:
        """Queue a job, once; a stream being worked on is worked on again after. False when full."""
        queue = self._queues[_QUEUE[job.kind]]
        if job in queue.known:
            if job.kind == "advance" and any(w.job == job for w in self._workers):
                self._again.add(job)
            return True
        if len(queue.waiting) >= self._capacity * (1 if job.kind == "intake" else 8):
            return False
        queue.known.add(job)
        queue.waiting.append(job)
        self._assign()
        return True

    def wait(self, timeout: float | None, *wake: Any) -> list[Done]:
        """The jobs that ended, as soon as one does, a `wake` file is readable, or time is up.

        ParcheminError when no worker has ever been able to open the space.
        """
        self._hire()
        for one in wake:
            self._selector.register(one, selectors.EVENT_READ, None)
        try:
            ready = self._selector.select(self._patience(timeout))
        finally:
            for one in wake:
                self._selector.unregister(one)
        ended = [done for key, _ in ready if key.data and (done := self._heard(key.data))]
        self._end_overdue()
        self._hire()
        self._assign()
        return ended

    def close(self, grace: float = 60.0) -> list[Done]:
        """Let the jobs being done end, within `grace` seconds, then end the workers."""
        for queue in self._queues.values():
            queue.waiting.clear()
        self._again.clear()
        self._wanted = 0
        until = time.monotonic() + grace
        ended: list[Done] = []
        while any(w.job for w in self._workers) and (left := until - time.monotonic()) > 0:
            ended += self.wait(left)
        for worker in list(self._workers):
            worker.channel.close()
        for worker in list(self._workers):
            try:
                worker.process.wait(timeout=5 if worker.job is None else 0.1)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
        self._workers.clear()
        self._selector.close()
        return ended

    def _patience(self, timeout: float | None) -> float | None:
        now = time.monotonic()
        ends = [w.begun + self._job_seconds - now for w in self._workers if w.job]
        if len(self._workers) < self._wanted:
            ends.append(self._restart_at - now)
        if timeout is not None:
            ends.append(timeout)
        return max(min(ends), 0) if ends else None

    def _heard(self, worker: _Worker) -> Done | None:
        try:
            packet = worker.channel.recv(PACKET)
        except OSError:
            packet = b""
        if not packet:
            return self._lost(worker)
        said = json.loads(packet)
        if "ready" in said:
            worker.ready, self._opened, self._failures = True, True, 0
            return None
        if "broken" in said:
            message, remedy = said["broken"]
            worker.broken = (message, remedy)
            return None
        if said["leaving"]:
            worker.ready, worker.retiring = False, True
        job, worker.job = worker.job, None
        if job is None:
            return None
        self._forget(job)
        return Done(
            job=job,
            streams=tuple(said["streams"]),
            error=said["error"],
            outside=said["outside"],
            seconds=said["seconds"],
        )

    def _lost(self, worker: _Worker) -> Done | None:
        self._selector.unregister(worker.channel)
        worker.channel.close()
        try:
            worker.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            # Nobody hears it any more, and another takes its place.
            worker.process.kill()
            worker.process.wait()
        self._workers.remove(worker)
        self.restarts["grown" if worker.retiring else "died"] += self._wanted > 0
        if not worker.ready and not worker.retiring:
            self._failures += 1
            self._restart_at = time.monotonic() + min(2.0**self._failures, 60.0)
            if worker.broken and not self._opened and not self._workers:
                raise ParcheminError(*worker.broken)
        job, worker.job = worker.job, None
        if job is None:
            return None
        log.error("worker died: job=%s key=%s", job.kind, job.key)
        self._forget(job)
        return Done(job=job, error="WorkerDied", died=True)

    def _forget(self, job: Job) -> None:
        self._queues[_QUEUE[job.kind]].known.discard(job)
        if job in self._again:
            self._again.discard(job)
            self.submit(job)

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.job and now - worker.begun >= self._job_seconds:
                log.error("job overdue: job=%s key=%s", worker.job.kind, worker.job.key)
                worker.process.kill()
                worker.begun = now

    def _assign(self) -> None:
        for worker in self._workers:
            if worker.job or not worker.ready:
                continue
            job = self._next()
            if job is None:
                return
            worker.job, worker.begun = job, time.monotonic()
            # A worker that just died is heard of at the next wait, with this job.
            with suppress(OSError):
                worker.channel.send(json.dumps(asdict(job)).encode())

    def _next(self) -> Job | None:
        """Both kinds in turn, so that neither a long drop nor long steps starve the other."""
        for _ in range(2):
            queue = self._queues[self._turn].waiting
            self._turn = "advance" if self._turn == "intake" else "intake"
            if queue:
                return queue.popleft()
        return None

    def _hire(self) -> None:
        while len(self._workers) < self._wanted and time.monotonic() >= self._restart_at:
            ours, theirs = packet_pair()
            with theirs:
                process = subprocess.Popen(
                    self._command(), stdin=theirs.fileno(), env=self._environment()
                )
            worker = _Worker(process, ours)
            self._workers.append(worker)
            self._selector.register(ours, selectors.EVENT_READ, worker)

    def _command(self) -> list[str]:
        return [
            sys.executable,
            "-m",
            "watch.service.worker",
            str(self._workspace.share),
            str(self._workspace.private),
            json.dumps(asdict(self._calls)),
            str(self._memory_mb),
            logs.level(),
        ]

    def _environment(self) -> dict[str, str]:
        found = [path for path in sys.path if path and Path(path).is_dir()]
        root = str(Path(__file__).resolve().parents[2])
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, *found])}
        if self._sandbox:
            environment[ADDRESS_VARIABLE] = self._sandbox
        return environment
