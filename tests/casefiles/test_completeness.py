"""What is missing, who owes it, and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.rules.completeness import complete, completeness
from casefiles.rules.finding import Finding
from tests.casefiles.cases import case, filed, grid, opened, papers, prints
from tests.casefiles.cases import complete as whole
from tests.casefiles.certifications import certification, registered
from tests.casefiles.filled import avis

PLAIN = certification()


def owed(*events: e.Event, company: e.Firm | None = None) -> list[tuple[str, str, str]]:
    held = case(opened(PLAIN), *prints(), *events)
    return [(f.form, f.part, f.who) for f in completeness(held, PLAIN)]


def missing(*events: e.Event) -> tuple[Finding, ...]:
    return completeness(case(opened(PLAIN), *prints(), *events), PLAIN)


@pytest.mark.rule("R43", "R49", "R54", "R67")
def test_a_new_case_owes_each_document_by_name_and_by_whom() -> None:
    assert owed() == [
        ("modalites", "", "le centre d’examen et l’entreprise"),
        ("grille", "B1.1", "la commission d’évaluation"),
        ("grille", "B1.2", "la commission d’évaluation"),
        ("grille", "B2.1", "la commission d’évaluation"),
        ("avis", "", "Ateliers Fictifs (Paul MODÈLE)"),
    ]
    for finding in missing():
        assert finding.status == "missing"
        assert finding.rule
        assert finding.source
        assert finding.message.endswith(".")


def test_a_grid_is_named_by_its_number_and_title() -> None:
    assert "La grille de la compétence 2. Savoir-faire d’essai n° 2." in [
        f.message for f in missing()
    ]


def test_with_everything_nothing_is_missing() -> None:
    assert complete(whole(PLAIN), PLAIN)


@pytest.mark.parametrize("place", range(5))
def test_each_document_alone_can_be_what_is_missing(place: int) -> None:
    all_but_one = papers(PLAIN)
    left_out = all_but_one.pop(place)
    (found,) = missing(*all_but_one)
    assert (found.form, found.part) == (left_out.form, left_out.part)


@settings(max_examples=40)
@given(st.permutations(papers(PLAIN)), st.integers(0, 5))
def test_the_order_in_which_documents_come_changes_nothing(
    order: list[e.DocumentFiled], received: int
) -> None:
    some = order[:received]
    usual = [d for d in papers(PLAIN) if d in some]
    assert missing(*some) == missing(*usual)


@pytest.mark.rule("R17", "R40")
def test_only_the_blocs_asked_for_owe_their_grids() -> None:
    some = case(opened(PLAIN, blocs=("B2",)), *prints())
    assert [f.part for f in completeness(some, PLAIN) if f.form == "grille"] == ["B2.1"]


@pytest.mark.rule("R43")
def test_where_two_evaluators_are_asked_one_grid_is_not_enough() -> None:
    about = certification(
        evaluators={"name": "commission", "minimum": 2, "source": "Règlement d’essai"}
    )
    held = case(opened(about), *prints(), *papers(about))
    assert [f.part for f in completeness(held, about)] == ["B1.1", "B1.2", "B2.1"]
    seconds = [
        grid(about, c.id, {"evaluator/name": "Rémi SECOND"}, document=f"D-2-{c.id}")
        for c in about.competences
    ]
    assert complete(case(opened(about), *prints(), *papers(about), *seconds), about)
    nothing = completeness(case(opened(about), *prints()), about)
    assert "(2 évaluateurs)" in nothing[1].message


# --- the avis --------------------------------------------------------------------------------


@pytest.mark.rule("R56")
def test_without_a_company_the_office_says_why_the_avis_is_not_asked() -> None:
    alone = (opened(PLAIN, route="candidature_individuelle", company=None), *prints())
    (found,) = (f for f in completeness(case(*alone), PLAIN) if f.form == "avis")
    assert (found.status, found.who, found.rule) == ("office", "le bureau", "R56")
    waived = e.RequirementWaived(
        form="avis", rule="R56", source="Fiche", by="Mireille", because="Demandeur d’emploi."
    )
    assert not [f for f in completeness(case(*alone, waived), PLAIN) if f.form == "avis"]


@pytest.mark.rule("R19", "R56")
def test_the_avis_is_never_asked_for_in_vae_nor_without_a_company() -> None:
    about = registered()
    routes = about.model_dump(mode="json")["routes"]
    routes["vae"]["company"] = "optional"
    open_to_companies = registered(routes=routes)
    for entered in (
        opened(about, route="vae", company=None),
        opened(about, route="vae"),
        opened(open_to_companies, route="vae"),
        opened(about, route="vae", company=None),
    ):
        held = case(entered, *prints())
        judged = open_to_companies if entered.certification_hash != about.fingerprint else about
        assert not [f for f in completeness(held, judged) if f.form == "avis"]


def test_without_a_named_contact_the_avis_is_still_asked_of_somebody() -> None:
    held = case(opened(PLAIN, company=e.Firm(name="Ateliers Fictifs")), *prints())
    assert completeness(held, PLAIN)[-1].who == "Ateliers Fictifs (le responsable du candidat)"


# --- what waits for the office ---------------------------------------------------------------


def test_an_avis_to_confirm_is_the_offices_business_and_still_missing() -> None:
    waiting = filed(
        "avis", avis(PLAIN), standing="to_confirm", reasons=("Certificat inconnu.",), document="D-9"
    )
    found = missing(*papers(PLAIN)[:-1], waiting)
    assert [(f.status, f.who) for f in found] == [
        ("office", "le bureau"),
        ("missing", "Ateliers Fictifs (Paul MODÈLE)"),
    ]
    assert "Certificat inconnu." in found[0].message
    assert "confirmer D-9" in found[0].message
    confirmed = e.DocumentConfirmed(document="D-9", by="le bureau", because="appelé")
    assert missing(*papers(PLAIN)[:-1], waiting, confirmed) == ()


def test_a_second_different_document_keeps_a_complete_case_waiting() -> None:
    second = filed("avis", avis(PLAIN), standing="to_replace", reasons=("Autre.",), document="D-9")
    (found,) = missing(*papers(PLAIN), second)
    assert "remplacer D-9" in found.message


def test_a_document_that_no_longer_reads_is_never_left_out_in_silence() -> None:
    emptied = e.AnswerCorrected(
        document="D-grille-B1.1",
        field="evaluator/experience",
        where="L’évaluateur — Années de métier",
        before="12",
        after="douze",
        by="le bureau",
        because="erreur",
    )
    (found,) = missing(*papers(PLAIN), emptied)
    assert (found.status, found.form, found.part) == ("office", "grille", "B1.1")
    assert "ne se relit plus" in found.message
