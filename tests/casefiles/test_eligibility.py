"""Who may enter, by which route, today."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casefiles.answers import Inscription
from casefiles.answers.vocabulary import Scope
from casefiles.certification import Certification, RouteName
from casefiles.rules.eligibility import Asked, admission, eligibility
from casefiles.rules.finding import HOUSE, Finding
from templates.catalog import load
from tests.casefiles import filled
from tests.casefiles.cases import rules
from tests.casefiles.certifications import REGISTRATION, certification, registered

PLAIN, AT_RNCP = certification(), registered()
AT_RS = certification(registration=REGISTRATION | {"directory": "RS", "code": "RS9999"})
IN_2021 = date(2021, 5, 3)
FIRST, LAST = date(2024, 2, 1), date(2027, 1, 31)


def entering(
    changes: dict[str, Any] | None = None,
    about: Certification = PLAIN,
    today: date = filled.TODAY,
) -> tuple[Finding, ...]:
    """Judged as printed by the certification that offers everything; trained where it asks."""
    scope = Scope(certification=everything())
    named = about.training_bodies
    trained = {"training/organisation": named[0]} if named else {}
    values = filled.inscription(trained | (changes or {}))
    inscription = filled.answers(Inscription, scope, values)
    found = eligibility(inscription, about, today)
    assert all(f.source and f.message.endswith(".") for f in found)
    return found


def everything() -> Certification:
    asked = {"open": True, "forms": ["grille", "recapitulatif"], "source": "…"}
    opened = dict.fromkeys(AT_RNCP.routes, asked)
    return registered(routes=opened)


def test_an_ordinary_inscription_raises_nothing() -> None:
    assert entering() == ()


# --- routes ----------------------------------------------------------------------------------


@pytest.mark.rule("R9", "R12")
def test_a_closed_route_is_refused_with_its_own_source() -> None:
    (found,) = entering({"wish/route": "apprentissage", "company/tutor": "Tess TUTRICE"})
    assert found.rule == "R12"
    assert found.status == "refused"
    assert "Contrat d’apprentissage" in found.message
    assert found.source == "Fiche d’essai, conditions d’inscription"


@pytest.mark.parametrize("about", [PLAIN, AT_RS], ids=["non enregistré", "RS"])
@pytest.mark.rule("R4", "R13")
def test_the_vae_needs_a_registration_at_rncp(about: Certification) -> None:
    assert rules(entering({"wish/route": "vae"}, about)) == ["R13"]


@pytest.mark.rule("R9")
def test_the_vae_is_open_at_rncp() -> None:
    assert rules(entering({"wish/route": "vae"}, AT_RNCP)) == []


# --- blocs -----------------------------------------------------------------------------------

SOME = {"wish/extent": "blocs", "blocs/B2/wanted": True}


@pytest.mark.parametrize("about", [PLAIN, AT_RS], ids=["non enregistré", "RS"])
@pytest.mark.rule("R4", "R62")
def test_separate_blocs_need_a_registration_at_rncp(about: Certification) -> None:
    assert rules(entering(SOME, about)) == ["R62"]


@pytest.mark.rule("R16", "R17")
def test_at_rncp_blocs_may_be_asked_for_apart_but_at_least_one() -> None:
    assert rules(entering(SOME, AT_RNCP)) == []
    assert rules(entering({"wish/extent": "blocs"}, AT_RNCP)) == ["R17"]


def test_asked_for_whole_the_ticked_blocs_do_not_narrow_it() -> None:
    inscription = filled.answers(
        Inscription,
        Scope(certification=PLAIN),
        filled.inscription({"blocs/B2/wanted": True}),
    )
    assert inscription.wanted_blocs == ()
    (found,) = entering({"blocs/B2/wanted": True}, AT_RNCP)
    assert (found.rule, found.status) == ("R17", "office")
    assert "B2" in found.message


# --- the window ------------------------------------------------------------------------------


@given(st.dates(date(2023, 1, 1), date(2028, 12, 31)))
@example(FIRST)
@example(LAST)
@example(LAST + timedelta(days=1))
@pytest.mark.rule("R93")
def test_one_enters_within_the_window_both_days_included(today: date) -> None:
    scope = Scope(certification=AT_RNCP)
    raw = filled.inscription({"agreement/day": "05/01/2023"})
    inscription = filled.read(Inscription, scope, raw).answers
    assert inscription is not None
    found = rules(eligibility(inscription, AT_RNCP, today))
    assert found == ([] if FIRST <= today <= LAST else ["R93"])


@pytest.mark.rule("R93")
def test_a_refusal_of_the_window_names_its_dates_and_its_source() -> None:
    (found,) = entering(about=AT_RNCP, today=LAST + timedelta(days=1))
    assert "01/02/2024 au 31/01/2027" in found.message
    assert "01/02/2027" in found.message
    assert found.source == "Fiche d’essai"


def test_an_unregistered_certification_has_no_window() -> None:
    assert entering(today=date(2090, 1, 1)) == ()


# --- company, commitment ---------------------------------------------------------------------

ALONE = {f"company/{name}": None for name in ("name", "siret", "contact", "email")}


@pytest.mark.rule("R18", "R56")
def test_a_route_that_needs_a_company_asks_for_one() -> None:
    assert rules(entering(ALONE)) == ["R56"]
    assert rules(entering(ALONE | {"wish/route": "candidature_individuelle"})) == []


OUT_OF_WORK = {"candidate/status": "demandeur_emploi"}


@pytest.mark.rule("R18", "R19")
@pytest.mark.parametrize("code", ["cqpm-tmp", "cqpm-opea"])
def test_who_has_no_job_comes_to_a_cqpm_without_a_company_and_who_has_one_does_not(
    code: str,
) -> None:
    about = load(code)
    day = about.registration.effective_from if about.registration else filled.TODAY
    assert rules(entering(ALONE, about, day)) == ["R56"]
    assert rules(entering(ALONE | OUT_OF_WORK, about, day)) == []
    contract = about.routes[RouteName.CONTRAT_PROFESSIONNALISATION]
    assert contract.company == "required"


@pytest.mark.rule("R21")
def test_nobody_enters_the_tmroa_without_the_company_that_employs_them() -> None:
    assert rules(entering(ALONE | OUT_OF_WORK, load("cqp-tmroa"))) == ["R56"]


@pytest.mark.parametrize("siret", ["73282932000075", "1234", "732 829 320"])
def test_a_false_siret_is_for_the_office_and_stops_nobody(siret: str) -> None:
    (found,) = entering({"company/siret": siret})
    assert (found.rule, found.status) == ("SIRET", "office")
    assert siret in found.message


@pytest.mark.parametrize("siret", ["73282932000074", "732 829 320 00074", None])
def test_a_true_siret_or_none_is_no_matter(siret: str | None) -> None:
    assert entering({"company/siret": siret}) == ()


# --- what the office settles with the candidate ----------------------------------------------


def slip(changes: dict[str, Any], about: Certification = PLAIN) -> Finding:
    (found,) = entering(changes, about)
    assert found.status == "office"
    return found


@pytest.mark.rule("R5")
@pytest.mark.parametrize("said", ["CPF", "Mon compte personnel de formation"])
def test_the_cpf_pays_for_what_is_registered_only(said: str) -> None:
    declared = {"training/financing": said}
    assert slip(declared).rule == "R5"
    assert entering(declared, AT_RNCP) == entering(declared, AT_RS) == ()


@pytest.mark.rule("R34")
@pytest.mark.parametrize(("day", "said"), [(29, []), (30, ["R34"])])
def test_maiage_pays_its_half_until_its_last_day(day: int, said: list[str]) -> None:
    declared = {"training/financing": "Maiage et entreprise", "agreement/day": "05/01/2025"}
    assert rules(entering(declared, load("cqp-tmroa"), date(2025, 8, day))) == said


@pytest.mark.rule("R11")
def test_in_alternance_a_tutor_is_named_or_asked_for() -> None:
    alternance = {"wish/route": "apprentissage"}
    about = everything()
    assert slip(alternance, about).rule == "R11"
    assert entering(alternance | {"company/tutor": "Tess TUTRICE"}, about) == ()
    assert entering(about=about) == ()


@pytest.mark.rule("R20")
@pytest.mark.parametrize(("postcode", "said"), [("98800", True), ("98713", True), ("97400", False)])
def test_an_address_where_the_certification_is_not_open_is_said(postcode: str, said: bool) -> None:
    opea = load("cqpm-opea")
    found = entering({"candidate/address": f"1, rue Inventée\n{postcode} Essai"}, opea, IN_2021)
    assert rules(found) == ["R20"] * said


@pytest.mark.rule("R36", "R39")
@pytest.mark.parametrize(
    ("organisation", "said"),
    [
        ("L’École des Métiers (Vaulx-en-Velin)", False),
        ("ecole des metiers", False),
        ("Conseils Avisés, Norroy", False),
        ("Organisme fictif", True),
    ],
)
def test_an_organisation_the_branch_did_not_name_is_to_be_checked(
    organisation: str, said: bool
) -> None:
    trained = {"training/organisation": organisation}
    found = [f for f in entering(trained, load("cqp-tmroa")) if f.rule == "R39"]
    assert [f.status for f in found] == ["office"] * said
    assert all("Conseils Avisés (Norroy-le-Veneur)" in f.message for f in found)
    assert not [f for f in entering(trained) if f.rule == "R39"], "where nobody is named"


@pytest.mark.parametrize("missing", ["agreement/exact", "agreement/informed"])
@pytest.mark.rule("R17")
def test_both_commitments_are_ticked_by_the_candidate(missing: str) -> None:
    values = filled.inscription({missing: None})
    (asked,) = filled.read(Inscription, Scope(certification=everything()), values).problems
    assert asked.field == missing
    (found,) = admission(Asked.told(values), PLAIN, filled.TODAY)
    assert found.status == "refused"
    assert "Les deux cases" in found.message


def test_everything_wrong_is_said_at_once() -> None:
    values = filled.inscription(SOME | ALONE | {"agreement/exact": None})
    found = admission(Asked.told(values), PLAIN, filled.TODAY)
    assert set(rules(found)) == {"R62", "R56", "R17"}


@pytest.mark.rule("R17")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("cqpm-tmp", "Référentiel du CQPM Technicien(ne) de maintenance productive, § 3.2.1"),
        ("cqpm-opea", "Fiche RNCP 28245 : « En amont, une phase d’inscription préalable"),
        ("cqp-tmroa", HOUSE),
    ],
)
def test_an_entry_refused_cites_the_certification_asked_for(code: str, words: str) -> None:
    about = load(code)
    asked = Asked(route="formation_continue", whole=True, blocs=(), company=True, committed=False)
    day = about.registration.effective_from if about.registration else date(2026, 6, 12)
    (found,) = admission(asked, about, day)
    assert found.rule == "R17"
    assert found.source.replace("\N{NO-BREAK SPACE}", " ").startswith(words)


@pytest.mark.rule("R62")
def test_blocs_refused_outside_the_cqpm_do_not_cite_the_cqpm() -> None:
    about = load("cqp-tmroa")
    asked = Asked(
        route="formation_continue", whole=False, blocs=("x",), company=True, committed=True
    )
    (found,) = admission(asked, about, date(2026, 6, 12))
    assert (found.rule, found.source) == ("R62", about.outcomes_source)
