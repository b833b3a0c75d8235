"""A space that has lived on SQLite moves to PostgreSQL, and its story goes on there."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from casefiles import store
from casefiles.errors import JournalDamaged, SettingsError, SpaceHeld
from tests.machines.postgres import Server
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.doctor import examine
from watch.commands.migrate import migrate
from watch.office import now
from watch.service.holder import hold

pytestmark = pytest.mark.long


@pytest.fixture
def complete(as_told: AsTold) -> Space:
    return as_told("complet")


def rows(space: Space) -> list[tuple[object, ...]]:
    with space.office.journal.engine.connect().execution_options(reading=True) as connection:
        query = "SELECT stream, position, hash, payload FROM events ORDER BY stream, position"
        return [tuple(row) for row in connection.execute(text(query))]


def test_the_story_goes_on_after_the_journal_has_moved(complete: Space, server: Server) -> None:
    before, number = rows(complete), complete.numbers()[-1]
    to_do, unpublished = complete.to_do(number), complete.office.journal.unpublished()
    complete.close()
    moved = migrate(complete.workspace, server.database(), at=now())
    assert moved.events == len(before)
    assert moved.kept is not None
    assert moved.kept.is_file()
    assert not complete.workspace.journal_file.exists()
    complete.reopen()
    assert complete.office.journal.engine.dialect.name == "postgresql"
    assert rows(complete) == before
    assert complete.office.journal.unpublished() == unpublished
    complete.catch_up()
    assert complete.to_do(number) == to_do
    reference = complete.open_session(number)
    complete.close_agenda(reference)
    assert complete.hand_in(complete.sheet()).outcome == "accepted"
    assert complete.hand_in(complete.signed_minutes()).outcome == "accepted"
    assert complete.case(number).product("parchemin") is not None
    complete.office.journal.verify()
    checks = {check.what: check for check in examine(complete.workspace)}
    assert checks["Journal"].good
    assert checks["Originaux"].good


def test_a_watched_space_is_not_moved(complete: Space, server: Server) -> None:
    held = hold(complete.workspace, now())
    with pytest.raises(SpaceHeld):
        migrate(complete.workspace, server.database(), at=now())
    held.release()
    assert complete.workspace.journal_file.exists()


def test_a_base_that_holds_something_is_refused(complete: Space, server: Server) -> None:
    target = server.database()
    complete.close()
    migrate(complete.workspace, target, at=now())
    with pytest.raises(SettingsError, match="contient déjà"):
        migrate(complete.workspace, target, at=now())


def test_a_base_that_is_not_there_is_said_and_nothing_changes(complete: Space) -> None:
    settings = complete.workspace.settings_file.read_bytes()
    with pytest.raises(SettingsError, match="ne s’ouvre pas"):
        migrate(complete.workspace, "postgresql:///rien?host=/nulle-part", at=now())
    assert complete.workspace.settings_file.read_bytes() == settings
    assert complete.workspace.journal_file.exists()


def test_a_damaged_journal_is_not_moved(complete: Space, server: Server) -> None:
    with complete.office.journal.engine.begin() as connection:
        connection.execute(
            store.events.update()
            .where(store.events.c.type == "CaseOpened")
            .values(payload=store.events.c.payload.concat(" "))
        )
    complete.close()
    target = server.database()
    with pytest.raises(JournalDamaged):
        migrate(complete.workspace, target, at=now())
    assert f'base_de_donnees = "{target}"' not in complete.workspace.settings_file.read_text(
        encoding="utf-8"
    )


def test_only_the_database_setting_is_touched(complete: Space, server: Server) -> None:
    file: Path = complete.workspace.settings_file
    before = file.read_text(encoding="utf-8")
    complete.close()
    migrate(complete.workspace, server.database(), at=now())
    plain: Callable[[str], str] = lambda s: re.sub(r"base_de_donnees = .*", "", s)  # noqa: E731
    assert plain(file.read_text(encoding="utf-8")) == plain(before)
