"""The house fonts: measured, shown as glyphs, embedded with only the glyphs a document needs.

Each face is parsed once per process. A subset keeps glyph numbers and empties the glyphs not
used, so that making one is copying bytes; hinting is left out. Nothing here knows of pages.
"""

import struct
import unicodedata
import zlib
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont

from forms.kerning import Kerning
from forms.objects import Name, Objects, Raw, Ref
from forms.style import Face
from forms.truetype import Source, subset

MISSING = "□"
_KERNED = frozenset(Face) - {Face.SANS, Face.SANS_STRONG, Face.SANS_ITALIC}
_TEXT = frozenset((Face.SERIF, Face.SERIF_STRONG, Face.SERIF_ITALIC))

_ANSWER_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x192, 0x192),
    (0x1A0, 0x1B0),
    (0x1CD, 0x1DC),
    (0x218, 0x21B),
    (0x2C6, 0x2DD),
    (0x300, 0x323),
    (0x394, 0x394),
    (0x3A9, 0x3A9),
    (0x3BC, 0x3C0),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2026),
    (0x202F, 0x203A),
    (0x20AC, 0x20AC),
    (0x2116, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2265),
    (0x25A1, 0x25A1),
)


class Font:
    """One face. Widths are thousandths of the size."""

    def __init__(self, face: Face) -> None:
        data = (files("templates") / "fonts" / f"{face}.ttf").read_bytes()
        ttf = TTFont(BytesIO(data), lazy=True)
        self.face = face
        self.glyphs: dict[str, int] = {
            chr(code): ttf.getGlyphID(name) for code, name in ttf.getBestCmap().items()
        }
        order = ttf.getGlyphOrder()
        metrics = ttf["hmtx"].metrics
        self.advances: list[int] = [metrics[name][0] for name in order]
        tables = ("glyf", "head", "hhea", "maxp", "OS/2", "post")
        self._source = Source(
            tables={tag: ttf.reader[tag] for tag in tables},
            locations=list(ttf["loca"].locations),
            advances=self.advances,
            bearings=[metrics[name][1] for name in order],
        )
        self.cap_height: int = ttf["OS/2"].sCapHeight
        self.x_height: int = ttf["OS/2"].sxHeight
        self.ascent: int = ttf["hhea"].ascent
        self.descent: int = ttf["hhea"].descent
        head: Any = ttf["head"]
        self._bounds = [head.xMin, head.yMin, head.xMax, head.yMax]
        self._angle = float(ttf["post"].italicAngle)
        self._widths: dict[str, int] = {c: self.advances[g] for c, g in self.glyphs.items()}
        substitute = MISSING if MISSING in self.glyphs else "?"
        self._substitute = self.glyphs[substitute]
        self._substitute_width = self._widths[substitute]
        self._spelling: dict[int, int] = {}
        for character, glyph in sorted(self.glyphs.items(), key=_apostrophes_first):
            self._spelling.setdefault(glyph, ord(character))
        self._names = {c: order[g] for c, g in self.glyphs.items()}
        self._kerning = Kerning(ttf, text=face in _TEXT) if face in _KERNED else None
        self._hex = {c: b"%04X" % g for c, g in self.glyphs.items()}

    def width(self, text: str, size: float, tracking: float = 0.0) -> float:
        """The width of one line of text, in points."""
        widths = self._widths
        try:
            total = sum([widths[c] for c in text])
        except KeyError:
            total = sum(widths.get(c, self._substitute_width) for c in text)
        if self._kerning:
            total += sum(self._gap(text, i) for i in range(1, len(text)))
        return total * size / 1000 + tracking * len(text)

    def compose(self, text: str, used: set[int]) -> bytes:
        """The text as operand and operator, letters moved closer where the face asks for it."""
        gaps = [i for i in range(1, len(text)) if self._gap(text, i)] if self._kerning else []
        if not gaps:
            return self.show(text, used) + b" Tj"
        pieces, start = [], 0
        for at in gaps:
            pieces.append(self.show(text[start:at], used) + b"%d" % -self._gap(text, at))
            start = at
        return b"[" + b"".join(pieces) + self.show(text[start:], used) + b"] TJ"

    def _gap(self, text: str, at: int) -> int:
        """The kerning between letter `at` and the one before it."""
        if self._kerning is None:
            return 0
        left, right = self._names.get(text[at - 1]), self._names.get(text[at])
        return self._kerning.between(left, right) if left and right else 0

    def show(self, text: str, used: set[int]) -> bytes:
        """The text as a hexadecimal string of glyphs; the glyphs are added to `used`."""
        glyphs, codes = self.glyphs, self._hex
        try:
            used.update([glyphs[c] for c in text])
            return b"<" + b"".join([codes[c] for c in text]) + b">"
        except KeyError:
            numbers = [glyphs.get(c, self._substitute) for c in text]
            used.update(numbers)
            return b"<" + b"".join(b"%04X" % g for g in numbers) + b">"

    def answer_glyphs(self) -> frozenset[int]:
        """The glyphs a person’s answers may need: French, Latin Extended, Vietnamese."""
        wanted = (chr(c) for first, last in _ANSWER_RANGES for c in range(first, last + 1))
        return frozenset(self.glyphs[c] for c in wanted if c in self.glyphs)

    def embed(self, objects: Objects, used: frozenset[int], into: Ref) -> Ref:
        """The Type0 font with those glyphs, described under the reserved number `into`."""
        program, length = _program(self.face, used)
        tag = _tag(used)
        name = Name(f"{tag}+{self.face}")
        kept = sorted(used | {0})
        descriptor = {
            "Type": Name("FontDescriptor"),
            "FontName": name,
            "Flags": 4 | (64 if self._angle else 0),
            "FontBBox": self._bounds,
            "ItalicAngle": round(self._angle),
            "Ascent": self.ascent,
            "Descent": self.descent,
            "CapHeight": self.cap_height,
            "XHeight": self.x_height,
            "StemV": 120 if "Semibold" in self.face else 80,
            "FontFile2": objects.stream({"Length1": length}, program, packed=True),
        }
        descendant = {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
            "FontDescriptor": objects.add(descriptor),
            "DW": 0,
            "W": Raw(b"[" + b" ".join(b"%d [%d]" % (g, self.advances[g]) for g in kept) + b"]"),
            "CIDToGIDMap": Name("Identity"),
        }
        return objects.put(
            into,
            {
                "Type": Name("Font"),
                "Subtype": Name("Type0"),
                "BaseFont": name,
                "Encoding": Name("Identity-H"),
                "DescendantFonts": [objects.add(descendant)],
                "ToUnicode": objects.stream({}, _to_unicode(self.face, used), packed=True),
            },
        )

    def spelling(self, used: frozenset[int]) -> list[tuple[int, int]]:
        """Glyph and code point of every used glyph, in glyph order."""
        return [(g, self._spelling[g]) for g in sorted(used) if g in self._spelling]

    def subset(self, used: frozenset[int]) -> bytes:
        """A TrueType program in which every other glyph is empty."""
        return subset(self._source, used)


def _apostrophes_first(pair: tuple[str, int]) -> tuple[bool, str]:
    """« ’ » before « ʼ », which shares its glyph: what was written is what a reader finds."""
    return unicodedata.category(pair[0]) == "Lm", pair[0]


@cache
def font(face: Face) -> Font:
    """The face, parsed once for the process."""
    return Font(face)


def drawable(text: str) -> str:
    """The text composed (NFC), control characters and no-width marks left out."""
    if text.isascii() and text.isprintable():
        return text
    kept = unicodedata.normalize("NFC", text).replace("\t", " ")
    return "".join(filter(_is_drawn, kept))


def lacking(text: str) -> str:
    """The first character of a name that our pages would print as a substitute; "" for none."""
    faces = [font(face).glyphs for face in (Face.SANS, Face.SERIF, Face.DISPLAY)]
    shown = drawable(text)
    wanted = shown + shown.upper()
    return next((c for c in wanted if any(c not in glyphs for glyphs in faces)), "")


@lru_cache(maxsize=4096)
def _is_drawn(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf")


@lru_cache(maxsize=64)
def _program(face: Face, used: frozenset[int]) -> tuple[bytes, int]:
    program = font(face).subset(used)
    return zlib.compress(program), len(program)


@lru_cache(maxsize=64)
def _to_unicode(face: Face, used: frozenset[int]) -> bytes:
    pairs = font(face).spelling(used)
    lines = [
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        b"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
        b"/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        lines.append(b"%d beginbfchar" % len(block))
        lines += [b"<%04X> <%04X>" % pair for pair in block]
        lines.append(b"endbfchar")
    lines.append(b"endcmap CMapName currentdict /CMap defineresource pop end end")
    return zlib.compress(b"\n".join(lines))


def _tag(used: frozenset[int]) -> str:
    """Six letters that name a subset, as PDF asks."""
    check = zlib.crc32(struct.pack(f">{len(used)}H", *sorted(used)))
    return "".join(chr(65 + check // 26**i % 26) for i in range(6))
