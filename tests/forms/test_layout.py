"""Nothing is clipped, nothing lies over anything else, and the forms keep to their pages."""

from collections.abc import Iterable, Iterator
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from casefiles.answers.outline import Block, Group, Kind, Table, outline
from casefiles.answers.vocabulary import Form, Scope
from casefiles.certification import Certification
from forms.fields import PAD
from forms.layout import Frame, rows_of, shares
from forms.read import read
from forms.render import flat, make
from forms.returns.geometry import layout_of
from forms.style import ANSWER, BODY, CELL_ANSWER, LABEL, TITLE, TextStyle
from forms.typography import french, lines_for, width, wrap
from templates import catalog
from tests.forms import samples
from tests.forms.samples import CASE_LINE, KEY, Toy, answers, imprint

Box = tuple[float, float, float, float]

SIXTY = "Assurer la traçabilité des actions de maintenance préventive"
VERY_LONG = "Anticonstitutionnellement-électro-hydro-pneumatique " * 6
UNBROKEN = "W" * 120


def with_titles(title: str) -> Certification:
    """The CQPM with that title on every bloc, compétence and criterion."""
    blocs = tuple(
        bloc.model_copy(
            update={
                "title": title,
                "competences": tuple(
                    one.model_copy(
                        update={
                            "title": title,
                            "criteria": tuple(
                                c.model_copy(update={"text": title, "items": (title, title)})
                                for c in one.criteria
                            ),
                        }
                    )
                    for one in bloc.competences
                ),
            }
        )
        for bloc in samples.cqpm().blocs
    )
    return samples.cqpm().model_copy(update={"title": title, "blocs": blocs})


def letters(data: bytes, page: int) -> list[tuple[str, Box]]:
    """Each drawn letter of the page with its box: left, bottom, right, top."""
    with pypdfium2.PdfDocument(data) as document:
        words = document[page].get_textpage()
        count = words.count_chars()
        text = [words.get_text_range(i, 1) for i in range(count)]
        return [(text[i], words.get_charbox(i)) for i in range(count) if text[i].strip()]


def text_fields(data: bytes, page: int) -> list[Box]:
    """The boxes of the page's text fields."""
    with pikepdf.open(BytesIO(data)) as pdf:
        return [
            tuple(float(v) for v in one.Rect)  # type: ignore[misc]
            for one in pdf.pages[page].obj.get("/Annots", [])
            if one.get("/FT") == "/Tx" and float(one.Rect[0]) != float(one.Rect[2])
        ]


def pages(data: bytes) -> int:
    with pikepdf.open(BytesIO(data)) as pdf:
        return len(pdf.pages)


def drawn(data: bytes) -> str:
    """The letters of the whole document, without spaces."""
    found = (letter for page in range(pages(data)) for letter, _ in letters(data, page))
    return "".join(found)


@pytest.mark.parametrize("title", [SIXTY, VERY_LONG, UNBROKEN])
@pytest.mark.parametrize("name", ["grille", "avis", "modalites", "inscription"])
def test_long_titles_wrap_and_nothing_leaves_the_page_or_covers_a_field(
    name: str, title: str
) -> None:
    form = next(f for f in samples.every_form() if name == f.NAME)
    certification = with_titles(title)
    scope = samples.scopes(form, certification)[0]
    data = make(form, scope, imprint=imprint(form), key=KEY, case_line=CASE_LINE)
    frame = Frame()
    for page in range(pages(data)):
        fields = text_fields(data, page)
        for letter, (left, bottom, right, top) in letters(data, page):
            assert left >= frame.left - 1, letter
            assert right <= frame.right + 1, letter
            assert bottom >= 10, letter
            middle = ((left + right) / 2, (bottom + top) / 2)
            assert not any(
                x1 < middle[0] < x2 and y1 < middle[1] < y2 for x1, y1, x2, y2 in fields
            ), letter
    assert read(data).warnings == ()
    assert "".join(title.split()) in drawn(data)


@pytest.mark.parametrize("text", [*samples.NAMES, samples.LONG_ANSWER])
def test_a_reading_copy_shows_every_letter_of_an_answer(text: str) -> None:
    scope = samples.toy_scope()
    data = flat(Toy, scope, {"person/story": text}, imprint=imprint(Toy), key=KEY)
    shown = "".join(french(text).split())
    for missing in "🙂中文":
        shown = shown.replace(missing, "□")
    assert shown in drawn(data)


def test_a_reading_copy_has_no_field() -> None:
    scope = samples.toy_scope()
    data = flat(Toy, scope, answers(Toy, scope), imprint=imprint(Toy), key=KEY)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert not any("/Annots" in page.obj for page in pdf.pages)


@pytest.mark.parametrize(("name", "most"), [("avis", 2), ("inscription", 2)])
def test_a_form_of_eight_competences_fits_two_pages(name: str, most: int) -> None:
    form = next(f for f in samples.every_form() if name == f.NAME)
    data = make(form, Scope(certification=samples.cqpm()), imprint=imprint(form), key=KEY)
    assert len(samples.cqpm().competences) == 8
    assert pages(data) <= most


@pytest.mark.parametrize("competence", [c.id for c in samples.cqpm().competences])
def test_a_grid_with_its_dashes_and_results_fits_two_pages(competence: str) -> None:
    form = next(f for f in samples.every_form() if f.NAME == "grille")
    scope = Scope(certification=samples.cqpm(), competence=competence)
    data = make(form, scope, imprint=imprint(form), key=KEY, case_line=CASE_LINE)
    assert pages(data) == 2


@pytest.mark.parametrize("style", [ANSWER, CELL_ANSWER])
@pytest.mark.parametrize("room", [100.0, 240.0, 490.0])
def test_a_box_holds_the_capacity_it_states(style: TextStyle, room: float) -> None:
    for capacity in (60, 160, 400, 2000):
        given = lines_for(capacity, style, room)
        text = samples.LONG_ANSWER[:capacity]
        assert len(wrap(text, style, room)) <= given


@pytest.mark.parametrize("style", [TITLE, BODY, LABEL])
@pytest.mark.parametrize("text", [SIXTY, VERY_LONG, UNBROKEN, *samples.NAMES])
def test_no_wrapped_line_is_wider_than_its_room(style: TextStyle, text: str) -> None:
    lines = wrap(text, style, 120)
    assert all(width(line, style) <= 120.01 for line in lines)
    assert "".join("".join(lines).split()) == "".join(french(text).split())


def test_a_sign_never_begins_a_line() -> None:
    lines = wrap("« Oui ! » dit-elle ; non : 50 % de 5 € ?" * 5, BODY, 60)
    assert not any(line.startswith((":", ";", "!", "?", "%", "€", "»")) for line in lines)
    assert not any(line.endswith("«") for line in lines)


def test_twelve_columns_make_a_row() -> None:
    assert rows_of([6, 6, 4, 4, 5, 12]) == [[0, 1], [2, 3], [4], [5]]


def test_shared_columns_fill_their_width() -> None:
    places = shares([1, 2, 1], 100, 4)
    assert places[0] == (0, 23)
    assert places[-1][0] + places[-1][1] == pytest.approx(100)


def test_two_signatures_stand_side_by_side_and_close_what_they_say() -> None:
    data = make(Toy, samples.toy_scope(), imprint=imprint(Toy), key=KEY)
    with pikepdf.open(BytesIO(data)) as pdf:
        spots = {
            str(one.T): one
            for page in pdf.pages
            for one in page.obj.get("/Annots", [])
            if one.get("/FT") == "/Sig"
        }
        assert spots["signature/un"].Lock.Action == "/All"
        assert "/Lock" not in spots["signature/deux"]
        first, second = (spots[f"signature/{n}"].Rect for n in ("un", "deux"))
        assert float(first[1]) == float(second[1])
        assert float(first[2]) < float(second[0])


CAPITALS = "MARGUERITE-EMMA DE L’HAŸ MŒWENN " * 60


@pytest.mark.parametrize("form", samples.every_form(), ids=lambda form: form.NAME)
def test_at_capacity_in_wide_letters_a_copy_shows_all_and_a_name_fits_its_box(
    form: type[Form],
) -> None:
    scope = samples.scopes(form, samples.cqpm())[0]
    asked = [q for q in outline(form, scope).questions() if q.kind is Kind.TEXT and q.capacity]
    values = {q.name: CAPITALS[: q.capacity].strip() for q in asked}
    shown = bare(drawn(flat(form, scope, values, imprint=imprint(form), key=KEY)))
    assert all(bare(text) in shown for text in values.values())
    blank = layout_of(make(form, scope, imprint=imprint(form), key=KEY))
    boxes = {one.name: one for one in blank.fields}
    for question in asked:
        if question.capacity > 100 or question.given:
            continue
        one = boxes[question.name]
        style = CELL_ANSWER if in_a_table(form, scope, question.name) else ANSWER
        lines = wrap(values[question.name], style, one.spots[0].box.width - 2 * PAD)
        room = one.spots[0].box.height - 2 * PAD + 0.1
        assert len(lines) <= (int(room / style.leading) if one.many else 1), question.name


def bare(text: str) -> str:
    """Without spaces, nor the hyphens pdfium takes for cuts at the end of a line."""
    return "".join(letter for letter in text if letter.isalpha())


def in_a_table(form: type[Form], scope: Scope, name: str) -> bool:
    """Whether a question stands in a row."""

    def cells(blocks: Iterable[Block]) -> Iterator[str]:
        for block in blocks:
            if isinstance(block, Table):
                yield from (cell.name for row in block.rows for cell in row.cells)
            elif isinstance(block, Group):
                yield from cells(block.blocks)

    return name in set(cells(outline(form, scope).blocks))


@pytest.mark.parametrize("code", catalog.codes())
def test_nobody_signs_a_page_that_says_nothing_else(code: str) -> None:
    certification = catalog.load(code)
    for form in samples.every_form():
        for scope in samples.scopes(form, certification):
            kinds: dict[int, set[str]] = {}
            for field in layout_of(make(form, scope, imprint=imprint(form), key=KEY)).fields:
                kinds.setdefault(field.spots[0].page, set()).add(field.kind)
            assert {"signature"} not in kinds.values(), (form.NAME, scope.competence)


@pytest.mark.parametrize("code", catalog.codes())
def test_a_situation_told_on_one_page_is_not_cut_in_two(code: str) -> None:
    """Its second half would not say which one it is of."""
    form = next(f for f in samples.every_form() if f.NAME == "preuves")
    (scope,) = samples.scopes(form, catalog.load(code))
    on: dict[str, set[int]] = {}
    for field in layout_of(make(form, scope, imprint=imprint(form), key=KEY)).fields:
        if field.name.startswith("situations/"):
            number = field.name.split("/")[1]
            on.setdefault(number, set()).update(spot.page for spot in field.spots)
    assert [len(found) for found in on.values()] == [1, 1, 1, 1]
