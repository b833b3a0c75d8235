"""The folio each page of a volume bears in its margin: a whole volume is quoted, printed or not.

« 2026-0042/3 · folio 37 sur 310 »: the page’s own label, as a viewer shows it, and its place in the
volume. It is drawn on copies made for reading; the originals are embedded beside them, untouched.
"""

from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from signing.font import Packed, type0
from signing.typeface import face

_FONT = Name("/PRCHMNFolio")
_SIZE, _GREY = 6.5, b"0.38 g"
# Points from the right edge and from the foot, 18 and 5.5 mm: under what our pages say at their
# foot, at the end of their column, left of the marks printed in their corners.
_EDGE, _FOOT = 51.0, 15.6


def draw(volume: pikepdf.Pdf, labels: Sequence[str]) -> None:
    """Write its folio on each page of `volume`; labels: one a page, the page’s number when bare."""
    count = len(labels)
    texts = [
        f"folio {number} sur {count}" if label == str(number) else
        f"{label} · folio {number} sur {count}"
        for number, label in enumerate(labels, start=1)
    ]  # fmt: skip
    if not texts:
        return
    cut = face("Regular", "".join({*"".join(labels)}))
    font, saved = _written(volume, type0(cut)), volume.make_stream(b"q\n")
    widths = {c: cut.width(c, _SIZE) for c in {*"".join(texts)}}
    drawn = {c: cut.encoded(c)[1:-1] for c in widths}
    for page, text in zip(volume.pages, texts, strict=True):
        held = page.resources.get("/Font")
        if held is None:
            page.resources.Font = held = Dictionary()
        held[_FONT] = font
        # What the page left open is closed first: the folio stands where it stands on every page.
        width = sum(map(widths.__getitem__, text))
        words = b"".join(map(drawn.__getitem__, text))
        folio = volume.make_stream(b"\nQ " + _placed(page, words, width))
        page.contents_add(saved, prepend=True)
        page.contents_add(folio)


def _placed(page: pikepdf.Page, words: bytes, width: float) -> bytes:
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    turn = int(page.obj.get("/Rotate", 0)) % 360
    wide, to_page = {
        90: (top - bottom, (0, 1, -1, 0, right, bottom)),
        180: (right - left, (-1, 0, 0, -1, right, top)),
        270: (top - bottom, (0, -1, 1, 0, left, top)),
    }.get(turn, (right - left, (1, 0, 0, 1, left, bottom)))
    return (
        b"/Artifact <</Type /Pagination>> BDC q %g %g %g %g %g %g cm\n"
        b"BT %s %s %g Tf %g %g Td <%s> Tj ET Q EMC\n"
        % (*to_page, _GREY, bytes(_FONT), _SIZE, wide - _EDGE - width, _FOOT, words)
    )


def _written(volume: pikepdf.Pdf, value: object) -> object:
    match value:
        case Packed(entries, data):
            stream = volume.make_stream(b"", _written(volume, entries))
            stream.write(data, filter=Name.FlateDecode)
            return stream
        case dict():
            held = Dictionary({k: _written(volume, v) for k, v in value.items()})
            return volume.make_indirect(held) if "/Type" in value else held
        case list():
            return Array(_written(volume, part) for part in value)
        case str():
            return Name(value) if value.startswith("/") else String(value)
        case _:
            return value
