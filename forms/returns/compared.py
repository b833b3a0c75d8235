"""A straightened page held against the print it came from: what was added to it, and where.

Everything is measured in darkness, from 0 (the paper’s white) to 1 (the black of the print’s own
corner marks), so that a pale scan and a dark photo are judged alike. It decides nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from forms.layout import Box
from forms.returns.geometry import PageMarks
from forms.returns.rasters import Gray, Mask, paper_white
from forms.returns.straighten import SCALE, Straightened

Dark = npt.NDArray[np.float32]

INK = 0.3
_FAINT = 0.16
_PRINTED = 0.2
_LOOSE = 5  # pixels around what is printed where new ink is not told from old: 0.9 mm
_AROUND_FIELD = 12.0
_PIECE = 60.0
_SOME_WORDS = 60
_RULE = 0.05
_LEFT_OF_RULE = 0.25
_DRIFT = 6
_SPECK = np.ones((2, 2), np.uint8)
_SOME_INK = 6
_EDGE = 14.0
_BESIDE = 5.0
_OUTSIDE_INK = 60
_HIDDEN = 0.08


@dataclass(frozen=True, kw_only=True)
class Ink:
    """New ink in a box: its amount in pixels, specks left out, and the share barely touched."""

    amount: int
    faint: float

    @property
    def none(self) -> bool:
        """Whether the box is surely blank."""
        return self.amount <= _SOME_INK and self.faint < 0.012


class Compared:
    """A page beside its print, both SCALE pixels per point; the page’s paper is already white."""

    def __init__(self, straight: Straightened, print_: Gray, marks: PageMarks) -> None:
        self.page = straight.page
        self._washed = straight.washed
        self.print_ = paper_white(print_)
        self._marks = marks

    @cached_property
    def dark(self) -> Dark:
        """The darkness of the page."""
        smooth = cv2.blur(self.page, (3, 3)).astype(np.float32)
        dark = np.clip((255 - smooth) / max(255 - self.black, 1.0), 0, 1)
        return np.asarray(dark, np.float32)

    @cached_property
    def black(self) -> float:
        """The grey of the print’s own black on this page: the median of its corner marks."""
        inside = [self.cut(self.page, box.inset(2.5)) for box in self._marks.corners]
        whole = [patch.ravel() for patch in inside if patch.size]
        return float(min(np.median(np.concatenate(whole)), 150.0)) if whole else 60.0

    @cached_property
    def printed(self) -> Mask:
        """Where the print itself has ink, with some room around."""
        ink = (255 - self.print_.astype(np.float32)) / 255 > _PRINTED
        size = 2 * _LOOSE + 1
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        return np.asarray(cv2.dilate(ink.astype(np.uint8), disc), np.bool_)

    @cached_property
    def added(self) -> Dark:
        """The darkness of what the print does not have."""
        return np.where(self.printed, np.float32(0), self.dark)

    def ink_in(self, box: Box) -> Ink:
        """What was added inside a field’s box."""
        added = self.cut(self.added, box)
        if not added.size:
            return Ink(amount=0, faint=0.0)
        solid = cv2.morphologyEx((added > INK).astype(np.uint8), cv2.MORPH_OPEN, _SPECK)
        return Ink(amount=int(solid.sum()), faint=float((added > _FAINT).mean()))

    def ink_beside(self, box: Box, places: Sequence[Box]) -> Ink:
        """What was added inside a box, outside some places in it."""
        added = self.cut(self.added, box).copy()
        for place in places:
            x, y = (place.x - box.x) * SCALE, (place.y - box.y) * SCALE
            added[
                max(0, int(y)) : max(0, int(y + place.height * SCALE) + 1),
                max(0, int(x)) : max(0, int(x + place.width * SCALE) + 1),
            ] = 0
        solid = cv2.morphologyEx((added > INK).astype(np.uint8), cv2.MORPH_OPEN, _SPECK)
        return Ink(amount=int(solid.sum()), faint=0.0)

    def washed_out(self, box: Box) -> bool:
        """Whether a reflection hides some of a box."""
        hidden = self.cut(self._washed, box)
        return bool(hidden.size and hidden.mean() > _HIDDEN)

    def darkness(self, boxes: Sequence[Box]) -> float:
        """The mean of the darkest points of each box: whether what should be drawn there is."""
        peaks = [float(patch.max()) for box in boxes if (patch := self.cut(self.dark, box)).size]
        return float(np.mean(peaks)) if peaks else 0.0

    def untouched(self, box: Box) -> bool:
        """Whether what we printed in a box is still there, and nothing with it.

        Ink over the words hides among them: their weight and their shapes are compared too.
        """
        if self.ink_in(box).amount > _SOME_INK:
            return False
        weight, shapes, grown = self.kept(box)
        return 0.85 < weight < 1.15 and shapes > 0.83 and grown <= 1

    def kept(self, box: Box) -> tuple[float, float, int]:
        """What is in a box beside what we printed there: weight, likeness, pixels grown on it."""
        words = self.cut(self._words, box)
        rows, columns = np.flatnonzero(words.any(axis=1)), np.flatnonzero(words.any(axis=0))
        if not rows.size:
            return 1.0, 1.0, 0
        tight = Box(
            box.x + columns[0] / SCALE,
            box.y + rows[0] / SCALE,
            (columns[-1] - columns[0] + 1) / SCALE,
            (rows[-1] - rows[0] + 1) / SCALE,
        )
        ours = self.cut(self._print_dark, tight)
        around = self.cut(self.dark, _wider(tight, 3.0))
        if around.shape[0] <= ours.shape[0] or around.shape[1] <= ours.shape[1]:
            return 0.0, 0.0, 0
        scores = cv2.matchTemplate(around, ours, cv2.TM_CCOEFF_NORMED)
        _, best, _, (column, row) = cv2.minMaxLoc(scores)
        theirs = around[row : row + ours.shape[0], column : column + ours.shape[1]]
        weight = float(theirs.sum() / max(ours.sum(), 1.0)) / self._weight
        grown = theirs - self.cut(self.print_swollen, tight) > INK
        return weight, float(best), int(grown.sum())

    @cached_property
    def likeness(self) -> float:
        """The share of what we printed on the page that is still there, give or take a shift."""
        return self._share_left(self._words, self._near_ink)

    def left_around(self, box: Box) -> float:
        """The same, of what we printed in and around a field: little when it is covered or torn.

        Piece by piece from left to right: a note stuck over half a line hides what that half says.
        """
        wide = _wider(box, _AROUND_FIELD)
        words, found = self.cut(self._words, wide), self.cut(self._near_ink, wide)
        across = words.shape[1] if words.size else 0
        ends = np.linspace(0, across, max(1, round(across / (SCALE * _PIECE))) + 1).astype(int)
        pieces = [slice(start, end) for start, end in pairwise(ends)]
        return min(
            [self._share_left(words, found)]
            + [
                self._share_left(words[:, piece], found[:, piece])
                for piece in pieces
                if words[:, piece].sum() >= _SOME_WORDS
            ]
        )

    def lines_left(self, box: Box) -> float:
        """The share still there, piece by piece, of the rules printed around a box; 1 without any.

        Where no word is printed beside a line, only its rules tell that something covers it.
        """
        wide = _wider(box, _BESIDE)
        ours, theirs = self.cut(self._print_dark, wide), self.cut(self.dark, wide)
        piece = round(_PIECE / 2 * SCALE)
        if ours.shape != theirs.shape or ours.shape[1] < piece:
            return 1.0
        count = ours.shape[1] // piece
        printed, seen = (
            _above_neighbours(one[:, : count * piece].reshape(len(one), count, piece).mean(axis=2))
            for one in (ours, theirs)
        )
        rules = np.median(printed, axis=1) > _RULE
        found = [
            seen[near].max(axis=0) > _LEFT_OF_RULE * printed[row]
            for row in np.flatnonzero(rules)
            if (near := slice(max(0, row - _DRIFT), row + _DRIFT + 1))
        ]
        return float(np.mean(found)) if found else 1.0

    @staticmethod
    def _share_left(words: Mask, found: Mask) -> float:
        count = int(words.sum())
        return float((words & found).sum() / count) if count else 1.0

    @cached_property
    def _near_ink(self) -> Mask:
        """Within reach of some ink of the page."""
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_LOOSE + 4, _LOOSE + 4))
        ink = (self.dark > INK).astype(np.uint8)
        return np.asarray(cv2.dilate(ink, disc), np.bool_)

    @cached_property
    def _print_dark(self) -> Dark:
        smooth = cv2.blur(self.print_, (3, 3)).astype(np.float32)
        return np.asarray((255 - smooth) / 255, np.float32)

    @cached_property
    def print_swollen(self) -> Dark:
        """The print’s darkness, a pixel larger on every side: new ink must stand clear of it."""
        return np.asarray(cv2.dilate(self._print_dark, np.ones((3, 3), np.uint8)), np.float32)

    @cached_property
    def _dilated(self) -> Mask:
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
        ink = (self._print_dark > _PRINTED).astype(np.uint8)
        return np.asarray(cv2.dilate(ink, disc), np.bool_)

    @cached_property
    def _words(self) -> Mask:
        """The print’s ink, its hair lines and tints left out."""
        return self._print_dark > 2 * _PRINTED

    @cached_property
    def _weight(self) -> float:
        """How heavy this copy’s black is beside the print’s, over the whole page."""
        ours = self._print_dark[self._dilated].sum()
        return float(self.dark[self._dilated].sum() / max(ours, 1.0))

    def outside(self, fields: Sequence[Box]) -> tuple[Box, ...]:
        """Where something was written outside every field, in points; edges left out."""
        added = self.added > INK
        ink = cv2.morphologyEx(added.astype(np.uint8), cv2.MORPH_OPEN, _SPECK)
        edge = round(_EDGE * SCALE)
        for side in (ink[:edge], ink[-edge:], ink[:, :edge], ink[:, -edge:]):
            side[...] = 0
        for box in (*fields, self._marks.code, *self._marks.corners):
            self.cut(ink, _wider(box, _BESIDE))[...] = 0
        joined = cv2.dilate(ink, np.ones((13, 25), np.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
        found = []
        for index in range(1, count):
            x, y, wide, high, _ = (int(v) for v in stats[index])
            if ink[y : y + high, x : x + wide].sum() >= _OUTSIDE_INK:
                found.append(Box(x / SCALE, y / SCALE, wide / SCALE, high / SCALE))
        return tuple(found)

    @staticmethod
    def cut(picture: npt.NDArray[Any], box: Box) -> npt.NDArray[Any]:
        """The part of a picture of this page that a box in points covers."""
        left, top = max(0, round(box.x * SCALE)), max(0, round(box.y * SCALE))
        right, bottom = round(box.right * SCALE), round(box.bottom * SCALE)
        return picture[top : max(top, bottom), left : max(left, right)]


def _above_neighbours(profiles: Dark) -> Dark:
    """How much darker each row is than those around it, for each column of `profiles`."""
    padded = np.pad(profiles, ((8, 8), (0, 0)), mode="edge")
    around = np.median(np.lib.stride_tricks.sliding_window_view(padded, 17, axis=0), axis=2)
    return np.asarray(profiles - around, np.float32)


def _wider(box: Box, by: float) -> Box:
    return box.inset(-by)
