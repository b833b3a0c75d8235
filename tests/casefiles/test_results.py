"""From grids to a proposal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.certification import Ratio
from casefiles.rules.results import Proposal, proposal
from tests.casefiles.cases import case, complete, filed, grid, opened, papers, prints, proposed
from tests.casefiles.certifications import certification, with_ratio
from tests.casefiles.filled import avis

PLAIN = certification()
REFUSED = {"conclusion/verdict": "non_acquise", "conclusion/comment": "Consignation oubliée."}
SECOND = {"evaluator/name": "Rémi SECOND"}


# --- thresholds ------------------------------------------------------------------------------


@given(st.integers(0, 60), st.integers(1, 60))
@pytest.mark.rule("R68")
def test_eighty_percent_is_counted_in_whole_criteria(validated: int, defined: int) -> None:
    four_fifths = Ratio(numerator=4, denominator=5, source="R68")
    assert four_fifths.reached(validated, defined) == (validated * 100 >= 80 * defined)
    assert four_fifths.reached(validated, defined) == (validated >= four_fifths.needed(defined))


@pytest.mark.parametrize(
    ("defined", "needed"),
    tuple(enumerate([1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9, 10], start=1)),
)
@pytest.mark.rule("R68")
def test_the_minima_of_the_rule_are_those_of_its_source(defined: int, needed: int) -> None:
    four_fifths = Ratio(numerator=4, denominator=5, source="R68")
    assert four_fifths.reached(needed, defined)
    assert not four_fifths.reached(needed - 1, defined)


@given(
    marks=st.lists(st.sampled_from(["valide", "non_valide", "non_observe"]), min_size=5, max_size=5)
)
@pytest.mark.rule("R57", "R68")
def test_with_a_ratio_the_marks_decide_and_the_unseen_ones_count_as_defined(
    marks: list[str],
) -> None:
    about = with_ratio(4, 5, criteria=5)
    changes = {f"criteria/B1-1-K{n}/mark": mark for n, mark in enumerate(marks, start=1)}
    (result,) = proposed(about, grid(about, "B1.1", changes)).results
    assert (result.result == "acquise") == (marks.count("valide") >= 4)
    assert result.evaluations[0].validated == marks.count("valide")
    assert result.evaluations[0].defined == 5


@pytest.mark.rule("R61")
def test_with_a_judgment_the_evaluators_word_decides() -> None:
    unmet = {f"criteria/B1-1-K{n}/mark": "non_valide" for n in (1, 2, 3, 4)}
    assert proposed(PLAIN, grid(PLAIN, "B1.1", unmet)).results[0].result == "acquise"
    assert proposed(PLAIN, grid(PLAIN, "B1.1", REFUSED)).results[0].result == "non_acquise"


# --- several evaluators ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "result"),
    [
        (None, None, "acquise"),
        (None, REFUSED, "divergence"),
        (REFUSED, None, "divergence"),
        (REFUSED, REFUSED, "non_acquise"),
    ],
)
@pytest.mark.rule("R71")
def test_evaluators_who_agree_propose_together_and_those_who_differ_leave_it_to_the_jury(
    first: dict[str, str] | None, second: dict[str, str] | None, result: str
) -> None:
    found = proposed(
        PLAIN,
        grid(PLAIN, "B1.1", first),
        grid(PLAIN, "B1.1", SECOND | (second or {}), document="D-2"),
    )
    assert found.results[0].result == result
    assert found.favourable == (result == "acquise")
    assert [r.result for r in found.results[1:]] == ["acquise", "acquise"]


@pytest.mark.rule("R59")
def test_a_competence_without_grid_is_not_evaluated_and_nothing_is_proposed() -> None:
    found = proposal(case(opened(PLAIN), *prints(), *papers(PLAIN)[2:]), PLAIN)
    assert [r.result for r in found.results] == ["non_evaluee", "acquise", "acquise"]
    assert not found.favourable
    assert found.sentence == "Compétence non acquise : 1."


def test_the_sentence_names_what_lacks_and_what_diverges() -> None:
    found = proposed(
        PLAIN,
        grid(PLAIN, "B1.1", REFUSED),
        grid(PLAIN, "B2.1"),
        grid(PLAIN, "B2.1", SECOND | REFUSED, document="D-2"),
    )
    assert found.sentence == "Compétences non acquises : 1 ; en divergence : 3."
    assert proposed(PLAIN).sentence == "Toutes les compétences sont évaluées comme acquises."


def test_no_competence_at_all_proposes_nothing() -> None:
    assert not Proposal(results=(), avis=None, avis_proof="none").favourable
    unknown = case(opened(PLAIN, blocs=("B9",)), *prints())
    assert not proposal(unknown, PLAIN).favourable


# --- what counts -----------------------------------------------------------------------------


@pytest.mark.parametrize("standing", ["to_confirm", "to_replace"])
def test_a_document_that_waits_for_the_office_proposes_nothing_yet(standing: str) -> None:
    waiting = grid(PLAIN, "B1.1", REFUSED | SECOND, document="D-2", standing=standing)
    first = grid(PLAIN, "B1.1")
    assert proposed(PLAIN, first, waiting).results[0].result == "acquise"


def test_a_replaced_grid_counts_no_more() -> None:
    events: list[e.Event] = [
        opened(PLAIN),
        *papers(PLAIN),
        grid(PLAIN, "B1.1", REFUSED, document="D-2", standing="to_replace"),
        e.DocumentReplaced(old=("D-grille-B1.1",), new="D-2", by="le bureau", because="erreur"),
    ]
    assert proposal(case(*events), PLAIN).results[0].result == "non_acquise"


@pytest.mark.rule("R89")
def test_only_the_blocs_asked_for_are_proposed() -> None:
    some = case(opened(PLAIN, blocs=("B2",)), *papers(PLAIN))
    assert [r.competence.id for r in proposal(some, PLAIN).results] == ["B2.1"]


def test_the_companys_opinion_stands_beside_each_competence_with_its_proof() -> None:
    raw = avis(PLAIN, {"competences/B1-2/opinion": "non_observe"})
    found = proposal(complete(PLAIN, filed("avis", raw)), PLAIN)
    assert [r.opinion for r in found.results] == ["favorable", "non_observe", "favorable"]
    assert found.avis_proof == "none"
    assert proposal(complete(PLAIN), PLAIN).avis_proof == "signature"
