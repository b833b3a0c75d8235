"""A base in French puts words in the order of dictionaries; the names of streams keep ours."""

import psycopg
import pytest
from sqlalchemy import text

from casefiles.journal import Journal
from casefiles.store import metadata, open_engine
from tests.casefiles.journals import NOON, append, by_words, said
from tests.machines.postgres import Server

pytestmark = pytest.mark.long

NAMES = ("registre/P-2026-00001", "registre/P-2026-00002", "registre/P-2027-00001", "dossier/1")


def french(server: Server, name: str) -> str:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'fr-FR'"
        )
    return server.url(name)


def test_lines_of_the_register_are_counted_whatever_the_language_of_the_base(
    server: Server,
) -> None:
    journal = Journal(open_engine(french(server, "francaise")), by_words, lambda: NOON)
    for name in NAMES:
        journal.commit(append(name, 0, said("un")))
    assert journal.count("registre", "P-2026-") == 2
    assert journal.count("dossier") == 1


def test_a_base_an_earlier_version_made_is_put_in_our_order(server: Server) -> None:
    url = french(server, "ancienne")
    journal = Journal(open_engine(url), by_words, lambda: NOON)
    for name in NAMES:
        journal.commit(append(name, 0, said("un")))
    with journal.engine.begin() as connection:
        for name in (n for n, table in metadata.tables.items() if "stream" in table.columns):
            command = f"ALTER TABLE {name} ALTER COLUMN stream TYPE VARCHAR(80) COLLATE pg_catalog."
            connection.execute(text(f'{command}"default"'))
    again = open_engine(url)
    query = (
        "SELECT string_agg(DISTINCT collation_name, ' ') FROM information_schema.columns "
        "WHERE table_name = 'events' AND column_name = 'stream'"
    )
    with again.connect() as connection:
        assert connection.execute(text(query)).scalar() == "C"
    assert Journal(again, by_words, lambda: NOON).count("registre", "P-2026-") == 2
