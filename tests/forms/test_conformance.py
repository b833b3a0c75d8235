"""Every form is at once fillable, PDF/A-2a and PDF/UA-1, as page-validation judges it."""

from collections.abc import Iterator

import page
import pytest

from casefiles.answers.vocabulary import Form, Scope
from forms.render import flat, make, make_bundle
from templates import catalog
from tests.forms import samples
from tests.forms.samples import CASE_LINE, KEY, Toy, answers, imprint


def failures(data: bytes) -> list[str]:
    return [
        f"{profile}: {failure.rule_id} {failure.message}"
        for profile in ("2a", "ua1")
        for failure in page.validate_pdf_bytes(data, profile=profile).failures
    ]


def printed_forms() -> Iterator[tuple[type[Form], Scope]]:
    for code in catalog.codes():
        for form in samples.every_form():
            for scope in samples.scopes(form, catalog.load(code)):
                yield form, scope


def test_an_empty_form_conforms() -> None:
    scope = samples.toy_scope()
    assert failures(make(Toy, scope, imprint=imprint(Toy), key=KEY)) == []


@pytest.mark.parametrize("text", [*samples.NAMES, samples.LONG_ANSWER])
def test_a_prefilled_form_and_its_reading_copy_conform(text: str) -> None:
    scope = samples.toy_scope()
    values = answers(Toy, scope, text)
    told = {"imprint": imprint(Toy), "key": KEY, "case_line": CASE_LINE}
    assert failures(make(Toy, scope, values=values, provisional=True, **told)) == []
    assert failures(flat(Toy, scope, values, **told)) == []


def test_a_bundle_of_grids_conforms() -> None:
    bloc = samples.cqpm().blocs[0]
    grid = next(f for f in samples.every_form() if f.NAME == "grille")
    scopes = [Scope(certification=samples.cqpm(), competence=c.id) for c in bloc.competences]
    assert failures(make_bundle(grid, scopes, imprint=imprint(grid, bloc.id), key=KEY)) == []


@pytest.mark.parametrize(
    ("form", "scope"),
    list(printed_forms()),
    ids=lambda one: (
        one.NAME if isinstance(one, type) else f"{one.certification.code}-{one.competence}"
    ),
)
def test_every_form_of_every_certification_conforms(form: type[Form], scope: Scope) -> None:
    told = {"imprint": imprint(form), "key": KEY, "case_line": CASE_LINE}
    assert failures(make(form, scope, **told)) == []
    assert failures(make(form, scope, values=answers(form, scope), **told)) == []
    assert failures(flat(form, scope, answers(form, scope), **told)) == []
