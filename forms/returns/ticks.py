"""What the boxes of a question say: ticked, empty or doubtful; then which answer, or why none.

Darkness alone decides, and only when it leaves no doubt. Thresholds were measured on the marks of
tests/returns (crosses, check marks, dots, blackened, struck out, pencil) from 100 to 300 dpi.
"""

from collections.abc import Sequence
from enum import Enum

from forms.returns.boxes import BoxLook
from forms.returns.geometry import PrintedField
from forms.returns.outcome import How
from forms.returns.seen import FieldSeen, doubtful, taken


class State(Enum):
    """One box."""

    TICKED = "ticked"
    EMPTY = "empty"
    STRUCK = "struck"
    BESIDE = "beside"
    FAINT = "faint"
    LOST = "lost"


_TOUCHED = 0.05
_MARKED = 0.22
_BLACK = 0.08
_AROUND = 0.04
_ASIDE = 0.012
_THROUGH = 0.10
_FULL = 0.95
_OVERFLOWING = 0.10
_SCRIBBLED = 0.30


def read_choice(field: PrintedField, looks: Sequence[BoxLook], how: How) -> FieldSeen:
    """The answer of a tick box or of a row of options, each box as it looks."""
    states = {spot.option: state_of(look) for spot, look in zip(field.spots, looks, strict=True)}
    number = field.spots[0].page
    value: str | bool | None
    if field.kind == "tick":
        value, why = ticked(states[""])
    else:
        value, why = chosen(states)
    if value is None:
        return doubtful(None, how, number, why)
    return taken(value, how, "certain", number)


def state_of(look: BoxLook) -> State:
    """What one box says."""
    if look.around >= _SCRIBBLED or (look.any >= _FULL and look.around >= _OVERFLOWING):
        return State.STRUCK
    if not look.placed:
        return State.LOST
    if look.any <= _TOUCHED:
        beside = look.around >= _AROUND or max(look.left, look.right) >= _ASIDE
        return State.BESIDE if beside else State.EMPTY
    if look.any >= _MARKED and (look.left >= _THROUGH or look.through or look.linked):
        return State.STRUCK
    if look.any >= _MARKED and look.dark >= _BLACK:
        return State.TICKED
    return State.FAINT


_WHY = {
    State.STRUCK: "une marque est raturée, déborde beaucoup, ou passe dans une autre case.",
    State.BESIDE: "quelque chose est écrit juste à côté d’une case vide.",
    State.FAINT: "une marque est trop pâle ou trop petite pour être sûre.",
    State.LOST: "une case est raturée, ou ne se retrouve pas à sa place (page pliée, tache).",
}


def chosen(states: dict[str, State]) -> tuple[str | None, str]:
    """The one option ticked ("" for none) and "", or None and why it must be asked back."""
    ticked = [option for option, state in states.items() if state is State.TICKED]
    if len(ticked) > 1:
        return None, "plusieurs réponses sont cochées alors qu’une seule est attendue."
    if why := _doubt(states):
        return None, why
    return (ticked[0] if ticked else ""), ""


def ticked(state: State) -> tuple[bool | None, str]:
    """Whether a box is ticked and "", or None and why it must be asked back."""
    return (None, _WHY[state]) if state in _WHY else (state is State.TICKED, "")


def _doubt(states: dict[str, State]) -> str:
    for state, why in _WHY.items():
        if state in states.values():
            return why
    return ""
