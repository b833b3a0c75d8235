"""PDF syntax and fonts, from the bytes up."""

import re
from io import BytesIO

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from forms.fonts import drawable, font
from forms.objects import Name, Objects, number, syntax
from forms.style import Face


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Name("Type"), b"/Type"),
        (Name("signature/un #1"), b"/signature#2Fun#20#231"),
        ("a(b)\\c", b"(a\\(b\\)\\\\c)"),
        ("é", b"<FEFF00E9>"),
        (b"\x01\xff", b"<01FF>"),
        ([1, 2.5, True, None], b"[1 2.5 true null]"),
        ({"K": Name("V")}, b"<</K /V>>"),
    ],
)
def test_a_value_is_written_as_pdf_has_it(value: object, written: bytes) -> None:
    assert syntax(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.00001, b"0"), (-0.0001, b"0"), (595.27559, b"595.276"), (123456.7, b"123457"), (3.0, b"3")],
)
def test_numbers_never_take_exponents(value: float, written: bytes) -> None:
    assert number(value) == written


def test_an_object_promised_and_never_described_is_an_error() -> None:
    objects = Objects()
    promised = objects.reserve()
    with pytest.raises(ValueError, match="never described"):
        objects.file(promised, promised)


@pytest.mark.parametrize("ending", [b"\r", b"\n", b"\r\n", b" "])
def test_a_stream_keeps_its_last_byte(ending: bytes) -> None:
    objects = Objects()
    data = b"0 0 m" + ending
    stream = objects.stream({}, data)
    pages = objects.add({"Type": Name("Pages"), "Kids": [], "Count": 0})
    root = objects.add({"Type": Name("Catalog"), "Pages": pages, "Kept": stream})
    with pikepdf.open(BytesIO(objects.file(root, objects.add({})))) as pdf:
        assert pdf.Root.Kept.read_raw_bytes() == data


@pytest.mark.parametrize("face", list(Face))
def test_a_subset_draws_its_glyphs_as_the_whole_font_does(face: Face) -> None:
    whole = font(face)
    used: set[int] = set()
    whole.show("Łukasz Nguyễn, cœur à 5 €", used)
    small = TTFont(BytesIO(whole.subset(frozenset(used))))
    metrics = small["hmtx"].metrics
    order = small.getGlyphOrder()
    outlines = small["glyf"]
    for glyph in used:
        assert metrics[order[glyph]][0] == whole.advances[glyph]
    space = whole.glyphs[" "]
    assert all(outlines[order[g]].numberOfContours != 0 for g in used - {space})
    unused = whole.glyphs["Z"]
    assert unused >= len(order) or outlines[order[unused]].numberOfContours == 0


def test_text_is_composed_and_invisible_marks_are_dropped() -> None:
    assert drawable("e\u0301te\u0301\u200b\u0007") == "été"


def test_titles_are_kerned_and_measured_as_they_are_set() -> None:
    title, text = font(Face.DISPLAY), font(Face.SANS)
    apart = sum(title.width(letter, 1000) for letter in "AVIS")
    assert title.width("AVIS", 1000) < apart
    operands = title.compose("AVIS", set()).decode()
    moved = sum(int(gap) for gap in re.findall(r">(-?\d+)<", operands))
    assert title.width("AVIS", 1000) == pytest.approx(apart - moved)
    assert text.compose("AVIS", set()).endswith(b" Tj")
