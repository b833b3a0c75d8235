"""How the tick boxes of a page look: their inside, their surroundings, whether they are in place.

Each box is looked for where its print says, and a little around: paper is never quite flat. It
measures; `ticks` decides.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from forms.layout import Box
from forms.returns.compared import INK, Compared, Dark
from forms.returns.straighten import SCALE

_AROUND = 8.0
_SEARCH = 7
_SURE_PLACE = 0.6
_REACH = 4.6
_NEIGHBOUR = 220.0
_OUTLINE = 0.5
_CORE, _TOUCHED, _TOUCHED_BY_THE_OUTLINE = 0.58, 0.22, 0.32


@dataclass(frozen=True, kw_only=True)
class BoxLook:
    """How a small box looks.

    dark, any: shares of its inside that are black ink, or at all touched. around, left, right:
    shares with new ink of a ring outside it, and of what stands level with it on either side, its
    words included. placed: whether its printed outline was found where it should be.
    """

    dark: float
    any: float
    around: float
    left: float
    right: float
    placed: bool


def looks(page: Compared, boxes: Sequence[Box]) -> list[BoxLook]:
    """How the inside and the surroundings of the page’s tick boxes look."""
    drifts = [_drift(page, box) for box in boxes]
    sure = [
        (box, place)
        for box, (place, likeness) in zip(boxes, drifts, strict=True)
        if likeness >= _SURE_PLACE
    ]
    return [
        _look(page, box, place, lent=False)
        if likeness >= _SURE_PLACE
        else _look(page, box, _lent(box, sure), lent=True)
        for box, (place, likeness) in zip(boxes, drifts, strict=True)
    ]


def _look(page: Compared, box: Box, place: tuple[int, int] | None, *, lent: bool) -> BoxLook:
    right, down = place or (0, 0)
    x = round((box.x + box.width / 2) * SCALE)
    y = round((box.y + box.height / 2) * SCALE)
    half = box.width / 2 * SCALE
    reach = int(_REACH * half)
    dark = _around(page.dark, x + right, y + down, reach)
    grown = dark - _around(page.print_swollen, x, y, reach) > INK
    rows, columns = np.mgrid[-reach:reach, -reach:reach]
    off_x = columns + 0.5 + x - (box.x + box.width / 2) * SCALE
    off_y = rows + 0.5 + y - (box.y + box.height / 2) * SCALE
    far = np.hypot(off_x, off_y)
    within = far < 0.68 * half
    inside = dark[within]
    # Near the outline its own blur is grey: only what is darker than that is a mark there.
    touched = inside > np.where(far[within] < _CORE * half, _TOUCHED, _TOUCHED_BY_THE_OUTLINE)
    outline = dark[(far > 0.82 * half) & (far < 0.98 * half)]
    there = not lent or float((outline > _TOUCHED).mean()) >= _OUTLINE
    ring = grown[(far > 1.45 * half) & (far < 2.1 * half)]
    level = np.abs(off_y) < 0.9 * half
    left, right_ = (
        float(grown[level & (side > 1.6 * half) & (side < _REACH * half)].mean())
        for side in (-off_x, off_x)
    )
    return BoxLook(
        dark=float((inside > 0.5).mean()),
        any=float(touched.mean()),
        around=float(ring.mean()),
        left=left,
        right=right_,
        placed=place is not None and there,
    )


def _drift(page: Compared, box: Box) -> tuple[tuple[int, int], float]:
    """How far, in pixels, a box’s printed outline stands from its place; how like it is."""
    wide = Box(box.x - _AROUND, box.y - _AROUND, box.width + 2 * _AROUND, box.height + 2 * _AROUND)
    template = page.cut(page.print_, wide)
    pad = _SEARCH / SCALE
    where = page.cut(
        page.page,
        Box(wide.x - pad, wide.y - pad, wide.width + 2 * pad, wide.height + 2 * pad),
    )
    high, across = where.shape[0] - template.shape[0], where.shape[1] - template.shape[1]
    if min(high, across) < 2 or not template.size:
        return (0, 0), 0.0
    template = cv2.blur(template, (3, 3))
    # The inside is what is asked about: only what is printed around it may tell the place.
    counted = np.full(template.shape, 1, np.float32)
    middle = (round(template.shape[1] / 2), round(template.shape[0] / 2))
    cv2.circle(counted, middle, round(0.36 * box.width * SCALE), 0, -1)
    scores = cv2.matchTemplate(
        cv2.blur(where, (3, 3)).astype(np.float32),
        template.astype(np.float32),
        cv2.TM_CCOEFF_NORMED,
        mask=counted,
    )
    _, best, _, (column, row) = cv2.minMaxLoc(np.nan_to_num(scores, posinf=-1, neginf=-1))
    return (column - across // 2, row - high // 2), float(best)


def _lent(box: Box, sure: Sequence[tuple[Box, tuple[int, int]]]) -> tuple[int, int] | None:
    """The place of a box one large mark hides: as its nearest neighbours’; None without any."""
    near = sorted((math.hypot(one.x - box.x, one.y - box.y), place) for one, place in sure)[:5]
    places = [place for away, place in near if away < _NEIGHBOUR]
    if len(places) < 2:
        return None
    return round(median(x for x, _ in places)), round(median(y for _, y in places))


def _around(picture: Dark, x: int, y: int, reach: int) -> Dark:
    """The square of `reach` pixels around a point, white beyond the page."""
    high, wide = picture.shape
    found = np.zeros((2 * reach, 2 * reach), np.float32)
    top, left = max(0, y - reach), max(0, x - reach)
    bottom, right = min(high, y + reach), min(wide, x + reach)
    if bottom > top and right > left:
        found[top - y + reach : bottom - y + reach, left - x + reach : right - x + reach] = picture[
            top:bottom, left:right
        ]
    return found
