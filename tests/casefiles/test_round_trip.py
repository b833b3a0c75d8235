"""Whatever a person may rightly answer comes back from the paper as the same answers."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casefiles.answers import FORMS, Form
from casefiles.answers.outline import Kind, Question, outline
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification
from templates.catalog import load
from tests.casefiles.certifications import certification, registered
from tests.casefiles.filled import TODAY, every_form, raw_of, read, scope_of

NUMBERS = (
    *("experience", "retired_years", "equipment_count", "number"),
    *("votes_for", "votes_against", "abstentions"),
)
COUNTS = ("pages", "hours")
# What holds a form together from one answer to another is in tests of that form.
HELD = {
    "sworn": True,
    "s1": True,
    "s2": False,
    "s3": False,
    "s4": False,
    "met": "oui",
    "number": "500",
    "covered": True,
}
FIRST_LINES = {"composition": 2, "recevabilite": 2, "entretien": 2, "preuves": 1}
LINES = ("members", "agenda", "experiences", "situations")
# What turns the direction of a line is refused in it (test_reading).
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
WORDS = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"),
        exclude_characters=TURNING,
    ),
    min_size=1,
    max_size=12,
)
# What one answer makes necessary elsewhere is simply always given.
EXPLAINED = ("comment", "justification", "report_deadline", "motive", "reserve")
ASKED_FOR_BY_AN_ACT = tuple(
    f"target/{name}" for name in ("document", "case", "question", "value", "day")
)


def written(question: Question) -> st.SearchStrategy[Any]:
    last = question.name.rsplit("/", 1)[-1]
    if last in HELD:
        return st.just(HELD[last])
    if last == "spent":
        return st.integers(1, 1439).map(lambda minutes: f"{minutes // 60} h {minutes % 60:02d}")
    if last in COUNTS:
        return st.integers(1, 80).map(str)
    if last in NUMBERS:
        return st.integers(0, 40).map(str)
    if last in ("recused", "deputy"):
        most = 1 if last == "deputy" else 3
        return st.lists(st.integers(1, 10), min_size=1, max_size=most).map(
            lambda lines: ", ".join(map(str, lines))
        )
    if last == "start":
        return st.just("01/01/2026")
    if question.kind is Kind.DATE:
        return st.dates(date(2026, 1, 1), TODAY).map(lambda d: f"{d:%d/%m/%Y}")
    if question.kind is Kind.TICK:
        return st.just(value=True) if question.required else st.booleans()
    if question.kind is Kind.ONE_OF:
        return st.sampled_from([o.value for o in question.options])
    return WORDS.map(lambda text: text[: question.capacity or None])


@st.composite
def answered(draw: st.DrawFn, form: type[Form], about: Scope) -> dict[str, Any]:
    """Every required question of the form, and any of the others."""
    raw = {}
    for question in outline(form, about).questions():
        last = question.name.rsplit("/", 1)[-1]
        needed = last in EXPLAINED or question.name in ASKED_FOR_BY_AN_ACT
        company = question.name.startswith(("company/", "employer/"))
        needed = needed or last in HELD or last == "spent"
        table, *line = question.name.split("/")
        if form.NAME in FIRST_LINES and table in LINES:
            if int(line[0]) > FIRST_LINES[form.NAME]:
                continue
            needed = needed or last != "remark"
        if needed or question.required or company or draw(st.booleans()):
            raw[question.name] = draw(written(question))
    return raw


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_answers_survive_the_paper(form: type[Form], data: st.DataObject) -> None:
    about = scope_of(form, registered())
    raw = data.draw(answered(form, about))
    first = read(form, about, raw)
    assert first.problems == ()
    assert first.answers is not None
    again = read(form, about, raw_of(first.answers, about))
    assert again.answers == first.answers


@pytest.mark.parametrize("about", [certification(), load("cqpm-tmp")], ids=["simple", "tmp"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_right_answers_are_accepted_as_they_are(form: type[Form], about: Certification) -> None:
    reading = read(form, scope_of(form, about), every_form(about)[form.NAME])
    assert reading.problems == ()
    assert reading.answers is not None
    assert not reading.blank
    given_back = raw_of(reading.answers, scope_of(form, about))
    for name, value in every_form(about)[form.NAME].items():
        assert given_back[name] == value


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_each_required_question_left_empty_is_named_as_missing(form: type[Form]) -> None:
    about = certification()
    where = scope_of(form, about)
    full = every_form(about)[form.NAME]
    for question in outline(form, where).questions():
        if not question.required or question.name.startswith(("members/", "agenda/")):
            continue
        reading = read(form, where, {k: v for k, v in full.items() if k != question.name})
        assert reading.answers is None, question.name
        assert [(p.field, p.missing) for p in reading.problems] == [(question.name, True)]
        assert "attendue" in reading.problems[0].message
        assert question.label in reading.problems[0].where


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_a_blank_form_is_blank_and_only_misses_answers(form: type[Form]) -> None:
    about = scope_of(form, certification())
    printed = {q.name: "imprimé" for q in outline(form, about).questions() if q.given}
    reading = read(form, about, printed)
    assert reading.blank
    assert reading.answers is None
    assert [p for p in reading.problems if not p.missing] == []
