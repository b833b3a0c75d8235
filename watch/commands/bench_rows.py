"""A row of `parchemin bench`, and how those that are no comparison are shown to a person."""

from collections.abc import Iterable
from typing import Any


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
