"""Who comes back for what lacks, once the registration has ended."""

from datetime import date, timedelta

import pytest

from casefiles.events import BlocAcquired, CertifierAnswered
from templates.catalog import load
from tests.casefiles.cases import case, opened
from watch.reception.answer import Refused
from watch.reception.attempts import Attempt, still_asked, too_late

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


BDC1 = BlocAcquired(bloc="BDC1", origin="jury", on=date(2021, 6, 1), session="S2021-001")


@pytest.mark.rule("R89")
def test_a_new_attempt_is_about_what_lacks_among_what_is_wanted() -> None:
    first, carrying = Attempt(), Attempt(carried=(BDC1,))
    assert still_asked(first, ("BDC1",), OPEA, "Essai") == ("BDC1",)
    assert still_asked(carrying, (), OPEA, "Essai") == ("BDC2",)
    assert still_asked(carrying, ("BDC1", "BDC2"), OPEA, "Essai") == ("BDC2",)
    with pytest.raises(Refused) as no:
        still_asked(carrying, ("BDC1",), OPEA, "Essai")
    assert "Les blocs demandés sont déjà acquis : BDC1 (le 01/06/2021)" in no.value.reasons[0]
