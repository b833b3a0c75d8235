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

from forms.objects import Name, Objects, Raw, Ref
from forms.style import Face

MISSING = "□"

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
        self._bearings = [metrics[name][1] for name in order]
        self._loca = list(ttf["loca"].locations)
        self._tables = {
            tag: ttf.reader[tag] for tag in ("glyf", "head", "hhea", "maxp", "OS/2", "post")
        }
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
        self._hex = {c: b"%04X" % g for c, g in self.glyphs.items()}

    def width(self, text: str, size: float, tracking: float = 0.0) -> float:
        """The width of one line of text, in points."""
        widths = self._widths
        try:
            total = sum([widths[c] for c in text])
        except KeyError:
            total = sum(widths.get(c, self._substitute_width) for c in text)
        return total * size / 1000 + tracking * len(text)

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
        glyf = self._tables["glyf"]
        kept = _closure(used | {0}, glyf, self._loca)
        count = max(kept) + 1
        pieces, offsets, position = [], [], 0
        for glyph in range(count):
            offsets.append(position)
            if glyph in kept:
                piece = _unhinted(glyf[self._loca[glyph] : self._loca[glyph + 1]])
                pieces.append(piece)
                position += len(piece)
        offsets.append(position)
        head = self._tables["head"]
        hmtx = b"".join(
            struct.pack(">Hh", self.advances[g], self._bearings[g]) if g in kept else b"\0\0\0\0"
            for g in range(count)
        )
        return _assemble(
            {
                b"OS/2": self._tables["OS/2"],
                b"cmap": _EMPTY_CMAP,
                b"glyf": b"".join(pieces),
                b"head": head[:8] + b"\0\0\0\0" + head[12:50] + b"\0\1" + head[52:],
                b"hhea": self._tables["hhea"][:34] + struct.pack(">H", count),
                b"hmtx": hmtx,
                b"loca": struct.pack(f">{len(offsets)}L", *offsets),
                b"maxp": self._tables["maxp"][:4]
                + struct.pack(">H", count)
                + self._tables["maxp"][6:],
                b"post": b"\0\3\0\0" + self._tables["post"][4:32],
            }
        )


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
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf"))


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


_EMPTY_CMAP = struct.pack(">HHHHLHHHH", 0, 1, 1, 0, 12, 6, 10, 0, 0) + b"\0\0"


def _closure(glyphs: frozenset[int], glyf: bytes, loca: list[int]) -> set[int]:
    """The glyphs and the parts composites are made of."""
    found: set[int] = set()
    waiting = list(glyphs)
    while waiting:
        glyph = waiting.pop()
        if glyph not in found:
            found.add(glyph)
            waiting += [part for part, _ in _parts(glyf[loca[glyph] : loca[glyph + 1]])]
    return found


def _parts(outline: bytes) -> list[tuple[int, int]]:
    """Each component of a composite glyph: its glyph and where its flags stand."""
    if len(outline) < 10 or outline[0] < 0x80:
        return []
    parts, at = [], 10
    while True:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        parts.append((glyph, at))
        at += 4 + (4 if flags & 1 else 2)
        at += 2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0
        if not flags & 0x20:
            return parts


def _unhinted(outline: bytes) -> bytes:
    """The outline without its instructions, padded to four bytes."""
    if len(outline) < 10:
        return b""
    (contours,) = struct.unpack_from(">h", outline)
    if contours >= 0:
        at = 10 + 2 * contours
        (length,) = struct.unpack_from(">H", outline, at)
        outline = outline[:at] + b"\0\0" + outline[at + 2 + length :]
    else:
        for _, at in _parts(outline):
            outline = outline[:at] + bytes([outline[at] & 0xFE]) + outline[at + 1 :]
    return outline + b"\0" * (-len(outline) % 4)


def _assemble(tables: dict[bytes, bytes]) -> bytes:
    """The tables as one font file, with its checksums."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    header = struct.pack(
        ">LHHHH", 0x00010000, count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    directory, body, at = b"", b"", 12 + 16 * count
    for tag, data in tables.items():
        padded = data + b"\0" * (-len(data) % 4)
        directory += struct.pack(">4sLLL", tag, _checksum(padded), at + len(body), len(data))
        body += padded
    whole = bytearray(header + directory + body)
    adjustment = (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF
    head_at = whole.index(b"head", 12)
    (start,) = struct.unpack_from(">L", whole, head_at + 8)
    struct.pack_into(">L", whole, start + 8, adjustment)
    return bytes(whole)


def _checksum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF
