"""A worker taken for dead comes back to life: another has done its work, and it may add nothing.

A machine that is paused, or that its load keeps silent too long, is stopped here by SIGSTOP at a
chosen point of its work, and goes on once another has been through.
"""

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casefiles import holds
from casefiles.answers.office_act import ActKind
from casefiles.errors import TakenOver
from casefiles.events import Purged
from tests.machines.fixtures import server
from tests.machines.postgres import Server
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_retention import later, telling
from watch.commands.deep import prove
from watch.commands.migrate import migrate
from watch.confinement.sandbox import Sandbox
from watch.doors import claims, inbox
from watch.keeping import erased, purging, retention
from watch.office import now
from watch.reception import intake
from watch.reception.acting import follow
from watch.share import publication
from watch.steps import work

pytestmark = pytest.mark.long

__all__ = ["server"]

FAILED, REFUSED = 1, 3

# Where the first worker stops, each time the first it comes there: what it was about to call.
PLACING = "avant de mettre en place"
POINTS: dict[str, tuple[Any, str]] = {
    "avant d’inscrire": ("journal", "commit"),
    "avant de lire ce que montre le partage": ("journal", "published"),
    PLACING: (publication, "rename_only"),
    "avant de retenir ce qui est montré": ("journal", "note_published"),
}


# Inside the transaction itself, its rows written and not yet committed.
INSIDE = "dans l’inscription même"
WITHIN: dict[str, tuple[Any, str]] = {INSIDE: ("journal", "_project")}


@dataclass
class Stopped:
    """A worker stopped in the middle of its work."""

    pid: int

    def goes_on(self) -> int:
        """It comes back to life and ends; its exit code."""
        os.kill(self.pid, signal.SIGCONT)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


Stopper = Callable[[Space, Callable[[Space], object], str], Stopped]


@pytest.fixture
def stopped(sandbox: Sandbox) -> Iterator[Stopper]:
    """Has a process of its own do that work on the space, and stops it at that point."""
    begun: list[int] = []

    def begin(space: Space, job: Callable[[Space], object], point: str) -> Stopped:
        space.close()
        child = os.fork()
        if child == 0:
            _live(space.root, sandbox, job, point)
        begun.append(child)
        _, status = os.waitpid(child, os.WUNTRACED)
        assert os.WIFSTOPPED(status), f"it did not come there: {status}"
        return Stopped(child)

    yield begin
    for child in begun:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def _live(root: Path, sandbox: Sandbox, job: Callable[[Space], object], point: str) -> None:
    code = 1
    try:
        space = Space(root, sandbox=sandbox)
        owner, name = {**POINTS, **WITHIN}[point]
        owner = space.office.journal if owner == "journal" else owner
        real, came = getattr(owner, name), []

        def stopping(*told: Any, **also: Any) -> Any:
            if not came:
                came.append(True)
                os.kill(os.getpid(), signal.SIGSTOP)
            return real(*told, **also)

        setattr(owner, name, stopping)
        job(space)
        code = 0
    except TakenOver:
        code = REFUSED
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def told(request: pytest.FixtureRequest, as_told: AsTold) -> AsTold:
    """As told, with its journal on either database."""

    def copy(stage: str) -> Space:
        space = as_told(stage)
        if request.param == "postgresql":
            database: Server = request.getfixturevalue("server")
            space.close()
            migrate(space.workspace, database.database(), at=now())
            space.reopen()
        return space

    return copy


def everything(space: Space) -> dict[str, bytes]:
    share = space.workspace.share
    seen = [p for p in share.rglob("*") if p.is_file() and space.workspace.hidden not in p.parents]
    return {p.relative_to(share).as_posix(): p.read_bytes() for p in seen}


def taken(space: Space) -> str:
    """Claim the one dropped file; the claim."""
    (seen,) = inbox.scan(space.workspace, ("inbox",))
    claim = claims.claim(space.workspace, seen, now())
    assert claim is not None
    return claim.id


def take(space: Space, id_: str) -> tuple[str, ...]:
    claim = claims.load(space.workspace, id_)
    return () if claim is None else intake.take(space.office, claim)


@pytest.mark.parametrize("point", POINTS)
def test_a_drop_answered_by_another_meanwhile_is_not_answered_again(
    told: AsTold, stopped: Stopper, point: str
) -> None:
    space = told("inscrit")
    space.drop(b"rien que du texte", "liste de courses.txt")
    id_ = taken(space)
    late = stopped(space, lambda one: take(one, id_), point)
    follow(space.office, take(space, id_))
    # Staff read the answer, put it away and throw the file out.
    for file in [*space.workspace.to_correct.iterdir(), *space.workspace.receipts.rglob("*.txt")]:
        if "liste de courses" in file.name:
            file.unlink()
    there, positions = everything(space), space.office.journal.positions()
    assert late.goes_on() == REFUSED
    assert everything(space) == there
    assert space.office.journal.positions() == positions
    assert not list(space.workspace.claims.iterdir())
    space.catch_up()
    assert everything(space).keys() == there.keys()
    assert list(prove(space.office)) == []


@pytest.mark.parametrize("point", POINTS)
def test_a_step_done_by_another_meanwhile_has_one_effect_and_the_share_stays_as_it_is_now(
    told: AsTold, stopped: Stopper, point: str
) -> None:
    space = told("complet")
    number = space.numbers()[-1]
    stream = f"dossier/{number}"
    # A second grid of another day: what the case comes down to has to be drawn again.
    space.drop(space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY"), "grille.pdf")
    id_ = taken(space)
    assert stream in take(space, id_)
    late = stopped(space, lambda one: work.advance(one.office, stream), point)
    follow(space.office, (stream,))
    # And the case goes on: what the late one knew of it is no longer so.
    space.hand_in(space.grid(number, "BDC1.2", "Malo EXEMPLE-TANGUY"), "autre grille.pdf")
    there, positions = everything(space), space.office.journal.positions()
    assert late.goes_on() == REFUSED
    assert everything(space) == there
    assert space.office.journal.positions() == positions
    space.catch_up()
    assert everything(space).keys() == there.keys()
    assert list(prove(space.office)) == []


@pytest.mark.parametrize("point", POINTS)
def test_a_case_purged_meanwhile_is_neither_shown_nor_added_to_by_who_still_worked_on_it(
    told: AsTold, stopped: Stopper, point: str
) -> None:
    """A file thrown out by somebody was about to be put back as the case was purged."""
    space = told("inscrit")
    number, name = space.numbers()[-1], space.case().candidate.birth_name
    stream = f"dossier/{number}"
    space.act(ActKind.ABANDON, number)
    thrown = next(space.folder(number).glob("Reçus/*.pdf"))
    thrown.unlink()
    late = stopped(space, lambda one: work.advance(one.office, stream), point)
    later(space, 3)
    assert stream in purging.purge(space.office, retention.due(space.office)).streams
    positions = space.office.journal.positions()
    assert late.goes_on() == REFUSED
    assert space.office.journal.positions() == positions
    space.catch_up()
    for side in (space.workspace.share, space.workspace.private):
        assert list(telling(side, name)) == []
    assert not thrown.exists()
    assert retention.due(space.office) == ()
    assert list(prove(space.office)) == []


def emptied_by_a_purge_that_dies(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    """A purge killed as it has emptied its first case, before anything follows on the share."""
    with monkeypatch.context() as dying:
        dying.setattr(purging, "_shown", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            purging.purge(space.office, retention.due(space.office))


def test_a_purge_that_dies_as_it_has_emptied_a_case_has_stopped_who_was_showing_it(
    told: AsTold, stopped: Stopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it holds while it empties, no later hold of its own makes up for."""
    space = told("inscrit")
    number, name = space.numbers()[-1], space.case().candidate.birth_name
    stream = f"dossier/{number}"
    space.act(ActKind.ABANDON, number)
    thrown = next(space.folder(number).glob("Reçus/*.pdf"))
    thrown.unlink()
    late = stopped(space, lambda one: work.advance(one.office, stream), PLACING)
    later(space, 3)
    emptied_by_a_purge_that_dies(space, monkeypatch)
    assert isinstance(space.office.journal.read(stream)[0].event, Purged)
    positions = space.office.journal.positions()
    assert late.goes_on() == REFUSED
    assert not thrown.exists()
    assert space.office.journal.positions() == positions
    space.catch_up()
    purging.purge(space.office, retention.due(space.office))
    for side in (space.workspace.share, space.workspace.private):
        assert list(telling(side, name)) == []
    assert list(prove(space.office)) == []


def test_a_restored_case_that_is_purged_again_is_no_more_shown_by_who_was_showing_it(
    told: AsTold, stopped: Stopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch already runs on what a restoration brought back when it is erased once more."""
    space = told("inscrit")
    number = space.numbers()[-1]
    stream = f"dossier/{number}"
    thrown = next(space.folder(number).glob("Reçus/*.pdf"))
    thrown.unlink()
    late = stopped(space, lambda one: work.advance(one.office, stream), PLACING)
    with space.office.journal.engine.connect() as connection:
        emptied_before = connection.exec_driver_sql(
            f"SELECT commitment FROM events WHERE stream = '{stream}'"
        ).scalars()
        erased.note(space.workspace, emptied_before)
    emptied_by_a_purge_that_dies(space, monkeypatch)
    positions = space.office.journal.positions()
    assert late.goes_on() == REFUSED
    assert not thrown.exists()
    assert space.office.journal.positions() == positions


def test_a_purge_does_not_show_a_case_that_another_has_taken_from_it(
    told: AsTold, stopped: Stopper
) -> None:
    """Of a case that stays, the grids alone left; while they leave the share, it moves again."""
    space = told("décidé")
    number = space.numbers()[-1]
    stream = f"dossier/{number}"
    space.reopen(edit=lambda text: text.replace("# grille = 3", "grille = 3"))

    def purge(one: Space) -> None:
        later(one, 4)
        assert purging.purge(one.office, retention.due(one.office)).streams

    late = stopped(space, purge, "avant de retenir ce qui est montré")
    later(space, 4)
    thrown = next(p for p in space.folder(number).rglob("*.pdf") if "Grille" not in p.name)
    thrown.unlink()
    follow(space.office, (stream,))
    assert thrown.exists()
    shown = space.office.journal.published(stream)
    assert late.goes_on() == 0
    assert space.office.journal.published(stream) == shown
    space.catch_up()
    assert list(prove(space.office)) == []


@pytest.fixture
def complete(as_told: AsTold, server: Server) -> Space:
    """A whole case over PostgreSQL, and one more grid to be taken in."""
    space = as_told("complet")
    space.close()
    migrate(space.workspace, server.database(), at=now())
    space.reopen()
    number = space.numbers()[-1]
    space.drop(space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY"), "grille.pdf")
    return space


def taken_once(space: Space, before: int) -> None:
    assert len(list(space.workspace.receipts.rglob("*grille.pdf.txt"))) == 1
    assert len(space.case(space.numbers()[-1]).documents) == before + 1
    assert list(prove(space.office)) == []


def test_postgresql_restarted_in_the_middle_of_a_step_leaves_it_to_be_done_once(
    complete: Space, server: Server, stopped: Stopper
) -> None:
    space, before = complete, len(complete.case().documents)
    id_ = taken(space)
    positions = space.office.journal.positions()
    late = stopped(space, lambda one: take(one, id_), INSIDE)
    server.restart()
    assert late.goes_on() == FAILED
    space.reopen()
    assert space.office.journal.positions() == positions
    space.recover()
    taken_once(space, before)


def test_a_machine_paused_within_its_transaction_keeps_nobody_waiting_for_ever(
    complete: Space, stopped: Stopper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "IDLE", "2s")
    space, before = complete, len(complete.case().documents)
    id_ = taken(space)
    late = stopped(space, lambda one: take(one, id_), INSIDE)
    follow(space.office, take(space, id_))
    positions = space.office.journal.positions()
    assert late.goes_on() == FAILED
    assert space.office.journal.positions() == positions
    taken_once(space, before)
