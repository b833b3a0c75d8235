"""A certification laid out as the pages of a workbook: what `export` writes, and what changed.

Pure; the spreadsheet itself is for templates.spreadsheet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casefiles.certification import Certification
from templates.spreadsheet import Column, Page, Value
from templates.workbook import words
from templates.workbook.cells import written
from templates.workbook.shape import ROWS, Kind, Path, Place, Table, fiche, tables

KEY, SECTION, NAME, VALUE, HELP = "Clé", "Rubrique", "Donnée", "Valeur", "Aide"

_HOW_TO = (
    "Ce classeur contient une certification entière. Modifiez-le, enregistrez-le au format .xlsx, "
    "puis importez-le : « parchemin certifications import FICHIER ».",
    "Ce qui ne va pas est dit par feuille et par cellule ; rien n’est importé tant qu’il reste une "
    "erreur.",
    "Une ligne, une chose : un critère par ligne, un résultat par ligne. L’ordre des lignes est "
    "celui des documents. Les lignes vides sont sans effet.",
    "Dans une cellule qui contient une liste, un élément par ligne : Alt + Entrée passe à la ligne "
    "(Ctrl + Entrée dans LibreOffice).",
    "Ajouter : écrivez à la suite, ou insérez une ligne, avec un identifiant neuf. Il ne changera "
    "plus : les grilles déjà remplies le connaissent.",
    "Retirer : ôtez la protection de la feuille (Révision, Ôter la protection ; aucun mot de "
    "passe), puis supprimez la ligne.",
    "Les cellules grises sont des clés. Pas de formules : l’import ne croit que les valeurs.",
    "« (vide) » veut dire : expressément rien. Une cellule vide veut dire : comme d’ordinaire.",
    "Les documents déjà en circulation gardent la version sous laquelle ils ont commencé. Changez "
    "la version (feuille Certification) à chaque modification.",
)


def pages(certification: Certification) -> tuple[Page, ...]:
    """All its sheets, the explanation first."""
    return (
        _read_me(certification),
        _fiche(certification),
        *(_table(table, certification) for table in tables()),
    )


def _read_me(certification: Certification) -> Page:
    rows: list[tuple[Value, ...]] = [(certification.name, ""), (f"Code {certification.code}", "")]
    rows += [("", "")]
    rows += [(line, "") for line in _HOW_TO]
    rows += [("", ""), ("Les feuilles", "")]
    rows += [(f"{name} : {what}", "") for name, what in words.CONTENTS.items()]
    shown = tuple(tuple(value or None for value in row[:1]) for row in rows)
    titles = tuple(n for n, row in enumerate(rows) if row[0] == "Les feuilles")
    return Page(
        title=words.READ_ME,
        columns=(Column(label="Comment se servir de ce classeur", width=110),),
        rows=shown,
        strong=(0, *titles),
    )


def _fiche(certification: Certification) -> Page:
    rows: list[tuple[Value, ...]] = []
    choices: list[tuple[int, int, tuple[str, ...]]] = []
    strong: list[int] = []
    sections: dict[str, list[Place]] = {"": []}
    for place in fiche():
        sections.setdefault(place.path[0] if len(place.path) > 1 else "", []).append(place)
    for section, places in sections.items():
        strong.append(len(rows))
        rows.append((None, words.SECTIONS.get(section, section), None, None))
        for place in places:
            if offered := _offered(place):
                choices.append((len(rows), 2, offered))
            value = written(_at(certification, place.path), place)
            rows.append((".".join(place.path), words.label(place), value, words.help_of(place)))
    return Page(
        title=words.FICHE,
        columns=(
            Column(label=KEY, width=26, locked=True),
            Column(label=NAME, width=36, locked=True),
            Column(label=VALUE, width=80),
            Column(label=HELP, width=50, locked=True),
        ),
        rows=tuple(rows),
        choices=tuple(choices),
        strong=tuple(strong),
    )


def columns(table: Table) -> tuple[str, ...]:
    """The heads of its sheet, from the left."""
    heads = tuple(words.label(place) for place in table.places)
    return (words.parent_label(table.parent), *heads) if table.parent else heads


def _table(table: Table, certification: Certification) -> Page:
    drawn = [
        Column(
            label=words.label(place),
            width=words.width(place),
            help=words.help_of(place),
            choices=_offered(place),
            locked=place.path == ("id",) or (table.keyed and place.path == ()),
            text=place.kind not in (Kind.WHOLE, Kind.DATE),
        )
        for place in table.places
    ]
    if table.parent:
        head = words.parent_label(table.parent)
        about = "L’identifiant de ce à quoi cette ligne appartient."
        drawn.insert(0, Column(label=head, width=14, help=about, locked=True))
    return Page(
        title=words.sheet(table.path),
        columns=tuple(drawn),
        rows=tuple(_rows(table, certification)),
        blank=40,
    )


def _rows(table: Table, certification: Certification) -> Iterator[tuple[Value, ...]]:
    for parent, row in _things(certification, table):
        values = tuple(written(_at(row, place.path), place) for place in table.places)
        yield (parent, *values) if table.parent else values


def _offered(place: Place) -> tuple[str, ...]:
    if place.kind is Kind.YES_NO:
        return (words.YES, words.NO)
    return tuple(map(words.said, place.values)) if place.kind is Kind.ONE_OF else ()


@dataclass(frozen=True)
class _Keyed:
    """A row of a mapping: its key stands where a model has no path."""

    key: str
    row: Any


def _things(certification: Certification, table: Table) -> Iterator[tuple[str, Any]]:
    """Each thing of the list, with the id of what holds it."""
    for holder in _holders(certification, table.parent):
        found = _at(holder, table.inside)
        if found is None:
            continue
        name = str(getattr(holder, "id", ""))
        if table.keyed:
            yield from ((name, _Keyed(str(key), row)) for key, row in found.items())
        else:
            yield from ((name, row) for row in found)


def _holders(certification: Certification, path: Path) -> Iterator[Any]:
    if not path:
        yield certification
        return
    above: list[Any] = [certification]
    rest = path
    while rest:
        step = rest.index(ROWS) if ROWS in rest else len(rest)
        above = [row for one in above for row in (_at(one, rest[:step]) or ())]
        rest = rest[step + 1 :]
    yield from above


def _at(thing: Any, path: Path) -> Any:
    """What stands at that path, None when something above it is absent."""
    if isinstance(thing, _Keyed):
        return thing.key if not path else _at(thing.row, path)
    for step in path:
        if thing is None:
            return None
        thing = thing.get(step) if isinstance(thing, dict) else getattr(thing, step, None)
    return thing


def changes(before: Certification, after: Certification) -> tuple[str, ...]:
    """What an import changes, a sentence each, in the order of the sheets."""
    old, new = _cells(before), _cells(after)
    said = []
    for place in dict.fromkeys((*old, *new)):
        was, now = old.get(place), new.get(place)
        if was != now:
            said.append(f"{place} : {_shown(was)} devient {_shown(now)}")
    return tuple(said)


def _cells(certification: Certification) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for place in fiche():
        name = words.label(place)
        section = words.SECTIONS.get(place.path[0], "") if len(place.path) > 1 else ""
        where = f"feuille {words.FICHE}, {f'{section}, ' if section else ''}{name}"
        found[where] = written(_at(certification, place.path), place)
    for table in tables():
        ranks: dict[str, int] = {}
        for parent, row in _things(certification, table):
            ranks[parent] = rank = ranks.get(parent, 0) + 1
            name = str(getattr(row, "id", "") or getattr(row, "key", ""))
            named = words.said(name) if name else f"{parent} ligne {rank}".strip()
            for place in table.places:
                where = f"feuille {words.sheet(table.path)}, {named}, {words.label(place)}"
                found[where] = written(_at(row, place.path), place)
    return found


def _shown(value: Value) -> str:
    return "(rien)" if value is None else f"« {value} »"
