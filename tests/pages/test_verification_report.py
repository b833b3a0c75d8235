"""The page a stranger reads: the answer first, on one page, in PDF/A-2a and PDF/UA-1."""

from datetime import UTC, datetime
from typing import Any

import page
import pytest

from forms.pages.verification import verification_report
from tests.pages.reading import words as text_of

AT = datetime(2026, 3, 7, 9, 5, tzinfo=UTC)


def signature(**told: Any) -> dict[str, Any]:
    return {
        "field": "signature/m1", "kind": "approval", "signer": "Aïcha EXEMPLE-LŒUVRE",
        "integrity": "intact", "covers_whole_file": True, "revision": 2, "docmdp": 1,
        "changes_after": "none", "trusted": True, "expected": None, "level": "B-T",
        "indication": "TOTAL-PASSED", "sub_indication": None, "claimed_time": None,
        "proven_time": "2026-03-06T14:00:00+00:00", "reasons": [],
        "qualification": "qualified_signature", "timestamp": "qualified", "by_seal": False, **told,
    }  # fmt: skip


def report(verdict: str, *signatures: dict[str, Any], **told: Any) -> dict[str, Any]:
    return {"verdict": verdict, "signatures": list(signatures), "embedded": [], "notes": [], **told}


def drawn(found: dict[str, Any]) -> bytes:
    return verification_report(found, name="Procès-verbal.pdf", sha256="ab" * 32, at=AT)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("valid", "Valide : ce fichier est signé"),
        ("invalid", "Non valide : ne vous fiez pas"),
        ("indeterminate", "il manque une preuve"),
        ("unsigned", "Sans signature"),
    ],
)
def test_the_answer_stands_first_and_the_page_conforms(verdict: str, words: str) -> None:
    data = drawn(report(verdict, *([] if verdict == "unsigned" else [signature()])))
    text = text_of(data)
    assert words in text
    assert "ab" * 32 in "".join(text.split())
    for profile in ("2a", "ua1"):
        assert [f.message for f in page.validate_pdf_bytes(data, profile=profile).failures] == []


def test_it_says_what_each_signature_is_worth_and_what_was_not_checked() -> None:
    note = "Listes de confiance de l’Union (FR), copie du 06/03/2026 (il y a 1 jour)."
    one = signature(reasons=["La révocation du certificat n’a pas été vérifiée."])
    text = text_of(drawn(report("valid", one, notes=[note])))
    flat = " ".join(text.split())
    expected = (
        "Signature qualifiée, avec horodatage qualifié",
        "Niveau B-T",
        "(prouvé)",
        note,
        "La révocation du certificat n’a pas été vérifiée.",
        "Non vérifié :",
    )
    assert [words for words in expected if words not in flat] == []
    assert "avancée" not in flat


def test_five_signatures_and_two_hundred_pieces_stay_on_one_page() -> None:
    pieces = [
        {"name": f"Grille {n}.pdf", "sha256": "cd" * 32, "matches": n != 7, "verdict": "valid"}
        for n in range(200)
    ]
    data = drawn(report("invalid", *[signature() for _ in range(5)], embedded=pieces))
    text = text_of(data)
    assert "Page 1 sur 1" in text
    assert "Grille 7.pdf" in text
    assert "200 pièces, dont 199 à l’empreinte annoncée" in " ".join(text.split())


def test_it_answers_for_the_signatures_inside_and_explains_its_own_words() -> None:
    pieces = [
        {"name": f"{verdict}.pdf", "sha256": "cd" * 32, "matches": True, "verdict": verdict}
        for verdict in ("valid", "invalid", "indeterminate", "unsigned")
    ]
    other = signature(level="B-B", qualification="other", timestamp=None)
    text = " ".join(text_of(drawn(report("valid", other, embedded=pieces))).split())
    for words in (
        "4 pièces, dont 4 à l’empreinte annoncée",
        "Sans signature : 1.",
        "Signature valide dans : valid.pdf.",
        "Signature rompue ou refusée dans : invalid.pdf.",
        "Signature à examiner dans : indeterminate.pdf.",
        "« certificat non qualifié » : un certificat dont rien ici",
        "Niveau B-B : la signature seule.",
    ):
        assert words in text, text
    assert "Niveau B-T :" not in text
