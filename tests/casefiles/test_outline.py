"""A form laid out as questions."""

from datetime import date
from typing import Any

import pytest

from casefiles.answers import FORMS, Avis, Composition, Decisions, Form, Grid, Inscription
from casefiles.answers.outline import Group, Kind, Outline, Question, Table, outline
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from templates.catalog import load
from tests.casefiles.certifications import certification, registered
from tests.casefiles.filled import scope, scope_of

PLAIN = certification()
every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
both = pytest.mark.parametrize(
    "about", [PLAIN, registered(), load("cqpm-tmp")], ids=["simple", "rncp", "tmp"]
)


def question(laid_out: Outline, name: str) -> Question:
    return next(q for q in laid_out.questions() if q.name == name)


def options(laid_out: Outline, name: str) -> list[str]:
    return [o.value for o in question(laid_out, name).options]


@both
@every_form
def test_every_question_has_its_own_name_without_a_dot(
    form: type[Form], about: Certification
) -> None:
    names = [q.name for q in outline(form, scope_of(form, about)).questions()]
    assert names
    assert len(names) == len(set(names))
    assert not [n for n in names if "." in n or not n.strip("/")]


@both
@every_form
def test_every_question_is_asked_in_words(form: type[Form], about: Certification) -> None:
    for asked in outline(form, scope_of(form, about)).questions():
        assert asked.label.strip(), asked.name
        assert 1 <= asked.columns <= 12
        assert asked.lines >= 1
        assert all(o.label.strip() for o in asked.options)
        assert bool(asked.options) == (asked.kind is Kind.ONE_OF)


@every_form
def test_a_form_says_who_fills_it_and_its_signature_spots_are_no_questions(
    form: type[Form],
) -> None:
    about = scope_of(form, PLAIN)
    names = {q.name for q in outline(form, about).questions()}
    assert form.CODE
    assert form.TITLE
    assert form.FILLER
    spots = [spot.name for spot in form.signatures(about)]
    assert len(spots) == len(set(spots))
    assert not names & set(spots)


def test_required_is_what_the_model_has_no_default_for() -> None:
    laid_out = outline(Inscription, scope(PLAIN))
    assert question(laid_out, "candidate/birth_name").required
    assert not question(laid_out, "candidate/usage_name").required
    assert question(laid_out, "agreement/exact").required
    company = next(b for b in laid_out.blocks if isinstance(b, Group) and b.key == "company")
    assert not company.required


def test_a_blank_line_requires_nothing() -> None:
    laid_out = outline(Composition, scope(PLAIN))
    tables = [b for b in laid_out.blocks if isinstance(b, Table)]
    assert [len(t.rows) for t in tables] == [16, 20]
    assert not [c for t in tables for row in t.rows for c in row.cells if c.required]


def test_a_grid_shows_every_criterion_and_result_of_its_competence_under_its_heading() -> None:
    laid_out = outline(Grid, scope(PLAIN, "B1.2"))
    criteria = next(b for b in laid_out.blocks if isinstance(b, Table) and b.name == "criteria")
    assert [row.row.key for row in criteria.rows] == ["B1.2.K1", "B1.2.K2", "B1.2.K3", "B1.2.K4"]
    assert next(row.row.group for row in criteria.rows) == "En matière de méthodes utilisées"
    assert criteria.rows[0].row.items == ("premier tiret", "second tiret")
    assert question(laid_out, "criteria/B1-2-K1/mark").required
    assert list(options(laid_out, "criteria/B1-2-K1/mark")) == [
        "valide",
        "non_valide",
        "non_observe",
    ]


def test_only_what_the_certification_offers_is_printed() -> None:
    sheet = outline(Decisions, scope(PLAIN))
    assert "partiel" not in options(sheet, "candidates/2026-0001/outcome")
    assert "partiel" in options(
        outline(Decisions, scope(registered())), "candidates/2026-0001/outcome"
    )
    assert options(outline(Inscription, scope(PLAIN)), "wish/route") == [
        "formation_continue",
        "candidature_individuelle",
    ]


def test_a_modality_the_referentiel_does_not_foresee_is_neither_planned_nor_graded() -> None:
    kept = [m for m in PLAIN.model_dump(mode="json")["modalities"] if m["id"] != "c"]
    about = certification(modalities=kept)
    assert options(outline(Grid, scope(about, "B1.1")), "setting/modality") == ["a", "b"]
    assert options(outline(FORMS["modalites"], scope(about)), "blocs/B1/modality") == ["a", "b"]


def test_a_scope_of_some_blocs_asks_of_no_other() -> None:
    names = [q.name for q in outline(Avis, scope(PLAIN, "", "B2")).questions()]
    assert "competences/B2-1/opinion" in names
    assert not [n for n in names if n.startswith("competences/B1")]


def test_a_session_lists_its_own_members_and_candidates() -> None:
    names = [q.name for q in outline(Decisions, scope(PLAIN)).questions()]
    assert "members/m1/presence" in names
    assert "candidates/2026-0002/motive" in names
    bare = [q.name for q in outline(Decisions, Scope(certification=PLAIN)).questions()]
    assert not [n for n in bare if n.startswith(("members/", "candidates/"))]


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Autre titre"},
        {"version": "2"},
    ],
)
def test_the_fingerprint_of_a_form_is_that_of_its_questions_alone(changed: dict[str, Any]) -> None:
    about = certification(**changed)
    assert (
        outline(Grid, scope(about, "B1.1")).fingerprint
        == outline(Grid, scope(PLAIN, "B1.1")).fingerprint
    )
    assert (
        outline(Grid, scope(about, "B1.2")).fingerprint
        != outline(Grid, scope(PLAIN, "B1.1")).fingerprint
    )


def test_the_grids_of_the_shipped_cqpm_ask_its_forty_criteria() -> None:
    about = load("cqpm-tmp")
    marks = [
        q.name
        for one in about.competences
        for q in outline(Grid, scope(about, one.id)).questions()
        if q.name.startswith("criteria/") and q.name.endswith("/mark")
    ]
    assert len(about.competences) == 8
    assert len(marks) == len(set(marks)) == 40


@pytest.mark.rule("R92")
def test_the_inscription_asks_how_the_course_is_paid() -> None:
    (asked,) = (
        q for q in outline(Inscription, scope(PLAIN)).questions() if q.name == "training/financing"
    )
    assert asked.label == "Financement"


def test_a_form_calls_what_is_judged_as_the_certification_does() -> None:
    about = scope_of(Grid, load("cqpm-opea"))
    laid_out = outline(Grid, about)
    told = [o.label for o in question(laid_out, "conclusion/verdict").options]
    assert told == ["Capacité acquise", "Capacité non acquise"]
    assert laid_out.intro == "Une grille par capacité et par évaluateur."
    inscription = outline(Inscription, Scope(certification=load("cqpm-opea")))
    assert "Bloc de compétences" in repr(inscription)  # the law’s own words
    plain = outline(Grid, scope_of(Grid, load("cqpm-tmp")))
    assert question(plain, "conclusion/verdict").options[0].label == "Compétence acquise"


def test_a_refusal_calls_what_is_judged_as_the_certification_does() -> None:
    about = scope_of(Grid, load("cqpm-opea"))
    read = accept(Grid, about, {"conclusion/verdict": "non_acquise"}, today=date(2021, 6, 1))
    told = [p.message for p in read.problems if p.field.startswith("conclusion")]
    assert "une capacité non acquise demande un motif, pour le candidat et le jury." in told
