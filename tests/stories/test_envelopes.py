"""What held several documents is said to be opened: each of them says for itself what became."""

import zipfile

from tests.stories.conftest import AsTold


def test_an_archive_is_opened_and_its_receipt_never_says_accepted(as_told: AsTold) -> None:
    space = as_told("nouveau")
    whole = space.workspace.share.parent / "envoi.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.write(space.inscription({}), "inscription.pdf")
        archive.writestr("notes.txt", "Bonjour")
    assert space.hand_in(whole).what == "Envoi contenant 2 documents"
    (receipt,) = space.workspace.receipts.rglob("*envoi.zip.txt")
    assert " ouvert - " in receipt.name
    said = receipt.read_text(encoding="utf-8-sig")
    assert "Envoi contenant 2 documents\N{NO-BREAK SPACE}: ouvert." in said
    assert "à corriger" in said
