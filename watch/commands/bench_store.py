"""A store of many others for `parchemin bench`: copies, in base, share and journal copies, of what
one case really played has left, each somebody else’s under a number of their own.

A case brings its line of the register, and one in twenty its session. The files are links to those
of the model, but for the texts that name people; what was answered to each drop is not copied.
"""

import base64
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from casefiles import casefile, store, transcript
from casefiles.chain import GENESIS, commitment, link
from casefiles.naming import name_key
from watch.doors.familiar import Familiar, look_of
from watch.keeping import copies
from watch.office import Office
from watch.share.publication import digest

# People heard by one jury, and sent by one company.
SEATS, STAFF = 20, 10
AT_ONCE = 500
# The most names one file may bear on the usual file systems, with room to spare.
LINKS = 30_000
TEXTS = ("RESTE À FAIRE.txt", "HISTORIQUE.txt")
TABLES = (
    store.events,
    store.heads,
    store.open_steps,
    store.marks,
    store.listed,
    store.published,
)
FAMILIES = 5_003
_MARK = re.compile(r"D-[A-Z2-7]{8}")
_SOUNDS = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "ro", "su", "ta", "vé")
_FIRST = ("Adèle", "Bruno", "Chloé", "Denis", "Élise", "Félix", "Gaëlle", "Hugo", "Inès", "Jules")

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Words = Callable[[str], str]


def multiply(office: Office, cases: int) -> None:
    """Copies of the one case there is, until there are that many."""
    model = _Model(office)
    for first in range(2, cases + 1, AT_ONCE):
        batch: Rows = {table.name: [] for table in TABLES}
        for number in range(first, min(first + AT_ONCE, cases + 1)):
            for name, found in model.copy(number).items():
                batch[name] += found
        with office.journal.engine.begin() as connection:
            for table in TABLES:
                if batch[table.name]:
                    connection.execute(insert(table), batch[table.name])
        _keep_copies(office, batch)
    # Last of all: each new name of a file changes what is seen of its others.
    familiar = Familiar(office.workspace.familiar_file)
    for place in office.workspace.cases.glob("*/À remplir"):
        standing = [p for p in place.rglob("*") if p.is_file()]
        familiar.learn(str(place), (look_of(str(p), p.lstat()) for p in standing))
    familiar.keep()


def invented(number: int) -> tuple[str, str]:
    """(birth name, first name) of nobody: families are shared, no two people bear both."""
    turn, family = divmod(number, FAMILIES)
    sounds = ""
    for _ in range(4):
        family, place = divmod(family, len(_SOUNDS))
        sounds += _SOUNDS[place]
    again, first = divmod(turn, len(_FIRST))
    return f"EXEMPLE-{sounds.upper()}", _FIRST[first] + "-Essai" * again


class _Model:
    """The case that was played, and all that is to be said otherwise in a copy."""

    def __init__(self, office: Office) -> None:
        self._share = office.workspace.share
        (stream, _, summary), *_ = office.journal.summaries("dossier")
        case = casefile.fold(office.journal.read(stream))
        if case is None:
            raise LookupError(stream)
        self._number, self._session = str(summary["number"]), str(summary["session"] or "")
        self._names = case.candidate.birth_name, case.candidate.first_name
        self._company = case.company.name if case.company else ""
        lines = office.journal.find("numbered", self._number)
        self._parchemin = lines[0].partition("/")[2] if lines else ""
        self._own = _rows_of(office, (stream, *lines))
        self._held = _rows_of(office, (f"session/{self._session}",) if self._session else ())
        self._sources: dict[str, Path] = {}
        told = json.dumps([row["payload"] for row in (*self._own["events"], *self._held["events"])])
        self._marks = set(_MARK.findall(told))

    def copy(self, number: int) -> Rows:
        """The rows of one more case, its files on the share."""
        say = _instead(self._instead(number))
        found = self._copied(self._own, number, say)
        if (number - 1) % SEATS == 0:
            for name, more in self._copied(self._held, number, say).items():
                found[name] += more
        return found

    def _instead(self, number: int) -> dict[str, str]:
        year = self._number[:4]
        said = {
            self._number: f"{year}-{number:04d}",
            self._parchemin: f"{self._parchemin[:-5]}{number:05d}",
            self._session: f"{self._session[:6]}{1 + (number - 1) // SEATS:03d}",
        }
        for mark in self._marks:
            said[mark] = _mark(mark, number)
        said[self._company] = f"{self._company} n° {number // STAFF}"
        for model, other in zip(self._names, invented(number), strict=True):
            for typed in (str, str.upper, name_key):
                said[typed(model)] = typed(other)
        return {old: new for old, new in said.items() if old}

    def _copied(self, rows: Rows, number: int, say: Words) -> Rows:
        found: Rows = {table.name: [] for table in TABLES}
        found["events"], ends = _chained(rows["events"], say)
        for row in rows["heads"]:
            stream = say(row["stream"])
            summary = json.loads(say(json.dumps(row["summary"], ensure_ascii=False)))
            found["heads"].append(
                {**row, "stream": stream, "hash": ends[stream], "summary": summary}
            )
        for name in ("open_steps", "marks", "listed"):
            found[name] = [
                {k: say(v) if isinstance(v, str) else v for k, v in row.items()}
                for row in rows[name]
            ]
        for row in rows["published"]:
            where, files = say(row["folder"]), dict(row["files"])
            if where:
                files = self._folder(row["folder"], where, files, number, say)
            found["published"].append(
                {**row, "stream": say(row["stream"]), "files": files, "folder": where}
            )
        return found

    def _folder(
        self, model: str, where: str, files: dict[str, str], number: int, say: Words
    ) -> dict[str, str]:
        standing = {}
        for path, sha256 in files.items():
            source = self._sources.setdefault(f"{model}/{path}", self._share / model / path)
            target = self._share / where / say(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in TEXTS:
                target.write_bytes(say(source.read_bytes().decode()).encode())
                sha256 = digest(target)
            elif number % LINKS:
                os.link(source, target)
            else:
                shutil.copyfile(source, target)
                self._sources[f"{model}/{path}"] = target
            standing[say(path)] = sha256
        return standing


def _mark(model: str, number: int) -> str:
    """Another document’s: a mark that many bore would be looked for among them all."""
    told = hashlib.sha256(f"{model} {number}".encode()).digest()
    return f"D-{base64.b32encode(told).decode()[:8]}"


def _instead(said: dict[str, str]) -> Words:
    """Says the words otherwise, the longest first: a number may begin another."""
    longest = sorted(said, key=len, reverse=True)
    found = re.compile("|".join(map(re.escape, longest)))
    return lambda words: found.sub(lambda one: said[one[0]], words)


def _rows_of(office: Office, streams: Sequence[str]) -> Rows:
    """Everything the journal holds of these streams, events in their order."""
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    select(table).where(table.c.stream.in_(streams)).order_by(*table.primary_key)
                ).mappings()
            ]
            for table in TABLES
        }


def _chained(events: Sequence[Row], say: Words) -> tuple[list[Row], dict[str, str]]:
    """The events said otherwise, chained anew; the hash each stream ends with."""
    chained, ends = [], dict[str, str]()
    for event in events:
        stream, payload, key = say(event["stream"]), say(event["payload"]), event["effect_key"]
        one = {k: v for k, v in event.items() if k != "id"} | {
            "stream": stream,
            "payload": payload,
            "commitment": commitment(payload, event["salt"]),
            "previous": ends.get(stream, GENESIS),
            # An effect known by nothing of the case’s own is told apart by its stream.
            "effect_key": key and (other if (other := say(key)) != key else f"{key}#{stream}"),
        }
        ends[stream] = one["hash"] = link(one)
        chained.append(one)
    return chained, ends


def _keep_copies(office: Office, batch: Rows) -> None:
    """The journal copies the watch would have kept of these streams."""
    folder = copies.root(office)
    ends = {row["stream"]: (row["position"], row["hash"]) for row in batch["heads"]}
    lines: dict[str, list[dict[str, Any]]] = {stream: [] for stream in ends}
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        query = select(store.events).where(store.events.c.stream.in_(ends))
        for row in connection.execute(query.order_by(store.events.c.id)).mappings():
            lines[row["stream"]].append(dict(row))
    for noted in batch["published"]:
        position, end = ends[noted["stream"]]
        told = {key: noted[key] for key in ("stream", "folder", "files")}
        shown = {"shown": noted["position"], **told, "position": position, "hash": end}
        lines[noted["stream"]].append(shown)
    for stream, written in lines.items():
        file = copies.place(folder, stream)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join(map(transcript.written, written)))
