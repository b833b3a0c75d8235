"""Who sits, and whether the jury is what the certification says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.certification import Certification
from casefiles.events import Juror
from casefiles.rules.independence import Ties
from casefiles.rules.juries import composition, of_the_day
from casefiles.rules.seating import VOTING, seating
from templates.catalog import load
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

SINGLE = certification(
    deliberation=deliberation(
        colleges=[
            {**side, "one_vote_per_organisation": True}
            for side in certification().deliberation.model_dump(mode="json")["colleges"]
        ]
    )
)


def votes(members: tuple[Juror, ...], present: set[str], *recused: str) -> set[str]:
    return set(seating(members, present, PLAIN, recused).keys)


@st.composite
def recusals(draw: st.DrawFn) -> tuple[tuple[Juror, ...], set[str], set[str]]:
    """Any members, any of them present, any of them recused, organisations often shared."""
    members = tuple(
        m.model_copy(
            update={
                "organisation": draw(st.sampled_from(["Alpha", "Bêta", "Gamma"])),
                "deputy": draw(st.booleans()),
            }
        )
        for m in draw(juries())
    )
    return members, present_of(draw, members), present_of(draw, members)


@given(recusals(), st.sampled_from([PLAIN, SINGLE]))
def test_nobody_votes_absent_recused_or_twice(
    held: tuple[tuple[Juror, ...], set[str], set[str]], about: Certification
) -> None:
    members, present, recused = held
    voting = [m.key for m in seating(members, present, about, recused).voting]
    assert len(voting) == len(set(voting))
    assert set(voting) <= present - recused


@given(recusals())
def test_being_recused_is_being_absent_for_that_candidate(
    held: tuple[tuple[Juror, ...], set[str], set[str]],
) -> None:
    members, present, recused = held
    aside = seating(members, present, PLAIN, recused)
    away = seating(members, present - recused, PLAIN)
    assert (aside.voting, aside.presiding) == (away.voting, away.presiding)
    assert {m.key for m in aside.recused} == present & recused & {m.key for m in members}


@given(recusals())
def test_a_college_never_votes_with_more_heads_than_its_full_members(
    held: tuple[tuple[Juror, ...], set[str], set[str]],
) -> None:
    members, present, recused = held
    there = present - recused
    for college in ("employeurs", "salaries"):
        side = [m for m in members if m.college == college]
        full = [m for m in side if m.seat in VOTING]
        reserve = [m for m in side if m.seat not in VOTING and m.key in there]
        here = [m for m in full if m.key in there]
        voting = seating(members, present, PLAIN, recused).side(college)
        assert len(voting) == min(len(full), len(here) + len(reserve))
        assert {m.key for m in here} <= {m.key for m in voting}


@pytest.mark.rule("R82")
@given(recusals())
def test_a_substitute_never_gives_an_organisation_a_second_voice_where_it_has_one(
    held: tuple[tuple[Juror, ...], set[str], set[str]],
) -> None:
    members, present, recused = held
    sat = seating(members, present, SINGLE, recused)
    for substitute, absent in sat.replaced:
        others = [m for m in sat.side(absent.college) if m.key != substitute.key]
        assert substitute.organisation not in {m.organisation for m in others}


@given(recusals())
def test_whoever_presides_votes_and_is_the_president_or_named_in_their_stead(
    held: tuple[tuple[Juror, ...], set[str], set[str]],
) -> None:
    members, present, recused = held
    sat = seating(members, present, PLAIN, recused)
    if sat.presiding is not None:
        assert sat.presiding.key in sat.keys
        assert sat.presiding.seat == "president" or sat.presiding.deputy
    for member in sat.voting:
        if member.seat == "president" and sat.presiding:
            assert sat.presiding.seat == "president"


def test_a_substitute_takes_the_place_of_an_absent_of_the_same_side_only() -> None:
    members = (*jury(2, 2), juror("r1", "salaries", "suppleant"))
    assert "r1" in votes(members, {"e0", "e1", "s0", "r1"})
    assert "r1" not in votes(members, {"e0", "s0", "s1", "r1"})
    assert "r1" not in votes(members, {m.key for m in members})
    assert "r1" in votes(members, {m.key for m in members}, "s1")


def test_the_substitute_of_the_same_organisation_comes_first() -> None:
    members = (
        *jury(1, 0),
        juror("s0", "salaries", "titulaire", "Union d’essai"),
        juror("r1", "salaries", "suppleant", "Autre union"),
        juror("r2", "salaries", "suppleant", "UNION D’ESSAI"),
    )
    assert votes(members, {"e0", "r1", "r2"}) == {"e0", "r2"}
    assert votes(members, {"e0", "r1"}) == {"e0", "r1"}


# --- who presides ----------------------------------------------------------------------------


def test_the_one_named_presides_when_the_president_is_away_or_recused() -> None:
    first, second = jury(1, 1)
    members = (
        first,
        second.model_copy(update={"deputy": True}),
        juror("r1", "employeurs", "suppleant"),
    )
    everybody = {m.key for m in members}
    for sat in (
        seating(members, everybody - {"e0"}, PLAIN),
        seating(members, everybody, PLAIN, {"e0"}),
    ):
        assert sat.presiding is not None
        assert sat.presiding.key == "s0"
    found = of_the_day(members, everybody - {"e0"}, PLAIN)
    assert rules(found, "refused") == []
    assert any("préside en l’absence de Membre E0" in f.message for f in found)


@pytest.mark.rule("R83")
def test_without_a_president_nor_a_name_the_day_is_refused_and_says_what_is_expected() -> None:
    members = (*jury(1, 1), juror("r1", "employeurs", "suppleant"))
    (found,) = [f for f in of_the_day(members, {"s0", "r1"}, PLAIN) if f.status == "refused"]
    assert found.rule == "R83"
    assert "composition revue" in found.message
    assert "reportez" in found.message


def test_the_composition_asks_for_a_name_and_never_takes_the_presidents_own() -> None:
    first, second = jury(1, 1)
    assert "R83" in rules(composition((first, second), PLAIN), "alert")
    named = (first, second.model_copy(update={"deputy": True}))
    assert "R83" not in rules(composition(named, PLAIN))
    own = (first.model_copy(update={"deputy": True}), second)
    assert "R83" in rules(composition(own, PLAIN), "refused")


# --- parity ----------------------------------------------------------------------------------


@given(st.integers(0, 4), st.integers(0, 4))
@pytest.mark.rule("R44", "R80", "R85")
def test_a_jury_is_paritaire_with_as_many_votes_on_each_side_and_never_empty(
    employers: int, employees: int
) -> None:
    found = composition(jury(employers, employees), PLAIN)
    assert ("R80" in rules(found, "refused")) == (employers != employees or not employers)
    assert ("R80" in rules(found, "ok")) == (employers == employees and bool(employers))


@given(sittings())
@pytest.mark.rule("R80")
def test_parity_of_the_day_is_that_of_those_who_vote(
    held: tuple[tuple[Juror, ...], set[str]],
) -> None:
    members, present = held
    sides = [m.college for m in seating(members, present, PLAIN).voting]
    even = sides.count("employeurs") == sides.count("salaries") > 0
    assert ("R80" in rules(of_the_day(members, present, PLAIN), "refused")) == (not even)


def test_an_absence_breaks_parity_and_a_substitute_restores_it() -> None:
    members = (*jury(2, 2), juror("r1", "employeurs", "suppleant"))
    assert "R80" in rules(of_the_day(members, {"e0", "s0", "s1"}, PLAIN), "refused")
    found = of_the_day(members, {"e0", "r1", "s0", "s1"}, PLAIN)
    assert rules(found, "refused") == []
    assert any("Membre R1 siège à la place de Membre E1" in f.message for f in found)


def test_substitutes_do_not_count_in_the_composition() -> None:
    members = (*jury(1, 1), juror("r1", "salaries", "suppleant"))
    assert rules(composition(members, PLAIN), "refused") == []


def test_where_parity_is_not_asked_it_is_not_checked() -> None:
    about = certification(deliberation=deliberation(parity=False))
    assert "R80" not in rules(composition(jury(3, 1), about))


# --- members ---------------------------------------------------------------------------------


@pytest.mark.rule("R83")
@pytest.mark.parametrize("presidents", [0, 2])
def test_a_jury_has_one_president(presidents: int) -> None:
    seats = ["president"] * presidents + ["titulaire"] * (2 - presidents)
    members = (juror("e", "employeurs", seats[0]), juror("s", "salaries", seats[1]))
    assert "R83" in rules(composition(members, PLAIN), "refused")
    assert "R83" not in rules(composition(jury(1, 1), PLAIN), "refused")


@pytest.mark.rule("R44")
def test_nobody_sits_twice_however_their_name_is_written() -> None:
    first, second = jury(1, 1)
    twin = second.model_copy(update={"name": first.name.upper()})
    found = [f for f in composition((first, twin), PLAIN) if f.status == "refused"]
    assert len(found) == 1
    assert "figure deux fois" in found[0].message


def with_college(**changes: object) -> Certification:
    sides = certification().deliberation.model_dump(mode="json")["colleges"]
    return certification(deliberation=deliberation(colleges=[sides[0] | changes, sides[1]]))


@pytest.mark.rule("R81", "R82")
def test_a_college_keeps_to_its_maximum_and_to_its_extra_seat() -> None:
    five = with_college(maximum=5)
    assert "R81" in rules(composition(jury(6, 6), five), "refused")
    assert "R81" not in rules(composition(jury(5, 5), five), "refused")
    six = with_college(maximum=5, temporary_work_seat=True)
    (found,) = [f for f in composition(jury(6, 6), six) if f.status == "refused"]
    assert found.rule == "R81"
    assert "cochez « Intérim »" in found.message
    assert "R81" not in rules(composition(extra(jury(6, 6), "e5"), six), "refused")
    assert "R81" in rules(composition(extra(jury(7, 7), "e6"), six), "refused")
    assert "R81" in rules(composition(extra(jury(6, 6), "e5"), five), "refused")


@pytest.mark.rule("R81", "R82")
def test_one_extra_seat_a_side_and_only_where_the_certification_has_it() -> None:
    one = with_college(temporary_work_seat=True)
    assert rules(composition(extra(jury(2, 2), "e1"), one), "refused") == []
    assert rules(composition(extra(jury(2, 2), "e0", "e1"), one), "refused") == ["R81"]
    # The other side has no such seat here, and its rule is the unions’ own.
    assert rules(composition(extra(jury(2, 2), "s1"), one), "refused") == ["R82"]
    assert rules(composition(extra(jury(2, 2), "e1"), PLAIN), "refused") == ["R81"]


def extra(members: tuple[Juror, ...], *keys: str) -> tuple[Juror, ...]:
    """The same, those members holding the seat of temporary work."""
    return tuple(m.model_copy(update={"temporary_work": m.key in keys}) for m in members)


@pytest.mark.rule("R80")
def test_a_college_has_its_minimum() -> None:
    about = with_college(minimum=2)
    assert "R80" in rules(composition(jury(1, 1), about), "refused")
    assert rules(composition(jury(2, 2), about), "refused") == []


@pytest.mark.rule("R82")
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


@pytest.mark.rule("R82")
def test_a_substitute_never_gives_an_organisation_its_second_vote() -> None:
    about = with_college(one_vote_per_organisation=True)
    members = (
        juror("e0", "employeurs", "president", "Fédération d’essai"),
        juror("e1", "employeurs", "titulaire", "Autre fédération"),
        juror("r1", "employeurs", "suppleant", "Fédération d’essai"),
        *jury(0, 2),
    )
    assert rules(composition(members, about), "refused") == []
    found = of_the_day(members, {"e0", "r1", "s0", "s1"}, about)
    assert rules(found, "refused") == ["R80"]


# --- independence ----------------------------------------------------------------------------

ZOE = Ties(
    case="2026-0042",
    name="EXEMPLE Zoé",
    organisations={"organisation e0": "est l’entreprise du candidat"},
    people={"membre s0": "a évalué le candidat"},
)


def links(members: tuple[Juror, ...], **known: Any) -> list[tuple[str, str]]:
    found = composition(members, PLAIN, **known)
    return [(f.status, f.message) for f in found if f.rule == "R77"]


@pytest.mark.rule("R77")
def test_a_member_who_did_not_declare_independence_is_an_alert_not_a_refusal() -> None:
    first, second = jury(1, 1)
    silent = second.model_copy(update={"independent": False})
    ((status, message),) = links((first, silent))
    assert status == "alert"
    assert "n’a pas déclaré" in message


@pytest.mark.rule("R77")
def test_what_the_data_show_contradicts_what_a_member_declares() -> None:
    company, evaluator = links(jury(1, 1), known=[ZOE])
    assert company[0] == evaluator[0] == "alert"
    assert "se déclare sans lien" in company[1]
    assert "est l’entreprise du candidat : EXEMPLE Zoé (2026-0042)" in company[1]
    assert "Membre S0 se déclare sans lien, mais a évalué le candidat" in evaluator[1]


@pytest.mark.rule("R77")
def test_a_member_recused_for_that_candidate_is_in_order_and_said_so() -> None:
    recused = {"2026-0042": ("e0", "s0")}
    assert [status for status, _ in links(jury(1, 1), known=[ZOE], recused=recused)] == ["ok"] * 2
    elsewhere = {"2026-0043": ("e0", "s0")}
    found = links(jury(1, 1), known=[ZOE], recused=elsewhere)
    assert [status for status, _ in found] == ["alert"] * 2


# --- the juries of the certifications shipped -------------------------------------------------


@pytest.mark.rule("R79")
def test_the_final_jury_of_the_tmroa_is_one_and_one() -> None:
    tmroa = load("cqp-tmroa")
    assert rules(composition(jury(1, 1), tmroa), "refused") == []
    assert rules(composition(jury(2, 2), tmroa), "refused") == ["R81", "R82"]
    assert tmroa.deliberation.casting_vote is False


@pytest.mark.rule("R81", "R82")
def test_the_jury_of_28245_is_five_and_the_extra_seat_one_voice_a_union() -> None:
    opea = load("cqpm-opea")
    assert opea.deliberation.casting_vote is True
    assert rules(composition(jury(5, 5), opea), "refused") == []
    assert rules(composition(extra(jury(6, 6), "e5", "s5"), opea), "refused") == []
    assert "R81" in rules(composition(jury(6, 6), opea), "refused")
    # Six unions and no maximum on their side, but one voice each.
    assert rules(composition(extra(jury(6, 6), "e5"), opea), "refused") == []
    twice = tuple(
        m.model_copy(update={"organisation": "Union d’essai"}) if m.key in ("s0", "s1") else m
        for m in jury(2, 2)
    )
    (found,) = [f for f in composition(twice, opea) if f.status == "refused"]
    assert found.rule == "R82"
    assert "suppléants" in found.message


def test_every_finding_of_a_jury_gives_its_rule_and_its_source() -> None:
    for about in (load("cqp-tmroa"), load("cqpm-opea"), load("cqpm-tmp")):
        for members in (jury(1, 1), jury(3, 1), jury(7, 7)):
            present = {m.key for m in members[1:]}
            found = (*composition(members, about, [ZOE]), *of_the_day(members, present, about))
            assert all(f.rule.startswith("R") and f.source and f.message for f in found)
