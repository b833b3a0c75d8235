"""A crop on a page of ours, its pixels handed over as they came out of the sandbox: undecoded."""

import struct

from forms.layout import Box
from forms.objects import Name
from forms.returns.outcome import Crop
from forms.sheet import Sheet
from forms.style import HAIR

_LARGEST = 4_000


def paste(sheet: Sheet, box: Box, name: str, crop: Crop) -> None:
    """The crop, its pixels handed over as they are compressed, under a fine frame."""
    wide, high, pixels = _unpacked(crop.data)
    if name not in sheet.images:
        sheet.images[name] = sheet.objects.stream(
            {
                "Type": Name("XObject"),
                "Subtype": Name("Image"),
                "Width": wide,
                "Height": high,
                "ColorSpace": Name("DeviceGray"),
                "BitsPerComponent": 8,
                "DecodeParms": {
                    "Predictor": 15,
                    "Colors": 1,
                    "BitsPerComponent": 8,
                    "Columns": wide,
                },
            },
            pixels,
            packed=True,
        )
    sheet.image(box, name, {}, b"")
    sheet.rect(box, stroke=HAIR, weight=0.4)


def _unpacked(png: bytes) -> tuple[int, int, bytes]:
    """Width, height and deflated rows of an 8-bit grey PNG of ours; ValueError for any other.

    PDF reads PNG’s rows as they are: nothing is decoded.
    """
    if png[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("not a PNG")
    at, size, pixels = 8, (0, 0), []
    while at + 8 <= len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            wide, high, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
            if (depth, colour, interlaced) != (8, 0, 0):
                raise ValueError("not a grey PNG of ours")
            size = (wide, high)
        elif kind == b"IDAT":
            pixels.append(body)
        at += length + 12
    wide, high = size
    if not (0 < wide <= _LARGEST and 0 < high <= _LARGEST and pixels):
        raise ValueError("a PNG without a picture, or too large")
    return wide, high, b"".join(pixels)
