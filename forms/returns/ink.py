"""Fields that were filled, on pages that were also written over: phone mark-up, posed text, stamps.

What no ink touches keeps the value of its field. What ink touches is read from the page, as a
person sees it, and is never more than likely.
"""

from collections.abc import Mapping, Sequence

from forms.layout import Box
from forms.read import FieldsRead, Value
from forms.returns.geometry import PrintedField
from forms.returns.outcome import ValueRead
from forms.returns.rendering import Over
from forms.returns.seen import FieldSeen, doubtful

_REACH = 3.0


def from_fields(read: FieldsRead, field: PrintedField, page: int) -> FieldSeen:
    """The field’s own value, as its file stores it."""
    value = _plain(read.values.get(field.name, False if field.kind == "tick" else ""))
    if field.name in read.doubtful:
        why = "le fichier donne pour cette réponse deux valeurs qui ne s’accordent pas."
        return doubtful(value, "fields", page, why)
    sure = "likely" if read.damaged else "certain"
    return FieldSeen(value=ValueRead(value=value, how="fields", sure=sure, page=page))


def merged(
    fields: Sequence[PrintedField],
    seen: Mapping[str, FieldSeen],
    read: FieldsRead,
    over: Sequence[Box],
    page: int,
) -> dict[str, FieldSeen]:
    """Each field of the page: its own value, or what the page shows where ink touches it."""
    found = {}
    for one in fields:
        if one.kind == "signature":
            continue
        stored = from_fields(read, one, page)
        if not touched(one, over):
            found[one.name] = stored
        else:
            found[one.name] = _under_ink(stored, seen[one.name])
    return found


def touched(field: PrintedField, over: Sequence[Box]) -> bool:
    """Whether something lies over one of the field’s boxes, or right beside it."""
    return any(_meet(spot.box.inset(-_REACH), box) for spot in field.spots for box in over)


def named(over: Sequence[Over], page: int) -> str:
    """What lies over a page, for the finding."""
    kinds = dict.fromkeys(one.kind for one in over)
    words = [f"« {one.words} »" for one in over if one.words]
    told = f" ({', '.join(words[:3])})" if words else ""
    return f"page {page} : {', '.join(kinds)}{told} par-dessus le formulaire, lu comme de l’encre."


def _under_ink(stored: FieldSeen, seen: FieldSeen) -> FieldSeen:
    before, now = stored.value, seen.value
    empty = before.value in ("", False)
    if now.sure in ("doubtful", "unread"):
        read = now.model_copy(update={"how": "ink"})
        return FieldSeen(value=read, why=seen.why, shown=True)
    if now.value == before.value or empty:
        read = now.model_copy(update={"how": "ink", "sure": "likely"})
        return FieldSeen(value=read, shown=True)
    why = "la réponse enregistrée et ce qui est écrit par-dessus ne disent pas la même chose."
    return doubtful(before.value, "ink", now.page, why)


def _plain(value: Value) -> str | bool:
    return ", ".join(value) if isinstance(value, list) else value


def _meet(one: Box, other: Box) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )
