"""One turn of the watch: scan, wait for files to settle, claim, hand out jobs, follow what moved.

Nothing here sleeps or reads a clock: the daemon says what time it is and when a job ended, and is
told when to come back. File names never reach the logs.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from time import perf_counter
from typing import Protocol

from casefiles.projection import BLANKS
from casefiles.system import being_written
from watch.doors import claims
from watch.doors.familiar import Familiar
from watch.doors.inbox import DOORS, Door, Seen, Tracker, scan
from watch.service.dispatch import Done, Job
from watch.service.patience import Patience
from watch.service.patrol import Given, Patrol
from watch.share.workspace import Workspace

log = logging.getLogger("parchemin.watcher")

DUE_EVERY = 5.0
ABSENT_EVERY = 2.0
AT_A_TIME = 8
# Failures of its own before a file is answered unopened; deaths in a row before a step has failed.
POISON, FALLEN = 5, 2
# watchdog holds every event back for half a second behind a move out, such as our own claims.
BLIND = 0.7
BOARD = "tableau"
# Shown before anybody drops anything: the forms to start from, the board, the page that checks.
ANCHOR = "ancre"
FIRST = (BLANKS, BOARD, "verification", ANCHOR)


class Hands(Protocol):
    """The pool, as the watcher uses it."""

    @property
    def busy(self) -> bool:
        """Whether a job is being done or waits."""

    def room(self) -> int:
        """How many more claims may be submitted."""

    def holds(self, job: Job) -> bool:
        """Whether that job waits or is being done."""

    def submit(self, job: Job) -> bool:
        """Queue a job, once; False when full."""


class Asked(Given, Protocol):
    """The truth, as the watcher and its patrol ask it."""

    def due(self, now: datetime) -> tuple[str, ...]:
        """The streams with a step whose time has come."""

    def known(self, door: str, sha256: str) -> bool:
        """Whether these bytes are no drop where they stand: made here, or answered before."""


class Ear(Protocol):
    """Told of each file as it is taken, then as it is answered."""

    def received(self) -> None:
        """A file was claimed."""

    def answered(self, streams: Iterable[str], seconds: float | None) -> None:
        """Its receipts are committed; seconds since the file last moved, None if nobody knows."""


@dataclass
class Tally:
    """What was done so far: files answered, jobs that failed."""

    files: int = 0
    failed: int = 0


class Watcher:
    """The watch over one space. `now` in every method is monotonic seconds.

    clock: aware times. rescan: seconds between two whole scans. patrol: whether it goes round, at
    each of them. reconciled: when the share was last gone through whole, None before the first
    time.
    """

    def __init__(
        self,
        workspace: Workspace,
        truth: Asked,
        hands: Hands,
        *,
        settling: float,
        rescan: float,
        clock: Callable[[], datetime],
        patrol: bool = True,
        familiar: Familiar | None = None,
    ) -> None:
        self._workspace = workspace
        self.ear: Ear | None = None
        self._moved: dict[str, float] = {}
        self._truth = truth
        self._hands = hands
        self._clock = clock
        self._rescan = rescan
        self._familiar = familiar or Familiar()
        self._tracker = Tracker(settling, self._familiar)
        self._patience = Patience()
        self._hinted: set[Door] = set()
        # Until a worker has opened the space and shown the blanks, ours cannot be told there.
        self._closed: set[Door] = {"vierges", "a_corriger"}
        self._patrol = Patrol(workspace, truth)
        self._goes_round = patrol
        self._not_before = 0.0
        self._blind_until = 0.0
        self._next_scan = 0.0
        self._next_due = 0.0
        self._touched = dict.fromkeys(FIRST)
        self._insisted: set[str] = set()
        self._pending: dict[str, None] = {}
        self._anchored: date | None = None
        self._wrong: Counter[str] = Counter()
        self._deaths: Counter[str] = Counter()
        self._board_not_before = 0.0
        self._away = False
        self.reconciled: float | None = None
        self.tally = Tally()

    def hint(self, doors: Iterable[Door]) -> None:
        """Something may have moved at these doors."""
        self._hinted.update(doors)

    def ended(self, done: Iterable[Done], now: float) -> None:
        """Jobs ended: what they touched is to be advanced; what failed rests."""
        for one in done:
            key = (one.job.kind, one.job.key)
            if one.error:
                self.tally.failed += 1
                times = self._patience.more(key, now)
                log.warning("%s %s: %s (%d)", one.job.kind, one.job.key, one.error, times)
                if one.job.kind == "intake":
                    self._pending[one.job.key] = None
                    self._went_wrong(one)
                elif one.died:
                    self._fell(one.job.key)
                elif one.job.key in FIRST:
                    # No step and no event would bring these back.
                    self._touched[one.job.key] = None
                continue
            if one.job.key == BOARD:
                self._board_not_before = now + 5 * one.seconds
            elif one.job.key == BLANKS:
                self._closed.clear()
                self.hint(["vierges", "a_corriger"])
            self._deaths.pop(one.job.key, None)
            if one.job.kind == "intake":
                self._patience.over(key)
                self._wrong.pop(one.job.key, None)
                self.tally.files += bool(one.streams)
                self._tell(one, now)
            for stream in one.streams:
                self._patience.over(("advance", stream))
                self._touched[stream] = None

    def _tell(self, one: Done, now: float) -> None:
        moved = self._moved.pop(one.job.key, None)
        if self.ear is not None:
            self.ear.answered(one.streams, None if moved is None else now - moved)

    def _went_wrong(self, one: Done) -> None:
        """A file that its readers fail on, whatever the day, is answered unopened in the end."""
        self._wrong[one.job.key] += not one.outside
        if self._wrong[one.job.key] < POISON:
            return
        del self._wrong[one.job.key]
        log.error("intake %s: blocked after %d failures", one.job.key, POISON)
        try:
            claims.condemn(self._workspace, one.job.key)
        except OSError as error:
            log.warning("a claim could not be condemned (%s)", type(error).__name__)

    def _fell(self, stream: str) -> None:
        """A step that ends its worker says nothing: after two deaths, another records it failed."""
        self._deaths[stream] += 1
        if self._deaths[stream] >= FALLEN and stream not in FIRST:
            self._hands.submit(Job("fallen", stream))

    def turn(self, now: float) -> float:
        """Do all that can be done at this instant; when to turn again at the latest."""
        if not self._is_there():
            return now + ABSENT_EVERY
        self._look(now)
        self._recover(now)
        self._claim(now)
        if now >= self._next_due:
            self._next_due = now + DUE_EVERY
            due = self._truth.due(self._clock())
            for stream in self._insisted - set(due):
                self._patience.over(("advance", stream))
            self._insisted = set(due)
            self._insist(due, now)
            if self._anchored != self._clock().date():
                self._anchored = self._clock().date()
                self._touched |= dict.fromkeys((ANCHOR, "verification"))
        self._advance_touched(now)
        return self._wake_at(now)

    def idle(self, now: float) -> bool:
        """Whether nothing is left but what waits for a person, or rested three times in vain."""
        if self._away or self._hands.busy or self._wants(now) or len(self._tracker) or self._hinted:
            return False
        if any(self._patience.times(("intake", one)) < 3 for one in self._pending):
            return False
        left = {*self._truth.due(self._clock()), *self._truth.unpublished()}
        waiting = [s for s in left if self._patience.times(("advance", s)) < 3]
        self._insist(waiting, now)
        return not waiting

    def _wants(self, now: float) -> bool:
        resting = (self._patience.times(("advance", s)) >= 3 for s in self._touched)
        return bool(self._touched) and not all(resting)

    @property
    def waiting(self) -> int:
        """How many dropped files are not taken yet."""
        return len(self._tracker)

    @property
    def away(self) -> bool:
        """Whether the share is away."""
        return self._away

    def scan_now(self) -> None:
        """Scan everything at the next turn."""
        self._next_scan = 0.0

    def _is_there(self) -> bool:
        away = not self._workspace.is_present()
        if away != self._away:
            self._away = away
            log.warning(
                "the share is %s", "away: nothing is done until it is back" if away else "back"
            )
            self.scan_now()
        return not away

    def _look(self, now: float) -> None:
        whole = now >= self._next_scan
        if now < self._blind_until:
            self._hinted |= {"inbox", "bureau"}
        if not whole and (not self._hinted or now < self._not_before):
            return
        asked = (set(DOORS) if whole else self._hinted) - self._closed
        doors = tuple(one for one in DOORS if one in asked)
        self._hinted.clear()
        begun = perf_counter()
        self._tracker.update(scan(self._workspace, doors, self._familiar), doors, now)
        self._familiar.keep()
        # A long copy hints without end: scanning takes at most a fifth of the time. A whole scan,
        # long when there are many cases, keeps nobody’s drop waiting: it comes but once a minute.
        spent = 0.0 if whole else perf_counter() - begun
        self._not_before = now + max(0.1, 5 * spent)
        if whole:
            self._next_scan = now + self._rescan
            self._pending |= {one.id: None for one in claims.pending(self._workspace)}
            self._advance_all(self._truth.unpublished(), now)
            self._patience.tidy(now)
            if self._goes_round:
                self._advance_all(self._patrol.next(), now)
            if self._patrol.others_astray():
                self._touched[BOARD] = None
            self.reconciled = now

    def look_everywhere(self) -> None:
        """Have everything brought back that the share lacks, for who scans once more and leaves."""
        self._touched |= dict.fromkeys(self._patrol.everywhere())

    def _recover(self, now: float) -> None:
        for id_ in list(self._pending):
            if self._hands.room() == 0:
                return
            if not self._patience.resting(("intake", id_), now):
                self._hands.submit(Job("intake", id_))
                del self._pending[id_]

    def _claim(self, now: float) -> None:
        room = self._hands.room()
        if not room:
            return
        # A few at a time: the workers wait for us meanwhile.
        for seen in self._tracker.settled(now, at_most=min(room, AT_A_TIME)):
            if not seen.problem and being_written(seen.path):
                self._tracker.put_off(seen, now)
            elif claims.stands(seen, self._truth.known):
                self._tracker.handled(seen)
            elif taken := self._take(seen, now):
                if self.ear is not None:
                    self.ear.received()
                    self._moved[taken.id] = self._tracker.since(seen) or now
                self._tracker.handled(seen)
                self._hands.submit(Job("intake", taken.id))
                self._blind_until = now + BLIND
                if seen.door == "vierges":
                    self._touched[BLANKS] = None

    def _take(self, seen: Seen, now: float) -> claims.Claim | None:
        try:
            return claims.claim(self._workspace, seen, self._clock())
        except OSError as error:
            log.warning("a file could not be claimed (%s)", type(error).__name__)
            self._tracker.put_off(seen, now)
            return None

    def _advance_all(self, streams: Iterable[str], now: float) -> list[str]:
        """Hand out these streams, but for those in hand or at rest; those handed out."""
        free = [
            stream
            for stream in streams
            if not self._patience.resting(("advance", stream), now)
            and not self._hands.holds(Job("advance", stream))
        ]
        return [stream for stream in free if self._hands.submit(Job("advance", stream))]

    def _insist(self, streams: Iterable[str], now: float) -> None:
        # A stream that is still due once advanced has a step that leads nowhere: later and later.
        for stream in self._advance_all(streams, now):
            self._patience.more(("advance", stream), now)

    def _advance_touched(self, now: float) -> None:
        for stream in list(self._touched):
            if stream in FIRST and self._patience.resting(("advance", stream), now):
                continue
            # The board shows every case: drawing it takes at most a sixth of one worker’s time.
            if stream == BOARD and (
                now < self._board_not_before or self._hands.holds(Job("advance", BOARD))
            ):
                continue
            if not self._hands.submit(Job("advance", stream)):
                return
            del self._touched[stream]

    def _wake_at(self, now: float) -> float:
        times = [self._next_scan, self._next_due]
        if self._hinted or now < self._blind_until:
            times.append(self._not_before)
        settles = self._tracker.next_due() if self._hands.room() else None
        rests = self._patience.next_end(now)
        times += [time for time in (settles, rests) if time is not None]
        if BOARD in self._touched and self._board_not_before > now:
            times.append(self._board_not_before)
        return max(min(times), now)
