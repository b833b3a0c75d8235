"""`parchemin backup`: a whole space in one folder, taken while the watcher works, then read again.

The journal first, in one read transaction; then the originals, which only ever grow, so that a
later copy of them holds all that the journal names. The manifest, which names its journal, is
written last: until then the backup before it stands, whole, and a first one that is cut short is
none. One form for SQLite and PostgreSQL. What was purged since the last backup leaves it too.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from secrets import token_hex
from typing import Any

from casefiles import transcript
from casefiles.errors import BackupDamaged, SettingsError
from casefiles.originals import Originals
from casefiles.system import sync_folder
from casefiles.transcript import Line, Walk
from watch.keeping import erased
from watch.office import Office

MANIFEST, ORIGINALS, PRIVATE = "sauvegarde.json", "originaux", "prive"
SECRETS = ("keys", "imprint.key")
_SETTLED = ("parchemin.toml", "espace.json")
_FOLDERS = ("ancres", "certifications", "formulaires", "lettres", "listes")
_PIECE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a backup holds. new: originals this run added; erased: those it took away."""

    streams: int
    events: int
    originals: int
    new: int
    erased: int
    keys: bool


def backup(office: Office, target: Path, *, with_keys: bool = False) -> Saved:
    """Save the space in the folder `target`, new or holding an earlier backup of the same space.

    BackupDamaged when what was written does not read back as it should, when an original is
    damaged, or when the folder holds something else; the backup before it stands then.
    SettingsError for a folder of the space itself: both would be lost at once, and the share is
    everybody’s.
    """
    for mine in (office.workspace.share, office.workspace.private):
        if target.resolve().is_relative_to(mine.resolve()):
            raise SettingsError(
                f"« {target} » est dans l’espace à sauvegarder : tout y serait lu, puis perdu avec "
                "lui.",
                "Donnez un dossier d’un autre disque, hors du partage et de son côté privé.",
            )
    space = office.workspace.id
    earlier = manifest(target) if (target / MANIFEST).exists() else None
    if (earlier is None and target.is_dir() and any(target.iterdir())) or (
        earlier is not None and earlier["espace"] != space
    ):
        raise BackupDamaged(
            f"« {target} » contient autre chose qu’une sauvegarde de cet espace.",
            "Donnez un dossier vide, ou celui de sa sauvegarde précédente.",
        )
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    staged = target / f".{token_hex(4)}.tmp"
    try:
        digest = _journal(office, staged)
        walk = read_again(staged)
        # What another row still names is listed too, and kept here: the register’s parchemins.
        listed = erased.listed(office.workspace)
        gone = frozenset(one for one in listed if one not in office.originals)
        new = _originals(office.originals, Originals(target / ORIGINALS), gone)
        journal = staged.replace(target / f"journal-{digest[:16]}.jsonl.gz")
    finally:
        staged.unlink(missing_ok=True)
    _private(office.workspace.private, target / PRIVATE, with_keys=with_keys)
    told = {
        "espace": space,
        "le": office.clock().isoformat(),
        "fichier": journal.name,
        "journal": digest,
        "inscriptions": walk.count,
        "cles": with_keys,
    }
    _note(target, told)
    # Only now: what the backup before named stood until this one did.
    for other in target.glob("journal-*.jsonl.gz"):
        if other != journal:
            other.unlink()
    taken = _erase(Originals(target / ORIGINALS), gone)
    return Saved(
        streams=len(walk.ends),
        events=walk.count,
        originals=sum(1 for _ in Originals(target / ORIGINALS).every()),
        new=new,
        erased=taken,
        keys=with_keys,
    )


def manifest(source: Path) -> dict[str, Any]:
    """What a backup says of itself; BackupDamaged when the folder holds none."""
    try:
        told: dict[str, Any] = json.loads((source / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise BackupDamaged(
            f"« {source} » n’est pas une sauvegarde de Parchemin, ou elle est incomplète.",
            "Indiquez le dossier donné à « parchemin backup ».",
        ) from error
    return told


def journal_of(source: Path, told: dict[str, Any]) -> Path:
    """The journal a manifest names; BackupDamaged when it is not the one it was written with."""
    file = source / Path(str(told["fichier"])).name
    if not file.is_file() or digest_of(file) != told["journal"]:
        raise BackupDamaged(
            "Le journal de cette sauvegarde n’est pas celui qu’elle annonce.",
            "Prenez une autre copie de la sauvegarde.",
        )
    return file


def lines(journal: Path) -> Iterator[Line]:
    """The lines of a saved journal; BackupDamaged when it is cut short or unreadable."""
    try:
        with gzip.open(journal, "rb") as content:
            for line in content:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise BackupDamaged(
            "Le journal de cette sauvegarde ne se lit pas jusqu’au bout.",
            "Prenez une autre copie de la sauvegarde.",
        ) from error


def read_again(journal: Path) -> Walk:
    """The saved journal walked from the first row to the last; BackupDamaged where it fails."""
    walk = Walk()
    for line in lines(journal):
        if "shown" not in line and (damage := walk.step(line)):
            raise BackupDamaged(damage.said, "Prenez une autre copie de la sauvegarde.")
    return walk


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _journal(office: Office, file: Path) -> str:
    with (
        office.journal.engine.connect().execution_options(reading=True) as connection,
        gzip.open(file, "wb", compresslevel=3) as out,
    ):
        if connection.dialect.name == "postgresql":
            # Both questions are answered as of the same moment.
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for line in chain(transcript.shown(connection), transcript.rows(connection)):
            out.write(transcript.written(line))
    file.chmod(0o600)
    return digest_of(file)


def _originals(source: Originals, target: Originals, gone: frozenset[str]) -> int:
    """Copy what the backup lacks, each read again once written; how many."""
    new = 0
    for sha256 in source.every():
        if sha256 in target or sha256 in gone:
            continue
        kept = target.put(source.path(sha256))
        if kept != sha256 or digest_of(target.path(kept)) != sha256:
            target.path(kept).unlink(missing_ok=True)
            raise BackupDamaged(
                f"L’original {sha256[:12]}… est abîmé, ici ou dans la sauvegarde.",
                "Lancez « parchemin doctor --deep » ; la sauvegarde précédente reste bonne.",
            )
        new += 1
    return new


def _erase(target: Originals, gone: frozenset[str]) -> int:
    held = [sha256 for sha256 in target.every() if sha256 in gone]
    for sha256 in held:
        target.path(sha256).unlink()
    return len(held)


def _private(source: Path, target: Path, *, with_keys: bool) -> None:
    """Settings, identity, anchors, what the office chose for itself; the keys when asked."""
    names = (*_SETTLED, *_FOLDERS, erased.NAME, *(SECRETS if with_keys else ()))
    for name in names:
        found = [source / name, *sorted((source / name).rglob("*"))]
        for file in found:
            if file.is_file() and not file.is_symlink():
                kept = target / file.relative_to(source)
                kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                staged = kept.with_name(f".{token_hex(4)}.tmp")
                staged.touch(mode=0o600)
                staged.write_bytes(file.read_bytes())
                staged.replace(kept)


def _note(target: Path, told: dict[str, Any]) -> None:
    staged = target / f".{token_hex(4)}.tmp"
    with staged.open("x", encoding="utf-8") as out:
        json.dump(told, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    staged.replace(target / MANIFEST)
    sync_folder(target)
