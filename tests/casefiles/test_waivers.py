"""What a case may do without: only where a rule says so, and the jury is told."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.answers import FORMS
from casefiles.certification import Outcome
from casefiles.rules.waivers import avis_not_given, decided_without_avis, shown, waiver
from tests.casefiles.cases import case, filed, opened
from tests.casefiles.certifications import certification
from tests.casefiles.filled import avis

PLAIN = certification()
ALONE = opened(PLAIN, route="candidature_individuelle", company=None)


def reminded(*days: int) -> list[e.ContactMade]:
    return [
        e.ContactMade(
            form="avis",
            whom="Ateliers Fictifs",
            on=date(2026, 3, d),
            how="Courriel.",
            by="Mireille",
        )
        for d in days
    ]


GONE = e.AvisNotGiven(contacts=(date(2026, 3, 1),), by="Mireille", because="Entreprise fermée.")


@pytest.mark.rule("R19")
def test_the_avis_is_waived_for_who_has_no_company_where_the_route_admits_it() -> None:
    found = waiver(case(ALONE), PLAIN, "avis")
    assert (found.status, found.rule) == ("ok", "R56")
    assert found.source


@pytest.mark.parametrize("form", list(FORMS))
def test_everywhere_else_a_waiver_is_refused_with_the_rule_that_asks(form: str) -> None:
    found = waiver(case(opened(PLAIN)), PLAIN, form)
    assert found.status == "refused"
    assert found.rule.startswith("R")
    assert found.source


@pytest.mark.parametrize(("when", "alone"), [("always", "ok"), ("no_company", "refused")])
def test_a_certification_may_allow_others_for_all_or_for_who_is_alone(
    when: str, alone: str
) -> None:
    about = certification(
        waivers=[{"form": "modalites", "when": when, "rule": "R49", "source": "Règlement d’essai"}]
    )
    assert waiver(case(opened(about)), about, "modalites").status == alone
    assert waiver(case(ALONE), about, "modalites").status == "ok"
    assert waiver(case(ALONE), about, "modalites").source == "Règlement d’essai"


@pytest.mark.rule("R56")
@given(st.lists(st.integers(1, 28), max_size=5), st.integers(1, 4))
def test_the_avis_is_established_as_not_given_after_so_many_days_of_reminders(
    days: list[int], needed: int
) -> None:
    about = certification(avis_not_given={"contacts": needed})
    found = avis_not_given(case(opened(about), *reminded(*days)), about)
    assert (found.status == "ok") is (len(set(days)) >= needed)


def test_there_is_nothing_to_establish_where_the_avis_is_there_or_not_expected() -> None:
    given = filed("avis", avis(PLAIN))
    assert avis_not_given(case(opened(PLAIN), *reminded(1, 2), given), PLAIN).status == "refused"
    assert avis_not_given(case(ALONE, *reminded(1, 2)), PLAIN).status == "refused"


@pytest.mark.rule("R56")
@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("allowed", [True, False])
def test_without_the_avis_the_whole_is_given_only_where_the_certification_says_so(
    outcome: Outcome, allowed: bool
) -> None:
    about = certification(avis_not_given={"obtention": allowed})
    decided = e.Decided(case="2026-0042", outcome=outcome, blocs=("B1",))
    found = list(decided_without_avis(decided, "Zoé", case(opened(about), GONE), about))
    assert bool(found) is (outcome is Outcome.OBTENTION and not allowed)
    came = case(opened(about), GONE, filed("avis", avis(about)))
    assert not list(decided_without_avis(decided, "Zoé", came, about))


def test_the_jury_reads_every_waiver_first() -> None:
    waived = e.RequirementWaived(
        form="avis", rule="R56", source="Fiche", by="Mireille", because="Demandeur d’emploi."
    )
    told = list(shown(case(ALONE, waived, GONE)))
    assert [f.status for f in told] == ["alert", "alert"]
    for word in ("Mireille", "Avis de l’entreprise", "Demandeur d’emploi."):
        assert word in told[0].message
    assert "Entreprise fermée." in told[1].message
