"""A base that never answers is away, and waited for; a question badly asked is not."""

import socket
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import OperationalError

from casefiles import store
from casefiles.errors import SettingsError, StoreAway
from tests.machines.postgres import Server
from watch.service.queue import open_queue, plain


@pytest.fixture
def journal(tmp_path: Path) -> Engine:
    return store.open_engine(store.sqlite_url(tmp_path / "journal.sqlite"))


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server that takes calls and says nothing: a machine that was cut off."""
    monkeypatch.setitem(store.PATIENT, "connect_timeout", "2")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"postgresql://essai@127.0.0.1:{listening.getsockname()[1]}/essai"


@pytest.mark.parametrize("asked", ["SELEC 1", "SELECT nothing FROM events"])
def test_a_question_badly_asked_is_said_and_not_waited_for(journal: Engine, asked: str) -> None:
    with pytest.raises(OperationalError), journal.connect() as connection:
        connection.execute(text(asked))


def test_a_journal_without_its_tables_is_not_there(journal: Engine) -> None:
    with journal.begin() as connection:
        connection.execute(text("DROP TABLE events"))
    with pytest.raises(StoreAway, match="no such table"), journal.connect() as connection:
        connection.execute(text("SELECT 1 FROM events"))


@pytest.mark.long
def test_what_postgresql_can_never_hold_is_said_and_not_waited_for(server: Server) -> None:
    engine = store.open_engine(server.database())
    row = {"list": "awaited", "whose": token_hex(20_000), "rank": "1", "stream": "dossier/1"}
    with pytest.raises(OperationalError), engine.begin() as connection:
        connection.execute(insert(store.listed).values(row))


def test_a_server_that_says_nothing_is_away(mute: str) -> None:
    with pytest.raises(StoreAway):
        store.open_engine(mute)
    with pytest.raises(StoreAway):
        open_queue(mute, "espace")


def test_an_address_says_itself_how_long_it_is_waited_for(mute: str) -> None:
    assert "connect_timeout=7" in plain(f"{mute}?connect_timeout=7").split()
    assert "tcp_user_timeout=30000" in plain(f"{mute}?connect_timeout=7").split()


def test_an_address_of_the_queue_that_cannot_be_read_is_told() -> None:
    with pytest.raises(SettingsError, match="ne se lit pas"):
        plain("postgresql://essai@machine/base?rien=oui")
