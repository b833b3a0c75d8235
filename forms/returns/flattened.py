"""A text field of a page printed to PDF: the words in its rectangle, held against what is drawn.

Words without ink under them, or ink without words, are not taken: only what a person would see
there, and what the file says it is, together. Nor are they offered to who copies the answer.
"""

from collections.abc import Sequence

from forms.layout import Box
from forms.returns.compared import Compared
from forms.returns.geometry import PrintedField
from forms.returns.lettering import Lettering, lettering_in
from forms.returns.outcome import How
from forms.returns.rendering import Letter
from forms.returns.scan import above_the_line
from forms.returns.scan import read_text as read_picture
from forms.returns.seen import FieldSeen, doubtful, taken, unread
from forms.returns.shapes import look_named
from forms.returns.straighten import SCALE

_DRAWN = 0.35
_STRAY = 14


def read_text(
    field: PrintedField,
    page: Compared,
    letters: Sequence[Letter],
    pictures: Sequence[Box],
    how: How = "flattened",
) -> FieldSeen:
    """What the field says; `pictures`: where images lie, whose words cannot be believed."""
    spot = field.spots[0]
    if any(_overlap(spot.box, one) for one in pictures):
        return read_picture(field, page, how)
    found = lettering_in(spot.box, letters, many=field.many)
    if found.doubt:
        return doubtful(found.text, how, spot.page, found.doubt)
    if not found.text:
        return _without_words(field, page, how)
    if page.darkness([one.box for one in found.letters if one.box.width > 0.5]) < _DRAWN:
        why = "le fichier contient une réponse qui ne se voit pas sur la page."
        return doubtful("", how, spot.page, why)
    letters_drawn = [(one.char, one.box) for one in found.letters]
    if not look_named(page.page, letters_drawn, SCALE):
        why = "ce qui se voit sur la page ne ressemble pas au texte que contient le fichier."
        return doubtful("", how, spot.page, why)
    if _something_else(field, page, found):
        why = "autre chose que du texte est dessiné sur cette réponse (une rature ?)."
        return doubtful(found.text, how, spot.page, why)
    printed = str(field.printed)
    if printed and printed.split() == found.text.split():
        return taken(printed, how, "certain", spot.page)
    if field.given:
        return doubtful(
            found.text, how, spot.page, "cette ligne, imprimée par le bureau, revient autrement."
        )
    return taken(found.text, how, "likely", spot.page)


def _without_words(field: PrintedField, page: Compared, how: How) -> FieldSeen:
    spot = field.spots[0]
    if not page.ink_in(spot.box).none:
        return unread(how, spot.page)
    if field.printed and field.given:
        why = "cette ligne, imprimée par le bureau, ne se lit plus."
        return doubtful(field.printed, how, spot.page, why)
    return taken("", how, "certain", spot.page)


def _something_else(field: PrintedField, page: Compared, found: Lettering) -> bool:
    """Ink in the box that no letter accounts for."""
    places = [_loose(one.box) for one in found.letters]
    return page.ink_beside(above_the_line(field.spots[0].box), places).amount > _STRAY


def _loose(box: Box) -> Box:
    """A letter’s box with room for its accents, its tail and its neighbour’s."""
    room = max(3.0, 0.35 * box.height)
    return Box(box.x - 1.5, box.y - room, box.width + 3.0, box.height + 2 * room)


def _overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )
