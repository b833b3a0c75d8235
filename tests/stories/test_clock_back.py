"""The machine’s clock goes backwards while cases go on: told in order, and none of it twice."""

from datetime import datetime, timedelta

import pytest

from casefiles.answers.office_act import ActKind
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.deep import prove
from watch.doors import claims, inbox
from watch.office import now
from watch.reception import intake
from watch.reception.acting import follow

pytestmark = pytest.mark.long


def sets(space: Space, back: timedelta, told: datetime) -> None:
    """From now on the machine’s clock goes on from so long before what was told last."""
    late = now() - told + back
    space.office.clock = lambda: now() - late
    space.office.journal._clock = space.office.clock


@pytest.mark.parametrize("back", [timedelta(seconds=3), timedelta(hours=30), timedelta(days=400)])
def test_a_clock_set_back_loses_nothing_doubles_nothing_and_holds_nothing_up(
    as_told: AsTold, back: timedelta
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    space.drop(b"rien que du texte", "liste de courses.txt")
    (seen,) = inbox.scan(space.workspace, ("inbox",))
    claim = claims.claim(space.workspace, seen, space.office.clock())
    assert claim is not None
    told = space.office.journal.read(f"dossier/{number}")
    sets(space, back, told[-1].at)
    assert space.office.clock() < told[-1].at, "the clock did not go back"
    follow(space.office, intake.take(space.office, claim))
    space.act(ActKind.ABANDON, number)
    times = [one.at for one in space.office.journal.read(f"dossier/{number}")]
    assert times == sorted(times)
    assert len(times) > len(told)
    other = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    assert len(list(space.workspace.receipts.rglob("*liste de courses*.txt"))) == 1
    assert list(prove(space.office)) == []
    # And set right again.
    sets(space, timedelta(), now())
    space.act(ActKind.RESUME, number)
    space.complete(number)
    assert space.hand_in(space.grid(other, "BDC1.1")).outcome == "accepted"
    space.catch_up()
    assert space.office.journal.unpublished() == ()
    assert space.office.journal.due(space.office.clock()) == ()
    assert list(prove(space.office)) == []
