"""Pages printed to PDF: words in each rectangle and ticks by darkness, or a reason to ask back."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from casefiles.answers import Avis, Grid, Inscription
from casefiles.answers.imprint import Imprint
from casefiles.answers.vocabulary import Form
from forms.layout import Box
from forms.read import read
from forms.returns.geometry import layout_of
from forms.returns.outcome import PrintReturned, ValueRead
from forms.returns.transcription import transcription
from forms.returns.understanding import understand
from forms.style import CELL_ANSWER
from forms.typography import wrap
from tests.engines import rewriters
from tests.returns import paper
from tests.returns.marked import (
    KNOWN,
    flattened_by_pdfium,
    imprint_of,
    layout,
    layouts,
    on_other_paper,
    print_of,
    through_postscript,
)

NAMELESS = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /None def\n"
    b"1 begincodespacerange <00> <ff> endcodespacerange\n"
    b"1 beginbfrange <00> <ff> <E000> endbfrange\n"
    b"endcmap end end"
)
Printer = Callable[[bytes], bytes]

PRINTERS: dict[str, Printer] = {
    "cairo": rewriters.printed,
    "ghostscript": rewriters.ghostscript,
    "pdfium": flattened_by_pdfium,
    "on US paper": lambda pdf: on_other_paper(rewriters.printed(pdf)),
    "turned": lambda pdf: on_other_paper(rewriters.printed(pdf), wide=842, high=1191, turn=90),
}
ANSWERS: dict[str, str | bool] = {
    "activities": "Réglage d’une presse « 5 € », consigné ;\nremise en service de 50 % des postes.",
    "competences/BDC1-1/opinion": "defavorable",
    "competences/BDC1-1/comment": "D’Œuvre-L’Haÿ : trop peu vu.",
    "conclusion/overall": "favorable",
    "signatory/name": "Łukasz Nguyễn",
    "signatory/day": "07/03/2026",
}


def read_back(pdf: bytes, form: type[Form] = Avis) -> PrintReturned:
    (found,) = understand(pdf, layouts(form)).prints
    return found


def transcription_of(found: PrintReturned) -> bytes:
    serial = "TRANSCRIT001"
    imprint = Imprint(serial=serial, form="transcription", version=1, part=found.imprint.serial)
    return transcription(found, layout(Avis), title="Avis", imprint=imprint, key=b"essai")


def box_of(name: str, form: type[Form] = Avis) -> Box:
    return next(one for one in layout(form).fields if one.name == name).spots[0].box


def drawn_over(pdf: bytes, operators: bytes, page: int = 0) -> bytes:
    """The file with something more drawn on a page, in PDF’s own coordinates."""
    with pikepdf.open(BytesIO(pdf)) as source:
        target = source.pages[page]
        if "/Font" not in target.Resources:
            target.Resources.Font = pikepdf.Dictionary()
        target.Resources.Font.F0 = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        added(source, page, operators)
        return saved(source)


def added(source: pikepdf.Pdf, page: int, operators: bytes) -> None:
    """Draw after everything else, whatever state the page’s own drawing ends in."""
    target = source.pages[page]
    target.contents_add(source.make_stream(b"q "), prepend=True)
    target.contents_add(source.make_stream(b" Q q " + operators + b" Q"))


def saved(source: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    source.save(out)
    return out.getvalue()


def words_at(box: Box, words: bytes, more: bytes = b"0 g") -> bytes:
    at = (box.x + 3, 841.89 - box.y - 11)
    return b"BT /F0 8 Tf %b %.1f %.1f Td (%b) Tj ET" % (more, *at, words)


@pytest.mark.parametrize("printer", PRINTERS)
def test_what_is_shown_is_what_is_read(printer: str) -> None:
    found = read_back(PRINTERS[printer](print_of(Avis, ANSWERS)))
    assert found.how == "flattened"
    assert found.pages == (1, 2)
    assert found.raw().items() >= ANSWERS.items()
    assert found.doubts == ()
    assert found.values["signatory/name"].sure == "likely"
    assert found.values["conclusion/overall"].sure == "certain"
    assert found.values["header/candidate"].sure == "certain"
    assert found.values["competences/BDC1-2/opinion"].value == ""
    assert found.values["competences/BDC1-2/comment"].value == ""


def test_ticks_are_read_both_ways() -> None:
    ticks = {"agreement/informed": True, "blocs/BDC1/wanted": True}
    found = read_back(rewriters.printed(print_of(Inscription, ticks)), Inscription).raw()
    assert found.items() >= ticks.items()
    assert found["agreement/exact"] is False


def test_an_answer_cut_at_the_edge_is_asked_back() -> None:
    long = "12 bis, rue des Établissements-Métallurgiques-Réunis, bâtiment C, escalier 4, 3e étage"
    box = box_of("setting/place", Grid)
    pdf = rewriters.printed(print_of(Grid))
    clip = b"%.1f %.1f %.1f %.1f re W n " % (box.x, 841.89 - box.bottom, box.width, box.height)
    spread = words_at(box, (long * 2).encode("cp1252"))
    read = read_back(drawn_over(pdf, clip + spread), Grid).values["setting/place"]
    assert read.sure == "doubtful"


def test_an_answer_that_fills_its_box_is_asked_back_for_its_end() -> None:
    text = "La machine a été consignée, réglée, puis remise en service après un essai à vide. "
    name = "competences/BDC1-1/comment"
    box = box_of(name)
    lines = wrap(text * 6, CELL_ANSWER, 0.85 * box.width)
    fitting = int((box.height - 2) / CELL_ANSWER.leading)
    drawn = b" ".join(
        words_at(Box(box.x, box.y - 2 + i * CELL_ANSWER.leading, 1, 1), line.encode("cp1252"))
        for i, line in enumerate(lines[:fitting])
    )
    found = read_back(drawn_over(rewriters.printed(print_of(Avis)), drawn))
    assert found.values[name].sure == "doubtful"
    assert "remplit toute sa case" in found.doubts[0].message


def strike(name: str) -> bytes:
    box = box_of(name)
    y = 841.89 - box.y - 8
    return b"1.2 w 0 G %.1f %.1f m %.1f %.1f l S" % (box.x, y, box.x + 160, y - 1)


def test_a_struck_out_answer_is_asked_back() -> None:
    pdf = rewriters.printed(print_of(Avis, ANSWERS))
    read = read_back(drawn_over(pdf, strike("activities"))).values["activities"]
    assert read.sure == "doubtful"


def test_words_that_do_not_show_are_not_taken() -> None:
    pdf = rewriters.printed(print_of(Avis))
    box = box_of("activities")
    for invisible in (b"1 g", b"3 Tr"):
        found = read_back(drawn_over(pdf, words_at(box, b"Tout est acquis", invisible)))
        assert found.values["activities"].sure != "likely"
        assert found.values["activities"].value != "Tout est acquis" or (
            found.values["activities"].sure == "doubtful"
        )


def test_ink_without_words_is_shown_and_not_read() -> None:
    box = box_of("activities")
    y = 841.89 - box.y - 12
    scribble = b"1 w 0 G %.1f %.1f m %.1f %.1f %.1f %.1f %.1f %.1f c S" % (
        *(box.x + 5, y, box.x + 40, y + 15, box.x + 60, y - 15, box.x + 120, y),
    )
    found = read_back(drawn_over(rewriters.printed(print_of(Avis)), scribble))
    assert found.values["activities"] == ValueRead(
        value=None, how="flattened", sure="unread", page=1
    )
    assert "activities" in found.crops


def test_glyphs_without_a_name_are_asked_back() -> None:
    pdf = rewriters.printed(print_of(Avis, ANSWERS))
    with pikepdf.open(BytesIO(pdf)) as source:
        for one in source.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                one.ToUnicode = source.make_stream(NAMELESS)
        found = read_back(saved(source))
    assert [n for n, v in found.values.items() if v.sure == "likely"] == []
    for name in ("signatory/name", "activities"):
        assert (found.values[name].sure, found.values[name].value) == ("doubtful", "")


def test_letters_whose_names_the_printer_dropped_are_not_offered_to_who_copies_them() -> None:
    pdf = rewriters.ghostscript(print_of(Avis, ANSWERS))
    with pikepdf.open(BytesIO(pdf)) as source:
        for one in source.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                del one.ToUnicode
        found = read_back(saved(source))
    for name in ("signatory/name", "activities"):
        assert (found.values[name].sure, found.values[name].value) == ("doubtful", "")
    told = read(transcription_of(found)).values
    assert {told[name] for name in found.to_type if isinstance(told.get(name), str)} <= {"", "Off"}


def test_a_printer_that_loses_the_names_of_letters_is_not_believed() -> None:
    found = read_back(through_postscript(print_of(Avis, ANSWERS)))
    ours = {**KNOWN, **ANSWERS}
    taken = {n: v for n, v in found.raw().items() if v}
    assert {n: ours[n] for n in taken} == taken
    assert found.values["signatory/day"].sure == "doubtful"
    assert found.values["conclusion/overall"].value == "favorable"


def test_a_file_that_shows_one_word_and_says_another_is_asked_back() -> None:
    pdf = rewriters.printed(print_of(Avis, ANSWERS))
    shifted = NAMELESS.replace(b"<E000>", b"<0041>")
    with pikepdf.open(BytesIO(pdf)) as source:
        for one in source.objects:
            if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                one.ToUnicode = source.make_stream(shifted)
        found = read_back(saved(source))
    for name in ("signatory/name", "signatory/day", "header/candidate"):
        assert (found.values[name].sure, found.values[name].value) == ("doubtful", "")


def test_a_line_of_ours_that_comes_back_otherwise_is_asked_back() -> None:
    other = layout_of(print_of(Avis))
    pdf = rewriters.printed(print_of(Avis, {"header/candidate": "Quelqu’un d’AUTRE"}))
    (found,) = understand(pdf, {other.imprint.serial: other}).prints
    assert found.values["header/candidate"].sure == "doubtful"
    assert found.values["header/candidate"].value == "Quelqu’un d’AUTRE"


def test_a_picture_pasted_over_a_field_hides_its_words() -> None:
    pdf = rewriters.printed(print_of(Avis, ANSWERS))
    box = box_of("activities")
    with pikepdf.open(BytesIO(pdf)) as source:
        page = source.pages[0]
        image = source.make_stream(b"\x00" * 100)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width = image.Height = 10
        image.BitsPerComponent, image.ColorSpace = 8, pikepdf.Name.DeviceGray
        if "/XObject" not in page.Resources:
            page.Resources.XObject = pikepdf.Dictionary()
        page.Resources.XObject.Pasted = image
        at = (box.x + 10, 841.89 - box.y - 24)
        added(source, 0, b"60 0 0 20 %.1f %.1f cm /Pasted Do" % at)
        found = read_back(saved(source))
    assert found.values["activities"].sure == "unread"


def test_one_option_of_two_ticked_by_the_printer_of_another_is_asked_back() -> None:
    both = rewriters.printed(print_of(Avis, {"conclusion/overall": "favorable"}))
    spot = next(
        s
        for f in layout(Avis).fields
        if f.name == "conclusion/overall"
        for s in f.spots
        if s.option == "defavorable"
    )
    dot = b"0 g %.1f %.1f 5 5 re f" % (spot.box.x + 2, 841.89 - spot.box.bottom + 2)
    page = spot.page - 1
    assert read_back(drawn_over(both, dot, page)).values["conclusion/overall"].sure == "doubtful"


def test_the_code_names_the_print_and_its_keyed_check_travels() -> None:
    found = read_back(rewriters.printed(print_of(Avis)))
    from tests.forms import samples

    assert found.imprint.serial == imprint_of(Avis).serial
    assert found.imprint.made_with(samples.KEY)


# Words cut by the end of a line


WHOLE_LINE = int((box_of("competences/BDC1-1/comment").width - 5) / 4)  # « x » is 4 points wide


def commented(*lines: str) -> ValueRead:
    """What is read of a comment whose lines were broken just so."""
    box = box_of("competences/BDC1-1/comment")
    drawn = b" ".join(
        words_at(
            Box(box.x, box.y - 2 + number * CELL_ANSWER.leading, 1, 1),
            line.encode("cp1252").replace(b"\\", b"\\\\"),
        )
        for number, line in enumerate(lines)
    )
    found = read_back(drawn_over(rewriters.printed(print_of(Avis)), drawn))
    read = found.values["competences/BDC1-1/comment"]
    cut = [one for one in found.doubts if "un mot est coupé" in one.message]
    # PDFium takes a hyphen at the end of a line for one it must hide: a sign without a name.
    nameless = [one for one in found.doubts if "n’a pas de nom" in one.message]
    assert bool(cut or nameless) == (read.sure == "doubtful"), found.doubts
    assert read.value == "\n".join(lines) or not nameless
    return read


@pytest.mark.parametrize(
    "lines",
    [
        ("Écrire à zoe.exemple@", "exemple.test pour le bilan."),
        ("Vu sur le porte-", "outil de la presse."),
        ("Voir le plan C:\\ateliers\\", "presse, page 2."),
        ("Adresse www.exemple.", "test, rubrique presse."),
        ("Réglages vus à 10:", "50 le matin."),
        ("x" * WHOLE_LINE, "x" * 12),
    ],
    ids=["address", "hyphen", "folder", "site", "hour", "no space"],
)
def test_a_line_that_may_end_inside_a_word_is_asked_back(lines: tuple[str, ...]) -> None:
    assert commented(*lines).sure == "doubtful"


@pytest.mark.parametrize(
    "lines",
    [
        ("Le réglage est acquis.", "Reste la consignation."),
        ("Deux points à revoir :", "la consignation et le réglage."),
        ("Le réglage de la presse est vu", "et compris."),
        ("Vu avec M. X.", "Zoé EXEMPLE le confirme."),
    ],
    ids=["sentence", "colon", "words", "initial"],
)
def test_a_line_that_ends_a_sentence_or_between_words_is_read(lines: tuple[str, ...]) -> None:
    read = commented(*lines)
    assert (read.sure, str(read.value).split()) == ("likely", " ".join(lines).split())


# A page that is not laid out as its print


@pytest.mark.parametrize("scanned", [False, True], ids=["printed", "scanned"])
def test_a_page_laid_out_otherwise_than_its_print_says_nothing(scanned: bool) -> None:
    """The code says one print, the page shows another: no box is where the print says."""
    said, shown = layout(Avis).imprint, layout(Grid)
    pdf = rewriters.printed(print_of(Avis, ANSWERS))
    if scanned:
        pdf = paper.pdf(paper.printed(pdf, 150), 150)
    (found,) = understand(pdf, {said.serial: replace(shown, imprint=said)}).prints
    assert found.values
    assert {one.sure for one in found.values.values()} <= {"doubtful", "unread"}
    assert any("ne ressemble plus assez à son tirage" in one.message for one in found.doubts)


def test_a_page_its_print_does_not_have_is_told() -> None:
    whole = layout(Avis)
    short = replace(whole, pages=whole.pages[:1])
    (found,) = understand(rewriters.printed(whole.pdf), {whole.imprint.serial: short}).prints
    assert found.pages == (1,)
    assert any("n’a pas de page 2" in one for one in found.reasons)
