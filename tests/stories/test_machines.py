"""Two offices, two watchers, four worker machines over PostgreSQL, and sudden deaths."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from tests.length import WHOLE
from tests.machines import traced
from tests.machines.fixtures import Machines, share_work
from tests.machines.postgres import Server
from tests.machines.test_shared_hands import lose_the_queue
from tests.stories.conftest import Stages
from tests.stories.space import Space, rewrite
from tests.stories.test_watched import answered
from tests.watch.conftest import eventually as within
from watch.commands.deep import prove
from watch.commands.migrate import migrate
from watch.office import now
from watch.service.machine import OUTLIVED
from watch.share.workspace import Workspace

pytestmark = pytest.mark.long

PATIENCE = 240.0  # two offices at once, on whatever machine the tests are given
DEATHS = 40 if WHOLE else 3


@contextmanager
def watched(space: Space) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "watch.cli", "watch", str(space.workspace.share)]
    daemon = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield daemon
    finally:
        daemon.terminate()
        daemon.wait(timeout=60)


@pytest.fixture
def offices(stages: Stages, server: Server, queue: str, tmp_path: Path) -> Iterator[list[Space]]:
    """Two offices of their own, each with a journal of its own, and one queue for both."""
    found = []
    for town in ("Lyon", "Brest"):
        space = stages.office(tmp_path / town)
        space.enrol()
        space.close()
        database = server.database()
        migrate(space.workspace, database, at=now())
        share_work(space.workspace, queue, database)
        space.reopen()
        found.append(space)
    yield found
    for space in found:
        space.close()


@pytest.fixture
def queue(server: Server) -> str:
    return server.database()


def files_of(space: Space) -> dict[str, bytes]:
    number = space.numbers()[-1]
    good = {"modalités.pdf": space.modalities(number), "avis.pdf": space.signed_avis(number)}
    for place, competence in enumerate(space.competences(number), start=1):
        good[f"grille {place}.pdf"] = space.grid(number, competence)
    return {name: file.read_bytes() for name, file in good.items()}


def test_a_machine_that_has_the_space_mounted_elsewhere_does_its_work_too(
    offices: list[Space], machine: Machines, tmp_path: Path
) -> None:
    """Neither the journal, nor a claim, nor the queue says where one machine has the share."""
    space, number = offices[0], offices[0].numbers()[-1]
    there = tmp_path / "mnt"
    there.symlink_to(space.root)
    elsewhere = Workspace(there / space.workspace.share.name, there / space.workspace.private.name)
    machine(elsewhere, calls=traced.CALLS)
    with watched(space):
        space.drop(space.modalities(number), "modalités.pdf")
        until_quiet(space, "modalités.pdf")
    assert len(space.case(number).standing("modalites")) == 1
    assert list(prove(space.office)) == []
    # From where the watcher has it, all is found: what was kept, and what was shown.
    assert space.office.originals.get(space.case(number).standing("modalites")[0].sha256)


def later_files(space: Space) -> Iterator[tuple[str, bytes]]:
    """As many grids again as anybody wants, by people who looked at the same work another day."""
    number = space.numbers()[-1]
    for colleague in ("Malo EXEMPLE-TANGUY", "Inès EXEMPLE-RIOU", "Paul EXEMPLE-BASTIDE"):
        for competence in space.competences(number):
            file = space.grid(number, competence, colleague)
            yield f"{competence} {colleague}.pdf", file.read_bytes()


def settled(space: Space) -> bool:
    journal = space.office.journal
    return (
        space.case(space.numbers()[-1]).product("recapitulatif") is not None
        and not list(space.workspace.claims.iterdir())
        and not journal.unpublished()
    )


def test_workers_die_the_database_restarts_and_both_offices_come_to_the_same_end(
    offices: list[Space], server: Server, machine: Machines
) -> None:
    dropped = [files_of(space) for space in offices]
    later = [later_files(space) for space in offices]
    already = [len(answered(space)) for space in offices]
    chance = random.Random(20261125)

    def hire() -> subprocess.Popen[bytes]:
        return machine(*(s.workspace for s in offices), calls=traced.CALLS, silence=5.0)

    workers = [hire() for _ in range(4)]
    dead: dict[int, int] = {}
    with ExitStack() as stack:
        for space in offices:
            stack.enter_context(watched(space))
        for space, files in zip(offices, dropped, strict=True):
            for name, content in files.items():
                space.drop(content, name)
        for death in range(DEATHS):
            if all(settled(s) for s in offices):
                # Nobody would die at work any more.
                for space, files, more in zip(offices, dropped, later, strict=True):
                    name, content = next(more)
                    space.drop(content, name)
                    files[name] = content
            # A death in the middle of the work: once one more file has been taken up.
            reached = sum(1 for s in offices for _ in traces(s, "début"))
            within(
                lambda reached=reached: (  # type: ignore[misc]
                    sum(1 for s in offices for _ in traces(s, "début")) > reached
                    or all(settled(s) for s in offices)
                ),
                PATIENCE,
            )
            busy = set().union(*(traced.at_work(s.workspace) for s in offices))
            victim = chance.choice([one for one in workers if one.pid in busy] or workers)
            workers.remove(victim)
            dead[victim.pid] = time.monotonic_ns()
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait(timeout=90)
            if death:  # the first one is lost for good
                workers.append(hire())
            if death % 8 == 1:
                server.restart("fast" if death % 16 == 9 else "immediate")
            # One that the load kept silent too long was taken for dead, and has left: its service
            # starts it again.
            left = [one for one in workers if one.poll() is not None]
            assert {one.returncode for one in left} <= {OUTLIVED}
            dead |= {one.pid: 0 for one in left}
            workers = [one for one in workers if one.poll() is None] + [hire() for _ in left]
        for space in offices:
            within(lambda space=space: settled(space), PATIENCE)  # type: ignore[misc]
    dead |= {one.pid: 0 for one in workers if one.poll() == OUTLIVED}
    at_work = set().union(*(traced.at_work(s.workspace) for s in offices))
    at_work &= dead.keys()
    assert len(at_work) > DEATHS // 4, f"{len(at_work)} of {DEATHS} died in the middle of a job"
    for space, files, before in zip(offices, dropped, already, strict=True):
        given = answered(space)
        assert len(given) == before + len(files)
        assert {given[name].outcome for name in files} == {"accepted"}
        assert len(space.case(space.numbers()[-1]).documents) == 1 + len(files)
        assert not list(space.workspace.drop_here.iterdir())
        assert not list(space.workspace.to_correct.iterdir())
        assert list(prove(space.office)) == []
        assert traced.overlaps(space.workspace, dead) == []


def test_a_machine_that_wakes_up_when_another_has_done_its_work_adds_nothing_and_leaves(
    offices: list[Space], machine: Machines
) -> None:
    space, number = offices[0], offices[0].numbers()[-1]
    kept = space.workspace.private / traced.STOP
    kept.write_text("avant d’inscrire", encoding="utf-8")
    late = machine(space.workspace, calls=traced.CALLS, silence=3.0)
    with watched(space):
        space.drop(space.modalities(number), "modalités.pdf")
        within(lambda: psutil.Process(late.pid).status() == psutil.STATUS_STOPPED, PATIENCE)
        assert not kept.exists()
        assert answered(space).keys().isdisjoint({"modalités.pdf"})
        machine(space.workspace, calls=traced.CALLS, silence=3.0)
        until_quiet(space, "modalités.pdf")
        there, positions = tree(space), space.office.journal.positions()
        late.send_signal(signal.SIGCONT)
        assert late.wait(timeout=PATIENCE) == OUTLIVED
        assert len(traced.overlaps(space.workspace, {})) == 1, "it did not overlap"
        until_quiet(space)
        # Nothing is stuck either: the next drop is taken.
        space.drop(space.grid(number, space.competences(number)[0]), "grille.pdf")
        until_quiet(space, "grille.pdf")
    drops = [k for k in positions if k.startswith("depot/")]
    assert [space.office.journal.positions()[k] for k in drops] == [positions[k] for k in drops]
    assert {k for k in there if "modalités" in k} == {k for k in tree(space) if "modalités" in k}
    assert len(space.case(number).standing("modalites")) == 1
    assert list(prove(space.office)) == []


def test_a_queue_lost_whole_in_the_middle_of_the_work_costs_a_scan_and_nothing_else(
    offices: list[Space], machine: Machines, queue: str
) -> None:
    space = offices[0]
    number, before = space.numbers()[-1], len(answered(space))
    files = files_of(space)
    rewrite(space.workspace.settings_file, lambda t: t.replace("balayage = 60", "balayage = 2"))
    for _ in range(2):
        machine(space.workspace, calls=traced.CALLS, silence=5.0)
    with watched(space):
        for name, content in files.items():
            space.drop(content, name)
        for what in ("rows", "tables"):
            begun, ended = len(traces(space, "début")), len(answered(space))
            within(lambda begun=begun: len(traces(space, "début")) > begun, PATIENCE)  # type: ignore[misc]
            assert lose_the_queue(queue, what), "nothing waited in it"
            within(lambda ended=ended: len(answered(space)) > ended, PATIENCE)  # type: ignore[misc]
        within(lambda: settled(space), PATIENCE)
        until_quiet(space)
    given = answered(space)
    assert len(given) == before + len(files)
    assert {given[name].outcome for name in files} == {"accepted"}
    assert len(space.case(number).documents) == 1 + len(files)
    assert list(prove(space.office)) == []


def waiting(space: Space) -> dict[str, list[str]]:
    """What the office has not done with yet."""
    journal, place = space.office.journal, space.workspace
    return {
        "claimed": [one.name for one in place.claims.iterdir()],
        "dropped": [one.name for one in place.drop_here.iterdir()],
        "to show": list(journal.unpublished()),
        "due": list(journal.due(now())),
    }


def until_quiet(space: Space, answer: str = "") -> None:
    """Until that file is answered and nothing waits; else say what does, and who worked last."""
    within(
        lambda: (not answer or answer in answered(space)) and not any(waiting(space).values()),
        PATIENCE,
        left=lambda: (waiting(space), traces(space, "")[-12:]),
    )


def tree(space: Space) -> set[str]:
    share = space.workspace.share
    return {p.relative_to(share).as_posix() for p in share.rglob("*") if p.is_file()}


def traces(space: Space, what: str) -> list[str]:
    file = space.workspace.private / traced.FILE
    if not file.exists():
        return []
    return [x for x in file.read_text(encoding="utf-8").splitlines() if x.startswith(what)]
