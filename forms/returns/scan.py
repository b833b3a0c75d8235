"""A text field of a picture: blank, left as we printed it, or written by hand and shown.

Handwriting is never guessed: what is written there becomes a crop that somebody reads.
"""

from forms.layout import Box
from forms.returns.compared import Compared
from forms.returns.geometry import PrintedField
from forms.returns.outcome import How
from forms.returns.seen import FieldSeen, doubtful, taken, unread

_RULE = 1.6


def read_text(field: PrintedField, page: Compared, how: How = "scan") -> FieldSeen:
    """What is in the field, short of reading it."""
    spot = field.spots[0]
    place = above_the_line(spot.box)
    if field.printed:
        if page.untouched(place):
            return taken(field.printed, "print", "likely", spot.page)
        if field.given:
            why = "cette ligne, imprimée par le bureau, a été modifiée ou ne se voit plus bien."
            return doubtful(field.printed, how, spot.page, why)
        return unread(how, spot.page)
    if page.ink_in(spot.box).none:
        if page.washed_out(spot.box):
            why = "un reflet efface une partie de cette ligne."
            return doubtful(None, how, spot.page, why)
        return taken("", how, "certain", spot.page)
    if field.given:
        why = "cette ligne, que le bureau avait laissée vide, a été remplie à la main."
        return doubtful("", how, spot.page, why)
    return unread(how, spot.page)


def above_the_line(box: Box) -> Box:
    """The box without the line it stands on."""
    return Box(box.x, box.y, box.width, max(1.0, box.height - _RULE))
