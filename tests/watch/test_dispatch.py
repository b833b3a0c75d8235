import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from casefiles.errors import ParcheminError
from tests.watch.conftest import AT, eventually
from tests.watch.fake_office import done
from watch.doors import claims
from watch.doors.inbox import scan
from watch.service.dispatch import Calls, Done, Job, Pool
from watch.share.workspace import Workspace

CALLS = Calls(
    opener="tests.watch.fake_office:open_office",
    intake="tests.watch.fake_office:take",
    advance="tests.watch.fake_office:advance",
)

Hire = Callable[..., Pool]


@pytest.fixture
def hire(workspace: Workspace) -> Iterator[Hire]:
    pools: list[Pool] = []

    def make(workers: int = 2, **settings: object) -> Pool:
        pools.append(Pool(workspace, workers, **{"calls": CALLS, **settings}))  # type: ignore[arg-type]
        return pools[-1]

    yield make
    (workspace.private / "barrière").touch()
    for pool in pools:
        pool.close()


def collect(pool: Pool, count: int, seconds: float = 90.0) -> list[Done]:
    found: list[Done] = []
    until = time.monotonic() + seconds
    while len(found) < count:
        assert time.monotonic() < until, found
        found += pool.wait(0.5)
    return found


def claim(workspace: Workspace, content: str) -> Job:
    (workspace.drop_here / "a.txt").write_text(content, encoding="utf-8")
    (seen,) = scan(workspace, ("inbox",))
    taken = claims.claim(workspace, seen, AT)
    assert taken is not None
    return Job("intake", taken.id)


def test_jobs_are_done_and_tell_what_they_touched(workspace: Workspace, hire: Hire) -> None:
    pool = hire()
    intake = claim(workspace, "bonjour")
    pool.submit(intake)
    pool.submit(Job("advance", "dossier/tête"))
    assert {(one.job, one.streams, one.error) for one in collect(pool, 2)} == {
        (intake, (f"depot/{intake.key}",), ""),
        (Job("advance", "dossier/tête"), ("dossier/suite",), ""),
    }
    assert not pool.busy
    assert list(claims.pending(workspace)) == []


def test_a_stream_is_never_worked_on_by_two_and_is_worked_on_again_when_touched(
    workspace: Workspace, hire: Hire
) -> None:
    pool = hire(3)
    slow, other = Job("advance", "lent/1"), Job("advance", "dossier/2")
    pool.submit(slow)
    begun = f"début {slow.key} "
    eventually(lambda: pool.wait(0.05) or any(x.startswith(begun) for x in done(workspace.private)))
    for _ in range(3):
        pool.submit(slow)
    pool.submit(other)
    assert [one.job for one in collect(pool, 1)] == [other]
    (workspace.private / "barrière").touch()
    assert [one.job for one in collect(pool, 2)] == [slow, slow]
    lines = [x.split()[0] for x in done(workspace.private) if slow.key in x]
    assert lines == ["début", "fin", "début", "fin"]
    assert not pool.busy


def test_a_worker_that_dies_is_replaced_and_its_job_told(workspace: Workspace, hire: Hire) -> None:
    pool = hire(1)
    job = claim(workspace, "mourir")
    pool.submit(job)
    (lost,) = collect(pool, 1)
    assert (lost.job, lost.died) == (job, True)
    assert [one.id for one in claims.pending(workspace)] == [job.key]
    pool.submit(job)
    (found,) = collect(pool, 1)
    assert found.streams == (f"depot/{job.key}",)


def test_a_worker_killed_while_idle_is_replaced(hire: Hire) -> None:
    pool = hire(1)
    pool.submit(Job("advance", "dossier/1"))
    collect(pool, 1)
    os.kill(pool.pids[0], signal.SIGKILL)
    pool.submit(Job("advance", "dossier/2"))
    found = collect(pool, 1)
    if found[0].died:  # it had been handed the job already
        pool.submit(Job("advance", "dossier/2"))
        found = collect(pool, 1)
    assert [(one.job.key, one.error) for one in found] == [("dossier/2", "")]


def test_an_error_is_told_by_its_kind_and_the_worker_goes_on(
    workspace: Workspace, hire: Hire, capfd: pytest.CaptureFixture[str]
) -> None:
    pool = hire(1)
    pool.submit(claim(workspace, "échouer : Zoé EXEMPLE-GONÇALVES"))
    (failed,) = collect(pool, 1)
    assert (failed.error, failed.died) == ("KeyError", False)
    before = pool.pids
    pool.submit(Job("advance", "dossier/1"))
    collect(pool, 1)
    assert pool.pids == before
    logged = capfd.readouterr().err
    assert "KeyError" in logged
    assert "EXEMPLE" not in logged


def test_a_job_that_never_ends_is_ended(hire: Hire) -> None:
    pool = hire(1, job_seconds=0.5)
    pool.submit(Job("advance", "lent/1"))
    (ended,) = collect(pool, 1)
    assert ended.died


def test_a_full_queue_says_so_and_a_job_is_queued_once(hire: Hire) -> None:
    pool = hire(1, capacity=2)
    assert [pool.submit(Job("intake", f"{n}")) for n in (1, 1, 2, 3)] == [True, True, True, False]
    assert pool.room() == 0


def test_claims_and_streams_take_turns(workspace: Workspace, hire: Hire) -> None:
    pool = hire(1)
    for number in range(4):
        pool.submit(Job("intake", f"absent-{number}"))
    for number in range(4):
        pool.submit(Job("advance", f"dossier/{number}"))
    kinds = [one.job.kind for one in collect(pool, 8)]
    assert kinds[:6] in (["intake", "advance"] * 3, ["advance", "intake"] * 3)


def test_a_worker_that_grew_makes_room_for_a_fresh_one(hire: Hire) -> None:
    pool = hire(1, memory_mb=1)
    pool.submit(Job("advance", "dossier/1"))
    pool.submit(Job("advance", "dossier/2"))
    first = pool.pids
    assert [one.error for one in collect(pool, 2)] == ["", ""]
    assert pool.pids != first


def test_a_space_that_no_worker_can_open_stops_the_pool_with_its_reason(hire: Hire) -> None:
    pool = hire(1, calls=Calls(opener="tests.watch.fake_office:refuse_to_open"))
    with pytest.raises(ParcheminError, match="illisibles"):
        collect(pool, 1)


def test_closing_lets_the_job_in_hand_end(workspace: Workspace, hire: Hire) -> None:
    pool = hire(1)
    pool.submit(Job("advance", "lent/1"))
    eventually(lambda: pool.wait(0.05) or done(workspace.private))
    (workspace.private / "barrière").touch()
    assert [one.job.key for one in pool.close()] == ["lent/1"]
    assert done(workspace.private)[-1].startswith("fin lent/1")
