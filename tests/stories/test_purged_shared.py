"""The purge over PostgreSQL: the same stories as over SQLite, and nothing left in any table."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from casefiles import store
from tests.machines.fixtures import server
from tests.machines.postgres import Server
from tests.stories.conftest import AsTold, Stages
from tests.stories.space import Space
from tests.stories.test_purged_meanwhile import (
    past,
    test_a_case_taken_up_again_at_the_moment_of_its_purge_is_not_purged,
    test_a_drop_answered_while_its_case_is_purged_leaves_at_the_next_purge,
    test_bytes_deleted_between_their_keeping_and_their_record_are_kept_anew,
    test_the_same_bytes_dropped_again_before_they_are_deleted_are_kept,
)
from tests.stories.test_retention import (
    later,
    test_what_another_case_still_names_is_kept,
)
from watch.commands.deep import prove
from watch.commands.migrate import migrate
from watch.keeping import purging, retention
from watch.office import now

__all__ = [
    "past",
    "server",
    "test_a_case_taken_up_again_at_the_moment_of_its_purge_is_not_purged",
    "test_a_drop_answered_while_its_case_is_purged_leaves_at_the_next_purge",
    "test_bytes_deleted_between_their_keeping_and_their_record_are_kept_anew",
    "test_the_same_bytes_dropped_again_before_they_are_deleted_are_kept",
    "test_what_another_case_still_names_is_kept",
]

pytestmark = pytest.mark.long


@pytest.fixture
def as_told(stages: Stages, server: Server, tmp_path: Path) -> Iterator[AsTold]:
    """An office whose journal has moved to PostgreSQL."""
    opened: list[Space] = []

    def copy(stage: str) -> Space:
        space = stages.copy(stage, tmp_path / str(len(opened)))
        space.close()
        migrate(space.workspace, server.database(), at=now())
        space.reopen()
        assert space.office.journal.engine.dialect.name == "postgresql"
        opened.append(space)
        return space

    yield copy
    for space in opened:
        space.close()


def everything_written(space: Space) -> str:
    """Every row of every table, as text."""
    with space.office.journal.engine.connect() as connection:
        rows = [
            str(row)
            for table in store.metadata.sorted_tables
            for row in connection.execute(text(f"SELECT to_json(t)::text FROM {table.name} t"))
        ]
    return "\n".join(rows)


def test_no_table_holds_the_name_of_a_case_that_was_purged(as_told: AsTold) -> None:
    space = as_told("décidé")
    name = space.case().candidate.birth_name
    assert name in everything_written(space)
    later(space, 11)
    purging.purge(space.office, retention.due(space.office))
    space.catch_up()
    assert name not in everything_written(space)
    assert not list(space.workspace.private.glob("journal-avant-le-*"))
    assert list(prove(space.office)) == []


def test_the_journal_kept_aside_stays_while_nothing_it_holds_was_purged(as_told: AsTold) -> None:
    space = as_told("inscrit")
    purging.purge(space.office, ())
    assert list(space.workspace.private.glob("journal-avant-le-*"))


def test_a_journal_that_a_move_had_no_time_to_put_aside_leaves_with_what_it_holds(
    as_told: AsTold,
) -> None:
    space = as_told("décidé")
    (kept,) = space.workspace.private.glob("journal-avant-le-*")
    kept.rename(space.workspace.journal_file)
    later(space, 11)
    purging.purge(space.office, retention.due(space.office))
    assert not space.workspace.journal_file.exists()
