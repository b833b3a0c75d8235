"""What a page carries besides its ink: its code, its marks, its tags, its fields' own words."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest
import segno

from casefiles.answers.imprint import FIELD, from_code, key_id
from casefiles.answers.outline import Kind, outline
from casefiles.answers.vocabulary import Form, Scope
from forms.code import code_box, corner_boxes
from forms.layout import Box
from forms.metadata import About
from forms.render import make, make_bundle
from forms.returns.codes import codes_of
from forms.returns.geometry import layout_of
from forms.sheet import Sheet
from tests.forms import odd, samples
from tests.forms.samples import CASE_LINE, KEY, Toy, imprint
from tests.returns.paper import printed

SCALE = 4


def dark(picture: Any, x: float, y: float) -> bool:
    return bool(picture.getpixel((round(x * SCALE), round(y * SCALE))) < 128)


def pictures(data: bytes) -> Iterator[Any]:
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            yield page.render(scale=SCALE, may_draw_forms=False).to_pil().convert("L")


def squares(box: Box, count: int) -> Iterator[tuple[int, int, float, float]]:
    """Row, column and middle of each of the count × count squares of a box."""
    step = box.width / count
    for row in range(count):
        for column in range(count):
            yield row, column, box.x + (column + 0.5) * step, box.y + (row + 0.5) * step


def test_every_page_carries_its_own_code_and_four_corner_marks() -> None:
    blank = Sheet(About(title=""))
    for number, picture in enumerate(pictures(odd.form()), start=1):
        code = imprint(Toy).on_page(number).signed(KEY).code()
        matrix = segno.make(code, error="m", micro=False, boost_error=False, mask=3).matrix
        box = code_box(blank)
        for row, column, x, y in squares(box, len(matrix)):
            assert dark(picture, x, y) == bool(matrix[row][column])
        for corner in corner_boxes(blank):
            assert all(dark(picture, x, y) for _, _, x, y in squares(corner, 5))


def test_the_code_of_a_page_says_which_page_and_that_we_made_it() -> None:
    said = from_code(imprint(Toy).on_page(2).signed(KEY).code())
    assert (said.serial, said.page, said.made_with(KEY)) == ("7Q2MRTX4KJ9A", 2, True)


def test_the_code_names_the_print_and_nobody() -> None:
    signed = imprint(Toy).on_page(2).signed(KEY)
    assert signed.code().split("/") == [
        *("PCH1", signed.serial, signed.form, str(signed.version), signed.case, signed.part, "2"),
        *(key_id(KEY), signed.check),
    ]


def test_the_code_is_22_millimetres_wide() -> None:
    box = code_box(Sheet(About(title="")))
    assert (box.width / 72 * 25.4, box.height / 72 * 25.4) == pytest.approx((22, 22))


def test_nothing_but_white_surrounds_the_code() -> None:
    quiet = 2.5 * 72 / 25.4
    for picture in pictures(make_with_everything()):
        box = code_box(Sheet(About(title="")))
        around = Box(box.x - quiet, box.y - quiet, box.width + 2 * quiet, box.height + 2 * quiet)
        for _, _, x, y in squares(around, 120):
            inside = box.x - 0.5 <= x <= box.right + 0.5 and box.y - 0.5 <= y <= box.bottom + 0.5
            assert inside or not dark(picture, x, y)


def make_with_everything() -> bytes:
    return make(
        Toy,
        samples.toy_scope(),
        imprint=imprint(Toy),
        key=KEY,
        values=samples.answers(Toy, samples.toy_scope()),
        case_line=CASE_LINE * 3,
        provisional=True,
    )


def test_what_is_expected_and_what_is_given_is_said_to_the_viewer() -> None:
    questions = {q.name: q for q in outline(Toy, samples.toy_scope()).questions()}
    with pikepdf.open(BytesIO(odd.form())) as pdf:
        flags = {str(f.T): int(f.get("/Ff", 0)) for f in pdf.Root.AcroForm.Fields}
        kinds = {str(f.T): f.FT for f in pdf.Root.AcroForm.Fields}
    for name, question in questions.items():
        assert bool(flags[name] & 2) == question.required, name
        assert bool(flags[name] & 1) == question.given, name
        assert (kinds[name] == "/Btn") == (question.kind in (Kind.TICK, Kind.ONE_OF)), name
    assert flags[FIELD] & 1


def test_no_field_name_holds_a_dot() -> None:
    with pikepdf.open(BytesIO(odd.form())) as pdf:
        assert not any("." in str(field.T) for field in pdf.Root.AcroForm.Fields)


def test_a_signature_in_a_bundle_closes_its_own_grid_only() -> None:
    grid = next(f for f in samples.every_form() if f.NAME == "grille")
    scopes = [Scope(certification=samples.cqpm(), competence=c) for c in ("BDC1.1", "BDC1.2")]
    data = make_bundle(grid, scopes, imprint=imprint(grid, "BDC1"), key=KEY)
    with pikepdf.open(BytesIO(data)) as pdf:
        locks = {
            str(f.T): (str(f.Lock.Action), {str(n) for n in f.Lock.Fields})
            for f in pdf.Root.AcroForm.Fields
            if f.FT == "/Sig"
        }
        names = {str(f.T) for f in pdf.Root.AcroForm.Fields if f.FT != "/Sig"}
    assert locks["BDC1-1/signature/evaluateur"] == (
        "/Include",
        {name for name in names if name.startswith("BDC1-1/")},
    )


@pytest.mark.parametrize("data", [odd.form(), make_with_everything()], ids=["empty", "full"])
def test_every_marked_piece_and_every_widget_leads_back_to_its_element(data: bytes) -> None:
    with pikepdf.open(BytesIO(data)) as pdf:
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
        for page in pdf.pages:
            pieces = parents[int(page.obj.StructParents)]
            marked = [
                int(operands[1].MCID)
                for operands, operator in pikepdf.parse_content_stream(page, "BDC")
                if str(operator) == "BDC"
            ]
            assert marked == list(range(len(pieces)))
            assert all(piece.S != "/Artifact" for piece in pieces)
            for widget in page.obj.Annots:
                assert parents[int(widget.StructParent)].S == "/Form"


def test_the_tags_follow_the_order_of_the_questions() -> None:
    names = [q.name for q in outline(Toy, samples.toy_scope()).questions()]
    with pikepdf.open(BytesIO(odd.form())) as pdf:
        met = list(dict.fromkeys(_tagged_names(pdf.Root.StructTreeRoot.K)))
    assert [name for name in met if name in names] == names


def _tagged_names(element: Any) -> Iterator[str]:
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            continue
        if "/Obj" in kid:
            own = kid.Obj if "/T" in kid.Obj else kid.Obj.Parent
            yield str(own.T)
        elif "/S" in kid:
            yield from _tagged_names(kid)


@pytest.mark.parametrize("form", samples.every_form(), ids=lambda form: form.NAME)
def test_every_page_of_every_form_says_which_print_it_is(form: type[Form]) -> None:
    (scope, *_) = samples.scopes(form, samples.cqpm())
    data = make(form, scope, imprint=imprint(form), key=KEY, values={})
    pages = printed(data)
    for number, picture in enumerate(pages, start=1):
        (seen,) = codes_of(picture)
        assert (seen.imprint.serial, seen.imprint.page) == ("7Q2MRTX4KJ9A", number)
        assert seen.imprint.made_with(KEY)
    assert len(pages) == len(layout_of(data).pages)
