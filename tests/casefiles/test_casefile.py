"""A case, folded from its events."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.answers import Grid
from casefiles.casefile import fold
from casefiles.events import Event
from tests.casefiles.cases import (
    FIRM,
    ZOE,
    case,
    complete,
    decision,
    failed,
    filed,
    grid,
    issued,
    opened,
    papers,
    prints,
    product,
    told,
)
from tests.casefiles.certifications import certification
from tests.casefiles.filled import avis
from tests.casefiles.journals import NOON

PLAIN = certification()


def corrected(document: str, field: str, after: str, part: str = "") -> e.AnswerCorrected:
    return e.AnswerCorrected(
        document=document,
        part=part,
        field=field,
        where="…",
        before="…",
        after=after,
        by="le bureau",
        because="erreur",
    )


def replaced(old: str, new: str, *parts: str) -> e.DocumentReplaced:
    return e.DocumentReplaced(old=(old,), new=new, parts=parts, by="le bureau", because="erreur")


def confirmed(mark: str) -> e.DocumentConfirmed:
    return e.DocumentConfirmed(document=mark, by="le bureau", because="appelé")


def standings(*events: e.Event) -> dict[str, str]:
    return {f"{d.mark}{d.part}": d.standing for d in case(*events).documents}


def test_nothing_told_is_no_case() -> None:
    assert fold([]) is None
    assert fold(told(*prints())) is None


def test_a_case_begins_with_its_inscription() -> None:
    held = case(opened(PLAIN, arrangement="Tiers temps"))
    assert held.stream == "dossier/2026-0042"
    assert (held.candidate, held.company, held.arrangement) == (ZOE, FIRM, "Tiers temps")
    assert held.candidate.full_name == "EXEMPLE-GONÇALVES Zoé"
    assert held.opened_at.tzinfo is not None


# --- documents -------------------------------------------------------------------------------


def test_a_document_to_confirm_stands_once_the_office_confirmed_it() -> None:
    waiting = filed("avis", avis(PLAIN), standing="to_confirm", document="D-1")
    assert standings(opened(PLAIN), waiting) == {"D-1": "to_confirm"}
    assert standings(opened(PLAIN), waiting, confirmed("D-1")) == {"D-1": "accepted"}


def test_confirming_neither_replaces_nor_revives() -> None:
    first = filed("avis", avis(PLAIN), document="D-1")
    second = filed("avis", avis(PLAIN), document="D-2", standing="to_replace")
    events = (opened(PLAIN), first, second)
    assert standings(*events, confirmed("D-2"))["D-2"] == "to_replace"
    swapped = (*events, replaced("D-1", "D-2"))
    assert standings(*swapped) == {"D-1": "replaced", "D-2": "accepted"}
    assert standings(*swapped, confirmed("D-1")) == {"D-1": "replaced", "D-2": "accepted"}


def test_replacing_one_grid_of_a_bundle_leaves_the_others() -> None:
    bundle = [grid(PLAIN, part, document="D-1") for part in ("B1.1", "B1.2")]
    new = grid(PLAIN, "B1.1", document="D-2", standing="to_replace")
    assert standings(opened(PLAIN), *bundle, new, replaced("D-1", "D-2", "B1.1")) == {
        "D-1B1.1": "replaced",
        "D-1B1.2": "accepted",
        "D-2B1.1": "accepted",
    }


def test_correcting_one_grid_of_a_bundle_leaves_the_others() -> None:
    bundle = [grid(PLAIN, part, document="D-1") for part in ("B1.1", "B1.2")]
    held = case(
        opened(PLAIN), *bundle, corrected("D-1", "conclusion/verdict", "non_acquise", "B1.1")
    )
    first, second = held.documents
    assert first.values["conclusion/verdict"] == "non_acquise"
    assert second.values["conclusion/verdict"] == "acquise"
    assert first.corrected == ("…",)
    assert second.corrected == ()


def test_a_correction_is_read_as_the_person_would_have_written_it() -> None:
    held = case(
        opened(PLAIN), grid(PLAIN, "B1.1"), corrected("D-grille-B1.1", "setting/day", "5/3/2026")
    )
    answers = held.answers(held.documents[0], Grid, PLAIN)
    assert answers is not None
    assert answers.setting.day == date(2026, 3, 5)
    assert grid(PLAIN, "B1.1").values["setting/day"] == "12/03/2026"


def test_a_correction_of_the_inscription_corrects_the_person_and_the_company() -> None:
    held = case(
        opened(PLAIN),
        filed("inscription", {}, document="D-0"),
        corrected("D-0", "candidate/birth_date", "28/02/1988"),
        corrected("D-0", "candidate/usage_name", "Modèle"),
        corrected("D-0", "company/contact", "Paule MODÈLE"),
        corrected("D-0", "candidate/shoe_size", "38"),
    )
    assert held.candidate.birth_date == date(1988, 2, 28)
    assert held.candidate.full_name == "MODÈLE Zoé"
    assert held.company == FIRM.model_copy(update={"contact": "Paule MODÈLE"})


@settings(max_examples=30)
@given(st.permutations(papers(PLAIN)))
def test_the_same_documents_in_any_order_make_the_same_set(order: list[e.DocumentFiled]) -> None:
    held = case(opened(PLAIN), *prints(), *order)
    assert {(d.form, d.part, d.sha256) for d in held.documents} == {
        (d.form, d.part, d.sha256) for d in papers(PLAIN)
    }
    assert [d.form for d in held.documents] == [d.form for d in order]


# --- what a récapitulatif is drawn from ------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        corrected("D-grille-B1.1", "evaluator/experience", "13"),
        corrected("D-modalites-", "candidate/birth_place", "Ailleurs"),
        corrected("D-modalites-", "company/name", "Ateliers Refondés"),
        grid(PLAIN, "B1.1", {"evaluator/name": "Rémi SECOND"}, document="D-2"),
        filed("avis", avis(PLAIN), document="D-2", standing="to_replace"),
    ],
    ids=["answer", "person", "company", "document", "waiting"],
)
def test_the_basis_changes_with_whatever_the_recapitulatif_shows(change: e.Event) -> None:
    events: tuple[Event, ...] = (opened(PLAIN), *prints(), *papers(PLAIN))
    assert case(*events).basis != case(*events, change).basis


@pytest.mark.parametrize(
    "event",
    [
        issued("grille", "B1.1"),
        product("recapitulatif"),
        e.SessionJoined(session="S2026-001"),
        failed("recapitulatif", 1),
        e.ProductRestored(path="a.pdf"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_the_basis_does_not_change_with_what_it_does_not_show(event: e.Event) -> None:
    events: tuple[Event, ...] = (opened(PLAIN), *prints(), *papers(PLAIN))
    assert case(*events).basis == case(*events, event).basis


# --- sessions, decisions, failures -----------------------------------------------------------


def test_leaving_a_session_after_joining_another_leaves_the_case_where_it_is() -> None:
    first, second = (e.SessionJoined(session=f"S2026-00{n}") for n in (1, 2))
    left = e.SessionLeft(session="S2026-001", because="report")
    assert case(opened(PLAIN), first, left).session is None
    assert case(opened(PLAIN), first, second, left).session == "S2026-002"


def test_an_adjourned_case_that_joins_a_new_session_waits_for_its_decision() -> None:
    held = case(
        opened(PLAIN),
        e.SessionJoined(session="S2026-001"),
        decision("ajourne"),
        e.SessionJoined(session="S2026-002"),
    )
    assert held.decision is None
    assert held.session == "S2026-002"


def test_abandoning_and_resuming_lose_nothing() -> None:
    gone = e.CaseAbandoned(by="le bureau", because="renoncement")
    back = e.CaseResumed(by="le bureau", because="retour")
    events: tuple[Event, ...] = (opened(PLAIN), *prints(), *papers(PLAIN))
    assert case(*events, gone).abandoned
    assert case(*events, gone, back) == case(*events)


def test_the_fifth_failure_blocks_and_a_retry_or_a_success_unblocks() -> None:
    four = case(opened(PLAIN), failed("recapitulatif", 4))
    assert not four.failures["recapitulatif"].blocked
    five: tuple[Event, ...] = (opened(PLAIN), failed("recapitulatif", 5))
    assert case(*five).failures["recapitulatif"].blocked
    retried = e.StepRetried(by="le bureau", because="disque libéré")
    assert case(*five, retried).failures == {}
    assert case(*five, product("recapitulatif")).failures == {}


def test_a_form_issued_again_takes_the_place_of_its_old_print() -> None:
    held = case(opened(PLAIN), issued("avis"), issued("avis", serial="NEUF"))
    assert [i.serial for i in held.issued] == ["NEUF"]


def test_the_latest_product_of_a_name_is_the_one() -> None:
    held = case(opened(PLAIN), product("recapitulatif", "1"), product("recapitulatif", "2"))
    latest = held.product("recapitulatif")
    assert latest is not None
    assert latest.basis == "2"
    assert held.product("parchemin") is None


def test_events_a_case_does_not_know_change_nothing() -> None:
    held = complete(PLAIN)
    same = case(
        opened(PLAIN), *prints(), *papers(PLAIN), e.Purged(), e.DecisionsSent(cases=("2026-0042",))
    )
    assert same == held


def test_times_of_events_are_aware() -> None:
    with pytest.raises(ValueError, match="timezone"):
        e.StepFailed(step="pv", attempt=1, error="Panne.", retry_at=NOON.replace(tzinfo=None))


# --- names that change while forms are out ---------------------------------------------------


def named(form: str, **values: str) -> e.FormIssued:
    return issued(form, values={"header/candidate": ZOE.full_name, **values})


def changed(field: str, after: str) -> e.FactChanged:
    return e.FactChanged(
        field=field,
        where="…",
        before="",
        after=after,
        since=date(2026, 3, 1),
        by="le bureau",
        because="mariage",
    )


@pytest.mark.parametrize(
    ("event", "stale"),
    [
        (changed("candidate/usage_name", "Exemple-Martin"), {"avis", "grille"}),
        (changed("company/name", "Forges Fictives"), {"avis"}),
        (changed("company/contact", "Lise FICTIVE"), {"avis"}),
        (changed("candidate/email", "autre@exemple.invalid"), set()),
        (changed("company/siret", "55208131766522"), set()),
    ],
)
def test_only_the_prints_that_name_what_changed_are_printed_again_and_all_are_still_read(
    event: e.FactChanged, stale: set[str]
) -> None:
    plain = certification()
    company = {"header/company": "Ateliers Fictifs"}
    prints = (named("grille"), named("avis", **company, **{"signatory/name": "Paul MODÈLE"}))
    held = case(opened(plain), *prints, event)
    assert {i.form for i in held.former} == stale
    assert {i.form for i in held.issued} == {"avis", "grille"} - stale
    twice = case(opened(plain), *prints, event, event)
    assert (twice.issued, twice.former) == (held.issued, held.former)
