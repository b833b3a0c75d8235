"""What a filled form stores, read with pikepdf alone: the tests' own, independent reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from tests.engines.filling import Answer, content

_READ_ONLY = 1
_RADIO = 1 << 15
_PUSH = 1 << 16
_LEVELS = 32


@dataclass(frozen=True)
class Widget:
    """One box on one page; `rect` in points from the crop box's lower left corner."""

    name: str
    kind: str
    page: int
    rect: tuple[float, float, float, float]
    option: str | None
    choices: tuple[str, ...]
    value: Any
    state: str | None
    locked: bool = False


def widgets(pdf: bytes | Path) -> list[Widget]:
    with pikepdf.open(BytesIO(content(pdf))) as document:
        return list(_widgets(document))


def stored_values(pdf: bytes | Path) -> dict[str, Answer | None]:
    """Field name → text, True or False for a tick, option name for a radio; None when empty."""
    found: dict[str, Answer | None] = {}
    for widget in widgets(pdf):
        match widget.kind:
            case "checkbox":
                found[widget.name] = widget.state not in (None, "Off")
            case "radio":
                found.setdefault(widget.name, None)
                if widget.state not in (None, "Off"):
                    found[widget.name] = widget.state
            case _:
                found[widget.name] = widget.value
    return found


def _inherited(node: pikepdf.Object, key: str) -> pikepdf.Object | None:
    for _ in range(_LEVELS):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


def _full_name(node: pikepdf.Object) -> str:
    parts: list[str] = []
    for _ in range(_LEVELS):
        if "/T" in node:
            parts.append(str(node["/T"]))
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return ".".join(reversed(parts))


def _plain(value: pikepdf.Object | None) -> Any:
    if value is None:
        return None
    if isinstance(value, pikepdf.Array):
        return [str(item) for item in value]
    if isinstance(value, pikepdf.Stream):
        return value.read_bytes().decode("utf-8-sig")
    return str(value)


def _option(node: pikepdf.Object) -> str | None:
    """The name a radio or a tick takes when it is on: the appearance that is not "Off"."""
    if "/AP" not in node or "/N" not in node["/AP"]:
        return None
    names = [str(name).removeprefix("/") for name in node["/AP"]["/N"].keys()]  # noqa: SIM118
    return next((name for name in names if name != "Off"), None)


def _kind(node: pikepdf.Object) -> str:
    flags = _inherited(node, "/Ff")
    bits = int(flags) if flags is not None else 0
    match str(_inherited(node, "/FT")):
        case "/Btn" if bits & _PUSH:
            return "push"
        case "/Btn":
            return "radio" if bits & _RADIO else "checkbox"
        case "/Ch":
            return "choice"
        case "/Sig":
            return "signature"
        case _:
            return "text"


def _widgets(document: pikepdf.Pdf) -> Iterator[Widget]:
    for number, page in enumerate(document.pages):
        left, bottom = (float(edge) for edge in list(page.cropbox)[:2])
        for node in page.obj.get("/Annots", []):
            if node.get("/Subtype") != "/Widget":
                continue
            kind = _kind(node)
            toggles = kind in ("radio", "checkbox")
            choices = _inherited(node, "/Opt") if kind == "choice" else None
            state = node.get("/AS")
            x1, y1, x2, y2 = (float(edge) for edge in node["/Rect"])
            yield Widget(
                name=_full_name(node),
                kind=kind,
                page=number,
                rect=(x1 - left, y1 - bottom, x2 - left, y2 - bottom),
                option=_option(node) if toggles else None,
                choices=tuple(
                    str(item[0]) if isinstance(item, pikepdf.Array) else str(item)
                    for item in (choices or [])
                ),
                value=_plain(_inherited(node, "/V")) if kind in ("text", "choice") else None,
                state=str(state).removeprefix("/") if state is not None else None,
                locked=bool(int(_inherited(node, "/Ff") or 0) & _READ_ONLY),
            )
