"""The whole of a returned file: its pages recognised by their codes, straightened, read, gathered.

It reads foreign bytes with libraries that may crash: only inside the sandbox’s child process. It
writes nothing, fetches nothing, and knows of the house only the layouts it is given.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO

import cv2
import numpy as np
import pikepdf

from casefiles.answers.imprint import Imprint
from casefiles.errors import UnreadableFile
from forms.bounds import in_force, weigh
from forms.faces import face
from forms.layout import Box
from forms.opening import not_a_pdf
from forms.read import FieldsRead, read
from forms.returns import ink
from forms.returns.codes import CodeSeen, codes_of
from forms.returns.gathering import Gathering
from forms.returns.geometry import Layout
from forms.returns.one_page import Drawn, read_page
from forms.returns.outcome import Returned
from forms.returns.pictures import is_picture, sheets_of, too_many_sheets
from forms.returns.rasters import Gray, Real, enlarged, fit, paper_white, png
from forms.returns.rendering import Letter, Over, PdfSheet, pdf_sheets
from forms.returns.straighten import SCALE, Straightened, straighten

USUAL = 2200
"""The longer side, in pixels, a page is first looked at: 188 dpi on A4."""
COARSE = 1300
"""The longer side a grainy page is brought down to before it is enlarged again."""
FINE = 3600
"""The longer side when no code was read, or pages share a sheet."""
_NIGHT = 90
"""Darker than this grey, a page is a negative: a scanner wrongly set made it."""
_ON_THE_PAGE = "un texte ou un dessin ajouté à la page même"


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """One image, or one PDF page, to be looked at."""

    number: int
    usual: Gray
    fine: Gray | None
    pdf: PdfSheet | None = None


@dataclass
class _Prints:
    """The pages as we issued them, drawn once each."""

    drawn: dict[tuple[str, int], Gray] = field(default_factory=dict)

    def page(self, layout: Layout, page: int) -> Gray:
        """The page of a print, SCALE pixels per point."""
        key = (layout.imprint.serial, page)
        if key not in self.drawn:
            marks = layout.pages[page - 1]
            size = (round(marks.width * SCALE), round(marks.height * SCALE))
            with pdf_sheets(layout.pdf) as ours, ours.sheet(page - 1) as sheet:
                gray = sheet.ink(max(size))
            if gray.shape != (size[1], size[0]):
                gray = np.asarray(cv2.resize(gray, size), np.uint8)
            self.drawn[key] = gray
        return self.drawn[key]


def understand(
    data: bytes, layouts: Mapping[str, Layout], *, also: Sequence[bytes] = ()
) -> Returned:
    """Everything those bytes hold; `layouts` of the known prints, by serial.

    also: earlier files, looked at for the pages these bytes lack. Without a layout a print is only
    named, in `strangers`: a first call with none tells which layouts to bring. UnreadableFile says
    why nothing can be read at all.
    """
    gathering = Gathering(layouts)
    prints = _Prints()
    count = _read_all(data, layouts, prints, gathering)
    for earlier in also:
        gathering.only_missing()
        count += _read_all(earlier, layouts, prints, gathering)
    return gathering.returned(count)


def _read_all(
    data: bytes, layouts: Mapping[str, Layout], prints: _Prints, gathering: Gathering
) -> int:
    """Gather every page of one file; how many sheets it has."""
    fields = _fields(data)
    count = 0
    hidden = set()
    rewritten = _rewritten(data, fields, layouts)
    for sheet in _sheets(data):
        count += 1
        if sheet.number in rewritten and sheet.pdf is not None:
            whole = Box(0, 0, sheet.pdf.width, sheet.pdf.height)
            sheet.pdf.over += (Over(kind=_ON_THE_PAGE, box=whole),)
        read_here = _look_at(sheet, fields, layouts, prints, gathering)
        if not read_here and sheet.pdf is not None and sheet.pdf.over:
            hidden.add(sheet.number)
    if fields is not None and fields.imprint is not None:
        gathering.fields_of(fields, hidden)
    return count


def _sheets(data: bytes) -> Iterator[_Sheet]:
    if is_picture(data):
        for number, picture in enumerate(sheets_of(data, FINE, ink=True), start=1):
            usual = fit(picture, USUAL)
            yield _Sheet(number=number, usual=usual, fine=None if usual is picture else picture)
        return
    if b"%PDF-" not in data[:1024]:
        raise not_a_pdf(data)
    with suppress(pikepdf.PdfError, pikepdf.PasswordError), pikepdf.open(BytesIO(data)) as pdf:
        weigh(pdf)
    with pdf_sheets(data) as pages:
        if len(pages) > (most := min(in_force().sheets, in_force().pages)):
            raise too_many_sheets(len(pages), most)
        for index in range(len(pages)):
            with pages.sheet(index) as sheet:
                yield _Sheet(number=index + 1, usual=sheet.ink(USUAL), fine=None, pdf=sheet)


def _fields(data: bytes) -> FieldsRead | None:
    """The fields of a fillable PDF; None when it has none."""
    with suppress(UnreadableFile):
        found = read(data)
        # Several prints, or fields and scans, put together in one file: only its pages say it all.
        return found if found.values and not (found.put_together or found.bare) else None
    return None


def _rewritten(
    data: bytes, fields: FieldsRead | None, layouts: Mapping[str, Layout]
) -> frozenset[int]:
    """The pages of a fillable file whose own content is not as we printed it.

    Some programs draw what is posed on a form into the page and leave its fields empty: such a page
    is looked at as one that is written all over.
    """
    if fields is None or fields.imprint is None or fields.imprint.serial not in layouts:
        return frozenset()
    ours = face(layouts[fields.imprint.serial].pdf)["pages"]
    theirs = face(data)["pages"]
    return frozenset(n for n, one in enumerate(theirs, 1) if [one] != ours[n - 1 : n])


def _look_at(
    sheet: _Sheet,
    fields: FieldsRead | None,
    layouts: Mapping[str, Layout],
    prints: _Prints,
    gathering: Gathering,
) -> bool:
    """Read each page on the sheet; whether every one of them was."""
    picture, codes = _codes(sheet)
    read_here = bool(codes)
    if not codes and not _blank(sheet.usual):
        gathering.lost(sheet.number)
    for code in codes:
        layout = layouts.get(code.imprint.serial)
        if layout is None:
            gathering.stranger(code.imprint)
            read_here = False
            continue
        if gathering.has(code.imprint):
            continue
        if code.imprint.page > len(layout.pages):
            gathering.unlike(code.imprint, sheet.number)
            read_here = False
            continue
        straight = straighten(picture, code, layout.pages[code.imprint.page - 1])
        if straight is None:
            gathering.no_marks(code.imprint, sheet.number)
            read_here = False
            continue
        _read_one(sheet, picture, code.imprint, layout, straight, fields, prints, gathering)
    return read_here


def _read_one(
    sheet: _Sheet,
    picture: Gray,
    imprint: Imprint,
    layout: Layout,
    straight: Straightened,
    fields: FieldsRead | None,
    prints: _Prints,
    gathering: Gathering,
) -> None:
    over: tuple[Over, ...] = ()
    drawn = None
    if sheet.pdf is not None:
        to_page = _to_page(sheet.pdf, picture, straight.from_picture)
        over = tuple(replace(one, box=_carried(one.box, to_page)) for one in sheet.pdf.over)
        drawn = _drawn(sheet.pdf, to_page)
    ours = fields is not None and fields.imprint is not None
    if ours and not over:
        return  # its fields say it all, and `fields_of` takes them
    asked = layout.on_page(imprint.page)
    page = read_page(
        layout,
        imprint.page,
        straight,
        prints.page(layout, imprint.page),
        drawn,
        also_shown={one.name for one in asked if ink.touching(one, over)},
    )
    if fields is not None and ours:
        gathering.add_inked(
            imprint,
            page,
            ink.merged(asked, page.fields, fields, over, imprint.page),
            ink.named(over, imprint.page),
        )
        return
    gathering.add(imprint, ink.over_a_flat_page(page, asked, over))
    if over:
        gathering.remark(imprint, ink.named(over, imprint.page))


def _codes(sheet: _Sheet) -> tuple[Gray, tuple[CodeSeen, ...]]:
    """The codes of a sheet and the picture they were seen in; a closer look when one is wanted."""
    picture = sheet.usual
    codes = codes_of(picture)
    if not codes and _blank(picture):
        return picture, ()
    if not codes:
        # Coarse grain hides small modules: made smaller then larger, they come out.
        smoothed = enlarged(fit(picture, COARSE), 2.0)
        if found := codes_of(smoothed):
            picture, codes = smoothed, found
    if not codes or _room_for_another(picture, codes):
        closer = sheet.pdf.ink(FINE) if sheet.pdf is not None else sheet.fine
        if closer is not None and len(found := codes_of(closer)) > len(codes):
            return closer, found
        if not codes and np.median(picture) < _NIGHT:
            negative = 255 - (picture if closer is None else closer)
            return negative, codes_of(negative)
    return picture, codes


def _room_for_another(picture: Gray, codes: Sequence[CodeSeen]) -> bool:
    """Whether the pages found leave room on the sheet for one more."""
    taken = sum((9.54 * one.side) * (13.5 * one.side) for one in codes)
    return taken < 0.6 * picture.size


def _blank(picture: Gray) -> bool:
    """Whether a sheet is white, as the backs of scanned pages are."""
    small = paper_white(fit(picture, 900))
    return float((small < 150).mean()) < 0.0008


def _to_page(sheet: PdfSheet, picture: Gray, from_picture: Real) -> Real:
    """From points of the PDF page to points of the straight page."""
    # The page fills its picture, whose sides are whole pixels: two scales, not quite the same.
    into = np.diag([picture.shape[1] / sheet.width, picture.shape[0] / sheet.height, 1.0])
    return np.asarray(np.diag([1 / SCALE, 1 / SCALE, 1.0]) @ from_picture @ into, np.float64)


def _drawn(sheet: PdfSheet, to_page: Real) -> Drawn | None:
    """The letters and images of a page, in the print’s own points; None for a picture."""
    pictures = sheet.pictures()
    whole = sheet.width * sheet.height
    if sum(one.width * one.height for one in pictures) > 0.5 * whole or sheet.hidden_text():
        return None
    letters = sheet.letters()
    if not letters:
        return None
    boxes = _carried_all([one.box for one in letters], to_page)
    feet = cv2.perspectiveTransform(np.array([[one.foot for one in letters]]), to_page)[0]
    return Drawn(
        letters=tuple(
            Letter(one.char, box, (float(x), float(y)), one.made_up)
            for one, box, (x, y) in zip(letters, boxes, feet, strict=True)
        ),
        pictures=tuple(_carried(one, to_page) for one in pictures),
    )


def _carried(box: Box, matrix: Real) -> Box:
    return _carried_all([box], matrix)[0]


def _carried_all(boxes: Sequence[Box], matrix: Real) -> list[Box]:
    ends = np.array([(b.x, b.y, b.right, b.bottom) for b in boxes], np.float64).reshape(-1, 1, 2)
    moved = cv2.perspectiveTransform(ends, matrix).reshape(-1, 2, 2)
    low, high = moved.min(axis=1), moved.max(axis=1)
    return [
        Box(float(x), float(y), float(right - x), float(bottom - y))
        for (x, y), (right, bottom) in zip(low, high, strict=True)
    ]


def preload() -> None:
    """Import and warm what reading needs, once, in the process that forks the children."""
    import pi_heif  # noqa: F401 une photo HEIC l’appellera

    with suppress(UnreadableFile):
        understand(png(np.full((64, 64), 255, np.uint8)), {})
