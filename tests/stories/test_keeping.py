"""Backups, restored spaces and rebuilt databases: each shown by destroying the original."""

import re
import shutil
from pathlib import Path

import pytest

from casefiles.errors import BackupDamaged, JournalDamaged, SettingsError, SpaceHeld
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.deep import prove
from watch.keeping import copies
from watch.keeping.backup import backup
from watch.keeping.restoring import rebuild, restore
from watch.share import anchoring

# TABLEAU says the minute it was drawn at: the one thing that may differ.
_MINUTE = re.compile(rb" \xc2\xb7 \xc3\xa9tat au [^<]*")


def seen(space: Space) -> dict[str, bytes]:
    """What people see of the share, byte for byte."""
    share = space.workspace.share
    return {
        file.relative_to(share).as_posix(): _MINUTE.sub(b"", file.read_bytes())
        for file in sorted(share.rglob("*"))
        if file.is_file() and ".parchemin" not in file.parts
    }


def heads(space: Space) -> dict[str, tuple[int, str]]:
    with space.office.journal.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT stream, position, hash FROM heads")
        return {stream: (position, head) for stream, position, head in rows}


def open_to_others(folder: Path) -> list[str]:
    """The folders there that another account may enter, and the copies it may read."""
    everything = [folder, *folder.rglob("*")]
    kept = [p for p in everything if p.is_dir() or p.suffix in (".jsonl", ".key", ".toml")]
    return [p.name for p in kept if p.stat().st_mode & 0o077]


def lose_the_database(space: Space) -> None:
    space.close()
    for file in space.workspace.private.glob("journal.sqlite*"):
        file.unlink()


def test_a_database_destroyed_is_rebuilt_from_the_copies(as_told: AsTold) -> None:
    space = as_told("décidé")
    anchoring.show(space.office)
    before, looked = heads(space), seen(space)
    assert before.keys() > {space.session().stream, f"dossier/{space.numbers()[-1]}"}
    assert open_to_others(copies.root(space.office)) == []
    lose_the_database(space)
    told = rebuild(space.workspace)
    assert told.warnings == ()
    space.reopen()
    assert heads(space) == before
    assert list(prove(space.office)) == []
    space.catch_up()
    assert seen(space) == looked


def test_a_space_that_lives_is_neither_rebuilt_nor_restored(as_told: AsTold) -> None:
    space = as_told("inscrit")
    backup(space.office, space.root / "sauvegarde")
    with pytest.raises(SpaceHeld, match="contient des événements"):
        rebuild(space.workspace)
    with pytest.raises(SpaceHeld, match="vit"):
        restore(space.root / "sauvegarde", space.workspace)


def test_a_copy_that_was_changed_is_not_believed(as_told: AsTold) -> None:
    space = as_told("inscrit")
    file = copies.place(copies.root(space.office), f"dossier/{space.numbers()[-1]}")
    file.write_text(file.read_text().replace("EXEMPLE", "EXEMPLO", 1))
    assert {fault.kind for fault in prove(space.office)} == {"copie"}
    lose_the_database(space)
    with pytest.raises(JournalDamaged, match="dossier/"):
        rebuild(space.workspace)


def test_a_copy_cut_short_or_lost_is_found_then_made_good(as_told: AsTold) -> None:
    space = as_told("inscrit")
    folder, stream = copies.root(space.office), f"dossier/{space.numbers()[-1]}"
    file = copies.place(folder, stream)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    copies.place(folder, "vierges").unlink()
    assert [fault.kind for fault in prove(space.office)] == ["copie", "copie"]
    space.show(space.numbers()[-1])
    assert copies.complete(space.office) == 1
    assert list(prove(space.office)) == []


def test_a_backup_inside_the_space_it_saves_is_refused(as_told: AsTold) -> None:
    space = as_told("nouveau")
    for place in (space.workspace.share / "sauvegarde", space.workspace.private / "sauvegarde"):
        with pytest.raises(SettingsError, match="dans l’espace à sauvegarder"):
            backup(space.office, place)
        assert not place.exists()


@pytest.mark.parametrize("with_keys", [True, False], ids=["avec les clés", "sans les clés"])
def test_everything_private_destroyed_comes_back_from_a_backup(
    as_told: AsTold, with_keys: bool
) -> None:
    space = as_told("décidé")
    anchoring.show(space.office)
    before, looked = heads(space), seen(space)
    safe = space.root / "sauvegarde"
    backup(space.office, safe, with_keys=with_keys)
    coffer = space.root / "coffre"
    shutil.copytree(space.workspace.keys, coffer)
    shutil.copy(space.workspace.imprint_key, coffer)
    space.close()
    shutil.rmtree(space.workspace.private)
    told = restore(safe, space.workspace)
    assert open_to_others(space.workspace.private) == []
    assert any("remettez" in said for said in told.warnings) is not with_keys
    if not with_keys:
        shutil.copytree(coffer, space.workspace.keys)
        (space.workspace.keys / "imprint.key").rename(space.workspace.imprint_key)
    space.reopen()
    assert heads(space) == before
    assert list(prove(space.office)) == []
    space.catch_up()
    assert seen(space) == looked


def test_a_share_lost_too_is_projected_anew(as_told: AsTold) -> None:
    space = as_told("décidé")
    anchoring.show(space.office)
    looked = seen(space)
    backup(space.office, space.root / "sauvegarde", with_keys=True)
    space.close()
    for side in (space.workspace.private, space.workspace.share):
        shutil.rmtree(side)
    assert restore(space.root / "sauvegarde", space.workspace).warnings == ()
    space.reopen()
    space.catch_up()
    for number in space.numbers():
        space.show(number)
    lost = {path for path in looked if path.startswith("5 Terminés")} - seen(space).keys()
    assert lost == set()


def test_a_share_that_kept_its_own_anchors_is_compared_with_them(as_told: AsTold) -> None:
    space = as_told("inscrit")
    anchoring.show(space.office)
    backup(space.office, space.root / "sauvegarde", with_keys=True)
    kept = space.workspace.anchors[1]
    (changed,) = kept.glob("*.json")
    changed.write_bytes(changed.read_bytes() + b" ")
    space.close()
    shutil.rmtree(space.workspace.private)
    told = restore(space.root / "sauvegarde", space.workspace).warnings
    assert any("n’est pas la même partout" in said for said in told)


def test_a_second_backup_adds_only_what_is_new(as_told: AsTold) -> None:
    space = as_told("inscrit")
    safe = space.root / "sauvegarde"
    first = backup(space.office, safe)
    assert (first.new, backup(space.office, safe).new) == (first.originals, 0)
    space.hand_in(space.grid(space.numbers()[-1], "BDC1.1"))
    second = backup(space.office, safe)
    assert 0 < second.new < first.new
    assert second.events > first.events


def first_original(safe: Path) -> Path:
    return sorted((safe / "originaux").glob("??/*"))[0]


def test_a_damaged_backup_is_not_restored(as_told: AsTold) -> None:
    space = as_told("inscrit")
    safe = space.root / "sauvegarde"
    backup(space.office, safe)
    space.close()
    shutil.rmtree(space.workspace.private)
    kept = first_original(safe).read_bytes()
    first_original(safe).write_bytes(kept + b"%")
    with pytest.raises(BackupDamaged, match="abîmé"):
        restore(safe, space.workspace)
    first_original(safe).write_bytes(kept)
    (journal,) = safe.glob("journal-*.jsonl.gz")
    journal.write_bytes(journal.read_bytes()[:-40])
    with pytest.raises(BackupDamaged, match="n’est pas celui"):
        restore(safe, space.workspace)
    assert not space.workspace.journal_file.exists()


def test_a_folder_that_holds_something_else_is_left_alone(as_told: AsTold) -> None:
    space = as_told("nouveau")
    (space.root / "photos").mkdir()
    (space.root / "photos" / "vacances.jpg").write_bytes(b"")
    with pytest.raises(BackupDamaged, match="autre chose"):
        backup(space.office, space.root / "photos")
    assert [p.name for p in (space.root / "photos").iterdir()] == ["vacances.jpg"]
