"""The rules that live in a certification’s data, held against their sources’ words."""

import pytest

from casefiles.access import RouteName
from casefiles.answers import Avis, Grid, Inscription
from casefiles.answers.inscription import Status
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from casefiles.coherence import contradictions
from templates.catalog import load


@pytest.fixture
def opea() -> Certification:
    return load("cqpm-opea")


@pytest.fixture
def tmroa() -> Certification:
    return load("cqp-tmroa")


@pytest.fixture
def tmp() -> Certification:
    return load("cqpm-tmp")


def labels(form: type, about: Certification) -> str:
    return " ".join(q.label for q in outline(form, Scope(certification=about)).questions())


@pytest.mark.rule("R2")
def test_a_cqpi_is_carried_by_two_branches_at_least() -> None:
    example = load("exemple-cqpi")
    assert example.kind == "CQPI"
    assert example.certifier.other_branches
    alone = example.model_copy(
        update={"certifier": example.certifier.model_copy(update={"other_branches": ()})}
    )
    assert ["R2" in one.reason for one in contradictions(alone)] == [True]


@pytest.mark.rule("R1")
def test_what_several_branches_carry_is_a_cqpi() -> None:
    shared = load("exemple-cqpi").model_copy(update={"kind": "CQP"})
    (found,) = contradictions(shared)
    assert found.path == ("kind",)
    assert "(R1)" in found.reason


@pytest.mark.rule("R3")
def test_the_publics_of_a_cqp_may_all_say_who_they_are() -> None:
    assert {s.value for s in Status} == {"salarie", "interimaire", "jeune", "demandeur_emploi"}


@pytest.mark.rule("R11")
def test_the_tutor_is_asked_for(tmp: Certification) -> None:
    assert "Tuteur" in labels(Inscription, tmp)


@pytest.mark.rule("R48")
def test_the_avis_asks_in_what_quality_its_signatory_gives_it(tmp: Certification) -> None:
    asked = {
        option
        for q in outline(Avis, Scope(certification=tmp)).questions()
        for option in getattr(q, "labels", ()) or [str(o) for o in getattr(q, "options", ())]
    }
    told = " ".join(asked).lower()
    for word in ("tuteur", "hiérarchique", "fonctionnel"):
        assert word in told


@pytest.mark.rule("R14")
def test_the_vae_asks_twelve_months_by_default_and_the_certifier_may_change_it(
    opea: Certification,
) -> None:
    assert opea.vae is not None
    assert opea.vae.minimum_months == 12


@pytest.mark.rule("R64", "R65")
def test_each_route_of_28245_asks_for_its_own_forms(opea: Certification) -> None:
    vae, training = opea.routes[RouteName.VAE], opea.routes[RouteName.FORMATION_CONTINUE]
    assert [str(f) for f in vae.forms] == ["recevabilite", "preuves", "entretien", "recapitulatif"]
    assert {"modalites", "grille", "avis", "recapitulatif"} <= {str(f) for f in training.forms}


@pytest.mark.rule("R26")
def test_the_prerequisites_of_tmroa_are_a_form_of_their_own(tmroa: Certification) -> None:
    forms = {str(f) for f in tmroa.routes[RouteName.FORMATION_CONTINUE].forms}
    assert "prerequis" in forms


@pytest.mark.rule("R72")
def test_the_prior_evaluation_is_a_form_of_tmroa(tmroa: Certification) -> None:
    forms = {str(f) for f in tmroa.routes[RouteName.FORMATION_CONTINUE].forms}
    assert "positionnement" in forms


@pytest.mark.rule("R31", "R32", "R33")
def test_tmroa_crosses_three_modalities_and_three_phases_over_its_interventions(
    tmroa: Certification,
) -> None:
    assert [m.title for m in tmroa.modalities] == [
        "En conditions réelles",
        "Études de cas pratiques",
        "Entretiens techniques",
    ]
    phases = [[c.title.split()[0] for c in b.competences] for b in tmroa.blocs]
    assert phases == [["Préparation", "Intervention", "Repli"]] * 3
    told = " ".join(d for c in tmroa.competences for d in c.domains).lower()
    for word in ("curage", "pompage", "désobstruction"):
        assert word in told


@pytest.mark.rule("R70")
def test_nothing_of_a_grid_is_a_mark_in_figures(tmroa: Certification) -> None:
    asked = outline(Grid, Scope(certification=tmroa, competence="E1.1")).questions()
    judged = [q for q in asked if q.name.split("/")[0] in ("criteria", "results", "conclusion")]
    marks = [q for q in judged if q.name.endswith(("/mark", "/verdict", "/reached"))]
    assert len(marks) == 6
    assert {tuple(o.value for o in q.options) for q in marks} == {
        ("valide", "non_valide", "non_observe"),
        ("acquise", "non_acquise"),
    }
    # What else is written there is words.
    assert {q.name.split("/")[-1] for q in judged if q not in marks} == {"comment"}


@pytest.mark.rule("R36")
def test_the_partners_of_the_experiment_are_named_without_any_person(tmroa: Certification) -> None:
    assert tmroa.training_bodies == (
        "L’École des Métiers (Vaulx-en-Velin)",
        "Conseils Avisés (Norroy-le-Veneur)",
    )


@pytest.mark.rule("R41", "R42", "R43", "R44", "R45")
def test_the_bodies_of_the_cqpm_bear_their_own_names(tmp: Certification) -> None:
    assert "UIMM territoriale" in tmp.exam_centre
    assert "centre de ressources" in tmp.resource_centre
    assert "commission" in tmp.evaluators.name
    assert "paritaire" in tmp.deliberation.name
    assert "groupe technique paritaire" in tmp.certifier.control


@pytest.mark.rule("R46", "R47")
def test_28245_is_signed_in_the_quality_of_its_fiche(opea: Certification) -> None:
    assert opea.certifier.signatory_quality == "Directeur emploi formation de l’UIMM"
    assert "CPNE" in opea.certifier.name


@pytest.mark.rule("R20", "R93")
def test_28245_carries_the_codes_of_its_fiche(opea: Certification) -> None:
    held = opea.registration
    assert held is not None
    assert [one.split()[0] for one in (*held.nsf, *held.rome)] == ["200u", "H2906"]
    assert any("3109" in one for one in held.conventions)
    assert (held.new_caledonia, held.french_polynesia) == (False, False)
    assert "56" in opea.certifier.address
    assert "75017" in opea.certifier.address


@pytest.mark.rule("R84", "R85")
def test_the_jury_of_28245_has_its_three_duties(opea: Certification) -> None:
    assert len(opea.deliberation.duties) == 3


@pytest.mark.rule("R40", "R43")
@pytest.mark.parametrize("code", ["cqpm-tmp", "cqpm-opea"])
def test_a_commission_evaluates_as_the_source_says(code: str) -> None:
    evaluators = load(code).evaluators
    assert evaluators.name == "commission d’évaluation"
    assert "commission d’évaluation" in evaluators.source
