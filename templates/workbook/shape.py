"""How a certification spreads over the sheets of a workbook, derived from its models.

Single values stand on one sheet (`fiche`), one line each; every list of things has a sheet of its
own (`tables`). It knows no value and opens nothing: a field added to the models finds its place.
"""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from casefiles.certification import Certification

Path = tuple[str, ...]

ROWS = "*"
# Des textes assez longs pour mériter une ligne chacun, dans une feuille à eux.
_ONE_PER_ROW = ("knowledge", "conditions")


class Kind(StrEnum):
    """What a cell holds; LIST is one element per line of the cell, GROUPS a list of lists."""

    TEXT = "text"
    WHOLE = "whole"
    DATE = "date"
    YES_NO = "yes_no"
    ONE_OF = "one_of"
    LIST = "list"
    GROUPS = "groups"


@dataclass(frozen=True, kw_only=True)
class Place:
    """One value: its path inside the row (or inside the certification), and what it is.

    known_as: « Model.field », by which its words are found; element: the kind of a LIST’s elements;
    absent: what a blank cell stands for; required: nothing does.
    """

    path: Path
    known_as: str
    kind: Kind
    element: Kind = Kind.TEXT
    values: tuple[str, ...] = ()
    required: bool = False
    absent: Any = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A list of things, one row each: `path` to it, ROWS standing for any row above.

    keyed: the rows of a mapping, by their first column; bare: the rows are texts, not models;
    parent: what holds the list, named in the first column by its id.
    """

    path: Path
    places: tuple[Place, ...]
    keyed: bool = False
    bare: bool = False

    @property
    def parent(self) -> Path:
        """The list whose ids the first column names, « blocs » for the compétences; or ()."""
        return self.path[: self._last_row] if self._last_row >= 0 else ()

    @property
    def inside(self) -> Path:
        """The path from the row of the parent: « criteria » for those of a compétence."""
        return self.path[self._last_row + 1 :]

    @property
    def _last_row(self) -> int:
        return max((n for n, step in enumerate(self.path) if step == ROWS), default=-1)


@cache
def fiche() -> tuple[Place, ...]:
    """The single values of a certification, in the order of its file."""
    return tuple(p for p in _walk(Certification, (), ()) if isinstance(p, Place))


@cache
def tables() -> tuple[Table, ...]:
    """The lists of a certification, those that others hang from first."""
    return tuple(p for p in _walk(Certification, (), ()) if isinstance(p, Table))


def _walk(model: type[BaseModel], above: Path, within: Path) -> Iterator[Place | Table]:
    """`above`: the path of the list the model is a row of; `within`: the path inside the row."""
    for name, info in model.model_fields.items():
        yield from _field(model, name, info, above, (*within, name))


def _field(
    model: type[BaseModel], name: str, info: FieldInfo, above: Path, path: Path
) -> Iterator[Place | Table]:
    known_as, bare = f"{model.__name__}.{name}", _bare(info.annotation)
    origin, inner = get_origin(bare), get_args(bare)
    if origin in (Union, types.UnionType):
        yield from _merged(inner, above, path)
    elif _is_model(bare):
        yield from _walk(bare, above, path)
    elif origin is dict and _is_model(_bare(inner[1])):
        yield from _table(_bare(inner[1]), (*above, *path), key=_bare(inner[0]), known_as=known_as)
    elif origin is dict:
        for member in _values(_bare(inner[0])):
            yield Place(path=(*path, member), known_as=f"{known_as}.{member}", kind=Kind.TEXT)
    elif origin is tuple and _is_model(_bare(inner[0])):
        yield from _table(_bare(inner[0]), (*above, *path))
    elif origin is tuple and name in _ONE_PER_ROW:
        text = Place(path=(), known_as=known_as, kind=Kind.TEXT, required=True)
        yield Table(path=(*above, *path), places=(text,), bare=True)
    else:
        yield _place(path, known_as, bare, info)


def _table(
    model: type[BaseModel], path: Path, key: Any = None, known_as: str = ""
) -> Iterator[Table]:
    found = tuple(_walk(model, (*path, ROWS), ()))
    places = tuple(p for p in found if isinstance(p, Place))
    if key is not None:
        names = Place(
            path=(),
            known_as=f"{known_as}.key",
            kind=Kind.ONE_OF,
            values=_values(key),
            required=True,
        )
        places = (names, *places)
    yield Table(path=path, places=places, keyed=key is not None)
    yield from (t for t in found if isinstance(t, Table))


def _merged(models: tuple[Any, ...], above: Path, path: Path) -> Iterator[Place | Table]:
    """The fields of several alternatives, once each; their « kind » takes all their values."""
    merged: dict[Path, Place] = {}
    for model in models:
        for place in _walk(_bare(model), above, path):
            if not isinstance(place, Place):
                raise TypeError(f"a list inside alternatives has no sheet: {place.path}")
            before = merged.get(place.path)
            known = before.values if before else ()
            required = place.required if before is None else before.required and place.required
            merged[place.path] = Place(
                path=place.path,
                known_as=place.known_as,
                kind=place.kind,
                values=tuple(dict.fromkeys((*known, *place.values))),
                required=required,
                absent=place.absent if len(place.values) == 0 else None,
            )
    yield from merged.values()


def _place(path: Path, known_as: str, bare: Any, info: FieldInfo) -> Place:
    kind, element, values = _kind(bare)
    return Place(
        path=path,
        known_as=known_as,
        kind=kind,
        element=element,
        values=values,
        required=info.is_required(),
        absent=None if info.is_required() else info.get_default(call_default_factory=True),
    )


def _kind(bare: Any) -> tuple[Kind, Kind, tuple[str, ...]]:
    if get_origin(bare) is tuple:
        inner = _bare(get_args(bare)[0])
        if get_origin(inner) is tuple:
            return Kind.GROUPS, Kind.ONE_OF, _values(_bare(get_args(inner)[0]))
        element, _, values = _kind(inner)
        return Kind.LIST, element, values
    if values := _values(bare):
        return Kind.ONE_OF, Kind.TEXT, values
    plain = {bool: Kind.YES_NO, int: Kind.WHOLE, date: Kind.DATE, str: Kind.TEXT}
    if bare not in plain:
        raise TypeError(f"no cell holds {bare!r}")
    return plain[bare], Kind.TEXT, ()


def _values(bare: Any) -> tuple[str, ...]:
    if get_origin(bare) is Literal:
        return tuple(str(one) for one in get_args(bare))
    if isinstance(bare, type) and issubclass(bare, Enum):
        return tuple(str(one.value) for one in bare)
    return ()


def _is_model(bare: Any) -> bool:
    return isinstance(bare, type) and issubclass(bare, BaseModel)


def _bare(annotation: Any) -> Any:
    """The type under Optional and Annotated."""
    if hasattr(annotation, "__metadata__"):
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return _bare(inner[0]) if len(inner) == 1 else annotation
    return annotation
