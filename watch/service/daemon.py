"""`parchemin watch`: the one watcher process of a space. It looks, waits and hands out work.

It imports neither forms nor signing and opens no foreign byte: workers do, and their fork server.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from types import FrameType
from typing import TYPE_CHECKING

from casefiles import store
from casefiles.errors import StoreAway
from watch import keyring, logs
from watch.common_store import originals_of
from watch.confinement.sandbox import SandboxServer
from watch.doors.familiar import Familiar
from watch.doors.hints import MOST_FOLLOWED, Hints
from watch.service.dispatch import Calls, Pool
from watch.service.health import Pulse
from watch.service.holder import Hold, hold
from watch.service.notify import Service
from watch.service.patience import STARTING, once_it_answers
from watch.service.recovery import tidy
from watch.service.truth import Truth, open_truth
from watch.service.watcher import Watcher
from watch.settings import Settings, load_settings
from watch.share.workspace import Workspace

if TYPE_CHECKING:
    from watch.service.measures import Measures
    from watch.service.shared import SharedHands

log = logging.getLogger("parchemin.daemon")

AWAY = 2.0


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What one run did. seconds: wall time, settling included; failed: jobs that went wrong."""

    files: int
    failed: int
    seconds: float

    @property
    def files_per_second(self) -> float:
        """Files answered by second of the run."""
        return self.files / self.seconds if self.seconds else 0.0

    @property
    def sentence(self) -> str:
        """The same, for a person."""
        many = "s" if self.files > 1 else ""
        rate = f" ({self.files_per_second:.1f} par seconde)".replace(".", ",") if self.files else ""
        said = f"{self.files} fichier{many} traité{many} en {self.seconds:.0f} s{rate}"
        left = "travail" if self.failed == 1 else "travaux"
        return f"{said} ; {self.failed} {left} à reprendre." if self.failed else f"{said}."


def _present() -> datetime:
    return datetime.now(UTC)


def run(
    workspace: Workspace,
    *,
    once: bool = False,
    settling: float | None = None,
    debug: bool = False,
    calls: Calls = Calls(),  # noqa: B008 — frozen
    clock: Callable[[], datetime] = _present,
    began: Callable[[], None] = lambda: None,
) -> Summary:
    """Watch until SIGTERM or SIGINT; with `once`, until nothing is left to do.

    settling: seconds, instead of the settings’ own; debug: whether the logs tell all they can.
    clock: what steps are due by; `calls` names the workers’ own; `began` is called once it watches.
    SettingsError, SpaceHeld or
    ParcheminError when the watch cannot begin.
    """
    settings = load_settings(workspace.settings_file)
    os.environ[logs.VARIABLE] = settings.logs
    logs.begin(as_json=settings.logs == "json", level="DEBUG" if debug else None)
    keyring.ask_missing(settings)
    begun = time.monotonic()
    with ExitStack() as stack:
        held = hold(workspace, datetime.now(UTC))
        stack.callback(held.release)
        originals = originals_of(workspace, settings.originals_folder)
        tidy(workspace, originals, alone=not settings.work.queue)
        sandbox = None if settings.work.queue else SandboxServer()
        if sandbox is not None:
            stack.callback(sandbox.close)
        pool = once_it_answers(lambda: _hands(workspace, settings, calls, sandbox))
        hints = Hints(workspace)
        stack.callback(hints.stop)
        hints.start()
        database = settings.database or store.sqlite_url(workspace.journal_file)
        truth = once_it_answers(lambda: open_truth(database))
        pulse = Pulse()
        watcher = Watcher(
            workspace,
            truth,
            pool,
            settling=settings.inbox.settling if settling is None else settling,
            rescan=settings.inbox.rescan,
            clock=clock,
            patrol=not once,
            familiar=Familiar(workspace.familiar_file),
        )
        stop = _Stop(hints)
        stack.callback(stop.restore)
        try:
            watcher.ear = _measured(settings, pulse, pool, truth, stack)
            began()
            _loop(workspace, watcher, pool, hints, sandbox, stop, held, settings, pulse, once=once)
        finally:
            Service().stopping()
            watcher.ended(pool.close(), time.monotonic())
    return Summary(
        files=watcher.tally.files,
        failed=watcher.tally.failed,
        seconds=time.monotonic() - begun,
    )


def _hands(
    workspace: Workspace, settings: Settings, calls: Calls, sandbox: SandboxServer | None
) -> "Pool | SharedHands":
    """Workers of our own, or those of every machine when the settings name a common queue."""
    if sandbox is None:
        # Imported late: most spaces have neither PostgreSQL nor its libraries.
        from watch.service.shared import SharedHands

        return SharedHands(settings.work.queue, workspace.id)
    return Pool(
        workspace,
        settings.work.workers,
        calls=calls,
        sandbox=sandbox.address,
        memory_mb=settings.work.worker_memory_mb,
    )


def _measured(
    settings: Settings,
    pulse: Pulse,
    pool: "Pool | SharedHands",
    truth: Truth,
    stack: ExitStack,
) -> "Measures | None":
    """What counts for `/metrics`, when the settings ask for it; answered until the stack ends."""
    if not settings.monitoring.port:
        return None
    # Imported late: most watches are not asked.
    from watch.service.measures import Measures
    from watch.service.monitor import Monitor

    measures = Measures(pulse, pool, truth)
    monitor = Monitor(settings.monitoring, pulse, measures, settings.inbox.rescan)
    stack.callback(monitor.close)
    return measures


class _Stop:
    """Asked to stop, by SIGTERM or SIGINT; wakes the loop."""

    def __init__(self, hints: Hints) -> None:
        self.asked = False
        self._hints = hints
        self._before = {s: signal.signal(s, self._ask) for s in (signal.SIGTERM, signal.SIGINT)}

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        self._hints.rouse()

    def restore(self) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)


def _loop(
    workspace: Workspace,
    watcher: Watcher,
    pool: "Pool | SharedHands",
    hints: Hints,
    sandbox: SandboxServer | None,
    stop: _Stop,
    held: Hold,
    settings: Settings,
    pulse: Pulse,
    *,
    once: bool,
) -> None:
    service = Service()
    service.ready()
    if sandbox is None:
        log.info("watching; the workers of every machine take the jobs")
    else:
        log.info("watching, with %d workers", settings.work.workers)
    housekeeping = _Housekeeping(workspace, hints, sandbox, held, service, settings.inbox.rescan)
    looked_again = looked_everywhere = False
    answered = time.monotonic()
    while not stop.asked:
        now = time.monotonic()
        # First, whatever follows: a database that is away is no reason to be taken for dead.
        again = housekeeping.turn(now)
        pulse.database = True
        try:
            again = min(watcher.turn(now), again)
            idle = once and watcher.idle(now)
            answered = now
        except StoreAway:
            # The truth is away: nothing is decided until it answers again. Who only passes does not
            # wait for ever: what is waiting will be found by the next one.
            if once and now - answered > STARTING:
                raise
            log.warning("the database does not answer")
            again, idle, pulse.database = now + AWAY, False, False
        pulse.share, pulse.workers = not watcher.away, pool.ready
        pulse.waiting = watcher.waiting
        pulse.turned, pulse.reconciled = time.monotonic(), watcher.reconciled
        if idle:
            if looked_again:
                return
            # Files may have come during the last jobs: one more scan before leaving.
            looked_again = True
            if not looked_everywhere:
                looked_everywhere = True
                watcher.look_everywhere()
            watcher.scan_now()
            continue
        done = pool.wait(max(again - time.monotonic(), 0), hints.wake)
        looked_again = looked_again and not done
        watcher.ended(done, time.monotonic())
        watcher.hint(hints.take())


class _Housekeeping:
    """What is done now and then beside the watch: signs of life, the fork server, the events."""

    def __init__(
        self,
        workspace: Workspace,
        hints: Hints,
        sandbox: SandboxServer | None,
        held: Hold,
        service: Service,
        every: float,
    ) -> None:
        self._workspace = workspace
        self._hints = hints
        self._sandbox = sandbox
        self._held = held
        self._service = service
        self._every = every
        self._next = 0.0
        self._next_sign = 0.0

    def turn(self, now: float) -> float:
        """Do what is due; when to come back."""
        if self._service.interval is not None and now >= self._next_sign:
            self._service.alive()
            self._next_sign = now + self._service.interval
        if now >= self._next:
            self._next = now + self._every
            if self._sandbox is not None:
                self._sandbox.revive()
            try:
                self._held.refresh(datetime.now(UTC))
                with os.scandir(self._workspace.cases) as cases:
                    few = sum(1 for _ in islice(cases, MOST_FOLLOWED + 1)) <= MOST_FOLLOWED
                self._hints.follow_cases(few)
            except OSError as error:
                log.warning("the share does not answer (%s)", type(error).__name__)
        return min(self._next, self._next_sign) if self._service.interval else self._next
