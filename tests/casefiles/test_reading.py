"""What is refused, and in which words; what is taken although a viewer wrote it oddly."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefiles.answers import (
    FORMS,
    Avis,
    Composition,
    Decisions,
    Form,
    Grid,
    Inscription,
    Modalities,
    OfficeAct,
)
from casefiles.answers.outline import outline
from casefiles.answers.reading import Problem, differences
from casefiles.answers.vocabulary import Scope
from tests.casefiles import filled
from tests.casefiles.certifications import certification
from tests.casefiles.filled import answers, read, scope, scope_of

PLAIN = certification()
ENGLISH = ("input", "should", "valid ", "field", "required", "must", "string", "expected")


def refusals(form: type[Form], raw: dict[str, Any]) -> list[Problem]:
    reading = read(form, scope_of(form, PLAIN), raw)
    assert reading.answers is None
    return list(reading.problems)


def one_refusal(form: type[Form], raw: dict[str, Any]) -> Problem:
    problems = refusals(form, raw)
    assert len(problems) == 1, problems
    return problems[0]


# --- dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["31/02/2026", "29/02/2025", "00/01/2026", "12/13/2026"])
def test_a_day_that_does_not_exist_is_refused_as_such(text: str) -> None:
    problem = one_refusal(Inscription, filled.inscription({"agreement/day": text}))
    assert problem.field == "agreement/day"
    assert problem.where == "Engagement — Le"
    assert f"le {text} n’existe pas au calendrier" in problem.message
    assert not problem.missing


@pytest.mark.parametrize("text", ["bientôt", "7 mars 2026", "07/03/26", "2026", "07/03/2026 ?"])
def test_what_is_no_date_is_refused_with_an_example(text: str) -> None:
    problem = one_refusal(Inscription, filled.inscription({"agreement/day": text}))
    assert f"« {text} » ne se lit pas comme une date" in problem.message
    assert "par exemple 07/03/2026" in problem.message


@pytest.mark.parametrize("text", ["07/03/2026", "7/3/2026", "07.03.2026", "7-3-2026", "2026-03-07"])
def test_a_date_may_be_written_in_several_ways(text: str) -> None:
    raw = filled.inscription({"agreement/day": text})
    assert answers(Inscription, scope(PLAIN), raw).agreement.day == date(2026, 3, 7)


def test_nobody_is_born_tomorrow() -> None:
    raw = filled.inscription({"candidate/birth_date": "01/07/2026"})
    problem = one_refusal(Inscription, raw)
    assert problem.field == "candidate/birth_date"
    assert "le 01/07/2026 est dans le futur" in problem.message


def test_the_present_day_is_no_future() -> None:
    raw = filled.inscription({"agreement/day": "30/06/2026"})
    assert read(Inscription, scope(PLAIN), raw).answers is not None


@pytest.mark.parametrize("text", ["12/06/0026", "12/06/1066", "12/06/1899"])
def test_a_year_of_another_age_is_a_slip_of_the_pen(text: str) -> None:
    raw = filled.inscription({"candidate/birth_date": text})
    assert "vérifiez la date" in one_refusal(Inscription, raw).message


def test_a_sitting_may_lie_in_the_future() -> None:
    raw = filled.composition({"sitting/day": "12/06/2027"})
    assert read(Composition, scope(PLAIN), raw).answers is not None


# --- choices, ticks, numbers, length ---------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "raw", "field"),
    [
        (Inscription, filled.inscription({"candidate/status": "astronaute"}), "candidate/status"),
        (Decisions, filled.decisions({"conformity/conform": "peut-être"}), "conformity/conform"),
        (OfficeAct, filled.office_act({"kind": "effacer"}), "kind"),
    ],
)
def test_an_unknown_option_is_refused(form: type[Form], raw: dict[str, Any], field: str) -> None:
    problem = one_refusal(form, raw)
    assert problem.field == field
    assert "ne fait pas partie des réponses proposées" in problem.message


@pytest.mark.parametrize(
    ("form", "raw", "field"),
    [
        (Inscription, filled.inscription({"wish/route": "vae"}), "wish/route"),
        (
            Decisions,
            filled.decisions({"candidates/2026-0001/outcome": "partiel"}),
            "candidates/2026-0001/outcome",
        ),
    ],
)
def test_an_option_that_was_never_printed_is_refused(
    form: type[Form], raw: dict[str, Any], field: str
) -> None:
    problem = one_refusal(form, raw)
    assert problem.field == field
    assert "ne fait pas partie des réponses proposées" in problem.message


@pytest.mark.parametrize("text", [True, "Yes", "On", "Oui", "oui", "1", "/Yes", "X"])
def test_a_tick_is_a_tick_whatever_the_viewer_calls_it(text: Any) -> None:
    raw = filled.inscription({"agreement/exact": text})
    assert answers(Inscription, scope(PLAIN), raw).agreement.exact is True


@pytest.mark.parametrize(
    "text", [False, None, "", "Off", "/Off", "off", " Off ", "non", "Non", "No", "false", "0"]
)
def test_no_tick_is_no_tick_whatever_the_viewer_calls_it(text: Any) -> None:
    raw = filled.inscription() | {"agreement/exact": text}
    (asked,) = read(Inscription, scope(PLAIN), raw).problems
    assert (asked.field, asked.missing) == ("agreement/exact", True)


@pytest.mark.parametrize(
    "text", ["defavorable", " defavorable ", "/defavorable", "Avis défavorable", "avis défavorable"]
)
def test_an_option_may_be_given_by_its_value_or_by_its_words(text: str) -> None:
    raw = filled.avis(PLAIN, {"conclusion/overall": text})
    assert answers(Avis, scope(PLAIN), raw).conclusion.overall.value == "defavorable"


@pytest.mark.parametrize("text", ["Off", "/Off", "", "  ", None])
def test_no_choice_made_is_an_answer_missing(text: str | None) -> None:
    raw = filled.avis(PLAIN) | {"conclusion/overall": text}
    assert one_refusal(Avis, raw).missing


@pytest.mark.parametrize("text", ["douze", "12 ans", "3,5"])
def test_a_number_is_expected_where_years_are_asked(text: str) -> None:
    problem = one_refusal(Grid, filled.grid(PLAIN, "B1.1", {"evaluator/experience": text}))
    assert problem.field == "evaluator/experience"
    assert f"« {text} » n’en est pas un" in problem.message


def test_a_number_out_of_its_bounds_is_refused_with_the_bound() -> None:
    raw = filled.grid(PLAIN, "B1.1", {"evaluator/experience": "99"})
    assert "au plus 70 ; il est de 99" in one_refusal(Grid, raw).message
    raw = filled.grid(PLAIN, "B1.1", {"evaluator/experience": "-1"})
    assert "au moins 0 ; il est de -1" in one_refusal(Grid, raw).message


def test_an_answer_longer_than_its_room_is_refused_with_both_lengths() -> None:
    raw = filled.inscription({"candidate/birth_name": "E" * 61})
    problem = one_refusal(Inscription, raw)
    assert "61 caractères" in problem.message
    assert "60" in problem.message
    raw = filled.inscription({"candidate/birth_name": "E" * 60})
    assert read(Inscription, scope(PLAIN), raw).answers is not None


# --- what one answer makes necessary ---------------------------------------------------------


def test_an_unfavourable_opinion_asks_for_a_word_of_explanation() -> None:
    raw = filled.avis(PLAIN, {"competences/B1-2/opinion": "defavorable"})
    problem = one_refusal(Avis, raw)
    assert problem.field == "competences/B1-2"
    assert problem.missing
    assert "Savoir-faire d’essai n° 2" in problem.where
    assert "défavorable demande un mot d’explication" in problem.message
    said = raw | {"competences/B1-2/comment": "Gestes encore hésitants."}
    assert read(Avis, scope(PLAIN), said).answers is not None


def test_a_competence_not_acquired_asks_for_a_motive() -> None:
    raw = filled.grid(PLAIN, "B1.1", {"conclusion/verdict": "non_acquise"})
    problem = one_refusal(Grid, raw)
    assert problem.where == "Conclusion"
    assert "demande un motif" in problem.message
    said = raw | {"conclusion/comment": "Consignation oubliée."}
    assert read(Grid, scope(PLAIN, "B1.1"), said).answers is not None


@pytest.mark.rule("R50")
def test_the_exceptional_modality_asks_for_its_justification() -> None:
    raw = filled.modalities(PLAIN, {"blocs/B2/modality": "c"})
    problem = one_refusal(Modalities, raw)
    assert problem.field == "blocs/B2"
    assert problem.where == "Bloc par bloc — Essayer"
    assert "R50" in problem.message


@pytest.mark.rule("R52")
def test_a_presentation_asks_when_the_report_is_due() -> None:
    raw = filled.modalities(PLAIN, {"blocs/B1/modality": "b"})
    assert "R52" in one_refusal(Modalities, raw).message


def test_a_period_cannot_end_before_it_begins() -> None:
    raw = filled.modalities(PLAIN, {"blocs/B1/end": "01/03/2026"})
    problem = one_refusal(Modalities, raw)
    assert "se termine avant d’avoir commencé" in problem.message
    assert not problem.missing


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("corriger", "le document"),
        ("remplacer", "le repère du nouveau document"),
        ("confirmer", "le repère du document en attente"),
        ("ouvrir", "le repère de l’inscription en attente"),
        ("ajouter", "le numéro du dossier à ajouter"),
        ("retirer", "le numéro du dossier à retirer"),
    ],
)
def test_an_office_act_that_does_not_say_enough_is_refused(kind: str, wanted: str) -> None:
    problem = one_refusal(OfficeAct, filled.office_act({"kind": kind}))
    assert wanted in problem.message
    assert problem.where == "Demande du bureau"
    assert problem.missing


def test_a_correction_names_document_question_and_answer() -> None:
    raw = filled.office_act({"kind": "corriger", "target/document": "D-1"})
    assert "la question" in one_refusal(OfficeAct, raw).message
    raw |= {"target/question": "Commune de naissance"}
    assert "la réponse exacte" in one_refusal(OfficeAct, raw).message
    raw |= {"target/value": "Essai"}
    assert read(OfficeAct, scope(PLAIN), raw).answers is not None


@pytest.mark.parametrize("kind", ["abandonner", "reprendre", "relancer", "cloturer"])
def test_some_office_acts_need_no_more_than_their_target(kind: str) -> None:
    assert read(OfficeAct, scope(PLAIN), filled.office_act({"kind": kind})).answers is not None


# --- lines -----------------------------------------------------------------------------------


def test_a_refused_line_keeps_the_number_it_has_on_paper() -> None:
    raw = filled.composition()
    moved = {k: v for k, v in raw.items() if not k.startswith("members/2/")}
    moved |= {k.replace("members/2/", "members/7/"): v for k, v in raw.items() if "members/2/" in k}
    assert len(answers(Composition, scope(PLAIN), moved).members) == 2
    del moved["members/7/organisation"]
    problem = one_refusal(Composition, moved)
    assert problem.field == "members/7/organisation"
    assert problem.where == "Les membres — ligne 7 — Organisation"


def test_a_jury_without_any_line_is_told_so_in_french() -> None:
    raw = {k: v for k, v in filled.composition().items() if not k.startswith("agenda/")}
    problem = one_refusal(Composition, raw)
    assert problem.where == "Les candidats"
    assert "au moins une ligne" in problem.message
    assert problem.missing


def test_a_company_begun_is_a_company_to_finish() -> None:
    raw = filled.inscription({"company/contact": None, "company/email": None})
    assert [p.field for p in refusals(Inscription, raw)] == ["company/contact", "company/email"]
    none = {k: v for k, v in raw.items() if not k.startswith("company/")}
    assert answers(Inscription, scope(PLAIN), none).company is None
    spaces = none | {"company/name": "   "}
    assert answers(Inscription, scope(PLAIN), spaces).company is None


def test_a_competence_without_criteria_can_still_be_evaluated() -> None:
    data = PLAIN.model_dump(mode="json")
    data["blocs"][1]["competences"][0]["criteria"] = []
    about = certification(blocs=data["blocs"], criteria_missing="La fiche ne les reproduit pas.")
    assert answers(Grid, scope(about, "B2.1"), filled.grid(about, "B2.1")).criteria == {}


def test_a_sheet_printed_without_members_or_candidates_decides_nothing() -> None:
    raw = {k: v for k, v in filled.decisions().items() if not k.startswith(("members/", "cand"))}
    reading = read(Decisions, Scope(certification=PLAIN), raw)
    assert reading.answers is None
    assert {p.field for p in reading.problems} == {"members", "candidates"}


# --- what viewers do -------------------------------------------------------------------------


def test_line_breaks_and_accents_come_in_one_form() -> None:
    decomposed = unicodedata.normalize("NFD", "Zoé-Œuvrière Łễ")
    raw = filled.inscription(
        {"candidate/first_name": f"  {decomposed} ", "candidate/address": "1, rue\r\nA\rB"}
    )
    candidate = answers(Inscription, scope(PLAIN), raw).candidate
    assert candidate.first_name == "Zoé-Œuvrière Łễ"
    assert candidate.address == "1, rue\nA\nB"


def test_a_field_of_somebody_else_is_no_answer_of_ours() -> None:
    raw = filled.inscription() | {"Champ 12": "bruit", "parchemin/empreinte": "{}"}
    assert read(Inscription, scope(PLAIN), raw).problems == ()


@settings(max_examples=60)
@given(
    form=st.sampled_from(list(FORMS.values())),
    data=st.data(),
)
def test_whatever_stands_in_the_fields_a_refusal_is_in_french_and_names_its_question(
    form: type[Form], data: st.DataObject
) -> None:
    about = scope_of(form, PLAIN)
    asked = [q.name for q in outline(form, about).questions()]
    noise = st.one_of(
        st.text(max_size=8), st.booleans(), st.none(), st.integers(), st.just("31/02/2026")
    )
    raw = filled.every_form(PLAIN)[form.NAME] | data.draw(
        st.dictionaries(st.sampled_from(asked), noise, max_size=6)
    )
    reading = read(form, about, raw)
    assert (reading.answers is None) == bool(reading.problems)
    for problem in reading.problems:
        assert problem.where
        words = problem.message.casefold().split("«")[0]
        assert not [w for w in ENGLISH if w in words], problem.message
        assert problem.message.endswith((".", "note.")), problem.message


# --- what the office had printed -------------------------------------------------------------


def test_a_line_the_office_printed_and_somebody_changed_is_said_with_both_wordings() -> None:
    printed = filled.grid(PLAIN, "B1.1")
    laid_out = outline(Grid, scope(PLAIN, "B1.1"))
    returned = printed | {"header/candidate": "INVENTÉ Łukasz", "setting/place": "Ailleurs"}
    (changed,) = differences(laid_out, printed, returned)
    assert changed.field == "header/candidate"
    assert "EXEMPLE-GONÇALVES Zoé" in changed.message
    assert "INVENTÉ Łukasz" in changed.message


def test_a_printed_line_that_only_changed_its_writing_is_unchanged() -> None:
    printed = filled.grid(PLAIN, "B1.1")
    laid_out = outline(Grid, scope(PLAIN, "B1.1"))
    rewritten = unicodedata.normalize("NFD", printed["header/candidate"]) + " "
    assert differences(laid_out, printed, printed | {"header/candidate": rewritten}) == ()


def test_a_printed_line_that_was_emptied_is_said() -> None:
    printed = filled.grid(PLAIN, "B1.1")
    laid_out = outline(Grid, scope(PLAIN, "B1.1"))
    (changed,) = differences(laid_out, printed, printed | {"header/candidate": ""})
    assert "revient vide" in changed.message


@pytest.mark.parametrize("hour", ["9 h 30", "14:00", "matinée"])
def test_an_hour_is_taken_in_figures_or_in_words(hour: str) -> None:
    raw = filled.composition({"sitting/hour": hour})
    assert answers(Composition, scope(PLAIN), raw).sitting.hour == hour


@pytest.mark.parametrize("hour", ["25h99", "24 h", "9:75"])
def test_an_hour_no_clock_shows_is_asked_back(hour: str) -> None:
    problem = one_refusal(Composition, filled.composition({"sitting/hour": hour}))
    assert problem.where == "La session — Heure"
    assert "n’est pas une heure" in problem.message


# --- what a line of text may hold --------------------------------------------------------------


def test_a_line_break_typed_into_a_box_of_one_line_is_a_space() -> None:
    raw = filled.inscription({"candidate/first_name": "Zoé\r\n Anne\t"})
    assert answers(Inscription, scope_of(Inscription, PLAIN), raw).candidate.first_name == (
        "Zoé Anne"
    )


def test_a_box_of_several_lines_keeps_its_lines() -> None:
    raw = filled.inscription({"candidate/address": "1 rue Inventée\r\nExempleville"})
    kept = answers(Inscription, scope_of(Inscription, PLAIN), raw).candidate.address
    assert kept == "1 rue Inventée\nExempleville"


@pytest.mark.parametrize("unseen", ["\x00", "\x1b", "\x9d", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_a_character_that_hides_or_turns_a_name_is_refused(unseen: str) -> None:
    refused = one_refusal(Inscription, filled.inscription({"candidate/first_name": f"Zo{unseen}é"}))
    assert refused.field == "candidate/first_name"
    assert f"caractère invisible (U+{ord(unseen):04X})" in refused.message
