"""Who sits, and whether the jury is what the certification says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.certification import Certification
from casefiles.events import Juror
from casefiles.rules.juries import composition, parity_of_present, sitting
from tests.casefiles.cases import juror, jury, rules
from tests.casefiles.certifications import certification, deliberation

PLAIN = certification()
COLLEGES = st.sampled_from(["employeurs", "salaries"])
SEATS = st.sampled_from(["president", "titulaire", "suppleant"])


@st.composite
def juries(draw: st.DrawFn) -> tuple[Juror, ...]:
    """Any list of members, unusual ones included."""
    places = draw(st.lists(st.tuples(COLLEGES, SEATS), max_size=9))
    return tuple(juror(f"m{n}", college, seat) for n, (college, seat) in enumerate(places))


def present_of(draw: st.DrawFn, members: tuple[Juror, ...]) -> set[str]:
    return {m.key for m in members if draw(st.booleans())}


@st.composite
def sittings(draw: st.DrawFn) -> tuple[tuple[Juror, ...], set[str]]:
    members = draw(juries())
    return members, present_of(draw, members)


# --- who sits with a vote --------------------------------------------------------------------


@given(sittings())
def test_nobody_votes_twice_absent_or_in_reserve(held: tuple[tuple[Juror, ...], set[str]]) -> None:
    members, present = held
    seated = sitting(members, present)
    keys = [m.key for m in seated]
    assert len(keys) == len(set(keys))
    assert set(keys) <= present
    assert all(m.seat in ("president", "titulaire") for m in seated)


@given(sittings())
def test_a_college_never_votes_with_more_heads_than_its_full_members(
    held: tuple[tuple[Juror, ...], set[str]],
) -> None:
    members, present = held
    for college in ("employeurs", "salaries"):
        full = [m for m in members if m.college == college and m.seat != "suppleant"]
        reserve = [
            m
            for m in members
            if m.college == college and m.seat == "suppleant" and m.key in present
        ]
        votes = [m for m in sitting(members, present) if m.college == college]
        here = [m for m in full if m.key in present]
        assert len(votes) == min(len(full), len(here) + len(reserve))
        assert {m.key for m in here} <= {m.key for m in votes}


@given(sittings())
def test_the_full_members_present_keep_their_seats(
    held: tuple[tuple[Juror, ...], set[str]],
) -> None:
    members, present = held
    seated = {m.key: m for m in sitting(members, present)}
    for member in members:
        if member.key in present and member.seat != "suppleant":
            assert seated[member.key] == member


def test_a_substitute_takes_the_place_of_an_absent_of_the_same_side_only() -> None:
    members = (*jury(2, 2), juror("r1", "salaries", "suppleant"))
    assert "r1" in {m.key for m in sitting(members, {"e0", "e1", "s0", "r1"})}
    assert "r1" not in {m.key for m in sitting(members, {"e0", "s0", "s1", "r1"})}
    assert "r1" not in {m.key for m in sitting(members, {m.key for m in members})}


# --- parity ----------------------------------------------------------------------------------


@given(st.integers(0, 4), st.integers(0, 4))
def test_a_jury_is_paritaire_with_as_many_votes_on_each_side_and_never_empty(
    employers: int, employees: int
) -> None:
    found = composition(jury(employers, employees), PLAIN)
    assert ("R80" in rules(found, "refused")) == (employers != employees or not employers)
    assert ("R80" in rules(found, "ok")) == (employers == employees and bool(employers))


@given(sittings())
def test_parity_of_the_day_is_that_of_those_who_vote(
    held: tuple[tuple[Juror, ...], set[str]],
) -> None:
    members, present = held
    votes = [m.college for m in sitting(members, present)]
    even = votes.count("employeurs") == votes.count("salaries") > 0
    assert ("R80" in rules(parity_of_present(members, present, PLAIN), "refused")) == (not even)


def test_an_absence_breaks_parity_and_a_substitute_restores_it() -> None:
    members = (*jury(2, 2), juror("r1", "employeurs", "suppleant"))
    assert "R80" in rules(parity_of_present(members, {"e0", "s0", "s1"}, PLAIN), "refused")
    assert rules(parity_of_present(members, {"e0", "r1", "s0", "s1"}, PLAIN), "refused") == []


def test_substitutes_do_not_count_in_the_composition() -> None:
    members = (*jury(1, 1), juror("r1", "salaries", "suppleant"))
    assert rules(composition(members, PLAIN), "refused") == []


def test_where_parity_is_not_asked_it_is_not_checked() -> None:
    about = certification(deliberation=deliberation(parity=False))
    assert rules(composition(jury(3, 1), about)) == []


# --- members ---------------------------------------------------------------------------------


@pytest.mark.parametrize("presidents", [0, 2])
def test_a_jury_has_one_president(presidents: int) -> None:
    seats = ["president"] * presidents + ["titulaire"] * (2 - presidents)
    members = (juror("e", "employeurs", seats[0]), juror("s", "salaries", seats[1]))
    assert "R83" in rules(composition(members, PLAIN), "refused")
    assert "R83" not in rules(composition(jury(1, 1), PLAIN), "refused")


def test_nobody_sits_twice_however_their_name_is_written() -> None:
    first, second = jury(1, 1)
    twin = second.model_copy(update={"name": first.name.upper()})
    found = [f for f in composition((first, twin), PLAIN) if f.status == "refused"]
    assert len(found) == 1
    assert "figure deux fois" in found[0].message


def with_college(**changes: object) -> Certification:
    sides = certification().deliberation.model_dump(mode="json")["colleges"]
    return certification(deliberation=deliberation(colleges=[sides[0] | changes, sides[1]]))


def test_a_college_keeps_to_its_maximum_and_to_its_extra_seat() -> None:
    five = with_college(maximum=5)
    assert "R81" in rules(composition(jury(6, 6), five), "refused")
    assert "R81" not in rules(composition(jury(5, 5), five), "refused")
    six = with_college(maximum=5, temporary_work_seat=True)
    assert "R81" not in rules(composition(jury(6, 6), six), "refused")
    assert "R81" in rules(composition(jury(7, 7), six), "refused")


def test_a_college_has_its_minimum() -> None:
    about = with_college(minimum=2)
    assert "R80" in rules(composition(jury(1, 1), about), "refused")
    assert rules(composition(jury(2, 2), about), "refused") == []


def test_one_organisation_has_one_vote_where_the_certification_says_so() -> None:
    about = with_college(one_vote_per_organisation=True)
    members = (
        juror("e0", "employeurs", "president", "Fédération d’essai"),
        juror("e1", "employeurs", "titulaire", "FÉDÉRATION D’ESSAI"),
        *jury(0, 2),
    )
    found = [f for f in composition(members, about) if f.status == "refused"]
    assert [f.rule for f in found] == ["R82"]
    assert rules(composition(members, PLAIN), "refused") == []


def test_a_substitute_never_gives_an_organisation_its_second_vote() -> None:
    about = with_college(one_vote_per_organisation=True)
    members = (
        juror("e0", "employeurs", "president", "Fédération d’essai"),
        juror("e1", "employeurs", "titulaire", "Autre fédération"),
        juror("r1", "employeurs", "suppleant", "Fédération d’essai"),
        *jury(0, 2),
    )
    assert rules(composition(members, about), "refused") == []
    present = {"e0", "r1", "s0", "s1"}
    found = parity_of_present(members, present, about)
    assert rules(found, "refused") == ["R82"]


# --- independence ----------------------------------------------------------------------------


def test_a_member_who_did_not_declare_independence_is_an_alert_not_a_refusal() -> None:
    first, second = jury(1, 1)
    silent = second.model_copy(update={"independent": False})
    found = composition((first, silent), PLAIN)
    assert rules(found, "alert") == ["R77"]
    assert rules(found, "refused") == []


def test_a_member_of_a_candidates_company_is_an_alert_whatever_they_declare() -> None:
    found = composition(jury(1, 1), PLAIN, ["ORGANISATION E0"])
    assert rules(found, "alert") == ["R77"]
    assert "l’entreprise d’un candidat" in next(f for f in found if f.status == "alert").message
