"""The words beside the files never leave somebody waiting for nothing."""

import pytest

from casefiles import events as e
from casefiles.events import DropAnswered
from tests.casefiles.cases import case, decision, product
from tests.casefiles.journals import NOON
from tests.casefiles.test_next_steps import AT_JURY, NUMBERED, PLAIN
from watch.share import narrative

DRAWN = product("parchemin", facts={"number": "P-2026-00001"})
GONE = e.DeliveryWithdrawn(number="P-2026-00001", on=NOON.date(), by="X", because="Erreur.")


def test_after_a_withdrawal_the_holder_is_still_to_be_told() -> None:
    delivered = (*AT_JURY, decision("obtention"), NUMBERED, DRAWN)
    assert "Rien pour vous" in narrative.to_do(case(*delivered), PLAIN)
    told = narrative.to_do(case(*delivered, GONE), PLAIN)
    assert "Rien pour vous" not in told
    assert "P-2026-00001 a été retiré" in told
    assert "prévenez le titulaire, et redemandez-lui l’original" in told


@pytest.mark.parametrize(("path", "said"), [("", True), ("2 Dossiers/x/À remplir/a.pdf", False)])
def test_a_refused_file_says_where_to_drop_it_again(path: str, said: bool) -> None:
    refused = DropAnswered(
        name="a.pdf",
        sha256="0" * 64,
        size=1,
        outcome="refused",
        what="Grille",
        remedy="Corrigez-la.",
        path=path,
    )
    told = narrative.receipt(refused, NOON)
    assert ("corrigé et enregistré là où il se trouve, dans « 3 À corriger »" in told) is said
