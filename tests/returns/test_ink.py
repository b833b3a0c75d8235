"""Forms filled on screen and then written over: mark-up, posed text, stamps are ink on the page."""

from io import BytesIO

import pikepdf
import pytest

from casefiles.answers import Avis, Positioning
from forms.layout import Box
from forms.returns.ink import written_over
from forms.returns.outcome import PrintReturned
from forms.returns.understanding import understand
from tests.engines import rewriters
from tests.engines.poppler import Poppler
from tests.returns.annotations import (
    Sheet,
    dingbat_on_the_page,
    text_and_looks,
    text_in_a_stamp,
    text_on_the_page,
)
from tests.returns.marked import KNOWN, layout, layouts, print_of

pytestmark = pytest.mark.long

HIGH = 841.89
TICK = "competences/BDC1-1/opinion"
FILLED: dict[str, str | bool] = {
    "activities": "Réglage d’une presse.",
    TICK: "favorable",
    "competences/BDC1-2/opinion": "defavorable",
    "signatory/name": "Łukasz Nguyễn",
}


def box_of(name: str, option: str = "") -> Box:
    field = next(one for one in layout(Avis).fields if one.name == name)
    return next(spot.box for spot in field.spots if spot.option == option)


def annotated(pdf: bytes, *annotations: pikepdf.Dictionary, page: int = 0) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as source:
        target = source.pages[page].obj
        if "/Annots" not in target:
            target.Annots = pikepdf.Array()
        for one in annotations:
            target.Annots.append(source.make_indirect(one))
        out = BytesIO()
        source.save(out)
    return out.getvalue()


def rectangle(box: Box) -> pikepdf.Array:
    return pikepdf.Array([box.x, HIGH - box.bottom, box.right, HIGH - box.y])


def ink(box: Box) -> pikepdf.Dictionary:
    """A cross drawn with a finger over a box."""
    low, high = HIGH - box.bottom, HIGH - box.y
    strokes = [[box.x, low, box.right, high], [box.x, high, box.right, low]]
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Ink,
        Rect=rectangle(box.inset(-1)),
        F=4,
        C=pikepdf.Array([0, 0, 0.6]),
        InkList=pikepdf.Array([pikepdf.Array(s) for s in strokes]),
        BS=pikepdf.Dictionary(W=1.5),
    )


def posed_text(box: Box, words: str) -> pikepdf.Dictionary:
    """« Remplir et signer »: text posed over the page; `with_looks` draws it."""
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.FreeText,
        Rect=rectangle(box),
        F=4,
        Contents=pikepdf.String(words),
        DA=pikepdf.String("/Helv 9 Tf 0 g"),
    )


def with_looks(pdf: bytes) -> bytes:
    """Give each posed text the appearance its program would have drawn."""
    with pikepdf.open(BytesIO(pdf)) as source:
        for page in source.pages:
            for one in page.obj.get("/Annots", []):
                if one.get("/Subtype") == "/FreeText" and "/AP" not in one:
                    x1, y1, x2, y2 = (float(v) for v in one.Rect)
                    words = str(one.Contents).encode("cp1252")
                    looks = source.make_stream(
                        b"BT /F0 9 Tf 0 g 2 %.1f Td (%b) Tj ET" % (y2 - y1 - 11, words)
                    )
                    looks.Type, looks.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
                    looks.BBox = pikepdf.Array([0, 0, x2 - x1, y2 - y1])
                    font = pikepdf.Dictionary(
                        Type=pikepdf.Name.Font,
                        Subtype=pikepdf.Name.Type1,
                        BaseFont=pikepdf.Name.Helvetica,
                        Encoding=pikepdf.Name.WinAnsiEncoding,
                    )
                    looks.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F0=font))
                    one.AP = pikepdf.Dictionary(N=looks)
        out = BytesIO()
        source.save(out)
    return out.getvalue()


def read_back(pdf: bytes) -> PrintReturned:
    (found,) = understand(pdf, layouts(Avis)).prints
    return found


def test_a_form_filled_on_screen_gives_its_own_values() -> None:
    found = read_back(print_of(Avis, FILLED))
    assert found.how == "fields"
    assert found.raw().items() >= {**KNOWN, **FILLED}.items()
    assert {v.sure for v in found.values.values()} == {"certain"}


def test_a_form_is_told_written_over_only_when_something_lies_on_it() -> None:
    filled = print_of(Avis, FILLED)
    assert not written_over(filled)
    assert written_over(annotated(filled, ink(box_of("activities")), page=1))


def test_a_tick_drawn_with_a_finger_is_read_and_named() -> None:
    over = ink(box_of("conclusion/overall", "favorable"))
    found = read_back(annotated(print_of(Avis, FILLED), over, page=1))
    assert found.how == "ink"
    assert found.values["conclusion/overall"].value == "favorable"
    assert (found.values["conclusion/overall"].how, found.values["conclusion/overall"].sure) == (
        "ink",
        "likely",
    )
    assert found.values["activities"].how == "fields"
    assert found.values["activities"].value == FILLED["activities"]
    assert any("page 2 : un tracé à main levée" in reason for reason in found.reasons)


def test_ink_that_contradicts_a_field_is_asked_back() -> None:
    over = ink(box_of(TICK, "defavorable"))
    found = read_back(annotated(print_of(Avis, FILLED), over))
    assert found.values[TICK].sure == "doubtful"
    assert found.values["competences/BDC1-2/opinion"].value == "defavorable"
    assert TICK in found.crops


@pytest.mark.parametrize("flat", [False, True])
def test_text_posed_over_an_empty_field_is_read(flat: bool) -> None:
    box = box_of("competences/BDC1-1/comment")
    pdf = rewriters.printed(print_of(Avis)) if flat else print_of(Avis)
    found = read_back(with_looks(annotated(pdf, posed_text(box, "Trop peu vu"))))
    read = found.values["competences/BDC1-1/comment"]
    assert (read.value, read.sure) == ("Trop peu vu", "likely")
    assert any("un texte posé (« Trop peu vu »)" in reason for reason in found.reasons)


def test_text_posed_over_a_filled_field_is_asked_back() -> None:
    over = posed_text(box_of("activities"), "Et un second essai")
    found = read_back(with_looks(annotated(print_of(Avis, FILLED), over)))
    assert found.values["activities"].sure == "doubtful"


def test_a_scribble_over_a_filled_field_is_asked_back() -> None:
    box = box_of("activities")
    over = ink(Box(box.x, box.y + 4, 90, 10))
    found = read_back(annotated(print_of(Avis, FILLED), over))
    assert found.values["activities"].sure in ("doubtful", "unread")


def test_handwriting_with_a_stylus_is_shown_and_not_read() -> None:
    box = box_of("competences/BDC1-1/comment")
    over = ink(Box(box.x + 4, box.y + 4, 80, 12))
    read = read_back(annotated(print_of(Avis), over)).values["competences/BDC1-1/comment"]
    assert (read.value, read.sure) == (None, "unread")


@pytest.mark.parametrize("flat", [False, True])
def test_a_posed_text_longer_than_its_box_is_asked_back_rather_than_cut(flat: bool) -> None:
    box = box_of("competences/BDC1-1/comment")
    pdf = rewriters.printed(print_of(Avis)) if flat else print_of(Avis)
    drawn = with_looks(annotated(pdf, posed_text(box, "Trop peu vu")))
    with pikepdf.open(BytesIO(drawn)) as source:
        (posed,) = (one for one in source.pages[0].Annots if one.Subtype == "/FreeText")
        posed.Contents = pikepdf.String("Trop peu vu\npour que je me prononce")
        out = BytesIO()
        source.save(out)
    found = read_back(out.getvalue())
    assert found.values["competences/BDC1-1/comment"].sure == "doubtful"


def test_a_text_posed_over_a_printed_answer_is_not_mixed_with_it() -> None:
    pdf = rewriters.printed(print_of(Avis, FILLED))
    over = posed_text(box_of("signatory/name"), "Zoé AUTRE-EXEMPLE")
    page = next(s.page for f in layout(Avis).fields if f.name == "signatory/name" for s in f.spots)
    found = read_back(with_looks(annotated(pdf, over, page=page - 1)))
    assert found.values["signatory/name"].sure in ("doubtful", "unread")
    assert "signatory/name" in found.crops


def test_a_drawing_over_a_printed_answer_is_asked_back() -> None:
    box = box_of("signatory/name")
    page = next(s.page for f in layout(Avis).fields if f.name == "signatory/name" for s in f.spots)
    pdf = rewriters.printed(print_of(Avis, FILLED))
    stroke = ink(Box(box.x + 4, box.y + 2, 12, box.height - 4))
    found = read_back(annotated(pdf, stroke, page=page - 1))
    assert found.values["signatory/name"].sure in ("doubtful", "unread")


def test_a_note_nobody_sees_drawn_is_still_told() -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=pikepdf.Array([500, 40, 520, 60]),
        Contents=pikepdf.String("À revoir avec le tuteur"),
    )
    found = read_back(annotated(print_of(Avis, FILLED), note))
    assert any("À revoir avec le tuteur" in reason for reason in found.reasons)
    assert found.values["activities"].value == FILLED["activities"]


def test_a_page_whose_code_is_inked_over_gives_nothing_sure() -> None:
    code = layout(Avis).pages[0].code
    blot = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Square,
        Rect=rectangle(code),
        F=4,
        C=pikepdf.Array([0]),
        IC=pikepdf.Array([0]),
    )
    found = read_back(annotated(print_of(Avis, FILLED), blot))
    assert found.values["activities"].sure == "doubtful"
    assert found.values["signatory/name"].sure == "certain"


@pytest.mark.parametrize("flat", [False, True])
def test_an_annotation_that_does_not_say_how_it_looks_is_asked_back(flat: bool) -> None:
    pdf = print_of(Avis, FILLED)
    over = posed_text(box_of("activities"), "Et un second essai")
    found = read_back(annotated(rewriters.printed(pdf) if flat else pdf, over))
    assert found.values["activities"].sure == "doubtful"
    assert "activities" in found.crops


@pytest.mark.parametrize("kind", ["Watermark", "Stamp", "NobodyKnows"])
def test_whatever_kind_of_annotation_covers_an_answer_is_told(kind: str) -> None:
    over = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name(f"/{kind}"),
        Rect=rectangle(box_of("activities")),
        F=4,
    )
    pdf = annotated(print_of(Avis, FILLED), over)
    assert written_over(pdf)
    assert read_back(pdf).values["activities"].sure == "doubtful"


def test_what_is_drawn_on_the_page_itself_beside_empty_fields_is_read_there() -> None:
    with pikepdf.open(BytesIO(Poppler().fill(print_of(Avis), FILLED))) as pdf:
        drawn = Sheet(pdf, pdf.pages[0])
        text_on_the_page(drawn, box_of("competences/BDC1-1/comment"), "Trop peu vu")
        dingbat_on_the_page(drawn, box_of("competences/BDC1-3/opinion", "defavorable"))
        out = BytesIO()
        pdf.save(out)
    found = read_back(out.getvalue())
    assert found.values["competences/BDC1-1/comment"].value == "Trop peu vu"
    assert found.values["competences/BDC1-3/opinion"].value == "defavorable"
    assert {found.values[n].sure for n in (TICK, "competences/BDC1-3/opinion")} == {"likely"}
    assert found.values["signatory/name"].value == FILLED["signatory/name"]
    assert any("ajouté à la page même" in reason for reason in found.reasons)


@pytest.mark.parametrize("flat", [False, True])
def test_a_posed_text_its_frame_cuts_is_asked_back(flat: bool) -> None:
    pdf = rewriters.printed(print_of(Avis)) if flat else print_of(Avis)
    with pikepdf.open(BytesIO(pdf)) as source:
        words = "Trop peu vu pour en juger, et jamais seul ni en autonomie devant la machine"
        text_and_looks(Sheet(source, source.pages[0]), box_of("competences/BDC1-1/comment"), words)
        out = BytesIO()
        source.save(out)
    read = read_back(out.getvalue()).values["competences/BDC1-1/comment"]
    assert read.sure == "doubtful"


def test_a_posed_text_whose_hidden_end_falls_in_the_next_answer_is_no_part_of_it() -> None:
    boxes = {one.name: one.spots[0] for one in layout(Positioning).fields}
    first, second = (boxes[f"competences/BDC1-{n}/comment"] for n in (1, 2))
    words = (
        "Le candidat a préparé l’intervention, consigné la machine, puis remis en service après "
        "essai."
    )
    with pikepdf.open(BytesIO(rewriters.printed(print_of(Positioning)))) as source:
        sheet = Sheet(source, source.pages[first.page - 1])
        text_in_a_stamp(sheet, first.box, words)
        text_in_a_stamp(sheet, second.box, "Vu à deux reprises. Le second essai était bon.")
        out = BytesIO()
        source.save(out)
    (found,) = understand(out.getvalue(), layouts(Positioning)).prints
    assert found.values["competences/BDC1-2/comment"].sure == "doubtful"
