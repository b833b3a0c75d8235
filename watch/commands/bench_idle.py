"""`parchemin bench idle`: what a minute costs in which nobody does anything, with many cases.

One real case is enrolled, then copied for others (`bench_store`). Then the real daemon is left
alone, and the CPU time of all its processes read from outside over whole minutes.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from casefiles.errors import ParcheminError
from watch.commands.bench_folder import Place
from watch.commands.bench_rows import row
from watch.commands.bench_store import multiply


def run(cases: int, minutes: int) -> list[dict[str, Any]]:
    """The rows, without peers: CPU and memory of an idle minute, seconds to be at rest."""
    with TemporaryDirectory(prefix="parchemin-mesure-") as folder:
        place = Place(Path(folder))
        place.drop(next(place.inscriptions(1)), "modèle.pdf")
        place.watch("--once").wait()
        multiply(place.office, cases)
        place.office.journal.engine.dispose()
        return list(_measure(place, minutes))


def _measure(place: Place, minutes: int) -> Iterator[dict[str, Any]]:
    began = time.monotonic()
    watcher = place.watch()
    try:
        quiet = 0
        while quiet < 3:
            before = seconds_of_cpu(watcher)
            time.sleep(2)
            quiet = quiet + 1 if seconds_of_cpu(watcher) - before < 0.1 else 0
            if time.monotonic() - began > 3600:
                raise ParcheminError("Le veilleur mesuré ne se repose jamais.")
        yield row("idle.until_at_rest", time.monotonic() - began, "s")
        # From the middle of a round to the middle of another.
        time.sleep(20)
        before = seconds_of_cpu(watcher)
        time.sleep(60 * minutes)
        yield row("idle.cpu_per_minute", (seconds_of_cpu(watcher) - before) / minutes, "s CPU")
        yield row("idle.memory", sum(map(_resident, family(watcher))) / 1e6, "Mo")
    finally:
        watcher.terminate()
        watcher.wait(timeout=120)


def family(watcher: "subprocess.Popen[bytes]") -> list[int]:
    """The daemon and all that it started, and so on."""
    found = [watcher.pid]
    for pid in found:
        with suppress(OSError):
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return found


def seconds_of_cpu(watcher: "subprocess.Popen[bytes]") -> float:
    """Seconds of processor of the daemon and all its children, ended ones included."""
    ticks = 0
    for pid in family(watcher):
        with suppress(OSError):
            after = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, after[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    with suppress(OSError):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0
