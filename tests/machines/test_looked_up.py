"""On PostgreSQL two transactions overlap for real: what both looked up, only one decides on."""

import threading
from collections.abc import Sequence

import pytest

from casefiles.errors import JournalConflict
from casefiles.events import Recorded
from casefiles.journal import Derived, Journal
from casefiles.store import open_engine
from tests.casefiles.journals import append, said
from tests.machines.postgres import Server

pytestmark = pytest.mark.long


def test_of_two_overlapping_commits_on_one_mark_the_second_is_told(server: Server) -> None:
    inside, leave = threading.Event(), threading.Event()

    def slow(stream: str, recorded: Sequence[Recorded]) -> Derived:
        inside.set()
        assert leave.wait(90)
        return fast(stream, recorded)

    def fast(stream: str, recorded: Sequence[Recorded]) -> Derived:
        return Derived(marks=frozenset({("person", "zoé")}))

    address = server.database()
    first, second = (Journal(open_engine(address), project) for project in (slow, fast))
    nobody = {("person", "zoé"): (), ("bytes", "0"): ()}
    ended: list[str] = []

    def commit(journal: Journal, stream: str) -> None:
        try:
            journal.commit(append(stream, 0, said("ouvert")), provided=nobody)
            ended.append(stream)
        except JournalConflict:
            ended.append("conflit")

    threads = [
        threading.Thread(target=commit, args=pair)
        for pair in ((first, "dossier/1"), (second, "dossier/2"))
    ]
    threads[0].start()
    assert inside.wait(90)
    threads[1].start()
    threads[1].join(0.5)
    # It neither ends nor fails while the first has not committed: it waits to know.
    assert threads[1].is_alive()
    leave.set()
    for thread in threads:
        thread.join(20)
    # Whichever thread is heard of first.
    assert sorted(ended) == ["conflit", "dossier/1"]
    assert first.find("person", "zoé") == ("dossier/1",)
    for journal in (first, second):
        journal.engine.dispose()
