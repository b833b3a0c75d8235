"""One value to a cell and back: the file’s values on one side, what people type on the other.

Pure. What a cell says that cannot be is a `Refused`, in French, with what to do.
"""

import re
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from casefiles.answers.vocabulary import french_date
from templates.source import french
from templates.spreadsheet import Unusable, Value
from templates.workbook.shape import Kind, Place
from templates.workbook.words import NO, YES, said

EMPTY = "(vide)"
_BREAK = "↵"
_EPOCH = date(1899, 12, 30)
_YES = {YES, "o", "x", "vrai", "true", "1"}
_NO = {NO, "n", "faux", "false", "0"}


class Refused(Exception):
    """What is wrong with a cell, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def written(value: Any, place: Place) -> Value:
    """The cell for a value; None where a blank one says the same."""
    if value is None:
        return None
    if value == "":
        return None if place.absent == "" else EMPTY
    if place.kind is Kind.YES_NO:
        return YES if value else NO
    if place.kind is Kind.GROUPS:
        return "\n".join(", ".join(_word(one) for one in group) for group in value) or None
    if place.kind is Kind.LIST:
        return "\n".join(_word(one) for one in value) or None
    if place.kind in (Kind.WHOLE, Kind.DATE):
        return value  # type: ignore[no-any-return]
    return _word(value) if place.kind is Kind.ONE_OF else _kept(str(value))


def _word(one: Any) -> str:
    text = str(one.value) if isinstance(one, Enum) else str(one)
    return _kept(said(text).replace("\n", _BREAK))


def _kept(text: str) -> str:
    """A text that would read as « empty » says so differently."""
    return f"{text} " if text.strip() == EMPTY else text


def read(value: Value, place: Place) -> Any:
    """The file’s value for a cell, None for a blank one; Refused when it cannot be."""
    if isinstance(value, Unusable):
        raise _unusable(value)
    if value is None:
        return None
    if value == EMPTY:
        return "" if place.kind in (Kind.TEXT, Kind.ONE_OF) else None
    return _READERS[place.kind](value, place)


def _unusable(value: Unusable) -> Refused:
    if value.formula:
        return Refused(
            "une formule se trouve ici, et aucune n’est calculée à l’import",
            "Copiez la cellule, puis collez-la sur elle-même en « valeurs ».",
        )
    return Refused(f"« {value.text} » est une erreur du tableur", "Écrivez la valeur elle-même.")


def _text(value: Value, place: Place) -> str:
    if isinstance(value, bool):
        raise Refused(
            "un texte est attendu, le tableur y voit un vrai/faux",
            "Mettez la cellule au format Texte et retapez-la.",
        )
    if isinstance(value, date | datetime):
        raise Refused(
            "un texte est attendu, le tableur y a mis une date",
            "Mettez la cellule au format Texte et retapez-la.",
        )
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return french(str(value).replace("\u2028", "\n").strip(" \t"))


def _whole(value: Value, place: Place) -> int:
    if isinstance(value, str):
        bare = re.sub(r"\s", "", value)
        if re.fullmatch(r"[-+]?\d{1,9}", bare):
            return int(bare)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        whole = int(value)
        if whole == value and abs(whole) < 10**9:
            return whole
    raise Refused(f"« {_shown(value)} » n’est pas un nombre entier", "Écrivez-le en chiffres.")


def _date(value: Value, place: Place) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < 80_000:
        return (_EPOCH + timedelta(days=int(value))).isoformat()
    try:
        return str(french_date(str(value)).isoformat())
    except ValueError as wrong:
        raise Refused(str(wrong).rstrip(". "), "Une date s’écrit 07/03/2026.") from wrong


def _yes_no(value: Value, place: Place) -> bool:
    told = str(value).strip().casefold()
    if told in _YES or told in _NO:
        return told in _YES
    raise Refused(f"« {_shown(value)} » n’est ni oui ni non", "Choisissez « oui » ou « non ».")


def _one_of(value: Value, place: Place) -> str:
    return _chosen(_text(value, place), place.values)


def _list(value: Value, place: Place) -> list[Any]:
    if place.element is Kind.WHOLE and not isinstance(value, str):
        return [_whole(value, place)]
    lines = [line.strip(" \t") for line in _text(value, place).split("\n")]
    kept = [line for line in lines if line]
    if place.element is Kind.WHOLE:
        return [_whole(line, place) for line in kept]
    if place.values:
        return [_chosen(line, place.values) for line in kept]
    return [line.replace(_BREAK, "\n") for line in kept]


def _groups(value: Value, place: Place) -> list[list[str]]:
    lines = _text(value, place).split("\n")
    parted = (re.split(r"\s*[,;/]\s*|\s+ou\s+", line.strip(" ().")) for line in lines)
    return [[_chosen(one, place.values) for one in group if one] for group in parted if any(group)]


_READERS = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.ONE_OF: _one_of,
    Kind.LIST: _list,
    Kind.GROUPS: _groups,
}


def _chosen(text: str, values: tuple[str, ...]) -> str:
    """The value of the file that text names, by itself or by its word."""
    told = _plain(text)
    for value in values:
        if told in (_plain(value), _plain(said(value))):
            return value
    offered = ", ".join(f"« {said(one)} »" for one in values)
    raise Refused(f"« {text} » n’est pas une valeur admise", f"Valeurs admises : {offered}.")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'")).strip().casefold()


def _shown(value: Value) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
