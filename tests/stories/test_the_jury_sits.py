"""The day of the jury: who is there, who votes, what they may decide, who signs."""

from typing import Any

import pytest

from forms.read import read
from tests.pages.reading import words
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people

EMPLOYER_SUBSTITUTE = {
    "members/4/name": "Aya EXEMPLE-NKEMBE",
    "members/4/organisation": "Chambre EXEMPLE",
    "members/4/college": "employeurs",
    "members/4/seat": "suppleant",
    "members/4/independent": True,
}


def absent(*members: str) -> dict[str, Any]:
    """The attendance when those are away, and everybody else is there."""
    return {f"members/{m}/presence": "absent" if m in members else "present" for m in KEYS}


KEYS = ("m1", "m2", "m3", "m4")


def sheet(space: Space, outcome: str = "obtention", **changes: Any) -> Any:
    held = {m.key for m in space.session().members}
    named = {k.replace("__", "/"): v for k, v in changes.pop("said", {}).items()}
    there = {k: v for k, v in changes.pop("there", {}).items() if k.split("/")[1] in held}
    number = space.numbers()[-1]
    card = {f"candidates/{number}/{name}": value for name, value in changes.items()}
    return space.sheet(outcome, {**there, **card, **named})


def with_jury(space: Space, changes: dict[str, Any]) -> None:
    """The case on the closed agenda of a jury composed so."""
    space.close_agenda(space.open_session(space.numbers()[-1], changes=changes))


def pv_words(space: Space) -> str:
    return words(space.minutes().read_bytes())


# The composition


@pytest.mark.rule("R80")
def test_a_jury_out_of_parity_does_not_open_a_session(as_told: AsTold) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    answers = people.composition(number, space.today) | {"members/3/seat": "titulaire"}
    uneven = space.filled(space.blank("Composition du jury"), answers)
    refused(space, uneven, "R80", "pas paritaire", "Référentiel")
    assert space.office.journal.summaries("session") == []


def test_a_number_that_names_no_member_is_told(as_told: AsTold) -> None:
    space = as_told("complet")
    answers = people.composition(space.numbers()[-1], space.today) | {"agenda/1/recused": "7"}
    wrong = space.filled(space.blank("Composition du jury"), answers)
    refused(space, wrong, "aucun membre n’est inscrit à la ligne 7")


def test_a_member_linked_to_the_candidate_is_told_at_once_and_in_the_agenda(
    as_told: AsTold,
) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    linked = {"members/1/organisation": people.COMPANY, **EMPLOYER_SUBSTITUTE}
    space.open_session(number, changes=linked)
    agenda = space.session().product("ordre-du-jour")
    assert agenda is not None
    text = words(space.office.originals.get(agenda.sha256))
    assert "est l’entreprise du candidat" in text
    assert "à récuser pour ce candidat" in text

    # Nobody has to remember it on the day: the sheet does not let them vote.
    space.close_agenda(space.session().reference)
    there = absent("m3")
    refused(space, sheet(space, there=there), "R77", people.PRESIDENT, "récusez-le")
    settled = sheet(space, there=there, recused="1", votes_for="2")
    assert space.hand_in(settled).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    # The substitute votes in their place, the member named in the composition presides for this
    # candidate, and the president still signs last for the session.
    assert pv.expected == ("m1", "m2", "m4")
    assert pv.president == "m1"
    assert f"Récusation : {people.PRESIDENT} ne siège pas pour ce candidat" in pv_words(space)
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    decision = space.case().decision
    assert decision is not None
    assert decision.decision.recused == ("m1",)


def test_a_member_recused_for_one_candidate_judges_the_other(as_told: AsTold) -> None:
    space = as_told("complet")
    first = space.numbers()[-1]
    second = space.enrol({"candidate/birth_name": "EXEMPLE-SECOND"})
    space.complete(second)
    set_aside = {"agenda/2/recused": "1", **EMPLOYER_SUBSTITUTE}
    space.close_agenda(space.open_session(first, second, changes=set_aside))
    there = {**absent("m3"), f"candidates/{second}/recused": "1"}
    assert space.hand_in(space.sheet(changes=there)).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    recused = {n: space.case(n).decision.decision.recused for n in (first, second)}  # type: ignore[union-attr]
    assert recused == {first: (), second: ("m1",)}
    assert pv_words(space).count("ne siège pas pour ce candidat") == 1
    assert all(space.case(n).parchemin for n in (first, second))


# The day


@pytest.mark.rule("R77")
def test_a_recusal_of_the_day_names_a_line_of_the_attendance(as_told: AsTold) -> None:
    space = as_told("clos")
    refused(space, sheet(space, recused="1, 9"), "aucun membre ne porte le numéro 9", "R77")


def test_a_member_is_absent_and_a_substitute_sits_votes_and_signs(as_told: AsTold) -> None:
    space = as_told("clos")
    assert space.hand_in(sheet(space, there=absent("m2"))).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    assert pv.expected == ("m1", "m3")
    assert set(pv.fields) == {"m1", "m3"}
    text = pv_words(space)
    assert f"{people.MEMBERS[1]} siège à la place de {people.MEMBERS[0]}, absent." in text
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    assert space.case().decision is not None


def test_a_jury_out_of_parity_on_the_day_adjourns_and_says_why(as_told: AsTold) -> None:
    space = as_told("clos")
    alone = absent("m2", "m3")
    for outcome in ("obtention", "refus"):
        refused(
            space,
            sheet(space, outcome, there=alone, motive="Motif.", votes_for="", votes_against=""),
            "R80",
            "pas paritaire",
            "0 membre votant",
        )
    none = {"votes_for": "", "votes_against": "", "abstentions": ""}
    put_off = sheet(space, "ajourne", there=alone, **none)
    assert space.hand_in(put_off).outcome == "accepted"
    assert "Le jury n’est pas paritaire" in pv_words(space)
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    assert "Ajourné" in space.to_do(space.numbers()[-1])


def test_the_president_is_away_and_the_member_named_for_it_presides_and_signs_last(
    as_told: AsTold,
) -> None:
    space = as_told("complet")
    with_jury(space, EMPLOYER_SUBSTITUTE)
    assert space.hand_in(sheet(space, there=absent("m1", "m3"))).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    assert (pv.president, pv.expected) == ("m2", ("m2", "m4"))
    text = pv_words(space)
    assert f"{people.MEMBERS[0]} préside en l’absence de {people.PRESIDENT}." in text
    early = space.signed_minutes(None, "m2")
    refused(space, early, "Aya EXEMPLE-NKEMBE", "en dernier")
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    assert space.case().decision is not None


def test_the_president_is_away_and_nobody_was_named(as_told: AsTold) -> None:
    space = as_told("complet")
    with_jury(space, {**EMPLOYER_SUBSTITUTE, "sitting/deputy": ""})
    for outcome in ("obtention", "ajourne"):
        refused(
            space,
            sheet(space, outcome, there=absent("m1", "m3")),
            "R83",
            "Personne ne préside",
            "composition revue",
            "reportez la séance",
        )


def test_two_members_who_differ_adjourn_where_nobody_has_a_casting_vote(as_told: AsTold) -> None:
    space = as_told("clos")
    tied = {"votes_for": "1", "votes_against": "1"}
    refused(space, sheet(space, **tied), "R83", "ne peut qu’ajourner")
    asked = space.outline_of_the_sheet().questions()
    assert not [q for q in asked if q.name.endswith("casting_vote")]
    assert space.hand_in(sheet(space, "ajourne", **tied)).outcome == "accepted"


@pytest.mark.rule("R84")
def test_a_deliberation_is_not_dated_before_its_session(as_told: AsTold) -> None:
    space = as_told("complet")
    tomorrow = people.fr(space.today.replace(year=space.today.year + 1))
    with_jury(space, {"sitting/day": tomorrow})
    refused(space, sheet(space), "R84", "avant la séance", "avancée")


# What it decides


def test_two_evaluators_differ_and_the_jury_settles_it(as_told: AsTold) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    against = {
        "conclusion/verdict": "non_acquise",
        "conclusion/comment": "La comparaison aux valeurs attendues manque.",
    }
    second = space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY", against)
    assert space.hand_in(second).outcome == "accepted"
    with_jury(space, {})
    card = f"candidates/{number}"
    asked = {q.name: q for q in space.outline_of_the_sheet().questions()}
    assert f"{card}/divergences/BDC1-1/result" in asked
    issued = space.session().issued[-1]
    assert "les évaluateurs ne concluent pas de même" in issued.values[f"{card}/alerts"]

    refused(space, sheet(space), "divergent sur la compétence 1", "coche le résultat")
    held = {
        f"{card}/divergences/BDC1-1/result": "non_acquise",
        f"{card}/divergences/BDC1-1/because": "Le relevé n’est comparé à rien.",
    }
    refused(space, sheet(space, said=held), "R61", "ne peut pas accorder")
    assert space.hand_in(sheet(space, "refus", said=held)).outcome == "accepted"
    text = pv_words(space)
    assert "Divergence sur la compétence 1, tranchée par le jury : non acquise" in text
    assert "Le relevé n’est comparé à rien." in text

    # The refusal, to its end: told, sealed, and no parchemin.
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    case = space.case()
    assert case.decision is not None
    assert case.decision.decision.outcome == "refus"
    assert "Terminé : refus notifié" in space.to_do(number)
    notice = case.product("notification")
    assert notice is not None
    told = words(space.office.originals.get(notice.sha256))
    assert "non acquise, ce que le jury a tranché entre vos évaluateurs" in told
    assert "Le relevé n’est comparé à rien." in told
    assert case.product("parchemin") is None
    assert case.delivery is None


@pytest.mark.rule("R84")
def test_an_organisation_not_in_order_is_explained(as_told: AsTold) -> None:
    space = as_told("clos")
    no = {"conformity__conform": "non"}
    refused(space, sheet(space, said=no), "non conforme", "écrive ce qu’il a relevé")
    said = {**no, "conformity__reserve": "Les modalités ont été fixées après les évaluations."}
    assert space.hand_in(sheet(space, said=said)).outcome == "accepted"
    assert "Le jury ne déclare pas conforme" in pv_words(space)


# The sheet the jury is handed


def test_the_sheet_says_first_what_to_examine_and_leaves_every_decision_blank(
    as_told: AsTold,
) -> None:
    space = as_told("complet")
    with_jury(space, EMPLOYER_SUBSTITUTE)
    number = space.numbers()[-1]
    issued = space.session().sheet
    assert issued is not None
    data = space.office.originals.get(issued.sha256)
    asked = [q.name for q in space.outline_of_the_sheet().questions() if not q.given]
    values = read(data).values
    assert {name: values[name] for name in asked} == {
        name: False if isinstance(values[name], bool) else "" for name in asked
    }
    assert values[f"candidates/{number}/alerts"]
    told = words(data)
    places = [told.index(one) for one in ("À examiner", "Proposition", "Décision du jury")]
    assert places == sorted(places)
