"""`parchemin status`: the journal’s summaries, as JSON or as a table in the terminal."""

from typing import Any

from watch.office import Office
from watch.share.naming import is_passing
from watch.share.telling import counted

_CASE = ("number", "candidate", "certification", "route", "attempt", "stage", "missing", "findings")


def report(office: Office, number: str | None = None) -> dict[str, Any]:
    """{"cases", "expected", "sessions", "inbox"}: shapes as in docs/architecture.md.

    expected: the préinscriptions a list announced and nobody answered yet.
    """
    cases = [
        {key: summary[key] for key in _CASE} for summary in _summaries(office, "dossier", number)
    ]
    sessions = _summaries(office, "session", number)
    expected = [
        summary
        for summary in _summaries(office, "preinscription", number)
        if number is not None or summary["open"]
    ]
    waiting = sum(
        p.is_file() and not is_passing(p.name) for p in office.workspace.drop_here.rglob("*")
    )
    return {"cases": cases, "expected": expected, "sessions": sessions, "inbox": waiting}


def _summaries(office: Office, kind: str, number: str | None) -> list[dict[str, Any]]:
    """Of every stream of that kind, or of that one alone, however many there are."""
    if number is None:
        return [summary for _, _, summary in office.journal.summaries(kind)]
    one = office.journal.summary(f"{kind}/{number}")
    return [one] if one and not one.get("purged") else []


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
