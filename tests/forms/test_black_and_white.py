"""A form printed on the office’s black and white printer loses nothing: greys only, dark enough."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf
import pytest

from casefiles.answers import Form
from forms.fonts import font
from forms.render import make
from forms.style import TINT, Face
from tests.forms import samples

COLOURS = {"rg", "RG", "k", "K", "cs", "CS", "sc", "SC", "scn", "SCN"}
SHOWS = {"Tj", "TJ"}


def luminance(grey: float) -> float:
    """Of an sRGB grey, as WCAG 2.1 has it."""
    return grey / 12.92 if grey <= 0.03928 else ((grey + 0.055) / 1.055) ** 2.4


def contrast(grey: float, under: float) -> float:
    light, dark = luminance(under) + 0.05, luminance(grey) + 0.05
    return light / dark


def drawn(data: bytes) -> Iterator[pikepdf.Object]:
    """Each page, and how each of its boxes looks."""
    with pikepdf.open(BytesIO(data)) as pdf:
        for page in pdf.pages:
            yield page.obj
        yield from (
            one
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Form"
        )


@pytest.mark.parametrize("form", samples.every_form(), ids=lambda form: form.NAME)
def test_every_form_is_legible_printed_in_black_and_white(form: type[Form]) -> None:
    scope = samples.scopes(form, samples.cqpm())[0]
    data = make(
        form,
        scope,
        values=samples.answers(form, scope),
        imprint=samples.imprint(form),
        key=samples.KEY,
        case_line=samples.CASE_LINE,
    )
    words = 0
    for one in drawn(data):
        grey, kept = 0.0, []
        for operands, operator in pikepdf.parse_content_stream(one):
            name = str(operator)
            assert name not in COLOURS
            if name == "g":
                grey = float(operands[0])
            elif name == "q":
                kept.append(grey)
            elif name == "Q":
                grey = kept.pop()
            elif name in SHOWS:
                words += 1
                assert contrast(grey, TINT) >= 4.5, grey
    assert words


@pytest.mark.parametrize("face", [Face.SERIF, Face.SERIF_STRONG, Face.SERIF_ITALIC])
@pytest.mark.parametrize("letter", "éêeaoàâœ")
def test_an_apostrophe_does_not_fall_on_the_accent_that_follows_it(face: Face, letter: str) -> None:
    """At 100 %, viewers put letters on whole points of the picture."""
    one = font(face)
    apart = one.width("’", 1000) + one.width(letter, 1000)
    assert apart - one.width(f"’{letter}", 1000) <= 45
