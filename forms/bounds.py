"""The most a foreign file may unfold into: pages, sheets, bytes of a stream, points of a picture.

The process that opens foreign bytes is told once (`impose`), as it is told its memory and time;
whoever unfolds something asks `in_force`. Sizes are bytes, pictures points.
"""

import zlib
from dataclasses import dataclass
from typing import Any

import pikepdf

from casefiles.errors import UnreadableFile

_ALONE = "Déposez le formulaire seul, enregistré tel quel par votre lecteur."


class TooMuch(UnreadableFile):
    """A file that is what it says, and more of it than is opened."""


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """pages of a PDF; sheets: pages or pictures looked at in one go; stream: one of a PDF’s streams
    once unpacked; picture: width × height."""

    pages: int = 200
    sheets: int = 40
    stream: int = 64_000_000
    picture: int = 60_000_000


_imposed = [Bounds()]


def impose(bounds: Bounds) -> None:
    """From now on, in this process."""
    _imposed[0] = bounds


def in_force() -> Bounds:
    """The bounds of this process."""
    return _imposed[0]


def unpacked(stream: pikepdf.Stream) -> bytes:
    """The bytes of a stream, never more than the bound: UnreadableFile says so.

    A deflated stream, which is how a small file hides a large one, is unfolded no further.
    """
    most = in_force().stream
    if stream.get("/Filter") == "/FlateDecode" and "/DecodeParms" not in stream:
        raw = zlib.decompressobj()
        try:
            data = raw.decompress(stream.read_raw_bytes(), most + 1)
        except zlib.error:
            data = stream.read_bytes()
    else:
        data = stream.read_bytes()
    if len(data) > most:
        raise too_large(most)
    return data


def weigh(pdf: pikepdf.Pdf) -> None:
    """Every stream and picture of a document whose pages will be drawn, against the bounds."""
    most = in_force()
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Stream):
            continue
        wide, high = one.get("/Width"), one.get("/Height")
        if one.get("/Subtype") == "/Image":
            if _whole(wide) * _whole(high) > most.picture:
                raise TooMuch(
                    f"Une image de ce PDF a {_whole(wide)} × {_whole(high)} points ; la limite est "
                    f"de {most.picture // 1_000_000} millions.",
                    "Numérisez à 300 points par pouce au plus.",
                )
        elif one.get("/Filter") == "/FlateDecode":
            unpacked(one)


def too_large(most: int) -> TooMuch:
    """The refusal of a stream that unfolds into too much."""
    return TooMuch(
        f"Un élément de ce PDF, une fois décompressé, dépasse {most // 1_000_000} Mo.", _ALONE
    )


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
