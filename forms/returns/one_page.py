"""One page of a print, found and straightened: every field of it read, the rest of it looked at."""

import base64
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from forms.layout import Box
from forms.returns import flattened, scan
from forms.returns.boxes import BoxLook, looks
from forms.returns.compared import Compared
from forms.returns.geometry import Layout, PrintedField
from forms.returns.outcome import Crop, How, SignaturePlace
from forms.returns.rasters import Gray, png
from forms.returns.rendering import Letter
from forms.returns.seen import FieldSeen, doubtful
from forms.returns.straighten import SCALE, Straightened
from forms.returns.ticks import read_choice

_UNLIKE = 0.78
_HIDDEN = 0.5
_MOST_NOTES = 6
_NEAR = 26.0
_PAPER = 228  # plus clair, c’est le papier et son grain
_TICKED = ("tick", "one_of")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What a PDF page says beside its picture, in points of the print’s own page."""

    letters: tuple[Letter, ...]
    pictures: tuple[Box, ...]


@dataclass(frozen=True, kw_only=True)
class PageSeen:
    """What one page holds. notes: what was written outside the fields."""

    page: int
    how: How
    fields: dict[str, FieldSeen]
    crops: dict[str, Crop]
    signatures: tuple[SignaturePlace, ...]
    notes: tuple[Crop, ...]
    unlike: bool = False


def read_page(
    layout: Layout,
    page: int,
    straight: Straightened,
    print_: Gray,
    drawn: Drawn | None,
    also_shown: Collection[str] = (),
) -> PageSeen:
    """Read a page; `print_`: the same page as we issued it; `drawn`: None for a picture.

    also_shown: fields to make a crop of whatever is read there.
    """
    compared = Compared(straight, print_, layout.pages[page - 1])
    how: How = "scan" if drawn is None else "flattened"
    asked = layout.on_page(page)
    unlike = compared.likeness < _UNLIKE
    outside = () if unlike else compared.outside([s.box for f in asked for s in f.spots])
    fields: dict[str, FieldSeen] = {}
    signatures = []
    boxes = [(one.name, s.box) for one in asked if one.kind in _TICKED for s in one.spots]
    by_field: dict[str, list[BoxLook]] = {}
    seen_boxes = looks(compared, [box for _, box in boxes])
    for (name, _), look in zip(boxes, seen_boxes, strict=True):
        by_field.setdefault(name, []).append(look)
    for one in asked:
        if one.kind == "signature":
            inked = not compared.ink_in(one.spots[0].box.inset(2)).none
            signatures.append(
                SignaturePlace(name=one.name, words=one.words, page=page, inked=inked)
            )
        else:
            seen = (
                read_choice(one, by_field[one.name], how)
                if one.kind in _TICKED
                else _read_text(one, compared, drawn)
            )
            left = min(compared.left_around(spot.box) for spot in one.spots)
            if one.kind == "text" and drawn is None and seen.value.value == "":
                left = min(left, compared.lines_left(one.spots[0].box))
            fields[one.name] = _held_back(one, seen, outside, left=left, unlike=unlike)
    shown = [
        one
        for one in asked
        if one.kind == "signature" or one.name in also_shown or fields[one.name].to_be_seen
    ]
    return PageSeen(
        page=page,
        how=how,
        fields=fields,
        crops={one.name: crop(straight.page, page, place_of(one)) for one in shown},
        signatures=tuple(signatures),
        notes=tuple(crop(straight.page, page, box.inset(-4)) for box in outside[:_MOST_NOTES]),
        unlike=unlike,
    )


def _read_text(field: PrintedField, page: Compared, drawn: Drawn | None) -> FieldSeen:
    if drawn is None:
        return scan.read_text(field, page)
    return flattened.read_text(field, page, drawn.letters, drawn.pictures)


def _held_back(
    field: PrintedField, seen: FieldSeen, outside: Sequence[Box], *, left: float, unlike: bool
) -> FieldSeen:
    """The answer, unless the page is not itself or something beside an empty row speaks for it."""
    value = seen.value
    if not unlike and left < _HIDDEN and value.sure in ("certain", "likely"):
        why = "ce qui était imprimé autour de cette réponse ne se voit plus (pli, tache, cache ?)."
        return doubtful(value.value, value.how, value.page, why)
    if unlike and value.sure in ("certain", "likely"):
        why = "la page ne ressemble plus assez à son tirage pour qu’une réponse y soit sûre."
        return doubtful(value.value, value.how, value.page, why)
    if field.kind == "one_of" and value.value == "" and value.sure == "certain":
        row = place_of(field)
        if any(_near(row, one) for one in outside):
            why = "aucune case n’est cochée, mais quelque chose est écrit à côté."
            return doubtful(None, value.how, value.page, why)
    return seen


def _near(row: Box, other: Box) -> bool:
    middle = other.y + other.height / 2
    return (
        row.y - 4 < middle < row.bottom + 4
        and other.x < row.right + _NEAR
        and other.right > row.x - _NEAR
    )


def place_of(field: PrintedField) -> Box:
    """The part of the page that shows a field with what goes over its edges."""
    boxes = [spot.box for spot in field.spots]
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.right for b in boxes), max(b.bottom for b in boxes)
    chosen = field.kind in ("one_of", "tick")
    aside = 90.0 if chosen else 4.0
    above = 6.0 if chosen else 15.0  # la question imprimée au-dessus se lit en entier
    return Box(left - 10, top - above, right - left + 10 + aside, bottom - top + above + 6)


def crop(picture: Gray, page: int, box: Box) -> Crop:
    """A part of a straightened page."""
    high, wide = picture.shape
    left, top = max(0, int(box.x * SCALE)), max(0, int(box.y * SCALE))
    right, bottom = min(wide, int(box.right * SCALE)), min(high, int(box.bottom * SCALE))
    part = picture[top : max(bottom, top + 1), left : max(right, left + 1)]
    part = np.where(part > _PAPER, np.uint8(255), part)
    data = png(np.ascontiguousarray(part))
    return Crop(
        page=page,
        width=part.shape[1] / SCALE,
        height=part.shape[0] / SCALE,
        png=base64.b64encode(data).decode(),
    )
