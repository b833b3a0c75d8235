"""RNCP registration (R93): the entry, the jury and the delivery, each judged on its own day."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.certification import Certification
from casefiles.next_steps import of_case
from casefiles.rules.registration import delivering, entry, judged_on, judging, last_day
from tests.casefiles.cases import case, decision, opened
from tests.casefiles.certifications import REGISTRATION, certification, registered

OPENS, CLOSES = date(2024, 2, 1), date(2027, 1, 31)
DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def until(day: str | None) -> Certification:
    return registered(registration=REGISTRATION | {"deliver_until": day})


def answered(day: date | None) -> e.CertifierAnswered:
    return e.CertifierAnswered(
        deliver_until=day, answered_on=date(2027, 3, 1), by="Mireille", because="Au téléphone."
    )


@pytest.mark.rule("R93")
@given(DAYS)
@example(OPENS)
@example(CLOSES)
@example(CLOSES + timedelta(days=1))
def test_one_enters_within_the_window_both_days_included(day: date) -> None:
    found = entry(registered(), day)
    assert found is not None
    assert (found.status == "ok") is (OPENS <= day <= CLOSES)
    if found.status == "refused":
        for told in ("01/02/2024", "31/01/2027", f"{day:%d/%m/%Y}"):
            assert told in found.message
        assert found.source == REGISTRATION["source"]


@given(DAYS)
def test_without_registration_no_date_stops_anybody(day: date) -> None:
    plain = certification()
    held = case(opened(plain))
    assert entry(plain, day) is judging(held, plain, day) is delivering(held, plain, day) is None


@pytest.mark.rule("R93")
@given(DAYS)
@example(date(2029, 6, 30))
@example(date(2029, 7, 1))
def test_whoever_entered_in_time_is_judged_until_the_day_the_file_gives(day: date) -> None:
    about = until("2029-06-30")
    for found in (
        judging(case(opened(about)), about, day),
        delivering(case(opened(about)), about, day),
    ):
        assert found is not None
        assert found.status == ("ok" if day <= date(2029, 6, 30) else "refused")


@pytest.mark.rule("R93")
@given(DAYS)
@example(CLOSES)
@example(CLOSES + timedelta(days=1))
def test_where_nobody_said_the_certifier_is_asked_and_nobody_refused(day: date) -> None:
    about = until(None)
    found = judging(case(opened(about)), about, day)
    assert found is not None
    assert found.status == ("ok" if day <= CLOSES else "office")
    assert found.status == "ok" or "Demandez au certificateur" in found.message


@pytest.mark.rule("R93")
@given(DAYS, st.sampled_from([None, "2027-01-31", "2029-06-30"]))
@example(date(2028, 12, 31), None)
@example(date(2029, 1, 1), "2029-06-30")
def test_the_certifiers_own_answer_stands_over_the_file(day: date, said: str | None) -> None:
    about = until(said)
    held = case(opened(about), answered(date(2028, 12, 31)))
    found = delivering(held, about, day)
    assert found is not None
    assert found.status == ("ok" if day <= date(2028, 12, 31) else "refused")
    assert "01/03/2027" in found.message
    assert last_day(held, about) == date(2028, 12, 31)


@pytest.mark.rule("R93")
def test_a_no_from_the_certifier_is_a_refusal_with_its_date() -> None:
    about = until(None)
    found = judging(case(opened(about), answered(None)), about, CLOSES + timedelta(days=1))
    assert found is not None
    assert found.status == "refused"
    assert "01/03/2027" in found.message
    before = judging(case(opened(about), answered(None)), about, CLOSES)
    assert before is not None
    assert before.status == "ok"


@pytest.mark.rule("R93")
def test_too_late_a_jury_may_adjourn_but_gives_nothing() -> None:
    about, late = until(None), CLOSES + timedelta(days=40)
    held = case(opened(about))
    for outcome, count in (("obtention", 1), ("partiel", 1), ("ajourne", 0), ("refus", 0)):
        decided = e.Decided(case="2026-0042", outcome=outcome)
        assert len(list(judged_on(decided, "Zoé", held, about, late))) == count


@pytest.mark.rule("R93")
def test_an_obtention_in_time_waits_for_the_certifier_when_its_delivery_is_not() -> None:
    about = registered(registration=REGISTRATION | {"expires_on": "2024-03-01"})
    (step,) = of_case(case(opened(about), decision("obtention")), about)
    assert (step.key, step.who, step.rule) == ("certificateur", "le bureau", "R93")
    told = (opened(about), decision("obtention"), answered(date(2030, 1, 1)))
    assert [s.key for s in of_case(case(*told), about)] == ["remise"]
    no = (opened(about), decision("obtention"), answered(None))
    assert not of_case(case(*no), about)
