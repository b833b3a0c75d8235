"""A face as the objects of an embedded PDF font, in plain data: each library writes them so."""

from dataclasses import dataclass

from signing.typeface import Face, deflated


@dataclass(frozen=True)
class Packed:
    """A stream: its entries beside the filter, and its bytes, deflated."""

    entries: dict[str, object]
    data: bytes


def type0(cut: Face) -> dict[str, object]:
    """The face as a Type 0 font, in the terms PDF/A-2 and PDF/UA-1 ask for.

    A text that begins with « / » is a name; a stream, and a dictionary that says its /Type, are
    objects of their own in the file.
    """
    base = "/" + cut.name
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
        "/FontFile2": Packed({"/Length1": cut.program_length}, cut.program),
    }
    descendant = {
        "/Type": "/Font",
        "/Subtype": "/CIDFontType2",
        "/BaseFont": base,
        "/CIDSystemInfo": {"/Registry": "Adobe", "/Ordering": "Identity", "/Supplement": 0},
        "/FontDescriptor": descriptor,
        "/CIDToGIDMap": "/Identity",
        "/DW": 1000,
        "/W": [0, list(cut.all_widths)],
    }
    return {
        "/Type": "/Font",
        "/Subtype": "/Type0",
        "/BaseFont": base,
        "/Encoding": "/Identity-H",
        "/DescendantFonts": [descendant],
        "/ToUnicode": Packed({}, _to_unicode(cut)),
    }


def _to_unicode(cut: Face) -> bytes:
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
    return deflated(text.encode("ascii"), padding=b"\n")
