"""Which decisions may be recorded."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.certification import Certification
from casefiles.events import Decided
from casefiles.rules.finding import Finding
from casefiles.rules.outcome import outcome
from casefiles.rules.results import Proposal, proposal
from tests.casefiles.cases import case, grid, jury, opened, papers, proposed, rules
from tests.casefiles.certifications import certification, deliberation, registered

PLAIN = certification()
CASTING = certification(deliberation=deliberation(casting_vote=True))
REFUSED = {"conclusion/verdict": "non_acquise", "conclusion/comment": "Consignation oubliée."}
FAVOURABLE = proposed(PLAIN)
UNFAVOURABLE = proposed(PLAIN, grid(PLAIN, "B1.1", REFUSED))


def judged(
    result: str,
    proposal: Proposal = FAVOURABLE,
    about: Certification = PLAIN,
    *,
    seats: int = 1,
    on: date | None = None,
    **changes: Any,
) -> tuple[Finding, ...]:
    decided = Decided(case="2026-0042", outcome=result, **changes)
    found = outcome(decided, "EXEMPLE Zoé", proposal, about, jury(seats, seats), on)
    assert all(f.message.startswith("EXEMPLE Zoé : ") and f.source for f in found)
    return found


def votes(for_: int, against: int, abstained: int = 0) -> dict[str, Any]:
    return {"votes_for": for_, "votes_against": against, "abstentions": abstained}


# --- what the certification allows -----------------------------------------------------------


@pytest.mark.parametrize("result", ["obtention", "refus", "ajourne", "absent", "excuse"])
def test_what_the_certification_lists_may_be_decided(result: str) -> None:
    assert "R88" not in rules(judged(result))


def test_what_it_does_not_list_may_not() -> None:
    assert "R88" in rules(judged("partiel", blocs=("B1",)))
    narrow = certification(outcomes=["obtention", "refus"])
    assert rules(judged("ajourne", about=narrow)) == ["R88"]


def test_a_partial_result_names_blocs_of_the_case() -> None:
    about = registered()
    some = UNFAVOURABLE
    assert rules(judged("partiel", some, about)) == ["R87"]
    assert rules(judged("partiel", some, about, blocs=("B2", "B9"))) == ["R87"]
    assert rules(judged("partiel", some, about, blocs=("B2",))) == []


def test_the_whole_is_never_obtained_over_a_case_of_some_blocs() -> None:
    about = registered()
    some = proposal(case(opened(about, blocs=("B2",)), *papers(about)), about)
    assert some.favourable
    assert rules(judged("obtention", some, about)) == ["R60"]
    assert rules(judged("partiel", some, about, blocs=("B2",), motive="Bloc demandé.")) == []


# --- motives ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "found", "departs"),
    [
        ("obtention", FAVOURABLE, False),
        ("obtention", UNFAVOURABLE, True),
        ("refus", FAVOURABLE, True),
        ("refus", UNFAVOURABLE, False),
        ("ajourne", FAVOURABLE, False),
        ("ajourne", UNFAVOURABLE, False),
        ("absent", FAVOURABLE, False),
    ],
)
def test_a_motive_is_asked_exactly_where_the_jury_departs_from_the_proposal(
    result: str, found: Proposal, departs: bool
) -> None:
    assert rules(judged(result, found)) == (["R84"] if departs else [])
    assert rules(judged(result, found, motive="Le jury a entendu le candidat.")) == []


@pytest.mark.parametrize(("bloc", "departs"), [("B1", True), ("B2", False)])
def test_a_bloc_granted_over_a_competence_not_acquired_asks_for_a_motive(
    bloc: str, departs: bool
) -> None:
    found = judged("partiel", UNFAVOURABLE, registered(), blocs=(bloc,))
    assert rules(found) == (["R84"] if departs else [])


def test_the_proposal_departed_from_is_quoted() -> None:
    (found,) = judged("obtention", UNFAVOURABLE)
    assert "(compétences non acquises : 1)" in found.message


# --- dates -----------------------------------------------------------------------------------


def test_a_jury_does_not_deliberate_before_the_last_evaluation() -> None:
    assert rules(judged("obtention", on=date(2026, 3, 11))) == ["R84"]
    assert rules(judged("obtention", on=date(2026, 3, 12))) == []


# --- votes -----------------------------------------------------------------------------------


def test_no_count_is_a_decision_without_a_vote() -> None:
    assert rules(judged("obtention")) == []


def test_votes_are_as_many_as_those_who_sat() -> None:
    assert rules(judged("obtention", seats=2, **votes(3, 0))) == ["R84"]
    assert rules(judged("obtention", seats=2, **votes(5, 0))) == ["R84"]
    assert rules(judged("obtention", seats=2, **votes(3, 0, 1))) == []


@pytest.mark.parametrize(
    ("result", "count", "follows"),
    [
        ("obtention", (3, 1), True),
        ("obtention", (1, 3), False),
        ("refus", (1, 3), True),
        ("refus", (3, 1), False),
        ("ajourne", (3, 1), True),
    ],
)
def test_a_decision_follows_its_vote(result: str, count: tuple[int, int], follows: bool) -> None:
    found = judged(result, seats=2, motive="Motif.", **votes(*count))
    assert rules(found) == ([] if follows else ["R84"])


@pytest.mark.parametrize("result", ["obtention", "refus"])
def test_a_tie_adjourns_where_there_is_no_casting_vote(result: str) -> None:
    tied = votes(1, 1)
    assert rules(judged(result, motive="Motif.", **tied)) == ["R83"]
    assert "R83" in rules(judged(result, motive="Motif.", casting_vote=True, **tied))
    assert rules(judged("ajourne", **tied)) == []


@pytest.mark.parametrize("result", ["obtention", "refus"])
def test_a_tie_is_broken_by_the_president_where_the_certification_has_it(result: str) -> None:
    found = judged(result, about=CASTING, motive="Motif.", casting_vote=True, **votes(1, 1))
    assert rules(found) == []
    assert rules(judged(result, about=CASTING, motive="Motif.", **votes(1, 1))) == ["R83"]


def test_a_casting_vote_plays_only_on_a_counted_tie() -> None:
    uneven = judged("obtention", about=CASTING, seats=2, casting_vote=True, **votes(3, 1))
    assert rules(uneven) == ["R83"]
    uncounted = judged("obtention", about=CASTING, casting_vote=True)
    assert rules(uncounted) == ["R83"]


def test_a_casting_vote_is_the_presidents_own() -> None:
    without = [m for m in jury(2, 2) if m.seat != "president"]
    decided = Decided(case="1", outcome="obtention", casting_vote=True, **votes(1, 1, 1))
    assert rules(outcome(decided, "EXEMPLE Zoé", FAVOURABLE, CASTING, without)) == ["R83"]


def test_nobody_present_decides_nothing() -> None:
    assert rules(judged("obtention", seats=0)) == ["R84"]


@given(
    for_=st.integers(0, 6),
    against=st.integers(0, 6),
    casting=st.booleans(),
    about=st.sampled_from([PLAIN, CASTING]),
    result=st.sampled_from(["obtention", "refus"]),
)
def test_whatever_the_count_a_settled_decision_has_a_majority_or_a_casting_vote(
    for_: int, against: int, casting: bool, about: Certification, result: str
) -> None:
    """Six members sit; the rest abstain."""
    if for_ + against > 6:
        return
    found = judged(
        result,
        about=about,
        seats=3,
        motive="Motif.",
        casting_vote=casting,
        **votes(for_, against, 6 - for_ - against),
    )
    won = for_ > against if result == "obtention" else against > for_
    broken = for_ == against and casting and about is CASTING
    assert (not rules(found)) == ((won and not casting) or broken)
