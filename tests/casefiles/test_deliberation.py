"""What a jury wrote, judged at once: its day, its members, each of its decisions."""

from datetime import date

import pytest

from casefiles import events as e
from casefiles.answers import FORMS
from casefiles.rules.deliberation import examined, judged
from casefiles.rules.finding import Finding
from tests.casefiles import filled
from tests.casefiles import sessions as s
from tests.casefiles.cases import complete, rules
from tests.casefiles.sessions import PLAIN, session

HELD = session(s.OPENED, s.ZOE, s.ready(), s.CLOSED)
AGENDA = [examined(complete(PLAIN), PLAIN)]


def said(filed: e.DecisionsFiled) -> list[Finding]:
    return list(judged(HELD, PLAIN, AGENDA, filed))


def unanimous(**changes: object) -> e.DecisionsFiled:
    """Obtained by both, on the day of the session."""
    obtained = {"case": "2026-0042", "outcome": "obtention", "votes_for": 2, "votes_against": 0}
    one = e.Decided.model_validate(obtained | {"abstentions": 0} | changes)
    return s.decided().model_copy(update={"decisions": (one,)})


def test_decisions_in_order_raise_nothing() -> None:
    assert said(unanimous()) == []


@pytest.mark.rule("R84")
def test_a_jury_does_not_deliberate_before_its_session() -> None:
    eve = unanimous().model_copy(update={"deliberated_on": date(2026, 6, 11)})
    (found,) = said(eve)
    assert (found.rule, found.status) == ("R84", "refused")
    assert "datée du 11/06/2026, avant la séance du 12/06/2026" in found.message
    assert said(unanimous().model_copy(update={"deliberated_on": date(2026, 6, 13)})) == []


@pytest.mark.rule("R77")
def test_a_recusal_names_a_line_of_the_attendance() -> None:
    (found,) = [f for f in said(unanimous(recused=("m9",))) if f.rule == "R77"]
    assert "aucun membre ne porte le numéro 9 à l’émargement" in found.message


@pytest.mark.rule("R83")
def test_without_a_president_there_nothing_is_recorded_even_an_adjournment() -> None:
    alone = unanimous(outcome="ajourne", votes_for=None, votes_against=None, abstentions=None)
    gone = alone.model_copy(update={"present": ("s0",)})
    assert "R83" in rules(said(gone), "refused")


@pytest.mark.rule("R84")
def test_an_organisation_not_in_order_is_explained_before_anything_is_recorded() -> None:
    form, scope = FORMS["decisions"], filled.scope(PLAIN)
    no = filled.every_form(PLAIN)["decisions"] | {"conformity/conform": "non"}
    (wrong,) = filled.read(form, scope, no | {"conformity/reserve": None}).problems
    assert wrong.missing
    assert "écrive ce qu’il a relevé" in wrong.message
    explained = no | {"conformity/reserve": "Les modalités ont été fixées trop tard."}
    assert filled.read(form, scope, explained).answers is not None
