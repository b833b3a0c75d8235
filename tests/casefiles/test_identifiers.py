"""French numbers as they are written: what is wrong with one is said, what is right is silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles import identifiers


@pytest.mark.parametrize(
    ("check", "typed"),
    [
        (identifiers.siret, "73282932000074"),
        (identifiers.siret, "732 829 320 00074"),
        (identifiers.siret, "35600000049837"),  # La Poste a sa propre clé
        (identifiers.declaration, "00 00 00000 00"),
        (identifiers.agreement, "3248"),
        (identifiers.agreement, "Métallurgie (IDCC 3248)"),
        (identifiers.birth_code, "94240"),
        (identifiers.birth_code, "2A004"),
        (identifiers.birth_code, "99109"),
        (identifiers.email, "zoe.exemple+cqp@exemple.invalid"),
        (identifiers.email, "zoé@exemple.invalid"),
        (identifiers.social_security, "12, rue de l’Exemple, 69000 Exempleville"),
        (identifiers.social_security, "06 12 34 56 78"),
    ],
)
def test_what_is_well_written_raises_nothing(check: identifiers.Check, typed: str) -> None:
    assert check(typed) == ""


@pytest.mark.parametrize(
    ("check", "typed", "said"),
    [
        (identifiers.siret, "73282932000075", "clé fausse"),
        (identifiers.siret, "732829320", "SIREN"),
        (identifiers.declaration, "1234", "onze chiffres"),
        (identifiers.agreement, "métallurgie", "quatre chiffres"),
        (identifiers.birth_code, "Lyon", "cinq caractères"),
        (identifiers.email, "zoe.exemple.invalid", "courriel"),
        (identifiers.email, "zoe@exemple", "courriel"),
        (identifiers.email, "zoe@@exemple.fr", "courriel"),
        (identifiers.email, "zoe exemple@exemple.fr", "courriel"),
        (identifiers.social_security, "n° 2 94 03 75 120 005 91", "jamais demandé"),
    ],
)
def test_what_is_badly_written_is_said(check: identifiers.Check, typed: str, said: str) -> None:
    assert said in check(typed)


@given(st.text(max_size=40))
def test_nothing_anybody_types_breaks_a_check(typed: str) -> None:
    for check in (*(c for c, _, _ in identifiers.CHECKS.values()), identifiers.social_security):
        assert isinstance(check(typed), str)
