"""Two people before one jury, kept for unlike times: their pack stays as long as the longer."""

import pikepdf
import pytest

from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_retention import kinds, later, telling
from watch.commands.deep import prove
from watch.keeping import purging, retention

pytestmark = pytest.mark.long

LOU = {"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"}


@pytest.fixture
def decided(as_told: AsTold) -> tuple[Space, str, str]:
    """One candidate certified, the other refused, by the same jury on the same day."""
    space = as_told("complet")
    first = space.numbers()[-1]
    second = space.enrol(LOU)
    space.complete(second)
    space.close_agenda(space.open_session(first, second))
    card = f"candidates/{second}"
    refused = {
        f"{card}/outcome": "refus",
        f"{card}/votes_for": "0",
        f"{card}/votes_against": "2",
        f"{card}/motive": "L’épreuve du troisième bloc n’a pas convaincu.",
    }
    answer = space.hand_in(space.sheet(changes=refused))
    assert answer.outcome == "accepted", answer
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    assert space.case(first).delivery is not None
    assert space.case(second).delivery is None
    return space, first, second


def test_a_pack_two_share_stays_until_the_longer_of_their_terms_and_then_leaves(
    decided: tuple[Space, str, str],
) -> None:
    space, first, second = decided
    space.reopen(edit=lambda text: text.replace("sessions = 10", "sessions = 1"))
    held = space.session()
    assert held.pieces is not None
    pack, theirs = held.pieces.sha256, space.case(second).documents
    later(space, 6)  # refused: five years; certified: ten; a session alone: one
    assert kinds(space) == ["sans_certification"]
    purging.purge(space.office, retention.due(space.office))
    space.catch_up()
    assert pack in space.office.originals, "the pack left before the longest of its files"
    assert space.case(first).delivery is not None
    assert not any(d.sha256 in space.office.originals for d in theirs)
    # What the jury judged is still told whole by what it was sealed in.
    with pikepdf.open(space.office.originals.path(pack)) as sealed:
        assert len(sealed.attachments) > len(theirs)
    assert list(prove(space.office)) == []
    later(space, 11)
    assert kinds(space) == ["certifies", "sessions"]
    purging.purge(space.office, retention.due(space.office))
    space.catch_up()
    assert pack not in space.office.originals
    for side in (space.workspace.share, space.workspace.private):
        assert list(telling(side, "EXEMPLE-AUTRE")) == []
    assert space.office.journal.damages() == []
    assert list(prove(space.office)) == []
