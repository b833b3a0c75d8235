"""One worker at a time on a stream, by a token: whoever was taken for dead commits nothing more.

Locks of machines fall while their holder still runs: paused, or under a load that kept it silent.
The last to take a stream is the only one whose work counts; every commit checks it, in its own
transaction. What reaches the share is held by `watch/share/workshop` in the same way.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from casefiles import store
from casefiles.errors import TakenOver

# A machine paused within a transaction must not keep the next one waiting for ever.
IDLE = "30s"


class Holds:
    """What this process works on now, innermost last."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: list[tuple[str, str]] = []

    @contextmanager
    def taking(self, stream: str) -> Iterator[str]:
        """Work on that stream, whoever did until now; the token of this hold."""
        token = secrets.token_hex(16)
        with self._engine.begin() as connection:
            kind = postgresql if connection.dialect.name == "postgresql" else sqlite
            taken = kind.insert(store.holds).values(stream=stream, token=token)
            connection.execute(
                taken.on_conflict_do_update(
                    index_elements=[store.holds.c.stream], set_={"token": token}
                )
            )
        self._held.append((stream, token))
        try:
            yield token
        finally:
            self._held.pop()

    def check(self, connection: Connection) -> None:
        """TakenOver when another has one of the streams held; else nobody takes one before this
        transaction ends. Nothing is checked outside of any hold.
        """
        if not self._held:
            return
        if connection.dialect.name == "postgresql":
            limit = func.set_config("idle_in_transaction_session_timeout", IDLE, True)
            connection.execute(select(limit))
        if self._lost(connection):
            raise TakenOver(
                "Ce travail vient d’être confié à un autre processus.",
                "Rien à faire : c’est lui qui le mène à son terme.",
            )

    def _lost(self, connection: Connection) -> list[str]:
        held = store.holds.c
        # In their order: two who ask for the same ones never wait for each other.
        query = (
            select(held.stream, held.token)
            .where(held.stream.in_({stream for stream, _ in self._held}))
            .order_by(held.stream)
            .with_for_update(read=True)
        )
        standing = {row.stream: row.token for row in connection.execute(query)}
        # A stream taken again within its own hold is held by the later of the two.
        mine = dict(self._held)
        return [stream for stream, token in mine.items() if standing.get(stream) != token]

    def must_hold(self) -> None:
        """TakenOver when another has taken a stream."""
        with self._engine.connect().execution_options(reading=True) as connection:
            self.check(connection)

    def must_have_held(self) -> None:
        """As `must_hold`; the share is then shown again, where a late one may have moved a file."""
        try:
            self.must_hold()
        except TakenOver:
            with self._engine.begin() as connection:
                lost = self._lost(connection)
                connection.execute(delete(store.to_show).where(store.to_show.c.stream.in_(lost)))
                known = select(store.heads.c.stream).where(store.heads.c.stream.in_(lost))
                connection.execute(insert(store.to_show).from_select(["stream"], known))
            raise
