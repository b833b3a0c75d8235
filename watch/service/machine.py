"""`parchemin work`: one worker process of one machine, doing the jobs of the spaces it can open.

It does what a worker of the watcher’s own pool does, one job at a time, and says the end of each.
A machine that dies takes its job with it: the others hand it out again after half a minute.
"""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from time import perf_counter
from types import FrameType
from typing import Any, get_args

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

from casefiles.errors import SettingsError, StoreAway, TakenOver
from casefiles.system import resident_mb
from watch import logs
from watch.confinement.sandbox import ADDRESS_VARIABLE, SandboxServer
from watch.service import queue as queues
from watch.service.dispatch import Done
from watch.service.patience import once_it_answers
from watch.service.worker import (
    Calls,
    Job,
    Kind,
    do,
    from_outside,
    named,
    note_failure,
)
from watch.settings import load_settings
from watch.share.workspace import Workspace

log = logging.getLogger("parchemin.machine")

JOB_SECONDS = 900.0
# Exit codes of a process whose job lasted too long, or was given to another.
OVERDUE, OUTLIVED = 70, 71
TRIES = 3
AGAIN_AFTER = 2.0
PATIENCE = 3.0


def work(
    workspaces: Sequence[Workspace],
    *,
    calls: Calls = Calls(),  # noqa: B008 — frozen
    once: bool = False,
    silence: float = 30.0,
) -> None:
    """Work until SIGTERM or SIGINT; with `once`, until nothing waits.

    silence: seconds after which a worker that gives no sign of life is taken for dead.
    SettingsError when a space cannot be opened, or when they do not share one queue; StoreAway when
    their databases still do not answer after a minute.
    """
    with ExitStack() as stack:
        sandbox = SandboxServer()
        stack.callback(sandbox.close)
        os.environ[ADDRESS_VARIABLE] = sandbox.address
        stack.callback(os.environ.pop, ADDRESS_VARIABLE, None)
        machine = once_it_answers(lambda: _Machine(workspaces, calls, silence))
        stop = _Stop()
        stack.callback(stop.restore)
        while not stop.asked.is_set():
            try:
                machine.prepare()
                asyncio.run(machine.run(stop, wait=not once))
                if once:
                    return
                # It also ends by itself when its connections are cut under it.
            except (psycopg.OperationalError, ConnectorException, StoreAway, OSError) as error:
                log.warning("the common queue does not answer (%s)", type(error).__name__)
            stop.asked.wait(AGAIN_AFTER)


class _Stop:
    """Asked to stop, by SIGTERM or SIGINT: the job being done is finished first."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None
        self._before = {s: signal.signal(s, self._ask) for s in (signal.SIGTERM, signal.SIGINT)}

    async def over(self, running: Coroutine[Any, Any, None]) -> None:
        """Run that until it ends, or until asked to stop."""
        task = asyncio.ensure_future(running)
        self._running = (asyncio.get_running_loop(), task)
        if self.asked.is_set():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        self._running = None

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked.set()
        if self._running is not None:
            loop, task = self._running
            loop.call_soon_threadsafe(task.cancel)

    def restore(self) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)


class _Machine:
    def __init__(self, workspaces: Sequence[Workspace], calls: Calls, silence: float) -> None:
        found = {one.id: (one, load_settings(one.settings_file)) for one in workspaces}
        logs.begin(as_json=any(settings.logs == "json" for _, settings in found.values()))
        addresses = {settings.work.queue for _, settings in found.values()}
        if len(addresses) != 1 or not (address := addresses.pop()):
            raise SettingsError(
                "Ces espaces n’ont pas la même file de travaux commune, ou n’en ont pas.",
                "Donnez à chacun la même adresse « file_commune », sous [travail].",
            )
        self._address = queues.plain(address)
        self._calls = calls
        self._silence = silence
        self._memory_mb = min(settings.work.worker_memory_mb for _, settings in found.values())
        self._spaces = {space: workspace for space, (workspace, _) in found.items()}
        self._offices = {
            space: named(calls.opener)(workspace) for space, workspace in self._spaces.items()
        }
        self.prepare()

    def prepare(self) -> None:
        """Make the queue’s tables if it has none, or has lost them; StoreAway when it is away."""
        queues.prepare(self._address)

    async def run(self, stop: _Stop, *, wait: bool) -> None:
        """One run over one connection; it ends when asked to, or when this process has grown."""
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=self._address, min_size=1, max_size=3, timeout=PATIENCE
            )
        )
        for kind in get_args(Kind):
            app.task(name=kind, pass_context=True)(self._one)

        # Six fields: the last one counts seconds.
        @app.periodic(cron=f"* * * * * */{max(1, round(self._silence / 3))}")
        @app.task(name="rescue", queue=queues.RESCUE, queueing_lock="rescue", pass_context=True)
        async def rescue(context: procrastinate.JobContext, timestamp: int) -> None:
            await self._rescue(app)

        async with app.open_async():
            running = app.run_worker_async(
                queues=[*self._spaces, queues.RESCUE],
                name=f"{socket.gethostname()}-{os.getpid()}",
                wait=wait,
                delete_jobs="always",
                update_heartbeat_interval=self._silence / 3,
                stalled_worker_timeout=self._silence,
                fetch_job_polling_interval=2.0,
                install_signal_handlers=False,
            )
            await stop.over(running)

    def _one(self, context: procrastinate.JobContext, key: str) -> None:
        """Do one job and say its end; an error is an answer, given to the space’s watcher."""
        job = queues.named(context.job)
        space = context.job.queue
        begun = perf_counter()
        streams: tuple[str, ...] = ()
        kind, outside = "", False
        with _overdue(job):
            try:
                streams = do(job, self._spaces[space], self._offices[space], self._calls)
            except TakenOver:
                # Taken for dead, this process leaves as the dead do: to say the job’s end here
                # would be to end it under whoever does it now.
                log.error("taken for dead, its work taken over: job=%s key=%s", job.kind, job.key)
                os._exit(OUTLIVED)
            except Exception as error:
                note_failure(job, error)
                kind, outside = type(error).__name__, from_outside(error)
        done = Done(
            job=job,
            streams=streams,
            error=kind,
            outside=outside,
            seconds=perf_counter() - begun,
        )
        with psycopg.connect(self._address, autocommit=True) as connection:
            _say(connection, space, done)
        if resident_mb() > self._memory_mb:
            log.info("grown past %d MB: making room for a fresh worker", self._memory_mb)
            os.kill(os.getpid(), signal.SIGTERM)

    async def _rescue(self, app: procrastinate.App) -> None:
        """Hand out again the jobs of the dead; tell the watcher of those that keep killing."""
        for space in self._spaces:
            stalled = await app.job_manager.get_stalled_jobs(
                queue=space, seconds_since_heartbeat=self._silence
            )
            for one in stalled:
                if one.attempts < TRIES:
                    log.warning("rescued: job=%s key=%s", one.task_name, one.task_kwargs["key"])
                    await app.job_manager.retry_job(one)
                    continue
                job = queues.named(one)
                log.error("worker died %d times: job=%s key=%s", one.attempts, job.kind, job.key)
                # Told first: a watcher that finds the job gone takes it for done.
                done = Done(job=job, error="WorkerDied", died=True)
                await app.connector.execute_query_async(
                    "SELECT pg_notify(%(channel)s, %(told)s)",
                    channel=queues.channel(space),
                    told=queues.told(done),
                )
                await app.job_manager.finish_job(one, Status.FAILED, delete_job=True)


def _say(connection: "psycopg.Connection[Any]", space: str, done: Done) -> None:
    # A watcher that is not there cannot be told; it will look at the queue, and at the truth.
    with suppress(psycopg.Error):
        connection.execute("SELECT pg_notify(%s, %s)", [queues.channel(space), queues.told(done)])


@contextmanager
def _overdue(job: Job) -> Iterator[None]:
    """A job that lasts too long ends this process; it is rescued, or told of, by another."""

    def end() -> None:
        log.error("job overdue: job=%s key=%s", job.kind, job.key)
        os._exit(OVERDUE)

    timer = threading.Timer(JOB_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
