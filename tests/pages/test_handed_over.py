"""Notification, parchemin and bordereau: what leaves the house."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from casefiles.certification import Certification
from casefiles.events import BlocAcquired
from casefiles.rules.finding import ATTESTED
from forms.pages.mentions import attested, mentions, missing_mentions
from forms.pages.parchemin import parchemin
from templates.catalog import load
from tests.casefiles.cases import case, opened
from tests.pages import samples as s
from tests.pages.drawn import (
    DELIVERED,
    the_attestation,
    the_bordereau,
    the_notification,
    the_parchemin,
)
from tests.pages.reading import fields, plain, size, words


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("obtention", "vous est attribué. Toutes nos félicitations."),
        ("partiel", "Le jury vous attribue : BDC1"),
        ("refus", "Le jury ne vous attribue pas"),
        ("ajourne", "il reporte sa décision"),
        ("absent", "Le jury vous a notée absente"),
        ("excuse", "que vous étiez excusée"),
    ],
)
def test_a_notification_says_what_was_decided_and_what_comes_next(
    outcome: str, sentence: str
) -> None:
    data = the_notification(outcome, blocs=("BDC1",) if outcome == "partiel" else ())
    text = words(data)
    assert sentence in text
    assert "La suite" in text
    assert set(fields(data)) == {"signature/organisme"}


def test_a_refusal_gives_its_motive_what_to_acquire_and_what_can_be_done() -> None:
    text = words(the_notification("refus", divided=True, motive="Motif inventé."))
    assert "Motif : Motif inventé." in text
    assert "4. Diagnostiquer" in text
    assert "La cause racine n’a pas été recherchée" in text
    assert "demander à lire vos grilles" in text
    assert "votre recours" in text
    assert "parchemin" not in text


def test_an_award_announces_the_parchemin_and_does_not_replace_it() -> None:
    text = words(the_notification("obtention"))
    assert "attend la signature du certificateur" in text
    assert "elle ne remplace pas le parchemin" in text


def test_a_man_and_a_person_of_unsaid_civility_are_written_to_rightly() -> None:
    man = s.ZOE.model_copy(update={"civility": "monsieur"})
    unsaid = s.ZOE.model_copy(update={"civility": ""})
    assert "Le jury vous a noté absent et" in words(the_notification("absent", person=man))
    text = words(the_notification("absent", person=unsaid))
    assert "noté(e) absent(e)" in text
    assert "Madame, Monsieur," in text


def found_in(certification: Certification, **changes: Any) -> dict[str, str | None]:
    facts: dict[str, Any] = {
        "number": "TMP-2026-0001",
        "decided_on": s.DAY,
        "delivered_on": DELIVERED,
        "place": "Paris",
    }
    case = changes.pop("case", s.case())
    return {m.name: m.value for m in mentions(case, certification, **{**facts, **changes})}


@pytest.mark.parametrize("registered", [True, False])
@pytest.mark.parametrize("person", [s.ZOE, s.LONG], ids=["court", "long"])
@pytest.mark.rule("R47", "R91")
def test_every_mandatory_mention_is_on_the_parchemin(registered: bool, person: Any) -> None:
    certification = s.registered() if registered else s.tmp()
    text = words(the_parchemin(person, registered=registered))
    listed = found_in(certification, case=s.case(person))
    assert len(listed) == (16 if registered else 10)
    for name, value in listed.items():
        assert value is not None, name
        folded = plain(value)
        alike = folded[0].lower() + folded[1:]
        assert folded in text or alike in text, name


def test_an_unregistered_parchemin_has_no_registration_wording() -> None:
    text = words(the_parchemin())
    assert "RNCP" not in text
    assert "Niveau" not in text
    assert "CEC" not in text


def test_a_complete_checklist_misses_nothing() -> None:
    told = ("N-1", s.DAY, DELIVERED, "Paris")
    assert missing_mentions(mentions(s.case(), s.registered(), *told)) == ()


def without(name: str) -> dict[str, Any]:
    """The facts of a registered certification’s parchemin, that one unknown."""
    certification = s.registered()
    facts: dict[str, Any] = {
        "case": s.case(),
        "certification": certification,
        "number": "N-1",
        "decided_on": s.DAY,
        "delivered_on": DELIVERED,
        "place": "Paris",
    }
    of_person = {"Titulaire": {"first_name": ""}, "Naissance du titulaire": {"birth_place": " "}}
    of_certifier = {
        "Certificateur": {"name": ""},
        "Qualité du signataire": {"signatory_quality": " "},
    }
    of_registration = {
        "Décision d’enregistrement": {"decision": ""},
        "Code NSF": {"nsf": ()},
    }
    of_certification = {
        "Intitulé exact": {"title": ""},
        "Niveau de qualification": {"level": None},
        "Niveau du cadre européen (CEC)": {"european_level": None},
    }
    alone = {
        "Date de la décision du jury": {"decided_on": None},
        "Numéro": {"number": ""},
        "Date de délivrance": {"delivered_on": None},
        "Lieu de délivrance": {"place": " "},
    }
    if name in of_person:
        person = s.ZOE.model_copy(update=of_person[name])
        return {**facts, "case": replace(s.case(), candidate=person)}
    if name in of_certifier:
        certifier = certification.certifier.model_copy(update=of_certifier[name])
        changed: dict[str, Any] = {"certifier": certifier}
    elif name in of_registration:
        registration = certification.registration
        assert registration is not None
        changed = {"registration": registration.model_copy(update=of_registration[name])}
    elif name in of_certification:
        changed = of_certification[name]
    else:
        return {**facts, **alone[name]}
    return {**facts, "certification": certification.model_copy(update=changed)}


# What no certification nor case can lack: a kind is one of a list, the two others are dates or a
# number that a registration does not exist without.
ALWAYS_THERE = {
    "Nature du certificat",
    "Enregistrement",
    "Date de la décision d’enregistrement",
}
MAY_LACK = [name for name in found_in(s.registered()) if name not in ALWAYS_THERE]


@pytest.mark.rule("R91")
@pytest.mark.parametrize("name", MAY_LACK)
def test_each_missing_mention_is_named_with_its_source(name: str) -> None:
    (missing,) = missing_mentions(mentions(**without(name)))
    assert missing.name == name
    assert missing.source


@pytest.mark.rule("R94")
def test_a_registered_certification_without_its_levels_may_not_be_signed() -> None:
    told = ("N-1", date(2021, 6, 1), date(2021, 7, 1), "Paris")
    names = [m.name for m in missing_mentions(mentions(s.case(), s.opea(), *told))]
    assert names == ["Niveau de qualification", "Niveau du cadre européen (CEC)"]


@pytest.mark.rule("R8")
def test_the_specimen_says_so_in_words_too() -> None:
    assert "Spécimen sans valeur" in words(the_parchemin(specimen=True))
    assert "SPÉCIMEN" in words(the_parchemin(specimen=True))
    assert "pécimen" not in words(the_parchemin())


def test_what_demonstration_keys_sign_says_that_it_is_worth_nothing() -> None:
    told = words(the_parchemin(trial=True))
    assert "Démonstration sans valeur" in told
    assert "DÉMONSTRATION" in told
    assert "émonstration" not in words(the_parchemin())
    both = words(the_parchemin(specimen=True, trial=True))
    assert "SPÉCIMEN" in both
    assert "Spécimen sans valeur" in both
    assert "Démonstration sans valeur" in both
    assert "Démonstration sans valeur" in words(the_attestation(trial=True))
    assert "émonstration" not in words(the_attestation())


def test_the_first_of_a_month_is_raised_and_a_decision_that_gives_it_is_not_dated_twice() -> None:
    certification = s.registered()
    assert certification.registration is not None
    told = {"decision": "Arrêté du 1er août 2018", "decided_on": date(2018, 8, 1)}
    registration = certification.registration.model_copy(update=told)
    text = words(
        parchemin(
            s.case(),
            certification.model_copy(update={"registration": registration}),
            "N-1",
            date(2026, 6, 1),
            DELIVERED,
            "Paris",
        )
    )
    assert "en date du 1ᵉʳ juin 2026" in text
    assert "arrêté du 1er août 2018" in text
    assert "1ᵉʳ août" not in text


def test_the_parchemin_is_one_landscape_page_with_one_place_to_sign() -> None:
    data = the_parchemin(s.LONG, registered=True)
    wide, high = size(data)
    assert (round(wide), round(high)) == (842, 595)
    (field,) = fields(data).items()
    assert field[0] == "signature/certificateur"
    assert field[1]["page"] == 0
    assert "Directeur emploi formation de l’UIMM" in field[1]["words"]


def test_the_holder_bears_birth_name_first_names_and_usage_name() -> None:
    text = words(the_parchemin())
    assert "Madame Zoé Marie Łucja EXEMPLE-GONÇALVES" in text
    assert "nom d’usage MODÈLE, née le 3 avril 1991 à Saint-Œuf-sur-Essai" in text


def test_the_bordereau_lists_what_is_attached_with_its_hash() -> None:
    text = words(the_bordereau())
    for name in ("Procès-verbal de délibération", "Composition du jury", "Feuille d’émargement"):
        digest = s.sha(name)
        assert name in text
        assert f"{digest[:32]} {digest[32:]}" in text
    assert "Il a déclaré l’organisation des évaluations conforme" in text
    assert "56, avenue de Wagram" in text


def test_the_bordereau_of_attestations_asks_for_their_signature_and_names_no_parchemin() -> None:
    text = words(the_bordereau(blocs=("BDC1", "BDC2", "BDC3")))
    assert "d’attribuer les blocs BDC1, BDC2 et BDC3 du CQPM" in text
    assert "signer les attestations et de nous les retourner" in text
    assert "parchemin" not in text


@pytest.mark.rule("R58")
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("cqpm-tmp", "Référentiel, § 4 : « les blocs de compétences pour les CQPM inscrits au"),
        ("cqpm-opea", "Fiche RNCP 28245, attestation : « Chaque bloc est certifié"),
        ("exemple-cqpi", ATTESTED),
    ],
)
def test_an_attestation_cites_what_its_own_certification_says_of_blocs(
    code: str, words: str
) -> None:
    about = load(code)
    bloc = BlocAcquired(
        origin="jury", bloc=about.blocs[0].id, on=date(2026, 6, 12), certification=about.name
    )
    (apart,) = [
        one
        for one in attested(case(opened(about)), about, bloc, date(2026, 6, 15), "Paris")
        if one.name == "Bloc"
    ]
    assert apart.source.replace("\N{NO-BREAK SPACE}", " ").startswith(words)
