"""F16, the parchemin: one landscape page to frame, its words those of the mandatory mentions.

RNCP wording only for a registered certification. « SPÉCIMEN » across a provisional one,
« DÉMONSTRATION » across one made with demonstration keys. No logo.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from forms.code import draw_code
from forms.fields import Spoken, signature_field
from forms.flow import LAYOUT, Flow
from forms.layout import Box, Frame
from forms.metadata import About
from forms.pages import guilloche, parts
from forms.pages.letterhead import fitted, moment, resized, whole
from forms.pages.mentions import level_words, registration_words
from forms.pages.wording import (
    KINDS,
    birth_words,
    civil_name,
    civility,
    in_words,
    sentence,
    usage_words,
)
from forms.sheet import Sheet, circle_path
from forms.style import (
    DARK,
    HAIRLINE,
    MIDDLE,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Face,
    TextStyle,
)
from forms.typography import NO_BREAK, height, wrap

FIELD, CACHET = "signature/certificateur", "cachet/certificateur"
FRAME = Frame(
    page_width=PAGE_HEIGHT,
    page_height=PAGE_WIDTH,
    left=34 * MM,
    right=263 * MM,
    first_top=26 * MM,
    top=26 * MM,
    bottom=187 * MM,
)
CERTIFIER = TextStyle(face=Face.SERIF, size=11, leading=14.5, grey=DARK)
KIND = TextStyle(face=Face.DISPLAY_LIGHT, size=21, leading=26)
NAME = TextStyle(face=Face.DISPLAY_STRONG, size=34, leading=39)
HOLDER = TextStyle(face=Face.DISPLAY, size=27, leading=32)
LINK = TextStyle(face=Face.SERIF_ITALIC, size=12.5, leading=16, grey=DARK)
TEXT = TextStyle(face=Face.SERIF, size=12.5, leading=16.5)
REGISTERED = TextStyle(face=Face.SERIF, size=9.2, leading=12.2, grey=DARK)
CAPTION = TextStyle(face=Face.SERIF_ITALIC, size=9.6, leading=12.4, grey=DARK)
MONOGRAM = TextStyle(face=Face.SERIF_STRONG, size=9.5, leading=12, grey=DARK, tracking=0.8)
VALUE = TextStyle(face=Face.SERIF, size=12, leading=15.5)
DUPLICATE = TextStyle(face=Face.SERIF_STRONG, size=11.5, leading=14.5, tracking=1.0)
SPECIMEN = TextStyle(face=Face.DISPLAY_STRONG, size=118, leading=118)
TRIAL = TextStyle(face=Face.DISPLAY_STRONG, size=78, leading=78)
SPECIMEN_WORDS = "Spécimen sans valeur : le référentiel de cette certification est provisoire."
_FOOT = 151 * MM
# White stands between who signs and the stamp of the signature, and under it before the border.
_FIELD = Box(183 * MM, 164.5 * MM, 80 * MM, 21.5 * MM)
# With a cachet beside it, the signature is the larger of the two, and stands first.
_SIGNED = Box(183 * MM, 163 * MM, 80 * MM, 13.5 * MM)
_SEALED = Box(183 * MM, 177 * MM, 80 * MM, 10.5 * MM)
_CODE = 28 * MM
_LEAST, _MOST = 1.5 * MM, 6.9 * MM


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A centred line of the page and the white above it, in shares of what is left."""

    text: str
    style: TextStyle
    white: float
    role: str = "P"


def parchemin(
    case: CaseFile,
    certification: Certification,
    number: str,
    decided_on: date,
    delivered_on: date,
    place: str,
    *,
    specimen: bool = False,
    trial: bool = False,
    code: str = "",
    duplicate_on: date | None = None,
    imprint: str = "",
    cachet: bool = False,
) -> bytes:
    """The parchemin, unsigned, as a finished PDF; check `missing_mentions` before it is signed.

    specimen: under a provisional référentiel; trial: made with demonstration keys; either is marked
    so, across the page and in words.
    code: the text of the code to print at its foot, in capitals and digits; "" for none.
    duplicate_on: the day of a duplicate, which is marked so. imprint: what says which case it is
    of, when it goes out to be signed elsewhere. cachet: whether the certifier’s seal has a place
    beside the signature of a person, which it never replaces.
    """
    holder = f"{civility(case.candidate)} {civil_name(case.candidate)}".strip()
    about = About(
        title=f"{certification.name} — {holder}" + _worthless(specimen, trial),
        subject=f"{KINDS[certification.kind]}, n° {number}",
        author=certification.certifier.name,
        created=moment(duplicate_on or delivered_on),
        imprint=imprint,
    )
    flow = Flow(Sheet(about, FRAME))
    _engrave(flow.sheet, certification.kind)
    if specimen or trial:
        _across(flow.sheet, *(("SPÉCIMEN", SPECIMEN) if specimen else ("DÉMONSTRATION", TRIAL)))
    told = (SPECIMEN_WORDS if specimen else "", parts.TRIAL if trial else "")
    _centred(flow, _lines(case, certification, holder, decided_on, told))
    beside = _code(flow, code, number) if code else 0.0
    _foot(flow, number, delivered_on, place, beside)
    _signature(flow, certification.certifier.signatory_quality, cachet=cachet)
    if duplicate_on is not None:
        _duplicate(flow, duplicate_on)
    return flow.sheet.finish()


def _worthless(specimen: bool, trial: bool) -> str:
    """What the title of the file says of a parchemin that is worth nothing."""
    words = ("spécimen" if specimen else "", "démonstration" if trial else "")
    return f" ({', '.join(filter(None, words))})" if any(words) else ""


def _lines(
    case: CaseFile,
    certification: Certification,
    holder: str,
    decided_on: date,
    worthless: Sequence[str],
) -> list[_Line]:
    known = ", ".join(filter(None, (usage_words(case.candidate), birth_words(case.candidate))))
    jury = certification.deliberation.name
    lines = [
        _Line(text=_dashed(certification.certifier.name), style=CERTIFIER, white=0),
        _Line(text=KINDS[certification.kind], style=KIND, white=3),
        _Line(text=certification.title, style=NAME, white=1, role="H1"),
        _Line(text="est délivré à", style=LINK, white=2),
        _Line(text=holder, style=HOLDER, white=0.8),
        _Line(text=known, style=TEXT, white=0.5),
        _Line(
            text=f"par décision du {jury} en date du {in_words(decided_on)}", style=TEXT, white=1.6
        ),
        _Line(text=_registration(certification), style=REGISTERED, white=1.2),
        *(_Line(text=words, style=REGISTERED, white=1.2) for words in worthless),
    ]
    return [line for line in lines if line.text]


def _registration(certification: Certification) -> str:
    registration = certification.registration
    if registration is None:
        return ""
    decision, decided = _in_a_sentence(registration.decision), in_words(registration.decided_on)
    # The official words are kept as they are; where they give the date, it is not said twice.
    written = re.sub(r"\b0(?=\d )", "", decision).replace("1er ", "1ᵉʳ ")
    dated = decided.replace(NO_BREAK, " ") in written
    parts = [
        f"Certification {registration_words(certification)}, "
        f"{'' if dated else f'décision du {decided} : '}{decision}."
    ]
    levels = []
    if certification.level:
        levels.append(f"Niveau de qualification : {level_words(certification.level)}")
    if certification.european_level:
        european = level_words(certification.european_level)
        levels.append(f"Cadre européen des certifications (CEC) : {european}")
    if registration.nsf:
        levels.append(f"NSF : {', '.join(registration.nsf)}")
    return "\n".join([*parts, " · ".join(levels)] if levels else parts)


def _dashed(words: str) -> str:
    """A dash closes a line rather than open the next."""
    return words.replace(" – ", f"{NO_BREAK}– ")


def _in_a_sentence(words: str) -> str:
    """« arrêté du… » of « Arrêté du… »; an acronym keeps its capitals."""
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _centred(flow: Flow, lines: list[_Line]) -> None:
    """The lines down the middle, the white between them shared out by weight.

    Set smaller as a whole when names and titles are so long that the page would be full.
    """
    top, bottom = flow.frame.top, _FOOT - 9 * MM
    shares = sum(line.white for line in lines)
    for percent in range(100, 60, -4):
        shown = [_set(line, flow.frame.width, percent / 100) for line in lines]
        words = sum(height(line.text, line.style, room) for line, room in shown)
        if words + shares * _LEAST <= bottom - top:
            break
    unit = min(_MOST, max(0.0, (bottom - top - words) / shares))
    flow.y = top + (bottom - top - words - shares * unit) / 2
    for line, room in shown:
        flow.y += line.white * unit
        x = flow.frame.left + (flow.frame.width - room) / 2
        flow.paragraph(line.text, line.style, role=line.role, x=x, width=room, align="centre")


def _set(line: _Line, room: float, scale: float) -> tuple[_Line, float]:
    """The line in the size and the width it is set in, its lines of even length."""
    style, text = resized(line.style, line.style.size * scale), line.text
    if line.style is NAME:
        style = fitted(text, style, room, lines=2, smallest=18)
    elif line.style in (HOLDER, KIND):
        style = fitted(text, style, room, smallest=19 * scale)
        if len(wrap(text, style, room)) > 1:
            style = fitted(text, resized(style, 23 * scale), room, lines=2, smallest=13)
    room = room if style.size > 15 else min(room, 190 * MM)
    return replace(line, style=style), _even(text, style, room)


def _even(text: str, style: TextStyle, room: float) -> float:
    """The narrowest width that takes no more lines: no word is left alone on the last."""
    count = len(wrap(text, style, room))
    narrow, wide = room / (count + 1), room
    while count > 1 and wide - narrow > 2:
        middle = (narrow + wide) / 2
        if len(wrap(text, style, middle)) > count or not whole(text, style, middle):
            narrow = middle
        else:
            wide = middle
    return wide


def _code(flow: Flow, text: str, number: str) -> float:
    """The code, on white, at the left of the foot; the room it leaves taken from the words."""
    sheet, box = flow.sheet, Box(flow.frame.left, _FOOT + 1.5 * MM, _CODE, _CODE)
    quiet = 2 * MM
    sheet.rect(
        Box(box.x - quiet, box.y - quiet, box.width + 2 * quiet, box.height + 2 * quiet), fill=1
    )
    words = f"Code signé du parchemin n° {number}, à vérifier hors connexion."
    x, y, wide, high = sheet.place(box)
    bounds = [x, y, x + wide, y + high]
    figure = flow.here.child("Figure", alt=words, attributes={"O": LAYOUT, "BBox": bounds})
    draw_code(sheet, box, text, figure)
    return _CODE + 5 * MM


def _foot(
    flow: Flow,
    number: str,
    delivered_on: date,
    place: str,
    beside: float,
) -> None:
    """Number, place and date at the left, `beside` points from the edge."""
    x = flow.frame.left + beside
    left = min(66 * MM, 132 * MM - x)
    flow.y = _FOOT
    for label, value in (
        ("Numéro", number),
        ("Délivré à", f"{place}, le {in_words(delivered_on)}"),
    ):
        with flow.inside("Div"):
            flow.paragraph(label, CAPTION, x=x, width=left)
            flow.paragraph(value, VALUE, x=x, width=left, after=2.6 * MM)


def _signature(flow: Flow, quality: str, *, cachet: bool) -> None:
    """At the right: who signs for the certifier, and under it the place of its cachet."""
    sheet, box = flow.sheet, _SIGNED if cachet else _FIELD
    style = fitted(quality, VALUE, _FIELD.width, smallest=9.5)
    with flow.inside("Div"):
        flow.y = _FOOT
        flow.paragraph("Pour le certificateur", CAPTION, x=_FIELD.x, width=_FIELD.width)
        flow.paragraph(sentence(quality), style, x=_FIELD.x, width=_FIELD.width)
        spoken = Spoken(name=FIELD, words=f"Signature du certificateur : {quality}")
        signature_field(sheet, flow.here, box, spoken)
        if cachet:  # a Div of its own, with one child, is a tree that pyHanko’s analysis misreads
            told = "Cachet du certificateur, ajouté à la signature, qu’il ne remplace pas"
            signature_field(sheet, flow.here, _SEALED, Spoken(name=CACHET, words=told), closes=True)
    sheet.rule(_FIELD.x, _FIELD.bottom, _FIELD.width, weight=HAIRLINE, grey=MIDDLE)


def _duplicate(flow: Flow, on: date) -> None:
    """« DUPLICATA » and its day, set into the border at the head, where nobody overlooks it."""
    sheet, frame = flow.sheet, flow.frame
    wide, high = 84 * MM, 10.4 * MM
    box = Box((frame.page_width - wide) / 2, 15 * MM - high / 2, wide, high)
    sheet.rect(box, fill=1, stroke=DARK, weight=0.9)
    flow.y = box.y + (high - DUPLICATE.leading) / 2
    words = f"DUPLICATA DU {in_words(on).upper()}"
    flow.paragraph(words, DUPLICATE, x=box.x, width=wide, align="centre")


def _engrave(sheet: Sheet, kind: str) -> None:
    """The border, the corners, the pale rose behind the words, the medallion at the foot."""
    wide, high = sheet.frame.page_width, sheet.frame.page_height
    inset, half, corner = 15 * MM, 3.1 * MM, 8.2 * MM
    sheet.raw(guilloche.ground(wide / 2, high / 2 + 8 * MM, 66 * MM))
    sheet.raw(guilloche.band(inset, inset, wide - inset, high - inset, half))
    for by, weight in ((inset - half - 1.6, 0.9), (inset + half + 1.6, 0.35)):
        sheet.rect(Box(by, by, wide - 2 * by, high - 2 * by), stroke=DARK, weight=weight)
    for x in (inset, wide - inset):
        for y in (inset, high - inset):
            sheet.raw(b"1 g " + circle_path(x, y, corner) + b" f")
            sheet.raw(guilloche.rosette(x, y, corner))
    middle = 38 * MM
    sheet.raw(guilloche.rosette(wide / 2, middle, 14 * MM, petals=20, rings=6, hollow=0.55))
    top = high - middle - MONOGRAM.leading / 2
    sheet.text(wide / 2 + MONOGRAM.tracking / 2, top, kind, MONOGRAM, align="centre")


def _across(sheet: Sheet, words: str, style: TextStyle) -> None:
    """« SPÉCIMEN », or « DÉMONSTRATION », in outline, rising across the page."""
    wide, high = sheet.frame.page_width, sheet.frame.page_height
    x, y = wide / 2, high / 2
    c, s = 0.9135, 0.4067  # 24°
    turn = b"%.4f %.4f %.4f %.4f %.3f %.3f cm" % (c, s, -s, c, x - c * x + s * y, y - s * x - c * y)
    with sheet.graphics(turn + b" 1 Tr 0.7 w 0.62 G"):
        sheet.text(x, y - style.leading / 2, words, style, align="centre")
