"""`parchemin bench`: our work beside the plain library’s, same task, same run, in CPU time.

Rounds of ours and of the peer alternate, so that whatever else the machine does weighs on both;
each figure is a median, each ratio ours / peer. Nothing here is ever asserted.
"""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from watch.commands import bench_pack as pack
from watch.commands import bench_peers as peers
from watch.commands import bench_returns as returns
from watch.commands import bench_rules as rules
from watch.commands import bench_signatures

Work = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One row to measure: ours and, where there is one, the plain library’s way. most: rounds at
    most, for what takes seconds."""

    name: str
    ours: Work
    peer_name: str = ""
    peer: Work | None = None
    most: int = 100


def run(rounds: int, only: str = "") -> list[dict[str, Any]]:
    """The rows: {"name", "ours", "peer_name", "peer", "ratio", "unit"}, CPU milliseconds.

    only: the beginning of the names to measure, all of them by default.
    """
    with TemporaryDirectory(prefix="parchemin-mesure-") as folder:
        measured = chain(
            peers.trials(Path(folder)),
            bench_signatures.trials(Path(folder)),
            pack.trials(Path(folder)),
            [returns.page_trial()],
        )
        rows = [_measure(trial, rounds) for trial in measured if trial.name.startswith(only)]
        if "case.whole".startswith(only):
            rows.append(_case_whole(Path(folder), rounds))
    return [*rows, *(row for row in rules.rows() if row["name"].startswith(only))]


def _measure(trial: Trial, rounds: int) -> dict[str, Any]:
    trial.ours()
    if trial.peer:
        trial.peer()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(min(rounds, trial.most)):
        ours.append(_cpu(trial.ours))
        if trial.peer:
            theirs.append(_cpu(trial.peer))
    return _row(trial.name, ours, trial.peer_name, theirs)


def _cpu(work: Work) -> float:
    """CPU milliseconds per call, over enough calls for the clock to see."""
    gc.collect()
    calls, began = 0, time.process_time()
    while True:
        work()
        calls += 1
        spent = time.process_time() - began
        if spent > 0.1 or calls >= 200:
            return 1000 * spent / calls


def _row(name: str, ours: list[float], peer_name: str, theirs: list[float]) -> dict[str, Any]:
    mine = statistics.median(ours)
    peer = statistics.median(theirs) if theirs else None
    return {
        "name": name,
        "ours": round(mine, 3),
        "peer_name": peer_name or None,
        "peer": round(peer, 3) if peer is not None else None,
        "ratio": round(mine / peer, 3) if peer else None,
        "unit": "ms CPU",
    }


def _case_whole(folder: Path, rounds: int) -> dict[str, Any]:
    """From the dropped inscription to the signed parchemin; other people’s own work left out."""
    from watch.commands.bench_case import Whole

    whole = Whole(folder)
    whole.play()
    return _row("case.whole", [whole.play() for _ in range(rounds)], "", [])


def show(rows: list[dict[str, Any]]) -> None:
    """The rows, for a person."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("Mesure", "Nous", "Bibliothèque nue", "", "Rapport"):
        table.add_column(head, justify="left" if head in ("Mesure", "") else "right")
    for row in rows:
        peer = f"{row['peer']:.1f}" if row["peer"] is not None else "—"
        ratio = f"{row['ratio']:.2f}" if row["ratio"] is not None else "—"
        table.add_row(row["name"], f"{row['ours']:.1f}", peer, row["peer_name"] or "", ratio)
    console = Console(highlight=False)
    console.print(table)
    console.print("Millisecondes de processeur par tâche, médianes d’un même passage ; les règles")
    console.print("(rules) aussi en dossiers par seconde, chacun lu pour la première fois.")
