"""PDF pages as pictures and as letters, each with its place: PDFium’s one door.

Whatever lies over a page (fields, ink, notes) is made part of it first, as printing would. Foreign
bytes can abort the whole process here: sandbox only.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from casefiles.errors import UnreadableFile
from forms.layout import Box
from forms.returns.rasters import Gray, ink_of

_MOST_LETTERS = 60_000
_MOST_ANNOTATIONS = 2_000
_LONGEST_NOTE = 4_000
STAMP = "un tampon ou une image"
DRAWN = "un tracé à main levée"
_INK = {
    pdfium_c.FPDF_ANNOT_INK: DRAWN,
    pdfium_c.FPDF_ANNOT_FREETEXT: "un texte posé",
    pdfium_c.FPDF_ANNOT_STAMP: STAMP,
    pdfium_c.FPDF_ANNOT_LINE: "un trait",
    pdfium_c.FPDF_ANNOT_SQUARE: "un cadre",
    pdfium_c.FPDF_ANNOT_CIRCLE: "un cercle",
    pdfium_c.FPDF_ANNOT_POLYGON: "un contour",
    pdfium_c.FPDF_ANNOT_POLYLINE: "un tracé",
    pdfium_c.FPDF_ANNOT_STRIKEOUT: "une rature",
    pdfium_c.FPDF_ANNOT_HIGHLIGHT: "un surlignage",
    pdfium_c.FPDF_ANNOT_UNDERLINE: "un soulignement",
    pdfium_c.FPDF_ANNOT_SQUIGGLY: "un soulignement",
    pdfium_c.FPDF_ANNOT_CARET: "un renvoi d’insertion",
    pdfium_c.FPDF_ANNOT_TEXT: "une note",
    pdfium_c.FPDF_ANNOT_REDACT: "un caviardage",
    pdfium_c.FPDF_ANNOT_WATERMARK: "un filigrane",
    pdfium_c.FPDF_ANNOT_FILEATTACHMENT: "un fichier joint",
}
_NO_INK = (pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_POPUP)
_LINK = pdfium_c.FPDF_ANNOT_LINK
_INVISIBLE = pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE


@dataclass(frozen=True, slots=True)
class Letter:
    """A character drawn on a page: its ink’s box and where it stands on its line, in points.

    Measured from the top left of the page. made_up: a space or line end PDFium inferred.
    """

    char: str
    box: Box
    foot: tuple[float, float]
    made_up: bool = False


@dataclass(frozen=True, kw_only=True)
class Over:
    """An annotation that is no field: what kind, where (points from the top left), its words.

    shown: whether the file says how it looks; if not, another viewer may draw what we do not see.
    """

    kind: str
    box: Box
    words: str = ""
    shown: bool = True


class PdfSheet:
    """One page of a foreign PDF, as a viewer shows it."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self.width, self.height = page.get_size()
        self._to_shown = self._measured()
        self.over: tuple[Over, ...] = ()

    def see_over(self) -> bool:
        """Note what lies over the page; whether anything does, fields included."""
        raw, found = self._page.raw, []
        # Drawing them once makes PDFium write down how those look that do not say it.
        self._page.render(scale=1 / max(self.width, self.height, 1.0), draw_annots=True)
        count = min(pdfium_c.FPDFPage_GetAnnotCount(raw), _MOST_ANNOTATIONS)
        for index in range(count):
            annotation = pdfium_c.FPDFPage_GetAnnot(raw, index)
            if not annotation:
                continue
            subtype = pdfium_c.FPDFAnnot_GetSubtype(annotation)
            looks = bool(pdfium_c.FPDFAnnot_HasKey(annotation, b"AP"))
            draws = looks if subtype == _LINK else subtype not in _NO_INK
            place = pdfium_c.FS_RECTF()
            if draws and pdfium_c.FPDFAnnot_GetRect(annotation, place):
                kind = _INK.get(subtype, "une annotation")
                box = self._box(place.left, place.bottom, place.right, place.top)
                found.append(Over(kind=kind, box=box, words=_contents(annotation), shown=looks))
            pdfium_c.FPDFPage_CloseAnnot(annotation)
        self.over = tuple(found)
        return bool(count > 0)

    def gray(self, longest: int) -> Gray:
        """The page in greys, its longer side `longest` pixels."""
        scale = longest / max(self.width, self.height, 1.0)
        drawn = self._page.render(scale=scale, grayscale=True, draw_annots=True).to_numpy()
        return np.ascontiguousarray(drawn.reshape(drawn.shape[:2]), dtype=np.uint8)

    def ink(self, longest: int) -> Gray:
        """The same, to be read: a yellow pen shows too."""
        scale = longest / max(self.width, self.height, 1.0)
        drawn = self._page.render(scale=scale, rev_byteorder=True, draw_annots=True).to_numpy()
        return ink_of(drawn[:, :, :3])

    def pictures(self) -> tuple[Box, ...]:
        """Where images lie, in points from the top left."""
        found = []
        for one in self._page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=8):
            found.append(self._box(*one.get_bounds()))
        return tuple(found)

    def hidden_text(self) -> bool:
        """Whether some text is there without being drawn, as character recognition leaves it."""
        return any(
            pdfium_c.FPDFTextObj_GetTextRenderMode(one.raw) == _INVISIBLE
            for one in self._page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_TEXT], max_depth=8)
        )

    def letters(self) -> tuple[Letter, ...]:
        """Every character of the page, in the order PDFium reads them."""
        page = self._page.get_textpage()
        try:
            return tuple(self._letters(page.raw))
        finally:
            page.close()

    def words_in(self, left: float, bottom: float, right: float, top: float) -> str:
        """What is written in a rectangle of the page’s own space, in PDFium’s order."""
        page = self._page.get_textpage()
        try:
            return str(page.get_text_bounded(left, bottom, right, top))
        finally:
            page.close()

    def _letters(self, raw: object) -> Iterator[Letter]:
        left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
        count = pdfium_c.FPDFText_CountChars(raw)
        if count > _MOST_LETTERS:
            raise UnreadableFile("Une page de ce PDF porte beaucoup trop de texte.")
        for index in range(count):
            code = pdfium_c.FPDFText_GetUnicode(raw, index)
            made_up = pdfium_c.FPDFText_IsGenerated(raw, index) == 1
            pdfium_c.FPDFText_GetCharBox(raw, index, left, right, bottom, top)
            box = self._box(left.value, bottom.value, right.value, top.value)
            pdfium_c.FPDFText_GetCharOrigin(raw, index, x, y)
            char = chr(code) if code < 0x110000 else "\ufffd"
            yield Letter(char, box, self._shown(x.value, y.value), made_up)

    def _box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A rectangle of the page’s own space, as it shows: turned, cropped, from the top left."""
        (x1, y1), (x2, y2) = self._shown(left, bottom), self._shown(right, top)
        return Box(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self._to_shown
        return a * x + c * y + e, b * x + d * y + f

    def _measured(self) -> tuple[float, float, float, float, float, float]:
        fine = 1000
        wide, high = round(self.width * fine), round(self.height * fine)
        x, y = ctypes.c_int(), ctypes.c_int()

        def shown(px: float, py: float) -> tuple[float, float]:
            pdfium_c.FPDF_PageToDevice(self._page.raw, 0, 0, wide, high, 0, px, py, x, y)
            return x.value / fine, y.value / fine

        (e, f), (ax, ay), (cx, cy) = shown(0, 0), shown(100, 0), shown(0, 100)
        return (ax - e) / 100, (ay - f) / 100, (cx - e) / 100, (cy - f) / 100, e, f


class PdfSheets:
    """The pages of a foreign PDF."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    @contextmanager
    def sheet(self, index: int) -> Iterator[PdfSheet]:
        """One page, whatever lies over it made part of it."""
        page = self._document[index]
        seen = PdfSheet(page)
        if seen.see_over():
            pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_NORMALDISPLAY)
            page.close()
            page = self._document[index]
            over, seen = seen.over, PdfSheet(page)
            seen.over = over
        try:
            yield seen
        finally:
            page.close()


@contextmanager
def pdf_sheets(data: bytes) -> Iterator[PdfSheets]:
    """The document those bytes are; UnreadableFile when PDFium does not open it."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as wrong:
        raise UnreadableFile(
            "Ce PDF est abîmé ou protégé : ses pages ne s’affichent pas.",
            "Ouvrez-le dans votre lecteur, imprimez-le en PDF et déposez cette copie.",
        ) from wrong
    try:
        yield PdfSheets(document)
    finally:
        document.close()


def _contents(annotation: object) -> str:
    size = pdfium_c.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    if size <= 2 or size > 2 * _LONGEST_NOTE + 2:
        return ""
    room = ctypes.create_string_buffer(size)
    pdfium_c.FPDFAnnot_GetStringValue(
        annotation, b"Contents", ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), size
    )
    return room.raw[: size - 2].decode("utf-16-le", "replace")
