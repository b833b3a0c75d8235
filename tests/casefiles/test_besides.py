"""What a case should hold and nothing waits for: asked of the office, and told to the jury."""

import pytest

from casefiles import events as e
from casefiles.answers import FORMS
from casefiles.answers.vocabulary import Scope
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.next_steps import Step, of_case
from casefiles.rules.besides import besides
from casefiles.rules.completeness import completeness
from casefiles.rules.consistency import consistency
from casefiles.rules.requirements import to_issue
from casefiles.rules.results import proposal
from casefiles.rules.waivers import waiver
from templates.catalog import load
from tests.casefiles import filled
from tests.casefiles.cases import case, filed, opened, papers, prints, product
from tests.casefiles.certifications import registered

TMP, TMROA = load("cqpm-tmp"), load("cqp-tmroa")
# Comme au temps de son enregistrement : aucun délai n’y arrête le dossier.
OPEA = load("cqpm-opea").model_copy(update={"registration": registered().registration})
UNSENT = {"consent/sent": None}


def positioned(about: Certification) -> e.DocumentFiled:
    return filed("positionnement", filled.positioning(about))


def whole(about: Certification, *more: e.Event, sent: bool = True, **entered: object) -> CaseFile:
    """A case that owes nothing, its récapitulatif drawn."""
    held = papers(about, modalities=None if sent else UNSENT)
    events = (opened(about, **entered), *prints(), *prints("positionnement"), *held, *more)
    return case(*events, product("recapitulatif", case(*events).basis))


def told(held: CaseFile, about: Certification) -> list[str]:
    found = consistency(held, about, proposal(held, about))
    lacking = {one.said for one in besides(held, about)}
    assert all(f.status == "alert" and f.source for f in found)
    return [f"{f.rule} {f.message} ({f.source})" for f in found if f.message in lacking]


def asked(held: CaseFile, about: Certification) -> list[Step]:
    """What is asked before the jury, which waits for none of it."""
    steps = of_case(held, about)
    assert steps[-1].key == "jury"
    return list(steps[:-1])


# --- R42 -------------------------------------------------------------------------------------


@pytest.mark.rule("R42", "R49")
def test_the_day_the_modalites_went_to_the_centre_de_ressources_is_asked_then_told() -> None:
    held = whole(TMP, positioned(TMP), sent=False)
    assert completeness(held, TMP) == ()
    (step,) = asked(held, TMP)
    assert (step.key, step.who, step.rule) == ("transmission", "le bureau", "R42")
    assert "UIMM centre de ressources" in step.what
    assert "corriger D-modalites-" in step.what
    (said,) = told(held, TMP)
    assert said.startswith("R42 Le dossier des modalités ne dit pas quand il a été transmis")
    assert "§ 3.2.1 : « dans un dossier qui sera transmis à l’UIMM centre de ressources »" in said


@pytest.mark.rule("R42")
def test_the_office_notes_that_day_afterwards_and_nothing_more_is_said() -> None:
    noted = e.AnswerCorrected(
        document="D-modalites-",
        field="consent/sent",
        where="Accord — Transmis au centre de ressources le",
        before="",
        after="23/02/2026",
        by="le bureau",
        because="transmis ce jour",
    )
    held = whole(TMP, positioned(TMP), noted, sent=False)
    assert asked(held, TMP) == []
    assert told(held, TMP) == []


@pytest.mark.rule("R42")
def test_it_is_not_transmitted_before_it_is_agreed() -> None:
    early = filled.modalities(TMP, {"consent/sent": "19/02/2026"})
    reading = filled.read(FORMS["modalites"], Scope(certification=TMP), early)
    (wrong,) = reading.problems
    assert "avant l’accord du 20/02/2026" in wrong.message


def test_where_no_centre_de_ressources_is_named_none_is_asked_for() -> None:
    held = whole(OPEA, positioned(OPEA), sent=False)
    assert asked(held, OPEA) == []
    assert told(held, OPEA) == []


# --- R72 -------------------------------------------------------------------------------------


@pytest.mark.rule("R72")
@pytest.mark.parametrize("about", [TMP, OPEA], ids=lambda one: one.code)
@pytest.mark.parametrize("route", ["formation_continue", "contrat_professionnalisation"])
def test_a_course_by_formation_has_its_prior_evaluation_and_waits_for_none(
    about: Certification, route: str
) -> None:
    assert "positionnement" in {
        r.form.NAME for r in to_issue(case(opened(about, route=route)), about)
    }
    held = whole(about, route=route)
    assert completeness(held, about) == ()
    (step,) = asked(held, about)
    assert (step.key, step.who, step.rule) == ("positionnement", "le bureau", "R72")
    (said,) = told(held, about)
    assert said.startswith("R72 Le positionnement n’est pas au dossier")
    assert "« Une évaluation préalable »" in said
    there = whole(about, positioned(about), route=route)
    assert (asked(there, about), told(there, about)) == ([], [])


@pytest.mark.rule("R72")
def test_the_office_may_say_why_there_is_no_prior_evaluation() -> None:
    held = whole(TMP)
    found = waiver(held, TMP, "positionnement")
    assert (found.status, found.rule) == ("ok", "R72")
    why = "positionné ailleurs"
    said = e.RequirementWaived(
        form="positionnement", rule="R72", source=found.source, by="le bureau", because=why
    )
    waived = whole(TMP, said)
    assert (asked(waived, TMP), told(waived, TMP)) == ([], [])
    shown = consistency(waived, TMP, proposal(waived, TMP))
    assert [f.rule for f in shown if why in f.message] == ["R72"]


@pytest.mark.parametrize("entered", [{"route": "vae", "company": None}, {"previous": "2025-0007"}])
def test_neither_a_vae_nor_a_later_attempt_is_positioned(entered: dict[str, object]) -> None:
    assert "positionnement" not in {
        r.form.NAME for r in to_issue(case(opened(OPEA, **entered)), OPEA)
    }


@pytest.mark.rule("R27", "R72")
def test_a_test_is_part_of_it_only_where_the_certification_plans_one() -> None:
    without = dict.fromkeys(("test/day", "test/spent", "test/result"))
    form = FORMS["positionnement"]
    plain = filled.read(form, Scope(certification=TMP), filled.positioning(TMP, without))
    assert plain.answers is not None
    asked_for = filled.read(form, Scope(certification=TMROA), filled.positioning(TMROA, without))
    (wrong,) = asked_for.problems
    assert wrong.missing
    assert "comporte un test" in wrong.message


# --- R64 -------------------------------------------------------------------------------------


@pytest.mark.rule("R64")
def test_a_situation_without_a_file_is_said() -> None:
    held = case(opened(OPEA, route="vae", company=None), filed("preuves", filled.evidence(OPEA)))
    (said,) = told(held, OPEA)
    assert said.startswith("R64 Dossier de preuves : aucune pièce n’est jointe à la situation 1.")
