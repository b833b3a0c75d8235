"""A page found in a picture, by its code, and straightened by its four corner marks.

The code says where the marks should be; four dark squares that agree with it and with each other
are the marks. A scanner’s glass cuts corners off but keeps angles: two or three marks that agree
with the code are then enough. Nothing is straightened by the code alone: it stands in one corner
and would carry its error twelve times over at the opposite one.
"""

from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np

from forms.layout import Box
from forms.returns.codes import CodeSeen
from forms.returns.geometry import PageMarks
from forms.returns.rasters import Gray, Mask, Real, paper_white

SCALE = 2.0
"""Pixels per point of a straightened page: 144 dpi."""

_MOST_CANDIDATES = 4
_WORST_FIT = 0.06
_CLOSE = 0.35
_BRIGHT_PAPER, _WASHED = 245, 253
_MIDDLE_TO_CORNER = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]], np.float64)


@dataclass(frozen=True, kw_only=True)
class Straightened:
    """A page, straight, SCALE pixels per point, its paper made white.

    from_picture: 3 × 3, pixels of the picture to pixels of the page. washed: where a reflection
    left the picture without any grey, and what was written without a trace.
    """

    page: Gray
    from_picture: Real
    washed: Mask


def straighten(picture: Gray, code: CodeSeen, marks: PageMarks) -> Straightened | None:
    """The page that bears this code, or None when its marks are not there to straighten it by."""
    matrix = _matrix(picture, code, marks)
    if matrix is None:
        return None
    size = (round(marks.width * SCALE), round(marks.height * SCALE))
    # OpenCV counts from the middle of the first pixel; everything here from its corner.
    centred = _MIDDLE_TO_CORNER @ matrix @ np.linalg.inv(_MIDDLE_TO_CORNER)
    straight = cv2.warpPerspective(
        picture, centred, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    whole = np.ascontiguousarray(straight, dtype=np.uint8)
    return Straightened(page=paper_white(whole), from_picture=matrix, washed=_washed(whole))


def _washed(page: Gray) -> Mask:
    """Where a page is as bright as can be while its paper, mostly, is not."""
    if np.median(page) > _BRIGHT_PAPER:
        return np.zeros(page.shape, np.bool_)
    return np.asarray(cv2.blur(page, (9, 9)) >= _WASHED, np.bool_)


def _matrix(picture: Gray, code: CodeSeen, marks: PageMarks) -> Real | None:
    """From pixels of the picture to pixels of the straight page, (3, 3)."""
    expected = code.side * marks.corners[0].width / marks.code.width
    squares = _squares(picture, expected)
    wanted = np.array([_middle(box) for box in marks.corners])
    code_points = _code_points(marks)
    towards = _similarity(code_points, code.corners)
    centre = code.corners.mean(axis=0)
    near = [
        _near(squares, towards @ np.array([*middle, 1.0]), centre, expected) for middle in wanted
    ]
    if all(near):
        points = _four(squares, near, wanted, code_points, code)
        if points is not None:
            ends = points.astype(np.float32), (wanted * SCALE).astype(np.float32)
            return np.asarray(cv2.getPerspectiveTransform(*ends), np.float64)
    return _by_fewer(squares, near, wanted, code_points, code)


def _near(squares: Real, foreseen: Real, centre: Real, expected: float) -> list[tuple[float, int]]:
    """The squares that may be the mark foreseen there: how far, as a share of what is allowed."""
    if not len(squares):
        return []
    reach = 0.2 * float(np.linalg.norm(foreseen - centre)) + 2 * expected
    away = np.linalg.norm(squares - foreseen, axis=1) / reach
    return [(float(away[i]), int(i)) for i in np.argsort(away)[:_MOST_CANDIDATES] if away[i] <= 1]


def _four(
    squares: Real,
    near: list[list[tuple[float, int]]],
    wanted: Real,
    code_points: Real,
    code: CodeSeen,
) -> Real | None:
    """The middles of the four marks, in pixels: the four squares that agree best with the code."""
    best, least = None, _WORST_FIT
    for four in product(*near):
        points = squares[[index for _, index in four]]
        misfit = _misfit(wanted, points, code_points, code)
        if misfit is not None and misfit + 0.05 * sum(d for d, _ in four) / 4 < least:
            best, least = points, misfit + 0.05 * sum(d for d, _ in four) / 4
    return best


def _by_fewer(
    squares: Real,
    near: list[list[tuple[float, int]]],
    wanted: Real,
    code_points: Real,
    code: CodeSeen,
) -> Real | None:
    """The turn, scale and shift told by two or three marks and the code, if they agree closely."""
    seen = [(i, found[0][1]) for i, found in enumerate(near) if found and found[0][0] < _CLOSE]
    if len(seen) < 2 or not _apart([i for i, _ in seen]):
        return None
    sources = np.vstack([wanted[[i for i, _ in seen]], code_points])
    places = np.vstack([squares[[j for _, j in seen]], code.corners])
    towards = _similarity(sources, places)
    misfit = np.linalg.norm(sources @ towards[:, :2].T + towards[:, 2] - places, axis=1)
    if misfit.max() > _WORST_FIT * code.side:
        return None
    whole = np.vstack([towards / SCALE, (0.0, 0.0, 1.0)])
    whole[:2, 2] = towards[:, 2]
    return np.asarray(np.linalg.inv(whole), np.float64)


def _apart(corners: list[int]) -> bool:
    """Whether one of them is at the foot of the page, where the code says little."""
    return 2 in corners or 3 in corners


def _misfit(wanted: Real, points: Real, code_points: Real, code: CodeSeen) -> float | None:
    """How far the code falls from where these marks put it, as a share of its side."""
    turned = points[[0, 1, 3, 2]].astype(np.float32)
    if not cv2.isContourConvex(turned.reshape(-1, 1, 2)):
        return None
    matrix = cv2.getPerspectiveTransform(wanted.astype(np.float32), points.astype(np.float32))
    placed = cv2.perspectiveTransform(code_points.reshape(-1, 1, 2), matrix).reshape(-1, 2)
    return float(np.sqrt(((placed - code.corners) ** 2).sum(axis=1).mean()) / code.side)


def _squares(picture: Gray, side: float) -> Real:
    """The middles of dark, full, square shapes about that wide, (n, 2)."""
    clean = cv2.GaussianBlur(paper_white(picture), (3, 3), 0)
    dark = (clean < 128).astype(np.uint8)
    outlines, _ = cv2.findContours(dark, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    found = []
    for outline in outlines:
        x, y, wide, high = cv2.boundingRect(outline)
        if not 0.5 * side < max(wide, high) < 2.2 * side:
            continue
        _, (one, other), _ = cv2.minAreaRect(outline)
        one, other = max(one, other) + 1, min(one, other) + 1
        if other < 0.4 * side or one > 1.9 * side or one > 1.7 * other:
            continue
        patch = dark[y : y + high, x : x + wide]
        if patch.sum() < 0.8 * one * other:
            continue
        moments = cv2.moments(patch, binaryImage=True)
        found.append(
            (x + moments["m10"] / moments["m00"] + 0.5, y + moments["m01"] / moments["m00"] + 0.5)
        )
    return np.array(found, np.float64).reshape(-1, 2)


def _code_points(marks: PageMarks) -> Real:
    box = marks.code
    return np.array(
        [(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)],
        np.float64,
    )


def _similarity(points: Real, places: Real) -> Real:
    """The turn, scale and shift that best takes `points` to `places`, (2, 3), by least squares."""
    from_, to = points.mean(axis=0), places.mean(axis=0)
    a, b = points - from_, places - to
    size = (a**2).sum()
    along = (a * b).sum() / size
    across = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / size
    turn = np.array([[along, -across], [across, along]])
    return np.column_stack([turn, to - turn @ from_])


def _middle(box: Box) -> tuple[float, float]:
    return box.x + box.width / 2, box.y + box.height / 2
