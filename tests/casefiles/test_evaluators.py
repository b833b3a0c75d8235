"""Who evaluated: what entitles them, how many they were, and the links the data show (R76, R77)."""

from typing import Any

import pytest

from casefiles import events as e
from casefiles.rules.evaluators import evaluators
from casefiles.rules.results import proposal
from tests.casefiles import filled
from tests.casefiles.cases import case, complete, filed, grid, opened, prints
from tests.casefiles.certifications import certification, registered

ASKED = {
    "name": "jury d’évaluation",
    "minimum": 1,
    "maximum": 2,
    "years_of_experience": 10,
    "retired_less_than_years": 5,
    "external_trainer": True,
    "independent": True,
    "source": "Foire aux questions",
}
ABOUT = certification(evaluators=ASKED)


def said(*documents: e.DocumentFiled) -> list[str]:
    held = complete(ABOUT, *documents)
    found = list(evaluators(held, ABOUT, proposal(held, ABOUT)))
    assert all(f.status == "alert" and f.source and f.message.endswith(".") for f in found)
    return [f"{f.rule} {f.message}" for f in found]


def by(name: str = "Eve ÉTALON", **about: Any) -> e.DocumentFiled:
    told = {f"evaluator/{key}": value for key, value in about.items()}
    return grid(ABOUT, "B1.1", {"evaluator/name": name, **told})


@pytest.mark.rule("R76")
@pytest.mark.parametrize(
    ("about", "rule"),
    [
        ({"experience": "10"}, ""),
        ({"experience": "10", "profile": "professionnel"}, ""),
        ({"experience": "9", "profile": "professionnel"}, "9 ans de métier, 10 sont demandés"),
        ({"experience": "9", "profile": "retraite", "retired_years": "4"}, ""),
        ({"experience": "30", "profile": "retraite", "retired_years": "5"}, "depuis 5 ans"),
        ({"experience": "30", "profile": "retraite"}, "sans dire depuis quand"),
        ({"experience": "1", "profile": "formateur", "organisation": "École FICTIVE"}, ""),
    ],
)
def test_ten_years_or_retired_under_five_or_a_trainer_from_elsewhere(
    about: dict[str, str], rule: str
) -> None:
    found = said(by(**about))
    assert len(found) == bool(rule)
    assert rule in "".join(found)
    assert all(one.startswith("R76") for one in found)


def entered(**training: str) -> e.DocumentFiled:
    told = {f"training/{k}": v for k, v in training.items() if k != "tutor"}
    tutor = {"company/tutor": training["tutor"]} if "tutor" in training else {}
    return filed("inscription", filled.inscription({**told, **tutor}))


@pytest.mark.rule("R76")
def test_a_trainer_of_the_very_organisation_that_trains_is_not_external() -> None:
    trainer = by(profile="formateur", organisation="ECOLE des Essais")
    (found,) = said(trainer, entered(organisation="École des essais"))
    assert found.startswith("R76")
    assert "l’organisme qui forme le candidat" in found


@pytest.mark.rule("R77")
def test_a_declared_independence_is_contradicted_by_the_same_company() -> None:
    (found,) = said(by(organisation="ateliers fictifs"))
    assert found.startswith("R77")
    assert "se dit sans lien avec le candidat, mais travaille dans l’entreprise" in found


@pytest.mark.rule("R77")
def test_a_declared_independence_is_contradicted_by_the_company_of_before() -> None:
    then = {"company/name": "Ateliers d’avant", "company/contact": "Luc AVANT"}
    before = filed("inscription", filled.inscription(then))
    (found,) = said(by(organisation="Ateliers d’avant"), before)
    assert "travaille dans l’entreprise du candidat à son inscription" in found
    (found,) = said(by("Luc Avant"), before)
    assert "donnait l’avis de son entreprise" in found


@pytest.mark.rule("R77")
def test_a_declared_independence_is_contradicted_by_the_organisation_that_trains() -> None:
    (found,) = said(by(organisation="Ecole des Essais"), entered(organisation="École des essais"))
    assert found.startswith("R77")
    assert "mais travaille dans l’organisme qui forme le candidat" in found


@pytest.mark.rule("R77")
def test_a_declared_independence_is_contradicted_by_the_tutor_or_the_contact() -> None:
    (found,) = said(by("Paul Modèle"))
    assert "donne l’avis de son entreprise" in found
    (found,) = said(by("Tess TUTRICE"), entered(tutor="Tess Tutrice"))
    assert "est son tuteur en entreprise" in found


@pytest.mark.rule("R77")
def test_a_declared_independence_is_contradicted_by_having_prepared_the_candidate() -> None:
    prepared = filed("preparation", filled.preparation(ABOUT))
    (found,) = said(by("Hugo FORMATEUR"), prepared)
    assert found.startswith("R77")
    assert "l’a préparé aux épreuves" in found


@pytest.mark.rule("R77")
@pytest.mark.parametrize("asked", [True, False], ids=["indépendance demandée", "non demandée"])
def test_nobody_evaluates_themselves_whatever_the_certification_asks(asked: bool) -> None:
    about = ABOUT if asked else certification()
    person = complete(about).candidate
    named = f"{person.first_name} {person.birth_name.lower()}"
    held = complete(about, grid(about, "B1.1", {"evaluator/name": named}))
    (found,) = evaluators(held, about, proposal(held, about))
    assert "porte le nom du candidat lui-même" in found.message


def test_a_link_declared_grid_by_grid_is_said_there() -> None:
    (found,) = said(by(independent="non"))
    assert found == "R77 Compétence 1 : Eve ÉTALON déclare un lien avec le candidat."


def test_where_the_certification_asks_no_independence_the_company_may_evaluate() -> None:
    about = certification()
    held = complete(about, grid(about, "B1.1", {"evaluator/name": "Paul MODÈLE"}))
    assert list(evaluators(held, about, proposal(held, about))) == []


@pytest.mark.rule("R76")
def test_heads_are_counted_over_the_whole_epreuve() -> None:
    names = ("Eve ÉTALON", "Rémi SECOND", "Tess TROISIÈME")
    two = [grid(ABOUT, "B1.1", {"evaluator/name": n}, document=f"D-{n}") for n in names[:2]]
    same = grid(ABOUT, "B1.2", {"evaluator/name": "eve etalon"})
    third = grid(ABOUT, "B1.2", {"evaluator/name": names[2]})
    assert said(*two, same) == []
    (found,) = said(*two, third)
    assert "3 évaluateurs, 2 au plus" in found
    assert all(name in found for name in names)


@pytest.mark.rule("R77")
def test_a_member_of_the_commission_who_does_not_declare_independence_is_named() -> None:
    about = registered(evaluators=ASKED)
    told = filled.interview(about, {"members/2/independent": None})
    names = ("recevabilite", "recevabilite_decision", "preuves", "entretien")
    held = case(opened(about, route="vae", company=None), *prints(*names), filed("entretien", told))
    (found,) = evaluators(held, about, proposal(held, about))
    assert found.rule == "R77"
    assert "Rémi SECOND" in found.message
