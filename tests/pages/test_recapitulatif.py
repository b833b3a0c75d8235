"""The récapitulatif: a proposal, its flags first, every evaluation and every document shown."""

import re
from dataclasses import replace

import pytest

from tests.pages import samples as s
from tests.pages.drawn import on_agenda, the_recapitulatif
from tests.pages.reading import lines, words


@pytest.mark.rule("R71", "R75")
def test_it_says_that_it_is_a_proposal_and_never_that_anything_was_obtained() -> None:
    text = words(the_recapitulatif(s.case(divided=True)))
    assert "Proposition des évaluateurs — rien n’est acquis avant la décision du jury (R75)" in text
    assert not re.search("obten", text, re.IGNORECASE)


def test_the_flags_stand_before_the_results_each_with_its_rule_and_source() -> None:
    case = s.case(divided=True)
    text = words(the_recapitulatif(case))
    results = text.index("La proposition")
    found = on_agenda(case).findings
    assert len(found) >= 3
    for finding in found:
        assert finding.rule in text[:results]
        assert " ".join(finding.message.split()) in text[:results]
        assert " ".join(finding.source.split()) in text[:results]


def test_nothing_to_examine_is_said() -> None:
    text = words(the_recapitulatif(s.case()))
    assert "Aucune divergence, aucune réserve" in text


def test_every_evaluation_of_a_competence_is_shown_level_with_its_criteria() -> None:
    text = words(the_recapitulatif(s.case(divided=True)))
    row = text[text.index("4. Diagnostiquer") : text.index("5. Assurer")]
    for part in ("Eve ÉTALON", "Bo FICTIF", "5 / 5", "4 / 5", "non acquise", "Divergence"):
        assert part in row
    assert "La cause racine n’a pas été recherchée" in text


def test_the_lines_of_two_evaluations_stand_level() -> None:
    runs = lines(the_recapitulatif(s.case(s.LONG, divided=True), long=True))
    second = next(r for r in runs if r.text.startswith("Bo FICTIF, 12"))
    level = [r.text for r in runs if r.page == second.page and abs(r.bottom - second.bottom) < 4]
    assert "4 / 5" in level
    assert "non acquise" in level


@pytest.mark.rule("R86")
def test_every_competence_and_every_document_is_there() -> None:
    case = s.case(divided=True)
    text = words(the_recapitulatif(case))
    for competence in s.tmp().competences:
        assert f"{competence.number}. {competence.title.split()[0]}" in text
    for document in case.documents:
        assert document.mark in text
        assert document.sha256[:16] in text
        assert document.sha256[:20] not in text
    assert "Signature électronique de Paul MODÈLE, vérifiée, niveau B-B" in text
    assert "Signature manuscrite, sur papier" in text


@pytest.mark.rule("R60", "R69")
def test_a_bloc_is_proposed_once_every_competence_of_it_is() -> None:
    text = words(the_recapitulatif(s.case(divided=True)))
    assert "Bloc BDC1 : proposé acquis, toutes ses compétences y sont évaluées acquises." in text
    assert "Bloc BDC2 : non acquis en l’état (compétence 4)." in text


def test_the_jury_is_not_told_of_an_arrangement() -> None:
    case = replace(s.case(), arrangement="Temps majoré d’un tiers.")
    assert "majoré" not in words(the_recapitulatif(case))


@pytest.mark.rule("R8")
def test_a_provisional_referentiel_is_said_plainly() -> None:
    assert "Référentiel provisoire" in words(the_recapitulatif(s.case(), provisional=True))
    assert "Référentiel provisoire" not in words(the_recapitulatif(s.case()))


def test_a_document_that_does_not_count_says_why() -> None:
    case = s.case()
    first, *others = case.documents
    case = replace(case, documents=(replace(first, standing="replaced"), *others))
    assert "Dossier d’inscription (remplacé)" in words(the_recapitulatif(case))


def test_a_case_without_company_has_no_avis_section() -> None:
    case = s.case()
    kept = tuple(d for d in case.documents if d.form != "avis")
    text = words(the_recapitulatif(replace(case, company=None, documents=kept)))
    assert "Sans entreprise" in text
    assert "L’avis de l’entreprise" not in text
