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

from signing.typeface import Face, deflated, face

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
    day = "1er" if moment.day == 1 else str(moment.day)
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
    """Write the face as an embedded Type 0 font, in the terms PDF/A-2 and PDF/UA-1 ask for."""
    base = "/" + cut.name
    program = generic.StreamObject(
        {"/Filter": _pdf("/FlateDecode"), "/Length1": _pdf(cut.program_length)},
        encoded_data=cut.program,
    )
    descriptor = {
        "/Type": "/FontDescriptor",
        "/FontName": base,
        "/Flags": 4,
        "/FontBBox": list(cut.box),
        "/ItalicAngle": 0,
        "/Ascent": cut.ascent,
        "/Descent": cut.descent,
        "/CapHeight": 660,
        "/StemV": 90,
        "/FontFile2": writer.add_object(program),
    }
    system = {"/Registry": "Adobe", "/Ordering": "Identity", "/Supplement": 0}
    descendant = {
        "/Type": "/Font",
        "/Subtype": "/CIDFontType2",
        "/BaseFont": base,
        "/CIDSystemInfo": system,
        "/FontDescriptor": writer.add_object(_pdf(descriptor)),
        "/CIDToGIDMap": "/Identity",
        "/DW": 1000,
        "/W": [0, list(cut.all_widths)],
    }
    font = {
        "/Type": "/Font",
        "/Subtype": "/Type0",
        "/BaseFont": base,
        "/Encoding": "/Identity-H",
        "/DescendantFonts": [writer.add_object(_pdf(descendant))],
        "/ToUnicode": writer.add_object(_to_unicode(cut)),
    }
    return writer.add_object(_pdf(font))


def _pdf(value: object) -> generic.PdfObject:
    match value:
        case generic.PdfObject():
            return value
        case dict():
            return generic.DictionaryObject({pdf_name(k): _pdf(v) for k, v in value.items()})
        case list():
            return generic.ArrayObject(_pdf(part) for part in value)
        case str() if value.startswith("/"):
            return pdf_name(value)
        case str():
            return generic.TextStringObject(value)
        case _:
            return generic.NumberObject(value)


def _to_unicode(cut: Face) -> generic.StreamObject:
    characters: dict[int, str] = {}
    for character, glyph in sorted(cut.glyphs.items()):  # « - » before the soft hyphen
        characters.setdefault(glyph, character)
    pairs = [
        f"<{glyph:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for glyph, character in sorted(characters.items())
        if glyph
    ]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    text = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
    return generic.StreamObject(
        {"/Filter": _pdf("/FlateDecode")},
        encoded_data=deflated(text.encode("ascii"), padding=b"\n"),
    )
