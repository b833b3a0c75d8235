"""`parchemin status`: the journal’s summaries, as JSON or as a table in the terminal."""

import json
from collections.abc import Iterator
from typing import Any

from watch.office import Office
from watch.share.naming import is_passing
from watch.share.telling import counted

_CASE = ("number", "candidate", "certification", "route", "attempt", "stage", "missing", "findings")

Said = dict[str, Any]


def report(office: Office, number: str | None = None) -> Said:
    """{"cases", "expected", "sessions", "inbox"}: shapes as in docs/architecture.md.

    expected: the préinscriptions a list announced and nobody answered yet.
    """
    found: Said = {name: list(each) for name, each in _lists(office, number).items()}
    return {**found, "inbox": _waiting(office)}


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


def show(found: dict[str, Any]) -> None:
    """The same, for a person."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("Dossier", "Candidat", "Situation", "Attendu"):
        table.add_column(head, overflow="fold")
    for case in (*found["cases"], *found["expected"]):
        asked = "\n".join(f"{m['why']} ({m['who']})" for m in case["missing"]) or "—"
        table.add_row(case["number"], case["candidate"], case["stage"], asked)
    if table.rows:
        console.print(table)
    else:
        console.print("Aucun dossier.")
    for session in found["sessions"]:
        console.print(
            f"Session {session['reference']}, {session['day']}, {session['town']} : "
            f"{session['stage']}, {counted(len(session['candidates']), 'candidat')}."
        )
    console.print(f"En attente de prise en charge : {counted(found['inbox'], 'fichier')}.")
