"""Makes the shared fixtures known: the fork server of a session is one, databases are closed."""

import gc
import os
import sys
from collections.abc import Generator, Iterator

import pytest
from sqlalchemy import Connection, Engine, event

from casefiles import store
from watch.confinement.sandbox import ADDRESS_VARIABLE, SandboxServer

# What one start compiles the next finds again, even where the environment would rather not: else
# every worker, daemon and command line of the tests compiles them all anew. « make clean » removes
# it.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

pytest_plugins = ["tests.engines.fixtures", "tests.machines.fixtures", "tests.pki.fixtures"]


def pytest_collection_finish() -> None:
    """What was imported and collected stays: it need not be gone through again for garbage."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """No power is cut in the tests of every day: they need not wait until the disk has it all.

    A process that dies loses nothing by it, and those that a test starts wait as ever.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not any(map(item.get_closest_marker, ("long", "durable"))):
            patch.setattr(os, "fsync", lambda _: None)
            patch.setattr(store, "SYNCHRONOUS", "OFF")
        return (yield)


@pytest.fixture(scope="session")
def fork_server() -> Iterator[SandboxServer]:
    """Where every foreign file of the session is opened: its start costs seconds, once."""
    server = SandboxServer()
    server.in_force()
    yield server
    server.close()


@pytest.fixture
def one_fork_server(fork_server: SandboxServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would start a fork server of its own, the command line first, uses the session’s."""
    monkeypatch.setenv(ADDRESS_VARIABLE, fork_server.address)


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
