"""A signed form shows the texts it records: another is told, a viewer’s poor drawing is not."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest

from casefiles.answers import Avis
from forms.read import read
from forms.render import make
from forms.shown import alike, otherwise
from templates import catalog
from tests.engines.chromium import PdfJs
from tests.engines.pdfium import Pdfium
from tests.engines.poppler import Poppler
from tests.forms import samples

WORDS = {
    "signatory/name": "Łukasz EXEMPLE-NĒGRE",
    "conclusion/comment": "Œuvre soignée, à l’heure : « très bien », 50 % d’avance.",
    "activities": "Préparer l’intervention ; remplacer un roulement.\nContrôler, rendre compte.",
}


@pytest.fixture(scope="module")
def avis() -> bytes:
    scope = samples.scopes(Avis, catalog.load("cqpm-tmp"))[0]
    imprint = samples.imprint(Avis, scope.competence)
    return make(Avis, scope, imprint=imprint, key=samples.KEY, case_line=samples.CASE_LINE)


@pytest.fixture(scope="module", params=["pdfium", "poppler", "pdf.js"])
def filled(request: pytest.FixtureRequest, avis: bytes) -> bytes:
    if request.param == "pdf.js":
        browser: PdfJs = request.getfixturevalue("pdfjs")
        return browser.fill(avis, dict(WORDS))
    engine = Pdfium() if request.param == "pdfium" else Poppler()
    return engine.fill(avis, dict(WORDS))


def test_what_viewers_draw_is_what_they_record(filled: bytes) -> None:
    assert otherwise(filled, read(filled).values) == ()


def recorded(value: str) -> Callable[[pikepdf.Object], None]:
    def change(widget: pikepdf.Object) -> None:
        widget.V = pikepdf.String(value)

    return change


def drawn_blank(widget: pikepdf.Object) -> None:
    widget.AP.N.write(b"/Tx BMC EMC")


def drawn_as_another(widget: pikepdf.Object) -> None:
    """The appearance of the comment where the name stood."""
    widget.AP = widget.AP_OTHER
    del widget["/AP_OTHER"]


CHANGES: dict[str, tuple[str, Callable[[pikepdf.Object], None]]] = {
    "another value under the same drawing": (
        "conclusion/comment", recorded("Travail bâclé, à refaire entièrement.")),
    "a value nobody sees": ("conclusion/comment", drawn_blank),
    "the drawing of another answer": ("signatory/name", drawn_as_another),
}  # fmt: skip


@pytest.mark.parametrize("which", CHANGES)
def test_another_text_than_the_one_recorded_is_told(which: str, filled: bytes) -> None:
    name, change = CHANGES[which]
    out = BytesIO()
    with pikepdf.open(BytesIO(filled)) as pdf:
        texts = {
            str(widget.T): widget
            for page in pdf.pages
            for widget in page.obj.Annots
            if widget.get("/FT") == "/Tx"
        }
        texts[name]["/AP_OTHER"] = texts["conclusion/comment"].AP
        change(texts[name])
        pdf.save(out)
    changed = out.getvalue()
    assert otherwise(changed, read(changed).values) == (name,)


@pytest.mark.parametrize(
    ("shown", "value", "same"),
    [
        ("Łukasz Nguyn", "Łukasz Nguyễn", True),
        ("ŁUKASZ  NGUYEN", "Łukasz Nguyễn", True),
        ("Préparer l’interven", "Préparer l’intervention, puis rendre compte", True),
        ("P", "Préparer l’intervention", False),
        ("Défavorable", "Favorable", False),
        ("Favorable", "Défavorable", False),
        ("Acquis", "Non acquis", False),
        ("Insuffisant", "Très bien", False),
        ("", "Très bien", False),
        ("", "", True),
        ("—", "…", True),
        ("9", "8", False),
        ("elbarovaF", "Favorable", False),
    ],
)
def test_alike_is_about_the_text_and_not_its_spelling(shown: str, value: str, same: bool) -> None:
    assert alike(shown, value) is same
