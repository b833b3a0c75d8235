"""`parchemin status`: the journal’s summaries, as JSON or as a table in the terminal."""

import json
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice
from textwrap import wrap
from typing import Any

from watch.office import Office
from watch.share.naming import is_passing
from watch.share.strays import WHAT_TO_DO, WHERE, Strays
from watch.share.telling import counted, day
from watch.share.unfiled import unfiled

_CASE = ("number", "candidate", "certification", "route", "attempt", "stage", "missing", "findings")

Said = dict[str, Any]
_Row = tuple[str, str, str, list[str]]
_HEADS: _Row = ("Dossier", "Candidat", "Situation", ["Attendu"])
# How many rows share the width of their columns, and the room between two of these.
_PAGE, _BETWEEN = 500, "  "


def report(office: Office, number: str | None = None) -> Said:
    """{"cases", "expected", "sessions", "astray", "inbox"}.

    expected: the préinscriptions a list announced and nobody answered yet. astray: the places of
    files nobody takes where they lie, as last looked at; inbox: how many wait to be taken.
    """
    found: Said = {name: list(each) for name, each in _lists(office, number).items()}
    return {**found, "astray": list(_astray(office)), "inbox": _waiting(office)}


def written(office: Office, number: str | None = None) -> Iterator[str]:
    """The same as JSON, a line for each: however many there are, none is kept."""
    start = "{"
    for name, each in _lists(office, number).items():
        yield f'{start}\n  "{name}": ['
        between = ""
        for one in each:
            yield f"{between}\n    {json.dumps(one, ensure_ascii=False)}"
            between = ","
        yield "\n  ]" if between else "]"
        start = ","
    yield f',\n  "astray": {json.dumps(_astray(office), ensure_ascii=False)}'
    yield f',\n  "inbox": {_waiting(office)}\n}}\n'


def is_known(office: Office, number: str) -> bool:
    """Whether a case, somebody expected or a session bears that number."""
    return any(next(each, None) for each in _lists(office, number).values())


def _lists(office: Office, number: str | None) -> dict[str, Iterator[Said]]:
    expected = _summaries(office, "preinscription", number)
    return {
        "cases": (
            {key: one[key] for key in _CASE} for one in _summaries(office, "dossier", number)
        ),
        "expected": (one for one in expected if number is not None or one["open"]),
        "sessions": _summaries(office, "session", number),
    }


def _summaries(office: Office, kind: str, number: str | None) -> Iterator[Said]:
    """Of every stream of that kind, or of that one alone, however many there are."""
    if number is None:
        yield from (summary for _, _, summary in office.journal.each(kind))
    elif (one := office.journal.summary(f"{kind}/{number}")) and not one.get("purged"):
        yield one


def _waiting(office: Office) -> int:
    return sum(
        p.is_file() and not is_passing(p.name) for p in office.workspace.drop_here.rglob("*")
    )


def _astray(office: Office) -> tuple[str, ...]:
    return Strays(office.workspace).lying()


def told(office: Office, number: str | None = None, width: int = 0) -> Iterator[str]:
    """The same for a person, line by line: however many there are, they come as they are read.

    width: of the terminal, in signs; 0 when nobody looks at one, and nothing is folded.
    """
    lists = _lists(office, number)
    cases = chain(lists["cases"], lists["expected"])
    if first := list(islice(cases, _PAGE)):
        yield from _table([_HEADS, *map(_row, first)], width)
        while more := list(islice(cases, _PAGE)):
            yield from _table(list(map(_row, more)), width)
    else:
        yield "Aucun dossier."
    for session in lists["sessions"]:
        held = date.fromisoformat(session["day"])
        yield (
            f"Session {session['reference']}, {day(held)}, {session['town']} : "
            f"{session['stage']}, {counted(len(session['candidates']), 'candidat')}."
        )
    refused, waiting = unfiled(office.workspace.to_correct)
    if refused or waiting:
        yield (
            f"Dans « 3 À corriger » : {counted(len(waiting), 'fichier')} à décider par le bureau, "
            f"{counted(len(refused), 'fichier')} à corriger."
        )
    if places := _astray(office):
        yield f"{WHERE} :"
        yield from (f"  {place}" for place in places)
        yield f"  {WHAT_TO_DO}"
    yield f"En attente de prise en charge : {counted(_waiting(office), 'fichier')}."


def _row(case: Said) -> _Row:
    asked = [f"{m['why']} ({m['who']})" for m in case["missing"]] or ["—"]
    return case["number"], case["candidate"], case["stage"], asked


def _table(rows: list[_Row], width: int) -> Iterator[str]:
    """Columns as wide as these rows ask; what is asked for, folded in what is left."""
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    before = sum(wide) + 3 * len(_BETWEEN)
    for *words, asked in rows:
        start = _BETWEEN.join(w.ljust(n) for w, n in zip(words, wide, strict=True)) + _BETWEEN
        for one in asked:
            for line in wrap(one, max(width - before, 20)) if width else [one]:
                yield start + line
                start = " " * before
