"""What streams come down to in the tables TABLEAU and the daemon look at."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefiles import events as e
from casefiles.events import Event
from casefiles.journal import Append, Derived, Journal
from casefiles.next_steps import of_case
from casefiles.projection import Projection, name_key, person_key, stage
from casefiles.store import open_engine, sqlite_url
from tests.casefiles import sessions as s
from tests.casefiles.cases import (
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
from tests.casefiles.certifications import certification, registered
from tests.casefiles.filled import avis
from tests.casefiles.journals import NOON, Clock

PLAIN = certification()
PROJECT = Projection({c.fingerprint: c for c in (PLAIN, registered())}.__getitem__)
BEGUN: tuple[Event, ...] = (opened(PLAIN), *prints())
WHOLE: tuple[Event, ...] = (*BEGUN, *papers(PLAIN))
RECAP = product("recapitulatif", complete(PLAIN).basis)
AT_JURY: tuple[Event, ...] = (*WHOLE, RECAP, e.SessionJoined(session="S2026-001"))
NUMBERED = e.DeliveryNumbered(
    number="P-2026-00001", register_name="registre/P-2026-00001", delivered_on=NOON.date()
)
BEFORE_THE_DECISION = [AT_JURY[:n] for n in range(1, len(AT_JURY) + 1)]
WON = ("obten", "délivr", "admis", "reçu au", "réuss", "certifié", "lauréat")


def of(*events: Event, stream: str = "dossier/2026-0042") -> Derived:
    return PROJECT(stream, told(*events, stream=stream))


def stage_of(*events: Event) -> str:
    held = case(*events)
    return stage(held, of_case(held, PLAIN))


# --- the case --------------------------------------------------------------------------------


def test_the_summary_says_all_that_status_promises_and_survives_json() -> None:
    summary = of(*BEGUN).summary
    assert json.loads(json.dumps(summary)) == summary
    assert {
        "number": "2026-0042",
        "candidate": "EXEMPLE-GONÇALVES Zoé",
        "certification": "cqpm-essai",
        "route": "formation_continue",
        "attempt": 1,
        "stage": "En évaluation",
        "findings": [],
        "blocked": [],
    }.items() <= summary.items()
    assert [m["form"] for m in summary["missing"]] == ["modalites", *["grille"] * 3, "avis"]
    assert all(set(m) == {"form", "who", "why"} and m["why"] for m in summary["missing"])


def test_findings_appear_once_the_case_is_complete() -> None:
    linked = grid(PLAIN, "B1.1", {"evaluator/independent": "non"})
    others = [d for d in papers(PLAIN) if d.part != "B1.1"]
    assert of(*BEGUN, linked).summary["findings"] == []
    (found,) = of(*BEGUN, linked, *others).summary["findings"]
    assert set(found) == {"rule", "status", "message", "source"}
    assert found["rule"] == "R77"


@pytest.mark.parametrize(
    "events", BEFORE_THE_DECISION, ids=lambda events: type(events[-1]).__name__
)
def test_before_the_decision_nothing_says_that_anything_is_obtained(
    events: tuple[Event, ...],
) -> None:
    said = json.dumps(of(*events).summary, ensure_ascii=False).casefold()
    assert not [word for word in WON if word in said]


@given(
    events=st.lists(
        st.sampled_from(
            [
                *papers(PLAIN),
                *prints(),
                RECAP,
                product("parchemin"),
                product("notification", "PV1"),
                product("bordereau"),
                e.SessionJoined(session="S2026-001"),
                e.SessionLeft(session="S2026-001", because="report"),
                NUMBERED,
                failed("recapitulatif", 5),
            ]
        ),
        max_size=12,
    )
)
def test_whatever_happened_without_a_decision_the_stage_claims_no_result(
    events: list[Event],
) -> None:
    said = stage_of(opened(PLAIN), *events).casefold()
    assert not [word for word in (*WON, "décid", "termin", "refus") if word in said]


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ((opened(PLAIN),), "Inscrit"),
        (BEGUN, "En évaluation"),
        (WHOLE, "En évaluation"),
        ((*WHOLE, RECAP), "Prêt pour un jury"),
        (AT_JURY, "Au jury S2026-001"),
        ((*AT_JURY, decision("obtention")), "Décidé : parchemin à délivrer"),
        ((*AT_JURY, decision("obtention"), NUMBERED), "Décidé : parchemin à délivrer"),
        (
            (
                *AT_JURY,
                decision("obtention"),
                NUMBERED,
                product("parchemin", facts={"number": NUMBERED.number}),
            ),
            "Terminé : parchemin délivré",
        ),
        ((*AT_JURY, decision("refus")), "Décidé"),
        (
            (*AT_JURY, decision("refus"), product("notification", "PV1")),
            "Terminé : refus notifié",
        ),
        ((*AT_JURY, decision("partiel", blocs=("B1",))), "Décidé"),
        (
            (*AT_JURY, decision("partiel", blocs=("B1",)), product("notification", "PV1")),
            "Terminé : blocs notifiés",
        ),
        ((*AT_JURY, decision("ajourne")), "Ajourné"),
        ((*AT_JURY, decision("absent"), product("notification", "PV1")), "Ajourné"),
        ((*AT_JURY, e.CaseAbandoned(by="le bureau", because="renoncement")), "Abandonné"),
    ],
)
def test_the_stage_says_where_the_case_stands(events: tuple[Event, ...], said: str) -> None:
    assert stage_of(*events) == said


def test_what_is_blocked_says_why_and_what_is_past_is_left_out() -> None:
    assert of(*WHOLE, failed("recapitulatif", 5)).summary["blocked"] == ["Panne."]
    assert of(*WHOLE, failed("recapitulatif", 4)).summary["blocked"] == []
    assert of(*WHOLE, failed("formulaires", 5)).summary["blocked"] == []
    gone = e.CaseAbandoned(by="le bureau", because="renoncement")
    assert of(*WHOLE, failed("recapitulatif", 5), gone).summary["blocked"] == []


def test_a_case_is_found_by_its_prints_its_documents_and_its_person() -> None:
    marks = of(*WHOLE).marks
    assert ("serial", "SERIEMODALITES") in marks
    assert ("document", "D-grille-B1.2") in marks
    assert ("bytes", "sha256 avis ") in marks
    assert ("made", "modalites") in marks
    assert ("person", "exemple goncalves zoe|1988-02-29") in marks
    assert ("name", "exemple goncalves zoe") in marks


def test_a_print_made_again_is_still_recognised_by_its_old_serial() -> None:
    marks = of(*BEGUN, issued(serial="NEUF")).marks
    assert {("serial", "NEUF"), ("serial", "SERIEMODALITES")} <= marks


def test_the_case_is_judged_by_the_certification_it_began_under() -> None:
    other = certification(version="2")
    with pytest.raises(KeyError):
        of(opened(other))


# --- people ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        {"birth_name": "EXEMPLE GONCALVES", "first_name": "zoe"},
        {"birth_name": "  exemple-gonçalves ", "first_name": "Zoé"},
        {"birth_name": "Exemple Gonc\u0327alves", "first_name": "Zoe\u0301"},
        {"usage_name": "Autre", "other_names": "Marie"},
    ],
)
def test_one_person_is_one_however_they_are_written(written: dict[str, Any]) -> None:
    assert person_key(ZOE.model_copy(update=written)) == person_key(ZOE)


@pytest.mark.parametrize(
    "other",
    [
        {"birth_date": ZOE.birth_date.replace(day=28)},
        {"first_name": "Zoë-Line"},
        {"birth_name": "Exemple"},
    ],
)
def test_homonyms_stay_apart(other: dict[str, Any]) -> None:
    assert person_key(ZOE.model_copy(update=other)) != person_key(ZOE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LŒUILLET", "Loeuillet"),
        ("D’Essai", "d'essai"),
        ("Strauß", "STRAUSS"),
        ("Æther", "aether"),
        ("Ngu\u1ec5n", "NGUEN"),
    ],
)
def test_a_name_is_compared_without_what_keyboards_lack(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


# --- sessions and drops ----------------------------------------------------------------------

HEARD: tuple[Event, ...] = (s.OPENED, s.ZOE, s.ready(), s.CLOSED)
SEALED: tuple[Event, ...] = (*HEARD, s.pieces(*HEARD))
DRAWN: tuple[Event, ...] = (*SEALED, s.sheet(), s.decided(), s.minutes())


@pytest.mark.parametrize(
    ("events", "said"),
    [
        (HEARD[:2], "En préparation"),
        (HEARD, "Ordre du jour clos"),
        (SEALED, "Pièces scellées"),
        (DRAWN, "Procès-verbal v1 en signature"),
        ((*DRAWN, s.decided("D-feuille2")), "Pièces scellées"),
        ((*DRAWN, s.signed()), "Délibérée"),
    ],
)
def test_the_stage_of_a_session_says_where_it_stands(events: tuple[Event, ...], said: str) -> None:
    summary = of(*events, stream="session/S2026-001").summary
    assert summary["stage"] == said
    assert summary["candidates"] == {"2026-0042": "EXEMPLE-GONÇALVES Zoé"}
    assert json.loads(json.dumps(summary)) == summary


def test_a_session_is_found_by_its_sheet_its_papers_and_every_version_of_its_pv() -> None:
    marks = of(*DRAWN, s.returned("s0"), stream="session/S2026-001").marks
    assert {
        ("serial", "SERIEDECISIONS1"),
        ("document", "D-feuille"),
        ("document", "D-jury"),
        ("bytes", "sha256 D-feuille"),
        ("bytes", "pv signé"),
        ("pv", "pv 1"),
        ("made", "pièces 1"),
    } <= marks


def dropped(outcome: str, **changes: Any) -> e.DropAnswered:
    data: dict[str, Any] = {
        "name": "scan 12.pdf",
        "sha256": "empreinte",
        "size": 12,
        "outcome": outcome,
        "what": "Avis de l’entreprise",
    }
    return e.DropAnswered(**(data | changes))


def test_a_receipt_keeps_what_is_said_and_not_what_was_held() -> None:
    found = of(
        dropped("waiting", document="D-9", held={"values": {"candidate/birth_name": "Exemple"}}),
        stream="depot/1",
    )
    assert "held" not in found.summary
    assert "Exemple" not in json.dumps(found.summary)
    assert found.marks == {("document", "D-9"), ("waiting", "empreinte")}


@pytest.mark.parametrize("outcome", ["accepted", "duplicate"])
def test_the_bytes_of_a_drop_are_remembered_only_while_it_waits(outcome: str) -> None:
    assert of(dropped(outcome), stream="depot/1").marks == frozenset()


def test_the_bytes_of_a_refused_drop_are_known_as_what_was_sent_back() -> None:
    assert of(dropped("refused"), stream="depot/1").marks == {("sent-back", "empreinte")}


def test_a_line_of_the_register_is_found_by_its_case_and_once_withdrawn_by_its_number() -> None:
    numbered = e.ParcheminNumbered(
        number="P-2026-00001",
        case="2026-0042",
        attempt=1,
        certification="cqpm-essai",
        delivered_on=NOON.date(),
    )
    gone = e.ParcheminWithdrawn(number="P-2026-00001", on=NOON.date(), by="X", because="Erreur.")
    line = "registre/P-2026-00001"
    assert of(numbered, stream=line).marks == {("numbered", "2026-0042")}
    assert of(numbered, gone, stream=line).marks == {
        ("numbered", "2026-0042"),
        ("withdrawn", "P-2026-00001"),
    }


# --- the journal with this projection --------------------------------------------------------


def test_a_whole_life_is_due_published_found_and_rebuilt_alike(tmp_path: Path) -> None:
    held = Journal(open_engine(sqlite_url(tmp_path / "journal.sqlite")), PROJECT, Clock())
    stream = "dossier/2026-0042"
    for place, event in enumerate((*AT_JURY, decision("obtention"), NUMBERED)):
        held.commit(Append(stream=stream, after=place, events=(event,)))
    held.commit(Append(stream="session/S2026-001", after=0, events=DRAWN))
    assert held.due(held.read(stream)[-1].at) == (stream,)
    assert held.find("pv", "pv 1") == ("session/S2026-001",)
    before = (held.summaries("dossier"), held.summaries("session"), held.find("bytes", "pv signé"))
    held.rebuild()
    after = (held.summaries("dossier"), held.summaries("session"), held.find("bytes", "pv signé"))
    assert after == before
    held.verify()
    for recorded, event in zip(held.read(stream), AT_JURY, strict=False):
        assert recorded.event == event


def test_a_blocked_case_is_no_longer_due_and_is_again_when_retried(tmp_path: Path) -> None:
    held = Journal(open_engine(sqlite_url(tmp_path / "journal.sqlite")), PROJECT, Clock())
    stream, later = "dossier/2026-0042", NOON.replace(year=2030)
    held.commit(Append(stream=stream, after=0, events=(*WHOLE, failed("recapitulatif", 4))))
    assert held.due(later) == (stream,)
    held.commit(Append(stream=stream, after=10, events=(failed("recapitulatif", 5),)))
    assert held.due(later) == ()
    retried = e.StepRetried(by="le bureau", because="disque libéré")
    held.commit(Append(stream=stream, after=11, events=(retried,)))
    assert held.due(later) == (stream,)


def test_an_avis_that_waits_is_no_step_of_ours() -> None:
    waiting = filed("avis", avis(PLAIN), standing="to_confirm", document="D-9")
    assert not [step for step in of(*BEGUN, waiting).steps if step.ours]
