"""F1 to F17: each is a form that people fill and we read back and validate, or a page we draw."""

import re
from pathlib import Path
from typing import Any

import pytest

from casefiles.answers import FORMS
from casefiles.answers.outline import outline
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Form, Scope
from forms import pages
from forms.read import read
from forms.render import make
from templates.catalog import load
from tests.forms.samples import DAY, KEY, imprint, scopes
from tests.pages.drawn import EVERYDAY
from tests.pages.reading import words
from watch.commands.filling import fill
from watch.commands.rehearsal import answers as people
from watch.commands.rehearsal import course

DRAWN = {
    "F11": "récapitulatif",
    "F13": "procès-verbal",
    "F14": "refus",
    "F15": "attestation",
    "F16": "parchemin",
    "F17": "bordereau",
}
OF_TMROA = ("prerequis", "positionnement", "preparation", "plenier")


def scope_of(form: type[Form]) -> Scope:
    return scopes(form, load("cqp-tmroa" if form.NAME in OF_TMROA else "cqpm-opea"))[0]


def right(form: type[Form], scope: Scope) -> dict[str, Any]:
    """That form as somebody fills it rightly."""
    laid_out = outline(form, scope)
    match form.NAME:
        case "inscription":
            return people.inscription(DAY)
        case "composition":
            return people.composition("2026-0041", DAY)
        case "decisions":
            return people.decisions(laid_out, DAY)
        case "demande":
            return people.closing("S2026-001", DAY)
        case "emargement":
            return {"signing/day": people.fr(DAY)}
        case name:
            return course.said(name, laid_out, DAY, {})


def given(form: type[Form], scope: Scope) -> dict[str, str]:
    """What the office prints in it, so that nobody has to write it."""
    questions = outline(form, scope).questions()
    return {q.name: "Zoé d’EXEMPLE" for q in questions if q.given}


def test_the_seventeen_are_all_there() -> None:
    codes = [form.CODE for form in FORMS.values()]
    assert len(codes) == len(set(codes))
    told = {re.sub(r"^(F\d+)\w*$", r"\1", code) for code in codes} | set(DRAWN)
    assert told == {f"F{n}" for n in range(1, 18)} | {"DB"}


@pytest.mark.parametrize("name", FORMS)
def test_each_that_people_fill_is_made_filled_read_back_and_validated(
    name: str, tmp_path: Path
) -> None:
    form = FORMS[name]
    scope = scope_of(form)
    blank, filled = tmp_path / "vierge.pdf", tmp_path / "rempli.pdf"
    printed = given(form, scope)
    blank.write_bytes(make(form, scope, imprint=imprint(form), key=KEY, values=printed))
    empty = accept(form, scope, read(blank.read_bytes()).values, today=DAY)
    assert empty.answers is None
    assert all(problem.where and problem.message for problem in empty.problems)

    told = right(form, scope)
    fill(blank, filled, {k: v for k, v in told.items() if v is not None})
    found = read(filled.read_bytes())
    assert found.imprint is not None
    assert found.imprint.form == form.CODE
    assert {k: found.values[k] for k in told} == told
    reading = accept(form, scope, found.values, today=DAY)
    assert reading.answers is not None, [(p.where, p.message) for p in reading.problems]


@pytest.mark.parametrize("code", DRAWN)
def test_each_that_we_draw_says_it_is_that_one(code: str) -> None:
    rooms = (page.read_text(encoding="utf-8") for page in Path(pages.__file__).parent.glob("*.py"))
    assert any(f'"""{code}, ' in room for room in rooms)
    assert words(EVERYDAY[DRAWN[code]]()).strip()
