"""What the office typed in a transcription, joined to what had been read of the return."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forms.returns.outcome import PrintReturned

NAME = "transcription"
OWN = "transcription/"
"""What the form’s own fields begin with; all others are those of the form that came back."""
BY, DAY, READ_AGAIN = f"{OWN}by", f"{OWN}day", f"{OWN}read_again"
NOTHING = f"{OWN}nothing/"
SIGNED = f"{OWN}signed/"


@dataclass(frozen=True, kw_only=True)
class Transcribed:
    """What was typed, with what had been read: raw values, and the fields nobody answered for."""

    values: dict[str, str | bool]
    left: tuple[str, ...]
    signed: dict[str, bool]
    by: str = ""
    day: str = ""
    read_again: bool = False


def transcribed(typed: Mapping[str, Any], returned: PrintReturned) -> Transcribed:
    """The answers of a return completed by its transcription.

    A field left empty counts as left out unless « rien à lire » is ticked beside it: forgetting is
    not an answer.
    """
    values = returned.raw()
    left = []
    for name in returned.to_look:
        values.pop(name, None)
        value = str(typed.get(name) or "").strip()
        if value:
            values[name] = value
        elif typed.get(NOTHING + name):
            values[name] = ""
        else:
            left.append(name)
    left += [
        SIGNED + place.name
        for place in returned.signatures
        if typed.get(SIGNED + place.name) not in ("oui", "non")
    ]
    return Transcribed(
        values=values,
        left=tuple(left),
        signed={s.name: typed.get(SIGNED + s.name) == "oui" for s in returned.signatures},
        by=str(typed.get(BY) or "").strip(),
        day=str(typed.get(DAY) or "").strip(),
        read_again=typed.get(READ_AGAIN) is True,
    )
