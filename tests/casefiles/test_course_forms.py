"""What the forms of the other routes refuse by themselves, in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles.answers import FORMS
from casefiles.answers.vocabulary import Scope, _time_spent, duration_words
from casefiles.certification import Certification
from templates.catalog import load
from tests.casefiles import filled

TMROA, OPEA = load("cqp-tmroa"), load("cqpm-opea")


def refusal(form: str, about: Certification, changes: dict[str, Any]) -> str:
    raw = filled.every_form(about)[form] | changes
    reading = filled.read(FORMS[form], Scope(certification=about), raw)
    assert reading.answers is None
    return " ".join(f"{p.where} : {p.message}" for p in reading.problems)


@pytest.mark.rule("R21", "R22", "R23", "R24", "R25", "R26")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"boxes/P1/met": "non"},
            "de la branche AMI » est coché « non »",
        ),
        ({"boxes/P2/number": "199"}, "199 points de coefficient, alors qu’il en faut au moins 200"),
        ({"boxes/P3/number": "4"}, "4 ans, alors qu’il en faut au moins 5"),
        ({"boxes/P3/number": None}, "demande un nombre (ans)"),
        ({"boxes/P4-2/met": "non"}, "français écrit et oral suffisant » est coché « non »"),
        ({"boxes/P5/evidence": None}, "certificat CATEC (intervenant)"),
        ({"conclusion/verdict": "non_valides"}, "demandent un motif"),
    ],
)
def test_prerequisites_are_validated_over_their_boxes_only(
    changes: dict[str, Any], words: str
) -> None:
    assert words in refusal("prerequis", TMROA, changes)


def test_prerequisites_rejected_may_leave_boxes_unmet() -> None:
    no = {
        "boxes/P2/met": "non",
        "boxes/P2/number": None,
        "conclusion/verdict": "non_valides",
        "conclusion/motive": "Coefficient 190.",
    }
    raw = filled.prerequisites(TMROA) | no
    assert filled.read(FORMS["prerequis"], Scope(certification=TMROA), raw).answers is not None


@pytest.mark.rule("R78")
@pytest.mark.parametrize(
    ("form", "changes", "words"),
    [
        ("preparation", {"half_days/J1-1/spent": None}, "une présence demande sa durée"),
        ("preparation", {"half_days/J1-1/spent": "toute la matinée"}, "écrivez des heures"),
        ("preparation", {"half_days/J1-1/spent": "3 h 75"}, "écrivez des heures"),
        ("plenier", {"members/S2/name": "eve  ÉTALON"}, "deux sièges"),
        ("recevabilite", {"statement/sworn": False}, "déclaration sur l’honneur"),
        ("recevabilite", {"experiences/1/end": "31/12/2023"}, "avant d’avoir commencé"),
        ("recevabilite_decision", {"decision/verdict": "non_recevable"}, "demande un motif"),
        ("entretien", {"competences/E1-1/verdict": "non_validee"}, "un mot d’explication"),
        (
            "rapport",
            {f"competences/{c.id.replace('.', '-')}/covered": False for c in TMROA.competences},
            "au moins une compétence",
        ),
    ],
)
def test_a_form_that_does_not_hold_together_says_why(
    form: str, changes: dict[str, Any], words: str
) -> None:
    assert words in refusal(form, TMROA, changes)


# --- the coverage of the evidence ------------------------------------------------------------


@given(st.sets(st.sampled_from([c.id for c in OPEA.competences])))
def test_every_capacity_is_shown_by_a_situation_or_the_bare_ones_are_numbered(
    bare: set[str],
) -> None:
    gone = {f"matrix/{key.replace('.', '-')}/s1": False for key in bare}
    if not bare:
        read = filled.read(FORMS["preuves"], Scope(certification=OPEA), filled.evidence(OPEA))
        assert read.answers is not None
        return
    numbers = ", ".join(str(c.number) for c in OPEA.competences if c.id in bare)
    assert f"aucune situation ne montre : capacité {numbers}." in refusal("preuves", OPEA, gone)


def test_a_situation_ticked_is_a_situation_told() -> None:
    said = refusal("preuves", OPEA, {"matrix/BDC1-C1/s3": True})
    assert "le tableau coche la situation 3, qui n’est pas décrite" in said


def test_only_the_blocs_asked_for_are_to_be_shown() -> None:
    about = Scope(certification=OPEA, blocs=("BDC2",))
    raw = {k: v for k, v in filled.evidence(OPEA).items() if not k.startswith("matrix/BDC1")}
    assert filled.read(FORMS["preuves"], about, raw).answers is not None


# --- durations -------------------------------------------------------------------------------


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_duration_is_read_as_people_write_it(hours: int, minutes: int) -> None:
    for written in (f"{hours} h {minutes:02d}", f"{hours}h{minutes:02d}", f"{hours}:{minutes:02d}"):
        spent = _time_spent(written)
        assert spent.total_seconds() == 60 * (60 * hours + minutes)
        assert _time_spent(str(spent)) == spent
        assert _time_spent(duration_words(spent)) == spent
