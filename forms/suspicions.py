"""What in a foreign PDF deserves a second look: active content, notes on top, misplaced fields.

Nothing is run, followed or removed here; each finding is one French sentence handed to `tell`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pikepdf

Tell = Callable[[str], None]
Place = tuple[int, float, float, float, float]

_INVISIBLE = 1 | 2 | 32
_INK = frozenset(
    {"/FreeText", "/Ink", "/Stamp", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine"}
)
_ACTIVE = {
    "/JavaScript": "du code JavaScript",
    "/Launch": "un ordre de lancer un programme",
    "/SubmitForm": "un ordre d’envoi de ses réponses",
    "/ImportData": "un ordre d’importation de données",
    "/GoToR": "un renvoi à un autre fichier",
    "/GoToE": "un renvoi à un fichier joint",
}


def active_content(pdf: pikepdf.Pdf, tell: Tell) -> None:
    """Name scripts, launches, attachments and the like."""
    found: set[str] = set()
    root = pdf.Root
    for holder in (root, *(page.obj for page in pdf.pages)):
        _look(holder.get("/OpenAction"), found)
        _look_all(holder.get("/AA"), found)
        listed = holder.get("/Annots")
        if isinstance(listed, pikepdf.Array):
            for annotation in listed:
                if isinstance(annotation, pikepdf.Dictionary):
                    _look(annotation.get("/A"), found)
                    _look_all(annotation.get("/AA"), found)
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        if "/JavaScript" in names:
            found.add(_ACTIVE["/JavaScript"])
        if "/EmbeddedFiles" in names:
            found.add("des fichiers joints")
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        found.add("une seconde version de ses champs (XFA), qui n’est pas lue")
    for words in sorted(found):
        tell(f"le fichier contient {words} ; rien n’en est exécuté.")


def _look_all(actions: Any, found: set[str]) -> None:
    if isinstance(actions, pikepdf.Dictionary):
        for action in actions.as_dict().values():
            _look(action, found)


def _look(action: Any, found: set[str]) -> None:
    if isinstance(action, pikepdf.Dictionary):
        words = _ACTIVE.get(str(action.get("/S", "")))
        if words:
            found.add(words)


def written_over(pdf: pikepdf.Pdf, tell: Tell) -> None:
    """Tell of notes and ink laid over the pages, which are no answers."""
    for number, page in enumerate(pdf.pages, start=1):
        listed = page.obj.get("/Annots")
        if not isinstance(listed, pikepdf.Array):
            continue
        count = sum(
            1 for a in listed if isinstance(a, pikepdf.Dictionary) and a.get("/Subtype") in _INK
        )
        if count:
            plural = "s" if count > 1 else ""
            tell(
                f"page {number} : {count} annotation{plural} posée{plural} par-dessus le "
                "formulaire ; ce qui y est écrit n’est pas lu."
            )


def misplaced(
    annotation: Any, name: str, page: pikepdf.Page, number: int, tell: Tell
) -> list[tuple[str, Place]]:
    """Tell of a hidden or off-page widget; give its place otherwise."""
    flags = annotation.get("/F")
    if isinstance(flags, int) and flags & _INVISIBLE:
        tell(f"le champ « {name} » (page {number}) est caché.")
        return []
    rectangle = _rectangle(annotation.get("/Rect"))
    if rectangle is None:
        return []
    x1, y1, x2, y2 = rectangle
    shown = _rectangle(page.obj.get("/CropBox")) or _rectangle(page.mediabox)
    if shown and (x2 <= shown[0] or y2 <= shown[1] or x1 >= shown[2] or y1 >= shown[3]):
        tell(f"le champ « {name} » est hors de la page {number}.")
        return []
    return [(name, (number, x1, y1, x2, y2))]


def overlapping(places: Sequence[tuple[str, Place]], tell: Tell) -> None:
    """Tell of two fields that lie one over the other by more than half of the smaller."""
    ordered = sorted(places, key=lambda item: (item[1][0], item[1][1]))
    for i, (name, (page, x1, y1, x2, y2)) in enumerate(ordered):
        for other, (page_, a1, b1, a2, b2) in ordered[i + 1 :]:
            if page_ != page or a1 >= x2:
                break
            if other == name or b1 >= y2 or b2 <= y1:
                continue
            shared = (min(x2, a2) - max(x1, a1)) * (min(y2, b2) - max(y1, b1))
            smaller = min((x2 - x1) * (y2 - y1), (a2 - a1) * (b2 - b1))
            if smaller > 0 and shared > smaller / 2:
                tell(f"page {page} : les champs « {name} » et « {other} » se recouvrent.")


def _rectangle(value: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(value, pikepdf.Array) or len(value) != 4:
        return None
    try:
        x1, y1, x2, y2 = (float(v) for v in value)
    except (TypeError, ValueError):
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
