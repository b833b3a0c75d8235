"""RNCP 28245 by VAE, entered in 2021: judged and delivered up to `deliver_until`, and not after.

The jury sits after the window of entry; everybody signs at the hour of the story.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.errors import SigningError
from tests.stories.answering import refused
from tests.stories.routes import ALONE, enter, walk
from tests.stories.seen import words
from tests.stories.space import Space
from tests.stories.test_second_attempt import LEVEL, Calendar, judged, office
from watch.commands.rehearsal import answers as people
from watch.confinement.sandbox import Sandbox
from watch.steps import delivery

UNTIL = ("deliver_until: 2022-04-21", "deliver_until: 2022-12-31")


@dataclass
class Entered:
    space: Space
    clock: Calendar
    number: str


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Entered:
    """The candidature as far as its jury, told once; each test goes on with a copy."""
    clock = Calendar(datetime(2021, 3, 15, 9, tzinfo=UTC))
    space = office(tmp_path_factory.mktemp("28245") / "espace", sandbox, clock, LEVEL, UNTIL)
    number = enter(space, "polyvalent", {"wish/route": "vae", **ALONE})
    walk(space, number)
    space.close()
    return Entered(space, clock, number)


@pytest.fixture
def entered(ready: Entered, tmp_path: Path, sandbox: Sandbox) -> Iterator[Entered]:
    shutil.copytree(ready.space.root, tmp_path / "espace", symlinks=True)
    clock = Calendar(ready.clock.at)
    space = Space(tmp_path / "espace", sandbox=sandbox, clock=clock)
    space.sign_in_its_time()
    yield Entered(space, clock, ready.number)
    space.close()


@pytest.mark.rule("R64", "R93", "R83")
def test_within_deliver_until_a_vae_is_judged_by_a_casting_vote_and_delivered(
    entered: Entered,
) -> None:
    space, number = entered.space, entered.number
    entered.clock.pass_to(2022, 6, 10)
    space.close_agenda(space.open_session(number))
    card = f"candidates/{number}"
    tie = {f"{card}/votes_for": "1", f"{card}/votes_against": "1"}
    refused(space, space.sheet(changes=tie), "R83", "prépondérante")
    with_casting = {**tie, f"{card}/casting_vote": True}
    assert space.hand_in(space.sheet(changes=with_casting)).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    assert "prépondérante" in words(space.copy_of(pv.sha256, "PV.pdf"))
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    case = space.case(number)
    assert case.decision is not None
    assert case.decision.decision.outcome == "obtention"
    assert case.parchemin is not None
    assert f"{case.entered:%d/%m/%Y}" == "15/03/2021"


@pytest.mark.rule("R93")
def test_past_deliver_until_a_jury_is_refused_with_its_dates_until_the_certifier_answers(
    entered: Entered,
) -> None:
    space, number = entered.space, entered.number
    entered.clock.pass_to(2023, 1, 10)
    late = space.filled(space.blank("Composition du jury"), people.composition(number, space.today))
    told = ("15/03/2021", "21/04/2017", "21/04/2022", "31/12/2022", "R93", "28245", "certificateur")
    refused(space, late, *told)
    answer = space.ask(ActKind.CERTIFIER, number, value="31/03/2023", day=people.fr(space.today))
    assert answer.outcome == "accepted", answer
    judged(space, number, "obtention")
    first = space.case(number).parchemin
    assert first is not None

    # Written down wrongly: the votes. What is whole stays whole, and nothing is withdrawn.
    assert space.act(ActKind.RECTIFY, space.session().reference).outcome == "accepted"
    card = f"candidates/{number}"
    counted = {f"{card}/votes_for": "1", f"{card}/abstentions": "1"}
    assert space.hand_in(space.sheet(changes=counted)).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    case = space.case(number)
    assert len(case.decisions) == 2
    assert case.parchemin == first
    assert case.withdrawn is None


@pytest.mark.rule("R93")
def test_decided_in_time_but_signed_too_late_the_delivery_waits_for_the_certifier(
    entered: Entered,
) -> None:
    space, number = entered.space, entered.number
    entered.clock.pass_to(2022, 12, 30)
    space.close_agenda(space.open_session(number))
    assert space.hand_in(space.sheet()).outcome == "accepted"
    minutes = space.signed_minutes()
    entered.clock.pass_to(2023, 1, 10)
    assert space.hand_in(minutes).outcome == "accepted"
    case = space.case(number)
    assert case.decision is not None
    assert f"{case.decision.decided_on}" == "2022-12-30"
    assert case.delivery is None
    told = space.to_do(number)
    for word in ("31/12/2022", "10/01/2023", "certificateur"):
        assert word in told, word
    # A step that would come to it all the same is stopped at the register.
    with pytest.raises(SigningError, match="Rien n’est délivré"):
        delivery.hand_over(space.office, space.office.journal.read(case.stream))
    answer = space.ask(ActKind.CERTIFIER, number, value="31/03/2023", day=people.fr(space.today))
    assert answer.outcome == "accepted", answer
    assert space.case(number).parchemin is not None
