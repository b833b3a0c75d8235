"""`parchemin bench folder`: the watcher as a process, measured from outside through its folder.

How long from a drop to its receipt when nothing else happens, beyond the settling delay; how many
files per second, in how much memory, when hundreds stand at the door; and how long a single drop
waits behind such a heap.
"""

import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from casefiles.errors import ParcheminError
from watch.commands.bench_processes import high_water
from watch.commands.bench_rows import row
from watch.commands.rehearsal.people import People
from watch.office import Office, now, open_office
from watch.reception.acting import follow
from watch.share.founding import create
from watch.share.workspace import locate

SETTLING = 0.5
PATIENCE = 60.0
NONE: Mapping[str, str] = {}


def run(drops: int, files: int) -> list[dict[str, Any]]:
    """The rows, without peers: p50 and p99 of receipts, files per second, peak memory."""
    with TemporaryDirectory(prefix="parchemin-mesure-") as folder:
        root = Path(folder)
        return [
            *_receipts(root / "un à un", drops),
            *_at_once(root / "tas", files),
            *_behind_a_heap(root / "derrière", files),
        ]


class Place:
    """A space with a short settling delay, and the people who fill its forms.

    settings: the lines to write otherwise in its settings file, by name.
    """

    def __init__(self, root: Path, settings: Mapping[str, str] = NONE) -> None:
        desk = root / "bureau"
        desk.mkdir(parents=True)
        self.space = locate(root / "Partage")
        create(self.space, demo_keys=True, at=now())
        file = self.space.settings_file
        text = file.read_text(encoding="utf-8")
        for name, value in {"repos": str(SETTLING), **settings}.items():
            text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        file.write_text(text, encoding="utf-8")
        self.office: Office = open_office(self.space)
        follow(self.office, ("vierges",))
        self.people = People(self.office, desk)

    def watch(self, *options: str) -> "subprocess.Popen[bytes]":
        """The watcher, as a process."""
        command = [sys.executable, "-m", "watch.cli", "watch", str(self.space.share), *options]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def inscriptions(self, count: int) -> Iterator[Path]:
        """As many inscriptions, each of somebody else."""
        for number in range(1, count + 1):
            self.people.newcomer = number
            yield self.people.inscription()

    def drop(self, source: Path, name: str) -> None:
        """Put a copy at the door."""
        (self.space.drop_here / name).write_bytes(source.read_bytes())

    def receipts(self) -> int:
        """How many drops were answered."""
        return sum(1 for _ in self.space.receipts.rglob("*.txt"))

    def is_idle(self) -> bool:
        """Whether nothing is left to do."""
        journal = self.office.journal
        return not journal.due(now()) and not journal.unpublished()


def _receipts(root: Path, drops: int) -> Iterator[dict[str, Any]]:
    """An inscription at a time, each dropped when the one before has all its forms."""
    place = Place(root)
    sources = list(place.inscriptions(drops))
    watcher = place.watch()
    try:
        waits = []
        _until(lambda: place.space.board.exists())
        for count, source in enumerate(sources):
            _until(place.is_idle)
            place.drop(source, f"{count}.pdf")
            dropped = time.monotonic()
            _until(lambda wanted=count + 1: place.receipts() >= wanted)
            waits.append(1000 * (time.monotonic() - dropped - SETTLING))
    finally:
        watcher.terminate()
        watcher.wait(timeout=PATIENCE)
    centiles = statistics.quantiles(waits, n=100, method="inclusive")
    yield row("drop.receipt.p50", centiles[49], "ms")
    yield row("drop.receipt.p99", centiles[98], "ms")


def _at_once(root: Path, files: int) -> Iterator[dict[str, Any]]:
    """Whole cases’ returns, all at the door before the watcher starts."""
    place = Place(root)
    cases = max(1, files // 10)
    for count, source in enumerate(place.inscriptions(cases)):
        place.drop(source, f"{count}.pdf")
    place.watch("--once").wait()
    before, count = place.receipts(), 0
    for _, _, summary in place.office.journal.summaries("dossier"):
        number = str(summary["number"])
        people = place.people
        for source in (people.modalities(number), *people.grids(number), people.avis(number)):
            if count < files:
                place.drop(source, f"{number} {count}.pdf")
                count += 1
    began = time.monotonic()
    watcher = place.watch("--once")
    peak = 0.0
    while watcher.poll() is None:
        peak = max(peak, high_water(watcher.pid))
        time.sleep(0.02)
    spent = time.monotonic() - began
    if place.receipts() - before != count:
        raise ParcheminError(f"{count} fichiers déposés, {place.receipts() - before} accusés.")
    yield row("once.files_per_second", count / spent, "fichiers/s")
    yield row("once.watcher_peak", peak / 1024**2, "Mio")


def _behind_a_heap(root: Path, files: int) -> Iterator[dict[str, Any]]:
    """A single inscription dropped while a heap of others’ files has only begun to be taken in."""
    place = Place(root)
    (source,) = place.inscriptions(1)
    for number in range(files):
        (place.space.drop_here / f"{number:05d}.txt").write_text(f"Pièce n° {number}\n")
    watcher = place.watch()
    try:
        _until(lambda: place.receipts() >= min(20, files // 2))
        place.drop(source, "seul.pdf")
        dropped = time.monotonic()
        _until(lambda: any(place.space.receipts.rglob("*seul.pdf.txt")))
        yield row("heap.single_drop", 1000 * (time.monotonic() - dropped - SETTLING), "ms")
        yield row("heap.left", sum(1 for _ in place.space.drop_here.iterdir()), "fichiers")
        yield row("heap.watcher_peak", high_water(watcher.pid) / 1024**2, "Mio")
    finally:
        watcher.terminate()
        watcher.wait(timeout=PATIENCE)


def _until(ready: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise ParcheminError("Le veilleur mesuré ne répond plus.")
        time.sleep(0.005)
