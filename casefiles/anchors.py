"""The journal’s end, anchored outside the database each day: what was cut since then is found.

An anchor sums up every row up to one, in the order they were written; each continues the one before
it, so that a day costs a day’s rows. It holds hashes only, and stands in two places at least.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, Engine, select, text

from casefiles import store
from casefiles.chain import GENESIS
from casefiles.errors import JournalDamaged, UnreadableFile
from casefiles.system import open_regular, sync_folder

# Bytes of an anchor at most: three hundred are enough.
_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What one day’s file says. last: the id of the last row; count: how many rows up to it.

    digest: SHA-256 over the anchor before and the hashes of the rows since; at: ISO 8601.
    """

    at: str
    last: int
    count: int
    digest: str
    before: str


def file_name(at: datetime) -> str:
    """The day’s file."""
    return f"{at:%Y-%m-%d}.json"


def drop(engine: Engine, folders: Sequence[Path], at: datetime) -> Path:
    """Write the day’s anchor in each folder where it lacks; the first folder’s file.

    An anchor that exists is never written again. OSError when a folder cannot be written,
    JournalDamaged when the anchor before cannot be read.
    """
    first = folders[0] / file_name(at)
    if not first.exists():
        earlier = _files(folders[0])
        last = _anchor(earlier[-1]) if earlier else None
        with engine.connect().execution_options(reading=True) as connection:
            if engine.dialect.name == "postgresql":
                # Ids are given before commits: none may be on its way below the last one.
                connection.execute(text("LOCK TABLE events IN SHARE MODE"))
            found = _continue(connection, last, at)
            connection.rollback()
        write(first, json.dumps(asdict(found), indent=1).encode())
    for other in folders[1:]:
        if not (other / first.name).exists():
            write(other / first.name, first.read_bytes())
    return first


def give(folders: Sequence[Path]) -> None:
    """Give those of the first folder, and their time-stamps, to one that has none at all, as on a
    share made anew: all of them, or none.

    A folder that has some is left as it is: what it lacks, or says otherwise, is for `faults`.
    """
    ours = [file for kind in ("*.json", "*.tst") for file in sorted(folders[0].glob(kind))]
    for other in folders[1:] if ours else ():
        if not any(other.glob("*.json")):
            staged = other.with_name(f"{other.name}.tmp")
            for left in (staged, other):
                shutil.rmtree(left, ignore_errors=True)
            for file in ours:
                write(staged / file.name, file.read_bytes())
            staged.rename(other)
            sync_folder(other.parent)


def faults(engine: Engine, folders: Sequence[Path]) -> Iterator[str]:
    """What the anchors hold against the journal, and against each other, in French."""
    names = sorted({file.name for folder in folders for file in folder.glob("*.json")})
    for name in names:
        copies = {_said(folder / name) for folder in folders if (folder / name).exists()}
        if len(copies) > 1 or any(not (folder / name).exists() for folder in folders):
            yield f"L’ancre du {_day(name)} n’est pas la même partout, ou manque quelque part."
    with engine.connect().execution_options(reading=True) as connection:
        for folder in folders:
            last: Anchor | None = None
            for file in _files(folder):
                try:
                    one = _anchor(file)
                except JournalDamaged as error:
                    yield str(error)
                    break
                again = _between(connection, last, one.last)
                if again != (one.count, one.digest) or one.before != (
                    last.digest if last else GENESIS
                ):
                    yield (
                        f"Le journal ne contient plus ce que l’ancre du {_day(file.name)} atteste "
                        ": des événements ont été ôtés ou changés, ou une sauvegarde plus ancienne "
                        "a été remise."
                    )
                    break
                last = one


def _day(name: str) -> str:
    year, _, rest = name.removesuffix(".json").partition("-")
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if day else name


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def _said(file: Path) -> bytes:
    """What stands there; nothing for what is no file one can read."""
    try:
        with os.fdopen(open_regular(file), "rb") as content:
            return content.read(_MOST)
    except UnreadableFile:
        return b""


def _anchor(file: Path) -> Anchor:
    """What that file says; JournalDamaged when it says nothing: anybody may write on the share."""
    try:
        one = Anchor(**json.loads(_said(file)))
        if 0 <= one.last < 1 << 63 and one.count >= 0 and isinstance(one.digest, str):
            return one
        raise ValueError(one.last)
    except (ValueError, TypeError, RecursionError):
        raise JournalDamaged(
            f"L’ancre « {file.name} » de « {file.parent.parent.name} » ne se lit pas.",
            "Remettez à sa place celle de l’autre dossier d’ancres, ou votre copie.",
        ) from None


def _continue(connection: Connection, last: Anchor | None, at: datetime) -> Anchor:
    query = select(store.events.c.id).order_by(store.events.c.id.desc()).limit(1)
    end = int(connection.execute(query).scalar() or 0)
    count, digest = _between(connection, last, end)
    before = last.digest if last else GENESIS
    return Anchor(at=at.isoformat(), last=end, count=count, digest=digest, before=before)


def _between(connection: Connection, last: Anchor | None, end: int) -> tuple[int, str]:
    """(rows in all, digest) up to the row `end`, continuing an anchor."""
    digest = hashlib.sha256((last.digest if last else GENESIS).encode())
    count = last.count if last else 0
    rows = connection.execute(
        select(store.events.c.hash)
        .where(store.events.c.id > (last.last if last else 0), store.events.c.id <= end)
        .order_by(store.events.c.id)
    )
    for row in rows.scalars():
        digest.update(row.encode())
        count += 1
    return count, digest.hexdigest()


def write(file: Path, content: bytes) -> None:
    """Write an anchor or its time-stamp, whole or not at all, whatever power is cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    staged = file.with_name(f".{token_hex(4)}.tmp")
    with staged.open("xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    staged.replace(file)
    sync_folder(file.parent)
