"""The form somebody at the office fills with what a hand wrote: each crop beside an empty field.

Fields bear the names of the form they come from, so what is typed goes where it belongs. It makes
PDFs from crops that were never decoded here: their pixels go from one file to the other as they
came out of the sandbox.
"""

from collections.abc import Sequence
from datetime import datetime

from casefiles.answers import imprint as imprints
from casefiles.answers.imprint import Imprint
from forms.code import mark_page
from forms.fields import OneOf, Spoken, carried, text_field, tick
from forms.flow import Flow
from forms.layout import Box
from forms.metadata import About
from forms.returns.geometry import Layout, PrintedField
from forms.returns.outcome import Crop, PrintReturned
from forms.returns.pasting import paste
from forms.returns.typed import BY, DAY, NOTHING, READ_AGAIN, SIGNED
from forms.sheet import Sheet
from forms.style import (
    ANSWER,
    BODY,
    CODE_SIZE,
    CODE_TOP,
    DARK,
    LABEL,
    LEAD,
    MM,
    QUIET,
    RUNNING,
    SMALL,
    STRONG,
    SUBTITLE,
    THICK,
    TINT,
    TITLE,
)
from forms.typography import height, width

_MARK = 9.0
_GAP = 4.0
_FIELD = 18.0
_STEP = BODY.leading + 2
_BESIDE = 0.52


def transcription(
    returned: PrintReturned,
    layout: Layout,
    *,
    title: str,
    imprint: Imprint,
    key: bytes,
    created: datetime | None = None,
) -> bytes:
    """The form to fill from the crops. `title` names what came back; `imprint` is this print’s own.

    Its `form` should be NAME and its `part` the serial of the print that came back.
    """
    signed = imprint.signed(key)
    about = About(
        title=f"Transcription — {title}", created=created, imprint=signed.text(), subject=title
    )

    def repeated(sheet: Sheet, page: int, pages: int) -> None:
        mark_page(sheet, imprint.on_page(page).signed(key).code())
        foot = f"Transcription du tirage {returned.imprint.serial} · page {page} sur {pages}"
        sheet.text(sheet.frame.left, sheet.frame.bottom + 4 * MM, foot, RUNNING)

    sheet = Sheet(about, decorate=repeated)
    flow = Flow(sheet)
    _head(flow, title)
    drawing = _Drawing(flow)
    asked = frozenset(returned.to_look)
    for field in layout.fields:
        if field.name in asked:
            drawing.question(field, returned)
    drawing.signatures(returned)
    _sign_off(flow)
    with sheet.on(0):
        words = "Empreinte du tirage, pour le bureau"
        carried(sheet, sheet.root, imprints.FIELD, words, signed.text())
    return sheet.finish()


def _head(flow: Flow, title: str) -> None:
    wide = flow.frame.beside_code
    flow.y = flow.frame.first_top
    flow.paragraph("Transcription", TITLE, role="H1", width=wide(TITLE), after=0.8 * MM)
    flow.paragraph(title, SUBTITLE, width=wide(SUBTITLE))
    flow.y = max(flow.y, CODE_TOP + CODE_SIZE + QUIET)
    flow.rule(weight=THICK, grey=DARK, after=2.2 * MM)
    flow.paragraph(
        "Un document est revenu sur papier, ou imprimé. Recopiez ce que montre chaque image, ou "
        "comparez-lui ce qui est déjà inscrit, sans rien corriger ni compléter ; puis enregistrez "
        "ce fichier à sa place. Le dossier attend.",
        LEAD,
        after=0.8 * MM,
    )
    flow.paragraph(
        "Si une image ne montre aucune réponse, cochez « rien à lire » : une case laissée vide ne "
        "vaut pas une réponse. Si une réponse est illisible, ou si deux cases sont cochées, ne "
        "devinez pas : demandez à la personne qui a rempli le document.",
        SMALL,
        after=1 * MM,
    )


class _Drawing:
    """The questions, one under the other."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._sheet = flow.sheet

    def question(self, field: PrintedField, returned: PrintReturned) -> None:
        """One question: its words, its crop, and where to type."""
        flow = self._flow
        crop = returned.crops.get(field.name)
        doubt = next((d.message for d in returned.doubts if d.field == field.name), "")
        page = field.spots[0].page
        words = f"Page {page} — {field.words}"
        beside = crop is not None and crop.width <= _BESIDE * flow.frame.width
        crop_width, crop_height = (0.0, 0.0) if crop is None else self._size(crop)
        indent = crop_width + 3 * _GAP if beside else 0.0
        answer = self._answer_height(field, indent)
        tall = max(crop_height, answer) if beside else crop_height + answer + _GAP
        flow.space(2.4 * MM)
        words_height = height(words, STRONG, flow.frame.width)
        doubt_height = height(doubt, SMALL, flow.frame.width) if doubt else 0.0
        flow.need(words_height + doubt_height + tall + 2 * _GAP)
        with flow.inside("Sect"):
            flow.paragraph(words, STRONG)
            if doubt:
                flow.paragraph(doubt[0].upper() + doubt[1:], SMALL)
            flow.space(_GAP / 2)
            top = flow.y
            if crop is not None:
                self._crop(crop, field.name, field.words)
            if beside:
                flow.y = top
            else:
                flow.space(_GAP)
            self._answer(field, returned, flow.frame.left + indent)
            flow.y = top + tall
            flow.space(1.2 * MM)
            flow.rule()

    def signatures(self, returned: PrintReturned) -> None:
        """Each place to sign, and whether a hand signed it."""
        for place in returned.signatures:
            crop = returned.crops.get(place.name)
            flow = self._flow
            flow.space(2.4 * MM)
            tall = self._size(crop)[1] if crop else 0.0
            flow.need(tall + 4 * LABEL.leading + 30)
            with flow.inside("Sect"):
                flow.paragraph(f"Page {place.page} — {place.words}", STRONG, after=_GAP / 2)
                if crop is not None:
                    self._crop(crop, place.name, place.words)
                    flow.space(_GAP)
                spoken = Spoken(
                    name=SIGNED + place.name,
                    words=f"{place.words} : une signature manuscrite y figure",
                    required=True,
                )
                options = (("oui", "Une signature manuscrite y figure"), ("non", "Rien n’y figure"))
                self._options(spoken, options, flow.frame.left, flow.y)
                flow.y += _FIELD
                flow.rule()

    def _size(self, crop: Crop) -> tuple[float, float]:
        """Points on the page: as it was, unless it is wider than the text."""
        ratio = min(1.0, self._flow.frame.width / crop.width, 220 / crop.height)
        return crop.width * ratio, crop.height * ratio

    def _crop(self, crop: Crop, name: str, words: str) -> None:
        wide, high = self._size(crop)
        alt = f"Ce qui est écrit à la main pour « {words} »"
        self._flow.figure(high, alt, lambda box: paste(self._sheet, box, name, crop), width=wide)

    def _answer_height(self, field: PrintedField, beside_width: float) -> float:
        if field.kind == "text":
            return self._lines(field) * ANSWER.leading + 4 + BODY.leading + _GAP
        left = self._flow.frame.left + (beside_width if beside_width else 0.0)
        return len(self._rows(_choices(field), left)) * _STEP + 2

    def _lines(self, field: PrintedField) -> int:
        return max(1, round(field.spots[0].box.height / ANSWER.leading)) if field.many else 1

    def _answer(self, field: PrintedField, returned: PrintReturned, left: float) -> None:
        flow = self._flow
        if field.kind != "text":
            spoken = Spoken(name=field.name, words=field.words)
            self._options(spoken, _choices(field), left, flow.y)
            return
        value = returned.values[field.name].value
        suggested = value if isinstance(value, str) else ""
        lines = self._lines(field)
        box = Box(left, flow.y, flow.frame.right - left, max(_FIELD, lines * ANSWER.leading + 4))
        self._sheet.rect(box, fill=TINT)
        self._sheet.rule(box.x, box.bottom, box.width, weight=0.5, grey=DARK)
        text_field(
            self._sheet,
            flow.here,
            box,
            Spoken(name=field.name, words=field.words),
            value=suggested,
            multi_line=lines > 1,
        )
        mark = Box(left, box.bottom + _GAP, _MARK, _MARK)
        self._sheet.rect(mark.inset(0.4), stroke=DARK, weight=0.8)
        spoken = Spoken(name=NOTHING + field.name, words=f"{field.words} : rien à lire")
        tick(self._sheet, flow.here, mark, spoken)
        with self._sheet.tagged(flow.here.child("P")):
            self._sheet.text(mark.right + _GAP, mark.y - 0.5, "rien à lire", LABEL)

    def _options(
        self, spoken: Spoken, options: Sequence[tuple[str, str]], left: float, top: float
    ) -> None:
        flow = self._flow
        choice = OneOf(self._sheet, spoken)
        for row, line in enumerate(self._rows(options, left)):
            y = top + row * _STEP
            for x, value, words in line:
                box = Box(x, y + (BODY.leading - _MARK) / 2, _MARK, _MARK)
                middle = box.x + _MARK / 2, box.y + _MARK / 2
                self._sheet.circle(*middle, _MARK / 2 - 0.4, stroke=DARK)
                block = flow.here.child("Div")
                choice.option(block, box, value, words)
                with self._sheet.tagged(block.child("P")):
                    self._sheet.text(box.right + _GAP, y, words, BODY)
        choice.close()

    def _rows(
        self, options: Sequence[tuple[str, str]], left: float
    ) -> list[list[tuple[float, str, str]]]:
        """Options in lines: left edge, value, words."""
        rows: list[list[tuple[float, str, str]]] = [[]]
        x = left
        for value, words in options:
            wide = _MARK + _GAP + width(words, BODY) + 14
            if rows[-1] and x + wide > self._flow.frame.right:
                rows.append([])
                x = left
            rows[-1].append((x, value, words))
            x += wide
        return rows


def _choices(field: PrintedField) -> tuple[tuple[str, str], ...]:
    if field.kind == "tick":
        return (("oui", "Cochée"), ("non", "Non cochée"))
    options = tuple((spot.option, spot.label or spot.option) for spot in field.spots)
    return (*options, ("off", "Aucune"))


def _sign_off(flow: Flow) -> None:
    flow.space(4 * MM)
    flow.need(90)
    with flow.inside("Sect"):
        flow.heading(2, "Qui a recopié", keep=70)
        asked = ((BY, "Nom et prénom", 0, 6), (DAY, "Le (jj/mm/aaaa)", 6, 3))
        top = flow.y
        for name, words, first, columns in asked:
            x, wide = flow.frame.span(first, columns)
            with flow.sheet.tagged(flow.here.child("P")):
                flow.sheet.text(x, top, words, LABEL)
            box = Box(x, top + LABEL.leading + 1, wide, _FIELD)
            flow.sheet.rect(box, fill=TINT)
            flow.sheet.rule(box.x, box.bottom, box.width, weight=0.5, grey=DARK)
            spoken = Spoken(name=name, words=words, required=True)
            text_field(flow.sheet, flow.here, box, spoken)
        flow.y = top + LABEL.leading + _FIELD + 3 * MM
        words = "J’ai relu chaque réponse sur son image."
        box = Box(flow.frame.left, flow.y + (BODY.leading - _MARK) / 2, _MARK, _MARK)
        flow.sheet.rect(box.inset(0.4), stroke=DARK, weight=0.8)
        tick(flow.sheet, flow.here, box, Spoken(name=READ_AGAIN, words=words, required=True))
        with flow.sheet.tagged(flow.here.child("P")):
            flow.sheet.text(box.right + _GAP, flow.y, words, BODY)
        flow.y += BODY.leading
