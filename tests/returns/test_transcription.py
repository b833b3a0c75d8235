"""The form the office fills with what a hand wrote: crops beside empty fields, read back whole."""

from datetime import date
from io import BytesIO

import numpy as np
import page as validator
import pikepdf
import pytest
from PIL import Image

from casefiles.answers import Avis, Grid
from casefiles.answers.imprint import Imprint
from casefiles.answers.reading import accept
from forms.read import read
from forms.returns.outcome import PrintReturned
from forms.returns.transcription import transcription
from forms.returns.typed import BY, NAME, NOTHING, READ_AGAIN, SIGNED, transcribed
from forms.returns.understanding import understand
from tests.returns import paper
from tests.returns.marked import KNOWN, filled_by_pen, layout, layouts, print_of, scope_of
from tests.returns.paper import Pen, taken

TICK = "competences/BDC1-1/opinion"
KEY = b"une cle d'essai, de 32 octets !!"


@pytest.fixture(scope="module")
def returned() -> PrintReturned:
    """An avis by hand: two texts, every row ticked, one of them struck out, signed."""
    rng = np.random.default_rng(11)
    pages = paper.printed(print_of(Avis))
    for field in layout(Avis).fields:
        spot = field.spots[0]
        pen = Pen(pages[spot.page - 1], rng)
        if field.kind == "one_of":
            pen.cross(spot.box)
            if field.name == TICK:
                pen.strike_out(spot.box)
        elif field.name in ("activities", "signatory/name", "signatory/day"):
            pen.write(spot.box)
        elif field.kind == "signature":
            pen.write(spot.box, 0.4)
    pictures = [taken(one, paper.WORN, rng) for one in pages]
    (found,) = understand(paper.pdf(pictures, 150), layouts(Avis)).prints
    return found


@pytest.fixture(scope="module")
def form(returned: PrintReturned) -> bytes:
    return made(returned)


def made(returned: PrintReturned) -> bytes:
    return transcription(
        returned,
        layout(Avis),
        title="Avis de l’entreprise — dossier 2026-0042",
        imprint=Imprint(
            serial="TRANSCRIT001",
            form=NAME,
            version=1,
            case="2026-0042",
            part=returned.imprint.serial,
        ),
        key=KEY,
    )


def test_it_asks_for_what_was_not_read_and_nothing_else(
    returned: PrintReturned, form: bytes
) -> None:
    assert set(returned.to_type) == {TICK, "activities", "signatory/name", "signatory/day"}
    asked = {name for name in read(form).values if not name.startswith("transcription/")}
    assert asked == set(returned.to_type)


def test_each_crop_is_shown_pixel_for_pixel(returned: PrintReturned, form: bytes) -> None:
    with pikepdf.open(BytesIO(form)) as pdf:
        shown = {
            np.asarray(pikepdf.PdfImage(one).as_pil_image()).tobytes()
            for page in pdf.pages
            for one in page.Resources.XObject.values()
        }
    wanted = {
        np.asarray(Image.open(BytesIO(returned.crops[name].data))).tobytes()
        for name in (*returned.to_type, *(s.name for s in returned.signatures))
    }
    assert shown == wanted


def test_it_conforms_like_every_form_of_ours(form: bytes) -> None:
    for profile in ("2a", "ua1"):
        assert validator.validate_pdf_bytes(form, profile=profile).failures == []


def test_it_is_recognised_and_names_the_print_it_transcribes(
    returned: PrintReturned, form: bytes
) -> None:
    imprint = read(form).imprint
    assert imprint is not None
    assert imprint.made_with(KEY)
    assert (imprint.form, imprint.part) == (NAME, returned.imprint.serial)


def test_same_return_same_bytes(returned: PrintReturned, form: bytes) -> None:
    assert made(returned) == form


def test_what_is_typed_completes_what_was_read(returned: PrintReturned) -> None:
    signature = returned.signatures[0].name
    typed = {
        "activities": "Réglage et remise en service d’une presse.",
        "signatory/name": "Paule EXEMPLE",
        "signatory/day": "07/03/2026",
        TICK: "non_observe",
        SIGNED + signature: "oui",
        BY: "Agent d’ESSAI",
        READ_AGAIN: True,
    }
    done = transcribed(typed, returned)
    assert done.left == ()
    assert done.signed == {signature: True}
    assert (done.by, done.read_again) == ("Agent d’ESSAI", True)
    reading = accept(Avis, scope_of(Avis), done.values, today=date(2026, 6, 12))
    assert reading.problems == ()
    assert reading.answers is not None
    assert reading.answers.header.candidate == KNOWN["header/candidate"]
    assert reading.answers.competences["BDC1.1"].opinion == "non_observe"
    assert reading.answers.competences["BDC1.2"].opinion == "favorable"


def test_a_field_left_empty_is_left_out_unless_there_was_nothing_to_read(
    returned: PrintReturned,
) -> None:
    done = transcribed({"signatory/name": "P.", NOTHING + "activities": True}, returned)
    unsaid = SIGNED + returned.signatures[0].name
    assert set(done.left) == {TICK, "signatory/day", unsaid}
    assert done.values["activities"] == ""
    assert "signatory/day" not in done.values


def test_a_doubtful_tick_offers_the_options_of_its_question(form: bytes) -> None:
    with pikepdf.open(BytesIO(form)) as pdf:
        (field,) = (f for f in pdf.Root.AcroForm.Fields if str(f.T) == TICK)
        options = [next(k for k in kid.AP.N if k != "/Off") for kid in field.Kids]
    assert options == ["/favorable", "/defavorable", "/non_observe", "/off"]


def test_a_form_full_of_handwriting_makes_a_form_that_conforms() -> None:
    rng = np.random.default_rng(5)
    pages = paper.printed(print_of(Grid))
    filled_by_pen(Grid, pages, rng, odd=0.7)
    pictures = [taken(one, paper.PHONE, rng) for one in pages]
    (found,) = understand(paper.pdf(pictures, 150), layouts(Grid)).prints
    imprint = Imprint(serial="TRANSCRIT002", form=NAME, version=1, part=found.imprint.serial)
    pdf = transcription(found, layout(Grid), title="Grille", imprint=imprint, key=KEY)
    assert {n for n in read(pdf).values if not n.startswith("transcription/")} == set(found.to_type)
    for profile in ("2a", "ua1"):
        assert validator.validate_pdf_bytes(pdf, profile=profile).failures == []
