"""`parchemin status`: all the cases, or one of them asked about by its number."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime

from casefiles import anchors
from tests.stories.conftest import AsTold
from watch.commands.checks.inside import journal
from watch.commands.status import is_known, report, told, written
from watch.share.telling import day


def test_one_case_is_told_as_among_all_and_nothing_else_with_it(as_told: AsTold) -> None:
    space = as_told("en session")
    whole = report(space.office)
    number, reference = space.numbers()[-1], space.session().reference
    (case,) = [one for one in whole["cases"] if one["number"] == number]
    assert report(space.office, number) == {**whole, "cases": [case], "sessions": []}
    (session,) = whole["sessions"]
    assert report(space.office, reference) == {**whole, "cases": [], "sessions": [session]}
    for asked in (None, number, "2026-9999"):
        said = json.loads("".join(written(space.office, asked)))
        assert said == report(space.office, asked)
        assert is_known(space.office, str(asked)) is bool(asked == number)
    assert report(space.office, "2026-9999") == {**whole, "cases": [], "sessions": []}


def test_a_person_reads_who_is_waited_for_folded_to_their_terminal(as_told: AsTold) -> None:
    space = as_told("inscrit")
    (case,) = report(space.office)["cases"]
    heads, first, *_, last = told(space.office)
    assert heads.split() == ["Dossier", "Candidat", "Situation", "Attendu"]
    assert first.startswith(f"{case['number']}  {case['candidate']}  {case['stage']}  ")
    assert heads.index("Attendu") == first.index(case["missing"][0]["why"])
    assert last == "En attente de prise en charge : 0 fichier."
    whole = "\n".join(told(space.office))
    for one in case["missing"]:
        assert f"{one['why']} ({one['who']})" in whole
    folded = list(told(space.office, width=100))
    assert len(folded) > len(whole.splitlines())
    assert all(len(line) <= 100 for line in folded)
    assert " ".join(" ".join(folded).split()) == " ".join(whole.split())


def test_a_person_reads_days_in_words(as_told: AsTold) -> None:
    space = as_told("en session")
    (session,) = report(space.office)["sessions"]
    held = date.fromisoformat(session["day"])
    whole = "\n".join(told(space.office))
    assert session["day"] not in whole
    assert f"Session {session['reference']}, {day(held)}, " in whole
    anchors.drop(
        space.office.journal.engine, space.workspace.anchors, datetime(2026, 3, 1, tzinfo=UTC)
    )
    assert [one.said for one in journal(space.office)][-1] == "La dernière est du 1er mars 2026."


def test_a_reader_who_has_seen_enough_is_not_told_of_an_error(as_told: AsTold) -> None:
    space = as_told("inscrit")
    command = [sys.executable, "-m", "watch.cli", "status", str(space.workspace.share)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as reading:
        assert reading.stdout is not None
        assert reading.stderr is not None
        reading.stdout.close()
        assert reading.stderr.read() == ""
    assert reading.returncode == 1
