"""A migration where the settings are written otherwise, or which died between its last steps."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from casefiles import store
from casefiles.errors import JournalDamaged, SettingsError
from tests.machines.postgres import Server
from tests.stories.conftest import AsTold
from tests.stories.space import Space, rewrite
from watch.commands import migrate as migrating
from watch.commands.migrate import migrate
from watch.office import now
from watch.share.workspace import KEPT_ASIDE

pytestmark = pytest.mark.long


@pytest.fixture
def space(as_told: AsTold) -> Space:
    found = as_told("inscrit")
    found.close()
    return found


def events_of(file: Path) -> int:
    """As the file says alone, without what may stand beside it."""
    with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM events").fetchone()
    return int(count)


def dies_before_the_old_is_aside(space: Space, target: str, monkeypatch: pytest.MonkeyPatch) -> int:
    with monkeypatch.context() as dying:
        dying.setattr(migrating, "_put_aside", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate(space.workspace, target, at=now())
    space.reopen()
    with space.office.journal.engine.connect() as connection:
        count = int(connection.execute(text("SELECT count(*) FROM events")).scalar() or 0)
    space.close()
    return count


@pytest.mark.parametrize(
    "line", ["base_de_donnees = ''", '"base_de_donnees" = ""', 'base_de_donnees=""', ""]
)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "BOM"])
def test_the_setting_is_found_however_it_is_written(
    space: Space, server: Server, line: str, mark: str
) -> None:
    rewrite(
        space.workspace.settings_file,
        lambda text: mark + text.replace('base_de_donnees = ""', line),
    )
    target = server.database()
    migrate(space.workspace, target, at=now())
    space.reopen()
    assert space.office.settings.database == target
    assert space.office.journal.engine.dialect.name == "postgresql"


@pytest.mark.parametrize("word", ['pa"ss', "pa\\bss", "pa\\\\ss", "pa'ss"])
def test_an_address_with_odd_signs_is_read_back_as_it_was_given(
    space: Space, server: Server, word: str
) -> None:
    target = f"{server.database()}&password={word}"
    migrate(space.workspace, target, at=now())
    space.reopen()
    assert space.office.settings.database == target
    assert space.office.journal.engine.dialect.name == "postgresql"


def test_settings_that_cannot_be_changed_stay_as_they_were_and_so_does_the_journal(
    space: Space, server: Server
) -> None:
    file = space.workspace.settings_file
    rewrite(file, lambda text: text.replace('base_de_donnees = ""', 'base_de_donnees = """"""'))
    before, target = file.read_bytes(), server.database()
    with pytest.raises(SettingsError, match="ne se laisse pas changer"):
        migrate(space.workspace, target, at=now())
    assert file.read_bytes() == before
    assert space.workspace.journal_file.exists()
    assert not list(space.workspace.private.glob("*.tmp"))
    rewrite(file, lambda text: text.replace('""""""', '""'))
    assert migrate(space.workspace, target, at=now()).kept is not None


def test_what_a_dead_process_left_beside_the_old_base_is_in_what_is_kept(
    space: Space, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal, target = space.workspace.journal_file, server.database()
    count = dies_before_the_old_is_aside(space, target, monkeypatch)
    # Its last event is beside the file still, as after a power cut.
    with closing(sqlite3.connect(journal)) as dead:
        (*last,) = dead.execute("SELECT * FROM events ORDER BY id DESC LIMIT 1").fetchone()
        dead.execute("DELETE FROM events WHERE id = ?", last[:1])
        dead.commit()
        dead.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        dead.execute(f"INSERT INTO events VALUES ({', '.join('?' for _ in last)})", last)
        dead.commit()
        for file in list(journal.parent.glob(f"{journal.name}*")):
            shutil.copy(file, file.with_name(f"mort-{file.name}"))
    for file in list(journal.parent.glob("mort-*")):
        file.replace(file.with_name(file.name.removeprefix("mort-")))
    assert events_of(journal) == count - 1
    kept = migrate(space.workspace, target, at=now()).kept
    assert kept is not None
    assert events_of(kept) == count
    assert not list(journal.parent.glob(f"{journal.name}*"))


def test_an_old_base_that_says_more_than_the_new_one_is_not_put_aside(
    space: Space, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = server.database()
    dies_before_the_old_is_aside(space, target, monkeypatch)
    engine = store.open_engine(f"{target}")
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM events WHERE id = (SELECT max(id) FROM events)"))
    engine.dispose()
    with pytest.raises(JournalDamaged, match="la nouvelle n’a pas"):
        migrate(space.workspace, target, at=now())
    assert space.workspace.journal_file.exists()


def test_two_bases_put_aside_in_the_same_minute_are_both_kept(space: Space, server: Server) -> None:
    at = now()
    aside = space.workspace.private / f"{KEPT_ASIDE}{at:%Y-%m-%d-%Hh%M}.sqlite"
    aside.write_bytes(b"celle d'avant")
    kept = migrate(space.workspace, server.database(), at=at).kept
    assert kept is not None
    assert kept != aside
    assert aside.read_bytes() == b"celle d'avant"
