"""The six routes of each certification: open or closed as its file says, with its own documents."""

from datetime import date

import pytest

from casefiles.certification import RouteName
from casefiles.rules.eligibility import Asked, admission
from casefiles.rules.requirements import CASE_FORMS, required
from templates.catalog import load
from tests.casefiles.cases import case, opened

DAY = date(2026, 6, 12)
FORMATION = ("modalites", "grille", "avis")
TMROA = ("prerequis", "positionnement", "preparation", "grille", "plenier")
VAE = ("recevabilite", "recevabilite_decision", "preuves", "entretien")
# What the sources open (R12, R13, and domain decisions); everything else is closed.
OPEN = {
    ("cqpm-tmp", "formation_continue"): FORMATION,
    ("cqpm-tmp", "contrat_professionnalisation"): FORMATION,
    ("cqpm-opea", "formation_continue"): FORMATION,
    ("cqpm-opea", "contrat_professionnalisation"): FORMATION,
    ("cqpm-opea", "vae"): VAE,
    ("cqp-tmroa", "formation_continue"): TMROA,
    ("exemple-cqpi", "formation_continue"): FORMATION,
    ("exemple-cqpi", "candidature_individuelle"): ("modalites", "grille"),
}
EVERY = [
    (code, route.value)
    for code in ("cqpm-tmp", "cqpm-opea", "cqp-tmroa", "exemple-cqpi")
    for route in RouteName
]


@pytest.mark.rule("R9", "R10", "R12", "R13", "R18", "R19")
@pytest.mark.parametrize(("code", "route"), EVERY)
def test_a_route_is_open_with_its_documents_or_refused_with_its_source(
    code: str, route: str
) -> None:
    about = load(code)
    entered = about.registration.effective_from if about.registration else DAY
    asked = Asked(route=route, whole=True, blocs=(), company=True, committed=True)
    found = admission(asked, about, entered)
    if (code, route) in OPEN:
        assert found == ()
        alone = about.routes[RouteName(route)].company in ("optional", "none")
        company = {"company": None} if alone else {}
        held = case(opened(about, route=route, **company))
        assert tuple(r.form.NAME for r in required(held, about)) == OPEN[code, route]
        assert set(OPEN[code, route]) <= set(CASE_FORMS)
        return
    (no,) = found
    closed = about.routes[RouteName(route)]
    assert not closed.open
    assert (no.rule, no.status) in {("R12", "refused"), ("R13", "refused")}
    assert no.rule == "R13" or no.source == closed.source


@pytest.mark.parametrize("code", ["cqpm-tmp", "cqpm-opea", "cqp-tmroa", "exemple-cqpi"])
def test_a_certification_says_something_of_each_of_the_six(code: str) -> None:
    about = load(code)
    assert set(about.routes) == set(RouteName)
    assert all(route.source for route in about.routes.values())
