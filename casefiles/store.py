"""The tables under the journal, and the engine they live in: SQLite (WAL, full sync) or PostgreSQL.

`events` is the truth. `heads`, `open_steps`, `marks` and `listed` are derived: they commit with
the events and can be rebuilt from them. Nothing outside `journal` writes here. A store made by an
earlier version is brought up to date when it is opened.
"""

import sqlite3
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError

from casefiles.errors import StoreAway

# How long a writer waits for another before it gives up, to be tried again later.
PATIENCE_MS = 30_000
# A server that is no longer there, cut off or without power, says nothing at all: how long it is
# waited for, in the words of PostgreSQL’s library. Else it would be minutes, then a quarter of an
# hour for one that was being talked to.
PATIENT = {
    "connect_timeout": "10",
    "tcp_user_timeout": "30000",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
# Whoever makes or mends the tables holds it; any number does, but the queue’s own.
_SCHEMA_LOCK = 0x50415244
# What was committed stands through a power cut.
SYNCHRONOUS = "FULL"

metadata = MetaData()


def _ordered(length: int) -> Any:
    """Text that both databases put in the order of its bytes, whatever the language of the base."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def under(column: Any, prefix: str) -> Any:
    """The values of an ordered column that begin so, written so that its index serves."""
    return (column >= prefix) & (column < prefix[:-1] + chr(ord(prefix[-1]) + 1))


events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("stream", _ordered(80), nullable=False),
    Column("position", Integer, nullable=False),
    Column("type", String(40), nullable=False),
    Column("at", String(40), nullable=False),
    # Payload and salt may be emptied for privacy; the commitment stays and the chain verifies.
    Column("payload", Text),
    Column("salt", String(64)),
    Column("commitment", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("effect_key", String(160), unique=True),
    UniqueConstraint("stream", "position"),
)

heads = Table(
    "heads",
    metadata,
    Column("stream", _ordered(80), primary_key=True),
    Column("kind", String(20), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", String(40), nullable=False, index=True),
    Column("summary", JSON, nullable=False),
)

open_steps = Table(
    "open_steps",
    metadata,
    Column("stream", _ordered(80), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("ours", Boolean, nullable=False),
    Column("due_at", String(40)),
    Column("blocked", Boolean, nullable=False, default=False),
    Index("open_steps_due", "ours", "blocked", "due_at"),
)

marks = Table(
    "marks",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("key", String(160), primary_key=True),
    Column("stream", _ordered(80), primary_key=True),
    Index("marks_by_stream", "stream"),
)

# The lists people are shown a page of, and told the length of: whose turn it is, since when.
listed = Table(
    "listed",
    metadata,
    Column("list", String(20), primary_key=True),
    Column("whose", Text, primary_key=True),
    Column("rank", _ordered(40), primary_key=True),
    Column("stream", _ordered(80), primary_key=True),
    Index("listed_by_stream", "stream"),
)

# Which derivation these tables were last made by, whole: see `deriving.DERIVATION`.
derived_by = Table("derived_by", metadata, Column("derivation", Integer, nullable=False))

# What the share was last seen to hold of each stream, and in which folder of it. Not derived from
# events, yet expendable: losing it costs one full reconciliation.
published = Table(
    "published",
    metadata,
    Column("stream", _ordered(80), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("files", JSON, nullable=False),
    Column("folder", Text, nullable=False, server_default=""),
)

# The streams the share does not show as they are: few, so that asking costs nothing however many
# streams there are. Commits with the events; leaves when the share was noted to hold their end.
to_show = Table("to_show", metadata, Column("stream", _ordered(80), primary_key=True))

# Who works on each stream: the last one to have taken it. Expendable while nobody works.
holds = Table(
    "holds",
    metadata,
    Column("stream", String(80), primary_key=True),
    Column("token", String(32), nullable=False),
)


def open_engine(url: str) -> Engine:
    """An engine on `url`, tables made if needed; SQLite set to WAL with full sync.

    « postgresql://… » is enough for PostgreSQL: the library that speaks to it is ours to choose.
    StoreAway, here and from whatever is asked of it, when the database cannot answer now.
    """
    told = make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
    if told.get_backend_name() == "postgresql":
        told = told.set(query={**PATIENT, **told.query})
    # A server that was restarted leaves dead connections behind: they are tried before use.
    engine = create_engine(told, pool_pre_ping=told.get_backend_name() != "sqlite")
    event.listen(engine, "handle_error", _in_our_words)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _write_lock_at_once)
    with engine.begin() as connection:
        _bring_up_to_date(connection)
    return engine


def behind() -> Any:
    """The streams whose end the share was never noted to hold, found the long way."""
    same = (published.c.stream == heads.c.stream) & (published.c.position == heads.c.position)
    return select(heads.c.stream).where(~select(published.c.stream).where(same).exists())


def _bring_up_to_date(connection: Connection) -> None:
    """Make the tables that lack, and give an older store what it did not have yet.

    One process at a time: SQLite gives its writing to one alone, PostgreSQL must be asked.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_SCHEMA_LOCK)))
    found = inspect(connection)
    older = found.has_table(heads.name)
    missing = older and not found.has_table(to_show.name)
    folderless = older and "folder" not in {c["name"] for c in found.get_columns(published.name)}
    metadata.create_all(connection)
    if folderless:
        connection.execute(text("ALTER TABLE published ADD COLUMN folder TEXT DEFAULT '' NOT NULL"))
    if older and connection.dialect.name == "postgresql":
        _put_in_order(connection)
    if missing:
        connection.execute(insert(to_show).from_select(["stream"], behind()))
    if folderless:
        # Shown again, so that each one’s folder is remembered.
        known = select(to_show.c.stream).where(to_show.c.stream == published.c.stream).exists()
        again = select(heads.c.stream).join(published, heads.c.stream == published.c.stream)
        connection.execute(
            insert(to_show).from_select(["stream"], again.where(heads.c.kind != "depot", ~known))
        )


def _put_in_order(connection: Connection) -> None:
    """An earlier version left the names of streams in the order of the base’s language."""
    found = connection.execute(
        text(
            "SELECT table_name FROM information_schema.columns WHERE column_name = 'stream' "
            "AND table_schema = current_schema() AND collation_name IS DISTINCT FROM 'C'"
        )
    )
    for name in metadata.tables.keys() & set(found.scalars()):
        command = f'ALTER TABLE {name} ALTER COLUMN stream TYPE VARCHAR(80) COLLATE "C"'
        connection.execute(text(command))


def forget(engine: Engine) -> None:
    """Empty the log beside a SQLite file: what was purged stands there too until then."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(reading=True) as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            connection.exec_driver_sql("BEGIN")


def _in_our_words(context: ExceptionContext) -> None:
    # What a connection is tried by before use is for the pool alone: it makes another.
    if (
        isinstance(context.sqlalchemy_exception, OperationalError)
        and not context.is_pre_ping
        and not _asked_badly(context.original_exception)
    ):
        said = str(context.original_exception).strip().partition("\n")[0]
        raise StoreAway(
            f"La base de données ne répond pas ({said}).",
            "Vérifiez qu’elle est démarrée, que son disque n’est pas plein, et l’adresse "
            "« base_de_donnees » des réglages.",
        ) from context.original_exception


def _asked_badly(error: BaseException) -> bool:
    """Whether the base refuses what it was asked, and would tomorrow: nothing is to be waited for.

    A journal without its tables is one that is not there.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF == sqlite3.SQLITE_ERROR and not str(error).startswith("no such table")
    # « Program limit exceeded ».
    return (getattr(error, "sqlstate", None) or "").startswith("54")


def sqlite_url(file: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{file}"


def _durable(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
    _to_wal(cursor)
    cursor.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is purged, or derived anew, leaves no trace in the pages it stood in.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _to_wal(cursor: Any) -> None:
    # A new file’s first change of mode is refused at once, whatever the busy timeout, to whoever
    # asks for it while another does the same or writes: it is asked for again.
    until = monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
        sleep(0.01)


def _write_lock_at_once(connection: Any) -> None:
    # A read that later wants to write would fail at once under another writer; asking for the
    # write lock from the start makes it wait instead.
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
