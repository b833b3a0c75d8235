"""`parchemin bench scale`: whole cases by the hundred through the real watcher, on real files.

Twenty people at a time enrol, hand in everything and go before one jury; what the watcher and all
its processes spend is read from outside, lot by lot. What the people spend filling and signing is
not counted: the clock stands still meanwhile. With `store`, so many finished cases are there first:
copies of one that was really played, each somebody else’s (`bench_store`).
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from casefiles.errors import ParcheminError
from watch.commands.bench_folder import SETTLING, Place
from watch.commands.bench_processes import family, proportional, seconds_of_cpu
from watch.commands.bench_rows import row
from watch.commands.bench_store import multiply

LOT = 20
PATIENCE = 1800.0
_SAMPLED = 0.5


@dataclass
class Lot:
    """What one lot cost: its cases, seconds of CPU and of wall, receipts in ms after settling."""

    cases: int
    cpu: float
    wall: float
    receipts: list[float] = field(default_factory=list)


def run(cases: int, store: int, workers: int, database: str) -> list[dict[str, Any]]:
    """The rows, without peers; the CPU of each lot last, in the order they were played."""
    with TemporaryDirectory(prefix="parchemin-mesure-") as folder:
        settings = {"processus": str(workers), "format": '"docx"'}
        if database:
            settings["base_de_donnees"] = f'"{database}"'
        return list(_rows(Played(Place(Path(folder), settings)), cases, store))


def _rows(played: "Played", cases: int, store: int) -> Iterator[dict[str, Any]]:
    if store:
        with played.watching():
            played.lot(1)
        multiply(played.place.office, store)
    before = played.disk() if not store else 0
    with played.watching():
        lots = [played.lot(min(LOT, cases - first)) for first in range(0, cases, LOT)]
        peak = played.peak
    cpu, wall = sum(lot.cpu for lot in lots), sum(lot.wall for lot in lots)
    waits = statistics.quantiles([w for lot in lots for w in lot.receipts], n=100)
    yield row("scale.cases_per_second", cases / wall, "dossiers/s")
    yield row("scale.cpu_per_case", cpu / cases, "s CPU")
    yield row("scale.receipt.p50", waits[49] / 1000, "s")
    yield row("scale.receipt.p99", waits[98] / 1000, "s")
    yield row("scale.memory_peak", peak / 1e6, "Mo")
    if not store:
        yield row("scale.disk_per_case", (played.disk() - before) / cases / 1e6, "Mo")
    yield row("scale.restart", played.restart(), "s")
    wall, spent = played.status()
    yield row("scale.status", wall, "s")
    yield row("scale.status.cpu", spent, "s CPU")
    for number, lot in enumerate(lots, start=1):
        yield row(f"scale.lot.{number}", lot.cpu / lot.cases, "s CPU par dossier")


class Played:
    """A space, its watcher, and lots of people who go from inscription to parchemin."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.peak = 0.0
        self._watcher: subprocess.Popen[bytes] | None = None
        self._dropped: dict[str, float] = {}
        self._people = 0
        self._wall = 0.0

    def watching(self) -> "Watching":
        """The daemon, for the time of a `with`."""
        return Watching(self)

    def spent(self) -> float:
        """Seconds of processor of the watcher and all its processes, so far."""
        return seconds_of_cpu(self.process)

    def enrol(self) -> list[float]:
        """One more person’s inscription, until their forms are there; the wait of its receipt, ms
        after settling.
        """
        self._dropped, self._wall = {}, 0.0
        self._people += 1
        self.place.people.newcomer = self._people
        known = set(self._numbers())
        self._hand_in([self.place.people.inscription()], lambda: set(self._numbers()) - known)
        (number,) = set(self._numbers()) - known
        self._wait(lambda: self.place.people.case(number).issued and self.place.is_idle())
        return self._receipts()

    def lot(self, size: int) -> Lot:
        """So many cases, from their inscriptions to their parchemins."""
        people = self.place.people
        self._dropped, self._wall = {}, 0.0
        began = self.spent()
        known = set(self._numbers())
        sources = []
        for _ in range(size):
            self._people += 1
            people.newcomer = self._people
            sources.append(people.inscription())
        self._hand_in(sources, lambda: len(self._numbers()) == len(known) + size)
        numbers = sorted(set(self._numbers()) - known)
        self._wait(lambda: all(people.case(n).issued for n in numbers))
        returns = []
        for number in numbers:
            returns += [people.modalities(number), *people.grids(number), people.avis(number)]
        self._hand_in(returns, lambda: all(map(self._summed_up, numbers)))
        agenda = {f"agenda/{line}/case": number for line, number in enumerate(numbers, start=1)}
        composition = people.composition(numbers[0], agenda)
        self._hand_in([composition], lambda: self._session(numbers[0], "ordre-du-jour"))
        reference = str(people.case(numbers[0]).session)
        closing = people.closing(reference)
        self._hand_in([closing], lambda: people.session(reference).sheet, self.place.space.office)
        self._hand_in([people.sheet(reference)], lambda: people.session(reference).pv)
        minutes = people.signed_minutes(reference)
        self._hand_in([minutes], lambda: all(map(self._awarded, numbers)))
        self._wait(self.place.is_idle)
        return Lot(size, self.spent() - began, self._wall, self._receipts())

    def disk(self) -> float:
        """Bytes on disk of the share and the private side, a file with two names counted once."""
        seen = {}
        for root in (self.place.space.share, self.place.space.private):
            for folder, _, names in os.walk(root):
                for name in names:
                    found = os.lstat(os.path.join(folder, name))
                    seen[found.st_ino] = found.st_blocks * 512
        return float(sum(seen.values()))

    def restart(self) -> float:
        """Seconds from the start of the watcher to the receipt of what waited at the door."""
        note = self.place.space.drop_here / "note.txt"
        note.write_text("Un mot qui attendait.\n", encoding="utf-8")
        before, began = self.place.receipts(), time.monotonic()
        with self.watching():
            _until(lambda: not note.exists() and self.place.receipts() > before)
            return time.monotonic() - began - SETTLING

    def status(self) -> tuple[float, float]:
        """Wall and CPU seconds of `parchemin status`."""
        command = [sys.executable, "-m", "watch.cli", "status", str(self.place.space.share)]
        before, began = os.times(), time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        spent, after = time.monotonic() - began, os.times()
        cpu = after.children_user + after.children_system
        return spent, cpu - before.children_user - before.children_system

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        """The watcher; ValueError when nobody watches."""
        if self._watcher is None:
            raise ValueError("nobody is watching")
        return self._watcher

    def _hand_in(
        self, files: list[Path], ready: Callable[[], Any], door: Path | None = None
    ) -> None:
        for count, file in enumerate(files):
            name = f"{self._people:06d}-{len(self._dropped):04d}-{count:04d}.pdf"
            arriving = self.place.space.private / "arrivée.pdf"
            arriving.write_bytes(file.read_bytes())
            file.unlink()
            arriving.rename((door or self.place.space.drop_here) / name)
            self._dropped[name] = time.time()
        self._wait(ready)

    def _wait(self, ready: Callable[[], Any]) -> None:
        began = time.monotonic()
        _until(ready, self._sample)
        self._wall += time.monotonic() - began

    def _sample(self) -> None:
        self.peak = max(self.peak, sum(map(proportional, family(self.process))))

    def _receipts(self) -> list[float]:
        waits = []
        for receipt in self.place.space.receipts.rglob("*.txt"):
            name = next((n for n in self._dropped if receipt.name.endswith(f"{n}.txt")), None)
            if name is not None:
                waited = receipt.stat().st_mtime - self._dropped[name] - SETTLING
                waits.append(1000 * max(waited, 0.0))
        return waits

    def _numbers(self) -> list[str]:
        """The open cases; the finished ones of a store are elsewhere, and not gone through."""
        return [name.partition(" ")[0] for name in os.listdir(self.place.space.cases)]

    def _summed_up(self, number: str) -> bool:
        return self.place.people.case(number).product("recapitulatif") is not None

    def _session(self, number: str, product: str) -> bool:
        reference = self.place.people.case(number).session
        if reference is None:
            return False
        return self.place.people.session(str(reference)).product(product) is not None

    def _awarded(self, number: str) -> bool:
        return self.place.people.case(number).product("parchemin") is not None


class Watching:
    """The watcher as a process, ended with the `with`."""

    def __init__(self, played: Played) -> None:
        self._played = played

    def __enter__(self) -> None:
        self._played._watcher = self._played.place.watch()

    def __exit__(self, *_: object) -> None:
        process = self._played.process
        process.terminate()
        process.wait(timeout=120)
        self._played._watcher = None


def _until(ready: Callable[[], Any], meanwhile: Callable[[], None] = lambda: None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise ParcheminError("Le veilleur mesuré n’arrive pas au bout d’un lot de dossiers.")
        meanwhile()
        time.sleep(_SAMPLED)
