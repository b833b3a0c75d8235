"""Finds the row of headings of a list, and what each column holds. Pure.

People put a title above, a column of numbers before, and « Nom » for either name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from casefiles.roster.words import HEADINGS, NOTHING, PRIVATE, WHOLE_NAME, Cell, clean, plain

Row = Sequence[Cell]

NAMES = ("candidate/birth_name", "candidate/first_name")
_SEARCHED = 15


@dataclass(frozen=True, kw_only=True)
class Head:
    """The row of headings: its place, the column of each field, what was not understood."""

    row: int = -1
    columns: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    private: tuple[str, ...] = ()


def head_of(rows: Sequence[Row]) -> Head:
    """The row, among the first, with the most headings understood."""
    found = [_headings(number, row) for number, row in enumerate(rows[:_SEARCHED])]
    return max(found, key=understood, default=Head())


def _headings(number: int, row: Row) -> Head:
    columns: dict[str, int] = {}
    names: dict[str, str] = {}
    unknown, private = [], []
    for column, cell in enumerate(row):
        said = clean(cell)
        if not said:
            continue
        name = _FIELDS.get(plain(said), "")
        if name == PRIVATE:
            private.append(said)
        elif name == "candidate/birth_name" and name in columns:
            # « Nom » à côté de « Nom de naissance » est celui de tous les jours.
            older = plain(names[name]) in ("nom", "noms")
            usage = "candidate/usage_name"
            columns[usage], names[usage] = (columns[name], names[name]) if older else (column, said)
            if older:
                columns[name], names[name] = column, said
        elif not name or name in columns:
            unknown.append(said)
        elif name != NOTHING:
            columns[name], names[name] = column, said
    return Head(
        row=number, columns=columns, names=names, unknown=tuple(unknown), private=tuple(private)
    )


_FIELDS = {plain(word): name for name, known in HEADINGS.items() for word in known}


def understood(head: Head) -> tuple[int, int]:
    """How well a row reads as headings: the more, then the higher up."""
    return (len(head.columns), -head.row)


def names_people(head: Head) -> bool:
    """Whether the list tells names and first names, without which there is nobody to follow."""
    return WHOLE_NAME in head.columns or all(name in head.columns for name in NAMES)


def remarks(head: Head) -> Iterator[str]:
    """What was left aside, a sentence each."""
    for said in head.private:
        yield (
            f"La colonne « {said} » n’a pas été lue : ce renseignement n’est jamais demandé ici. "
            "Retirez-la de votre fichier."
        )
    if head.unknown:
        names = ", ".join(f"« {said} »" for said in head.unknown)
        several = len(head.unknown) > 1
        yield (
            f"Colonne{'s' * several} non reconnue{'s' * several}, laissée{'s' * several} de côté : "
            f"{names}."
        )
