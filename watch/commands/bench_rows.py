"""A row of `parchemin bench` that has no peer, and how such rows are shown to a person."""

from typing import Any


def row(name: str, value: float, unit: str) -> dict[str, Any]:
    """One measure, to the thousandth: only comparisons have a `peer` and a `ratio`."""
    return {
        "name": name,
        "ours": round(value, 3),
        "peer_name": None,
        "peer": None,
        "ratio": None,
        "unit": unit,
    }


def show(rows: list[dict[str, Any]]) -> None:
    """The rows, a line each."""
    from rich.console import Console

    console = Console(highlight=False)
    for one in rows:
        console.print(f"{one['name']:24} {one['ours']:>10} {one['unit']}")
