"""A TrueType program cut down to some glyphs, by copying bytes.

Glyph numbers stay; glyphs not used become empty; hinting is left out. Nothing here knows of PDF.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A whole font: its tables, where each glyph starts, its advances and left bearings."""

    tables: Mapping[str, bytes]
    locations: Sequence[int]
    advances: Sequence[int]
    bearings: Sequence[int]

    def outline(self, glyph: int) -> bytes:
        """One glyph as its table has it."""
        return self.tables["glyf"][self.locations[glyph] : self.locations[glyph + 1]]


def subset(font: Source, used: frozenset[int]) -> bytes:
    """The font file with those glyphs (and the parts they are composed of)."""
    kept = _closure(font, used | {0})
    count = max(kept) + 1
    pieces, offsets, position = [], [], 0
    for glyph in range(count):
        offsets.append(position)
        if glyph in kept:
            piece = _unhinted(font.outline(glyph))
            pieces.append(piece)
            position += len(piece)
    offsets.append(position)
    head, hhea, maxp = (font.tables[tag] for tag in ("head", "hhea", "maxp"))
    hmtx = b"".join(
        struct.pack(">Hh", font.advances[g], font.bearings[g]) if g in kept else b"\0\0\0\0"
        for g in range(count)
    )
    return _assemble(
        {
            b"OS/2": font.tables["OS/2"],
            b"cmap": _EMPTY_CMAP,
            b"glyf": b"".join(pieces),
            b"head": head[:8] + b"\0\0\0\0" + head[12:50] + b"\0\1" + head[52:],
            b"hhea": hhea[:34] + struct.pack(">H", count),
            b"hmtx": hmtx,
            b"loca": struct.pack(f">{len(offsets)}L", *offsets),
            b"maxp": maxp[:4] + struct.pack(">H", count) + maxp[6:],
            b"post": b"\0\3\0\0" + font.tables["post"][4:32],
        }
    )


def _closure(font: Source, glyphs: frozenset[int]) -> set[int]:
    """The glyphs and the parts composites are made of."""
    found: set[int] = set()
    waiting = list(glyphs)
    while waiting:
        glyph = waiting.pop()
        if glyph not in found:
            found.add(glyph)
            waiting += [part for part, _ in _parts(font.outline(glyph))]
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


_EMPTY_CMAP = struct.pack(">HHHHLHHHH", 0, 1, 1, 0, 12, 6, 10, 0, 0) + b"\0\0"
