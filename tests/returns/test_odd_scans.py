"""What scanners, phones and hands do that nobody asked them to: read right, or asked back.

Dirty glass, a page struck out, a tail that runs into another box, a reflection, a yellow pen, a
fax whose points are not square, a phone’s file of several pictures.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from casefiles.answers import Avis, Inscription
from casefiles.answers.vocabulary import Form
from forms.layout import Box
from forms.opening import looks_like
from forms.returns.geometry import PrintedField
from forms.returns.outcome import PrintReturned
from forms.returns.understanding import understand
from tests.returns import jbig2, paper
from tests.returns.marked import layout, layouts, print_of
from tests.returns.paper import PAPER_DPI, Device, Gray, Pen, taken

pytestmark = pytest.mark.long

SCANNER = Device(noise=0.2, skew=1.0, quality=60)
POINT = PAPER_DPI / 72
ROWS = tuple(one for one in layout(Avis).on_page(1) if one.kind == "one_of")
COMMENT = next(one for one in layout(Avis).on_page(1) if one.name.endswith("BDC1-3/comment"))


@cache
def blank(form: type[Form]) -> Gray:
    return paper.printed(print_of(form))[0]


@pytest.fixture
def page() -> Gray:
    return blank(Avis).copy()


def read(data: bytes, form: type[Form] = Avis) -> PrintReturned:
    (found,) = understand(data, layouts(form)).prints
    return found


def scanned(page: Gray, form: type[Form] = Avis) -> PrintReturned:
    return read(paper.jpeg(taken(page, SCANNER, np.random.default_rng(5))), form)


def middle(box: Box) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2


def line(
    page: Gray, one: tuple[float, float], other: tuple[float, float], width_mm: float = 0.5
) -> None:
    ends = [(round(x * POINT), round(y * POINT)) for x, y in (one, other)]
    cv2.line(page, ends[0], ends[1], 45, round(width_mm * PAPER_DPI / 25.4), cv2.LINE_AA)


# Lines


@pytest.mark.parametrize("grey", [45, 90, 140])
def test_a_streak_of_dirty_glass_down_a_column_ticks_nothing(page: Gray, grey: int) -> None:
    across = round(middle(ROWS[0].spots[0].box)[0] * POINT)
    page[:, across - 6 : across + 6] = np.minimum(page[:, across - 6 : across + 6], grey)
    found = scanned(page)
    assert {one.name: found.values[one.name].sure for one in ROWS} == {
        one.name: "doubtful" for one in ROWS
    }


@pytest.mark.parametrize("width_mm", [0.4, 0.7, 1.5])
def test_a_page_struck_out_with_a_large_cross_ticks_nothing(page: Gray, width_mm: float) -> None:
    line(page, (60, 60), (535, 780), width_mm)
    line(page, (535, 60), (60, 780), width_mm)
    found = scanned(page)
    assert not [one.name for one in ROWS if found.values[one.name].value]
    assert sum(found.values[one.name].sure == "doubtful" for one in ROWS) >= 3
    assert any("hors des cases" in reason for reason in found.reasons)


@pytest.mark.parametrize("high", [18, 20, 24])
@pytest.mark.parametrize("aside", [0, 3])
def test_the_tail_of_a_mark_does_not_tick_the_box_above(high: int, aside: int) -> None:
    above, ticked = [f for f in layout(Inscription).on_page(1) if f.name.startswith("blocs/")][:2]
    page = blank(Inscription).copy()
    x, y = middle(ticked.spots[0].box)
    line(page, (x - 3, y), (x - 1, y + 3))
    line(page, (x - 1, y + 3), (x - 1 + aside, y + 3 - high))
    assert scanned(page, Inscription).values[above.name].sure == "doubtful"


@pytest.mark.parametrize("size", [1.5, 2.0])
def test_a_large_cross_is_still_a_tick(page: Gray, size: float) -> None:
    for one in ROWS:
        Pen(page, np.random.default_rng(2)).cross(one.spots[1].box, size)
    found = scanned(page)
    assert {found.values[one.name].value for one in ROWS} == {"defavorable"}
    assert {found.values[one.name].sure for one in ROWS} == {"certain"}


def test_fluid_over_a_mark_leaves_the_other_mark_or_a_doubt(page: Gray) -> None:
    for one, reach in zip(ROWS, (3.0, 5.0, 7.0, 9.0), strict=False):
        first, second = one.spots[0].box, one.spots[1].box
        Pen(page, np.random.default_rng(2)).cross(first)
        centre = [round(v * POINT) for v in middle(first)]
        cv2.circle(page, centre, round(reach * POINT), 250, -1)
        Pen(page, np.random.default_rng(3)).cross(second)
    found = scanned(page)
    assert {found.values[one.name].value for one in ROWS[:4]} <= {"defavorable", None}


# Light and colour


def test_what_a_reflection_hides_is_not_taken_for_a_blank(page: Gray) -> None:
    Pen(page, np.random.default_rng(2)).write(COMMENT.spots[0].box, 0.5)
    seen = taken(page, Device(dpi=200), np.random.default_rng(5)).astype(np.float32)
    rows, columns = np.indices(seen.shape)
    x, y = (v * 200 / 72 for v in (COMMENT.spots[0].box.x + 40, COMMENT.spots[0].box.y + 10))
    light = 400 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 250.0**2))
    found = read(paper.jpeg(np.clip(seen + light, 0, 255).astype(np.uint8)))
    assert found.values[COMMENT.name].sure in ("doubtful", "unread")


@pytest.mark.parametrize("kind", ["JPEG", "PDF"])
@pytest.mark.parametrize("colour", [(250, 240, 40), (255, 150, 20), (120, 240, 90), (60, 200, 210)])
def test_a_pen_as_pale_as_paper_is_seen(
    colour: tuple[int, int, int], kind: str, page: Gray
) -> None:
    over = np.full_like(page, 255)
    Pen(over, np.random.default_rng(1), 0).cross(ROWS[0].spots[0].box)
    Pen(over, np.random.default_rng(1), 0, 2.5).blacken(ROWS[1].spots[0].box)
    Pen(over, np.random.default_rng(1), 0).write(COMMENT.spots[0].box)
    share = ((255 - over) / 255)[:, :, None]
    paint = np.minimum(page[:, :, None], np.array(colour)) * share
    coloured = page[:, :, None] * (1 - share) + paint
    picture = Image.fromarray(coloured.astype(np.uint8)).resize((1240, 1754))
    out = BytesIO()
    picture.save(out, kind, quality=80, resolution=150)
    found = read(out.getvalue())
    assert [found.values[one.name].sure for one in ROWS[:3]] == ["doubtful", "doubtful", "certain"]
    assert found.values[COMMENT.name].sure == "unread"


# Files


def fax(page: Gray) -> bytes:
    """204 × 98 points per inch, black or white, as a fax of ordinary fineness."""
    high, wide = page.shape
    small = cv2.resize(page, (round(wide * 204 / 300), round(high * 98 / 300)))
    picture = Image.fromarray(np.where(small > 150, 255, 0).astype(np.uint8)).convert("1")
    out = BytesIO()
    picture.save(out, "TIFF", compression="group4", dpi=(204, 98))
    return out.getvalue()


def with_a_second_view(page: Gray) -> bytes:
    """As phones write a photo with its depth or its light: two pictures in one JPEG."""
    photo = Image.fromarray(taken(page, SCANNER, np.random.default_rng(5))).convert("RGB")
    out = BytesIO()
    photo.save(out, "MPO", save_all=True, append_images=[photo])
    return out.getvalue()


def in_four_inks(page: Gray) -> bytes:
    photo = Image.fromarray(taken(page, SCANNER, np.random.default_rng(5))).convert("RGB")
    out = BytesIO()
    photo.convert("CMYK").save(out, "JPEG")
    return out.getvalue()


def in_sixteen_bits(page: Gray) -> bytes:
    seen = taken(page, SCANNER, np.random.default_rng(5))
    out = BytesIO()
    Image.fromarray(seen.astype(np.uint16) * 257).save(out, "PNG")
    return out.getvalue()


def in_jbig2(page: Gray) -> bytes:
    """As office copiers send it: black and white, 200 points per inch."""
    device = Device(dpi=200, noise=0.2, skew=1.0)
    return jbig2.pdf_of([taken(page, device, np.random.default_rng(5))], 200)


def on_other_paper_than_its_own(page: Gray) -> bytes:
    """A4 on the glass of a scanner set to Letter: made smaller to fit."""
    seen = taken(page, Device(dpi=150), np.random.default_rng(5))
    sheet = np.full((1650, 1275), 238, np.uint8)
    small = cv2.resize(seen, (1167, 1650), interpolation=cv2.INTER_AREA)
    sheet[:, 54 : 54 + 1167] = small
    return paper.pdf([sheet], 150)


FILES: tuple[Callable[[Gray], bytes], ...] = (
    fax,
    with_a_second_view,
    in_four_inks,
    in_sixteen_bits,
    in_jbig2,
    on_other_paper_than_its_own,
)


@pytest.mark.parametrize("file", FILES, ids=lambda one: one.__name__)
def test_a_file_of_an_unusual_make_is_read_as_any_other(
    file: Callable[[Gray], bytes], page: Gray
) -> None:
    marks: dict[PrintedField, str] = {}
    for number, one in enumerate(ROWS):
        spot = one.spots[number % 3]
        Pen(page, np.random.default_rng(number)).cross(spot.box)
        marks[one] = spot.option
    found = read(file(page))
    assert (found.pages, found.repeated) == ((1,), ())
    assert {one: found.values[one.name].value for one in marks} == marks


def test_a_negative_gives_nothing_wrong(page: Gray) -> None:
    Pen(page, np.random.default_rng(1)).cross(ROWS[0].spots[1].box)
    data = paper.png(255 - taken(page, SCANNER, np.random.default_rng(5)))
    for found in understand(data, layouts(Avis)).prints:
        sure = {n: v.value for n, v in found.values.items() if v.sure in ("certain", "likely")}
        assert sure.get(ROWS[0].name, ROWS[0].spots[1].option) == ROWS[0].spots[1].option
        assert not any(sure.get(row.name) for row in ROWS[1:])


def test_a_sticky_note_over_a_column_of_boxes_leaves_no_blank(page: Gray) -> None:
    """Under the note nobody knows what is ticked: never taken for nothing."""
    boxes = [row.spots[0].box for row in ROWS[:3]]
    for row in ROWS[:3]:
        Pen(page, np.random.default_rng(1)).cross(row.spots[0].box)
    left, right = round((boxes[0].x - 25) * POINT), round((boxes[0].right + 25) * POINT)
    top, foot = round((boxes[0].y - 20) * POINT), round((boxes[-1].bottom + 20) * POINT)
    page[top:foot, left:right] = 225
    found = scanned(page)
    for row in ROWS[:3]:
        read = found.values[row.name]
        assert read.sure in ("doubtful", "unread"), f"{row.name}: {read}"


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\0\0\0\x1cftypavif", "une photo (AVIF)"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "une image (JPEG 2000)"),
        (b"\0\0\0\x1cftypisom", "une vidéo"),
    ],
)
def test_a_picture_nobody_reads_here_is_called_what_it_is(start: bytes, words: str) -> None:
    assert looks_like(start + b"\0" * 40) == words
