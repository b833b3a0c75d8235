"""File system events, which only ever say « look again »: lost, late or too many, none matters.

One module for watchdog. The doors are followed; the cases too while they are few, since the system
counts the folders it follows. Everything else is found by the scan.
"""

import logging
import socket
import threading
import warnings
from pathlib import Path, PurePath
from secrets import token_hex

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from watch.doors.inbox import DOORS, Door
from watch.share.workspace import TO_FILL, Workspace

log = logging.getLogger("parchemin.hints")

MOST_FOLLOWED = 500

_WATCHDOG = logging.getLogger("watchdog")
# Its own words name files, which no log of ours may, and those it says as it stops neither.
_WATCHDOG.propagate = False
_WATCHDOG.addHandler(logging.NullHandler())
# It warns of a new folder met twice, by its walk and by its event: nothing is amiss.
warnings.filterwarnings("ignore", category=RuntimeWarning, module="watchdog")

_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileClosedEvent,
    DirCreatedEvent,
    DirMovedEvent,
]


class NoEvents(OSError):
    """The system has no events left to give."""


def sees_events(folder: Path, seconds: float = 3.0) -> bool:
    """Put a file there and take it away: whether the system says so within that time.

    NoEvents when it follows no more folders; OSError when the file cannot be written.
    """
    told, observer = threading.Event(), Observer()
    try:
        try:
            observer.schedule(_Told(told), str(folder), event_filter=_EVENTS)
            observer.start()
        except OSError as error:
            raise NoEvents(*error.args) from error
        probe = folder / f".essai-{token_hex(4)}.tmp"
        probe.write_bytes(b"essai")
        probe.unlink()
        return told.wait(seconds)
    finally:
        if observer.is_alive():
            observer.stop()
            observer.join(5)


class _Told(FileSystemEventHandler):
    def __init__(self, told: threading.Event) -> None:
        self._told = told

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Whatever it is."""
        self._told.set()


class Hints:
    """Which doors something moved at, since last asked; `wake` becomes readable when one did."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.wake, self._signal = socket.socketpair()
        self.wake.setblocking(False)
        self._signal.setblocking(False)
        self._lock = threading.Lock()
        self._doors: set[Door] = set()
        self._observer: BaseObserver | None = None
        self._cases: list[ObservedWatch] = []
        self._overflow = _Overflow(self)
        _WATCHDOG.addHandler(self._overflow)

    def start(self) -> bool:
        """Follow the doors; False where the system offers no events, and scanning must do."""
        doors: dict[Door, Path] = {
            "inbox": self._workspace.drop_here,
            "bureau": self._workspace.office,
            "vierges": self._workspace.blanks,
            "a_corriger": self._workspace.to_correct,
        }
        observer = Observer()
        observer.start()
        followed = [self._follow(observer, door, folder) for door, folder in doors.items()]
        if not any(followed):
            log.warning("no events: the share is only scanned")
            observer.stop()
            return False
        self._observer = observer
        return True

    def _follow(self, observer: BaseObserver, door: Door, folder: Path) -> ObservedWatch | None:
        handler = _Handler(self, door)
        try:
            return observer.schedule(handler, str(folder), recursive=True, event_filter=_EVENTS)
        except OSError as error:
            log.warning("%s is not followed (%s)", door, type(error).__name__)
            return None

    def follow_cases(self, wanted: bool) -> None:
        """Follow « À remplir » in the cases and sessions too, or stop following it."""
        observer = self._observer
        if observer is None or wanted == bool(self._cases):
            return
        if not wanted:
            for one in self._cases:
                observer.unschedule(one)
            self._cases.clear()
            return
        for folder in (self._workspace.cases, self._workspace.juries):
            if watch := self._follow(observer, "a_remplir", folder):
                self._cases.append(watch)

    def tell(self, door: Door) -> None:
        """Something moved there."""
        with self._lock:
            first = not self._doors
            self._doors.add(door)
        if first:
            self.rouse()

    def rouse(self) -> None:
        """Make `wake` readable."""
        try:
            self._signal.send(b"!")
        except OSError:
            return

    def take(self) -> set[Door]:
        """The doors told since the last call, and silence."""
        with self._lock:
            told, self._doors = self._doors, set()
        try:
            while self.wake.recv(4096):
                pass
        except BlockingIOError:
            pass
        return told

    def stop(self) -> None:
        """Follow nothing any more."""
        _WATCHDOG.removeHandler(self._overflow)
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(timeout=5)
        self.wake.close()
        self._signal.close()


class _Overflow(logging.Handler):
    """The system lost events: watchdog only says so in its log, and every door is looked at."""

    def __init__(self, hints: Hints) -> None:
        super().__init__(logging.WARNING)
        self._hints = hints

    def emit(self, record: logging.LogRecord) -> None:
        """Tell every door."""
        log.warning("events were lost: every door is looked at")
        for door in DOORS:
            self._hints.tell(door)


class _Handler(FileSystemEventHandler):
    def __init__(self, hints: Hints, door: Door) -> None:
        self._hints = hints
        self._door: Door = door

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Tell the door; in a case, only what happens under « À remplir » matters."""
        if self._door == "a_remplir":
            named = (str(event.src_path), str(event.dest_path))
            if not any(TO_FILL in PurePath(path).parts for path in named):
                return
        self._hints.tell(self._door)
