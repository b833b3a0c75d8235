"""Boxes to sign in: a frame, who signs and in what quality, and the signature field under them.

It places fields and says what the last signature locks; it knows nothing of keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from forms.fields import Spoken, signature_field
from forms.flow import Flow
from forms.layout import Box
from forms.style import CELL_STRONG, HAIRLINE, LINE, MIDDLE, MM, SMALL
from forms.typography import height

PAD = 2.4 * MM
ROOM = 18 * MM


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signs here: the field’s name, the person (or body), their quality.

    final: whose signature ends the document, and whose box is drawn as such. closes: it ends the
    document too, though it is not the one that counts.
    """

    field: str
    name: str
    quality: str
    final: bool = False
    closes: bool = False

    @property
    def words(self) -> str:
        """What a reader hears on the field."""
        return f"Signature : {self.name}, {self.quality}"


def signature_boxes(flow: Flow, signatories: Sequence[Signatory], *, columns: int) -> None:
    """Boxes side by side, `columns` of the twelve each; a row is never split."""
    per_row = 12 // columns
    for start in range(0, len(signatories), per_row):
        row = signatories[start : start + per_row]
        spans = [flow.frame.span(rank * columns, columns) for rank in range(len(row))]
        heads = [_head(s, wide - 2 * PAD) for s, (_, wide) in zip(row, spans, strict=True)]
        tall = 2 * PAD + max(heads) + ROOM
        flow.need(tall)
        for signatory, (x, wide) in zip(row, spans, strict=True):
            _box(flow, signatory, Box(x, flow.y, wide, tall))
        flow.y += tall
        flow.space(4 * MM)


def _head(signatory: Signatory, room: float) -> float:
    return height(signatory.name, CELL_STRONG, room) + height(signatory.quality, SMALL, room)


def _box(flow: Flow, signatory: Signatory, box: Box) -> None:
    sheet, top = flow.sheet, flow.y
    weight = LINE * 1.4 if signatory.final else HAIRLINE
    sheet.rect(box, stroke=0.0 if signatory.final else MIDDLE, weight=weight)
    room = box.width - 2 * PAD
    flow.y = box.y + PAD - 1
    with flow.inside("Div"):
        flow.paragraph(signatory.name, CELL_STRONG, x=box.x + PAD, width=room)
        flow.paragraph(signatory.quality, SMALL, x=box.x + PAD, width=room)
        field = Box(box.x + PAD, box.bottom - PAD - ROOM + 2, room, ROOM)
        spoken = Spoken(name=signatory.field, words=signatory.words)
        closes = signatory.final or signatory.closes
        signature_field(sheet, flow.here, field, spoken, closes=closes)
    flow.y = top
