from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watch.share.naming import LIMIT, free_name, is_passing, safe_name, same_name

FORBIDDEN = set('<>:"/\\|?*')


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("avis signé.pdf", "avis signé.pdf"),
        ("GONC\u0327ALVES Zoe\u0301.pdf", "GONÇALVES Zoé.pdf"),
        ("a:b.pdf", "a-b.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("lpt1", "_lpt1"),
        ("fin. ", "fin"),
        (".caché.pdf", "caché.pdf"),
        ("a\u202egpj.pdf", "agpj.pdf"),
        ("ligne\ndeux.pdf", "ligne deux.pdf"),
        ("", "sans nom"),
        ("...", "sans nom"),
        ("///", "sans nom"),
    ],
)
def test_a_name_becomes_one_that_windows_and_samba_keep(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text(max_size=400))
def test_every_name_becomes_short_visible_and_stays_the_same_once_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LIMIT
    assert len(safe.encode()) <= 255 - len(" - POURQUOI.txt")
    assert not FORBIDDEN & set(safe)
    assert safe == safe.strip(". ")
    assert safe_name(safe) == safe


def test_a_long_name_keeps_its_extension() -> None:
    assert safe_name("é" * 300 + ".pdf").endswith("é.pdf")


def test_a_taken_name_gets_the_next_number_whatever_its_case_or_its_accents(tmp_path: Path) -> None:
    (tmp_path / "Ave\u0301nement.PDF").touch()
    (tmp_path / "avénement (2).pdf").touch()
    assert free_name(tmp_path, "avénement.pdf") == "avénement (3).pdf"


def test_names_that_a_mac_and_a_windows_take_for_one_are_the_same() -> None:
    assert same_name("Zoe\u0301.PDF") == same_name("zoé.pdf")


@pytest.mark.parametrize(
    "name", [".DS_Store", "Thumbs.db", "~$avis.docx", ".~lock.avis.odt#", "a.TMP", "a.pdf.part"]
)
def test_what_programs_leave_behind_is_passing(name: str) -> None:
    assert is_passing(name)


@pytest.mark.parametrize("name", ["avis.pdf", "tmp", "partie.pdf", "sans extension"])
def test_what_people_drop_is_not_passing(name: str) -> None:
    assert not is_passing(name)
