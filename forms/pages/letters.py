"""The frame of our letters: whom it is written to, its object, its body in a readable measure.

It knows neither decisions nor deliveries; notification and bordereau do.
"""

from collections.abc import Sequence
from datetime import date

from forms.flow import Flow
from forms.pages.boxes import Signatory, signature_boxes
from forms.pages.letterhead import Letterhead
from forms.pages.wording import in_words
from forms.style import DARK, MM, SMALL, STRONG, Face, TextStyle

TEXT = TextStyle(face=Face.SERIF, size=10.5, leading=14.6)
ADDRESS = TextStyle(face=Face.SERIF, size=10.5, leading=13.6)
TO = TextStyle(face=Face.SERIF_ITALIC, size=9.2, leading=12, grey=DARK)
COLUMNS = 10


def addressed(flow: Flow, to: Sequence[str], about: str = "") -> None:
    """The person or body written to, then the object where the title does not say it."""
    x, room = flow.frame.span(6, 6)
    with flow.inside("Div"):
        for rank, line in enumerate(to):
            style = ADDRESS if rank < 2 else TO
            flow.paragraph(line, style, x=x, width=room)
    flow.space(7 * MM)
    if about:
        flow.paragraph(f"Objet : {about}", STRONG, width=measure(flow), after=4 * MM)


def body(flow: Flow, *paragraphs: str) -> None:
    """Paragraphs of the letter."""
    for words in paragraphs:
        if words:
            flow.paragraph(words, TEXT, width=measure(flow), after=2.6 * MM)


def points(flow: Flow, texts: Sequence[str]) -> None:
    """A list inside the letter, in its measure."""
    indent = 4.5 * MM
    with flow.inside("L"):
        for text in texts:
            with flow.inside("LI"):
                flow.need(2 * TEXT.leading)
                with flow.sheet.tagged(flow.here.child("Lbl")):
                    flow.sheet.text(flow.frame.left, flow.y, "–", TEXT)
                x = flow.frame.left + indent
                flow.paragraph(text, TEXT, role="LBody", x=x, width=measure(flow) - indent)
            flow.space(1.2 * MM)
    flow.space(1.6 * MM)


def closing(flow: Flow, letterhead: Letterhead, made_on: date, seal: str = "") -> None:
    """Place and date, and the place of the seal when there is one."""
    flow.need((38 if seal else 16) * MM)
    where = f"Fait à {letterhead.town}, le" if letterhead.town else "Le"
    flow.space(1 * MM)
    flow.paragraph(f"{where} {in_words(made_on)}", TEXT, after=3 * MM)
    if seal:
        quality = "Cachet de l’organisme"
        box = Signatory(field=seal, name=letterhead.organisation, quality=quality)
        signature_boxes(flow, [box], columns=6)
    else:
        flow.paragraph(letterhead.organisation, SMALL)


def measure(flow: Flow) -> float:
    """The width a letter is read in."""
    return flow.frame.span(0, COLUMNS)[1]
