"""Every title, count and date of a certification, beside the words of the excerpt it comes from.

Walked from the data itself: a number or a date that no line here accounts for fails.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casefiles.certification import Certification
from templates.catalog import load
from tests.certifications.wording import EXCERPTS, excerpt, letters

JURY = "maximum de cinq membres qualifiés"
YEARS = "avec effet au 21 avril 2017, jusqu'au 21 avril 2022"

# Where it stands in the data: what it is there, and the words that say so.
SAID: dict[str, dict[str, tuple[Any, str]]] = {
    "cqpm-tmp": {
        "blocs/0/competences/0/minimum/count": (2, "a minima sur deux équipements automatisés"),
        "blocs/1/competences/0/minimum/count": (1, "A minima sur un équipement automatisé"),
    },
    "cqpm-opea": {
        "registration/decided_on": (date(2017, 4, 7), "Arrêté du 07 avril 2017"),
        "registration/published_on": (date(2017, 4, 21), "Journal Officiel du 21 avril 2017"),
        "registration/effective_from": (date(2017, 4, 21), YEARS),
        "registration/expires_on": (date(2022, 4, 21), YEARS),
        "registration/created_on": (date(2005, 12, 15), "a été validée le 15/12/2005"),
        "registration/delivered_per_year": (284, "a été délivré 284 fois en moyenne par an"),
        "vae/minimum_months": (12, "au moins un an d'expérience en rapport avec le CQP"),
        "vae/course_months/0": (8, "un parcours qui dure entre 8 et 12 mois"),
        "vae/course_months/1": (12, "un parcours qui dure entre 8 et 12 mois"),
        "blocs/0/competences/0/minimum/count": (2, "la production sur au moins deux postes"),
        "deliberation/colleges/0/maximum": (5, JURY),
    },
    "cqp-tmroa": {
        "prerequisites/1/minimum": (200, "Avoir un coefficient à 200"),
        "prerequisites/2/minimum": (5, "une expérience d’au moins 5 ans en tant que technicien"),
        "steps/0/minutes": (180, "(3h00 en visioconférence)"),
        "steps/0/days": (1, "Etape 1 : Le test et l’entretien de positionnement"),
        "steps/1/minutes": (840, "(14h00 sur 2 jours dans les locaux de l’OF)"),
        "steps/1/days": (2, "(14h00 sur 2 jours dans les locaux de l’OF)"),
        "steps/2/minutes": (650, "(10h50, planifiée sur 2 jours, par l’OF"),
        "steps/2/days": (2, "(10h50, planifiée sur 2 jours, par l’OF"),
        "financing/0/percent": (50, "50% par MAIAGE pour la première promotion"),
        "financing/0/until": (date(2025, 8, 29), "ouverte jusqu’au 29 Aout 2025"),
        "financing/1/percent": (50, "50 % par l’entreprise du/des candidats"),
        "threshold/numerator": (4, "entre 80 % et 100 % des critères définis"),
        "threshold/denominator": (5, "entre 80 % et 100 % des critères définis"),
        "evaluators/minimum": (1, "composé d’un à deux membres"),
        "evaluators/maximum": (2, "composé d’un à deux membres"),
        "evaluators/years_of_experience": (10, "avec au moins 10 ans d’expérience"),
        "evaluators/retired_less_than_years": (5, "retraité depuis moins de 5 ans"),
        "deliberation/colleges/0/minimum": (1, "d’un représentant des employeurs"),
        "deliberation/colleges/0/maximum": (1, "d’un représentant des employeurs"),
        "deliberation/colleges/1/minimum": (1, "d’un représentant des salariés"),
        "deliberation/colleges/1/maximum": (1, "d’un représentant des salariés"),
    },
}

# Our decisions where the sources are silent: a certifier may change them (docs/regles.md).
OURS = {
    "avis_not_given/contacts": "how many reminders before an avis is established as not given",
    "registration/deliver_until": "the window’s end, until the certifier says otherwise",
    "evaluators/minimum": "nobody is evaluated by nobody",
    "deliberation/colleges/0/minimum": "parity needs somebody on each side",
    "deliberation/colleges/1/minimum": "parity needs somebody on each side",
}


def walked(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every number and date, with where it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from walked(inner, f"{path}/{name}")
    elif isinstance(value, list | tuple):
        for rank, inner in enumerate(value):
            yield from walked(inner, f"{path}/{rank}")
    elif isinstance(value, int | float | date) and not isinstance(value, bool):
        yield path.removeprefix("/"), value


def everything() -> str:
    return letters("".join(p.read_text(encoding="utf-8") for p in EXCERPTS.glob("*.txt"))).lower()


@pytest.mark.parametrize("code", SAID)
def test_every_count_and_date_is_that_of_the_words_it_comes_from(code: str) -> None:
    kept, said = everything(), SAID[code]
    found = dict(walked(load(code).model_dump()))
    display = re.compile(r"blocs/\d+/competences/\d+/number")
    unaccounted = {p for p in found if p not in said and p not in OURS and not display.fullmatch(p)}
    assert unaccounted == set()
    for path, (value, words) in said.items():
        assert found[path] == value, path
        assert letters(words).lower() in kept, words


@pytest.mark.parametrize("code", SAID)
def test_competences_are_numbered_as_they_are_read(code: str) -> None:
    numbers = [c.number for c in load(code).competences]
    assert numbers == list(range(1, len(numbers) + 1))


def titles(certification: Certification) -> Iterator[str]:
    """The official ones: what the provisional structure names is ours, and says so."""
    yield certification.title
    yield certification.deliberation.name
    yield certification.evaluators.name
    if certification.plenary is not None:
        yield certification.plenary.name
    if certification.provisional:
        return
    for bloc in certification.blocs:
        yield bloc.title
        yield from (one.title for one in bloc.competences)
    yield from (one.title for one in certification.modalities)


@pytest.mark.parametrize(
    ("code", "seed"), [("cqpm-tmp", "001"), ("cqpm-opea", "003"), ("cqp-tmroa", "000")]
)
def test_every_title_is_word_for_word_that_of_its_own_source(code: str, seed: str) -> None:
    official, certification = excerpt(seed), load(code)
    kept = letters(official).lower()
    for title in titles(certification):
        assert letters(title).lower() in plain(kept) or letters(title).lower() in kept, title
    assert letters(certification.kind).lower() in kept


def plain(text: str) -> str:
    """As a title in capitals has lost its accents: one that keeps them is compared as it stands."""
    return text.replace("reseaux", "réseaux")


def test_the_modalities_of_tmroa_and_its_phases_are_those_of_the_faq() -> None:
    tmroa, kept = load("cqp-tmroa"), letters(excerpt("000").lower())
    assert [m.title.lower() for m in tmroa.modalities] == [
        "en conditions réelles",
        "études de cas pratiques",
        "entretiens techniques",
    ]
    for words in (*(m.title for m in tmroa.modalities), "Préparation/Intervention/Repli"):
        assert letters(words.lower()) in kept, words


def test_a_wrong_count_or_title_is_seen() -> None:
    """The control: what these tests look at is the data itself."""
    opea = load("cqpm-opea").model_dump()
    opea["registration"]["delivered_per_year"] = 285
    assert dict(walked(opea))["registration/delivered_per_year"] != 284
    opea["vae"]["surprise"] = 3
    assert "vae/surprise" not in SAID["cqpm-opea"]
    assert "vae/surprise" in dict(walked(opea))
