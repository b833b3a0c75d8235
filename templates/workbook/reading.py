"""A workbook taken back into a certification, or everything to correct in it, cell by cell.

Pure: the values of the sheets come in from templates.spreadsheet. Headings are found by their
words and lines by their key, so that a column may be moved and a sheet sorted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from casefiles.certification import Certification
from templates.spreadsheet import Sheet, Value, cell_name
from templates.workbook import words
from templates.workbook.cells import Refused, read
from templates.workbook.faults import CellFault, Spot, faults
from templates.workbook.pages import KEY, VALUE, columns
from templates.workbook.shape import Kind, Path, Place, Table, fiche, tables

Location = tuple[str | int, ...]


@dataclass
class Draft:
    """The values read so far, where each came from, and what was refused on the way.

    cells: the sheet and the cell of each path of `values`; parents: by list, the path of each row
    by its id.
    """

    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[Location, Spot] = field(default_factory=dict)
    refused: list[CellFault] = field(default_factory=list)
    parents: dict[Path, dict[str, Location]] = field(default_factory=dict)
    unread: set[Location] = field(default_factory=set)
    missing: set[Path] = field(default_factory=set)

    def refuse(self, sheet: str, cell: str, message: str, remedy: str) -> None:
        """One more thing to correct."""
        self.refused.append(CellFault(sheet=sheet, cell=cell, message=message, remedy=remedy))

    def put(self, location: Location, value: Any) -> None:
        """Set the value at that path, making what leads to it."""
        at: Any = self.values
        for step, following in pairwise(location):
            empty: Any = [] if isinstance(following, int) else {}
            if isinstance(step, int):
                while len(at) <= step:
                    at.append(empty)
                at = at[step]
            else:
                at = at.setdefault(step, empty)
        if isinstance(location[-1], int):
            at.append(value)
        else:
            at[location[-1]] = value


def certification(sheets: Sequence[Sheet]) -> Certification | tuple[CellFault, ...]:
    """The certification those sheets hold, or all that keeps it from being one."""
    draft, known = Draft(), {_plain(one.title): one for one in sheets}
    for title in (words.FICHE, *(words.sheet(table.path) for table in tables())):
        if _plain(title) not in known:
            draft.refuse(
                title,
                "",
                "cette feuille manque",
                "Rétablissez-la (elle peut rester vide sous ses titres), ou exportez de nouveau.",
            )
    if words.FICHE and _plain(words.FICHE) in known:
        _read_fiche(known[_plain(words.FICHE)], draft)
    for table in tables():
        sheet = known.get(_plain(words.sheet(table.path)))
        # Une feuille qui manque se dit d’elle, pas de chacune des lignes qui en dépendent.
        if sheet is None or (table.parent and table.parent in draft.missing):
            draft.missing.add(table.path)
            continue
        _read_table(sheet, table, draft)
    try:
        made = Certification.model_validate(draft.values)
    except ValidationError as wrong:
        found = faults(wrong.errors(include_url=False), draft.cells, draft.unread)
        return _in_order((*draft.refused, *found), sheets)
    return _in_order(tuple(draft.refused), sheets) if draft.refused else made


def _read_fiche(sheet: Sheet, draft: Draft) -> None:
    places = {".".join(place.path): place for place in fiche()}
    heads = _heads(sheet, (KEY, VALUE), draft)
    if KEY not in heads or VALUE not in heads:
        return
    seen: set[str] = set()
    for number, row in enumerate(sheet.rows[1:], start=2):
        key, value = _cell(row, heads[KEY]), _cell(row, heads[VALUE])
        if key is None:
            if value is not None:
                draft.refuse(
                    sheet.title,
                    cell_name(number, heads[VALUE] + 1),
                    "cette valeur est sur une ligne sans clé",
                    "Effacez-la, ou rétablissez la clé dans la première colonne.",
                )
            continue
        name = str(key).strip()
        if name not in places or name in seen:
            draft.refuse(
                sheet.title,
                cell_name(number, heads[KEY] + 1),
                f"la clé « {name} » "
                + ("figure déjà plus haut" if name in seen else "n’est pas connue"),
                "Les clés ne se modifient pas : effacez cette ligne, ou exportez de nouveau.",
            )
            continue
        seen.add(name)
        _take(sheet, number, heads[VALUE], value, places[name], places[name].path, draft)
    for name in places.keys() - seen:
        draft.refuse(
            sheet.title,
            "",
            f"il manque la ligne « {words.label(places[name])} » (clé {name})",
            "Rétablissez-la, ou exportez de nouveau.",
        )


def _read_table(sheet: Sheet, table: Table, draft: Draft) -> None:
    heads = _heads(sheet, columns(table), draft)
    if missing := [head for head in columns(table) if head not in heads]:
        for head in missing:
            draft.refuse(
                sheet.title,
                cell_name(1, 1),
                f"la colonne « {head} » manque",
                "Rétablissez son titre dans la première ligne.",
            )
        return
    own = draft.parents.setdefault(table.path, {})
    for number, row in enumerate(sheet.rows[1:], start=2):
        cells = {head: _cell(row, column) for head, column in heads.items()}
        if all(value is None for value in cells.values()):
            continue
        here = _location(sheet, table, number, cells, heads, draft)
        if here is None:
            continue
        draft.cells[here] = Spot(sheet=sheet.title, cell=cell_name(number, 1))
        if not table.bare:
            draft.put(here, {})
        for place in table.places:
            if table.keyed and not place.path:
                continue
            head = words.label(place)
            _take(sheet, number, heads[head], cells[head], place, (*here, *place.path), draft)
        named = _id(table, cells)
        if named and named not in own:
            own[named] = here


def _location(
    sheet: Sheet,
    table: Table,
    number: int,
    cells: Mapping[str, Value],
    heads: Mapping[str, int],
    draft: Draft,
) -> Location | None:
    """Where that row goes: under its parent, after those that came before."""
    above: Location = ()
    if table.parent:
        head = words.parent_label(table.parent)
        parents = draft.parents.get(table.parent, {})
        named = str(cells[head] if cells[head] is not None else "").strip()
        if named not in parents:
            draft.refuse(
                sheet.title,
                cell_name(number, heads[head] + 1),
                f"« {named} » n’est l’identifiant d’aucune ligne de la feuille "
                f"{words.sheet(table.parent)}"
                if named
                else f"cette ligne ne dit pas à quoi elle appartient (« {head} »)",
                f"Reprenez un identifiant de la feuille {words.sheet(table.parent)}.",
            )
            return None
        above = parents[named]
    path = (*above, *table.inside)
    if table.keyed:
        return _keyed(sheet, table, number, cells, heads, path, draft)
    return (*path, _length(draft.values, path))


def _keyed(
    sheet: Sheet,
    table: Table,
    number: int,
    cells: Mapping[str, Value],
    heads: Mapping[str, int],
    path: Location,
    draft: Draft,
) -> Location | None:
    head = words.label(table.places[0])
    cell = cell_name(number, heads[head] + 1)
    try:
        key = read(cells[head], table.places[0])
    except Refused as wrong:
        draft.refuse(sheet.title, cell, wrong.message, wrong.remedy)
        return None
    if key is None or (*path, key) in draft.cells:
        draft.refuse(
            sheet.title,
            cell,
            "cette ligne n’a pas de nom" if key is None else f"« {words.said(key)} » figure déjà",
            "Choisissez une valeur de la liste, ou effacez la ligne.",
        )
        return None
    return (*path, key)


def _take(
    sheet: Sheet,
    number: int,
    column: int,
    value: Value,
    place: Place,
    location: Location,
    draft: Draft,
) -> None:
    cell = cell_name(number, column + 1)
    spot = Spot(sheet=sheet.title, cell=cell, name=words.label(place))
    draft.cells[location] = spot
    try:
        told = read(value, place)
    except Refused as wrong:
        draft.refuse(sheet.title, cell, wrong.message, wrong.remedy)
        draft.unread.add(location)
        return
    if told is None:
        return
    draft.put(location, told)
    if place.kind in (Kind.LIST, Kind.GROUPS):
        for rank in range(len(told)):
            draft.cells[(*location, rank)] = spot


def _length(values: Any, path: Location) -> int:
    at = values
    for step in path:
        if isinstance(at, dict):
            at = at.get(step)
        elif isinstance(at, list) and isinstance(step, int) and step < len(at):
            at = at[step]
        if at is None:
            return 0
    return len(at)


def _id(table: Table, cells: Mapping[str, Value]) -> str:
    for place in table.places:
        if place.path == ("id",):
            value = cells[words.label(place)]
            return "" if value is None else str(value).strip()
    return ""


def _heads(sheet: Sheet, wanted: Sequence[str], draft: Draft) -> dict[str, int]:
    """The column, from 0, of each heading known; what stands under no heading is refused."""
    known = {_plain(head): head for head in wanted}
    found: dict[str, int] = {}
    first = sheet.rows[0] if sheet.rows else ()
    widest = max((len(row) for row in sheet.rows), default=0)
    for column in range(widest):
        told = _cell(first, column)
        head = known.get(_plain(str(told))) if told is not None else None
        if head is not None and head not in found:
            found[head] = column
        elif sheet.title != words.FICHE and (at := _first_filled(sheet, column)):
            draft.refuse(
                sheet.title,
                cell_name(at, column + 1),
                f"la colonne « {told} » n’est pas connue"
                if told is not None
                else "cette colonne n’a pas de titre",
                "Retirez-la, ou rétablissez son titre.",
            )
    return found


def _first_filled(sheet: Sheet, column: int) -> int:
    rows: Iterator[int] = (
        n for n, row in enumerate(sheet.rows, start=1) if _cell(row, column) is not None
    )
    return next(rows, 0)


def _cell(row: Sequence[Value], column: int) -> Value:
    return row[column] if column < len(row) else None


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("*", "")).strip().casefold()


def _in_order(found: Sequence[CellFault], sheets: Sequence[Sheet]) -> tuple[CellFault, ...]:
    ranks = {one.title: rank for rank, one in enumerate(sheets)}
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda one: (ranks.get(one.sheet, -1), one.position)))
