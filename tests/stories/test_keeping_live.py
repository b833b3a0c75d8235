"""Backups taken while a watcher really writes, or cut short; on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from casefiles import anchors, transcript
from casefiles.errors import BackupDamaged, ParcheminError
from tests.machines.postgres import Server
from tests.stories.conftest import AsTold
from tests.stories.space import Space, rewrite
from tests.stories.test_keeping import heads
from tests.stories.test_watched import answered, eventually, watched
from watch.commands.deep import prove
from watch.commands.migrate import migrate
from watch.keeping import backup as backing
from watch.keeping.backup import backup, manifest
from watch.keeping.restoring import rebuild, restore
from watch.office import now
from watch.share import anchoring

pytestmark = pytest.mark.long


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def space(request: pytest.FixtureRequest, as_told: AsTold) -> Space:
    found = as_told("inscrit")
    rewrite(found.workspace.settings_file, lambda t: t.replace("repos = 5.0", "repos = 0.1"))
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        found.close()
        migrate(found.workspace, server.database(), at=now())
        found.reopen()
    return found


def destroy_the_journal(space: Space) -> None:
    database = space.office.settings.database
    space.close()
    if database:
        engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    for file in space.workspace.private.glob("journal.sqlite*"):
        file.unlink()


def begins_with(whole: Space, events: int) -> bool:
    """Whether the journal holds that many events, and its chains hold."""
    with whole.office.journal.engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM events")).scalar()
    return bool(count == events) and whole.office.journal.damages() == []


def test_backups_taken_under_a_watcher_that_writes_are_whole_at_each_instant(
    space: Space,
) -> None:
    number, before = space.numbers()[-1], len(answered(space))
    parts = space.competences(number)
    grids = [space.grid(number, part).read_bytes() for part in parts]
    anchoring.show(space.office)
    safe = space.root / "sauvegarde"
    backup(space.office, safe, with_keys=True)
    seen = []
    with watched(space):
        for place, grid in enumerate(grids):
            space.drop(grid, f"grille {place}.pdf")
        while len(answered(space)) < before + len(grids):
            saved = backup(space.office, safe, with_keys=True)
            seen.append(saved.events)
        eventually(lambda: not space.office.journal.unpublished())
    # Some of them in the middle of the work, which went on meanwhile.
    assert len(set(seen)) > 1
    after = heads(space)
    destroy_the_journal(space)
    shutil.rmtree(space.workspace.private / "originals")
    shutil.rmtree(space.workspace.private / "journaux-des-dossiers")
    restore(safe, space.workspace)
    space.reopen()
    restored = heads(space)
    assert begins_with(space, seen[-1])
    assert restored.keys() <= after.keys()
    assert all(place <= after[stream][0] for stream, (place, _) in restored.items())
    space.catch_up()
    assert [f for f in prove(space.office) if f.kind not in SHARE] == []
    # What the backup did not have yet is still on the share, where it can be dropped again.
    for grid in grids:
        space.drop(grid, "grille.pdf")
        space.work()
    assert len(space.case(number).standing("grille")) == len(parts)


def test_a_backup_tells_of_one_moment_whatever_is_written_while_it_reads(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    safe, before, shown = space.root / "sauvegarde", heads(space), transcript.shown

    def and_meanwhile(connection: Connection) -> Iterator[transcript.Line]:
        yield from shown(connection)
        monkeypatch.setattr(transcript, "shown", shown)
        assert space.hand_in(space.grid(space.numbers()[-1], "BDC1.1")).outcome == "accepted"

    monkeypatch.setattr(transcript, "shown", and_meanwhile)
    backup(space.office, safe, with_keys=True)
    assert heads(space) != before, "nothing was written meanwhile"
    destroy_the_journal(space)
    restore(safe, space.workspace)
    space.reopen()
    assert heads(space) == before


# What came after the backup stands on the share, which a journal older than it cannot explain.
SHARE = ("partage",)


def test_a_journal_destroyed_after_a_watcher_wrote_it_is_rebuilt_from_the_copies(
    space: Space,
) -> None:
    number = space.numbers()[-1]
    anchoring.show(space.office)
    with watched(space):
        space.drop(space.modalities(number), "modalités.pdf")
        space.drop(space.grid(number, "BDC1.1"), "grille.pdf")
        eventually(lambda: len(space.case(number).documents) == 3)
        eventually(lambda: not space.office.journal.unpublished())
    before = heads(space)
    destroy_the_journal(space)
    assert rebuild(space.workspace).warnings == ()
    space.reopen()
    assert heads(space) == before
    assert list(prove(space.office)) == []
    answer = space.hand_in(space.grid(number, "BDC1.2"))
    assert answer.outcome == "accepted"
    assert list(prove(space.office)) == []


def test_nothing_is_restored_nor_rebuilt_over_a_journal_that_has_events(space: Space) -> None:
    safe, before = space.root / "sauvegarde", heads(space)
    backup(space.office, safe, with_keys=True)
    for bring_back in (lambda: restore(safe, space.workspace), lambda: rebuild(space.workspace)):
        with pytest.raises(ParcheminError, match=r"contient|vit"):
            bring_back()
    assert heads(space) == before
    assert list(prove(space.office)) == []


def test_rows_cut_from_the_end_with_all_that_derives_from_them_are_found_by_the_anchor(
    space: Space,
) -> None:
    anchoring.show(space.office)
    assert list(anchors.faults(space.office.journal.engine, space.workspace.anchors)) == []
    with space.office.journal.engine.begin() as connection:
        last = connection.execute(
            text("SELECT stream FROM events ORDER BY id DESC LIMIT 1")
        ).scalar()
        for table in ("events", "heads", "open_steps", "marks", "listed", "published", "to_show"):
            connection.execute(text(f"DELETE FROM {table} WHERE stream = :s"), {"s": last})
    assert space.office.journal.damages() == []
    assert list(anchors.faults(space.office.journal.engine, space.workspace.anchors))


# Cut short


@pytest.mark.parametrize("step", ["_journal", "_originals", "_private", "_note"])
def test_a_first_backup_cut_short_is_refused_and_a_later_one_leaves_the_one_before(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    space = as_told("inscrit")
    first, second = space.root / "première", space.root / "seconde"
    whole = backup(space.office, second, with_keys=True)
    kept = manifest(second)
    space.hand_in(space.grid(space.numbers()[-1], "BDC1.1"))

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for target in (first, second):
        with monkeypatch.context() as cut:
            cut.setattr(backing, step, dies)
            with pytest.raises(KeyboardInterrupt):
                backup(space.office, target, with_keys=True)
    space.close()
    shutil.rmtree(space.workspace.private)
    with pytest.raises(BackupDamaged, match="incomplète"):
        restore(first, space.workspace)
    assert manifest(second) == kept
    assert restore(second, space.workspace).events == whole.events
    space.reopen()
    assert space.office.journal.damages() == []


def test_a_manifest_is_never_taken_with_another_backups_journal(as_told: AsTold) -> None:
    space = as_told("inscrit")
    safe = space.root / "sauvegarde"
    backup(space.office, safe, with_keys=True)
    older: Path = next(safe.glob("journal-*.jsonl.gz"))
    aside = older.read_bytes()
    space.hand_in(space.grid(space.numbers()[-1], "BDC1.1"))
    backup(space.office, safe, with_keys=True)
    (newer,) = safe.glob("journal-*.jsonl.gz")
    newer.write_bytes(aside)
    space.close()
    shutil.rmtree(space.workspace.private)
    with pytest.raises(BackupDamaged, match="n’est pas celui qu’elle annonce"):
        restore(safe, space.workspace)
    os.unlink(newer)
    with pytest.raises(BackupDamaged, match="n’est pas celui qu’elle annonce"):
        restore(safe, space.workspace)
