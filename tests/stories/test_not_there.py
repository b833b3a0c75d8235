"""A candidate away on the day, then excused: noted so, told so, and free to sit again."""

import pytest

from tests.stories.conftest import AsTold
from tests.stories.seen import words
from tests.stories.space import Space

pytestmark = pytest.mark.long


def judged(space: Space, outcome: str) -> None:
    """The case alone on an agenda, noted so without a vote; everybody signs."""
    number = space.numbers()[-1]
    space.close_agenda(space.open_session(number, changes={"sitting/place": f"Salle {outcome}"}))
    card = f"candidates/{number}"
    none = {f"{card}/{votes}": "" for votes in ("votes_for", "votes_against", "abstentions")}
    answer = space.hand_in(space.sheet(outcome, none))
    assert answer.outcome == "accepted", answer
    answer = space.hand_in(space.signed_minutes())
    assert answer.outcome == "accepted", answer


def notified(space: Space) -> str:
    notice = space.case().product("notification")
    assert notice is not None
    return " ".join(words(space.office.originals.path(notice.sha256)).split())


def test_a_candidate_absent_then_excused_is_told_so_each_time_and_may_sit_again(
    as_told: AsTold,
) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    for outcome, said in (("absent", "vous a notée absente"), ("excuse", "vous étiez excusée")):
        judged(space, outcome)
        case = space.case(number)
        assert case.decision is not None
        assert case.decision.decision.outcome == outcome
        assert not case.is_decided, "nothing was judged: the case stays open"
        assert case.product("parchemin") is None
        assert said in notified(space)
        assert space.folder(number).parent == space.workspace.cases
        assert "Inscrire le dossier à une" in space.to_do(number)
    assert [d.decision.outcome for d in space.case(number).decisions] == ["absent", "excuse"]
    history = space.history(number)
    assert "candidat absent" in history
    assert "candidat excusé" in history
