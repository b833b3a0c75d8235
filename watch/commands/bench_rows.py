"""A row of `parchemin bench`: what is measured for it, and how it is shown to a person."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Work = Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One row to measure: ours and, where there is one, the plain library’s way. most: rounds at
    most, for what takes seconds.

    Both are called once before they are measured: what they share is made then, and only then."""

    name: str
    ours: Work
    peer_name: str = ""
    peer: Work | None = None
    most: int = 100


def row(
    name: str, value: float, unit: str, peer_name: str = "", peer: float | None = None
) -> dict[str, Any]:
    """One measure, to the thousandth; `ratio`, ours / peer, only where there is a peer."""
    return {
        "name": name,
        "ours": round(value, 3),
        "peer_name": peer_name or None,
        "peer": round(peer, 3) if peer is not None else None,
        "ratio": round(value / peer, 3) if peer else None,
        "unit": unit,
    }


def show(rows: Iterable[dict[str, Any]]) -> None:
    """The rows, a line each as soon as it is known; beside it the library’s, where there is one."""
    import click

    for one in rows:
        beside = f"   {one['peer_name']} {one['peer']:.1f}" if one["peer_name"] else ""
        click.echo(f"{one['name']:28} {one['ours']:>10} {one['unit']}{beside}")
