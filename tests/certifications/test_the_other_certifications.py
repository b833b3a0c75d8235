"""The fiche 28245, the provisional CQP TMROA and the example CQPI, held against their sources."""

import re
from datetime import date

import pytest

from casefiles.certification import Certification, Outcome, Ratio, RouteName
from templates.catalog import codes, load
from tests.certifications.wording import EXCERPTS, excerpt, letters, source_hash, without


@pytest.fixture(scope="module")
def opea() -> Certification:
    return load("cqpm-opea")


@pytest.fixture(scope="module")
def tmroa() -> Certification:
    return load("cqp-tmroa")


@pytest.mark.parametrize("code", ["cqpm-tmp", "cqpm-opea", "cqp-tmroa"])
def test_every_quotation_in_a_source_is_really_in_the_documents(code: str) -> None:
    kept = letters("".join(p.read_text(encoding="utf-8") for p in EXCERPTS.glob("*.txt")))
    written = load(code).canonical().decode()
    sources = re.findall(r'"\w*source":"((?:[^"\\]|\\.)*)"', written)
    quotes = [q for text in sources for q in re.findall(r"«([^«»]*)»", text)]
    titles = {"En 4 étapes"}
    assert len(quotes) > 3
    for quote in quotes:
        assert letters(quote) in kept or quote.strip() in titles, quote


def test_the_kept_excerpts_hold_no_personal_contact() -> None:
    for path in EXCERPTS.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\w@\w|\b0\d( \d\d){4}\b", text), path.name


def test_28245_holds_two_blocs_and_twelve_capacites_worded_as_in_the_fiche(
    opea: Certification,
) -> None:
    assert opea.origin.sha256 == source_hash("003")
    assert [(b.title, len(b.competences)) for b in opea.blocs] == [
        ("Réalisation d’une production sur plusieurs postes", 7),
        ("Contribution à la performance de l’équipe", 5),
    ]
    registration = opea.registration
    assert registration is not None
    texts = [b.title for b in opea.blocs] + [c.title for c in opea.competences]
    texts += [text for m in opea.modalities for text in (m.title, m.text, *m.items)]
    texts += [opea.title, opea.mission, *opea.activities, *opea.deliberation.duties]
    texts += [opea.certifier.name, opea.certifier.signatory_quality, registration.decision]
    texts += [*registration.nsf, *registration.rome, *registration.conventions]
    assert without(excerpt("003"), texts)[1] == []
    for competence in opea.competences:
        assert letters(f"C{competence.number} {competence.title}") in letters(excerpt("003"))


@pytest.mark.rule("R57")
def test_28245_has_no_criteria_and_says_so(opea: Certification) -> None:
    assert not any(c.criteria for c in opea.competences)
    assert "sans les reproduire" in opea.criteria_missing


@pytest.mark.rule("R20", "R93")
def test_28245_was_registered_from_21_april_2017_to_21_april_2022(opea: Certification) -> None:
    registration = opea.registration
    assert registration is not None
    assert (registration.directory, registration.code) == ("RNCP", "28245")
    assert registration.covers(date(2017, 4, 21))
    assert registration.covers(date(2022, 4, 21))
    assert not registration.covers(date(2017, 4, 20))
    assert not registration.covers(date(2022, 4, 22))
    assert registration.decided_on == date(2017, 4, 7)
    assert registration.published_on == date(2017, 4, 21)
    assert registration.created_on == date(2005, 12, 15)
    assert registration.delivered_per_year == 284


@pytest.mark.rule("R9", "R12")
def test_28245_opens_the_three_routes_a_jury_is_given_for(opea: Certification) -> None:
    assert {name for name, route in opea.routes.items() if route.open} == {
        RouteName.FORMATION_CONTINUE,
        RouteName.CONTRAT_PROFESSIONNALISATION,
        RouteName.VAE,
    }
    assert set(opea.routes) == set(RouteName)
    assert all(route.source for route in opea.routes.values())


@pytest.mark.rule("R80", "R81", "R82", "R83")
def test_28245_has_a_casting_vote_five_employers_and_one_vote_per_union(
    opea: Certification,
) -> None:
    employers, unions = opea.deliberation.colleges
    assert opea.deliberation.casting_vote
    assert (employers.maximum, unions.maximum) == (5, None)
    assert employers.temporary_work_seat
    assert unions.temporary_work_seat
    assert (employers.one_vote_per_organisation, unions.one_vote_per_organisation) == (False, True)


@pytest.mark.rule("R16", "R62", "R63", "R88")
def test_28245_attributes_blocs_for_ever(opea: Certification) -> None:
    assert opea.blocs_separately
    assert Outcome.PARTIEL in opea.outcomes
    assert opea.components_valid_months is None
    assert opea.outcome_labels[Outcome.OBTENTION] == "Admissible"


@pytest.mark.rule("R8")
def test_tmroa_is_provisional_and_unregistered(tmroa: Certification) -> None:
    assert tmroa.provisional
    assert tmroa.registration is None
    assert tmroa.level is None
    assert "MAIAGE" in tmroa.origin.note
    assert Outcome.PARTIEL not in tmroa.outcomes
    assert [n for n, route in tmroa.routes.items() if route.open] == [RouteName.FORMATION_CONTINUE]


@pytest.mark.rule("R21", "R22", "R23", "R24", "R25", "R27", "R29", "R30")
def test_tmroa_has_the_five_prerequisites_and_three_steps_of_the_faq(
    tmroa: Certification,
) -> None:
    texts = [p.text for p in tmroa.prerequisites] + [s.text for s in tmroa.steps]
    assert without(excerpt("000"), texts)[1] == []
    assert [one.id for one in tmroa.prerequisites] == ["P1", "P2", "P3", "P4", "P5"]
    assert [one.parts for one in tmroa.prerequisites if one.parts] == [("écrit", "oral")]
    assert [one.evidence for one in tmroa.prerequisites if one.evidence] == [
        "certificat CATEC (intervenant)"
    ]
    assert [(p.minimum, p.unit) for p in tmroa.prerequisites if p.minimum] == [
        (200, "points de coefficient"),
        (5, "ans"),
    ]
    assert [s.id for s in tmroa.steps] == ["positionnement", "preparation", "evaluation"]
    assert [(s.minutes, s.days) for s in tmroa.steps] == [(180, 1), (14 * 60, 2), (10 * 60 + 50, 2)]


@pytest.mark.rule("R68", "R69")
def test_tmroa_asks_four_fifths_of_the_criteria_of_each_competence(tmroa: Certification) -> None:
    assert isinstance(tmroa.threshold, Ratio)
    assert (tmroa.threshold.numerator, tmroa.threshold.denominator) == (4, 5)
    assert tmroa.part == "épreuve"
    assert [len(b.competences) for b in tmroa.blocs] == [3, 3, 3]
    assert {len(c.criteria) for c in tmroa.competences} == {4, 5}
    assert [b.modalities for b in tmroa.blocs] == [("a",), ("b",), ("c",)]


@pytest.mark.rule("R38", "R76", "R78", "R79")
def test_tmroa_has_its_three_juries(tmroa: Certification) -> None:
    evaluators, plenary, final = tmroa.evaluators, tmroa.plenary, tmroa.deliberation
    assert (evaluators.minimum, evaluators.maximum) == (1, 2)
    assert (evaluators.years_of_experience, evaluators.retired_less_than_years) == (10, 5)
    assert plenary is not None
    assert [(s.evaluator, s.president) for s in plenary.seats] == [(True, False), (False, True)]
    assert final.designated_by == "CPNEFP"
    assert [c.maximum for c in final.colleges] == [1, 1]
    assert not final.casting_vote


@pytest.mark.rule("R34", "R92")
def test_tmroa_is_paid_half_by_maiage_until_29_august_2025(tmroa: Certification) -> None:
    assert [(f.percent, f.until) for f in tmroa.financing] == [(50, date(2025, 8, 29)), (50, None)]


@pytest.mark.rule("R7")
def test_the_example_shares_one_bloc_with_the_cqpm_both_ways() -> None:
    example, tmp = load("exemple-cqpi"), load("cqpm-tmp")
    assert example.bloc_shared_with(tmp, "BDC1") == example.bloc("BDC1")
    assert tmp.bloc_shared_with(example, "BDC1") == tmp.bloc("BDC1")
    assert example.bloc_shared_with(tmp, "BDC2") is None
    assert tmp.bloc_shared_with(example, "BDC9") is None
    own = example.bloc("BDC1").model_copy(update={"shared_as": None})
    assert own == tmp.bloc("BDC1")


def test_only_the_example_is_an_example_and_its_title_says_so() -> None:
    examples = [load(code) for code in codes() if load(code).example]
    assert [e.code for e in examples] == ["exemple-cqpi"]
    assert "exemple" in examples[0].title
