"""A list of candidates: each line becomes a prefilled inscription, or says why it cannot."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefiles import roster
from casefiles.answers import Inscription
from casefiles.answers.outline import outline
from casefiles.answers.vocabulary import Scope
from casefiles.roster import words
from casefiles.roster.headings import _FIELDS
from tests.casefiles.certifications import certification, registered

TODAY = date(2026, 6, 30)
ONE = {"cqpm-essai": certification()}
TWO = {
    "cqpm-essai": certification(),
    "cqpm-autre": registered(code="cqpm-autre", title="Autre essai"),
}
HEADS = ["Nom", "Prénom", "Né(e) le", "Mail"]
ZOE = ["Exemple-Gonçalves", "Zoé", "07/03/1990", "zoe@exemple.invalid"]


def read(*rows: list[Any], offered: Any = None, **more: Any) -> roster.Roster:
    return roster.read([rows], offered or ONE, today=TODAY, **more)


def value(heading: str, cell: Any, field: str) -> str:
    """What that cell becomes in the inscription, on an otherwise good line."""
    found = read([*HEADS[:2], heading], [*ZOE[:2], cell])
    (line,) = found.lines
    assert line.problems == (), line.problems
    return line.values.get(field, "")


def problem(heading: str, cell: Any, **more: Any) -> str:
    found = read([*HEADS[:2], heading], [*ZOE[:2], cell], **more)
    ((said,),) = [line.problems for line in found.lines]
    return said


def test_a_line_becomes_the_values_of_an_inscription() -> None:
    found = read(HEADS, ZOE)
    (line,) = found.accepted
    assert line.number == 2
    assert line.name == "EXEMPLE-GONÇALVES Zoé"
    assert line.certification == "cqpm-essai"
    assert line.values == {
        "candidate/birth_name": "Exemple-Gonçalves",
        "candidate/first_name": "Zoé",
        "candidate/birth_date": "07/03/1990",
        "candidate/email": "zoe@exemple.invalid",
    }
    assert "Commune de naissance" in line.missing
    assert not any("certifie" in said for said in line.missing)


def test_every_answer_of_the_form_has_a_heading_its_own_words_among_them() -> None:
    asked = [
        q
        for q in outline(Inscription, Scope(certification=certification())).questions()
        if not q.name.startswith(("agreement/", "blocs/"))
    ]
    ours = {"candidate/address": words.STREET, "wish/extent": words.BLOCS}
    for question in asked:
        assert _FIELDS.get(words.plain(question.label)) == ours.get(question.name, question.name)
    names = {q.name for q in asked} | {
        *(words.STREET, words.MORE, words.POSTCODE, words.TOWN, words.WHOLE_NAME),
        *(words.BLOCS, words.CERTIFICATION, words.NOTHING, words.PRIVATE, *words.REPRISE),
    }
    assert set(words.HEADINGS) <= names


def test_no_heading_names_two_answers() -> None:
    said = [words.plain(one) for known in words.HEADINGS.values() for one in known]
    assert sorted(said) == sorted(set(said))


def test_headings_are_found_under_a_title_and_in_any_order() -> None:
    found = read(
        ["Promotion du printemps"],
        [None],
        ["N°", "PRENOM ", "Date de naissance :", "NOM DE NAISSANCE", "Groupe"],
        [1, "Zoé", date(1990, 3, 7), "Exemple"],
        [None, None],
        [2, "Łukasz", date(1991, 3, 7), "Inventé"],
    )
    assert [line.number for line in found.accepted] == [4, 6]
    assert found.remarks == ("Colonne non reconnue, laissée de côté : « Groupe ».",)


def test_a_plain_name_beside_a_birth_name_is_the_everyday_one() -> None:
    for heads in (["Nom", "Nom de naissance", "Prénom"], ["Nom de naissance", "Nom", "Prénom"]):
        row = {"Nom": "Modèle", "Nom de naissance": "Exemple", "Prénom": "Zoé"}
        (line,) = read(heads, [row[head] for head in heads]).accepted
        assert line.values["candidate/birth_name"] == "Exemple"
        assert line.values["candidate/usage_name"] == "Modèle"


@pytest.mark.parametrize(
    "typed",
    [
        *("07/03/1990", "7/3/1990", "07.03.1990", "07-03-1990", "7 mars 1990", "le 7 mars 1990"),
        *("1990-03-07", "07/03/90", "7 Mars 90", "07/03/1990 00:00", 32939, 32939.0, "32939"),
        date(1990, 3, 7),
    ],
)
def test_a_birth_date_is_read_however_it_was_typed(typed: Any) -> None:
    assert value("Né(e) le", typed, "candidate/birth_date") == "07/03/1990"


def test_the_first_of_a_month_is_written_1er() -> None:
    assert value("Naissance", "1er août 1985", "candidate/birth_date") == "01/08/1985"


def test_two_figures_of_a_year_are_never_in_the_future() -> None:
    assert value("Né(e) le", "01/01/26", "candidate/birth_date") == "01/01/2026"
    assert value("Né(e) le", "01/01/27", "candidate/birth_date") == "01/01/1927"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/02/1990", "n’existe pas au calendrier"),
        ("03/25/1990", "n’existe pas au calendrier"),
        ("1990", "il manque le jour et le mois"),
        ("vers mars", "ne se lit pas comme une date"),
        ("07/03/2030", "dans le futur"),
        ("=TODAY()", "une formule"),
        ("#REF!", "une erreur du tableur"),
    ],
)
def test_a_date_that_cannot_be_refuses_the_line_and_says_where(typed: str, said: str) -> None:
    told = problem("Né(e) le", typed)
    assert told.startswith("colonne « Né(e) le » : ")
    assert said in told


def test_what_a_spreadsheet_took_away_is_put_back() -> None:
    assert value("Tél.", 612345678, "candidate/phone") == "06 12 34 56 78"
    assert value("Portable", "06.12.34.56.78", "candidate/phone") == "06 12 34 56 78"
    assert value("Tél.", "+33 6 12 34 56 78", "candidate/phone") == "+33 6 12 34 56 78"
    assert value("Téléphone", '="0612345678"', "candidate/phone") == "06 12 34 56 78"
    assert value("Code postal de naissance", 1000.0, "candidate/birth_postcode") == "01000"


def test_a_rounded_number_is_refused_since_it_is_lost() -> None:
    heads = [*HEADS[:2], "Entreprise", "SIRET"]
    (line,) = read(heads, [*ZOE[:2], "Essais SARL", "1,23457E+13"]).lines
    assert "arrondi" in line.problems[0]
    (line,) = read(heads, [*ZOE[:2], "Essais SARL", 12345678901234.0]).lines
    assert line.values["company/siret"] == "12345678901234"


@pytest.mark.parametrize(
    ("heading", "typed", "field", "expected"),
    [
        ("Civilité", "Mme", "candidate/civility", "madame"),
        ("Sexe", "H", "candidate/civility", "monsieur"),
        ("Situation", "Demandeuse d’emploi", "candidate/status", "demandeur_emploi"),
        ("Voie d’accès", "Formation continue", "wish/route", "formation_continue"),
        ("Parcours", "Candidat libre", "wish/route", "candidature_individuelle"),
    ],
)
def test_choices_are_known_by_the_words_people_use(
    heading: str, typed: str, field: str, expected: str
) -> None:
    assert value(heading, typed, field) == expected


def test_a_choice_nobody_knows_is_refused() -> None:
    assert "« Docteur » ne fait pas partie" in problem("Civilité", "Docteur")


def test_a_closed_route_is_refused_with_its_source_and_the_open_ones() -> None:
    said = problem("Voie", "Apprentissage")
    assert "n’est pas ouverte pour le CQPM Essayeur(euse) de procédures" in said
    assert "(Fiche d’essai, conditions d’inscription)" in said
    assert "« Formation continue »" in said


def test_an_address_in_parts_is_one_address() -> None:
    heads = [*HEADS[:2], "Adresse", "CP", "Ville"]
    (line,) = read(heads, [*ZOE[:2], "3, place de l’Invention", 1000, "Essai-la-Forêt"]).lines
    assert line.values["candidate/address"] == "3, place de l’Invention\n01000 Essai-la-Forêt"


def test_a_whole_name_is_parted_by_its_capitals_or_refused() -> None:
    heads = ["Nom et prénom", "Mail"]
    for typed in ("EXEMPLE GONÇALVES Zoé", "Zoé EXEMPLE GONÇALVES"):
        (line,) = read(heads, [typed, None]).accepted
        assert line.values["candidate/birth_name"] == "EXEMPLE GONÇALVES"
        assert line.values["candidate/first_name"] == "Zoé"
    (line,) = read(heads, ["Exemple Zoé", None]).refused
    assert "faites-en deux colonnes" in line.problems[0]


def test_the_certification_is_told_by_its_code_its_title_or_its_number() -> None:
    heads = [*HEADS[:2], "Certification"]
    for typed in ("cqpm-autre", "Autre essai", "CQPM Autre essai", "RNCP99999"):
        (line,) = read(heads, [*ZOE[:2], typed], offered=TWO).accepted
        assert line.certification == "cqpm-autre"
    (line,) = read(heads, [*ZOE[:2], "BTS"], offered=TWO).refused
    assert "cqpm-essai, cqpm-autre" in line.problems[0]
    (line,) = read(heads, [*ZOE[:2], None], offered=TWO).refused
    assert "n’est pas dite" in line.problems[0]
    (line,) = read(heads, [*ZOE[:2], None], offered=TWO, default="cqpm-essai").accepted
    assert line.certification == "cqpm-essai"


def test_blocs_are_ticked_by_their_ids() -> None:
    heads = [*HEADS[:2], "Blocs", "Certification"]
    (line,) = read(heads, [*ZOE[:2], "B1, b2", "cqpm-autre"], offered=TWO).accepted
    assert line.values["wish/extent"] == "blocs"
    assert line.values["blocs/B1/wanted"] == line.values["blocs/B2/wanted"] == "oui"
    (line,) = read(heads, [*ZOE[:2], "tous", "cqpm-autre"], offered=TWO).accepted
    assert line.values["wish/extent"] == "entiere"
    (line,) = read(heads, [*ZOE[:2], "B9", "cqpm-autre"], offered=TWO).refused
    assert "blocs : B1, B2" in line.problems[0]


def test_a_line_without_a_name_is_refused() -> None:
    (line,) = read(HEADS, ["", "Zoé", None, "zoe@exemple.invalid"]).refused
    assert line.problems == ("il manque le nom de naissance",)


def test_the_same_person_twice_is_refused_the_second_time() -> None:
    found = read(HEADS, ZOE, ["EXEMPLE GONCALVES", "zoe", "7 mars 1990", None])
    assert [line.number for line in found.accepted] == [2]
    (why,) = found.refused[0].problems
    assert why == "c’est la même personne qu’à la ligne 2 ; gardez une seule des deux"
    (undated,) = read(HEADS, ZOE, [*ZOE[:2], None, None]).refused
    assert undated.problems[0].endswith("ou donnez la date de naissance de chacune")


def test_homonyms_with_their_own_birth_dates_stay_apart() -> None:
    found = read(HEADS, ZOE, [*ZOE[:2], "08/03/1990", None])
    assert len(found.accepted) == 2
    assert len(read(HEADS, ZOE, [*ZOE[:2], None, None]).accepted) == 1


def test_what_is_never_asked_is_not_read_and_is_said() -> None:
    found = read([*HEADS, "N° sécurité sociale"], [*ZOE, "290037512345678"])
    (line,) = found.accepted
    assert "290037512345678" not in str(line)
    assert found.remarks[0].startswith("La colonne « N° sécurité sociale » n’a pas été lue")


def test_what_the_office_knows_fills_what_the_line_leaves_blank() -> None:
    known = {"training/organisation": "École des Essais"}
    (line,) = read([*HEADS, "OF"], [*ZOE, None], given=known).accepted
    assert line.values["training/organisation"] == "École des Essais"
    (line,) = read([*HEADS, "OF"], [*ZOE, "Autre école"], given=known).accepted
    assert line.values["training/organisation"] == "Autre école"


def test_a_text_too_long_for_its_box_is_refused() -> None:
    assert "caractères" in problem("Commune de naissance", "x" * 61)


def test_the_best_understood_of_several_readings_is_read() -> None:
    wrong = [["Nom;Prénom"], ["Exemple;Zoé"]]
    right = [["Nom", "Prénom"], ["Exemple", "Zoé"]]
    assert len(roster.read([wrong, right], ONE, today=TODAY).accepted) == 1


def test_what_is_no_list_says_what_is_needed() -> None:
    for rows in ([], [["a", "b"], ["c", "d"]], [["Nom"], ["Exemple"]]):
        found = read(*rows)
        assert "« Nom de naissance » et « Prénom »" in found.problems[0]
    assert "aucun candidat" in read(HEADS).problems[0]


def test_the_report_tells_each_refused_line_and_what_to_do() -> None:
    found = read(HEADS, ZOE, ["Inventé", "Łukasz", "31/02/1990", None])
    said = roster.report(found, "candidats.csv")
    assert said.startswith(
        "Liste « candidats.csv » : 2 lignes lues, 1 acceptée, 1 refusée.\n\nLIGNES REFUSÉES\n\n"
        "Ligne 3, INVENTÉ Łukasz\n  – colonne « Né(e) le » : le 31/02/1990 n’existe pas au "
        "calendrier"
    )
    assert "les lignes déjà suivies ne seront pas doublées" in said
    assert "Ligne 2, EXEMPLE-GONÇALVES Zoé (à compléter : Civilité" in said
    assert "zoe@exemple.invalid" not in said


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(
        st.lists(
            st.none()
            | st.text(max_size=12)
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.dates()
            | st.sampled_from([*HEADS, "Ville", "Blocs", "=A1", "#N/A", "Certification"]),
            max_size=6,
        ),
        max_size=6,
    )
)
def test_no_line_is_lost_and_nothing_breaks(rows: list[list[Any]]) -> None:
    found = read(HEADS, *rows)
    filled = [row for row in rows if any(words.clean(cell) for cell in row)]
    if not found.problems:
        assert len(found.accepted) + len(found.refused) == len(found.lines) <= len(filled)
    assert roster.report(found, "liste.csv")
