"""What the office printed, or a person typed, is what comes back."""

from collections.abc import Callable
from datetime import date

import pytest

from casefiles.answers.outline import field_name, outline
from casefiles.answers.vocabulary import Scope
from forms.read import FieldsRead, read
from forms.recognise import recognise
from forms.render import bundle_prefix, flat, make, make_bundle
from forms.second import disagreements, second_reading
from tests.engines import rewriters
from tests.engines.filling import Filler
from tests.forms import samples
from tests.forms.samples import CASE_LINE, KEY, LONG_ANSWER, NAMES, Toy, answers, imprint


def printed(**known: object) -> bytes:
    return make(Toy, samples.toy_scope(), imprint=imprint(Toy), key=KEY, values=known)


@pytest.mark.parametrize("text", [*NAMES, LONG_ANSWER, "deux\nlignes", " bord "])
def test_what_is_prefilled_is_read_back_to_the_letter(text: str) -> None:
    values = answers(Toy, samples.toy_scope(), text)
    found = read(make(Toy, samples.toy_scope(), imprint=imprint(Toy), key=KEY, values=values))
    assert found.values == values
    assert found.doubtful == ()
    assert found.warnings == ()


def test_an_empty_form_reads_as_no_answer_to_every_question() -> None:
    found = read(printed())
    questions = {q.name for q in outline(Toy, samples.toy_scope()).questions()}
    assert set(found.values) == questions
    assert set(found.values.values()) == {"", False}


def test_a_date_and_a_choice_are_printed_as_a_person_writes_them() -> None:
    found = read(printed(**{"person/born": date(1991, 4, 3), "person/way": samples.Way.TWO}))
    assert found.values["person/born"] == "03/04/1991"
    assert found.values["person/way"] == "deux"


def test_signatures_are_seen_empty() -> None:
    found = read(printed())
    assert [(s.name, s.signed) for s in found.signatures] == [
        ("signature/un", False),
        ("signature/deux", False),
        ("signature/trois", False),
    ]


def test_the_outcome_of_a_reading_survives_json() -> None:
    found = read(printed(**{"person/name": "Łukasz Nguyễn"}))
    assert FieldsRead.model_validate_json(found.model_dump_json()) == found


def test_two_parsers_agree_on_our_own_forms() -> None:
    data = make(
        Toy,
        samples.toy_scope(),
        imprint=imprint(Toy),
        key=KEY,
        values=answers(Toy, samples.toy_scope(), r"D'Œuvre-L’Haÿ (02) \ 5 €"),
    )
    assert disagreements(read(data).values, second_reading(data)) == ()


def test_two_parsers_that_disagree_are_told() -> None:
    lines = disagreements({"nom": "Zoé", "vu": True}, {"nom": "Zoe", "vu": True})
    assert len(lines) == 1
    assert "« nom »" in lines[0]


def test_the_same_arguments_make_the_same_bytes() -> None:
    assert printed(**{"person/name": "Zoé"}) == printed(**{"person/name": "Zoé"})


def test_a_print_is_recognised_by_its_field_and_its_key() -> None:
    found = recognise(printed(), key=KEY)
    assert found is not None
    assert (found.by, found.ours) == ("field", True)
    assert found.imprint.on_page(0).signed(KEY) == imprint(Toy).signed(KEY)


def test_a_print_made_with_another_key_is_not_ours() -> None:
    found = recognise(printed(), key=b"une autre cle")
    assert found is not None
    assert found.ours is False


def test_a_reading_copy_is_recognised_by_its_information() -> None:
    scope = samples.toy_scope()
    data = flat(Toy, scope, answers(Toy, scope), imprint=imprint(Toy), key=KEY)
    found = recognise(data, key=KEY)
    assert found is not None
    assert (found.by, found.ours) == ("information", True)


def test_a_bundle_comes_back_grid_by_grid() -> None:
    grid = next(f for f in samples.every_form() if f.NAME == "grille")
    bloc = samples.cqpm().blocs[0]
    scopes = [Scope(certification=samples.cqpm(), competence=c.id) for c in bloc.competences]
    values = {s.competence: answers(grid, s, f"pour {s.competence}") for s in scopes}
    data = make_bundle(
        grid, scopes, imprint=imprint(grid, bloc.id), key=KEY, values=values, case_line=CASE_LINE
    )
    found = read(data)
    for scope in scopes:
        prefix = bundle_prefix(scope.competence)
        assert prefix == field_name(scope.competence) + "/"
        own = {n[len(prefix) :]: v for n, v in found.values.items() if n.startswith(prefix)}
        assert own == values[scope.competence]
    assert found.imprint is not None
    assert found.imprint.part == bloc.id
    assert len(found.signatures) == len(scopes)


TYPED = {
    "person/name": "Łukasz Nguyễn",
    "person/born": "03/04/1991",
    "person/code": "5 €",
    "person/story": "D'Œuvre-L’Haÿ\n(02) \\ 50 % « cœur »",
    "person/way": "deux",
    "agreed": True,
    "members/2/name": "Zoé d’EXEMPLE",
    "members/2/mark": "non_valide",
}


def test_what_a_viewer_fills_is_what_is_read(filler: Filler) -> None:
    form = printed(**{"known/candidate": "Zoé EXEMPLE-GONÇALVES"})
    found = read(filler.fill(form, TYPED))
    assert {name: found.values[name] for name in TYPED} == TYPED
    assert found.values["known/candidate"] == "Zoé EXEMPLE-GONÇALVES"
    assert found.doubtful == ()
    assert found.imprint == imprint(Toy).signed(KEY)


@pytest.mark.parametrize(
    "rewrite",
    [
        rewriters.qpdf,
        lambda pdf: rewriters.qpdf(pdf, "--object-streams=generate", "--linearize"),
        rewriters.mutool_clean,
        lambda pdf: rewriters.mutool_clean(pdf, "-gggg"),
        rewriters.pdftk,
    ],
    ids=["qpdf", "qpdf-linearized", "mutool", "mutool-gggg", "pdftk"],
)
def test_what_another_tool_saves_again_still_says_the_same(
    rewrite: Callable[[bytes], bytes],
) -> None:
    values = answers(Toy, samples.toy_scope(), "D'Œuvre-L’Haÿ, Nguyễn, 5 €")
    form = make(Toy, samples.toy_scope(), imprint=imprint(Toy), key=KEY, values=values)
    found = read(rewrite(form))
    assert found.values == values
    assert found.imprint == imprint(Toy).signed(KEY)
