"""Who comes back for what lacks, once the registration has ended."""

from datetime import date, timedelta

import pytest

from casefiles.events import CertifierAnswered
from templates.catalog import load
from tests.casefiles.cases import case, opened
from watch.reception.attempts import Attempt, too_late

OPEA = load("cqpm-opea")
ENTERED = date(2021, 3, 1)


@pytest.mark.rule("R93")
def test_who_entered_in_time_comes_back_until_the_last_day_a_jury_may_judge() -> None:
    registration = OPEA.registration
    assert registration is not None
    last = registration.deliver_until or registration.expires_on
    before = Attempt(previous=case(opened(OPEA, entered_on=ENTERED)), rank=2)
    assert too_late(before, OPEA, last) == ()
    (found,) = too_late(before, OPEA, last + timedelta(days=1))
    assert (found.rule, found.status) == ("R93", "refused")
    assert "Entrée le 01/03/2021" in found.message
    assert too_late(Attempt(), OPEA, last + timedelta(days=1)) == ()


@pytest.mark.rule("R93")
def test_the_certifiers_answer_to_the_earlier_case_lets_them_come_back_later() -> None:
    said = CertifierAnswered(
        deliver_until=date(2023, 12, 31),
        answered_on=date(2022, 5, 10),
        by="le bureau",
        because="lettre",
    )
    held = Attempt(previous=case(opened(OPEA, entered_on=ENTERED), said), rank=2)
    assert too_late(held, OPEA, date(2023, 12, 31)) == ()
    assert [f.rule for f in too_late(held, OPEA, date(2024, 1, 1))] == ["R93"]
