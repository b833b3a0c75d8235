"""Hands out jobs to the workers of other machines, through the queue they share.

To the watcher it is one more pool: jobs go in, ends come out. An end that was not heard (the
database restarted, the notification was lost) is found by looking which jobs are still there.
"""

import logging
import select
import time
from contextlib import suppress
from typing import Any

import psycopg
from procrastinate.exceptions import ConnectorException

from casefiles.errors import StoreAway
from watch.service import queue as queues
from watch.service.dispatch import Done
from watch.service.queue import Queue
from watch.service.worker import Job

log = logging.getLogger("parchemin.shared")

LOOK_EVERY = 5.0
RECONNECT_EVERY = 2.0
_AWAY = (psycopg.OperationalError, ConnectorException, StoreAway)


class SharedHands:
    """The workers of all machines, seen from one space’s watcher. Times are monotonic seconds.

    capacity: claims that may wait (streams: eight times it). look_every: seconds between two looks
    at the queue itself.
    """

    def __init__(
        self, url: str, space: str, *, capacity: int = 256, look_every: float = LOOK_EVERY
    ) -> None:
        self._address = queues.plain(url)
        self._queue: Queue = queues.open_queue(url, space)
        self._listening: psycopg.Connection[Any] | None = None
        self._capacity = capacity
        self._look_every = look_every
        self._known: set[Job] = set()
        self._again: set[Job] = set()
        self._next_look = 0.0
        self._not_before = 0.0

    pids: tuple[int, ...] = ()
    """The workers are other machines’: none is ours to measure, nor to replace."""

    @property
    def restarts(self) -> dict[str, int]:
        """Nothing: `parchemin work` is replaced by whoever started it."""
        return {}

    @property
    def ready(self) -> bool:
        """Whether the common queue answers."""
        return time.monotonic() >= self._not_before

    @property
    def depth(self) -> dict[str, int]:
        """Jobs that wait or are being done, by kind."""
        intakes = sum(job.kind == "intake" for job in self._known)
        return {"intake": intakes, "advance": len(self._known) - intakes}

    @property
    def busy(self) -> bool:
        """Whether a job of ours waits or is being done."""
        return bool(self._known)

    def room(self) -> int:
        """How many more claims may be submitted; none while the database is away."""
        if time.monotonic() < self._not_before:
            return 0
        return max(self._capacity - sum(job.kind == "intake" for job in self._known), 0)

    def holds(self, job: Job) -> bool:
        """Whether that job waits or is being done."""
        return job in self._known

    def submit(self, job: Job) -> bool:
        """Queue a job, once; a stream handed out already is worked on again after. False if full,
        or while the database is away.
        """
        if job in self._known:
            if job.kind != "intake":
                self._again.add(job)
            return True
        intake = job.kind == "intake"
        alike = sum((known.kind == "intake") == intake for known in self._known)
        if time.monotonic() < self._not_before or alike >= self._capacity * (1 if intake else 8):
            return False
        try:
            self._queue.put(job)
        except _AWAY as error:
            self._rest(error)
            return False
        self._known.add(job)
        return True

    def wait(self, timeout: float | None, *wake: Any) -> list[Done]:
        """The jobs that ended, as soon as one does, a `wake` file is readable, or time is up."""
        ended: list[Done] = []
        try:
            connection = self._connection()
            self._sleep(timeout, connection, *wake)
            if connection is not None:
                ended = self._heard(connection)
                self._known -= {done.job for done in ended}
                ended += self._look()
        except _AWAY as error:
            self._rest(error)
        self._known -= {done.job for done in ended}
        for job in self._again - self._known:
            self._again.discard(job)
            if not self.submit(job):
                self._again.add(job)
        return ended

    def _sleep(
        self, timeout: float | None, connection: "psycopg.Connection[Any] | None", *wake: Any
    ) -> None:
        now = time.monotonic()
        next_ = self._next_look if connection is not None else self._not_before
        ends = [next_ - now, *([] if timeout is None else [timeout])]
        watched = [*wake, *([] if connection is None else [connection])]
        select.select(watched, [], [], max(min(ends), 0))

    def close(self, grace: float = 60.0) -> list[Done]:
        """Leave: what is queued goes on elsewhere, and is found done at the next start."""
        if self._listening is not None:
            with suppress(psycopg.Error):
                self._listening.close()
        with suppress(psycopg.Error):
            self._queue.app.close()
        return []

    def _connection(self) -> "psycopg.Connection[Any] | None":
        if self._listening is None and time.monotonic() >= self._not_before:
            # It may come back empty, or be another: a queue that was lost is begun anew.
            queues.prepare(self._address)
            self._listening = queues.listen(self._address, [self._queue.space])
            self._next_look = 0.0
        return self._listening

    def _heard(self, connection: "psycopg.Connection[Any]") -> list[Done]:
        found = []
        for notice in connection.notifies(timeout=0):
            with suppress(ValueError, KeyError, TypeError):
                done = queues.heard(notice.payload)
                if done.job in self._known:
                    found.append(done)
        return found

    def _look(self) -> list[Done]:
        """The jobs we know of that the queue no longer holds: they ended, and nobody was heard."""
        now = time.monotonic()
        if now < self._next_look:
            return []
        self._next_look = now + self._look_every
        if not self._known:
            return []
        return [Done(job=job) for job in self._known - self._queue.alive()]

    def _rest(self, error: Exception) -> None:
        log.warning("the common queue does not answer (%s)", type(error).__name__)
        self._not_before = time.monotonic() + RECONNECT_EVERY
        if self._listening is not None:
            with suppress(psycopg.Error):
                self._listening.close()
            self._listening = None
