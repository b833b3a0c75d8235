"""What on a foreign page deserves a second look: notes on top, hidden or misplaced fields.

Nothing is run, followed or removed here; each finding is one French sentence handed to `tell`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pikepdf

from forms.widgets import Widget, whole

Tell = Callable[[str], None]
Rectangle = tuple[float, float, float, float]

_INVISIBLE = 1 | 2 | 32
_NO_INK = ("/Widget", "/Popup")


def is_ink(annotation: Any) -> bool:
    """Whether an annotation draws something over its page: all do, of whatever kind, but fields.

    A link draws nothing of its own, unless it says how it looks.
    """
    kind = annotation.get("/Subtype")
    return "/AP" in annotation if kind == "/Link" else kind not in _NO_INK


class Suspicions:
    """What was noticed on the way through a document, page by page."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._page = 0
        self._shown: Rectangle | None = None
        self._ink = 0
        self.inked: list[int] = []
        self._places: list[tuple[str, Rectangle]] = []

    def open_page(self, page: pikepdf.Page, number: int) -> None:
        """Begin a page."""
        self._page, self._ink, self._places = number, 0, []
        self._shown = _rectangle(page.obj.get("/CropBox")) or _rectangle(page.mediabox)

    def look_at(self, annotation: Mapping[str, Any]) -> None:
        """Notes and ink, which are no answers."""
        self._ink += is_ink(annotation)

    def look_at_place(self, widget: Widget) -> None:
        """Tell of a hidden or off-page widget; remember where the others are."""
        flags = whole(widget.own.get("/F"))
        if flags & _INVISIBLE:
            self._tell(f"le champ « {widget.name} » (page {self._page}) est caché.")
            return
        place, shown = _rectangle(widget.own.get("/Rect")), self._shown
        if place is None:
            return
        x1, y1, x2, y2 = place
        if shown and (x2 <= shown[0] or y2 <= shown[1] or x1 >= shown[2] or y1 >= shown[3]):
            self._tell(f"le champ « {widget.name} » est hors de la page {self._page}.")
            return
        self._places.append((widget.name, place))

    def close_page(self) -> None:
        """Tell of what lies over the page, and of fields that lie over each other."""
        if self._ink:
            self.inked.append(self._page)
            plural = "s" if self._ink > 1 else ""
            self._tell(
                f"page {self._page} : {self._ink} annotation{plural} posée{plural} par-dessus le "
                "formulaire."
            )
        ordered = sorted(self._places, key=lambda item: item[1])
        for i, (name, place) in enumerate(ordered):
            for other, over in ordered[i + 1 :]:
                if over[0] >= place[2]:
                    break
                if over[1] < place[3] and over[3] > place[1] and other != name:
                    self._tell_overlap(name, place, other, over)

    def _tell_overlap(self, name: str, place: Rectangle, other: str, over: Rectangle) -> None:
        wide = min(place[2], over[2]) - max(place[0], over[0])
        high = min(place[3], over[3]) - max(place[1], over[1])
        smaller = min(_area(place), _area(over))
        if smaller > 0 and wide * high > smaller / 2:
            self._tell(f"page {self._page} : les champs « {name} » et « {other} » se recouvrent.")


def _area(place: Rectangle) -> float:
    return (place[2] - place[0]) * (place[3] - place[1])


def _rectangle(value: Any) -> Rectangle | None:
    if not isinstance(value, pikepdf.Array):
        return None
    try:
        # Une écriture lue d’un trait : quatre nombres faits objets coûtent cinq fois plus.
        x1, y1, x2, y2 = map(float, value.unparse(resolved=True)[1:-1].split())
    except (TypeError, ValueError):
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
