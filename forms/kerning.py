"""How much closer two letters stand, from a font's own pairs (GPOS).

Only for the faces set large, titles and diplomas: in small text the eye does not see it. Units are
thousandths of the size; nothing here draws.
"""

from typing import Any

from fontTools.ttLib import TTFont

_PAIRS = 2
_EXTENSION = 9
# In text, viewers put letters on whole points of the picture: closer than this, the apostrophe of
# « l’état » falls on the accent.
_APOSTROPHE = -40


class Kerning:
    """The pairs of one font, looked up by glyph name and remembered.

    text: whether the face is set small too, where nothing comes close after an apostrophe.
    """

    def __init__(self, ttf: TTFont, *, text: bool) -> None:
        self._text = text
        self._lookups = _pair_lookups(ttf)
        self._known: dict[tuple[str, str], int] = {}

    def between(self, left: str, right: str) -> int:
        """What is added between two glyphs, mostly negative; 0 for pairs the font leaves alone."""
        pair = (left, right)
        if pair not in self._known:
            closer = sum(_first_value(tables, *pair) for tables in self._lookups)
            if self._text and left == "quoteright":
                closer = max(closer, _APOSTROPHE)
            self._known[pair] = closer
        return self._known[pair]


def _pair_lookups(ttf: TTFont) -> list[list[Any]]:
    """The subtables of each lookup of the « kern » feature that adjusts pairs."""
    if "GPOS" not in ttf:
        return []
    table = ttf["GPOS"].table
    records = table.FeatureList.FeatureRecord
    wanted = {
        index
        for record in records
        if record.FeatureTag == "kern"
        for index in record.Feature.LookupListIndex
    }
    found = []
    for index in sorted(wanted):
        lookup = table.LookupList.Lookup[index]
        subtables = lookup.SubTable
        if lookup.LookupType == _EXTENSION:
            subtables = [s.ExtSubTable for s in subtables if s.ExtensionLookupType == _PAIRS]
        elif lookup.LookupType != _PAIRS:
            subtables = []
        found.append([(s, {g: i for i, g in enumerate(s.Coverage.glyphs)}) for s in subtables])
    return found


def _first_value(subtables: list[Any], left: str, right: str) -> int:
    """The first subtable that knows the pair decides, as OpenType asks."""
    for subtable, covered in subtables:
        if left not in covered:
            continue
        if subtable.Format == 1:
            for record in subtable.PairSet[covered[left]].PairValueRecord:
                if record.SecondGlyph == right:
                    return _advance(record.Value1)
            continue
        first = subtable.ClassDef1.classDefs.get(left, 0)
        second = subtable.ClassDef2.classDefs.get(right, 0)
        return _advance(subtable.Class1Record[first].Class2Record[second].Value1)
    return 0


def _advance(value: Any) -> int:
    return int(getattr(value, "XAdvance", 0) or 0) if value is not None else 0
