"""Fields that were filled, on pages that were also written over: phone mark-up, posed text, stamps.

What no ink touches keeps the value of its field. What ink touches is read from the page, as a
person sees it, and is never more than likely.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from textwrap import shorten

import pikepdf

from forms.layout import Box
from forms.opening import open_pdf
from forms.read import FieldsRead, Value
from forms.returns.geometry import PrintedField
from forms.returns.one_page import PageSeen
from forms.returns.outcome import ValueRead
from forms.returns.rendering import DRAWN, STAMP, Over
from forms.returns.seen import FieldSeen, doubtful
from forms.suspicions import is_ink

_REACH = 3.0
_TOLD = 200
_MIXED = "un tracé, un tampon ou une image recouvre cette réponse, et peut s’y mêler."
_UNSHOWN = "une annotation posée là ne dit pas ce qu’elle montre ; un autre lecteur la dessinerait."


def written_over(data: bytes) -> bool:
    """Whether something that is no field lies over a page of that PDF; UnreadableFile as `read`."""
    with open_pdf(data) as pdf:
        return any(
            isinstance(one, pikepdf.Dictionary) and is_ink(one)
            for page in pdf.pages
            if isinstance(listed := page.obj.get("/Annots"), pikepdf.Array)
            for one in listed.as_list()
        )


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
    over: Sequence[Over],
    page: int,
) -> dict[str, FieldSeen]:
    """Each field of the page: its own value, or what the page shows where ink touches it."""
    found = {}
    for one in fields:
        if one.kind == "signature":
            continue
        stored = from_fields(read, one, page)
        lying = touching(one, over)
        if not lying:
            found[one.name] = stored
        elif all(each.shown for each in lying):
            found[one.name] = _whole(_under_ink(stored, seen[one.name]), lying)
        else:
            found[one.name] = doubtful(stored.value.value, "ink", page, _UNSHOWN)
    return found


def over_a_flat_page(
    page: PageSeen, fields: Sequence[PrintedField], over: Sequence[Over]
) -> PageSeen:
    """A page without fields, written over: what we cannot see drawn there is asked back."""
    hidden = [
        one.name
        for one in fields
        if one.name in page.fields and not all(each.shown for each in touching(one, over))
    ]
    unsure = {
        one.name: _unmixed(one, _whole(page.fields[one.name], lying), lying)
        for one in fields
        if one.name in page.fields and (lying := touching(one, over))
    }
    unsure |= {
        name: doubtful(page.fields[name].value.value, "ink", page.page, _UNSHOWN) for name in hidden
    }
    return replace(page, fields={**page.fields, **unsure})


def touching(field: PrintedField, over: Sequence[Over]) -> list[Over]:
    """What lies over one of the field’s boxes, or right beside it."""
    return [
        each
        for each in over
        if any(_meet(spot.box.inset(-_REACH), each.box) for spot in field.spots)
    ]


def named(over: Sequence[Over], page: int) -> str:
    """What lies over a page, for the finding."""
    kinds = dict.fromkeys(one.kind for one in over)
    words = [f"« {shorten(one.words, _TOLD)} »" for one in over if one.words]
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


def _whole(seen: FieldSeen, lying: Sequence[Over]) -> FieldSeen:
    """The answer, unless a text posed there says more than is seen of it: its frame cuts it."""
    value = seen.value
    if not isinstance(value.value, str) or value.sure not in ("certain", "likely"):
        return seen
    read = _letters(value.value)
    if all(_letters(one.words) in read for one in lying):
        return seen
    why = "le texte posé là en dit plus que ce qui s’en voit ; il est peut-être coupé."
    return doubtful(value.value, value.how, value.page, why)


def _unmixed(field: PrintedField, seen: FieldSeen, lying: Sequence[Over]) -> FieldSeen:
    """The words of a flat page, unless what says no words lies right over them."""
    value = seen.value
    if field.kind != "text" or not value.value or value.sure not in ("certain", "likely"):
        return seen
    if any(
        one.kind in (STAMP, DRAWN) and _meet(spot.box.inset(1), one.box)
        for one in lying
        for spot in field.spots
    ):
        return doubtful(value.value, value.how, value.page, _MIXED)
    return seen


def _letters(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum())


def _plain(value: Value) -> str | bool:
    return ", ".join(value) if isinstance(value, list) else value


def _meet(one: Box, other: Box) -> bool:
    return (
        one.x < other.right
        and other.x < one.right
        and one.y < other.bottom
        and other.y < one.bottom
    )
