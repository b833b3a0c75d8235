"""What nobody gets through ends as « bloqué » and says so: never a loop, never a loss."""

import errno
from collections.abc import Sequence
from datetime import timedelta

import pytest

from casefiles.errors import ParcheminError
from casefiles.events import Recorded, StepFailed
from casefiles.journal import Append
from tests.stories.conftest import AsTold
from tests.stories.space import Space, plain
from tests.stories.test_crashes import Clock, PowerCut
from watch.commands.deep import prove
from watch.doors import claims, inbox
from watch.office import Office, now
from watch.reception import intake
from watch.steps import work

pytestmark = pytest.mark.long


@pytest.mark.parametrize("in_place", [False, True], ids=["déposé", "sur place"])
def test_a_condemned_file_is_answered_unopened_and_given_back(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch, in_place: bool
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    grid = space.grid(number, "BDC1.1")
    if in_place:
        space.save_in_place(number, "grille", "BDC1.1", grid)
    else:
        space.drop(grid, "poison.pdf")
    (seen,) = [s for s in inbox.scan(space.workspace) if s.path.read_bytes() == grid.read_bytes()]
    claim = claims.claim(space.workspace, seen, now())
    assert claim is not None

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a condemned file was opened")

    monkeypatch.setattr(Office, "examine", opened)
    claims.condemn(space.workspace, claim.id)
    (again,) = claims.pending(space.workspace)
    intake.take(space.office, again)
    (receipt,) = space.office.journal.read(f"depot/{claim.id}")
    assert "bloqué" in receipt.event.reasons[0]  # type: ignore[union-attr]
    if in_place:
        assert seen.path.read_bytes() == grid.read_bytes()
        note = seen.path.with_name(f"{seen.path.name} - POURQUOI.txt")
    else:
        assert (space.workspace.to_correct / "poison.pdf").read_bytes() == grid.read_bytes()
        note = space.workspace.to_correct / "poison.pdf - POURQUOI.txt"
    assert "bloqué" in plain(note)
    assert list(claims.pending(space.workspace)) == []
    assert space.work() == []
    assert list(prove(space.office)) == []


def test_a_step_that_ends_its_workers_is_blocked_after_five(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    space: Space = as_told("complet")
    number = space.numbers()[-1]
    stream = f"dossier/{number}"
    clock = Clock(space.office.clock())
    space.office.clock = clock

    def dying(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
        raise PowerCut

    monkeypatch.setitem(work.EFFECTS, "recapitulatif", dying)
    space.drop(space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY"), "grille.pdf")
    with pytest.raises(PowerCut):
        space.work()
    for attempt in range(1, 6):
        assert stream in space.office.journal.due(clock.at)
        work.fallen(space.office, stream)
        told = [r.event for r in space.office.journal.read(stream)]
        failed = [e for e in told if isinstance(e, StepFailed)]
        assert failed[-1].attempt == attempt
        clock.at = failed[-1].retry_at
    assert stream not in space.office.journal.due(clock.at + timedelta(days=1))
    space.catch_up()
    assert "ÉTAPE BLOQUÉE" in space.to_do(number)
    assert "arrêté net" in space.to_do(number)


def test_a_clock_set_back_does_not_hold_a_step_for_as_long(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It failed while the clock was a year ahead; set right, the step is done at once."""
    space = as_told("inscrit")
    number = space.numbers()[-1]
    right = space.office.clock()
    clock = Clock(right + timedelta(days=365))
    space.office.clock = clock

    def failing(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
        raise OSError("disque plein")

    with monkeypatch.context() as patch:
        patch.setitem(work.EFFECTS, "recapitulatif", failing)
        space.complete(number)
    assert not space.case(number).product("recapitulatif")
    clock.at = right
    assert f"dossier/{number}" in space.office.journal.due(clock.at)
    space.catch_up()
    assert space.case(number).product("recapitulatif")


def test_a_full_disk_blocks_no_step_however_long_it_stays_full(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is nobody’s failure: the step waits, and is done when there is room again."""
    space = as_told("inscrit")
    number = space.numbers()[-1]
    refused = 0

    def full(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
        nonlocal refused
        refused += 1
        raise ParcheminError("Le document n’a pas pu être écrit.", "") from OSError(
            errno.ENOSPC, "plein"
        )

    with monkeypatch.context() as patch:
        patch.setitem(work.EFFECTS, "recapitulatif", full)
        with pytest.raises(ParcheminError):
            space.complete(number)
        for _ in range(6):
            with pytest.raises(ParcheminError):
                space.catch_up()
    assert refused == 7, "the disk was not full"
    space.catch_up()
    assert space.case(number).product("recapitulatif")
    told = [r.event for r in space.office.journal.read(f"dossier/{number}")]
    assert not [one for one in told if isinstance(one, StepFailed)]
