"""What a corrected copy keeps and what it asks anew, for every form of a case and any answers."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casefiles.answers import FORMS, Form
from casefiles.answers.outline import Kind, Question, outline
from casefiles.answers.reading import accept
from casefiles.rules.requirements import CASE_FORMS
from forms.read import read
from forms.render import make
from forms.returns.geometry import layout_of
from tests.casefiles.certifications import registered
from tests.casefiles.filled import every_form, scope_of
from tests.forms import samples
from watch.reception.correcting import PartReturned, carried_over, problem_line

TODAY = date(2026, 7, 1)
ABOUT = registered()
WRONG = "31/02/2026"
DECLARED = re.compile(r"sworn|consent|independent|agree|attest|honneur|sans lien", re.IGNORECASE)
every_case_form = pytest.mark.parametrize(
    "form", [FORMS[name] for name in CASE_FORMS], ids=list(CASE_FORMS)
)


def written(question: Question) -> st.SearchStrategy[Any]:
    """Anything a person may leave there: nothing, what is right, what cannot be."""
    if question.kind is Kind.DATE:
        return st.sampled_from(["", "03/04/2026", WRONG])
    if question.kind is Kind.TICK:
        return st.booleans()
    if question.kind is Kind.ONE_OF:
        return st.sampled_from(["", *(o.value for o in question.options)])
    return st.sampled_from(["", "Atelier 2", "12", "x" * 2500])


@st.composite
def came_back(draw: st.DrawFn, form: type[Form]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what was printed, what came back)."""
    laid_out = outline(form, scope_of(form, ABOUT))
    right = every_form(ABOUT)[form.NAME]
    printed = {q.name: "Imprimé" for q in laid_out.questions()}  # as by an earlier corrected copy
    values = dict(right)
    for question in laid_out.questions():
        if question.given:
            values[question.name] = "Imprimé"
        elif draw(st.booleans()):
            values[question.name] = draw(written(question))
    return printed, values


def part_of(form: type[Form], values: dict[str, Any]) -> PartReturned:
    reading = accept(form, scope_of(form, ABOUT), values, today=TODAY)
    return PartReturned(part="", values=values, problems=reading.problems)


@every_case_form
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_good_answers_are_kept_and_nothing_else(form: type[Form], data: st.DataObject) -> None:
    printed, values = data.draw(came_back(form))
    part = part_of(form, values)
    laid_out = outline(form, scope_of(form, ABOUT))
    kept = carried_over(laid_out, printed, part)
    refused = {p.field for p in part.problems}
    asked = {q.name: q for q in laid_out.questions()}
    assert kept.keys() <= asked.keys()
    for name, question in asked.items():
        wrong = any(name == r or name.startswith(f"{r}/") for r in refused)
        if question.given:
            assert kept[name] == printed[name]
        elif question.kind is Kind.DATE or question.anew or wrong or not values.get(name):
            assert name not in kept
        else:
            assert kept[name] == values[name]


@every_case_form
def test_whatever_declares_or_consents_is_asked_anew(form: type[Form]) -> None:
    for question in outline(form, scope_of(form, ABOUT)).questions():
        said = f"{question.name} {question.label}"
        if DECLARED.search(said) and question.kind is not Kind.DATE and not question.given:
            assert question.anew or (question.kind is Kind.TEXT and "proofs" in question.name), said


@every_case_form
def test_the_copy_says_each_refused_answer_in_the_words_of_the_form(form: type[Form]) -> None:
    """Page, question, what was found, what is expected."""
    scope = scope_of(form, ABOUT)
    laid_out = outline(form, scope)
    values = dict(every_form(ABOUT)[form.NAME])
    for question in laid_out.questions():
        if question.kind is Kind.DATE and values.get(question.name):
            values[question.name] = WRONG
    part = part_of(form, values)
    assert part.problems
    imprint = samples.imprint(form)
    print_ = make(form, scope, imprint=imprint, key=samples.KEY, values=values)
    pages = {f.name: f.spots[0].page for f in layout_of(print_).fields}
    lines = [problem_line(part, one, pages, bundle=False) for one in part.problems]
    for problem, line in zip(part.problems, lines, strict=True):
        assert line.startswith(f"Page {pages[problem.field]} — {problem.where}")
        assert WRONG in line
        assert problem.message in line
        label = next(q.label for q in laid_out.questions() if q.name == problem.field)
        assert label in line
    kept = carried_over(laid_out, {}, part)
    copy = make(form, scope, imprint=imprint, key=samples.KEY, values=kept, corrections=lines)
    again = read(copy)
    assert not any(one.signed for one in again.signatures)
    for question in laid_out.questions():
        if question.kind is Kind.DATE:
            assert again.values[question.name] == ""
        if question.anew:
            assert again.values[question.name] in ("", False)
