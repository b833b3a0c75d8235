"""`parchemin bench idle`: what it costs that there are many cases, when nobody does anything or one
person does one thing.

One real case is enrolled, then copied for others (`bench_store`). Then the real daemon is left
alone, and the CPU time of all its processes read from outside over whole minutes; a few people are
enrolled one at a time; it is started again, and asked for its state.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from casefiles.errors import ParcheminError
from watch.commands.bench_folder import Place
from watch.commands.bench_processes import family, resident
from watch.commands.bench_rows import row
from watch.commands.bench_scale import Played
from watch.commands.bench_store import multiply

ENROLLED = 5


def run(cases: int, minutes: int, database: str = "") -> list[dict[str, Any]]:
    """The rows, without peers: of an idle minute, of a single drop, of a start, of `status`.

    database: of PostgreSQL, empty, instead of a SQLite of its own; its server is not counted.
    """
    settings = {"base_de_donnees": f'"{database}"'} if database else {}
    with TemporaryDirectory(prefix="parchemin-mesure-") as folder:
        played = Played(Place(Path(folder), settings))
        with played.watching():
            played.enrol()
        multiply(played.place.office, cases)
        return list(measured(played, minutes))


def measured(played: Played, minutes: int) -> Iterator[dict[str, Any]]:
    """The rows of a space nobody watches yet."""
    began = time.monotonic()
    with played.watching():
        at_rest(played)
        yield row("idle.until_at_rest", time.monotonic() - began, "s")
        yield row("idle.until_at_rest.cpu", played.spent(), "s CPU")
        # From the middle of a round to the middle of another.
        time.sleep(20)
        before = played.spent()
        time.sleep(60 * minutes)
        yield row("idle.cpu_per_minute", (played.spent() - before) / minutes, "s CPU")
        yield row("idle.memory", sum(map(resident, family(played.process))) / 1e6, "Mo")
        spent, waits = [], []
        for _ in range(ENROLLED):
            before = played.spent()
            waits += played.enrol()
            at_rest(played)
            spent.append(played.spent() - before)
        yield row("idle.drop.cpu", statistics.median(spent), "s CPU")
        yield row("idle.drop.receipt", statistics.median(waits), "ms")
    yield row("idle.restart", played.restart(), "s")
    wall, cpu = played.status()
    yield row("idle.status", wall, "s")
    yield row("idle.status.cpu", cpu, "s CPU")


def at_rest(played: Played) -> None:
    """Wait until nothing is done any more, the board drawn."""
    quiet, deadline = 0, time.monotonic() + 3600
    while quiet < 3:
        before = played.spent()
        time.sleep(2)
        quiet = quiet + 1 if played.spent() - before < 0.1 else 0
        if time.monotonic() > deadline:
            raise ParcheminError("Le veilleur mesuré ne se repose jamais.")
