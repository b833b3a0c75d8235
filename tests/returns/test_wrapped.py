"""Archives and messages: every document inside, within bounds, under a safe name."""

import struct
import zipfile
from email.message import EmailMessage
from io import BytesIO

import pytest

from casefiles.errors import UnreadableFile
from forms.returns.wrapped import Bounds, is_wrapped, safe_name, unwrap
from tests.returns.outlook import message as outlook_message

PDF = b"%PDF-1.7 un formulaire"
OTHER = b"%PDF-1.7 un autre"


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            # Dated 1980, as every ZipInfo is by default: the same bytes at any hour.
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def mailed(*attached: tuple[str, bytes], words: str = "Bonjour, voici l’avis.") -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "tutrice@exemple.test", "bureau@exemple.test"
    message["Subject"] = "Avis signé"
    message.set_content(words)
    for name, data in attached:
        message.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def names(data: bytes) -> list[tuple[tuple[str, ...], str]]:
    return [(piece.within, piece.name) for piece in unwrap(data)]


def test_an_archive_gives_its_documents_byte_for_byte() -> None:
    found = unwrap(zipped({"avis/Avis signé.pdf": PDF, "grille.pdf": OTHER}))
    assert [(p.name, p.data) for p in found] == [("Avis signé.pdf", PDF), ("grille.pdf", OTHER)]


def test_the_folders_of_an_archive_are_told_by_safe_names_and_lead_nowhere() -> None:
    inner = zipped({"Situation 2/relevé.pdf": PDF})
    files = {"preuves/Situation 1/a.pdf": PDF, "../../etc/b.pdf": PDF, "preuves/suite.zip": inner}
    assert [(p.folders, p.name) for p in unwrap(zipped(files))] == [
        (("preuves", "Situation 1"), "a.pdf"),
        (("etc",), "b.pdf"),
        (("preuves", "suite.zip", "Situation 2"), "relevé.pdf"),
    ]
    (piece,) = unwrap(mailed(("dossier/c.pdf", PDF)))
    assert (piece.folders, piece.name) == ((), "c.pdf")


def test_what_systems_leave_in_archives_is_no_document() -> None:
    clutter = {"__MACOSX/._a.pdf": b"x", "d/.DS_Store": b"x", "Thumbs.db": b"x", "a.pdf": PDF}
    assert names(zipped(clutter)) == [((), "a.pdf")]


def test_a_message_gives_its_attachments_and_not_its_letter() -> None:
    found = unwrap(mailed(("Avis – à signer.pdf", PDF), ("2.pdf", OTHER)))
    assert [(p.name, p.data) for p in found] == [("Avis – à signer.pdf", PDF), ("2.pdf", OTHER)]


def test_an_outlook_message_gives_its_attachments_and_those_of_the_message_inside() -> None:
    inner = outlook_message([("grille évaluée.pdf", OTHER)])
    found = unwrap(outlook_message([("avis signé.pdf", PDF)], inner=inner))
    assert [(p.name, p.data) for p in found] == [
        ("avis signé.pdf", PDF),
        ("grille évaluée.pdf", OTHER),
    ]


def test_a_picture_pasted_in_a_letter_is_a_document_and_a_logo_is_not() -> None:
    message = EmailMessage()
    message["From"] = "tutrice@exemple.test"
    message.set_content("Voici")
    for size in (500, 40_000):
        picture = b"\xff\xd8\xff" + b"\0" * size
        message.add_attachment(picture, maintype="image", subtype="jpeg", disposition="inline")
    (piece,) = unwrap(message.as_bytes())
    assert len(piece.data) > 40_000


def test_wrappings_in_wrappings_say_where_each_document_was() -> None:
    data = mailed(("envoi.zip", zipped({"avis.pdf": PDF})), ("seul.pdf", OTHER))
    assert names(data) == [(("envoi.zip",), "avis.pdf"), ((), "seul.pdf")]


def test_a_forwarded_message_is_opened_too() -> None:
    forwarded = EmailMessage()
    forwarded["From"] = "bureau@exemple.test"
    forwarded.set_content("Pour vous")
    inner = EmailMessage()
    inner["From"] = "tutrice@exemple.test"
    inner.set_content("Voici")
    inner.add_attachment(PDF, maintype="application", subtype="pdf", filename="avis.pdf")
    forwarded.add_attachment(inner)
    assert names(forwarded.as_bytes()) == [(("message.eml",), "avis.pdf")]


def test_names_written_by_windows_keep_their_accents() -> None:
    data = zipped({"evaluee.pdf": PDF}).replace(b"evaluee", "évaluée".encode("cp850"))
    assert names(data) == [((), "évaluée.pdf")]


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\x\avis.pdf", "avis.pdf"),
        ("avis\u202efdp.exe", "avis fdp.exe"),
        ("a\0b\n.pdf", "a b .pdf"),
        ("...", "document"),
        ("é" * 300 + ".pdf", "é" * 96 + ".pdf"),
        ("e\u0301valué.pdf", "évalué.pdf"),
    ],
)
def test_names_are_safe_anywhere(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_documents_that_happen_to_be_zipped_are_no_archive() -> None:
    for name in ("word/document.xml", "xl/workbook.xml", "mimetype"):
        assert not is_wrapped(zipped({name: b"x"}))
    assert not is_wrapped(PDF)
    assert not is_wrapped(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 un ancien .doc")
    assert not is_wrapped("Note : pensez à rappeler la tutrice.".encode())


@pytest.mark.parametrize(
    ("data", "bounds", "words"),
    [
        (zipped({f"{i}.pdf": PDF for i in range(5)}), Bounds(pieces=4), "plus de 4 documents"),
        (zipped({"a.pdf": b"\0" * 9_000_000}), Bounds(), "sans mesure"),
        (zipped({"a.pdf": b"x" * 3_000_000}, 0), Bounds(size=2_000_000), "plus de 2 Mo"),
        (
            zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped({"d.pdf": PDF})})})}),
            Bounds(),
            "plus de 3 envois les uns dans les autres",
        ),
        (zipped({"a.pdf": PDF})[:40], Bounds(), "abîmée"),
        (zipped({}), Bounds(), "aucun document"),
        (mailed(), Bounds(), "aucun document"),
        (PDF, Bounds(), "ni une archive"),
    ],
)
def test_what_is_too_much_or_broken_is_refused_in_words(
    data: bytes, bounds: Bounds, words: str
) -> None:
    with pytest.raises(UnreadableFile) as refused:
        unwrap(data, bounds)
    assert words in refused.value.message
    assert refused.value.remedy


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(zipped({"a.pdf": PDF}))
    for at in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[at : at + 2] = struct.pack("<H", 1)
    with pytest.raises(UnreadableFile, match="mot de passe"):
        unwrap(bytes(data))


def test_a_member_whose_content_was_damaged_is_refused() -> None:
    data = bytearray(zipped({"a.pdf": PDF * 50}, 0))
    data[60] ^= 0xFF
    with pytest.raises(UnreadableFile, match="abîmé"):
        unwrap(bytes(data))


def test_a_message_nested_without_end_is_refused_not_followed() -> None:
    deep = b"From: a@exemple.test\nMIME-Version: 1.0\n"
    for i in range(3000):
        deep += b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (i, i)
    with pytest.raises(UnreadableFile):
        unwrap(deep)
