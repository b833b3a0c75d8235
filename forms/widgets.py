"""The widgets of a PDF, page by page, each with what it inherits from its parents.

It finds and names; what a value means is `read`'s business. Foreign bytes: sandbox only.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pikepdf

from forms.bounds import unpacked
from forms.strings import decode

_DEPTH = 32
_MOST = 20_000
_INHERITED = ("/FT", "/Ff", "/V", "/Opt")
_NOTHING: Mapping[str, Any] = {}


class Widget(NamedTuple):
    """One box on a page (page 0: on none). `own` is what it says itself; the rest is inherited."""

    name: str
    kind: str
    page: int
    own: Mapping[str, Any]
    flags: int
    value: Any
    options: Any

    @property
    def state(self) -> str | None:
        """What a button shows: « Off », an option, or None when it does not say."""
        state = self.own.get("/AS")
        return str(state)[1:] if isinstance(state, pikepdf.Name) else None

    @property
    def on_states(self) -> list[str]:
        """The states a button has besides « Off »."""
        normal = self._normal_appearance()
        if not isinstance(normal, pikepdf.Dictionary) or isinstance(normal, pikepdf.Stream):
            return []
        return [key[1:] for key in normal.as_dict() if key != "/Off"]

    @property
    def shows_text(self) -> bool:
        """Whether its appearance draws some text."""
        normal = self._normal_appearance()
        if not isinstance(normal, pikepdf.Stream) or whole(normal.get("/Length")) < 24:
            return False
        drawn = unpacked(normal)
        return (b"Tj" in drawn or b"TJ" in drawn) and b"()" not in drawn

    def _normal_appearance(self) -> Any:
        looks = self.own.get("/AP")
        return looks.get("/N") if isinstance(looks, pikepdf.Dictionary) else None


class Walk:
    """A way through a document; parents are looked at once."""

    def __init__(self) -> None:
        self._parents: dict[tuple[int, int], Mapping[str, Any]] = {}
        self._given: dict[tuple[int, int], tuple[dict[str, Any], tuple[str, ...]]] = {}
        self._seen: set[tuple[int, int]] = set()

    def on_page(self, page: pikepdf.Page, number: int) -> Iterator[Mapping[str, Any] | Widget]:
        """Each annotation of the page: a Widget, or its entries when it is no field."""
        listed = page.obj.get("/Annots")
        if isinstance(listed, pikepdf.Array):
            for annotation in listed.as_list():
                if isinstance(annotation, pikepdf.Dictionary):
                    self._seen.add(annotation.objgen)
                    own = _entries(annotation)
                    yield self._widget(own, number) or own

    def on_no_page(self, pdf: pikepdf.Pdf) -> Iterator[Widget]:
        """Each field the form lists that was not met on a page."""
        form = pdf.Root.get("/AcroForm")
        listed = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
        waiting: list[Any] = []
        if isinstance(listed, pikepdf.Array):
            waiting.extend(listed.as_list())
        for _ in range(_MOST):
            if not waiting:
                return
            node = waiting.pop()
            if not isinstance(node, pikepdf.Dictionary):
                continue
            if node.objgen in self._parents or node.objgen in self._seen:
                continue
            kids = node.get("/Kids")
            if isinstance(kids, pikepdf.Array) and "/FT" not in node:
                waiting.extend(kids.as_list())
            elif widget := self._widget(_entries(node), 0):
                yield widget

    def _widget(self, own: Mapping[str, Any], page: int) -> Widget | None:
        subtype = own.get("/Subtype")
        if subtype is not None and subtype != "/Widget":
            return None
        given, names = _NOTHING, _named(own)
        parent = own.get("/Parent")
        if isinstance(parent, pikepdf.Dictionary):
            given, above = self._from(parent)
            names += above
        kind, flags, value, options = [
            given.get(key) if (found := own.get(key)) is None else found for key in _INHERITED
        ]
        if kind is None:
            # Un widget orphelin ne dit plus son genre : ses états ou sa valeur le disent.
            kind = "/Btn" if "/AS" in own else "/Tx" if value is not None else None
            if kind is None:
                return None
        return Widget(
            name=".".join(reversed(names)),
            kind=str(kind),
            page=page,
            own=own,
            flags=whole(flags),
            value=value,
            options=options,
        )

    def _from(self, parent: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
        """What a parent and those above it hand down: entries, and names from the nearest."""
        number = parent.objgen
        if number in self._given:
            return self._given[number]
        found: dict[str, Any] = {}
        names: tuple[str, ...] = ()
        for node in self._lineage({"/Parent": parent}):
            found = {key: node[key] for key in _INHERITED if key in node} | found
            names += _named(node)
        if number != (0, 0):
            self._given[number] = found, names
        return found, names

    def _lineage(self, own: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        node = own
        for _ in range(_DEPTH):
            yield node
            parent = node.get("/Parent")
            if not isinstance(parent, pikepdf.Dictionary):
                return
            number = parent.objgen
            if number == (0, 0):
                node = _entries(parent)
            else:
                if number not in self._parents:
                    self._parents[number] = _entries(parent)
                node = self._parents[number]


def _entries(dictionary: Any) -> Mapping[str, Any]:
    """What it says itself; making each entry into an object is what costs, so only when asked."""
    entries: Mapping[str, Any] = dictionary.as_dict()
    return entries


def _named(node: Mapping[str, Any]) -> tuple[str, ...]:
    part = node.get("/T")
    return (decode(bytes(part)),) if isinstance(part, pikepdf.String) else ()


def whole(value: Any) -> int:
    """A whole number out of anything; 0 for what is none."""
    try:
        return int(value) if value is not None else 0
    except (TypeError, ValueError, OverflowError):
        return 0
