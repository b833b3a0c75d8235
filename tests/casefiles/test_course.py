"""The course before the jury, against what the certification asks of it."""

from typing import Any

import pytest

from casefiles import events as e
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.rules.course import course
from casefiles.rules.results import proposal
from templates.catalog import load
from tests.casefiles import filled
from tests.casefiles.cases import case, complete, filed, grid, opened
from tests.casefiles.certifications import certification

TMROA, OPEA, PLAIN = load("cqp-tmroa"), load("cqpm-opea"), certification()


def said(held: CaseFile, about: Certification = TMROA) -> list[str]:
    found = list(course(held, about, proposal(held, about)))
    assert all(f.status == "alert" and f.source and f.message.endswith(".") for f in found)
    return [f"{f.rule} {f.message}" for f in found]


def tmroa(*documents: e.DocumentFiled) -> CaseFile:
    """A TMROA with its usual papers, but for those given."""
    grids = [grid(TMROA, c.id) for c in TMROA.competences]
    usual = {
        "prerequis": filled.prerequisites(TMROA),
        "positionnement": filled.positioning(TMROA),
        "preparation": filled.preparation(TMROA),
        "plenier": filled.plenary(TMROA),
    }
    given = {d.form for d in documents}
    rest = [filed(form, values) for form, values in usual.items() if form not in given]
    # The plénier steadies what was evaluated before it.
    in_order = sorted((*rest, *grids, *documents), key=lambda d: d.form == "plenier")
    return case(opened(TMROA), *in_order)


def tmroa_judged(*grids: e.DocumentFiled) -> CaseFile:
    """A TMROA with those grids only."""
    return case(opened(TMROA), *grids)


def test_a_course_as_it_should_be_raises_nothing() -> None:
    assert said(tmroa()) == []


def told(form: str, changes: dict[str, Any]) -> e.DocumentFiled:
    return filed(form, filled.every_form(TMROA)[form] | changes)


EARLY = "02/01/2026"
NO_EMPLOYER = {f"employer/{name}": None for name in ("day", "spent", "person", "side")}
ABSENT = {"half_days/J2-2/present": "non", "half_days/J2-2/spent": None}
ONE_DAY = {f"half_days/J2-{n}/day": "02/02/2026" for n in (1, 2)}


@pytest.mark.rule("R30")
def test_epreuves_over_more_days_than_planned_are_told() -> None:
    days = ("10/03/2026", "11/03/2026", "12/03/2026")
    early, *rest = (c.id for c in TMROA.competences)
    spread = [
        grid(TMROA, early, {"setting/day": days[0]}),
        *(grid(TMROA, part, {"setting/day": days[1]}) for part in rest),
    ]
    assert not [s for s in said(tmroa_judged(*spread)) if s.startswith("R30")]
    last = grid(TMROA, rest[-1], {"setting/day": days[2]})
    (found,) = [s for s in said(tmroa_judged(*spread[:-1], last)) if s.startswith("R30")]
    assert found == (
        "R30 Évaluation menée sur 3 jours (10/03/2026, 11/03/2026, 12/03/2026) ; 2 sont prévus."
    )


def lasting(*spent: str | None) -> CaseFile:
    """A TMROA whose grids say these durations, the last one for all the rest."""
    said = [*spent, *[spent[-1]] * (len(TMROA.competences) - len(spent))]
    pairs = zip(TMROA.competences, said, strict=True)
    return tmroa_judged(*(grid(TMROA, c.id, {"setting/spent": one}) for c, one in pairs))


@pytest.mark.rule("R30")
@pytest.mark.parametrize(("first", "short"), [("1 h 14", False), ("74 min", False), ("1:13", True)])
def test_epreuves_are_counted_to_the_minute_against_the_ten_hours_fifty(
    first: str, short: bool
) -> None:
    # Eight others of 1 h 12 make 9 h 36.
    told = [s.replace("\N{NO-BREAK SPACE}", " ") for s in said(lasting(first, "1 h 12"))]
    assert told == ["R30 Évaluation : 10 h 49 au lieu des 10 h 50 prévues."] * short


@pytest.mark.rule("R30")
def test_a_grid_without_its_duration_is_said_and_no_sum_is_made_of_the_rest() -> None:
    (one,) = said(lasting(None, "5 min"))
    assert "la grille ne dit pas sa durée (compétence 1)" in one
    (some,) = said(lasting(None, None, "5 min"))
    assert "les grilles ne disent pas leur durée (compétences 1, 2)" in some


@pytest.mark.rule("R30")
def test_two_evaluators_of_one_competence_do_not_count_its_time_twice() -> None:
    grids = [grid(TMROA, c.id, {"setting/spent": "0 h 40"}) for c in TMROA.competences]
    second = {"evaluator/name": "Rémi SECOND", "setting/spent": "0 h 40"}
    twice = [grid(TMROA, c.id, second, document=f"D-2-{c.id}") for c in TMROA.competences]
    (found,) = said(tmroa_judged(*grids, *twice))
    assert found.startswith("R30 Évaluation : 6")


@pytest.mark.rule("R26", "R27", "R29", "R78")
@pytest.mark.parametrize(
    ("form", "changes", "expected"),
    [
        ("positionnement", {"test/spent": "0 h 59"}, "R27 Positionnement : 2 h 59 au lieu des 3 h"),
        ("positionnement", NO_EMPLOYER, "R27 Positionnement : l’entretien complémentaire"),
        ("preparation", {"half_days/J1-1/spent": "3 h 29"}, "R29 Préparation : 13 h 59 au lieu"),
        ("preparation", ABSENT, "R29 Préparation : 10 h 30 au lieu des 14 h"),
        ("preparation", ONE_DAY, "R29 Préparation : présence sur 1 jour, 2 sont prévus"),
        ("positionnement", {"test/day": EARLY}, f"R26 Positionnement commencé le {EARLY}, avant"),
        ("prerequis", {"conclusion/day": "13/03/2026"}, "R26 Évaluation commencée le 12/03/2026"),
        ("plenier", {"sitting/day": "11/03/2026"}, "R78 Jury plénier réuni le 11/03/2026, avant"),
        ("plenier", {"members/S1/name": "Un INCONNU"}, "R78 Jury plénier : Un INCONNU n’a évalué"),
        (
            "plenier",
            {"results/E1-1/steadied": "non_acquise"},
            "R78 Compétence 1 : proposée acquise, le jury plénier la retient non acquise (sans",
        ),
    ],
)
def test_each_departure_is_said_with_its_figures(
    form: str, changes: dict[str, Any], expected: str
) -> None:
    plain = [one.replace("\N{NO-BREAK SPACE}", " ") for one in said(tmroa(told(form, changes)))]
    assert any(one.startswith(expected) for one in plain), plain


@pytest.mark.rule("R38", "R78")
def test_who_presides_the_plenier_is_of_the_training_organisation() -> None:
    entered = filed("inscription", filled.inscription({"training/organisation": "Autre OF"}))
    (found,) = said(tmroa(entered))
    assert "qui préside" in found
    same = filed("inscription", filled.inscription({"training/organisation": "OF d’ESSAI"}))
    assert said(tmroa(same)) == []


# --- the report (R52) ------------------------------------------------------------------------

PLANNED = {"blocs/B1/modality": "b", "blocs/B1/report_deadline": "10/03/2026"}


@pytest.mark.rule("R52")
@pytest.mark.parametrize(("received", "late"), [("10/03/2026", False), ("11/03/2026", True)])
def test_a_report_is_late_from_the_day_after_its_date(received: str, late: bool) -> None:
    report = filed("rapport", filled.report(PLAIN, {"delivery/received": received}))
    held = complete(PLAIN, filed("modalites", filled.modalities(PLAIN, PLANNED)), report)
    found = said(held, PLAIN)
    assert [f.split()[0] for f in found] == ["R52"] * late


@pytest.mark.rule("R52")
@pytest.mark.parametrize(("seen", "early"), [("08/03/2026", True), ("09/03/2026", False)])
def test_projects_are_presented_once_their_report_has_come(seen: str, early: bool) -> None:
    report = filed("rapport", filled.report(PLAIN, {"delivery/received": "09/03/2026"}))
    held = complete(
        PLAIN,
        filed("modalites", filled.modalities(PLAIN, PLANNED)),
        report,
        grid(PLAIN, "B1.2", {"setting/day": seen}),
        grid(PLAIN, "B2.1", {"setting/day": "02/03/2026"}),
    )
    assert (
        said(held, PLAIN)
        == ["R52 Projets présentés avant que le rapport n’arrive, le 09/03/2026 : compétence 2."]
        * early
    )


@pytest.mark.rule("R52")
def test_a_report_bears_on_the_whole_of_what_it_is_presented_for() -> None:
    partial = filled.report(
        PLAIN, {"competences/B1-2/covered": None, "competences/B2-1/covered": 0}
    )
    held = complete(
        PLAIN, filed("modalites", filled.modalities(PLAIN, PLANNED)), filed("rapport", partial)
    )
    assert said(held, PLAIN) == ["R52 Le rapport ne traite pas : compétence 2."]


# --- VAE -------------------------------------------------------------------------------------


@pytest.mark.rule("R66")
def test_the_situations_show_the_equipment_the_referentiel_asks_for() -> None:
    entered = opened(OPEA, route="vae", company=None)
    few = filled.evidence(OPEA, {"situations/1/equipment_count": "1"})
    proof = e.ProofJoined(document="D-P", sha256="p", name="relevés.pdf", situations=("1",))
    assert said(case(entered, filed("preuves", filled.evidence(OPEA)), proof), OPEA) == []
    (found,) = said(case(entered, filed("preuves", few), proof), OPEA)
    assert found.startswith("R66 Capacité 1 : le référentiel demande au moins 2 postes")


@pytest.mark.rule("R64")
def test_an_interview_before_the_decision_is_said() -> None:
    held = case(
        opened(OPEA, route="vae", company=None),
        filed(
            "recevabilite_decision", filled.admissibility_decision({"decision/day": "13/03/2026"})
        ),
        filed("entretien", filled.interview(OPEA)),
    )
    (found,) = said(held, OPEA)
    assert found.startswith("R64 Entretien de validation du 12/03/2026, avant la décision")
