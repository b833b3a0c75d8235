"""JBIG2 pages as office scanners embed them, made without an encoder.

A generic region of JBIG2 may hold the coding of a group 4 fax (T.88, 6.2.6), which Pillow writes.
"""

import struct
from io import BytesIO

import numpy as np
import pikepdf
from PIL import Image

from tests.returns.paper import Gray

_PAGE, _GENERIC, _END = 48, 38, 49
_BY_FAX_CODING = 1


def pdf_of(pages: list[Gray], dpi: int) -> bytes:
    """A PDF of one JBIG2 picture a page."""
    target = pikepdf.new()
    for page in pages:
        high, wide = page.shape
        size = (wide * 72 / dpi, high * 72 / dpi)
        target.add_blank_page(page_size=size)
        image = pikepdf.Stream(
            target,
            _segments(page),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=wide,
            Height=high,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=1,
            Filter=pikepdf.Name.JBIG2Decode,
        )
        sheet = target.pages[-1]
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I0=image))
        sheet.Contents = pikepdf.Stream(target, b"q %.3f 0 0 %.3f 0 0 cm /I0 Do Q" % size)
    out = BytesIO()
    target.save(out)
    return out.getvalue()


def _segments(page: Gray) -> bytes:
    high, wide = page.shape
    told = struct.pack(">IIIIBH", wide, high, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", wide, high, 0, 0, 0) + bytes((_BY_FAX_CODING,))
    parts = (_PAGE, told), (_GENERIC, region + _fax_coding(page)), (_END, b"")
    return b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data
        for number, (kind, data) in enumerate(parts)
    )


def _fax_coding(page: Gray) -> bytes:
    """The page by group 4, black being one, in a single strip."""
    out = BytesIO()
    # Pillow codes what is light as the fax’s black: the page is given to it as a negative.
    negative = Image.fromarray(np.where(page > 150, 0, 255).astype(np.uint8)).convert("1")
    negative.save(out, "TIFF", compression="group4", strip_size=1 << 30)
    with Image.open(BytesIO(out.getvalue())) as written:
        tags = written.tag_v2
        assert (len(tags[273]), tags.get(266, 1)) == (1, 1)
        start, count = tags[273][0], tags[279][0]
    return out.getvalue()[start : start + count]
