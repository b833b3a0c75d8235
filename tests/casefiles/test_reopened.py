"""A case whose registration comes later keeps its decision and is owed a definitive parchemin."""

import pytest

from casefiles import events as e
from tests.casefiles.cases import case, decision, opened, product
from tests.casefiles.certifications import certification
from tests.casefiles.journals import NOON


@pytest.mark.rule("R35")
def test_a_reopened_delivery_keeps_the_decision_and_asks_for_another_edition() -> None:
    numbered = e.DeliveryNumbered(
        number="P-2026-00001", register_name="registre/P-2026-00001", delivered_on=NOON.date()
    )
    before = (opened(certification()), decision("obtention"), numbered, product("parchemin"))
    assert case(*before).delivery == numbered
    reopened = e.DeliveryReopened(
        certification_hash="enregistrée", replaces="P-2026-00001", by="le bureau", because="RNCP"
    )
    held = case(*before, reopened)
    assert held.delivery is None
    assert held.decision is not None
    assert (held.replaces, held.delivered_under) == ("P-2026-00001", "enregistrée")
