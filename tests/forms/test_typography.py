"""Every word we print is set as a French editor would: forms, pages, and what is read aloud."""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from forms.canvas import Canvas
from forms.render import flat, make
from templates import catalog
from tests.forms import samples
from tests.forms.samples import CASE_LINE, KEY, imprint
from tests.pages.drawn import EVERYDAY

FAULTS = {
    "espace sécable avant un signe double": re.compile(r" [:;?!»%€]"),
    "signe double sans espace": re.compile(r"[^\W\d][;?!»](?![\w/])|\w:(?=\s)"),
    "espace sécable après un guillemet ouvrant": re.compile(r"« |«\S(?<!«\N{NO-BREAK SPACE})"),
    "apostrophe droite": re.compile(r"\w'\w"),
    "guillemets droits": re.compile(r'"'),
    "points de suspension en trois points": re.compile(r"\.\.\."),
    "deux espaces": re.compile(r"\S  \S"),
}
# « du/des », « 10:30 », adresses et empreintes ne sont pas des phrases.
NOT_PROSE = re.compile(r"^[\w.+-]+@|^https?:|^PCH1/|^[0-9a-f]{16,}|^\(head -c ")


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line drawn from now on."""
    said: list[str] = []
    draw_text, draw_lines = Canvas.text, Canvas.lines

    def text(self: Canvas, x: float, top: float, words: str, *rest: Any, **more: Any) -> Any:
        said.append(words)
        return draw_text(self, x, top, words, *rest, **more)

    def lines(
        self: Canvas, x: float, top: float, words: Sequence[str], *rest: Any, **more: Any
    ) -> Any:
        said.extend(words)
        return draw_lines(self, x, top, words, *rest, **more)

    monkeypatch.setattr(Canvas, "text", text)
    monkeypatch.setattr(Canvas, "lines", lines)
    return said


def faults(lines: Sequence[str]) -> list[str]:
    return [
        f"{what} : {line!r}"
        for line in dict.fromkeys(lines)
        if not NOT_PROSE.match(line)
        for what, pattern in FAULTS.items()
        if pattern.search(line)
    ]


def spoken(data: bytes) -> Iterator[str]:
    """What a screen reader says of each field, and the title of the window."""
    with pikepdf.open(BytesIO(data)) as pdf:
        yield str(pdf.docinfo["/Title"])
        for page in pdf.pages:
            for one in page.obj.get("/Annots", []):
                if "/TU" in one:
                    yield str(one.TU)


@pytest.mark.parametrize("code", catalog.codes())
def test_every_word_of_every_form_is_set_in_french(code: str, printed: list[str]) -> None:
    said: list[str] = []
    for form in samples.every_form():
        for scope in samples.scopes(form, catalog.load(code)):
            said += spoken(make(form, scope, imprint=imprint(form), key=KEY, case_line=CASE_LINE))
            flat(form, scope, {}, imprint=imprint(form), key=KEY, provisional=True)
    assert len(printed) > 500
    assert faults([*printed, *said]) == []


@pytest.mark.parametrize("name", EVERYDAY)
def test_every_word_of_every_page_is_set_in_french(name: str, printed: list[str]) -> None:
    EVERYDAY[name]()
    assert printed
    assert faults(printed) == []
