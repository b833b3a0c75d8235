"""A copy of each stream, one file of JSON lines beside the database: what it is rebuilt from.

They stand on the private side. They hold what is in the case’s folder, but also what its readers
must not have: the salts, the jury’s votes before they are signed, the drops of everybody; and a
person who may write in a case’s folder must not be able to write its history. A setting puts them
on another disk. Written once the event is committed, before the share is noted to show it, so that
a death in between leaves a copy to be completed at the next look, never one that is forgotten.
"""

import json
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from secrets import token_hex

from casefiles import store, transcript
from casefiles.chain import GENESIS, PURGED
from casefiles.errors import BackupDamaged
from casefiles.system import NEW_FILE, private_folder, sync_folder
from casefiles.transcript import Line
from watch.office import Office

_TAIL = 1 << 14


def root(office: Office) -> Path:
    """The folder of the copies."""
    return office.settings.copies_folder or office.workspace.copies


def place(folder: Path, stream: str) -> Path:
    """The stream’s file; the drops, of which there are many, by the day they begin with."""
    kind, _, rest = stream.partition("/")
    if not rest:
        return folder / f"{kind}.jsonl"
    return folder / kind / (rest[:8] if kind == "depot" else "") / f"{rest}.jsonl"


def follow(office: Office, stream: str) -> None:
    """Bring the stream’s copy up to the journal, and to what the share shows of it."""
    file = place(root(office), stream)
    position, end, last = _end(file)
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        new = list(transcript.rows(connection, stream, position))
        told = list(transcript.shown(connection, stream))
        # What is purged leaves the copy too, and then the names of the files the share had of it.
        emptied = bool(told and not told[0]["files"] and last.get("files", True))
        cut = position < 0 or (bool(new) and new[0]["previous"] != end)
        anew = cut or (position > 0 and (emptied or any(row["type"] == PURGED for row in new)))
        if anew:
            new = list(transcript.rows(connection, stream))
    if new:
        position, end = new[-1]["position"], new[-1]["hash"]
    lines = [*new, *({**one, "position": position, "hash": end} for one in told)]
    if not position or (not new and lines == [last]):
        return
    content = b"".join(transcript.written(line) for line in lines)
    if anew:
        _replace(file, content)
    else:
        _append(file, content, surely=bool(new))


def complete(office: Office) -> int:
    """Make the copies that lack altogether, for a space older than they are; how many.

    Folders are listed, one after the other: no file is asked for by its name.
    """
    folder, made = root(office), 0
    files = ((place(folder, stream), stream) for stream in office.journal.streams())
    for parent, copies in groupby(files, lambda one: one[0].parent):
        there = _names(parent)
        for file, stream in copies:
            if file.name not in there:
                follow(office, stream)
                made += 1
    return made


def _names(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder))
    except FileNotFoundError:
        return set()


def read(folder: Path) -> tuple[list[Line], list[Line]]:
    """(rows in the order they were written, what was last shown of each stream).

    A line cut short at the end of a file is left out; BackupDamaged when another cannot be read.
    """
    found: dict[tuple[str, int], Line] = {}
    shown: dict[str, Line] = {}
    for file in sorted(folder.rglob("*.jsonl")):
        for line in _lines(file):
            if "shown" in line:
                shown[line["stream"]] = line
            else:
                found[line["stream"], line["position"]] = line
    return sorted(found.values(), key=lambda row: int(row["id"])), list(shown.values())


def faults(office: Office) -> Iterator[tuple[str, str]]:
    """(stream, in French what its copy lacks or says otherwise); none when all are true."""
    folder = root(office)
    # Listed before the journal is asked: a copy follows its commit.
    there = sorted(folder.rglob("*.jsonl"))
    streams = sorted(office.journal.positions())
    known = {place(folder, stream) for stream in streams}
    for file in there:
        if file not in known:
            kind, *rest = file.relative_to(folder).with_suffix("").parts
            yield (
                f"{kind}/{rest[-1]}" if rest else kind,
                "Sa copie est là, et le journal ne contient plus ce fil : il en a été ôté, ou une "
                "sauvegarde plus ancienne a été remise.",
            )
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        for stream in streams:
            try:
                held = {
                    line["position"]: line
                    for line in _lines(place(folder, stream))
                    if "shown" not in line
                }
            except BackupDamaged as error:
                yield stream, error.message
                continue
            wanted = {row["position"]: row for row in transcript.rows(connection, stream)}
            if not held:
                yield stream, "Sa copie manque ; la veille la refera."
            elif held != wanted:
                yield stream, "Sa copie ne dit pas ce que dit le journal."


def _lines(file: Path) -> Iterator[Line]:
    if not file.is_file():
        return
    with file.open("rb") as content:
        for line in content:
            if line.endswith(b"\n"):
                yield _line(file, line)


def _line(file: Path, line: bytes) -> Line:
    try:
        told: Line = json.loads(line)
        wanted = ("stream", "position") if "shown" in told else store.events.c.keys()
        if set(wanted) <= told.keys():
            return told
    except (ValueError, TypeError, AttributeError):
        pass
    raise BackupDamaged(
        f"La copie du journal « {file.name} » a une ligne qui ne se lit plus.",
        "Remettez celle d’une sauvegarde, ou restaurez celle-ci : « parchemin restore ».",
    )


def _end(file: Path) -> tuple[int, str, Line]:
    """(position, hash, last line): (0, GENESIS, {}) without a copy, -1 when it was cut short."""
    try:
        with file.open("rb") as content:
            size, taken, tail = os.fstat(content.fileno()).st_size, _TAIL, b""
            while tail.count(b"\n") < 2 and len(tail) < size:
                content.seek(max(size - taken, 0))
                tail, taken = content.read(), taken * 4
    except FileNotFoundError:
        return 0, GENESIS, {}
    if not tail.endswith(b"\n"):
        return -1, GENESIS, {}
    try:
        last = json.loads(tail.splitlines()[-1])
        return last["position"], last["hash"], last
    except (ValueError, KeyError):
        return -1, GENESIS, {}


def _append(file: Path, content: bytes, *, surely: bool) -> None:
    private_folder(file.parent)
    made = not file.exists()
    with open(file, "ab", buffering=0, opener=_ours) as out:
        out.write(content)
        if surely:
            os.fsync(out.fileno())
    if made:
        sync_folder(file.parent)


def _ours(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)


def _replace(file: Path, content: bytes) -> None:
    private_folder(file.parent)
    staged = file.with_name(f".{token_hex(4)}.tmp")
    with os.fdopen(os.open(staged, NEW_FILE, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    staged.replace(file)
    sync_folder(file.parent)
