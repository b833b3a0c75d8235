"""Scans as a pile of paper makes them: pages of two prints, missing, twice, turned, hidden.

What the pile cannot say is asked back by its name; what it says is read as from any other scan.
"""

import struct
from collections.abc import Callable
from functools import cache
from io import BytesIO

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from casefiles.answers import Avis
from forms.returns.geometry import layout_of
from forms.returns.outcome import PrintReturned, Returned
from forms.returns.understanding import understand
from tests.returns import paper
from tests.returns.marked import Truth, filled_by_pen, layout, layouts, print_of, tally
from tests.returns.paper import PAPER_DPI, Device, Gray, Pen, taken

pytestmark = pytest.mark.long

OTHER = "8Q2MRTX4KJ9B"
SCANNER = Device(noise=0.2, skew=1.0, quality=60, dpi=200)
ROWS = tuple(one for one in layout(Avis).on_page(1) if one.kind == "one_of")
COMMENTS = tuple(one for one in layout(Avis).on_page(1) if one.name.endswith("/comment"))


@cache
def written(seed: int = 1, serial: str = "7Q2MRTX4KJ9A") -> tuple[tuple[Gray, ...], Truth]:
    """The two pages of an avis, filled by a pen, as the scanner sees them."""
    pages = paper.printed(print_of(Avis, serial=serial))
    truth = filled_by_pen(Avis, pages, np.random.default_rng(seed))
    return tuple(seen(page, seed) for page in pages), truth


def seen(page: Gray, seed: int = 3) -> Gray:
    return taken(page, SCANNER, np.random.default_rng(seed))


def read(*pages: Gray) -> Returned:
    both = {**layouts(Avis), OTHER: layout_of(print_of(Avis, serial=OTHER))}
    return understand(paper.pdf(list(pages), SCANNER.dpi), both)


def one_print(found: Returned) -> PrintReturned:
    (one,) = found.prints
    return one


# Piles


def test_pages_of_two_prints_are_each_asked_for_the_page_they_lack() -> None:
    (first, _), (_, second) = written()[0], written(2, OTHER)[0]
    found = {one.imprint.serial: one for one in read(first, second).prints}
    assert {serial: (one.pages, one.missing) for serial, one in found.items()} == {
        "7Q2MRTX4KJ9A": ((1,), (2,)),
        OTHER: ((2,), (1,)),
    }
    assert not found["7Q2MRTX4KJ9A"].values.keys() & found[OTHER].values.keys()


def test_a_page_twice_with_two_answers_keeps_neither() -> None:
    (first, second), truth = written()
    (again, _), others = written(2)
    found = one_print(read(first, second, again))
    assert (found.repeated, found.missing) == ((1,), ())
    differ = [one.name for one in ROWS if truth[one.name] != others[one.name]]
    assert len(differ) > 2
    assert {found.values[name].sure for name in differ} == {"doubtful"}
    assert "la page 1 figure plusieurs fois." in found.reasons


# Turned, cut, black for white


def turned(page: Gray) -> Gray:
    return np.ascontiguousarray(np.rot90(page, 2))


def sideways(page: Gray) -> Gray:
    return np.ascontiguousarray(np.rot90(page))


def negative(page: Gray) -> Gray:
    return np.asarray(255 - page, np.uint8)


def fitted_on_letter(page: Gray) -> Gray:
    """A4 made to fit the paper of an American machine."""
    wide, high = round(8.5 * SCANNER.dpi), 11 * SCANNER.dpi
    small = cv2.resize(page, None, fx=high / page.shape[0], fy=high / page.shape[0])
    sheet = np.full((high, wide), 255, np.uint8)
    left = (wide - small.shape[1]) // 2
    sheet[: small.shape[0], left : left + small.shape[1]] = small
    return sheet


def squeezed_on_letter(page: Gray) -> Gray:
    return np.asarray(cv2.resize(page, (round(8.5 * SCANNER.dpi), 11 * SCANNER.dpi)), np.uint8)


@pytest.mark.parametrize(
    "change", [turned, sideways, negative, fitted_on_letter, squeezed_on_letter]
)
def test_however_a_page_lies_or_is_scanned_its_answers_are_its_own(
    change: Callable[[Gray], Gray],
) -> None:
    pages, truth = written()
    wrong: list[str] = []
    found = read(change(pages[0]), change(pages[1]))
    told = tally(truth, found, wrong.append)
    assert wrong == []
    assert told.right >= tally(truth, read(*pages)).right - 2
    assert one_print(found).missing == ()


@pytest.mark.parametrize("kind", ["cut", "mirrored"])
def test_a_page_cut_off_or_mirrored_gives_nothing_and_says_so(kind: str) -> None:
    pages, _ = written()
    cut = [
        np.ascontiguousarray(one[:, ::-1] if kind == "mirrored" else one[: 11 * SCANNER.dpi])
        for one in pages
    ]
    found = one_print(read(*cut))
    assert (found.pages, found.missing, found.values) == ((), (1, 2), {})
    assert "les carrés noirs de ses coins ne se voient pas" in found.reasons[0]


# Notes that stick


@pytest.mark.parametrize("grey", [255, 215, 120])
def test_a_note_stuck_over_a_column_of_ticks_leaves_no_answer_under_it(grey: int) -> None:
    pages = [page.copy() for page in paper.printed(print_of(Avis))]
    for row in ROWS:
        Pen(pages[0], np.random.default_rng(4)).cross(row.spots[0].box)
    under = ROWS[1:4]
    first, last = under[0].spots[0].box, under[-1].spots[-1].box
    edges = (first.y - 10, last.bottom + 10, first.x - 8, last.right + 8)
    top, bottom, left, right = (round(one * PAPER_DPI / 72) for one in edges)
    pages[0][top:bottom, left:right] = grey
    found = one_print(read(*map(seen, pages)))
    assert {found.values[one.name].sure for one in under} == {"doubtful"}
    assert {found.values[one.name].value for one in (ROWS[0], *ROWS[5:])} == {"favorable"}


@pytest.mark.parametrize("grey", [255, 215, 120])
def test_a_note_stuck_over_a_written_comment_is_no_empty_comment(grey: int) -> None:
    pages = [page.copy() for page in paper.printed(print_of(Avis))]
    box = COMMENTS[1].spots[0].box
    Pen(pages[0], np.random.default_rng(4)).write(box, 0.6)
    edges = (box.y - 16, box.bottom + 16, box.x - 6, box.x + 190)
    top, bottom, left, right = (round(one * PAPER_DPI / 72) for one in edges)
    pages[0][top:bottom, left:right] = grey
    assert one_print(read(*map(seen, pages))).values[COMMENTS[1].name].sure in (
        "doubtful",
        "unread",
    )


# How scanners press their pages


def black_or_white(page: Gray) -> Image.Image:
    return Image.fromarray(np.where(page > 140, 255, 0).astype(np.uint8)).convert("1")


def group4_tiff(pages: tuple[Gray, ...]) -> bytes:
    out = BytesIO()
    first, *others = map(black_or_white, pages)
    first.save(
        out, "TIFF", save_all=True, append_images=others, compression="group4", dpi=(200, 200)
    )
    return out.getvalue()


def group4_pdf(pages: tuple[Gray, ...]) -> bytes:
    out = BytesIO()
    first, *others = map(black_or_white, pages)
    first.save(out, "PDF", save_all=True, append_images=others, resolution=200.0)
    return out.getvalue()


def jbig2_pdf(pages: tuple[Gray, ...]) -> bytes:
    """One JBIG2 image a page: a generic region, coded as ITU-T T.88 allows by T.6’s own code."""
    with pikepdf.new() as pdf:
        for page in pages:
            high, wide = page.shape
            region = struct.pack(">4IB", wide, high, 0, 0, 0) + b"\x01" + _group4(page)
            data = _segment(0, 48, struct.pack(">4IBH", wide, high, 0, 0, 0, 0))
            data += _segment(1, 38, region)
            image = pikepdf.Stream(pdf, data)
            image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            image.Width, image.Height, image.BitsPerComponent = wide, high, 1
            image.ColorSpace, image.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.JBIG2Decode
            size = (wide * 72 / SCANNER.dpi, high * 72 / SCANNER.dpi)
            sheet = pdf.add_blank_page(page_size=size)
            name = sheet.add_resource(image, pikepdf.Name.XObject)
            drawn = f"{size[0]} 0 0 {size[1]} 0 0 cm {name} Do"
            sheet.contents_add(pikepdf.Stream(pdf, drawn.encode()))
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def _segment(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def _group4(page: Gray) -> bytes:
    """The T.6 code of a page, its ink 1, out of the one strip of a TIFF."""
    out = BytesIO()
    ink = Image.fromarray(np.where(page > 140, 0, 255).astype(np.uint8)).convert("1")
    ink.save(out, "TIFF", compression="group4", tiffinfo={278: page.shape[0]})
    with Image.open(out) as made:
        (start,), (size,) = made.tag_v2[273], made.tag_v2[279]  # type: ignore[attr-defined]
    return out.getvalue()[start : start + size]


@pytest.mark.parametrize("pressed", [group4_tiff, group4_pdf, jbig2_pdf])
def test_a_scan_in_black_or_white_is_read_as_any_other(
    pressed: Callable[[tuple[Gray, ...]], bytes],
) -> None:
    pages, truth = written()
    wrong: list[str] = []
    told = tally(truth, understand(pressed(pages), layouts(Avis)), wrong.append)
    assert wrong == []
    assert told.right >= tally(truth, read(*pages)).right - 2
