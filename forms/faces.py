"""What a form shows beside its answers: the words printed on its pages, where each box stands.

A form doctored before it is filled, its « favorable » and « défavorable » boxes exchanged, records
the contrary of what its signer saw. Viewers change answers and the looks of texts, never this:
pages with all that draws them, the boxes and how each looks ticked or not, layers, scripts.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf

from forms import active
from forms.digest import Digests
from forms.opening import open_pdf

Face = dict[str, Any]
_UNSEEN = 2 | 32  # hidden, or never on the screen
_GEOMETRY = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit")


def face(data: bytes, file: Path | None = None) -> Face:
    """{"pages": [SHA-256 of each page and of what draws it], "places": {box: [page, x, y, x, y]},
    "looks": {box: SHA-256 of how it looks in each state}, "marks": {box: SHA-256 of what a viewer
    that draws it anew would follow}, "signatures": [boxes to sign],
    "redrawn": whether it asks viewers to draw its boxes anew, "acts": whether something may act}.

    A box is named by its field, and by its options where it has several; places are in points.
    Boxes without any area, or hidden, are left out. UnreadableFile when the file cannot be opened;
    `file` as `open_pdf` has it.
    """
    pages: list[str] = []
    places: dict[str, list[int]] = {}
    looks: dict[str, str] = {}
    marks: dict[str, str] = {}
    signatures: list[str] = []
    with open_pdf(data, file) as pdf:
        digests = Digests()
        layers = digests.of(pdf.Root.get("/OCProperties"))
        redrawn = _redrawn(pdf)
        acts = bool(active.named(pdf, data))
        for number, page in enumerate(pdf.pages, start=1):
            pages.append(_printed(page, digests, layers))
            for widget in page.obj.get("/Annots", []):
                if widget.get("/Subtype") != "/Widget":
                    continue
                box = [round(float(side)) for side in widget.get("/Rect", [])]
                if int(widget.get("/F", 0)) & _UNSEEN:
                    continue
                if len(box) == 4 and box[0] != box[2] and box[1] != box[3]:
                    name = _named(widget)
                    places[name] = [number, *box]
                    looks |= _look(name, widget, digests)
                    marks[name] = digests.of(widget.get("/MK")).hex()
                    signatures += [name] if _inherited(widget, "/FT") == "/Sig" else []
    return {
        "pages": pages,
        "places": places,
        "looks": looks,
        "marks": marks,
        "signatures": signatures,
        "redrawn": redrawn,
        "acts": acts,
    }


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[str, ...]:
    """What does not look as we printed it, in French; nothing when all does."""
    found = []
    names = ours["places"].keys() | theirs["places"].keys()
    if not ours["signatures"]:  # a form by others, without a place to sign: it is signed somewhere
        names -= set(theirs["signatures"])
    moved = {
        name.partition("\0")[0]
        for name in names
        if not _near(ours["places"].get(name), theirs["places"].get(name))
    }
    if moved:
        found.append(
            f"Cases ou cadres qui ne sont plus à leur place, ou sont de trop : {len(moved)}. Ce "
            "que la personne a vu n’est peut-être pas ce qui se lit. Comparez avec elle, question "
            "par question."
        )
    looks = {} if ours["redrawn"] else ours["looks"]
    marks = ours["marks"] if theirs["redrawn"] else {}
    if any(theirs["looks"].get(name) != look for name, look in looks.items()) or any(
        theirs["marks"].get(name) != mark for name, mark in marks.items()
    ):
        found.append(
            "Des cases n’ont plus le dessin que nous leur avions donné, cochées ou non : comparez "
            "les réponses avec la personne, question par question."
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
    if theirs["acts"] and not ours["acts"]:
        found.append(
            "Ce formulaire contient des actions que nous n’y avions pas mises : elles ont pu "
            "montrer autre chose que ce qui se lit. Comparez les réponses avec la personne."
        )
    return tuple(found)


def to_sign(shown: Mapping[str, Any]) -> frozenset[str]:
    """The names of the fields to sign in."""
    return frozenset(name.partition("\0")[0] for name in shown["signatures"])


def _near(place: list[int] | None, other: list[int] | None) -> bool:
    if place is None or other is None or other[0] != place[0]:
        return False
    return all(abs(a - b) <= 1 for a, b in zip(place[1:], other[1:], strict=True))


def _printed(page: pikepdf.Page, digests: Digests, layers: bytes) -> str:
    """The page’s own content, the fonts and pictures that draw it, its frame, the layers."""
    held = [_content(page), digests.of(page.resources), layers]
    held += [digests.of(_inherited(page.obj, key)) for key in _GEOMETRY]
    return hashlib.sha256(b"\0".join(held)).hexdigest()


def _inherited(node: pikepdf.Object, key: str) -> Any:
    for _ in range(32):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


def _look(name: str, widget: pikepdf.Object, digests: Digests) -> dict[str, str]:
    """How a box that is ticked looks in each of its states; texts are drawn anew by each viewer."""
    shown = widget.get("/AP")
    normal = shown.get("/N") if isinstance(shown, pikepdf.Dictionary) else None
    if not isinstance(normal, pikepdf.Dictionary) or isinstance(normal, pikepdf.Stream):
        return {}
    drawn = (
        b"\0".join((state.encode(), _content_of(one), _frame(one, digests)))
        for state, one in sorted(normal.items())
    )
    return {name: hashlib.sha256(b"\0".join(drawn)).hexdigest()}


def _content_of(stream: pikepdf.Object) -> bytes:
    return b" ".join(stream.read_bytes().split()) if isinstance(stream, pikepdf.Stream) else b""


def _frame(drawing: pikepdf.Object, digests: Digests) -> bytes:
    """What cuts, moves and colours a drawing: as good as its own words."""
    if not isinstance(drawing, pikepdf.Stream):
        return b""
    held = {key: drawing.get(key) for key in ("/BBox", "/Matrix", "/Resources", "/Group", "/OC")}
    if [float(n) for n in held["/Matrix"] or ()] == [1, 0, 0, 1, 0, 0]:
        held["/Matrix"] = None  # as when nothing is said
    if not held["/Resources"]:
        held["/Resources"] = None
    return b"".join(digests.of(one) for one in held.values())


def _redrawn(pdf: pikepdf.Pdf) -> bool:
    form = pdf.Root.get("/AcroForm")
    return isinstance(form, pikepdf.Dictionary) and bool(form.get("/NeedAppearances", False))


def _content(page: pikepdf.Page) -> bytes:
    content = page.obj.get("/Contents")
    if content is None:
        return b""
    streams = list(content) if isinstance(content, pikepdf.Array) else [content]
    # How a page is cut into streams, and the blanks between words, are the writer’s own affair.
    return b" ".join(b" ".join(one.read_bytes().split()) for one in streams).strip()


def _named(widget: pikepdf.Object) -> str:
    parts: list[str] = []
    listed = b""
    node: pikepdf.Object | None = widget
    while node is not None and len(parts) < 32:
        if "/T" in node:
            parts.append(str(node["/T"]))
        if "/Opt" in node:  # another name for each of its states
            listed = bytes(node["/Opt"].unparse(resolved=True))
        node = node.get("/Parent")
    shown = widget.get("/AP")
    normal = shown.get("/N") if isinstance(shown, pikepdf.Dictionary) else None
    options = ""
    if isinstance(normal, pikepdf.Dictionary) and not isinstance(normal, pikepdf.Stream):
        options = ",".join(sorted(str(key) for key in dict(normal) if key != "/Off"))
    return f"{'.'.join(reversed(parts))}\0{options}{listed.decode('latin-1')}"
