"""`parchemin restore` and `parchemin rebuild`: a space again, from its backup or from its copies.

Neither touches a space that lives. Both end with the chains walked and the anchors compared, and
say what does not hold; what was purged since is purged again.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from casefiles import anchors, store, transcript
from casefiles.errors import BackupDamaged, SpaceHeld
from casefiles.originals import Originals
from casefiles.system import private_folder
from casefiles.transcript import Line
from watch.common_store import originals_of
from watch.keeping import copies, erased, purging
from watch.keeping.backup import ORIGINALS, PRIVATE, SECRETS, journal_of, lines, manifest
from watch.office import Clock, Office, now, open_office
from watch.service.holder import hold
from watch.settings import load_settings
from watch.share.founding import furnish, new_file
from watch.share.telling import counted
from watch.share.workspace import Workspace, identity


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What came back; `warnings` are sentences about what does not hold or is still to be done."""

    streams: int
    events: int
    originals: int
    erased: int
    warnings: tuple[str, ...]


def restore(source: Path, workspace: Workspace, *, clock: Clock = now) -> Restored:
    """Make the space’s private side again from a backup, and what the share lacks.

    SpaceHeld when the space lives; BackupDamaged or JournalDamaged when the backup does not hold.
    """
    told = manifest(source)
    _must_not_live(workspace, told["espace"])
    journal = journal_of(source, told)
    saved = Originals(source / ORIGINALS)
    if damaged := list(saved.damaged()):
        many = counted(len(damaged), "original abîmé", "originaux abîmés")
        raise BackupDamaged(
            f"Dans cette sauvegarde : {many}.",
            "Prenez une autre copie de la sauvegarde.",
        )
    # The journal comes last: without it the space does not live, and all this can be done again.
    _private(source / PRIVATE, workspace.private)
    gone = erased.listed(workspace, source / PRIVATE / erased.NAME)
    settings = load_settings(workspace.settings_file)
    kept = originals_of(workspace, settings.originals_folder)
    count = 0
    for sha256 in saved.every():
        # Those listed as purged too: another row may name them; the sweep deletes the others.
        if sha256 not in kept:
            kept.put(saved.path(sha256))
        count += 1
    furnish(workspace)
    office = open_office(workspace, clock=clock, remade=True)
    warnings = _fill(office, lines(journal), gone)
    if not all((workspace.private / name).exists() for name in SECRETS):
        warnings.append(
            "Cette sauvegarde est sans clés : remettez « keys » et « imprint.key » du côté privé "
            "avant de relancer la veille, sinon les formulaires déjà remis seront refusés."
        )
    if erased.unproven(workspace):
        warnings.append(
            "Le partage liste des effacements que l’on ne peut vérifier sans « imprint.key » : la "
            "clé remise, lancez « parchemin purge », qui les refait."
        )
    return _restored(office, count, gone, warnings)


def rebuild(workspace: Workspace, *, clock: Clock = now) -> Restored:
    """Make the lost database again from the copies of each stream.

    SpaceHeld when the journal still has events, or somebody watches; BackupDamaged without copies;
    JournalDamaged when a copy was changed, or lacks a row in its middle.
    """
    held = hold(workspace, clock())
    try:
        office = open_office(workspace, clock=clock, remade=True)
        if _events(office):
            raise SpaceHeld(
                "La base de cet espace contient des événements.",
                "« parchemin rebuild » ne refait qu’une base perdue : mettez d’abord l’ancienne "
                "de côté.",
            )
        rows, shown = copies.read(copies.root(office))
        if not rows:
            raise BackupDamaged(
                f"Aucune copie du journal dans « {copies.root(office)} ».",
                "Restaurez une sauvegarde : « parchemin restore ».",
            )
        gone = erased.listed(workspace)
        warnings = _fill(office, [*shown, *rows], gone)
        count = sum(1 for _ in office.originals.every())
        return _restored(office, count, gone, warnings)
    finally:
        held.release()


def _must_not_live(workspace: Workspace, space: str) -> None:
    alive = identity(workspace.private_identity_file)
    theirs = identity(workspace.identity_file)
    if (alive is not None and alive != space) or (theirs is not None and theirs != space):
        raise SpaceHeld(
            "Ce partage ou ce côté privé est celui d’un autre espace que la sauvegarde.",
            "Donnez un partage vide, ou celui de l’espace sauvegardé.",
        )
    if workspace.journal_file.exists() and _holds_events(workspace.journal_file):
        raise SpaceHeld(
            f"L’espace « {workspace.share} » vit : sa base est là.",
            "Une restauration ne remplace rien : mettez d’abord de côté l’ancien côté privé.",
        )


def _holds_events(journal: Path) -> bool:
    """Whether that journal has begun; a restoration that died may have left its tables, empty."""
    try:
        with closing(sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
            asked = f"SELECT 1 FROM {store.events.name} LIMIT 1"
            return (store.events.name,) in tables and bool(connection.execute(asked).fetchall())
    except sqlite3.Error:
        return True


def _private(source: Path, target: Path) -> None:
    for file in sorted(source.rglob("*")):
        kept = target / file.relative_to(source)
        if file.is_file() and not kept.exists():
            private_folder(kept.parent)
            new_file(kept, file.read_bytes(), 0o600)


def _fill(office: Office, told: Iterable[Line], gone: frozenset[str]) -> list[str]:
    """Load, derive, walk, compare; the warnings."""
    transcript.load(office.journal.engine, told)
    office.journal.rebuild()
    # Before anything else can fail: nobody who was purged comes back.
    purging.again(office, gone)
    office.journal.verify()
    said = list(anchors.faults(office.journal.engine, office.workspace.anchors))
    for stream in office.journal.positions():
        copies.follow(office, stream)
    return said


def _restored(
    office: Office, originals: int, gone: frozenset[str], warnings: Sequence[str]
) -> Restored:
    return Restored(
        streams=len(office.journal.positions()),
        events=_events(office),
        originals=originals,
        erased=len(gone),
        warnings=tuple(warnings),
    )


def _events(office: Office) -> int:
    with office.journal.engine.connect().execution_options(reading=True) as connection:
        query = select(func.count()).select_from(store.events)
        return int(connection.execute(query).scalar() or 0)
