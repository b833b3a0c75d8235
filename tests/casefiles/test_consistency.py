"""What the jury is shown first."""

from typing import Any

import pytest

from casefiles import events as e
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.rules.consistency import consistency
from casefiles.rules.finding import Finding
from casefiles.rules.results import proposal
from templates.catalog import load
from tests.casefiles.cases import case, complete, filed, grid, opened, papers, prints, rules
from tests.casefiles.certifications import certification, registered, with_ratio
from tests.casefiles.filled import avis, modalities

PLAIN = certification()
REFUSED = {"conclusion/verdict": "non_acquise", "conclusion/comment": "Consignation oubliée."}


def alerts(held: CaseFile, about: Certification = PLAIN) -> tuple[Finding, ...]:
    found = consistency(held, about, proposal(held, about))
    assert all(f.source and f.message.endswith((".", ")")) for f in found)
    assert {f.status for f in found} <= {"alert"}
    return found


def only(held: CaseFile, about: Certification = PLAIN) -> Finding:
    (one,) = alerts(held, about)
    return one


def with_minimum() -> Certification:
    data = PLAIN.model_dump(mode="json")
    data["blocs"][0]["competences"][0]["minimum"] = {
        "count": 2,
        "of": "équipements automatisés",
        "source": "Référentiel d’essai, § 3.1",
    }
    return certification(blocs=data["blocs"])


def test_a_case_in_order_raises_nothing() -> None:
    assert alerts(complete(PLAIN)) == ()


# --- evaluators ------------------------------------------------------------------------------


def test_evaluators_who_differ_are_named_and_the_jury_decides() -> None:
    unmet = REFUSED | {"evaluator/name": "Rémi SECOND", "criteria/B1-2-K1/mark": "non_valide"}
    second = grid(PLAIN, "B1.2", unmet, document="D-2")
    found = only(complete(PLAIN, grid(PLAIN, "B1.2"), second))
    assert found.rule == "DIVERGENCE"
    assert "Eve ÉTALON, Rémi SECOND" in found.message
    assert "Compétence 2" in found.message


@pytest.mark.rule("R77")
def test_an_evaluator_with_a_link_is_said() -> None:
    held = complete(PLAIN, grid(PLAIN, "B1.1", {"evaluator/independent": "non"}))
    assert only(held).rule == "R77"


@pytest.mark.rule("R76")
def test_an_evaluator_short_of_years_and_one_too_many_are_said() -> None:
    asked = {
        "name": "jury d’évaluation",
        "maximum": 1,
        "years_of_experience": 10,
        "source": "Règlement d’essai",
    }
    about = certification(evaluators=asked)
    young = grid(about, "B1.1", {"evaluator/experience": "9"})
    assert "9 ans de métier, 10 sont demandés" in only(complete(about, young), about).message
    second = grid(about, "B1.1", {"evaluator/name": "Rémi SECOND"}, document="D-2")
    found = only(complete(about, grid(about, "B1.1"), second), about)
    assert "2 évaluateurs, 1 au plus" in found.message
    assert found.source == "Règlement d’essai"


# --- a conclusion against its own marks ------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"criteria/B1-1-K1/mark": "non_valide"}, "1 critère n’est pas validé"),
        (
            {"criteria/B1-1-K1/mark": "non_valide", "criteria/B1-1-K2/mark": "non_valide"},
            "2 critères ne sont pas validés",
        ),
        ({"criteria/B1-1-K1/mark": "non_observe"}, "1 critère n’a pas été observé"),
        (
            {f"criteria/B1-1-K{n}/mark": "non_observe" for n in (1, 2, 3, 4)},
            "4 critères n’ont pas été observés",
        ),
        ({"results/B1-1-R1/reached": "non"}, "des résultats attendus ne sont pas atteints"),
        (REFUSED, "tous ses critères sont validés"),
    ],
)
@pytest.mark.rule("R61")
def test_a_judgment_that_its_own_marks_do_not_bear_out_is_said(
    changes: dict[str, str], said: str
) -> None:
    held = complete(PLAIN, grid(PLAIN, "B1.1", changes))
    found = next(f for f in alerts(held) if f.rule == "R61")
    assert said in found.message
    assert "Eve ÉTALON" in found.message


def test_a_refusal_with_a_criterion_not_met_needs_no_remark() -> None:
    held = complete(PLAIN, grid(PLAIN, "B1.1", REFUSED | {"criteria/B1-1-K1/mark": "non_valide"}))
    assert rules(alerts(held)) == ["R54"]  # the avis alone disagrees


@pytest.mark.rule("R68")
@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        ({}, REFUSED),
        ({f"criteria/B1-1-K{n}/mark": "non_valide" for n in (1, 2)}, {}),
    ],
)
def test_where_a_ratio_decides_an_evaluator_who_concluded_otherwise_is_said(
    marks: dict[str, str], verdict: dict[str, str]
) -> None:
    about = with_ratio()
    held = complete(about, grid(about, "B1.1", marks | verdict))
    found = next(f for f in alerts(held, about) if f.rule == "R68")
    assert "le seuil prévaut" in found.message


# --- the référentiel’s conditions ------------------------------------------------------------


@pytest.mark.parametrize(("count", "said"), [("1", "en indique 1"), (None, "en indique aucun")])
@pytest.mark.rule("R66")
def test_fewer_equipments_than_the_referentiel_demands_are_said(
    count: str | None, said: str
) -> None:
    about = with_minimum()
    found = only(complete(about, grid(about, "B1.1", {"setting/equipment_count": count})), about)
    assert found.rule == "R66"
    assert said in found.message
    assert found.source == "Référentiel d’essai, § 3.1"


@pytest.mark.rule("R33", "R66")
@pytest.mark.parametrize(("named", "said"), [("curage", 0), ("Débarras", 1), (None, 1)])
def test_an_evaluation_names_the_intervention_it_bore_on_among_those_of_the_certification(
    named: str | None, said: int
) -> None:
    about = load("cqp-tmroa")
    held = case(opened(about), grid(about, "E1.1", {"setting/domain": named}))
    found = [f for f in alerts(held, about) if f.rule == "R66"]
    assert len(found) == said
    assert all("curage, pompage, désobstruction de canalisation" in f.message for f in found)


@pytest.mark.rule("R51")
def test_a_real_situation_names_where_the_candidate_was_seen() -> None:
    about = certification()
    unseen = grid(about, "B1.1", {"setting/modality": "a", "setting/equipment": None})
    found = only(complete(about, unseen), about)
    assert found.rule == "R51"
    assert "évaluée en situation réelle, sans que la grille nomme le poste" in found.message


def test_enough_equipments_raise_nothing() -> None:
    about = with_minimum()
    assert alerts(complete(about), about) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"setting/modality": "b"}, "selon la modalité b"),
        ({"setting/day": "01/03/2026"}, "hors de la période prévue"),
        ({"setting/day": "01/04/2026"}, "hors de la période prévue"),
    ],
)
@pytest.mark.rule("R49")
def test_an_evaluation_other_than_planned_is_said(changes: dict[str, str], said: str) -> None:
    found = only(complete(PLAIN, grid(PLAIN, "B1.1", changes)))
    assert found.rule == "R49"
    assert said in found.message


@pytest.mark.rule("R49")
@pytest.mark.parametrize("day", ["02/03/2026", "31/03/2026"])
def test_the_first_and_the_last_day_of_the_period_are_within(day: str) -> None:
    assert alerts(complete(PLAIN, grid(PLAIN, "B1.1", {"setting/day": day}))) == ()


@pytest.mark.rule("R49")
def test_an_evaluation_before_the_modalities_were_agreed_is_said() -> None:
    late = filed("modalites", modalities(PLAIN, {"consent/day": "13/03/2026"}))
    found = alerts(complete(PLAIN, late))
    assert len(found) == 3
    assert all("avant l’accord sur les modalités (13/03/2026)" in f.message for f in found)


@pytest.mark.rule("R50")
def test_the_exceptional_modality_is_shown_with_its_justification() -> None:
    planned = modalities(
        PLAIN, {"blocs/B2/modality": "c", "blocs/B2/justification": "Ligne arrêtée."}
    )
    held = complete(
        PLAIN, filed("modalites", planned), grid(PLAIN, "B2.1", {"setting/modality": "c"})
    )
    found = only(held)
    assert found.rule == "R50"
    assert "Ligne arrêtée." in found.message


def ruled(**changes: Any) -> Certification:
    rule = {"modality_rule": [["a", "b", "c"], ["d"]], "modality_rule_source": "Fiche d’essai"}
    return certification(**(rule | changes))


@pytest.mark.rule("R54", "R55")
def test_a_bloc_without_the_companys_avis_is_said_where_the_rule_asks_for_one() -> None:
    about = ruled()
    assert alerts(complete(about), about) == ()
    alone = case(opened(about, company=None, route="candidature_individuelle"), *papers(about)[:-1])
    found = alerts(alone, about)
    assert rules(found) == ["R55", "R55"]
    assert "« Avis de l’entreprise »" in found[0].message
    assert found[0].source == "Fiche d’essai"


@pytest.mark.rule("R56")
def test_the_vae_is_excepted_from_the_companys_avis() -> None:
    plain = registered().model_dump(mode="json")
    plain["modalities"][3]["except_routes"] = ["vae"]
    about = registered(modality_rule=[["a", "b", "c"], ["d"]], modalities=plain["modalities"])
    assert alerts(case(opened(about, company=None, route="vae"), *papers(about)[:-1]), about) == ()


@pytest.mark.rule("R55")
def test_a_modality_not_foreseen_for_that_bloc_is_said() -> None:
    data = PLAIN.model_dump(mode="json")
    data["blocs"][1]["modalities"] = ["b"]
    about = certification(blocs=data["blocs"])
    assert "n’est pas prévue pour ce bloc" in only(complete(about), about).message


# --- the company’s avis ----------------------------------------------------------------------


@pytest.mark.rule("R54")
def test_an_unfavourable_opinion_over_an_acquired_competence_is_said() -> None:
    raw = avis(
        PLAIN,
        {"competences/B1-2/opinion": "defavorable", "competences/B1-2/comment": "Hésitant."},
    )
    found = only(complete(PLAIN, filed("avis", raw)))
    assert found.rule == "R54"
    assert "Compétence 2 : évaluée acquise" in found.message


def test_an_unfavourable_opinion_over_a_divergence_is_said_too() -> None:
    raw = avis(
        PLAIN,
        {"competences/B1-2/opinion": "defavorable", "competences/B1-2/comment": "Hésitant."},
    )
    second = grid(PLAIN, "B1.2", REFUSED | {"evaluator/name": "Rémi SECOND"}, document="D-2")
    held = complete(PLAIN, filed("avis", raw), grid(PLAIN, "B1.2"), second)
    assert "R54" in rules(alerts(held))


@pytest.mark.rule("R54")
def test_a_favourable_opinion_over_a_refused_competence_is_said() -> None:
    changes = REFUSED | {"criteria/B1-1-K1/mark": "non_valide"}
    assert only(complete(PLAIN, grid(PLAIN, "B1.1", changes))).rule == "R54"


def test_what_the_company_did_not_see_raises_nothing() -> None:
    raw = avis(PLAIN, {"competences/B1-2/opinion": "non_observe"})
    assert alerts(complete(PLAIN, filed("avis", raw))) == ()


@pytest.mark.rule("R54")
def test_an_unfavourable_avis_as_a_whole_is_said() -> None:
    raw = avis(PLAIN, {"conclusion/overall": "defavorable"})
    assert "L’avis d’ensemble" in only(complete(PLAIN, filed("avis", raw))).message


# --- what stands behind the documents --------------------------------------------------------


def test_paper_stays_labelled_as_paper() -> None:
    paper = filed("avis", avis(PLAIN), proof=e.Proof(kind="paper"))
    assert "signé sur papier" in only(complete(PLAIN, paper)).message


def test_what_the_office_confirmed_or_corrected_is_said_for_ever() -> None:
    unknown = filed("avis", avis(PLAIN), standing="to_confirm", reasons=("Certificat inconnu.",))
    events: list[e.Event] = [
        opened(PLAIN),
        *prints(),
        *papers(PLAIN)[:-1],
        unknown,
        e.DocumentConfirmed(document="D-avis-", by="le bureau", because="appelé"),
        e.AnswerCorrected(
            document="D-modalites-",
            field="consent/partner",
            where="Accord — Pour l’entreprise, ou le candidat",
            before="Paul MODÈLE",
            after="Paule MODÈLE",
            by="le bureau",
            because="faute de frappe",
        ),
    ]
    found = alerts(case(*events))
    assert rules(found) == ["CORRECTION", "PREUVE"]
    assert "Certificat inconnu." in found[1].message
    assert "Pour l’entreprise, ou le candidat" in found[0].message
