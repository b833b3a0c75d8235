"""Whatever came back is read as the person saw it, or refused with the reason; never guessed."""

import random
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from casefiles.errors import UnreadableFile
from forms import bounds
from forms.bounds import Bounds
from forms.read import read
from forms.recognise import recognise
from tests.engines import rewriters
from tests.engines.pdfium import Pdfium
from tests.forms import odd
from tests.forms.samples import KEY


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(data)
    assert refused.value.remedy
    return refused.value.message


def outcome(data: bytes) -> str:
    try:
        return "abîmé" if read(data).damaged else "lu"
    except UnreadableFile:
        return "refusé"


def word_document() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return out.getvalue()


def plain_archive() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("avis.pdf", "%PDF-")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vide"),
        (b"\0" * 5000, "vide"),
        (word_document(), "Word"),
        (plain_archive(), "archive (.zip)"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"\1" * 40, "PNG"),
        (b"\0\0\0\x18ftypheic" + b"\1" * 40, "HEIC"),
        (b"<!DOCTYPE html><html></html>", "page web"),
        (b"From: zoe@exemple.invalid\r\nSubject: avis\r\n\r\n", "courriel"),
        (b"Bonjour, voici mon avis.", "texte"),
    ],
)
def test_a_file_that_is_no_pdf_is_called_by_its_name(data: bytes, words: str) -> None:
    assert words in refusal(data)


def test_a_form_cut_off_in_the_middle_is_refused_or_said_to_be_damaged() -> None:
    whole = odd.form(**{"person/name": "Zoé"})
    for part in (0.02, 0.3, 0.6, 0.9, 0.99):
        cut = whole[: int(len(whole) * part)]
        assert outcome(cut) in ("abîmé", "refusé")


def test_of_several_revisions_the_last_whole_one_counts() -> None:
    first = Pdfium(incremental=True).fill(odd.form(), {"person/name": "Zoé"})
    second = Pdfium(incremental=True).fill(first, {"person/name": "Zara"})
    assert second.startswith(first)
    assert second.count(b"%%EOF") > first.count(b"%%EOF")
    found = read(second)
    assert (found.values["person/name"], found.damaged) == ("Zara", False)


def test_a_save_cut_off_is_said_to_be_damaged() -> None:
    form = odd.form()
    number = form.count(b" obj\n")
    half = form + b"\n%d 0 obj\n<</FT/Tx /T(person/name) /V(Zo" % number
    assert read(half).damaged


def test_a_whole_form_is_not_damaged() -> None:
    assert not read(odd.form()).damaged


def test_a_password_is_asked_to_be_taken_off() -> None:
    locked = odd.changed(
        odd.form(), lambda pdf: None, encryption=pikepdf.Encryption(user="x", owner="y")
    )
    assert "mot de passe" in refusal(locked)


def test_a_form_protected_only_against_change_is_read() -> None:
    guarded = odd.changed(
        odd.form(**{"person/name": "Zoé"}),
        lambda pdf: None,
        encryption=pikepdf.Encryption(user="", owner="y"),
    )
    assert read(guarded).values["person/name"] == "Zoé"


def test_a_form_printed_to_pdf_is_said_to_have_lost_its_fields() -> None:
    assert "aplati" in refusal(rewriters.printed(odd.form()))


def test_a_scan_is_said_to_be_one() -> None:
    assert "numérisation" in refusal(odd.scanned())


def test_a_file_of_too_many_pages_is_refused_with_both_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "_imposed", [Bounds(pages=2)])
    message = refusal(odd.form())
    assert "3 pages" in message
    assert "plus de 2" in message


@pytest.mark.parametrize(
    ("stored", "read_as"),
    [
        (b"Zoe", "Zoe"),
        (b"\xfe\xff" + "Nguyễn".encode("utf-16-be"), "Nguyễn"),
        (b"\xff\xfe" + "Nguyễn".encode("utf-16-le"), "Nguyễn"),
        (b"\xef\xbb\xbf" + "5 €".encode(), "5 €"),
        ("Zoé, l\x90été \x9cuvre".encode("latin-1"), "Zoé, l’été œuvre"),
        ("L’été à 5 €".encode("cp1252"), "L’été à 5 €"),
        ("Nguyễn".encode(), "Nguyễn"),
        (b"un\r\ndeux\rtrois", "un\ndeux\ntrois"),
        (b"(02) \\ 50 %", r"(02) \ 50 %"),
    ],
)
def test_a_text_is_read_whatever_encoding_wrote_it(stored: bytes, read_as: str) -> None:
    assert read(odd.foreign(odd.text("nom", stored))).values == {"nom": read_as}


def test_a_text_stored_as_a_stream_is_read() -> None:
    def as_stream(pdf: pikepdf.Pdf) -> None:
        odd.widget(pdf, "person/story").V = pdf.make_stream("Nguyễn".encode("utf-8-sig"))

    assert read(odd.changed(odd.form(), as_stream)).values["person/story"] == "Nguyễn"


def test_widgets_the_form_has_forgotten_are_read_from_their_page() -> None:
    orphan = odd.foreign(odd.text("nom", b"Zoe"), listed=False)
    assert read(orphan).values == {"nom": "Zoe"}


def test_a_field_that_stands_on_no_page_is_read_from_the_list() -> None:
    def off_page(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[0].obj["/Annots"]

    data = odd.changed(odd.foreign(odd.text("nom", b"Zoe")), off_page)
    assert read(data).values == {"nom": "Zoe"}


def test_two_fields_of_one_name_and_two_values_are_put_in_doubt() -> None:
    found = read(odd.foreign(odd.text("nom", b"Zoe"), odd.text("nom", b"Zara")))
    assert found.doubtful == ("nom",)
    assert "plusieurs valeurs" in found.warnings[0]


def test_two_fields_of_one_name_and_one_value_are_one() -> None:
    found = read(odd.foreign(odd.text("nom", b"Zoe"), odd.text("nom"), odd.text("nom", b"Zoe")))
    assert (found.values, found.doubtful) == ({"nom": "Zoe"}, ())


def test_a_text_only_drawn_is_put_in_doubt() -> None:
    def drawn(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_stream(b"/Tx BMC BT /Sans 9 Tf 2 4 Td (Zoe EXEMPLE) Tj ET EMC")
        odd.widget(pdf, "person/name").AP = Dictionary(N=look)

    found = read(odd.changed(odd.form(), drawn))
    assert found.values["person/name"] == ""
    assert found.doubtful == ("person/name",)


@pytest.mark.parametrize(
    ("value", "states", "read_as", "doubt"),
    [
        ("oui", {"oui": "oui", "non": "Off"}, "oui", False),
        (None, {"oui": "Off", "non": "non"}, "non", False),
        ("oui", {"oui": "", "non": ""}, "oui", False),
        ("oui", {"oui": "Off", "non": "Off"}, "oui", True),
        ("oui", {"oui": "Off", "non": "non"}, "non", True),
        ("oui", {"oui": "oui", "non": "non"}, "oui", True),
        ("Off", {"oui": "Off", "non": "Off"}, "", False),
    ],
)
def test_a_choice_is_what_the_person_saw(
    value: str | None, states: dict[str, str], read_as: str, doubt: bool
) -> None:
    found = read(odd.with_radio(value, states))
    assert found.values == {"avis": read_as}
    assert (found.doubtful == ("avis",)) is doubt


def test_a_choice_whose_options_are_listed_apart_is_read_by_their_names() -> None:
    listed = Array([String("favorable"), String("défavorable")])
    found = read(odd.with_radio("1", {"0": "Off", "1": "1"}, Opt=listed))
    assert found.values == {"avis": "défavorable"}


def test_several_choices_are_read_as_a_list() -> None:
    many = {"FT": Name.Ch, "Ff": 1 << 21, "T": String("blocs")}
    chosen = {**many, "V": Array([String("B1"), String("B2")])}
    assert read(odd.foreign(chosen)).values == {"blocs": ["B1", "B2"]}
    assert read(odd.foreign({**many, "V": String("B1")})).values == {"blocs": ["B1"]}
    assert read(odd.foreign(many)).values == {"blocs": []}


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"F": 2}, "est caché"),
        ({"Rect": Array([900, 20, 990, 40])}, "hors de la page"),
        ({"Rect": Array([20, 362, 190, 378])}, "se recouvrent"),
    ],
)
def test_a_field_nobody_can_see_is_told(entries: dict[str, Any], words: str) -> None:
    found = read(odd.foreign(odd.text("nom", b"Zoe"), odd.text("autre", b"x", **entries)))
    assert len(found.warnings) == 1
    assert words in found.warnings[0]


def test_scripts_and_attachments_are_named() -> None:
    def armed(pdf: pikepdf.Pdf) -> None:
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.Root.OpenAction = script
        pdf.attachments["note.txt"] = b"bonjour"

    said = " ".join(read(odd.changed(odd.form(), armed)).warnings)
    assert "JavaScript" in said
    assert "fichiers joints" in said


def test_ink_and_notes_over_the_page_are_told() -> None:
    def marked(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.FreeText, Rect=Array([1, 1, 9, 9]), Contents=String("ok")
        )
        pdf.pages[1].obj.Annots.append(pdf.make_indirect(note))

    found = read(odd.changed(odd.form(), marked))
    assert found.warnings == ("page 2 : 1 annotation posée par-dessus le formulaire.",)


def test_a_family_tree_that_bites_its_tail_is_walked_once() -> None:
    def cyclic(pdf: pikepdf.Pdf) -> None:
        first = odd.widget(pdf, "nom")
        first.Parent = first
        pdf.Root.AcroForm = pdf.make_indirect(pdf.Root.AcroForm)
        pdf.Root.AcroForm.Fields.append(pdf.Root.AcroForm)

    data = odd.changed(odd.foreign(odd.text("nom", b"Zoe")), cyclic)
    assert len(read(data).values) == 1


@pytest.mark.parametrize(
    "claimed", ["", "{", "[]", '{"serial": 1}', '{"serial": "x"}', "[" * 3000, "x" * 9000]
)
def test_an_imprint_that_is_none_is_no_imprint(claimed: str) -> None:
    def forged(pdf: pikepdf.Pdf) -> None:
        odd.widget(pdf, "parchemin/empreinte").V = String(claimed)
        del pdf.trailer["/Info"]
        del pdf.Root["/Metadata"]

    data = odd.changed(odd.form(), forged)
    assert read(data).imprint is None
    assert recognise(data, key=KEY) is None


def test_an_imprint_with_a_strange_check_is_not_ours() -> None:
    def forged(pdf: pikepdf.Pdf) -> None:
        told = str(odd.widget(pdf, "parchemin/empreinte").V)
        start = told.index('"check": "') + 10
        odd.widget(pdf, "parchemin/empreinte").V = String(told[:start] + "é" + told[start + 1 :])

    found = recognise(odd.changed(odd.form(), forged), key=KEY)
    assert found is not None
    assert found.ours is False


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_are_read_or_refused_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(odd.form(**{"person/name": "Zoé"}))
    tail = len(data) - 12_000
    for _ in range(chance.randint(1, 30)):
        data[chance.randrange(tail, len(data))] = chance.randrange(256)
    assert outcome(bytes(data)) in ("lu", "abîmé", "refusé")


@pytest.mark.parametrize("sign", ["\uf642", "\uf914", "\ud49c", "\ufffd"])
def test_a_sign_cut_to_sixteen_bits_by_the_viewer_is_asked_back(sign: str) -> None:
    found = read(odd.foreign(odd.text("nom", ("\ufeffZoé " + sign).encode("utf-16-be"))))
    assert found.doubtful == ("nom",)
    assert "n’a pas su enregistrer" in found.warnings[0]


def test_a_portfolio_says_that_its_documents_are_to_be_dropped_one_by_one() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["avis.pdf"] = pikepdf.AttachedFileSpec(pdf, b"%PDF-1.7", filename="avis.pdf")
    pdf.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection)
    out = BytesIO()
    pdf.save(out)
    with pytest.raises(UnreadableFile, match="porte-documents") as refused:
        read(out.getvalue())
    assert "chaque document" in refused.value.remedy
