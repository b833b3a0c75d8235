"""What a form shows beside its answers: the words printed on its pages, where each box stands.

A form doctored before it is filled, its « favorable » and « défavorable » boxes exchanged, records
the contrary of what its signer saw. Viewers change answers and appearances, never this.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import pikepdf

from forms.opening import open_pdf

Face = dict[str, Any]


def face(data: bytes) -> Face:
    """{"pages": [SHA-256 of each page’s own content], "places": {box: [page, x, y, x, y]}}.

    A box is named by its field, and by its option where it has several; places are in points.
    UnreadableFile when the file cannot be opened.
    """
    pages: list[str] = []
    places: dict[str, list[int]] = {}
    with open_pdf(data) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            pages.append(hashlib.sha256(_content(page)).hexdigest())
            for widget in page.obj.get("/Annots", []):
                if widget.get("/Subtype") == "/Widget":
                    box = [round(float(side)) for side in widget.get("/Rect", [])]
                    places[_named(widget)] = [number, *box]
    return {"pages": pages, "places": places}


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[str, ...]:
    """What does not look as we printed it, in French; nothing when all does."""
    found = []
    moved = {
        name.partition("\0")[0]
        for name, place in ours["places"].items()
        if not _near(place, theirs["places"].get(name))
    }
    if moved:
        found.append(
            f"{len(moved)} case(s) ou cadre(s) ne sont plus à leur place : ce que la personne a vu "
            "n’est peut-être pas ce qui se lit. Comparez avec elle, question par question."
        )
    pages = [
        str(number)
        for number, (one, other) in enumerate(
            zip(ours["pages"], theirs["pages"], strict=False), start=1
        )
        if one != other
    ]
    if pages or len(ours["pages"]) != len(theirs["pages"]):
        named = ", ".join(pages) or "en plus ou en moins"
        found.append(
            f"Ce qui est imprimé a été réécrit (page {named}) : comparez avec notre formulaire."
        )
    return tuple(found)


def _near(place: list[int], other: list[int] | None) -> bool:
    if other is None or len(other) != len(place) or other[0] != place[0]:
        return False
    return all(abs(a - b) <= 1 for a, b in zip(place[1:], other[1:], strict=True))


def _content(page: pikepdf.Page) -> bytes:
    content = page.obj.get("/Contents")
    if content is None:
        return b""
    streams = list(content) if isinstance(content, pikepdf.Array) else [content]
    # How a page is cut into streams, and the blanks between words, are the writer’s own affair.
    return b" ".join(b" ".join(one.read_bytes().split()) for one in streams).strip()


def _named(widget: pikepdf.Object) -> str:
    parts: list[str] = []
    node: pikepdf.Object | None = widget
    while node is not None and len(parts) < 32:
        if "/T" in node:
            parts.append(str(node["/T"]))
        node = node.get("/Parent")
    shown = widget.get("/AP")
    normal = shown.get("/N") if isinstance(shown, pikepdf.Dictionary) else None
    options = ""
    if isinstance(normal, pikepdf.Dictionary) and not isinstance(normal, pikepdf.Stream):
        options = ",".join(sorted(str(key) for key in dict(normal) if key != "/Off"))
    return f"{'.'.join(reversed(parts))}\0{options}"
