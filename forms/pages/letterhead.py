"""The head and the foot of our pages: who writes, what this is, which page of how many.

`begin` gives a Flow just under the title; what follows is the page’s own business.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from forms.flow import Flow
from forms.layout import Frame
from forms.metadata import About
from forms.pages.wording import in_words
from forms.sheet import Sheet
from forms.style import (
    BLACK,
    HAIR,
    HAIRLINE,
    MM,
    RUNNING,
    SMALL,
    SUBTITLE,
    THICK,
    TITLE,
    Face,
    TextStyle,
)
from forms.typography import width, wrap

PAGE = Frame(first_top=15 * MM, top=27 * MM, bottom=275 * MM)
ORGANISATION = TextStyle(face=Face.SERIF_STRONG, size=11, leading=13.5)
REFERENCE = TextStyle(face=Face.SANS_STRONG, size=8.2, leading=10.4)
_HEAD_BASE = 15.5 * MM
_FOOT = 283 * MM


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """Who writes. `nda`: the number of its « déclaration d’activité », without its words."""

    organisation: str
    address: str = ""
    town: str = ""
    nda: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands under the name."""
        number = f"Déclaration d’activité n° {self.nda}" if self.nda else ""
        address = self.address
        if self.town and self.town.casefold() not in address.casefold():
            address = f"{address}, {self.town}" if address else self.town
        return tuple(line for line in (address, number) if line)


def moment(made_on: date) -> datetime:
    """The day as the moment a file says it was made."""
    return datetime.combine(made_on, time(), UTC)


def begin(
    letterhead: Letterhead,
    made_on: date,
    *,
    title: str,
    reference: Sequence[str],
    subtitle: str = "",
    subject: str = "",
    imprint: str = "",
) -> Flow:
    """A new document down to its title; `reference` stands at the top right, a line each.

    imprint: what a document that must come home says of itself, as `Imprint.text()` gives it.
    """
    about = About(
        title=f"{title} — {reference[0]}" if reference else title,
        subject=subject or subtitle,
        imprint=imprint,
        author=letterhead.organisation,
        created=moment(made_on),
    )
    running = " · ".join((title, *reference[:1]))

    def decorate(sheet: Sheet, page: int, pages: int) -> None:
        _repeat(sheet, page, pages, letterhead.organisation, running)

    flow = Flow(Sheet(about, PAGE, decorate))
    _masthead(flow, letterhead, (*reference, f"Établi le {in_words(made_on)}"))
    flow.paragraph(title, TITLE, role="H1", width=flow.frame.span(0, 11)[1])
    flow.space(1.2 * MM)
    flow.paragraph(subtitle, SUBTITLE, width=flow.frame.span(0, 11)[1])
    flow.space(5 * MM)
    return flow


def _masthead(flow: Flow, letterhead: Letterhead, reference: Sequence[str]) -> None:
    sheet, frame, top = flow.sheet, flow.frame, flow.y
    _, name_width = frame.span(0, 7)
    _, side_width = frame.span(7, 5)
    sheet.rule(frame.left, top, frame.width, grey=HAIR)
    sheet.rule(frame.left, top, frame.span(0, 2)[1], weight=THICK, grey=BLACK)
    flow.y = top + 3 * MM
    with flow.inside("Div"):
        flow.paragraph(letterhead.organisation, ORGANISATION, width=name_width)
        for line in letterhead.lines:
            flow.paragraph(line, SMALL, width=name_width)
    bottom, flow.y = flow.y, top + 3 * MM + 2
    with flow.inside("Div"):
        for rank, line in enumerate(reference):
            style = SMALL if rank else REFERENCE
            x = frame.right - side_width
            flow.paragraph(line, style, x=x, width=side_width, align="right")
    flow.y = max(bottom, flow.y) + 9 * MM


def _repeat(sheet: Sheet, page: int, pages: int, organisation: str, running: str) -> None:
    frame = sheet.frame
    if page > 1:
        sheet.text(frame.left, _HEAD_BASE, shortened(running, RUNNING, frame.width), RUNNING)
        sheet.rule(frame.left, _HEAD_BASE + 4.4 * MM, frame.width, weight=HAIRLINE, grey=HAIR)
    number = f"Page {page} sur {pages}"
    sheet.rule(frame.left, _FOOT - 1.6 * MM, frame.width, weight=HAIRLINE, grey=HAIR)
    room = frame.width - width(number, RUNNING) - 8 * MM
    sheet.text(frame.left, _FOOT, shortened(organisation, RUNNING, room), RUNNING)
    sheet.text(frame.right, _FOOT, number, RUNNING, align="right")


def shortened(text: str, style: TextStyle, room: float) -> str:
    """The text if it fits on one line, else its beginning and « … »."""
    if width(text, style) <= room:
        return text
    first = wrap(text, style, room - width("…", style))[0]
    return first.rstrip(" ,;–—-·") + "…"


def fitted(
    text: str, style: TextStyle, room: float, *, lines: int = 1, smallest: float = 8.0
) -> TextStyle:
    """The style, smaller by half points until the text holds on that many lines."""
    size = style.size
    while size > smallest:
        tried = resized(style, size)
        if len(wrap(text, tried, room)) <= lines and whole(text, tried, room):
            return tried
        size -= 0.5
    return resized(style, smallest)


def resized(style: TextStyle, size: float) -> TextStyle:
    """The style in another size, leading and tracking in proportion."""
    scale = size / style.size
    return replace(style, size=size, leading=style.leading * scale, tracking=style.tracking * scale)


def whole(text: str, style: TextStyle, room: float) -> bool:
    """Whether every line ends where a word does."""
    return " ".join(wrap(text, style, room)).split() == text.split()
