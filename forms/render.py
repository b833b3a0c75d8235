"""Forms become PDF here, and only here: fillable, bundled, or written down as a reading copy.

A form is drawn from its outline, so its questions exist once. Same arguments, same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casefiles.answers import imprint as imprints
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import Block, Group, Outline, Question, Table, field_name, outline
from casefiles.answers.vocabulary import Form, Scope, SignatureSpot
from forms.fields import carried
from forms.flow import Flow
from forms.grids import Grid
from forms.ink import Fillable, Ink, Written
from forms.layout import Box
from forms.masthead import Masthead, draw_code_of, draw_masthead, draw_repeated, masthead
from forms.metadata import About
from forms.questions import draw_questions, row_heights
from forms.sheet import Sheet
from forms.style import BODY, LABEL, MM, SMALL
from forms.typography import height, wrap

_SIGNATURE_HEIGHT = 18 * MM
_ABOVE_SIGNATURES = 2.5 * MM
_KEPT_WHOLE = 90 * MM
_CARRIED_WORDS = "Empreinte du tirage, pour le bureau"
RawValues = Mapping[str, Any]
_NOTHING: RawValues = {}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One form of a bundle: its scope, what is known, and the name its fields begin with."""

    scope: Scope
    values: RawValues
    case_line: str = ""
    prefix: str = ""


def make(
    form: type[Form],
    scope: Scope,
    *,
    imprint: Imprint,
    key: bytes,
    values: RawValues = _NOTHING,
    case_line: str = "",
    provisional: bool = False,
    created: datetime | None = None,
    corrections: Sequence[str] = (),
) -> bytes:
    """The fillable form. `values` by field name: str, bool, date or a choice; None for unknown.

    corrections: sentences, drawn under the head, that say what is to be answered anew. `imprint` is
    signed with `key` (and again for each page's code); `created` is aware.
    """
    part = Part(scope=scope, values=values, case_line=case_line)
    return _fillable(form, [part], imprint, key, provisional, created, corrections)


def make_bundle(
    form: type[Form],
    scopes: Sequence[Scope],
    *,
    imprint: Imprint,
    key: bytes,
    values: Mapping[str, RawValues] | None = None,
    case_line: str = "",
    provisional: bool = False,
    created: datetime | None = None,
    corrections: Sequence[str] = (),
) -> bytes:
    """One fillable file of several grids, each on its own pages, in the order of `scopes`.

    Field names begin with the compétence (« BDC1-2/criteria/… »); `values` is keyed by compétence
    id. Each grid's signature closes that grid only.
    """
    known = values or {}
    parts = [
        Part(
            scope=scope,
            values=known.get(scope.competence, _NOTHING),
            case_line=case_line,
            prefix=bundle_prefix(scope.competence),
        )
        for scope in scopes
    ]
    return _fillable(form, parts, imprint, key, provisional, created, corrections)


def bundle_prefix(competence: str) -> str:
    """What the names of one grid begin with inside a bundle: « BDC1-2/ »."""
    return field_name(competence) + "/"


def flat(
    form: type[Form],
    scope: Scope,
    values: RawValues,
    *,
    imprint: Imprint,
    key: bytes,
    case_line: str = "",
    provisional: bool = False,
    signed: Mapping[str, str] | None = None,
    created: datetime | None = None,
) -> bytes:
    """The same pages with the answers drawn and no field: a reading copy for packs and archives.

    `signed` says, by signature field name, what was found of each signature.
    """
    head = masthead(form, scope, imprint, case_line, provisional)
    document = _Document([head], imprint, key, _about(head, imprint.signed(key), created))
    ink = Written(document.sheet, values, signed=signed)
    document.draw(head, form, scope, ink, legend=False)
    return document.sheet.finish()


def _fillable(
    form: type[Form],
    parts: Sequence[Part],
    imprint: Imprint,
    key: bytes,
    provisional: bool,
    created: datetime | None,
    corrections: Sequence[str] = (),
) -> bytes:
    signed = imprint.signed(key)
    heads = [masthead(form, p.scope, imprint, p.case_line, provisional) for p in parts]
    document = _Document(heads, imprint, key, _about(heads[0], signed, created))
    for part, head in zip(parts, heads, strict=True):
        ink = Fillable(document.sheet, part.values, part.prefix)
        said = corrections if part is parts[0] else ()
        document.draw(head, form, part.scope, ink, legend=True, corrections=said)
    sheet = document.sheet
    with sheet.on(0):
        carried(sheet, sheet.root, imprints.FIELD, _CARRIED_WORDS, signed.text())
    return sheet.finish()


def _about(head: Masthead, signed: Imprint, created: datetime | None) -> About:
    return About(
        title=f"{head.title} — {head.certification}",
        subject=head.subject,
        created=created,
        imprint=signed.text(),
    )


class _Document:
    """One file being drawn, form after form."""

    def __init__(
        self, heads: Sequence[Masthead], imprint: Imprint, key: bytes, about: About
    ) -> None:
        self._first_pages: dict[int, Masthead] = {}
        self._imprint = imprint
        self._key = key
        self.sheet = Sheet(about, decorate=self._decorate)
        self.flow = Flow(self.sheet)

    def draw(
        self,
        head: Masthead,
        form: type[Form],
        scope: Scope,
        ink: Ink,
        *,
        legend: bool,
        corrections: Sequence[str] = (),
    ) -> None:
        """One form, from a page of its own."""
        if self._first_pages:
            self.flow.next_page()
        self._first_pages[self.sheet.page] = head
        laid_out = outline(form, scope)
        with self.flow.inside("Part"):
            draw_masthead(self.flow, head, legend=legend)
            _draw_corrections(self.flow, corrections)
            _draw_conditions(self.flow, scope)
            if isinstance(laid_out.blocks[0], Question):
                self.flow.space(2.2 * MM)
            spots = form.signatures(scope)
            tail = _signatures_height(self.flow, spots)
            _draw_blocks(self.flow, ink, laid_out.blocks, level=2, where="", tail=tail)
            _draw_signatures(self.flow, ink, spots, laid_out)

    def _decorate(self, sheet: Sheet, page: int, pages: int) -> None:
        first = max(index for index in self._first_pages if index <= page - 1)
        head = self._first_pages[first]
        draw_repeated(sheet, head, page, pages, first == page - 1)
        draw_code_of(sheet, self._imprint, self._key, page)


def _draw_corrections(flow: Flow, corrections: Sequence[str]) -> None:
    """What came back wrong, in the words of the form: the first thing read on a corrected copy."""
    if not corrections:
        return
    flow.heading(2, "À corriger", keep=60, rule=True)
    flow.paragraph(
        "Vos autres réponses sont reprises ; les dates, les accords et la signature sont à donner "
        "de nouveau. Les pages sont celles du document reçu.",
        SMALL,
        after=1.2 * MM,
    )
    for line in corrections:
        flow.paragraph(f"— {line}", BODY, after=0.8 * MM)


def _draw_conditions(flow: Flow, scope: Scope) -> None:
    """What the référentiel asks of the evaluation of this compétence (R66)."""
    if not scope.competence:
        return
    one = scope.certification.competence(scope.competence)
    if one.conditions:
        flow.space(1.2 * MM)
        words = " ; ".join(c.rstrip(" .;") for c in one.conditions)
        flow.paragraph(f"Conditions de réalisation : {words}.", SMALL)
    if one.domains:
        flow.space(1.2 * MM)
        flow.paragraph(f"Sur l’un de ces domaines : {', '.join(one.domains)}.", SMALL)


def _draw_blocks(
    flow: Flow, ink: Ink, blocks: Sequence[Block], *, level: int, where: str, tail: float = 0.0
) -> None:
    """Block after block. tail: of what follows the last, to be kept with a group that is short."""
    waiting: list[Question] = []
    for block in blocks:
        if isinstance(block, Question):
            waiting.append(block)
            continue
        draw_questions(flow, ink, waiting, where)
        waiting = []
        if isinstance(block, Table):
            _draw_table(flow, ink, block, level)
        else:
            _draw_group(flow, ink, block, level, tail if block is blocks[-1] else 0.0)
    draw_questions(flow, ink, waiting, where)


def _draw_group(flow: Flow, ink: Ink, group: Group, level: int, tail: float = 0.0) -> None:
    keep = _kept(flow, ink, group, level, tail)
    with flow.inside("Sect"):
        if group.title:
            flow.heading(min(level, 3), group.title, keep=keep, rule=level == 2)
        else:
            flow.space(2.2 * MM)
        flow.paragraph(group.intro, SMALL, after=1.2 * MM)
        deeper = level + 1 if group.title else level
        _draw_blocks(flow, ink, group.blocks, level=deeper, where=group.title)


def _kept(flow: Flow, ink: Ink, group: Group, level: int, tail: float) -> float:
    """What must stay with a group's title: all its questions if they are few, else the first.

    With few questions the tail stays too: nobody signs a page that says nothing. One card among
    others (a situation, a bloc) stays whole wherever a page can hold it: cut, its second half would
    not say which card it is of.
    """
    questions = [b for b in group.blocks if isinstance(b, Question)]
    if not questions or not isinstance(group.blocks[0], Question):
        return 60.0
    intro = height(group.intro, SMALL, flow.frame.width) + 1.2 * MM if group.intro else 0.0
    rows = row_heights(flow, ink, questions)
    whole = sum(rows)
    most = flow.frame.bottom - flow.frame.top - 20 * MM if level > 2 else _KEPT_WHOLE
    return intro + (whole + tail if whole < most else rows[0])


def _draw_table(flow: Flow, ink: Ink, table: Table, level: int) -> None:
    if not table.rows:
        return
    grid = Grid(flow, ink, table)
    with flow.inside("Sect"):
        flow.heading(min(level, 3), table.title, keep=grid.start_height())
        flow.paragraph(table.intro, SMALL, after=1.2 * MM)
        grid.draw()


def _draw_signatures(
    flow: Flow, ink: Ink, spots: Sequence[SignatureSpot], laid_out: Outline
) -> None:
    """Two places to sign side by side, a third below."""
    locks = tuple(ink.prefix + q.name for q in laid_out.questions()) if ink.prefix else ()
    places = [flow.frame.span(6 * i, 6) for i in range(2)]
    for pair in _pairs(spots):
        labels = _labels_height(flow, pair)
        flow.space(_ABOVE_SIGNATURES)
        flow.need(labels + 2 + _SIGNATURE_HEIGHT)
        for spot, (x, wide) in zip(pair, places, strict=False):
            block = flow.here.child("Div")
            with flow.sheet.tagged(block.child("P")):
                lines = wrap(_spot_words(spot), LABEL, wide)
                flow.sheet.lines(x, flow.y + labels - len(lines) * LABEL.leading, lines, LABEL)
            box = Box(x, flow.y + labels + 2, wide, _SIGNATURE_HEIGHT)
            ink.sign(block, box, spot, locks)
        flow.y += labels + 2 + _SIGNATURE_HEIGHT
        flow.space(1.5 * MM)


def _signatures_height(flow: Flow, spots: Sequence[SignatureSpot]) -> float:
    """The height of the first places to sign, with the room above them; 0 without any."""
    return sum(
        _ABOVE_SIGNATURES + _labels_height(flow, pair) + 2 + _SIGNATURE_HEIGHT
        for pair in _pairs(spots)[:1]
    )


def _pairs(spots: Sequence[SignatureSpot]) -> list[Sequence[SignatureSpot]]:
    return [spots[start : start + 2] for start in range(0, len(spots), 2)]


def _labels_height(flow: Flow, pair: Sequence[SignatureSpot]) -> float:
    _, wide = flow.frame.span(0, 6)
    return max(height(_spot_words(spot), LABEL, wide) for spot in pair)


def _spot_words(spot: SignatureSpot) -> str:
    return f"{spot.label} (elle clôt le document)" if spot.locks == "all" else spot.label
