"""`parchemin bench idle`: what a minute costs in which nobody does anything, with many cases.

One real case is enrolled, then copied in base and share under other numbers: chains, derived rows,
forms in « À remplir ». Then the real daemon is left alone, and the CPU time of all its processes
read from outside over whole minutes.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert, select

from casefiles import store
from casefiles.chain import GENESIS, commitment, link
from casefiles.errors import ParcheminError
from watch.commands.bench_folder import Place
from watch.commands.bench_rows import row
from watch.doors.familiar import Familiar, look_of
from watch.office import Office
from watch.share.publication import digest

AT_ONCE = 500
# The most names one file may bear on the usual file systems, with room to spare.
LINKS = 30_000
TEXTS = ("RESTE À FAIRE.txt", "HISTORIQUE.txt")

TABLES = (store.events, store.heads, store.open_steps, store.marks, store.published)

Row = dict[str, Any]


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


def multiply(office: Office, cases: int) -> None:
    """Copies of the one case, until there are that many."""
    model = office.journal.summaries("dossier")[0][2]["number"]
    stream = f"dossier/{model}"
    with office.journal.engine.connect() as connection:
        rows: dict[str, list[Row]] = {
            table.name: [
                dict(row)
                for row in connection.execute(
                    select(table).where(table.c.stream == stream)
                ).mappings()
            ]
            for table in (store.events, store.heads, store.open_steps, store.marks, store.published)
        }
        connection.rollback()
    folder = office.workspace.share / rows["published"][0]["folder"]
    source = folder
    for first in range(2, cases + 1, AT_ONCE):
        batch: dict[str, list[Row]] = {name: [] for name in rows}
        for number in range(first, min(first + AT_ONCE, cases + 1)):
            # Numbers of another series: what is dropped meanwhile is not in their way.
            other = f"1{model[1:5]}{number:06d}"
            target = _copy_folder(source, folder, model, other)
            if number % LINKS == 0:
                source = _fresh(target)
            for name, found in _copied(rows, stream, model, other, target).items():
                batch[name] += found
        with office.journal.engine.begin() as connection:
            for table in (
                store.events,
                store.heads,
                store.open_steps,
                store.marks,
                store.published,
            ):
                if batch[table.name]:
                    connection.execute(insert(table), batch[table.name])
    # Last of all: each new name of a file changes what is seen of its others.
    familiar = Familiar(office.workspace.familiar_file)
    for place in folder.parent.glob("*/À remplir"):
        standing = [p for p in place.rglob("*") if p.is_file()]
        familiar.learn(str(place), (look_of(str(p), p.lstat()) for p in standing))
    familiar.keep()


def _copy_folder(source: Path, like: Path, model: str, other: str) -> Path:
    target = like.with_name(like.name.replace(model, other))
    shown = source.name.split(" ", 1)[0]
    shutil.copytree(source, target, copy_function=os.link)
    for text in TEXTS:
        words = (target / text).read_bytes()
        (target / text).unlink()
        (target / text).write_bytes(words.replace(shown.encode(), other.encode()))
    return target


def _fresh(folder: Path) -> Path:
    """The same folder, its files no longer shared with the others."""
    for file in [p for p in folder.rglob("*") if p.is_file()]:
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)
    return folder


def _copied(
    rows: dict[str, list[Row]], stream: str, model: str, other: str, folder: Path
) -> dict[str, list[Row]]:
    renamed = f"dossier/{other}"
    events, previous = [], GENESIS
    for event in rows["events"]:
        payload = event["payload"].replace(model, other)
        one = {k: v for k, v in event.items() if k != "id"} | {
            "stream": renamed,
            "payload": payload,
            "commitment": commitment(payload, event["salt"]),
            "previous": previous,
            "effect_key": event["effect_key"] and f"{event['effect_key']}#{other}",
        }
        previous = one["hash"] = link(one)
        events.append(one)
    (head,), (shown,) = rows["heads"], rows["published"]
    summary = json.loads(json.dumps(head["summary"]).replace(model, other))
    files = {p: digest(folder / p) if p in TEXTS else h for p, h in shown["files"].items()}
    where = f"{folder.parent.name}/{folder.name}"
    return {
        "events": events,
        "heads": [{**head, "stream": renamed, "hash": previous, "summary": summary}],
        "open_steps": [{**row, "stream": renamed} for row in rows["open_steps"]],
        "marks": [
            {**row, "stream": renamed, "key": row["key"].replace(model, other)}
            for row in rows["marks"]
        ],
        "published": [{**shown, "stream": renamed, "files": files, "folder": where}],
    }


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
