"""A form doctored before it was filled does not look as we printed it; one merely filled does."""

from collections.abc import Callable, Mapping
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from casefiles.answers import Avis
from forms.faces import differences, face
from forms.render import make
from templates import catalog
from tests.engines import rewriters
from tests.engines.chromium import PdfJs
from tests.engines.filling import Answer
from tests.engines.pdfium import Pdfium
from tests.engines.poppler import Poppler
from tests.forms import samples

Fill = Callable[[bytes, dict[str, Answer]], bytes]
GIVEN: dict[str, Answer] = {
    "conclusion/overall": "favorable",
    "signatory/name": "Łukasz EXEMPLE-NĒGRE",
    "signatory/function": "tuteur",
}
_PUSH = 1 << 16


@pytest.fixture(scope="module")
def avis() -> bytes:
    scope = samples.scopes(Avis, catalog.load("cqpm-tmp"))[0]
    imprint = samples.imprint(Avis, scope.competence)
    return make(Avis, scope, imprint=imprint, key=samples.KEY, case_line=samples.CASE_LINE)


def states(given: Mapping[str, Answer], before: str = "") -> dict[str, str]:
    return {k: before * (k != "signatory/name") + str(v) for k, v in given.items()}


FILLERS: dict[str, Fill] = {
    "pdfium": lambda pdf, given: Pdfium().fill(pdf, given),
    "pdfium, increment": lambda pdf, given: Pdfium(incremental=True).fill(pdf, given),
    "poppler": lambda pdf, given: Poppler().fill(pdf, given),
    "pdftk": lambda pdf, given: rewriters.pdftk_fill(pdf, states(given)),
    "pypdf": lambda pdf, given: rewriters.pypdf_fill(pdf, states(given, "/")),
    "qpdf": lambda pdf, _: rewriters.qpdf(pdf, "--object-streams=generate", "--linearize"),
    "mutool clean": lambda pdf, _: rewriters.mutool_clean(pdf, "-gggg"),
}


@pytest.mark.parametrize("how", FILLERS)
def test_filling_or_saving_a_form_changes_nothing_of_how_it_looks(how: str, avis: bytes) -> None:
    filled = FILLERS[how](avis, GIVEN)
    assert filled != avis
    assert differences(face(avis), face(filled)) == ()


def test_filling_it_in_a_browser_changes_nothing_of_how_it_looks(avis: bytes, pdfjs: PdfJs) -> None:
    assert differences(face(avis), face(pdfjs.fill(avis, GIVEN))) == ()


def boxes(pdf: Pdf, field: str) -> list[pikepdf.Object]:
    return [
        widget
        for page in pdf.pages
        for widget in page.obj.Annots
        if "/Parent" in widget and str(widget.Parent.get("/T", "")) == field
    ]


def placed(pdf: Pdf, widget: Dictionary) -> None:
    held = pdf.make_indirect(widget)
    pdf.pages[0].obj.Annots.append(held)
    pdf.Root.AcroForm.Fields.append(held)


def another_font_under_the_same_words(pdf: Pdf) -> None:
    font = next(iter(pdf.pages[0].Resources.Font.as_dict().values()))
    held = font.DescendantFonts[0].FontDescriptor
    held.FontFile2 = pdf.make_stream(held.FontFile2.read_bytes() + b"\0")


def another_alphabet_in_the_font(pdf: Pdf) -> None:
    font = next(iter(pdf.pages[0].Resources.Font.as_dict().values())).DescendantFonts[0]
    font.CIDToGIDMap = pdf.make_stream(b"\0\1" * 400)


def words_covered_by_a_button(pdf: Pdf) -> None:
    drawn = pdf.make_stream(
        b"1 g 0 0 200 40 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 40]
    )
    over = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Btn, Ff=_PUSH, T=String("cache"), F=4,
        Rect=[60, 500, 260, 540], AP=Dictionary(N=drawn),
    )  # fmt: skip
    placed(pdf, over)


def looks_exchanged(pdf: Pdf) -> None:
    """A box drawn ticked while it is not, and the other way round."""
    for box in boxes(pdf, "conclusion/overall"):
        (on,) = [state for state in box.AP.N.as_dict() if state != "/Off"]
        box.AP.N[on], box.AP.N.Off = box.AP.N.Off, box.AP.N[on]


def options_under_other_names(pdf: Pdf) -> None:
    boxes(pdf, "conclusion/overall")[0].Parent.Opt = Array(
        [String("defavorable"), String("favorable")]
    )


def words_on_a_layer(pdf: Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Calque"))
    pdf.Root.OCProperties = Dictionary(OCGs=[group], D=Dictionary(OFF=[group]))
    boxes(pdf, "conclusion/overall")[0].OC = group


def a_text_shown_otherwise(pdf: Pdf) -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("event.value = 'Favorable'"))
    for widget in pdf.pages[0].obj.Annots:
        if widget.get("/FT") == "/Tx":
            widget.AA = Dictionary(F=script)


def a_script_at_opening(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


def page_cropped(pdf: Pdf) -> None:
    pdf.pages[0].CropBox = Array([0, 400, 595, 842])


def page_turned(pdf: Pdf) -> None:
    pdf.pages[0].obj.Rotate = 180


def boxes_moved(pdf: Pdf) -> None:
    one, other = boxes(pdf, "conclusion/overall")[:2]
    one.Rect, other.Rect = list(other.Rect), list(one.Rect)


def ticked(pdf: Pdf) -> tuple[pikepdf.Object, pikepdf.Object]:
    """A box of a choice, and its drawing once ticked."""
    box = boxes(pdf, "conclusion/overall")[0]
    (on,) = [state for state in box.AP.N.as_dict() if state != "/Off"]
    return box, box.AP.N[on]


def tick_cut_away(pdf: Pdf) -> None:
    ticked(pdf)[1].BBox = [0, 0, 0.1, 0.1]


def tick_drawn_elsewhere(pdf: Pdf) -> None:
    ticked(pdf)[1].Matrix = [1, 0, 0, 1, 0, 900]


def tick_of_another_ink(pdf: Pdf) -> None:
    faint = Dictionary(Type=Name.ExtGState, ca=0, CA=0)
    ticked(pdf)[1].Resources = Dictionary(ExtGState=Dictionary(G=faint))


def box_hidden(pdf: Pdf) -> None:
    ticked(pdf)[0].F = 2


def box_shown_on_paper_alone(pdf: Pdf) -> None:
    ticked(pdf)[0].F = 4 | 32


def ticks_for_viewers_to_draw(pdf: Pdf) -> None:
    pdf.Root.AcroForm.NeedAppearances = True
    ticked(pdf)[0].MK = Dictionary(CA=String(" "))


DOCTORED = {
    tick_cut_away: "n’ont plus le dessin",
    tick_drawn_elsewhere: "n’ont plus le dessin",
    tick_of_another_ink: "n’ont plus le dessin",
    box_hidden: "ne sont plus à leur place",
    box_shown_on_paper_alone: "ne sont plus à leur place",
    ticks_for_viewers_to_draw: "n’ont plus le dessin",
    another_font_under_the_same_words: "a été réécrit (page 1",
    another_alphabet_in_the_font: "a été réécrit (page 1",
    words_covered_by_a_button: "ou sont de trop",
    looks_exchanged: "n’ont plus le dessin",
    options_under_other_names: "ne sont plus à leur place",
    words_on_a_layer: "a été réécrit",
    a_text_shown_otherwise: "contient des actions",
    a_script_at_opening: "contient des actions",
    page_cropped: "a été réécrit (page 1)",
    page_turned: "a été réécrit (page 1)",
    boxes_moved: "ne sont plus à leur place",
}


@pytest.mark.parametrize("doctor", DOCTORED)
def test_a_doctored_form_does_not_look_as_printed(
    doctor: Callable[[Pdf], None], avis: bytes
) -> None:
    saved = BytesIO()
    with pikepdf.open(BytesIO(avis)) as pdf:
        pdf.save(saved)
        assert differences(face(avis), face(saved.getvalue())) == ()
        saved = BytesIO()
        doctor(pdf)
        pdf.save(saved)
    told = " ".join(differences(face(avis), face(saved.getvalue())))
    assert DOCTORED[doctor] in told


def test_a_field_nobody_can_see_changes_nothing(avis: bytes) -> None:
    """As a time-stamp or a signature without a drawing adds."""
    saved = BytesIO()
    with pikepdf.open(BytesIO(avis)) as pdf:
        added = Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("Horodatage"),
            Rect=[0, 0, 0, 0],
        )  # fmt: skip
        placed(pdf, added)
        pdf.save(saved)
    assert differences(face(avis), face(saved.getvalue())) == ()
