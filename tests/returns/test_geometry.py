"""The layout read from a print’s bytes is the print’s own."""

import pytest

from casefiles.answers import Avis
from casefiles.answers.outline import Kind, outline
from casefiles.answers.vocabulary import Form
from casefiles.errors import UnreadableFile
from forms.layout import Box
from forms.render import make_bundle
from forms.returns.geometry import layout_of
from tests.forms import samples
from tests.returns.marked import FORMS, KNOWN, imprint_of, layout, print_of, scope_of

KINDS = {Kind.TEXT: "text", Kind.DATE: "text", Kind.TICK: "tick", Kind.ONE_OF: "one_of"}


@pytest.mark.parametrize("form", FORMS)
def test_every_question_has_its_place_its_kind_and_its_options(form: type[Form]) -> None:
    found = {one.name: one for one in layout(form).fields}
    for question in outline(form, scope_of(form)).questions():
        field = found[question.name]
        assert (field.kind, field.given) == (KINDS[question.kind], question.given)
        assert [s.option for s in field.spots if s.option] == [o.value for o in question.options]
        assert [s.label for s in field.spots if s.label] == [o.label for o in question.options]
    assert {one.name for one in found.values() if one.kind == "signature"} == {
        spot.name for spot in form.signatures(scope_of(form))
    }


@pytest.mark.parametrize("form", FORMS)
def test_every_box_stands_on_its_page_clear_of_the_marks(form: type[Form]) -> None:
    known = layout(form)
    for field in known.fields:
        for spot in field.spots:
            page = known.pages[spot.page - 1]
            assert Box(0, 0, page.width, page.height).holds(spot.box)
            assert not any(mark.holds(spot.box) for mark in (page.code, *page.corners))


def test_what_was_printed_is_known() -> None:
    found = {one.name: one.printed for one in layout(Avis).fields}
    assert {name: found[name] for name in KNOWN} == KNOWN
    assert found["activities"] == ""


def test_a_bundle_knows_each_grid_by_its_prefix() -> None:
    bloc = samples.cqpm().blocs[0]
    grid = FORMS[1]
    scopes = [
        samples.Scope(certification=samples.cqpm(), competence=c.id) for c in bloc.competences
    ]
    pdf = make_bundle(grid, scopes, imprint=imprint_of(grid), key=samples.KEY)
    pages: dict[str, set[int]] = {}
    for field in layout_of(pdf).fields:
        prefix = field.name.split("/")[0]
        pages.setdefault(prefix, set()).update(spot.page for spot in field.spots)
    assert list(pages) == [c.id.replace(".", "-") for c in bloc.competences]
    assert not set.intersection(*pages.values())


def test_a_file_that_is_no_print_of_ours_has_no_layout() -> None:
    with pytest.raises(UnreadableFile):
        layout_of(print_of(Avis).replace(b"%PDF-", b"%PNG-"))
