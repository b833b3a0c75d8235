"""`parchemin bench`: our work beside the plain library’s, same task, same run, in CPU time.

Rounds of ours and of the peer alternate, so that whatever else the machine does weighs on both;
each figure is a median, each ratio ours / peer. Nothing here is ever asserted.
"""

import gc
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from watch.commands import bench_pack as pack
from watch.commands import bench_peers as peers
from watch.commands import bench_returns as returns
from watch.commands import bench_rules as rules
from watch.commands import bench_signatures
from watch.commands.bench_rows import Trial, Work, row


def run(rounds: int, only: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Each row as soon as it is measured: {"name", "ours", "peer_name", "peer", "ratio", "unit"},
    CPU milliseconds.

    only: how the names to measure begin, all of them by default. What a row needs is made for it
    alone: one row costs its own time.
    """
    wanted = tuple(only) or ("",)
    with TemporaryDirectory(prefix="parchemin-mesure-") as folder:
        measured = chain(
            peers.trials(Path(folder)),
            bench_signatures.trials(Path(folder)),
            pack.trials(Path(folder)),
            [returns.page_trial()],
        )
        for trial in measured:
            if trial.name.startswith(wanted):
                yield _measure(trial, rounds)
        for name, measure in (("case.whole", _case_whole), ("case.fenced", _case_fenced)):
            if name.startswith(wanted):
                place = Path(folder, name)
                place.mkdir()
                yield measure(place, rounds)
    if any(name.startswith(wanted) for name in rules.NAMES):
        yield from (one for one in rules.rows() if one["name"].startswith(wanted))


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
    peer = statistics.median(theirs) if theirs else None
    return row(name, statistics.median(ours), "ms CPU", peer_name, peer)


def _case_whole(folder: Path, rounds: int) -> dict[str, Any]:
    """From the dropped inscription to the signed parchemin; other people’s own work left out."""
    from watch.commands.bench_case import Whole

    whole = Whole(folder)
    whole.play()
    return _row("case.whole", [whole.play() for _ in range(rounds)], "", [])


def _case_fenced(folder: Path, rounds: int) -> dict[str, Any]:
    """What it costs that each stream is taken before it is worked on: the same case, without."""
    from watch.commands.bench_case import Whole

    whole = Whole(folder)
    whole.play()
    pairs = [(whole.play(), whole.play_unfenced()) for _ in range(rounds)]
    fenced, unfenced = zip(*pairs, strict=True)
    return _row("case.fenced", list(fenced), "sans jeton", list(unfenced))


_LINE = "{:26}{:>10}{:>11}{:>11}  {:34}{:>8}"


def show(rows: Iterable[dict[str, Any]]) -> None:
    """The rows for a person, each as soon as it is known."""
    import click

    heads = ("Mesure", "Nous", "Par s", "Le témoin", "", "Rapport")
    click.secho(_LINE.format(*heads), bold=True)
    for one in rows:
        spent = one["unit"] == "ms CPU"
        told = (
            one["name"],
            f"{one['ours']:.1f}",
            f"{1000 / one['ours']:.1f}" if spent and one["ours"] else "",
            f"{one['peer']:.1f}" if one["peer"] is not None else "—",
            (one["peer_name"] or "") if spent else one["unit"],
            f"{one['ratio']:.3f}" if one["ratio"] is not None else "—",
        )
        click.echo(_LINE.format(*told))
    click.echo("Millisecondes de processeur par tâche, médianes d’un même passage ; le rapport est")
    click.echo(
        "le nôtre sur celui de la bibliothèque nue. Les règles (rules) lisent chaque dossier"
    )
    click.echo("pour la première fois.")
