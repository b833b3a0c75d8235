"""What remains to be done: of whom, in which words, and by us."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.events import Event
from casefiles.next_steps import Step, of_case, of_session, open_steps
from tests.casefiles import sessions as s
from tests.casefiles.cases import (
    case,
    complete,
    decision,
    failed,
    filed,
    grid,
    opened,
    papers,
    prints,
    product,
)
from tests.casefiles.certifications import certification, registered
from tests.casefiles.filled import avis
from tests.casefiles.journals import NOON
from tests.casefiles.sessions import session

PLAIN = certification()
BEGUN: tuple[Event, ...] = (opened(PLAIN), *prints())
WHOLE: tuple[Event, ...] = (*BEGUN, *papers(PLAIN))
RECAP = product("recapitulatif", complete(PLAIN).basis)
AT_JURY: tuple[Event, ...] = (*WHOLE, RECAP, e.SessionJoined(session="S2026-001"))


def steps(*events: Event) -> tuple[Step, ...]:
    found = of_case(case(*events), PLAIN)
    keys = [step.key for step in found]
    assert len(keys) == len(set(keys))
    assert all(step.what.endswith(".") for step in found)
    assert all(step.ours == (not step.who) for step in found)
    return found


def keys(*events: Event) -> list[str]:
    return [step.key for step in steps(*events)]


# --- the whole life of a case ----------------------------------------------------------------


@pytest.mark.rule("R95")
def test_a_case_first_receives_its_forms() -> None:
    assert keys(opened(PLAIN)) == ["formulaires"]


def test_then_it_owes_its_documents_and_only_they_are_asked() -> None:
    found = steps(*BEGUN)
    assert [(step.form, step.part) for step in found] == [
        ("modalites", ""),
        ("grille", "B1.1"),
        ("grille", "B1.2"),
        ("grille", "B2.1"),
        ("avis", ""),
    ]
    assert not [step for step in found if step.ours]
    assert all(step.rule and step.source for step in found)


@settings(max_examples=40)
@given(st.permutations(papers(PLAIN)))
def test_each_document_received_in_any_order_is_asked_no_more(
    order: list[e.DocumentFiled],
) -> None:
    for received in range(len(order)):
        asked = {(step.form, step.part) for step in steps(*BEGUN, *order[:received])}
        assert asked == {(d.form, d.part) for d in order[received:]}
    assert keys(*BEGUN, *order) == ["recapitulatif"]


@pytest.mark.rule("R44", "R65", "R86")
def test_complete_it_is_summed_up_then_the_office_finds_it_a_jury() -> None:
    assert keys(*WHOLE) == ["recapitulatif"]
    (step,) = steps(*WHOLE, RECAP)
    assert (step.key, step.who) == ("jury", "le bureau")
    (step,) = steps(*AT_JURY)
    assert (step.key, step.who) == ("decision", "le jury")
    assert "S2026-001" in step.what


def test_a_document_that_changes_after_the_recapitulatif_has_it_drawn_again() -> None:
    second = grid(PLAIN, "B1.1", {"evaluator/name": "Rémi SECOND"}, document="D-2")
    assert keys(*AT_JURY, second) == ["recapitulatif"]


def test_a_document_that_waits_for_the_office_holds_everything_up() -> None:
    waiting = filed("avis", avis(PLAIN), document="D-9", standing="to_replace", reasons=("Autre.",))
    (step,) = steps(*AT_JURY, waiting)
    assert step.who == "le bureau"
    assert "D-9" in step.what


NUMBERED = e.DeliveryNumbered(
    number="P-2026-00001", register_name="registre/P-2026-00001", delivered_on=NOON.date()
)


@pytest.mark.rule("R90")
def test_an_obtention_is_delivered_once_it_has_its_number() -> None:
    obtained = (*AT_JURY, decision("obtention"))
    assert keys(*obtained) == ["remise"]
    (step,) = steps(*obtained, NUMBERED)
    assert step.key == "parchemin"
    assert "P-2026-00001" in step.what
    drawn = product("parchemin", facts={"number": "P-2026-00001"})
    assert keys(*obtained, NUMBERED, drawn) == []


@pytest.mark.rule("R60")
def test_a_parchemin_that_the_decision_gives_no_more_is_to_be_withdrawn() -> None:
    drawn = product("parchemin", facts={"number": "P-2026-00001"})
    delivered = (*AT_JURY, decision("obtention"), NUMBERED, drawn)
    found = steps(*delivered, decision("refus", pv="PV2"))
    (owed,) = [step for step in found if step.key == "retrait"]
    assert (owed.who, owed.rule) == ("le bureau", "R60")
    assert "P-2026-00001" in owed.what


@pytest.mark.rule("R46")
def test_without_the_certifiers_key_the_parchemin_waits_for_the_certifier() -> None:
    sent = product("parchemin-a-signer", facts={"number": "P-2026-00001"})
    (step,) = steps(*AT_JURY, decision("obtention"), NUMBERED, sent)
    assert (step.key, step.who) == ("signature-certificateur", "le certificateur")


@pytest.mark.parametrize("outcome", ["refus", "partiel"])
def test_a_refusal_or_a_partial_result_is_notified_and_that_is_all(outcome: str) -> None:
    decided = (*AT_JURY, decision(outcome))
    assert keys(*decided) == ["notification"]
    assert keys(*decided, product("notification", "PV1")) == []


@pytest.mark.parametrize("outcome", ["ajourne", "absent", "excuse"])
def test_a_case_not_settled_is_notified_and_finds_another_jury(outcome: str) -> None:
    decided = (*AT_JURY, decision(outcome))
    assert keys(*decided) == ["notification"]
    notified = (*decided, product("notification", "PV1"))
    assert keys(*notified) == ["jury"]
    again = (*notified, e.SessionJoined(session="S2026-002"))
    assert keys(*again) == ["decision"]
    assert keys(*again, decision("refus", pv="PV2")) == ["notification"]
    assert keys(*again, decision("obtention", pv="PV2")) == ["remise"]


@pytest.mark.parametrize("outcome", ["partiel", "refus", "ajourne", "absent", "excuse"])
@pytest.mark.rule("R91")
def test_nothing_but_an_obtention_ever_leads_to_a_parchemin(outcome: str) -> None:
    decided = (*AT_JURY, decision(outcome), product("notification", "PV1"))
    for events in (decided[:-1], decided, (*decided, product("bordereau"))):
        found = of_case(case(*events), registered())
        assert not {step.key for step in found} & {"remise", "parchemin", "signature-certificateur"}


LIFE: tuple[Event, ...] = (*AT_JURY, decision("refus"), product("notification", "PV1"))


@pytest.mark.parametrize("place", range(1, len(LIFE) + 1))
def test_abandoned_at_any_moment_a_case_asks_nothing_and_resumed_it_asks_the_same(
    place: int,
) -> None:
    so_far = LIFE[:place]
    gone = e.CaseAbandoned(by="le bureau", because="renoncement")
    back = e.CaseResumed(by="le bureau", because="retour")
    assert steps(*so_far, gone) == ()
    assert steps(*so_far, gone, back) == steps(*so_far)


# --- failures --------------------------------------------------------------------------------


def test_a_failure_delays_its_step_and_the_fifth_blocks_it() -> None:
    held = case(*WHOLE, failed("recapitulatif", 4))
    (step,) = open_steps(of_case(held, PLAIN), held.failures)
    assert (step.due_at, step.blocked) == (NOON.isoformat(), False)
    held = case(*WHOLE, failed("recapitulatif", 5))
    (step,) = open_steps(of_case(held, PLAIN), held.failures)
    assert step.blocked


def test_a_failure_of_another_step_delays_nothing() -> None:
    held = case(*WHOLE, failed("formulaires", 5))
    (step,) = open_steps(of_case(held, PLAIN), held.failures)
    assert (step.due_at, step.blocked) == (None, False)


def test_what_is_asked_of_people_is_never_ours_to_do() -> None:
    held = case(*BEGUN)
    assert not [step for step in open_steps(of_case(held, PLAIN), {}) if step.ours]


# --- the session -----------------------------------------------------------------------------

GATHERED: tuple[Event, ...] = (s.OPENED, s.ZOE, s.ready())
SHUT: tuple[Event, ...] = (*GATHERED, s.CLOSED)
SEALED: tuple[Event, ...] = (*SHUT, s.pieces(*SHUT))
HEARD: tuple[Event, ...] = (*SEALED, s.sheet(), s.decided())
DRAWN: tuple[Event, ...] = (*HEARD, s.minutes())


def asked(*events: Event) -> list[tuple[str, str]]:
    found = of_session(session(*events))
    names = [step.key for step in found]
    assert len(names) == len(set(names))
    return [(step.key, step.who) for step in found]


def test_before_the_closure_the_agenda_is_drawn_and_drawn_again_as_it_changes() -> None:
    drawn = (*GATHERED, s.agenda(*GATHERED))
    assert asked(*GATHERED) == [("ordre-du-jour", ""), ("cloture", "le bureau")]
    assert asked(*drawn) == [("cloture", "le bureau")]
    assert asked(*drawn, s.LUKASZ) == [
        ("ordre-du-jour", ""),
        ("complet/2026-0043", "le bureau"),
        ("cloture", "le bureau"),
    ]
    revised = e.CompositionRevised(**(s.SITTING | {"place": "Autre salle"}))
    assert ("ordre-du-jour", "") in asked(*drawn, revised)


def test_a_candidate_whose_case_goes_back_to_incomplete_is_named() -> None:
    assert ("complet/2026-0042", "le bureau") in asked(*GATHERED, s.ready(recapitulatif=""))


def test_a_withdrawn_candidate_is_asked_for_no_more() -> None:
    gone = e.CandidateWithdrawn(case="2026-0043", by="le bureau", because="absent")
    assert not [k for k, _ in asked(*GATHERED, s.LUKASZ, gone) if k.startswith("complet/")]


def test_from_the_closure_to_the_presidents_signature() -> None:
    assert asked(*SHUT) == [("pieces", "")]
    assert asked(*SEALED) == [("feuille", "")]
    assert asked(*SEALED, s.sheet()) == [("decisions", "le jury")]
    assert asked(*HEARD) == [("pv", "")]
    assert asked(*DRAWN) == [("signature/s0", "Membre S0"), ("signature/e0", "Membre E0")]
    assert asked(*DRAWN, s.returned("s0")) == [("signature/e0", "Membre E0")]
    assert asked(*DRAWN, s.signed()) == [("transmettre", "")]
    sent = e.DecisionsSent(cases=("2026-0042",))
    assert asked(*DRAWN, s.signed(), sent) == [("envoi", "")]
    assert asked(*DRAWN, s.signed(), sent, s.transmitted()) == []


@pytest.mark.parametrize("moment", [SEALED, HEARD, DRAWN, (*DRAWN, s.returned("s0"))])
def test_a_late_piece_voids_the_volume_the_sheet_the_decisions_and_the_pv(
    moment: tuple[Event, ...],
) -> None:
    late = (*moment, s.ready(recapitulatif="r2"))
    assert asked(*late) == [("pieces", "")]
    resealed = (*late, s.pieces(*late, version=2))
    assert asked(*resealed) == [("feuille", "")]
    again = (*resealed, s.sheet(2))
    assert asked(*again) == [("decisions", "le jury")]
    assert session(*again).pv is None
    heard = (*again, s.decided("D-feuille2"))
    assert asked(*heard) == [("pv", "")]
    assert asked(*heard, s.minutes(2, "D-feuille2"))[0][0] == "signature/s0"


def test_other_decisions_void_the_pv_and_the_signatures_it_gathered() -> None:
    other = (*DRAWN, s.returned("s0"), s.decided("D-feuille2", "refus"))
    assert asked(*other) == [("pv", "")]
    held = session(*other)
    assert held.pv is None
    assert held.returned is None
    assert [pv.version for pv in held.pvs] == [1]
    anew = asked(*other, s.minutes(2, "D-feuille2"))
    assert anew == [("signature/s0", "Membre S0"), ("signature/e0", "Membre E0")]


def test_once_signed_nothing_is_asked_again_whatever_moves() -> None:
    done = (*DRAWN, s.signed(), e.DecisionsSent(cases=("2026-0042",)), s.transmitted())
    assert asked(*done, s.ready(recapitulatif="r9")) == []


def test_a_session_fails_and_is_retried_like_a_case() -> None:
    held = session(*SHUT, failed("pieces", 5))
    (step,) = open_steps(of_session(held), held.failures)
    assert step.blocked
    retried = e.StepRetried(by="le bureau", because="clé renouvelée")
    assert session(*SHUT, failed("pieces", 5), retried).failures == {}
    assert session(*SHUT, failed("pieces", 5), s.pieces(*SHUT)).failures == {}
