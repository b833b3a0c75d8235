"""What a workbook says wrong, in French, by sheet and cell: pydantic’s errors turned into faults.

It reads nothing and decides nothing; the models of casefiles.certification do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from templates.workbook import words
from templates.workbook.shape import tables

Location = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a value stands: its sheet, its cell, and the words beside or above it."""

    sheet: str
    cell: str
    name: str = ""


Cells = Mapping[Location, Spot]


@dataclass(frozen=True, kw_only=True)
class CellFault:
    """One thing to correct: the sheet, the cell (« D4 », or "" for the sheet), what to do."""

    sheet: str
    cell: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"feuille {self.sheet}" + (f", cellule {self.cell}" if self.cell else "")
        return f"{where} : {self.message}. {self.remedy}".strip()

    @property
    def position(self) -> tuple[int, str]:
        """Its row, then its column: the order people correct in."""
        found = re.fullmatch(r"([A-Z]+)(\d+)", self.cell)
        return (int(found[2]), found[1].rjust(3)) if found else (0, "")


def faults(errors: Sequence[ErrorDetails], cells: Cells, unread: set[Location]) -> list[CellFault]:
    """The fault each error is, at its cell; none for a value already refused as it was read."""
    return [one for error in errors if (one := _fault(error, cells, unread)) is not None]


def _fault(error: ErrorDetails, cells: Cells, unread: set[Location]) -> CellFault | None:
    context = error.get("ctx", {})
    asked = (*error["loc"], *context.get("path", ()))
    place = _located(asked, cells)
    if place in unread or (error["type"] == "missing" and _within(place, unread)):
        return None
    spot = cells.get(place, Spot(sheet=words.FICHE, cell=""))
    message, remedy = _french(error, asked, spot.name or _list_name(asked))
    return CellFault(sheet=spot.sheet, cell=spot.cell, message=message, remedy=remedy)


def _located(asked: Location, cells: Cells) -> Location:
    """The deepest place of the workbook on that path; the tags of alternatives are skipped."""
    for kept in (asked, (*asked[:1], *asked[2:])):
        if kept in cells:
            return kept
    place: Location = ()
    for end in range(len(asked), 0, -1):
        if asked[:end] in cells:
            return asked[:end]
    inside = [one for one in cells if one[: len(asked)] == asked or one[:1] == asked[:1]]
    return min(inside, key=len, default=place)


def _within(place: Location, unread: set[Location]) -> bool:
    return any(one[: len(place)] == place for one in unread)


def _french(error: ErrorDetails, loc: Location, name: str) -> tuple[str, str]:
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "missing":
        return f"« {name} » est vide, une valeur est attendue", "Remplissez cette cellule."
    if kind == "incoherence":
        reason, remedy = str(context["reason"]), str(context["remedy"])
        return words.in_the_workbook(reason), words.in_the_workbook(remedy)
    if kind == "value_error":
        return str(context["error"]), "Corrigez cette valeur."
    if kind == "extra_forbidden":
        return f"« {name} » n’a pas lieu d’être ici", "Effacez cette cellule."
    if kind == "string_pattern_mismatch":
        return f"« {given} » n’a pas la forme attendue pour « {name} »", _pattern(name)
    if kind in ("too_short", "too_long"):
        return f"« {name} » n’a pas le bon nombre d’éléments", _count(context, loc)
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = "plus petit" if kind.startswith("greater") else "plus grand"
        limit = context.get("ge", context.get("le"))
        return f"« {name} » vaut {given}, le nombre le {bound} admis est {limit}", "Corrigez-le."
    if kind == "union_tag_not_found":
        return f"« {name} » est vide, une valeur est attendue", "Choisissez une valeur."
    return f"« {name} » ne convient pas ({error['msg']})", "Corrigez cette valeur."


def _pattern(name: str) -> str:
    if name == "Identifiant":
        return "Lettres sans accent et chiffres, séparés par des points : « BDC1.2.M1 »."
    if name == "Code":
        return "Minuscules sans accent, chiffres et tirets : « cqpm-tmp »."
    return "Recopiez la valeur du document."


def _count(context: Mapping[str, Any], loc: Location) -> str:
    least, most = context.get("min_length"), context.get("max_length")
    if most is not None and loc[-1:] != ("blocs",):
        return f"Il en faut {most}, ni plus ni moins."
    return f"Il en faut au moins {least}."


def _list_name(loc: Location) -> str:
    """The sheet of the list at that path, or the section of the first sheet."""
    path = tuple(step for step in loc if isinstance(step, str))
    for table in tables():
        if path[-1:] == table.path[-1:]:
            return words.sheet(table.path)
    return words.SECTIONS.get(path[0], path[-1]) if path else words.FICHE
