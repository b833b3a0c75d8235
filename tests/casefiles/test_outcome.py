"""Which decisions may be recorded."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.certification import Certification
from casefiles.events import Decided, Juror, Settled
from casefiles.rules.finding import Finding
from casefiles.rules.independence import Ties, ties
from casefiles.rules.outcome import outcome
from casefiles.rules.results import Proposal, proposal
from casefiles.rules.seating import seating
from tests.casefiles.cases import (
    case,
    complete,
    grid,
    juror,
    jury,
    opened,
    papers,
    proposed,
    rules,
)
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
    members: tuple[Juror, ...] = (),
    present: set[str] | None = None,
    on: date | None = None,
    known: Ties | None = None,
    **changes: Any,
) -> tuple[Finding, ...]:
    decided = Decided(case="2026-0042", outcome=result, **changes)
    members = members or jury(seats, seats)
    sat = seating(members, present or {m.key for m in members}, about, decided.recused)
    found = outcome(decided, "EXEMPLE Zoé", proposal, about, sat, on, known)
    assert all(f.message.startswith("EXEMPLE Zoé : ") and f.source for f in found)
    assert all(f.status == "refused" for f in found)
    return found


def votes(for_: int, against: int, abstained: int = 0) -> dict[str, Any]:
    return {"votes_for": for_, "votes_against": against, "abstentions": abstained}


# --- what the certification allows -----------------------------------------------------------


@pytest.mark.parametrize("result", ["obtention", "refus", "ajourne", "absent", "excuse"])
def test_what_the_certification_lists_may_be_decided(result: str) -> None:
    assert "R88" not in rules(judged(result))


@pytest.mark.rule("R88")
def test_what_it_does_not_list_may_not_and_says_where_the_list_is_written() -> None:
    assert "R88" in rules(judged("partiel", blocs=("B1",)))
    own = "Règlement d’essai, § 5"
    narrow = certification(outcomes=["obtention", "refus"], outcomes_source=own)
    (found,) = judged("ajourne", about=narrow)
    assert (found.rule, found.source) == ("R88", own)


@pytest.mark.rule("R60", "R61")
def test_what_is_to_be_acquired_cites_the_certification_judged_and_no_other() -> None:
    about = registered()
    some = proposal(case(opened(about, blocs=("B2",)), *papers(about)), about)
    (whole,) = judged("obtention", some, about)
    (against,) = judged("obtention", DIVIDED, motive="Motif.", **settled("non_acquise"))
    assert {whole.source, against.source} == {about.threshold.source}


@pytest.mark.rule("R58", "R87")
def test_a_partial_result_names_blocs_of_the_case() -> None:
    about = registered()
    some = UNFAVOURABLE
    assert rules(judged("partiel", some, about)) == ["R87"]
    assert rules(judged("partiel", some, about, blocs=("B2", "B9"))) == ["R87"]
    assert rules(judged("partiel", some, about, blocs=("B2",))) == []


@pytest.mark.rule("R60")
def test_the_whole_is_never_obtained_over_a_case_of_some_blocs() -> None:
    about = registered()
    some = proposal(case(opened(about, blocs=("B2",)), *papers(about)), about)
    assert some.favourable
    assert rules(judged("obtention", some, about)) == ["R60"]
    assert rules(judged("partiel", some, about, blocs=("B2",))) == []


@pytest.mark.rule("R87")
def test_granting_every_bloc_is_the_whole_and_no_other_decision_names_blocs() -> None:
    about = registered()
    every = judged("partiel", UNFAVOURABLE, about, blocs=("B1", "B2"), motive="Motif.")
    assert rules(every) == ["R87"]
    assert "obtention" in every[0].message
    assert rules(judged("refus", UNFAVOURABLE, about, blocs=("B2",), motive="Motif.")) == ["R87"]


# --- motives ---------------------------------------------------------------------------------


@pytest.mark.rule("R84")
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


def test_refusing_everything_where_a_bloc_is_proposed_asks_for_a_motive() -> None:
    assert rules(judged("refus", UNFAVOURABLE, registered())) == ["R84"]
    assert rules(judged("refus", UNFAVOURABLE, PLAIN)) == []


@pytest.mark.parametrize(("bloc", "departs"), [("B1", True), ("B2", False)])
def test_a_bloc_granted_over_a_competence_not_acquired_asks_for_a_motive(
    bloc: str, departs: bool
) -> None:
    found = judged("partiel", UNFAVOURABLE, registered(), blocs=(bloc,))
    assert rules(found) == (["R84"] if departs else [])


def test_the_proposal_departed_from_is_quoted() -> None:
    (found,) = judged("obtention", UNFAVOURABLE)
    assert "(compétence non acquise : 1)" in found.message
    assert found.source == "Décision de Parchemin, modifiable par le certificateur"


# --- dates -----------------------------------------------------------------------------------


@pytest.mark.rule("R84")
def test_a_jury_does_not_deliberate_before_the_last_evaluation() -> None:
    assert rules(judged("obtention", on=date(2026, 3, 11))) == ["R84"]
    assert rules(judged("obtention", on=date(2026, 3, 12))) == []


# --- votes -----------------------------------------------------------------------------------


def test_no_count_is_a_decision_without_a_vote() -> None:
    assert rules(judged("obtention")) == []


@pytest.mark.rule("R84")
def test_votes_are_as_many_as_those_who_sat() -> None:
    assert rules(judged("obtention", seats=2, **votes(3, 0))) == ["R84"]
    assert rules(judged("obtention", seats=2, **votes(5, 0))) == ["R84"]
    assert rules(judged("obtention", seats=2, **votes(3, 0, 1))) == []


@pytest.mark.rule("R84")
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
@pytest.mark.rule("R83")
def test_a_tie_adjourns_where_there_is_no_casting_vote(result: str) -> None:
    tied = votes(1, 1)
    assert rules(judged(result, motive="Motif.", **tied)) == ["R83"]
    assert "R83" in rules(judged(result, motive="Motif.", casting_vote=True, **tied))
    assert rules(judged("ajourne", **tied)) == []


@pytest.mark.parametrize("result", ["obtention", "refus"])
@pytest.mark.rule("R83")
def test_a_tie_is_broken_by_the_president_where_the_certification_has_it(result: str) -> None:
    found = judged(result, about=CASTING, motive="Motif.", casting_vote=True, **votes(1, 1))
    assert rules(found) == []
    assert rules(judged(result, about=CASTING, motive="Motif.", **votes(1, 1))) == ["R83"]


@pytest.mark.rule("R83")
def test_a_casting_vote_plays_only_on_a_counted_tie() -> None:
    uneven = judged("obtention", about=CASTING, seats=2, casting_vote=True, **votes(3, 1))
    assert rules(uneven) == ["R83"]
    uncounted = judged("obtention", about=CASTING, casting_vote=True)
    assert rules(uncounted) == ["R83"]


def deputised() -> tuple[Juror, ...]:
    """Two members a side, the first employee presiding when the president cannot; a substitute."""
    return (
        *(m.model_copy(update={"deputy": m.key == "s0"}) for m in jury(2, 2)),
        juror("r1", "employeurs", "suppleant"),
    )


def test_a_casting_vote_is_the_voice_of_whoever_presides() -> None:
    tied = {"about": CASTING, "motive": "Motif.", "casting_vote": True, **votes(2, 2)}
    assert rules(judged("obtention", members=deputised(), **tied)) == []
    aside = judged("obtention", members=deputised(), recused=("e0",), **tied)
    assert rules(aside) == []
    nobody = (*jury(2, 2), juror("r1", "employeurs", "suppleant"))
    assert rules(judged("obtention", members=nobody, recused=("e0",), **tied)) == ["R83"]


def test_where_the_casting_vote_exists_a_tie_says_how_it_is_broken() -> None:
    (found,) = judged("obtention", about=CASTING, **votes(1, 1))
    assert "cochant sa voix prépondérante" in found.message
    (found,) = judged("obtention", **votes(1, 1))
    assert "ne peut qu’ajourner" in found.message


# --- the jury that judged this candidate -----------------------------------------------------


def test_nobody_present_decides_nothing() -> None:
    assert "R80" in rules(judged("obtention", present={"x"}))


@pytest.mark.rule("R80")
@pytest.mark.parametrize("result", ["obtention", "refus"])
def test_a_jury_out_of_parity_decides_nothing_but_may_adjourn(result: str) -> None:
    there = {"e0", "s0", "s1"}
    found = judged(result, members=jury(2, 2), present=there, motive="Motif.")
    assert rules(found) == ["R80"]
    for other in ("ajourne", "absent", "excuse"):
        assert rules(judged(other, members=jury(2, 2), present=there)) == []


def test_a_member_recused_neither_votes_nor_counts_for_that_candidate() -> None:
    members = deputised()
    everybody = judged("obtention", members=members, recused=("e1",), **votes(4, 0))
    assert rules(everybody) == []  # r1 sits in the place of e1
    alone = jury(2, 2)
    assert rules(judged("obtention", members=alone, recused=("e1",), **votes(3, 0))) == ["R80"]
    even = judged("obtention", members=alone, recused=("e1", "s1"), **votes(2, 0))
    assert rules(even) == []
    (found,) = judged("obtention", members=alone, recused=("e1", "s1"), **votes(4, 0))
    assert "4 voix comptées pour 2 membres votants (membres récusés" in found.message


@pytest.mark.rule("R77")
def test_a_member_the_data_link_to_the_candidate_votes_on_others_only() -> None:
    linked = replace(ties(complete(PLAIN), PLAIN), name="EXEMPLE Zoé")
    members = (
        juror("e0", "employeurs", "president", "Ateliers Fictifs"),
        juror("r1", "employeurs", "suppleant"),
        juror("s0", "salaries", deputy=True),
    )
    (found,) = judged("obtention", members=members, known=linked)
    assert found.rule == "R77"
    assert "récusez-le" in found.message
    assert rules(judged("obtention", members=members, known=linked, recused=("e0",))) == []
    assert rules(judged("ajourne", members=members, known=linked)) == []


# --- divergences -----------------------------------------------------------------------------

DIVIDED = proposed(
    PLAIN,
    grid(PLAIN, "B1.1"),
    grid(PLAIN, "B1.1", REFUSED | {"evaluator/name": "Bo SECOND"}, document="D-second"),
)


def settled(result: str, competence: str = "B1.1") -> dict[str, Any]:
    return {"settled": (Settled(competence=competence, result=result),)}


def test_a_divergence_is_settled_before_anything_is_decided() -> None:
    (found,) = judged("obtention", DIVIDED, motive="Motif.")
    assert found.rule == "DIVERGENCE"
    assert "la compétence 1" in found.message
    assert rules(judged("refus", DIVIDED)) == ["DIVERGENCE"]
    assert rules(judged("ajourne", DIVIDED)) == []


def test_settled_as_acquired_the_whole_is_what_is_proposed() -> None:
    assert rules(judged("obtention", DIVIDED, **settled("acquise"))) == []
    assert rules(judged("refus", DIVIDED, **settled("acquise"))) == ["R84"]


def test_settled_as_not_acquired_a_refusal_departs_from_nothing() -> None:
    assert rules(judged("refus", DIVIDED, **settled("non_acquise"))) == []


@pytest.mark.rule("R61")
def test_the_jury_holds_to_its_own_word() -> None:
    found = judged("obtention", DIVIDED, motive="Motif.", **settled("non_acquise"))
    assert rules(found) == ["R61"]


def test_only_a_divergence_is_settled() -> None:
    found = judged("obtention", UNFAVOURABLE, **settled("acquise"))
    assert rules(found) == ["R84"]


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
