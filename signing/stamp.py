"""What a signature shows on the page; it draws in a box and knows nothing of keys or validity."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStampStyle

from signing.font import Packed, type0
from signing.typeface import Face, face

_INK, _QUIET, _RULE = b"0.10 0.13 0.20", b"0.38 0.42 0.50", b"0.14 0.28 0.52"
_MONTHS = [
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
]


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """The words of a visible signature: « Signé par » name, quality, « le » moment, note."""

    name: str
    quality: str = ""
    verb: str = "Signé par"
    note: str = ""


def in_french(moment: datetime) -> str:
    """« le 21 novembre 2026 à 14 h 05 », in the moment's own time zone."""
    day = "1ᵉʳ" if moment.day == 1 else str(moment.day)
    return (
        f"le {day}\N{NO-BREAK SPACE}{_MONTHS[moment.month - 1]} {moment.year} "
        f"à {moment.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{moment.minute:02d}"
    )


@dataclass(frozen=True)
class _Line:
    text: str
    face: Face
    size: float
    ink: bytes
    leading: float


class _Drawn(AppearanceContent):
    def __init__(self, writer: BasePdfFileWriter, box: BoxConstraints, lines: list[_Line]) -> None:
        super().__init__(writer=writer, box=box)
        self._lines = lines

    def render(self) -> bytes:
        width, height = float(self.box.width), float(self.box.height)
        bar, gap = min(2.0, width / 40), min(6.0, width / 20)
        room = max(width - bar - gap - 2, 1)
        tall = sum(line.leading for line in self._lines)
        long = max(line.face.width(line.text, line.size) for line in self._lines)
        scale = min((height - 3) / tall, room / long, 1.35)
        top = (height + tall * scale) / 2
        drawn = [b"q %s rg 0 0 %.2f %.2f re f Q" % (_RULE, bar, height), b"/Tx BMC q BT"]
        names = {line.face.name: f"/P{i}" for i, line in enumerate(self._lines)}
        for line in self._lines:
            top -= line.leading * scale
            name = names[line.face.name]
            drawn.append(
                b"%s rg %s %.3f Tf 1 0 0 1 %.3f %.3f Tm %s Tj"
                % (
                    line.ink,
                    name.encode(),
                    line.size * scale,
                    bar + gap,
                    top + (line.leading - line.size) * scale / 2 + line.size * scale * 0.22,
                    line.face.encoded(line.text),
                )
            )
            self.set_resource(ResourceType.FONT, pdf_name(name), self._font(line.face))
        drawn.append(b"ET Q EMC")
        return b" ".join(drawn)

    def _font(self, cut: Face) -> generic.IndirectObject:
        assert self.writer is not None
        known: dict[str, generic.IndirectObject] = self.writer.__dict__.setdefault("_faces", {})
        if cut.name not in known:
            known[cut.name] = embed(cut, self.writer)
        return known[cut.name]


class StampStyle(BaseStampStyle):
    """pyHanko's way to a stamp: draws the words chosen when the signature's moment is known."""

    def __init__(self, stamp: Stamp | None, at: datetime) -> None:
        super().__init__(border_width=0)
        object.__setattr__(self, "lines", _lines(stamp, at) if stamp else [])

    def create_stamp(
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]
    ) -> Any:
        """The appearance, or None to leave the field as it is drawn."""
        lines: list[_Line] = getattr(self, "lines", [])
        return _Drawn(writer, box, lines) if lines else None


def _lines(stamp: Stamp, at: datetime) -> list[_Line]:
    moment = in_french(at)
    quiet = face("Regular", stamp.verb + stamp.quality + moment + stamp.note)
    strong = face("Semibold", stamp.name)
    lines = [
        _Line(stamp.verb, quiet, 7, _QUIET, 8.6),
        _Line(stamp.name, strong, 10, _INK, 12),
    ]
    if stamp.quality:
        lines.append(_Line(stamp.quality, quiet, 8, _INK, 9.8))
    lines.append(_Line(moment, quiet, 7, _QUIET, 8.6))
    if stamp.note:
        lines.append(_Line(stamp.note, quiet, 7, _QUIET, 8.6))
    return lines


def embed(cut: Face, writer: BasePdfFileWriter) -> generic.IndirectObject:
    """Write the face into the document as a font."""
    written = _pdf(type0(cut), writer)
    assert isinstance(written, generic.IndirectObject)
    return written


def _pdf(value: object, writer: BasePdfFileWriter) -> generic.PdfObject:
    match value:
        case Packed(entries, data):
            said = {pdf_name(k): _pdf(v, writer) for k, v in entries.items()}
            said[pdf_name("/Filter")] = pdf_name("/FlateDecode")
            return writer.add_object(generic.StreamObject(said, encoded_data=data))
        case dict():
            held = generic.DictionaryObject(
                {pdf_name(k): _pdf(v, writer) for k, v in value.items()}
            )
            return writer.add_object(held) if "/Type" in value else held
        case list():
            return generic.ArrayObject(_pdf(part, writer) for part in value)
        case str() if value.startswith("/"):
            return pdf_name(value)
        case str():
            return generic.TextStringObject(value)
        case _:
            return generic.NumberObject(value)
