"""A space that has lived on SQLite moves to PostgreSQL, and its story goes on there."""

import re
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from casefiles import store, transcript
from casefiles.errors import JournalDamaged, SettingsError, SpaceHeld
from casefiles.journal import Journal
from tests.machines.postgres import Server
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands import migrate as migrating
from watch.commands.deep import prove
from watch.commands.doctor import examine
from watch.commands.migrate import migrate
from watch.office import now
from watch.service.holder import hold
from watch.service.queue import prepare

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


def test_a_copy_that_lacks_its_end_is_not_believed(
    complete: Space, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, every = complete.workspace.settings_file.read_bytes(), transcript.rows
    monkeypatch.setattr(transcript, "rows", lambda *asked: list(every(*asked))[:-1])
    complete.close()
    with pytest.raises(JournalDamaged, match="ne dit pas la même chose"):
        migrate(complete.workspace, server.database(), at=now())
    assert complete.workspace.settings_file.read_bytes() == settings
    assert complete.workspace.journal_file.exists()


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


def test_the_base_of_another_space_is_refused_and_left_as_it_was(
    as_told: AsTold, server: Server
) -> None:
    target, (first, second) = server.database(), (as_told("inscrit"), as_told("nouveau"))
    second.enrol()
    for space in (first, second):
        space.close()
    migrate(first.workspace, target, at=now())
    first.reopen()
    before = rows(first)
    with pytest.raises(SettingsError, match="contient déjà"):
        migrate(second.workspace, target, at=now())
    assert rows(first) == before


@pytest.mark.parametrize("at_work_on", [(transcript, "load"), (Journal, "rebuild"),
                                        (migrating, "_switch"), (migrating, "_put_aside")],
                         ids=["copie", "tables", "réglages", "ancienne base"])  # fmt: skip
def test_a_migration_that_dies_is_asked_for_again_with_the_same_address(
    complete: Space, server: Server, monkeypatch: pytest.MonkeyPatch, at_work_on: tuple[object, str]
) -> None:
    before, target, number = rows(complete), server.database(), complete.numbers()[-1]
    complete.close()
    with monkeypatch.context() as dying:
        dying.setattr(*at_work_on, lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate(complete.workspace, target, at=now())
    # The space lives on meanwhile, on whichever base its settings name.
    complete.reopen()
    assert complete.hand_in(complete.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY"))
    complete.close()
    moved = migrate(complete.workspace, target, at=now())
    assert moved.kept is not None
    assert not complete.workspace.journal_file.exists()
    complete.reopen()
    assert complete.office.journal.engine.dialect.name == "postgresql"
    assert set(before) < set(rows(complete))
    assert moved.events == len(rows(complete))
    complete.catch_up()
    assert list(prove(complete.office)) == []


def test_an_account_that_may_not_make_its_tables_is_told_so(
    complete: Space, server: Server
) -> None:
    address = server.database()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE ROLE pauvre LOGIN")
    poor = address.replace("user=essai", "user=pauvre")
    complete.close()
    with pytest.raises(SettingsError, match="pas le droit") as told:
        migrate(complete.workspace, poor, at=now())
    assert "--owner" in told.value.remedy
    with pytest.raises(SettingsError, match="pas le droit"):
        prepare(poor)


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
