"""The life of a session, folded: what voids its volumes, what its signature closes."""

from hypothesis import given
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.next_steps import of_session
from casefiles.session import Session
from tests.casefiles.sessions import (
    CLOSED,
    LUKASZ,
    OPENED,
    SITTING,
    ZOE,
    decided,
    minutes,
    pieces,
    ready,
    session,
    sheet,
    signed,
)

SENT = e.DecisionsSent(cases=("2026-0042",))
REOPENED = e.MinutesReopened(by="le bureau", because="une ligne pour une autre")
BEFORE = (OPENED, ZOE, ready(), CLOSED)
SEALED = (*BEFORE, pieces(*BEFORE))
TO_SIGN = (*SEALED, sheet(), decided(), minutes())
OVER = (*TO_SIGN, signed(), SENT)


def keys(held: Session) -> list[str]:
    return [step.key for step in of_session(held)]


def revised(**changes: object) -> e.CompositionRevised:
    return e.CompositionRevised(**(SITTING | changes))


VOIDING = st.sampled_from(
    [
        ready(recapitulatif="r2"),
        revised(place="Autre salle"),
        revised(recused={"2026-0042": ("e0",)}),
        e.CandidateWithdrawn(case="2026-0042", by="le bureau", because="absent"),
    ]
)


@given(VOIDING)
def test_after_the_closure_whatever_the_volume_was_sealed_over_voids_it(happened: e.Event) -> None:
    assert session(*TO_SIGN).pieces_stand
    held = session(*TO_SIGN, happened)
    assert not held.pieces_stand
    assert not [k for k in keys(held) if k.startswith(("signature", "decisions", "pv", "feuille"))]


def test_a_change_that_comes_back_to_the_same_voids_nothing() -> None:
    assert session(*TO_SIGN, revised()).pieces_stand


def test_a_new_volume_voids_what_was_decided_over_the_one_before() -> None:
    changed = (*TO_SIGN, ready(recapitulatif="r2"))
    held = session(*changed, pieces(*changed, version=2))
    assert (held.decided, held.pv, held.sheet) == (None, None, None)
    assert keys(held) == ["feuille"]


def test_an_empty_agenda_after_the_closure_has_no_object() -> None:
    gone = e.CandidateWithdrawn(case="2026-0042", by="le bureau", because="absent")
    assert keys(session(*TO_SIGN, gone)) == ["sans-candidat"]


@given(st.lists(st.sampled_from([ready(recapitulatif=""), ready(recapitulatif="r9")]), max_size=4))
def test_once_signed_nothing_that_happens_to_a_case_moves_the_session(
    after: list[e.Event],
) -> None:
    held = session(*OVER, *after)
    assert held.over
    assert held.pieces_stand
    assert keys(held) == ["envoi"]


def test_a_rectification_asks_for_a_sheet_then_a_pv_and_the_signed_one_stands_meanwhile() -> None:
    held = session(*OVER, REOPENED)
    assert not held.over
    assert held.signed == signed()
    assert held.ruled == decided()
    assert keys(held) == ["feuille"]
    assert held.sheet_part == "1, après la version 1"

    again = sheet().model_copy(update={"part": held.sheet_part, "serial": "AUTRE"})
    story = (*OVER, REOPENED, again)
    assert keys(session(*story)) == ["decisions"]
    story = (*story, decided("D-autre", "refus"))
    assert keys(session(*story)) == ["pv"]
    story = (*story, minutes(2, "D-autre"))
    assert session(*story).ruled == decided()
    assert keys(session(*story)) == ["signature/s0", "signature/e0"]
    held = session(*story, signed(2))
    assert held.ruled == decided("D-autre", "refus")
    assert keys(held) == ["transmettre"]
    assert session(*story, signed(2), SENT).over


def test_a_recusal_belongs_to_its_candidate() -> None:
    story = (OPENED, ZOE, LUKASZ, revised(recused={"2026-0043": ("s0",)}))
    held = session(*story)
    assert held.recused == {"2026-0043": ("s0",)}
    assert session(*story, revised()).recused == {}
