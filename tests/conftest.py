"""Makes the shared fixtures known, and closes the databases a test has opened."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, event

pytest_plugins = ["tests.engines.fixtures", "tests.machines.fixtures", "tests.pki.fixtures"]


@pytest.fixture(autouse=True)
def databases_closed_with_the_test() -> Iterator[None]:
    """From Python 3.13 on, a connection left to the garbage collector is a warning, so an error."""
    engines: dict[int, Engine] = {}

    def remember(connection: Connection) -> None:
        engines[id(connection.engine)] = connection.engine

    event.listen(Engine, "engine_connect", remember)
    yield
    event.remove(Engine, "engine_connect", remember)
    for engine in engines.values():
        engine.dispose()
