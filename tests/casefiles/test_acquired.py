"""The blocs a person holds: what is carried to a new attempt, for how long, and what it opens."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.certification import Certification
from casefiles.next_steps import of_case
from casefiles.rules.acquired import (
    acquired,
    carried_over,
    granted,
    lacking,
    shown,
    still_held,
    taken_over,
    whole,
)
from casefiles.rules.completeness import completeness
from templates.catalog import load
from tests.casefiles.cases import case, decision, opened, product
from tests.casefiles.certifications import certification, registered

ABOUT = registered()
DAY = date(2026, 6, 12)
HELD = e.BlocAcquired(
    bloc="B1", origin="jury", on=DAY, case="2026-0001", session="S2026-001", proof_sha256="PV1"
)


def partial(about: Certification = ABOUT, *blocs: str) -> tuple[e.CaseOpened, e.DecisionRecorded]:
    return opened(about), decision("partiel", blocs=blocs or ("B1",))


def test_a_partial_decision_gives_its_blocs_and_an_obtention_all_of_the_cases() -> None:
    assert granted(case(*partial()), ABOUT) == ("B1",)
    assert granted(case(opened(ABOUT), decision("obtention")), ABOUT) == ("B1", "B2")
    assert granted(case(opened(ABOUT, blocs=("B2",)), decision("obtention")), ABOUT) == ("B2",)
    for outcome in ("refus", "ajourne", "absent", "excuse"):
        assert granted(case(opened(ABOUT), decision(outcome)), ABOUT) == ()


@pytest.mark.rule("R60")
def test_the_parchemin_is_due_once_every_bloc_is_held_and_not_before() -> None:
    assert not whole(case(*partial()), ABOUT)
    assert not whole(case(opened(ABOUT), HELD), ABOUT)
    again = (opened(ABOUT, blocs=("B2",), attempt=2), HELD)
    assert not whole(case(*again, decision("refus")), ABOUT)
    assert whole(case(*again, decision("obtention", pv="PV2")), ABOUT)
    assert [s.key for s in of_case(case(*again, decision("obtention")), ABOUT)] == ["remise"]
    # A partial result that completes what is carried leaves nothing to withdraw.
    assert whole(case(*again, decision("partiel", blocs=("B2",))), ABOUT)


@pytest.mark.rule("R7", "R89")
def test_only_what_lacks_is_asked_for_and_the_jury_reads_where_the_rest_comes_from() -> None:
    held = case(opened(ABOUT), HELD)
    assert {f.part for f in completeness(held, ABOUT) if f.part} == {"B2.1"}
    (told,) = shown(held, ABOUT)
    assert (told.rule, told.status) == ("R89", "alert")
    for word in ("B1", "12/06/2026", "S2026-001", "2026-0001", "PV1"):
        assert word in told.message


@pytest.mark.rule("R63")
@given(st.dates(date(2026, 1, 1), date(2040, 1, 1)), st.sampled_from([None, 1, 12, 60]))
def test_a_bloc_is_held_for_ever_or_for_the_months_the_certification_says(
    day: date, months: int | None
) -> None:
    about = registered(components_valid_months=months)
    if months is None:
        assert still_held(HELD, about, day)
        return
    years, month = divmod(DAY.month - 1 + months, 12)
    last = date(DAY.year + years, month + 1, DAY.day)
    assert still_held(HELD, about, day) is (day <= last)
    assert still_held(HELD, about, last)
    assert not still_held(HELD, about, last + timedelta(days=1))


def test_a_bloc_acquired_on_the_last_day_of_a_month_ends_on_one_that_exists() -> None:
    about = registered(components_valid_months=1)
    late = HELD.model_copy(update={"on": date(2027, 1, 31)})
    assert still_held(late, about, date(2027, 2, 28))
    assert not still_held(late, about, date(2027, 3, 1))


@pytest.mark.rule("R7", "R89")
def test_a_new_attempt_carries_what_the_earlier_ones_gave_the_latest_first() -> None:
    first = case(*partial())
    second = case(opened(ABOUT, number="2026-0050"), HELD, decision("refus"))
    (kept,) = carried_over([(first, ABOUT), (second, ABOUT)], ABOUT, DAY)
    assert (kept.bloc, kept.origin, kept.on) == ("B1", "jury", DAY)
    assert lacking([kept], ABOUT) == ("B2",)
    expired = registered(components_valid_months=12)
    assert carried_over([(first, expired)], expired, date(2030, 1, 1)) == ()


@pytest.mark.rule("R7")
def test_a_common_bloc_is_a_passerelle_to_another_certification() -> None:
    tmp, cqpi = load("cqpm-tmp"), load("exemple-cqpi")
    held = case(opened(tmp), decision("obtention"))
    brought = carried_over([(held, tmp)], cqpi, DAY)
    assert [(one.bloc, one.origin) for one in brought] == [("BDC1", "passerelle")]
    assert "Technicien" in brought[0].certification
    assert acquired(case(opened(cqpi), *brought), cqpi) == brought


def taken(about: Certification, day: date, *events: e.Event) -> list[str]:
    found = taken_over(HELD, case(opened(about), *events), about, day)
    return [f"{f.rule} {f.message}" for f in found if f.status == "refused" and f.source]


@pytest.mark.rule("R62")
def test_a_bloc_acquired_before_is_taken_over_only_where_blocs_are_acquired_apart() -> None:
    assert taken(ABOUT, DAY) == []
    (said,) = taken(certification(), DAY)
    assert said.startswith("R62 Les blocs du CQPM Essayeur(euse)")


@pytest.mark.rule("R63")
def test_a_bloc_acquired_before_is_taken_over_until_its_last_day() -> None:
    about = registered(components_valid_months=60)
    assert taken(about, date(2031, 6, 12)) == []
    (said,) = taken(about, date(2031, 6, 13))
    assert said.startswith("R63 Acquis le 12/06/2026, il ne compte plus")


def test_the_last_bloc_is_not_taken_over() -> None:
    other = HELD.model_copy(update={"bloc": "B2"})
    (said,) = taken(ABOUT, DAY, other)
    assert said.startswith("R89 Il ne resterait rien à examiner")


@pytest.mark.rule("R58")
def test_each_bloc_given_has_its_attestation_made_or_sent_to_be_signed() -> None:
    given_ = (opened(ABOUT), decision("partiel", blocs=("B1",)), product("notification", "PV1"))
    assert [s.key for s in of_case(case(*given_), ABOUT)] == ["attestation"]
    sent = product("attestation-a-signer", "PV1 B1")
    (step,) = of_case(case(*given_, sent), ABOUT)
    assert (step.key, step.who, step.rule) == (
        "signature-attestation/B1",
        "le certificateur",
        "R58",
    )
    assert of_case(case(*given_, product("attestation", "PV1 B1")), ABOUT) == ()
