"""The CQPM Technicien(ne) de maintenance productive says what its référentiel says, all of it."""

import re

import pytest

from casefiles.certification import Certification, Heading, Judgment, Outcome, RouteName
from templates.catalog import load
from tests.certifications.wording import excerpt, letters, source_hash, without

TITLES = (
    "Mesurer et analyser les paramètres techniques et/ou indicateurs d’efficacité des équipements "
    "d’un process de fabrication",
    "Évaluer les risques et impacts liés à la dérive d’un équipement (qualité, sécurité, "
    "productivité, environnement)",
    "Mettre en œuvre une procédure d’alerte et de sauvegarde",
    "Diagnostiquer (la) les causes d’une dérive ou d’un dysfonctionnement d’un ou plusieur(s) "
    "équipement(s)",
    "Assurer le maintien des conditions opérationnelles d’un équipement",
    "Assister techniquement les équipes de production",
    "Définir et mettre en œuvre une/des solutions d’amélioration de maintenance",
    "Assurer la traçabilité des actions de maintenance",
)

# compétence: conditions, critères (M, Mo, L, C), tirets des critères, résultats, leurs tirets
COUNTS = {
    "BDC1.1": (5, (1, 1, 1, 2), 6, 3, 0),
    "BDC1.2": (5, (1, 1, 1, 1), 2, 2, 3),
    "BDC1.3": (6, (1, 1, 2, 2), 2, 2, 2),
    "BDC2.1": (6, (1, 1, 1, 2), 6, 1, 0),
    "BDC2.2": (6, (1, 1, 1, 1), 4, 1, 2),
    "BDC2.3": (5, (1, 2, 1, 1), 0, 3, 0),
    "BDC3.1": (6, (2, 1, 1, 2), 3, 3, 5),
    "BDC3.2": (2, (2, 1, 1, 1), 4, 2, 3),
}

LETTER = {
    Heading.METHODES: "M",
    Heading.MOYENS: "Mo",
    Heading.LIENS: "L",
    Heading.CONTRAINTES: "C",
}


@pytest.fixture(scope="module")
def tmp() -> Certification:
    return load("cqpm-tmp")


def _between(start: str, end: str | None) -> str:
    official = excerpt("001")
    begin = official.index(start)
    return official[begin : official.index(end, begin) if end else None]


def test_it_names_the_document_it_was_written_from(tmp: Certification) -> None:
    assert tmp.origin.sha256 == source_hash("001")
    assert letters(f"Titre du CQPM : {tmp.title}") in letters(excerpt("001"))
    assert tmp.name == "CQPM Technicien(ne) de maintenance productive"


def test_its_three_blocs_hold_eight_competences_under_their_official_titles(
    tmp: Certification,
) -> None:
    assert [b.title for b in tmp.blocs] == [
        "La surveillance et suivi des équipements du process",
        "Le maintien et remise à niveau des fonctions de service des équipements",
        "L’amélioration de la maintenance",
    ]
    assert [c.title for c in tmp.competences] == list(TITLES)
    assert [c.number for c in tmp.competences] == list(range(1, 9))
    assert [len(b.competences) for b in tmp.blocs] == [3, 3, 2]
    assert [len(b.knowledge) for b in tmp.blocs] == [6, 1, 3]


def test_every_competence_has_the_conditions_criteria_and_results_of_the_table(
    tmp: Certification,
) -> None:
    for competence in tmp.competences:
        headings = [c.heading for c in competence.criteria]
        found = (
            len(competence.conditions),
            tuple(headings.count(h) for h in Heading),
            sum(len(c.items) for c in competence.criteria),
            len(competence.results),
            sum(len(r.items) for r in competence.results),
        )
        assert found == COUNTS[competence.id], competence.id


def test_the_totals_are_41_conditions_40_criteria_27_dashes_and_17_results(
    tmp: Certification,
) -> None:
    criteria = [c for one in tmp.competences for c in one.criteria]
    assert sum(len(c.conditions) for c in tmp.competences) == 41
    assert len(criteria) == 40
    assert sum(len(c.items) for c in criteria) == 27
    assert sum(len(c.results) for c in tmp.competences) == 17


def test_identifiers_tell_competence_heading_and_rank(tmp: Certification) -> None:
    for competence in tmp.competences:
        ranks = dict.fromkeys(Heading, 0)
        for criterion in competence.criteria:
            ranks[criterion.heading] += 1
            letter, rank = LETTER[criterion.heading], ranks[criterion.heading]
            assert criterion.id == f"{competence.id}.{letter}{rank}"
        expected = [f"{competence.id}.R{n + 1}" for n in range(len(competence.results))]
        assert [r.id for r in competence.results] == expected


def test_its_words_are_the_official_ones_and_none_of_the_table_is_forgotten(
    tmp: Certification,
) -> None:
    texts = [c.title for c in tmp.competences]
    for competence in tmp.competences:
        texts += competence.conditions
        for criterion in competence.criteria:
            texts += (criterion.text, *criterion.items)
        for result in competence.results:
            texts += (result.text, *result.items)
    remaining, missing = without(_between("3.1. Conditions", "3.2. MODALITES"), texts)
    assert missing == []
    furniture = (
        "3.1. Conditions de réalisation et d’évaluation des compétences professionnelles selon les "
        "critères mesurables, observables et les résultats attendus.",
        "Compétences professionnelles Conditions de réalisation Critères mesurables et observables "
        "Résultats attendus",
        *(h.label for h in Heading),
    )
    for words in furniture:
        remaining = remaining.replace(letters(words), "|")
    assert re.sub(r"\|+", "", remaining) == "12345678"  # le numéro de chaque compétence


@pytest.mark.rule("R50", "R51", "R53", "R54")
def test_knowledge_mission_and_modalities_are_worded_as_in_the_referentiel(
    tmp: Certification,
) -> None:
    knowledge = [text for bloc in tmp.blocs for text in (bloc.title, *bloc.knowledge)]
    assert without(_between("2. REFERENTIEL", "3. REFERENTIEL"), knowledge)[1] == []
    mission = _between("1.1. Mission", "2. REFERENTIEL").replace("productive1", "productive")
    assert without(mission, (tmp.mission, *tmp.activities))[1] == []
    modalities = [text for m in tmp.modalities for text in (m.title, m.text, *m.items)]
    assert without(_between("B) Définition", "4. CONDITIONS"), modalities)[1] == []


def test_the_words_the_extraction_cut_are_whole_again(tmp: Certification) -> None:
    text = tmp.canonical().decode()
    assert "dysfonctionnement" in text
    assert "dysfonctionneme nt" not in text
    assert not re.search(r" [:;?!»]|« ", text), "une espace insécable manque"
    assert "'" not in text


@pytest.mark.rule("R66")
def test_two_automated_machines_for_the_first_competence_and_one_for_the_fourth(
    tmp: Certification,
) -> None:
    minima = {c.number: c.minimum for c in tmp.competences if c.minimum}
    assert {n: (m.count, m.of) for n, m in minima.items()} == {
        1: (2, "équipements automatisés"),
        4: (1, "équipement automatisé"),
    }
    assert tmp.competence("BDC3.1").domains == (
        "Fiabilité",
        "Maintenabilité",
        "Disponibilité",
        "Sécurité",
        "Méthodes et organisation de maintenance",
    )


@pytest.mark.rule("R13", "R62")
def test_unregistered_it_opens_no_vae_and_gives_no_part(tmp: Certification) -> None:
    assert tmp.registration is None
    assert not tmp.routes[RouteName.VAE].open
    assert set(tmp.routes) == set(RouteName)
    assert Outcome.PARTIEL not in tmp.outcomes
    assert not tmp.blocs_separately
    assert isinstance(tmp.threshold, Judgment)
    assert (tmp.deliberation.parity, tmp.deliberation.casting_vote) == (True, False)


@pytest.mark.rule("R65", "R86")
def test_formation_continue_asks_for_modalities_grids_avis_and_recapitulatif(
    tmp: Certification,
) -> None:
    route = tmp.routes[RouteName.FORMATION_CONTINUE]
    assert route.open
    assert route.forms == ("modalites", "rapport", "grille", "avis", "recapitulatif")


@pytest.mark.rule("R50", "R55", "R56")
def test_a_bloc_needs_one_evaluation_and_the_avis_except_by_vae(tmp: Certification) -> None:
    work, vae = RouteName.FORMATION_CONTINUE, RouteName.VAE
    assert tmp.modality_gaps({"b", "d"}, work) == ()
    assert tmp.modality_gaps({"a", "b", "c"}, work) == (("d",),)
    assert tmp.modality_gaps({"d"}, work) == (("a", "b", "c"),)
    assert tmp.modality_gaps({"a"}, vae) == ()
    assert tmp.modality_gaps(set(), vae) == (("a", "b", "c"),)
    assert [m.id for m in tmp.modalities if m.exceptional] == ["c"]
