"""The queue that machines share: jobs go in, ends come out, whatever dies in between."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from casefiles.errors import SettingsError, StoreAway
from tests.machines.fixtures import Machines
from tests.machines.postgres import Server
from tests.stories.space import rewrite
from tests.watch.conftest import AT, eventually
from tests.watch.fake_office import done
from watch.doors import claims
from watch.doors.inbox import scan
from watch.service.dispatch import Calls, Done, Job
from watch.service.machine import work
from watch.service.queue import heard, open_queue, told
from watch.service.shared import SharedHands
from watch.share.workspace import Workspace

pytestmark = pytest.mark.long

CALLS = Calls(
    opener="tests.watch.fake_office:open_office",
    intake="tests.watch.fake_office:take",
    advance="tests.watch.fake_office:advance",
)


@pytest.fixture
def hands(workspace: Workspace, queue: str) -> Iterator[SharedHands]:
    found = SharedHands(queue, workspace.id, look_every=0.5)
    found.wait(0)
    yield found
    (workspace.private / "barrière").touch()
    found.close()


def collect(hands: SharedHands, count: int, seconds: float = 90.0) -> list[Done]:
    found: list[Done] = []
    until = time.monotonic() + seconds
    while len(found) < count:
        assert time.monotonic() < until, found
        found += hands.wait(0.5)
    return found


def claim(workspace: Workspace, content: str) -> Job:
    (workspace.drop_here / "a.txt").write_text(content, encoding="utf-8")
    (seen,) = scan(workspace, ("inbox",))
    taken = claims.claim(workspace, seen, AT)
    assert taken is not None
    return Job("intake", taken.id)


def test_another_machine_does_the_jobs_and_tells_what_they_touched(
    workspace: Workspace, hands: SharedHands, machine: Machines
) -> None:
    machine(workspace, calls=CALLS)
    intake = claim(workspace, "bonjour")
    assert hands.submit(intake)
    assert hands.submit(Job("advance", "dossier/tête"))
    assert {(one.job, one.streams, one.error) for one in collect(hands, 2)} == {
        (intake, (f"depot/{intake.key}",), ""),
        (Job("advance", "dossier/tête"), ("dossier/suite",), ""),
    }
    assert not hands.busy
    assert list(claims.pending(workspace)) == []


def test_a_stream_is_never_worked_on_by_two_machines_and_is_worked_on_again_when_touched(
    workspace: Workspace, hands: SharedHands, machine: Machines
) -> None:
    for _ in range(3):
        machine(workspace, calls=CALLS)
    slow, other = Job("advance", "lent/1"), Job("advance", "dossier/2")
    hands.submit(slow)
    begun = f"début {slow.key} "
    eventually(
        lambda: hands.wait(0.05) or any(x.startswith(begun) for x in done(workspace.private))
    )
    for _ in range(3):
        hands.submit(slow)
    hands.submit(other)
    assert [one.job for one in collect(hands, 1)] == [other]
    (workspace.private / "barrière").touch()
    assert [one.job for one in collect(hands, 2)] == [slow, slow]
    lines = [x.split()[0] for x in done(workspace.private) if slow.key in x]
    assert lines == ["début", "fin", "début", "fin"]


def test_two_watchers_lives_cannot_make_two_machines_work_on_one_stream(
    workspace: Workspace, hands: SharedHands, queue: str, machine: Machines
) -> None:
    for _ in range(2):
        machine(workspace, calls=CALLS)
    slow = Job("advance", "lent/1")
    hands.submit(slow)
    eventually(lambda: any(x.startswith("début lent/1 ") for x in done(workspace.private)))
    next_life = SharedHands(queue, workspace.id, look_every=0.2)
    next_life.wait(0)
    next_life.submit(slow)
    next_life.submit(Job("advance", "dossier/2"))
    assert [one.job.key for one in collect(next_life, 1)] == ["dossier/2"]
    (workspace.private / "barrière").touch()
    eventually(lambda: len([x for x in done(workspace.private) if slow.key in x]) == 4)
    lines = [x.split()[0] for x in done(workspace.private) if slow.key in x]
    assert lines == ["début", "fin", "début", "fin"]
    next_life.close()


def test_the_job_of_a_machine_that_dies_for_good_is_done_by_another(
    workspace: Workspace, hands: SharedHands, machine: Machines
) -> None:
    lost = machine(workspace, calls=CALLS)
    job = claim(workspace, "mourir")  # the worker that takes it ends at once, without a word
    hands.submit(job)
    lost.wait(timeout=90)
    assert lost.returncode == 9
    assert [one.id for one in claims.pending(workspace)] == [job.key]
    machine(workspace, calls=CALLS)
    (found,) = collect(hands, 1)
    assert (found.job, found.streams) == (job, (f"depot/{job.key}",))


def test_a_job_that_kills_every_machine_that_takes_it_is_told_to_the_watcher(
    workspace: Workspace, hands: SharedHands, machine: Machines
) -> None:
    hands.submit(Job("advance", "mortel/1"))
    found: list[Done] = []
    for _ in range(12):
        one = machine(workspace, calls=CALLS, silence=1.5)
        eventually(
            lambda one=one: one.poll() is not None or found.extend(hands.wait(0.1)) or found, 40
        )  # type: ignore[misc]
        if found:
            break
    assert [(one.job.key, one.died) for one in found] == [("mortel/1", True)]
    assert not hands.busy


def test_an_error_is_told_by_its_kind(
    workspace: Workspace, hands: SharedHands, machine: Machines
) -> None:
    machine(workspace, calls=CALLS)
    job = claim(workspace, "échouer : Zoé EXEMPLE-GONÇALVES")
    hands.submit(job)
    (failed,) = collect(hands, 1)
    assert (failed.error, failed.died) == ("KeyError", False)


def test_the_database_restarts_and_the_jobs_go_on(
    workspace: Workspace, hands: SharedHands, machine: Machines, server: Server, tmp_path: Path
) -> None:
    said = tmp_path / "travail.txt"
    one = machine(workspace, calls=CALLS, said=said)
    hands.submit(Job("advance", "dossier/1"))
    collect(hands, 1)
    server.down()
    try:
        assert hands.wait(0.05) == []
        assert not hands.submit(Job("advance", "dossier/2"))
        eventually(lambda: said.read_text("utf-8").count("queue does not answer") > 1, 60)
    finally:
        server.up()
    eventually(
        lambda: hands.wait(0.1) is not None and hands.submit(Job("advance", "dossier/3")), 40
    )
    assert [done.job.key for done in collect(hands, 1)] == ["dossier/3"]
    assert one.poll() is None


@pytest.mark.parametrize("lost", ["rows", "tables"])
def test_a_queue_lost_whole_in_the_middle_of_a_job_is_begun_anew_and_the_jobs_go_on(
    workspace: Workspace, hands: SharedHands, machine: Machines, queue: str, lost: str
) -> None:
    slow, waiting = Job("advance", "lent/1"), Job("advance", "dossier/2")
    one = machine(workspace, calls=CALLS)
    hands.submit(slow)
    eventually(lambda: any(x.startswith("début lent/1 ") for x in done(workspace.private)))
    hands.submit(waiting)
    assert lose_the_queue(queue, lost) >= 2
    (workspace.private / "barrière").touch()
    # The rows gone, both count as ended: what is left to do is found in the journal.
    eventually(lambda: hands.wait(0.1) is not None and not hands.busy, 40)
    eventually(
        lambda: hands.wait(0.1) is not None and hands.submit(Job("advance", "dossier/3")), 40
    )
    assert "dossier/3" in {done.job.key for done in collect(hands, 1)}
    assert one.poll() is None
    lines = [x.split()[0] for x in done(workspace.private) if slow.key in x]
    assert lines == ["début", "fin"]


def lose_the_queue(queue: str, what: str) -> int:
    """All its rows or the tables themselves, as when the base is made again; the jobs lost."""
    with psycopg.connect(queue, autocommit=True) as connection:
        (jobs,) = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() or (0,)
        if what == "tables":
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            return int(jobs)
        connection.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events, "
            "procrastinate_periodic_defers CASCADE"
        )
    return int(jobs)


def test_an_end_nobody_heard_is_found_by_looking(
    workspace: Workspace, hands: SharedHands, machine: Machines, server: Server, queue: str
) -> None:
    slow = Job("advance", "lent/1")
    hands.submit(slow)
    one = machine(workspace, calls=CALLS)
    eventually(lambda: any(x.startswith("début lent/1 ") for x in done(workspace.private)))
    assert hands._listening is not None
    hands._listening.execute("UNLISTEN *")
    (workspace.private / "barrière").touch()
    (found,) = collect(hands, 1)
    assert (found.job, found.streams, found.error) == (slow, (), "")
    assert one.poll() is None


def test_no_room_is_offered_beyond_the_capacity(workspace: Workspace, queue: str) -> None:
    hands = SharedHands(queue, workspace.id, capacity=2)
    assert [hands.submit(Job("intake", f"claim-{n}")) for n in range(3)] == [True, True, False]
    assert hands.room() == 0
    assert hands.holds(Job("intake", "claim-0"))
    hands.close()


def test_what_a_machine_says_of_a_job_is_heard_as_it_was_said() -> None:
    one = Done(job=Job("intake", "abc"), streams=("depot/abc",), error="KeyError", seconds=0.25)
    assert heard(told(one)) == one
    long = Done(job=Job("advance", "s"), streams=tuple(f"dossier/2026-{n:04d}" for n in range(900)))
    assert heard(told(long)).streams == ()
    assert len(told(long)) < 8000


def test_an_idle_machine_shows_itself(workspace: Workspace, queue: str, machine: Machines) -> None:
    machine(workspace, calls=CALLS)
    eventually(lambda: open_queue(queue, workspace.id).workers() == 1, 90)


def test_a_stopped_machine_finishes_what_it_does(
    workspace: Workspace, hands: SharedHands, machine: Machines
) -> None:
    one = machine(workspace, calls=CALLS)
    hands.submit(Job("advance", "lent/1"))
    eventually(lambda: any(x.startswith("début lent/1 ") for x in done(workspace.private)))
    os.kill(one.pid, signal.SIGTERM)
    (workspace.private / "barrière").touch()
    assert [d.job.key for d in collect(hands, 1)] == ["lent/1"]
    assert one.wait(timeout=90) == 0


def test_a_machine_that_has_grown_ends_its_job_then_makes_room_for_a_fresh_one(
    workspace: Workspace, hands: SharedHands, machine: Machines
) -> None:
    limit = "memoire_processus = "
    rewrite(workspace.settings_file, lambda text: text.replace(f"{limit}800", f"{limit}200"))
    one = machine(workspace, calls=CALLS)
    hands.submit(Job("advance", "dossier/1"))
    assert [(d.job.key, d.error) for d in collect(hands, 1)] == [("dossier/1", "")]
    assert one.poll() is None
    hands.submit(Job("advance", "gros/1"))
    assert [(d.job.key, d.error) for d in collect(hands, 1)] == [("gros/1", "")]
    assert one.wait(timeout=60) == 0


def test_spaces_without_a_common_queue_are_refused_with_the_setting_to_fill(
    workspace: Workspace,
) -> None:
    file = workspace.settings_file
    text = file.read_text(encoding="utf-8")
    line = next(x for x in text.splitlines() if x.startswith("file_commune"))
    file.write_text(text.replace(line, 'file_commune = ""'), encoding="utf-8")
    with pytest.raises(SettingsError, match="file de travaux commune") as refused:
        work([workspace], calls=CALLS)
    assert "file_commune" in refused.value.remedy


def test_a_queue_that_is_not_there_is_said_before_anything_begins(workspace: Workspace) -> None:
    with pytest.raises(StoreAway, match="ne répond pas"):
        SharedHands("postgresql:///rien?host=/nulle-part", workspace.id)
    with pytest.raises(SettingsError, match="PostgreSQL"):
        SharedHands("sqlite:///rien", workspace.id)
