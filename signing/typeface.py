"""The stamp's typeface, cut once to what French needs; knows glyphs and widths, never documents.

Source Sans 3 ships with 1,000 units per em, the only size PDF widths speak. It is subset once per
process: parsing the whole font would cost more than signing.
"""

import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

_BASE = frozenset(
    [
        *range(0x20, 0x7F),  # ASCII
        *range(0xA0, 0x180),  # Latin-1 supplement, Latin extended A
        *(0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x202F, 0x20AC),
    ]
)


@dataclass(frozen=True)
class Face:
    """One weight. glyphs and widths by character; widths in thousandths of an em."""

    name: str
    program: bytes = field(repr=False)
    program_length: int
    glyphs: Mapping[str, int] = field(repr=False)
    widths: Mapping[str, int] = field(repr=False)
    all_widths: tuple[int, ...] = field(repr=False)
    box: tuple[int, int, int, int]
    ascent: int
    descent: int

    def known(self, text: str) -> str:
        """The text without what this face cannot draw (shown as « ? »)."""
        return "".join(c if c in self.glyphs else "?" for c in text)

    def width(self, text: str, size: float) -> float:
        """Length of the text at `size`, both in points."""
        return sum(self.widths[c] for c in self.known(text)) * size / 1000

    def encoded(self, text: str) -> bytes:
        """The text as a hexadecimal PDF string of glyph numbers."""
        return b"<" + b"".join(b"%04X" % self.glyphs[c] for c in self.known(text)) + b">"


def deflated(content: bytes, *, padding: bytes) -> bytes:
    """The content compressed, padded until it does not end with a CR.

    A CR before the LF of « endstream » would read as one end of line: PDF/A counts to the byte.
    """
    while (compressed := zlib.compress(content, 9)).endswith(b"\r"):
        content += padding
    return compressed


def face(weight: str, text: str) -> Face:
    """The face « Regular » or « Semibold », able to draw `text` where the typeface can."""
    return _cut(weight, frozenset(ord(c) for c in text) - _BASE)


@lru_cache(maxsize=32)
def _cut(weight: str, beyond: frozenset[int]) -> Face:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    name = f"SourceSans3-{weight}"
    source = (files("templates") / "fonts" / f"{name}.ttf").read_bytes()
    font = TTFont(io.BytesIO(source), lazy=True)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "DSIG", "STAT", "gasp", "name", "post"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=_BASE | beyond)
    subsetter.subset(font)
    order, metrics, head = font.getGlyphOrder(), font["hmtx"], font["head"]
    numbers = {glyph: index for index, glyph in enumerate(order)}
    characters = {chr(code): glyph for code, glyph in font.getBestCmap().items()}
    ascent, descent = font["hhea"].ascent, font["hhea"].descent
    all_widths = tuple(metrics[glyph][0] for glyph in order)
    written = io.BytesIO()
    font.save(written)
    program = written.getvalue()
    compressed = deflated(program, padding=bytes(4))
    return Face(
        name=f"PRCHMN+{name}",
        program=compressed,
        program_length=len(zlib.decompress(compressed)),
        glyphs=MappingProxyType({c: numbers[g] for c, g in characters.items()}),
        widths=MappingProxyType({c: all_widths[numbers[g]] for c, g in characters.items()}),
        all_widths=all_widths,
        box=(head.xMin, head.yMin, head.xMax, head.yMax),
        ascent=ascent,
        descent=descent,
    )
