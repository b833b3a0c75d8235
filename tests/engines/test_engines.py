"""The engines do what a person does: what is typed or clicked is what the file then stores."""

from collections.abc import Callable

import pytest

from tests.engines import rewriters
from tests.engines.chromium import PdfJs
from tests.engines.filling import Answers, Filler, FillingError
from tests.engines.sample import sample_form
from tests.engines.values import stored_values

ANSWERS: Answers = {
    "nom": "Zoé EXEMPLE-GONÇALVES Nguyễn, cœur à 12 €",
    "observations": "Première ligne : « bien ».\nDeuxième ligne, l’été.",
    "accord": True,
    "avis": "reserve",
    "voie": "vae",
}


@pytest.fixture(scope="module")
def form() -> bytes:
    return sample_form()


def one_kind_of_line_break(text: object) -> object:
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


def test_what_is_typed_and_clicked_is_what_the_file_stores(filler: Filler, form: bytes) -> None:
    stored = stored_values(filler.fill(form, ANSWERS))
    assert {name: one_kind_of_line_break(value) for name, value in stored.items()} == {
        **ANSWERS,
        "numero": "2026-0042",
    }


def test_a_second_filling_changes_the_mind_of_the_first(filler: Filler, form: bytes) -> None:
    first = filler.fill(form, ANSWERS)
    second = stored_values(filler.fill(first, {"accord": False, "avis": "defavorable"}))
    assert (second["accord"], second["avis"]) == (False, "defavorable")
    assert second["nom"] == ANSWERS["nom"]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"numero": "2026-0043"}, "numero: the field is read-only"),
        ({"prenom": "Zoé"}, "prenom: no such field"),
        ({"avis": "mitigé"}, "avis: no such option"),
    ],
)
def test_what_nobody_could_fill_is_refused_by_name(
    filler: Filler, form: bytes, answers: Answers, sentence: str
) -> None:
    with pytest.raises(FillingError, match=sentence):
        filler.fill(form, answers)


def test_the_browser_outlives_a_file_it_cannot_open(pdfjs: PdfJs, form: bytes) -> None:
    with pytest.raises(FillingError):
        pdfjs.fill(b"not a PDF", {})
    assert stored_values(pdfjs.fill(form, {"nom": "Ana"}))["nom"] == "Ana"


REWRITERS: dict[str, Callable[[bytes], bytes]] = {
    "qpdf": lambda pdf: rewriters.qpdf(pdf, "--linearize"),
    "qpdf, object streams": lambda pdf: rewriters.qpdf(pdf, "--object-streams=generate"),
    "mutool": lambda pdf: rewriters.mutool_clean(pdf, "-gggg"),
    "pdftk": lambda pdf: rewriters.pdftk(pdf, "need_appearances"),
    "pypdf": rewriters.pypdf_rewritten,
    "pypdf, increment": rewriters.pypdf_updated,
}


@pytest.mark.parametrize("rewrite", REWRITERS.values(), ids=REWRITERS)
def test_rewritten_elsewhere_a_form_keeps_its_answers(
    rewrite: Callable[[bytes], bytes], form: bytes
) -> None:
    filled = rewriters.pdftk_fill(form, {"nom": "Nguyễn & l’œuvre <à 12 €>", "avis": "reserve"})
    rewritten = rewrite(filled)
    assert rewritten != filled
    stored = stored_values(rewritten)
    assert (stored["nom"], stored["avis"]) == ("Nguyễn & l’œuvre <à 12 €>", "reserve")


@pytest.mark.parametrize("flatten", [rewriters.ghostscript, rewriters.printed])
def test_printed_to_a_pdf_a_form_has_no_field_left(
    flatten: Callable[[bytes], bytes], form: bytes
) -> None:
    assert stored_values(flatten(form)) == {}


def test_a_tool_that_refuses_says_why() -> None:
    with pytest.raises(rewriters.RewritingError, match="qpdf"):
        rewriters.qpdf(b"not a PDF")
