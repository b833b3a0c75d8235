"""Each route asks for its own documents, phase by phase, as the certification’s data say."""

import pytest

from casefiles import events as e
from casefiles.certification import Certification, RouteName
from casefiles.next_steps import of_case
from casefiles.rules.completeness import completeness
from casefiles.rules.requirements import CASE_FORMS, REQUIREMENTS, to_issue
from templates.catalog import codes, load
from tests.casefiles import filled
from tests.casefiles.cases import case, filed, grid, opened, prints
from tests.casefiles.certifications import certification, registered

TMROA, OPEA = load("cqp-tmroa"), load("cqpm-opea")
VAE = opened(registered(), route="vae", company=None)
PLAIN = certification()


def walked(about: Certification, entered: e.CaseOpened) -> list[list[str]]:
    """The forms made at each step, each filled right as soon as it is made."""
    events: list[e.Event] = [entered]
    made: list[list[str]] = []
    while asked := to_issue(case(*events), about):
        names = [requirement.form.NAME for requirement in asked]
        made.append(names)
        events += prints(*names)
        assert not to_issue(case(*events), about), "made once"
        owed = [f for f in completeness(case(*events), about) if f.status == "missing"]
        assert {f.form for f in owed} == set(names) - set(about.routes[entered.route].alongside)
        for finding in owed:
            if finding.form == "grille":
                for n in range(about.evaluators.minimum):
                    who = {"evaluator/name": f"Évaluateur FICTIF-{n}"}
                    events.append(grid(about, finding.part, who, document=f"D-{finding.part}-{n}"))
            else:
                events.append(filed(finding.form, filled.every_form(about)[finding.form]))
    assert completeness(case(*events), about) == ()
    return made


def open_routes() -> list[tuple[str, RouteName]]:
    return [(c, name) for c in codes() for name, r in load(c).routes.items() if r.open]


@pytest.mark.parametrize(("code", "route"), open_routes())
def test_every_open_route_of_ours_leads_to_a_complete_case(code: str, route: RouteName) -> None:
    about = load(code)
    made = walked(about, opened(about, route=route.value))
    asked = (*about.routes[route].alongside, *about.routes[route].forms)
    listed = {r.form.NAME for name in asked for r in REQUIREMENTS[name]}
    assert {name for step in made for name in step} == listed - {"rapport"}


@pytest.mark.rule("R26", "R72")
def test_the_tmroa_goes_from_prerequisites_to_the_plenier_one_phase_at_a_time() -> None:
    assert walked(TMROA, opened(TMROA)) == [
        ["prerequis"],
        ["positionnement"],
        ["preparation"],
        ["grille"],
        ["plenier"],
    ]


@pytest.mark.rule("R64")
def test_a_vae_is_decided_recevable_before_any_evidence_is_asked_for() -> None:
    entered = opened(OPEA, route="vae", company=None)
    assert walked(OPEA, entered) == [
        ["recevabilite"],
        ["recevabilite_decision"],
        ["preuves"],
        ["entretien"],
    ]


def test_a_route_without_its_form_never_asks_for_it() -> None:
    routes = PLAIN.model_dump(mode="json")["routes"]
    routes["formation_continue"]["forms"] = ["grille", "recapitulatif"]
    bare = certification(routes=routes)
    assert walked(bare, opened(bare)) == [["grille"]]


@pytest.mark.rule("R52")
def test_a_report_is_asked_for_once_a_bloc_is_to_be_presented() -> None:
    planned = {"blocs/B1/modality": "b", "blocs/B1/report_deadline": "01/03/2026"}
    plain = filed("modalites", filled.modalities(PLAIN))
    presented = filed("modalites", filled.modalities(PLAIN, planned))
    begun = (opened(PLAIN), *prints())
    assert to_issue(case(*begun, plain), PLAIN) == ()
    (asked,) = to_issue(case(*begun, presented), PLAIN)
    assert asked.form.NAME == "rapport"
    owed = completeness(case(*begun, presented, *prints("rapport")), PLAIN)
    (report,) = [f for f in owed if f.form == "rapport"]
    assert report.rule == "R52"


def test_what_is_waived_or_established_opens_the_next_phase_as_if_it_were_there() -> None:
    waived = e.RequirementWaived(
        form="positionnement", rule="R72", source="…", by="le bureau", because="reprise de parcours"
    )
    checked = filed("prerequis", filled.prerequisites(TMROA))
    held = case(opened(TMROA), *prints("prerequis"), checked, waived)
    assert [r.form.NAME for r in to_issue(held, TMROA)] == ["positionnement", "preparation"]
    (owed,) = completeness(held, TMROA)
    assert owed.form == "preparation"


# --- what stops a course ---------------------------------------------------------------------


def stopped(about: Certification, entered: e.CaseOpened, *filed_: e.DocumentFiled) -> str:
    """The rule that keeps the case where it is, and nothing else is made."""
    held = case(entered, *prints(*(d.form for d in filed_)), *filed_)
    assert to_issue(held, about) == ()
    (step,) = of_case(held, about)
    assert step.who == "le bureau"
    assert step.source
    return f"{step.rule} {step.what}"


@pytest.mark.rule("R26")
def test_prerequisites_not_validated_stop_the_course_with_their_motive() -> None:
    refused = {"conclusion/verdict": "non_valides", "conclusion/motive": "CATEC périmé"}
    checked = filed("prerequis", filled.prerequisites(TMROA, refused))
    said = stopped(TMROA, opened(TMROA), checked)
    assert said.startswith("R26")
    assert "CATEC périmé." in said


@pytest.mark.rule("R64")
@pytest.mark.parametrize(
    ("verdict", "words"), [("non_recevable", "n’est pas recevable"), ("incomplete", "incomplète")]
)
def test_a_vae_not_recevable_goes_no_further(verdict: str, words: str) -> None:
    decided = {"decision/verdict": verdict, "decision/motive": "Aucun justificatif"}
    said = stopped(
        registered(),
        VAE,
        filed("recevabilite", filled.admissibility()),
        filed("recevabilite_decision", filled.admissibility_decision(decided)),
    )
    assert said.startswith("R64")
    assert words in said
    assert "Aucun justificatif." in said


@pytest.mark.parametrize(("end", "enough"), [("30/11/2024", False), ("31/12/2024", True)])
@pytest.mark.rule("R14")
def test_a_vae_said_recevable_under_the_minimum_is_the_offices_to_settle(
    end: str, enough: bool
) -> None:
    about = registered(vae={"minimum_months": 12, "source": "« En 4 étapes »"})
    one = {"experiences/1/end": end} | {
        f"experiences/2/{name}": None for name in ("employer", "post", "nature", "start", "end")
    }
    papers = (
        filed("recevabilite", filled.admissibility(one)),
        filed("recevabilite_decision", filled.admissibility_decision()),
    )
    entered = opened(about, route="vae", company=None)
    if enough:
        held = case(entered, *prints("recevabilite", "recevabilite_decision"), *papers)
        assert [r.form.NAME for r in to_issue(held, about)] == ["preuves"]
        return
    said = stopped(about, entered, *papers)
    assert said.startswith("R14")
    assert "11 mois ; 12 sont demandés" in said


def test_every_case_form_is_named_in_a_sentence() -> None:
    for requirement in CASE_FORMS.values():
        assert requirement.words.endswith(".")
        assert requirement.named[0].isupper()
