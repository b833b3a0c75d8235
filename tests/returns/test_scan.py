"""Pages that come back as pictures: found, straightened, ticks read, handwriting only shown."""

from functools import cache
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from casefiles.answers import Avis, Grid, Inscription
from casefiles.answers.vocabulary import Scope
from casefiles.errors import UnreadableFile
from forms.layout import Box
from forms.render import make_bundle
from forms.returns.geometry import PrintedField, layout_of
from forms.returns.outcome import PrintReturned, Returned
from forms.returns.understanding import understand
from tests.forms import samples
from tests.returns import paper
from tests.returns.marked import KNOWN, imprint_of, layout, layouts, print_of
from tests.returns.paper import FLATBED, PENCIL, PHONE, WORN, Device, Gray, Pen, taken

pytestmark = pytest.mark.long

ROWS = tuple(one.name for one in layout(Avis).on_page(1) if one.kind == "one_of")
AVIS_MARK = ROWS[0]


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


@cache
def avis() -> tuple[Gray, ...]:
    return tuple(paper.printed(print_of(Avis)))


@pytest.fixture
def pages() -> list[Gray]:
    return [page.copy() for page in avis()]


def field(name: str, form: type = Avis) -> PrintedField:
    return next(one for one in layout(form).fields if one.name == name)


def box_of(name: str, option: str = "") -> Box:
    return next(spot.box for spot in field(name).spots if spot.option == option)


def scanned(pages: list[Gray], rng: np.random.Generator, device: Device = FLATBED) -> PrintReturned:
    pictures = [taken(page, device, rng) for page in pages]
    (found,) = understand(paper.pdf(pictures, device.dpi), layouts(Avis)).prints
    return found


def first_page(page: Gray, rng: np.random.Generator, device: Device = FLATBED) -> PrintReturned:
    (found,) = understand(paper.png(taken(page, device, rng)), layouts(Avis)).prints
    return found


# Text


def test_handwriting_is_shown_and_never_guessed(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    Pen(pages[0], rng).write(box_of("activities"))
    found = scanned(pages, rng, WORN)
    assert found.values["activities"].value is None
    assert found.values["activities"].sure == "unread"
    assert "activities" in found.to_type
    shown = Image.open(BytesIO(found.crops["activities"].data))
    assert shown.width > 900
    assert np.asarray(shown).min() < 100


def test_a_blank_field_is_blank_on_every_device(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    for device in (WORN, PHONE, Device(dpi=100, noise=0.5), Device(dpi=300, curl=0.5)):
        found = first_page(pages[0], rng, device)
        assert found.values["activities"].model_dump(exclude={"page"}) == {
            "value": "",
            "how": "scan",
            "sure": "certain",
        }


def test_a_faint_word_is_not_taken_for_nothing(pages: list[Gray], rng: np.random.Generator) -> None:
    Pen(pages[0], rng, PENCIL, 0.4).write(box_of("activities"), 0.1)
    assert scanned(pages, rng, WORN).values["activities"].sure == "unread"


def test_what_we_printed_and_nobody_touched_keeps_its_value(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    for device in (WORN, PHONE):
        read = first_page(pages[0], rng, device).values["header/candidate"]
        assert (read.value, read.how, read.sure) == (KNOWN["header/candidate"], "print", "likely")


@pytest.mark.parametrize("touch", ["struck out", "one letter changed", "added to"])
def test_what_we_printed_and_a_hand_changed_is_asked_back(
    touch: str, pages: list[Gray], rng: np.random.Generator
) -> None:
    box = box_of("header/candidate")
    scale = paper.PAPER_DPI / 72
    if touch == "struck out":
        ends = [(box.x + 2, box.y + 8), (box.x + 70, box.y + 7)]
        cv2.line(pages[0], *(tuple(round(v * scale) for v in e) for e in ends), 40, 5)
    elif touch == "one letter changed":
        ends = [(box.x + 9, box.y + 4), (box.x + 10, box.y + 11)]
        cv2.line(pages[0], *(tuple(round(v * scale) for v in e) for e in ends), 40, 5)
    else:
        Pen(pages[0], rng).write(Box(box.x + 130, box.y, 90, box.height))
    found = scanned(pages, rng)
    assert found.values["header/candidate"].sure == "doubtful"
    assert any(one.field == "header/candidate" for one in found.doubts)


# Ticks


@pytest.mark.parametrize(
    "device", [FLATBED, WORN, PHONE, Device(dpi=100), Device(skew=-4)], ids=lambda d: f"{d}"[7:-1]
)
def test_a_plain_mark_is_a_tick(
    device: Device, pages: list[Gray], rng: np.random.Generator
) -> None:
    marks = dict(zip(ROWS, ("cross", "check", "slash", "blacken", "dot"), strict=False))
    for row, mark in marks.items():
        getattr(Pen(pages[0], rng), mark)(box_of(row, "defavorable"))
    read = first_page(pages[0], rng, device).values
    assert {row: (read[row].value, read[row].sure) for row in ROWS} == {
        row: ("defavorable" if row in marks else "", "certain") for row in ROWS
    }


def struck_out(pen: Pen, box: Box, other: Box) -> None:
    pen.cross(box)
    pen.strike_out(box)


def lined_through(pen: Pen, box: Box, other: Box) -> None:
    pen.cross(box)
    pen.line_through(box)


def two_ticks(pen: Pen, box: Box, other: Box) -> None:
    pen.cross(box)
    pen.cross(other)


def one_struck_one_ticked(pen: Pen, box: Box, other: Box) -> None:
    struck_out(pen, box, other)
    pen.cross(other)


def in_pencil(pen: Pen, box: Box, other: Box) -> None:
    Pen(pen.page, pen.rng, PENCIL, 0.4).cross(box)


def encircled(pen: Pen, box: Box, other: Box) -> None:
    pen.encircle(box)


def beside_the_box(pen: Pen, box: Box, other: Box) -> None:
    pen.cross(Box(box.x + 19, box.y + 1, box.width, box.height))


UNSURE = (
    struck_out,
    lined_through,
    two_ticks,
    one_struck_one_ticked,
    in_pencil,
    encircled,
    beside_the_box,
)


@pytest.mark.parametrize("device", [FLATBED, WORN, PHONE], ids=["flatbed", "worn", "phone"])
def test_a_mark_nobody_could_be_sure_of_is_asked_back(
    device: Device, pages: list[Gray], rng: np.random.Generator
) -> None:
    marks = dict(zip(ROWS, UNSURE, strict=False))
    for row, unsure in marks.items():
        unsure(Pen(pages[0], rng), box_of(row, "favorable"), box_of(row, "non_observe"))
    found = first_page(pages[0], rng, device)
    read = {marks[row].__name__: found.values[row].sure for row in marks}
    assert read == {unsure.__name__: "doubtful" for unsure in UNSURE}
    assert all(found.values[row].value is None for row in marks)
    assert {doubt.field for doubt in found.doubts} == set(marks)
    assert all("Avis" in doubt.words for doubt in found.doubts)
    assert set(marks) <= set(found.crops)
    assert found.values[ROWS[-1]].sure == "certain"


def test_a_printed_tick_nobody_touched_stays_ticked(rng: np.random.Generator) -> None:
    pdf = print_of(Avis, {AVIS_MARK: "favorable"})
    (page, *_) = paper.printed(pdf)
    known = layout_of(pdf)
    picture = paper.png(taken(page, WORN, rng))
    (found,) = understand(picture, {known.imprint.serial: known}).prints
    assert found.values[AVIS_MARK].value == "favorable"


# Pages


def test_words_written_outside_the_boxes_are_named_and_shown(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    Pen(pages[1], rng).write(Box(60, 600, 300, 20))
    found = scanned(pages, rng, WORN)
    assert any("page 2 : quelque chose est écrit hors des cases" in r for r in found.reasons)
    assert [name for name in found.crops if name.startswith("hors des cases, page 2")]
    assert not [name for name in found.crops if name.startswith("hors des cases, page 1")]


def test_a_hand_signature_is_seen_and_shown(pages: list[Gray], rng: np.random.Generator) -> None:
    assert not scanned(pages, rng, WORN).signatures[0].inked
    Pen(pages[1], rng).write(box_of("signature/entreprise"), 0.4)
    found = scanned(pages, rng, WORN)
    assert found.signatures[0].inked
    assert "signature/entreprise" in found.crops


def test_pages_come_in_any_order_and_any_way_up(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    Pen(pages[0], rng).cross(box_of(AVIS_MARK, "favorable"))
    pictures = [
        taken(pages[1], Device(turned=180), rng),
        taken(pages[0], Device(turned=90, skew=1), rng),
    ]
    (found,) = understand(paper.tiff(pictures), layouts(Avis)).prints
    assert found.pages == (1, 2)
    assert found.missing == ()
    assert found.values[AVIS_MARK].value == "favorable"


def test_two_pages_on_one_sheet_are_both_read(pages: list[Gray], rng: np.random.Generator) -> None:
    Pen(pages[0], rng).cross(box_of(AVIS_MARK, "favorable"))
    side_by_side = np.concatenate(pages, axis=1)
    sheet = cv2.resize(side_by_side, (3508, 2480), interpolation=cv2.INTER_AREA)
    device = Device(dpi=200, skew=1, noise=0.2)
    (found,) = understand(paper.jpeg(taken(sheet, device, rng)), layouts(Avis)).prints
    assert found.pages == (1, 2)
    assert found.values[AVIS_MARK].value == "favorable"


THREE = (Avis, Grid, Inscription)


def test_several_forms_in_one_file_are_kept_apart(rng: np.random.Generator) -> None:
    prints = {
        serial: print_of(form, serial=serial) for form, serial in zip(THREE, "ABC", strict=True)
    }
    pictures = [p for pdf in prints.values() for p in paper.printed(pdf, 150)]
    rng.shuffle(pictures)
    known = {serial: layout_of(pdf) for serial, pdf in prints.items()}
    found = understand(paper.pdf(pictures, 150), known)
    assert {one.imprint.serial: one.imprint.form for one in found.prints} == {
        serial: form.NAME for form, serial in zip(THREE, "ABC", strict=True)
    }
    assert all(one.pages == (1, 2) and not one.missing for one in found.prints)


def test_a_bundle_of_grids_on_paper_keeps_each_grid_to_itself(rng: np.random.Generator) -> None:
    bloc = samples.cqpm().blocs[0]
    scopes = [Scope(certification=samples.cqpm(), competence=c.id) for c in bloc.competences]
    pdf = make_bundle(Grid, scopes, imprint=imprint_of(Grid), key=samples.KEY)
    known = layout_of(pdf)
    pages = paper.printed(pdf)
    verdicts = [one for one in known.fields if one.name.endswith("/conclusion/verdict")]
    for number, one in enumerate(verdicts):
        spot = one.spots[number % 2]
        Pen(pages[spot.page - 1], rng).cross(spot.box)
    pictures = [taken(page, WORN, rng) for page in pages]
    (found,) = understand(paper.pdf(pictures, 150), {known.imprint.serial: known}).prints
    assert found.missing == ()
    assert [found.values[one.name].value for one in verdicts] == [
        one.spots[number % 2].option for number, one in enumerate(verdicts)
    ]


def test_a_missing_page_is_named(pages: list[Gray], rng: np.random.Generator) -> None:
    found = first_page(pages[0], rng)
    assert found.missing == (2,)
    assert "il manque la page 2." in found.reasons


def test_a_page_twice_with_two_answers_is_asked_back(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    copies = [pages[0].copy(), pages[0].copy()]
    Pen(copies[0], rng).cross(box_of(AVIS_MARK, "favorable"))
    Pen(copies[1], rng).cross(box_of(AVIS_MARK, "defavorable"))
    found = scanned([*copies, pages[1]], rng)
    assert found.values[AVIS_MARK].sure == "doubtful"
    assert "la page 1 figure plusieurs fois." in found.reasons


def test_the_white_back_of_a_sheet_is_passed_over_and_a_strange_page_is_named(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    stranger = np.full_like(pages[0], 255)
    cv2.putText(stranger, "Facture", (300, 900), cv2.FONT_HERSHEY_SIMPLEX, 6, 0, 12)
    white = np.full_like(pages[0], 250)
    pictures = [taken(p, WORN, rng) for p in (pages[0], white, pages[1], stranger)]
    found = understand(paper.pdf(pictures, 150), layouts(Avis))
    assert found.prints[0].pages == (1, 2)
    assert len(found.reasons) == 1
    assert found.reasons[0].startswith("feuille 4 : aucun repère")


def test_a_page_whose_foot_is_cut_off_is_refused_and_not_read(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    cut = taken(pages[0], Device(skew=1), rng)[: 1754 * 2 // 3]
    (found,) = understand(paper.png(cut), layouts(Avis)).prints
    assert found.values == {}
    assert found.missing == (1, 2)
    assert any("numérisez-la à plat et entière" in reason for reason in found.reasons)


def test_a_page_with_another_text_under_the_same_code_gives_nothing_sure(
    rng: np.random.Generator,
) -> None:
    pages = paper.printed(print_of(Avis))
    other = paper.printed(print_of(Grid))
    code, *_ = (layout(Avis).pages[0].code,)
    scale = paper.PAPER_DPI / 72
    x, y, r, b = (
        round(v * scale) for v in (code.x - 4, code.y - 4, code.right + 4, code.bottom + 4)
    )
    other[0][y:b, x:r] = pages[0][y:b, x:r]
    found = first_page(other[0], rng)
    assert not [v for v in found.values.values() if v.sure in ("certain", "likely")]


def test_a_first_look_without_layouts_names_the_prints(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    found = understand(paper.jpeg(taken(pages[0], PHONE, rng)), {})
    assert [one.serial for one in found.strangers] == [layout(Avis).imprint.serial]
    assert found.prints == ()


# Files


def test_a_heic_photo_is_looked_at() -> None:
    """photo.heic: page 1 of an avis of serial PHOTOHEIC001 (`marked.print_of`), as a phone of
    110 dpi sees it (`paper.Device`), encoded once by pillow-heif.
    """
    photo = Path(__file__).with_name("photo.heic").read_bytes()
    assert [one.serial for one in understand(photo, {}).strangers] == ["PHOTOHEIC001"]


def test_what_recognition_software_wrote_under_a_scan_is_not_believed(
    pages: list[Gray], rng: np.random.Generator
) -> None:
    Pen(pages[0], rng).write(box_of("activities"))
    scan = paper.pdf([taken(page, FLATBED, rng) for page in pages], 150)
    with pikepdf.open(BytesIO(scan)) as pdf:
        box, page = box_of("activities"), pdf.pages[0]
        page.Resources.Font = pikepdf.Dictionary(
            F0=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
        text = b"BT /F0 10 Tf 3 Tr %d %d Td (Mis en securite) Tj ET" % (box.x + 5, 842 - box.y - 14)
        page.contents_add(pdf.make_stream(text))
        out = BytesIO()
        pdf.save(out)
    (found,) = understand(out.getvalue(), layouts(Avis)).prints
    assert found.how == "scan"
    assert found.values["activities"].sure == "unread"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\nand then nothing", "abîmée"),
        (b"GIF89a", "GIF"),
        (b"PK\x03\x04", "archive"),
        (b"%PDF-1.7\nnothing", "abîmé"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        understand(data, {})
    assert words in refused.value.message
    assert refused.value.remedy


def test_a_picture_of_too_many_points_is_refused_before_it_is_opened() -> None:
    out = BytesIO()
    Image.new("1", (10_000, 9_000)).save(out, "PNG")
    with pytest.raises(
        UnreadableFile, match=r"10000 × 9000 points.*; la limite est de 60 millions"
    ):
        understand(out.getvalue(), {})


def test_the_outcome_travels_as_json(pages: list[Gray], rng: np.random.Generator) -> None:
    found = understand(paper.png(taken(pages[0], FLATBED, rng)), layouts(Avis))
    assert Returned.model_validate_json(found.model_dump_json()) == found
