"""A watcher and its worker machines start together, on a database that has no table yet."""

import threading

import psycopg
import pytest
from sqlalchemy import inspect

from casefiles import store
from tests.machines.postgres import Server
from tests.watch.conftest import eventually

pytestmark = pytest.mark.long


def test_two_that_open_a_new_base_at_once_both_find_its_tables(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.database()
    made, go = threading.Event(), threading.Event()
    real, found, wrong = store.metadata.create_all, [], []

    def create_all(connection: object) -> None:
        real(connection)  # type: ignore[arg-type]
        if not made.is_set():
            made.set()
            assert go.wait(60)

    def open_it() -> None:
        try:
            engine = store.open_engine(url)
            found.append(inspect(engine).has_table("events"))
            engine.dispose()
        except Exception as error:
            wrong.append(error)

    monkeypatch.setattr(store.metadata, "create_all", create_all)
    first, second = (threading.Thread(target=open_it) for _ in range(2))
    first.start()
    assert made.wait(60)
    second.start()
    with psycopg.connect(url, autocommit=True) as watching:
        waits = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        eventually(lambda: watching.execute(waits).fetchone() == (1,), 60)
    go.set()
    first.join(60)
    second.join(60)
    assert (found, wrong) == ([True, True], [])
