"""The page codes a picture shows, and where: zxing-cpp’s one door. It knows nothing of layouts."""

from dataclasses import dataclass

import numpy as np
import zxingcpp

from casefiles.answers.imprint import Imprint, from_code
from forms.returns.rasters import Gray, Real

_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class CodeSeen:
    """A code of ours; `corners`: its four corners in pixels, (4, 2), top left first, clockwise.

    « Top left » is the code’s own, so the corners also say how the page is turned.
    """

    imprint: Imprint
    corners: Real

    @property
    def side(self) -> float:
        """The length of a side, in pixels."""
        return float(
            np.mean(np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1))
        )


def codes_of(picture: Gray) -> tuple[CodeSeen, ...]:
    """Every code of ours in the picture; others’ codes are passed over."""
    found = []
    formats = zxingcpp.barcode_formats_from_str("QRCode")
    for one in zxingcpp.read_barcodes(picture, formats=formats, try_invert=False):
        imprint = _imprint(one.text)
        if imprint is not None:
            place = one.position
            ends = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
            corners = np.array([(end.x + 0.5, end.y + 0.5) for end in ends], np.float64)
            found.append(CodeSeen(imprint=imprint, corners=corners))
    return tuple(found)


def _imprint(text: str) -> Imprint | None:
    if len(text) > _LONGEST:
        return None
    try:
        imprint = from_code(text)
    except ValueError:
        return None
    return imprint if imprint.page > 0 else None
