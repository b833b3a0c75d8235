"""What a reader that is not ours finds in a page: its words, where they stand, its fields."""

import io
import re
from dataclasses import dataclass
from typing import Any

import page
import pikepdf
import pypdfium2


@dataclass(frozen=True)
class Rect:
    """A run of text on a page: points, up from the bottom left."""

    page: int
    left: float
    bottom: float
    right: float
    top: float
    text: str

    def crosses(self, other: "Rect", slack: float) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        up = min(self.top, other.top) - max(self.bottom, other.bottom)
        return self.page == other.page and across > slack and up > slack


def failures(data: bytes) -> list[str]:
    return [
        f"{profile}: {failure.rule_id} {failure.message}"
        for profile in ("2a", "ua1")
        for failure in page.validate_pdf_bytes(data, profile=profile).failures
    ]


def words(data: bytes) -> str:
    """All text, spaces and line ends made one plain space."""
    document = pypdfium2.PdfDocument(data)
    text = "\n".join(one.get_textpage().get_text_range() for one in document)
    document.close()
    # pdfium écrit U+FFFE au trait d’union qui finit une ligne.
    return plain(re.sub(r"\ufffe\s*", "-", text))


def plain(text: str) -> str:
    return " ".join(text.split())


def lines(data: bytes) -> list[Rect]:
    """Every run of text with the ink’s box."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for number, one in enumerate(document):
        text = one.get_textpage()
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            inside = text.get_text_bounded(left, bottom, right, top)
            found.append(Rect(number, left, bottom, right, top, inside))
    document.close()
    return found


def size(data: bytes) -> tuple[float, float]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        box = pdf.pages[0].mediabox
        return float(box[2]), float(box[3])


def fields(data: bytes) -> dict[str, dict[str, Any]]:
    """Each field by name: type, words, page, box, lock."""
    found: dict[str, dict[str, Any]] = {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, one in enumerate(pdf.pages):
            for widget in one.get("/Annots", []):
                lock = widget.get("/Lock")
                found[str(widget.T)] = {
                    "type": str(widget.FT),
                    "words": str(widget.TU),
                    "page": number,
                    "box": [float(v) for v in widget.Rect],
                    "lock": {str(k): str(v) for k, v in lock.items()} if lock else None,
                }
        form = pdf.Root.get("/AcroForm")
        declared = [str(f.T) for f in form.Fields] if form is not None else []
    assert sorted(declared) == sorted(found)
    return found
