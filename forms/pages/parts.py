"""Pieces several pages share: facts in a grid, notices, findings, results per compétence, boxes.

Each is written down a Flow; none knows which document it stands in.
"""

from collections.abc import Sequence
from dataclasses import replace

from casefiles.certification import Certification
from casefiles.events import Person
from casefiles.rules.finding import Finding
from casefiles.rules.results import Proposal
from forms.flow import Cell, Flow, Head
from forms.layout import Box, rows_of
from forms.pages.letterhead import fitted
from forms.pages.wording import (
    RESULTS,
    birth_words,
    civil_name,
    civility,
    in_order,
    plural,
    sentence,
    usage_words,
)
from forms.style import (
    BLACK,
    BODY,
    CELL,
    CELL_STRONG,
    DARK,
    HAIR,
    LABEL,
    MM,
    THICK,
    WHITE,
    Face,
    TextStyle,
)
from forms.typography import height, width

NAME = TextStyle(face=Face.SERIF_STRONG, size=14, leading=17)
LEAD = TextStyle(face=Face.SERIF, size=10.5, leading=14)
SOURCE = TextStyle(face=Face.SANS_ITALIC, size=7.8, leading=9.8, grey=DARK)
PILL = TextStyle(face=Face.SANS_STRONG, size=6.8, leading=9.2, grey=WHITE, tracking=0.25)
HASH = TextStyle(size=7, leading=10.8, grey=DARK)
TRIAL = "Démonstration sans valeur : ce document est établi avec des clés d’essai."
PROVISIONAL = (
    "Référentiel provisoire : il sera remplacé par celui de la branche. Ce document ne vaut que "
    "comme spécimen."
)
_PILL_ROOM = 25 * MM


def facts(flow: Flow, pairs: Sequence[tuple[str, str, int]], *, after: float = 3 * MM) -> None:
    """Labels over values, side by side on the twelve columns: (label, value, columns)."""
    shown = [pair for pair in pairs if pair[1]]
    for row in rows_of([columns for _, _, columns in shown]):
        first, tall = 0, 0.0
        places = []
        for index in row:
            label, value, columns = shown[index]
            x, wide = flow.frame.span(first, columns)
            places.append((label, value, x, wide))
            tall = max(tall, LABEL.leading + height(value, BODY, wide))
            first += columns
        flow.need(tall)
        top = flow.y
        for label, value, x, wide in places:
            flow.y = top
            with flow.inside("Div"):
                flow.paragraph(label, LABEL, x=x, width=wide)
                flow.paragraph(value, BODY, x=x, width=wide)
        flow.y = top + tall
        flow.space(2.2 * MM)
    flow.space(after - 2.2 * MM if shown else 0)


def notice(
    flow: Flow,
    text: str,
    more: str = "",
    *,
    style: TextStyle = LEAD,
    width: float = 0.0,
    after: float = 4 * MM,
) -> None:
    """A statement beside a thick bar, and a quieter line under it."""
    indent = 4 * MM
    room = (width or flow.frame.width) - indent
    tall = height(text, style, room) + height(more, BODY, room)
    flow.need(tall)
    top = flow.y
    with flow.inside("Div"):
        flow.paragraph(text, style, x=flow.frame.left + indent, width=room)
        flow.paragraph(more, BODY, x=flow.frame.left + indent, width=room)
    bar = flow.frame.left + THICK / 2
    flow.sheet.line(bar, top + 2, bar, flow.y - 1, weight=THICK)
    flow.space(after)


def provisional(flow: Flow, certification: Certification) -> None:
    """Says plainly that the référentiel is provisional, when it is."""
    if certification.provisional:
        notice(flow, PROVISIONAL)


def flags(flow: Flow, findings: Sequence[Finding], *, title: str, nothing: str) -> None:
    """What must be looked at, each with its rule and its source; then what was found in order."""
    pending = [f for f in in_order(findings) if f.status != "ok"]
    passed = [f for f in findings if f.status == "ok"]
    count = f" : {plural(len(pending), 'point')}" if pending else ""
    flow.heading(2, f"{title}{count}", rule=True, keep=30)
    if not pending:
        flow.paragraph(nothing, BODY, after=2 * MM)
    if pending or passed:
        with flow.inside("L"):
            for finding in (*pending, *passed):
                _flag(flow, finding)
    flow.space(1 * MM)


def _flag(flow: Flow, finding: Finding) -> None:
    sheet, frame = flow.sheet, flow.frame
    x = frame.left + _PILL_ROOM
    room = frame.right - x
    source = f"Source : {finding.source}"
    flow.need(height(finding.message, BODY, room) + height(source, SOURCE, room))
    top = flow.y
    with flow.inside("LI"):
        serious = finding.status != "ok"
        label = finding.rule if serious else f"{finding.rule} vérifié"
        style = fitted(label, PILL, _PILL_ROOM - 6 * MM, smallest=4.5)
        style = style if serious else replace(style, grey=DARK)
        wide = width(label, style) + 3.4 * MM
        box = Box(frame.left, top + 1.4, wide, PILL.leading + 1.4)
        sheet.rect(box, fill=BLACK if serious else None, stroke=None if serious else HAIR)
        with sheet.tagged(flow.here.child("Lbl")):
            sheet.text(box.x + 1.7 * MM, box.y + 0.6, label, style)
        with flow.inside("LBody"):
            flow.paragraph(finding.message, BODY, x=x, width=room)
            flow.paragraph(source, SOURCE, x=x, width=room)
    flow.space(2 * MM)


def results_strip(flow: Flow, proposed: Proposal, certification: Certification) -> None:
    """The proposed result of every compétence, eight to a row at most."""
    results = proposed.results
    for start in range(0, len(results), 8):
        some = results[start : start + 8]
        heads = [Head(text=f"{sentence(certification.unit)} {r.competence.number}") for r in some]
        cells = [
            Cell(
                text=sentence(RESULTS[r.result]),
                style=CELL if r.result == "acquise" else CELL_STRONG,
            )
            for r in some
        ]
        flow.table(heads, [cells], gap=2 * MM)
    flow.space(2 * MM)


def comment(flow: Flow, who: str, words: str) -> None:
    """What somebody wrote, quoted beside their name."""
    quoted = f"« {words.strip()} »"
    _, aside = flow.frame.span(0, 4)
    x, room = flow.frame.span(4, 8)
    tall = max(height(who, CELL_STRONG, aside), height(quoted, CELL, room))
    flow.need(tall)
    top = flow.y
    with flow.inside("Div"):
        flow.paragraph(who, CELL_STRONG, width=aside)
        flow.y = top
        flow.paragraph(quoted, CELL, x=x, width=room)
    flow.y = top + tall
    flow.space(1.8 * MM)


def candidate(flow: Flow, person: Person) -> None:
    """The person a page is about, set large, and their civil status under it."""
    name = f"{civility(person)} {civil_name(person)}".strip()
    more = sentence(", ".join(filter(None, (usage_words(person), birth_words(person)))))
    flow.need(height(name, NAME, flow.frame.width) + height(more, BODY, flow.frame.width))
    with flow.inside("Div"):
        flow.paragraph(name, NAME)
        flow.paragraph(more, BODY, after=3 * MM)
