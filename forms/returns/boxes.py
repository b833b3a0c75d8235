"""How the tick boxes of a page look: their inside, their surroundings, whether they are in place.

Each box is looked for where its print says, and a little around: paper is never quite flat. It
measures; `ticks` decides.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import median

import cv2
import numpy as np

from forms.layout import Box
from forms.returns.compared import INK, Compared, Dark
from forms.returns.rasters import Mask, Real
from forms.returns.straighten import SCALE

_AROUND = 8.0
_SEARCH = 7
_SURE_PLACE = 0.6
_REACH = 4.6
_NEIGHBOUR = 220.0
_OUTLINE = 0.5
_ARM_FROM, _ARM_TO = 1.35, 3.6
_OPPOSITE = math.radians(125)
_LINKED = 36.0
_MARKED = 0.2
_CORE, _TOUCHED, _TOUCHED_BY_THE_OUTLINE = 0.58, 0.22, 0.32


@dataclass(frozen=True, kw_only=True)
class BoxLook:
    """How a small box looks.

    dark, any: shares of its inside that are black ink, or at all touched. around, left, right:
    shares with new ink of a ring outside it, and of what stands level with it on either side, its
    words included. through: whether a stroke goes on, far out, on two opposite sides. linked:
    whether one goes on to another marked box. placed: whether its printed outline was found where
    it should be.
    """

    dark: float
    any: float
    around: float
    left: float
    right: float
    through: bool
    placed: bool
    linked: bool = False


def looks(page: Compared, boxes: Sequence[Box]) -> list[BoxLook]:
    """How the inside and the surroundings of the page’s tick boxes look."""
    drifts = [_drift(page, box) for box in boxes]
    sure = [
        (box, place)
        for box, (place, likeness) in zip(boxes, drifts, strict=True)
        if likeness >= _SURE_PLACE
    ]
    places = [
        place if likeness >= _SURE_PLACE else _lent(box, sure)
        for box, (place, likeness) in zip(boxes, drifts, strict=True)
    ]
    found = [
        _look(page, box, place, lent=likeness < _SURE_PLACE)
        for box, place, (_, likeness) in zip(boxes, places, drifts, strict=True)
    ]
    marked = [box for box, look in zip(boxes, found, strict=True) if look.any >= _MARKED]
    for index, (box, place) in enumerate(zip(boxes, places, strict=True)):
        if found[index].any >= _MARKED and _links(page, box, place or (0, 0), marked):
            found[index] = replace(found[index], linked=True)
    return found


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
        through=_goes_through(dark > INK, grown, off_x / half, off_y / half),
        placed=place is not None and there,
    )


def _goes_through(ink: Mask, grown: Mask, off_x: Real, off_y: Real) -> bool:
    """Whether new ink leaves the box and goes on, far out, on two opposite sides, as a line does.

    It may cross what is printed there. off_x, off_y: how far each point is from the middle, in
    halves of the box.
    """
    far = np.hypot(off_x, off_y)
    around = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8))
    around[(far < _ARM_FROM) | (far > _ARM_TO + 0.6)] = 0
    _, arms = cv2.connectedComponents(around)
    ends = []
    for arm in set(arms[grown & (far < _ARM_FROM + 0.5)].tolist()) - {0}:
        end = (arms == arm) & (far > _ARM_TO)
        if end.any():
            ends.append(math.atan2(float(off_y[end].mean()), float(off_x[end].mean())))
    return any(
        abs(math.remainder(one - other, 2 * math.pi)) > _OPPOSITE
        for one, other in combinations(ends, 2)
    )


def _links(page: Compared, box: Box, place: tuple[int, int], marked: Sequence[Box]) -> bool:
    """Whether one stroke goes from this box to another: which of them it ticks is anybody’s guess.

    A long tail that ends in the box above is no answer there.
    """
    near = [
        ((one.x - box.x) * SCALE, (one.y - box.y) * SCALE)
        for one in marked
        if 0 < math.hypot(one.x - box.x, one.y - box.y) < _LINKED
    ]
    if not near:
        return False
    half = box.width / 2 * SCALE
    reach = int(_LINKED * SCALE + 2 * half)
    x, y = (box.x + box.width / 2) * SCALE, (box.y + box.height / 2) * SCALE
    dark = _around(page.dark, round(x) + place[0], round(y) + place[1], reach)
    new = dark - _around(page.print_swollen, round(x), round(y), reach) > INK
    rows, columns = np.mgrid[-reach:reach, -reach:reach]
    rings = [
        np.hypot(columns + 0.5 - right, rows + 0.5 - down) / half
        for right, down in ((0.0, 0.0), *near)
    ]
    ink = cv2.dilate(new.astype(np.uint8), np.ones((5, 5), np.uint8))
    ink[rings[0] < _ARM_FROM] = 0
    _, arms = cv2.connectedComponents(ink)
    own, *others = (
        set(arms[(far >= _ARM_FROM) & (far < _ARM_FROM + 0.5)].tolist()) - {0} for far in rings
    )
    return any(own & one for one in others)


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
