"""Fillable fields on a sheet: text, tick, one of several, signature.

Each is a widget under a « Form » element, with its words for who cannot see it (/TU) and an
appearance already written, so no viewer has to make one. Lines and boxes around them are page
content, drawn by whoever lays the page out; names hold no dot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.canvas import cross_path, dot_path, first_baseline
from forms.layout import Box
from forms.objects import Name, Ref, number
from forms.sheet import FORM_FONT, Sheet
from forms.style import ANSWER, TextStyle
from forms.tags import Element
from forms.typography import french, wrap

READ_ONLY = 1
REQUIRED = 1 << 1
MULTI_LINE = 1 << 12
RADIO = 1 << 15
NO_SPELLING = 1 << 22
PAD = 2.0
_PRINT = 4


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What a field is called: its name in the file, its words, and how firmly it is asked."""

    name: str
    words: str
    required: bool = False
    read_only: bool = False

    @property
    def flags(self) -> int:
        """Its bits of /Ff."""
        return REQUIRED * self.required | READ_ONLY * self.read_only


def text_field(
    sheet: Sheet,
    parent: Element,
    box: Box,
    spoken: Spoken,
    *,
    value: str = "",
    style: TextStyle = ANSWER,
    multi_line: bool = False,
) -> None:
    """A text field; on several lines its text keeps the size of `style` and starts at the top."""
    ref = sheet.objects.reserve()
    entries: dict[str, Any] = {
        "FT": Name("Tx"),
        "T": spoken.name,
        "TU": french(spoken.words),
        "F": _PRINT,
        "Ff": spoken.flags | (MULTI_LINE if multi_line else 0),
        "DA": f"/{FORM_FONT} {number(style.size).decode()} Tf 0 g",
        "BS": {"W": 1, "S": Name("S")},
        "MK": {},
        "AP": {"N": _text_appearance(sheet, box, value, style, multi_line)},
    }
    if value:
        entries["V"] = value
    _place(sheet, parent, box, entries, ref)
    sheet.fields.append(ref)


def tick(sheet: Sheet, parent: Element, box: Box, spoken: Spoken, *, value: bool = False) -> None:
    """A tick box, whose state when ticked is « Oui »."""
    ref = sheet.objects.reserve()
    state = Name("Oui" if value else "Off")
    entries = {
        "FT": Name("Btn"),
        "T": spoken.name,
        "TU": french(spoken.words),
        "F": _PRINT,
        "Ff": spoken.flags,
        "V": state,
        **_button(sheet, box, "Oui", state, b"8"),
    }
    _place(sheet, parent, box, entries, ref)
    sheet.fields.append(ref)


class OneOf:
    """A question answered by one option: one field whose widgets are placed one by one."""

    def __init__(self, sheet: Sheet, spoken: Spoken, *, value: str = "") -> None:
        self._sheet = sheet
        self._spoken = spoken
        self._value = value
        self._ref = sheet.objects.reserve()
        self._kids: list[Ref] = []
        sheet.fields.append(self._ref)

    def option(self, parent: Element, box: Box, value: str, words: str) -> None:
        """The round box of one option."""
        ref = self._sheet.objects.reserve()
        state = Name(value if value == self._value else "Off")
        entries = {
            "Parent": self._ref,
            "TU": french(f"{self._spoken.words} : {words}"),
            "F": _PRINT,
            **_button(self._sheet, box, value, state, b"l"),
        }
        _place(self._sheet, parent, box, entries, ref)
        self._kids.append(ref)

    def close(self) -> None:
        """All options are placed."""
        self._sheet.objects.put(
            self._ref,
            {
                "FT": Name("Btn"),
                "T": self._spoken.name,
                "TU": french(self._spoken.words),
                "Ff": RADIO | self._spoken.flags,
                "V": Name(self._value or "Off"),
                "Kids": self._kids,
            },
        )


def signature_field(
    sheet: Sheet,
    parent: Element,
    box: Box,
    spoken: Spoken,
    *,
    locks_all: bool = False,
    locks: Sequence[str] = (),
    closes: bool = False,
) -> None:
    """A place to sign; it asks that every field, or those named, stay as they are once signed.

    closes: it asks that nothing at all follow, as a last signature does (/P 1).
    """
    ref = sheet.objects.reserve()
    entries: dict[str, Any] = {
        "FT": Name("Sig"),
        "T": spoken.name,
        "TU": french(spoken.words),
        "F": _PRINT,
        "Ff": spoken.flags,
        "AP": {"N": _form(sheet, box, b"")},
    }
    if locks_all or locks or closes:
        lock: dict[str, Any] = {"Type": Name("SigFieldLock"), "Action": Name("All")}
        if locks:
            lock |= {"Action": Name("Include"), "Fields": list(locks)}
        if closes:
            lock["P"] = 1
        entries["Lock"] = sheet.objects.add(lock)
    _place(sheet, parent, box, entries, ref)
    sheet.fields.append(ref)


def carried(sheet: Sheet, parent: Element, name: str, words: str, value: str) -> None:
    """A read-only text that travels with the form and takes no room on the page."""
    ref = sheet.objects.reserve()
    entries = {
        "FT": Name("Tx"),
        "T": name,
        "TU": french(words),
        "F": _PRINT,
        "Ff": READ_ONLY | NO_SPELLING,
        "DA": f"/{FORM_FONT} 1 Tf 0 g",
        "V": value,
    }
    _place(sheet, parent, Box(sheet.frame.left, sheet.frame.bottom, 0, 0), entries, ref)
    sheet.fields.append(ref)


def _place(sheet: Sheet, parent: Element, box: Box, entries: Mapping[str, Any], ref: Ref) -> None:
    sheet.annotate(parent.child("Form"), box, entries, ref)


def _text_appearance(sheet: Sheet, box: Box, value: str, style: TextStyle, multi_line: bool) -> Ref:
    sheet.use_form_font()
    if not value:
        return _form(sheet, box, b"/Tx BMC EMC", font=True)
    room = box.width - 2 * PAD
    lines = wrap(value, style, room) if multi_line else (value.replace("\n", " "),)
    if multi_line:
        first = box.height - PAD - first_baseline(style)
    else:
        first = (box.height - 0.66 * style.size) / 2
    ops = [
        b"/Tx BMC q 0 0 %b %b re W n BT /%b %b Tf 0 g %b TL"
        % (
            number(box.width),
            number(box.height),
            FORM_FONT.encode(),
            number(style.size),
            number(style.leading),
        ),
        b"%b %b Td" % (number(PAD), number(first)),
        b" T* ".join(sheet.form_text(line) + b" Tj" for line in lines),
        b"ET Q EMC",
    ]
    return _form(sheet, box, b" ".join(ops), font=True)


def _button(sheet: Sheet, box: Box, on: str, state: Name, style: bytes) -> dict[str, Any]:
    size = number(box.width) + b" " + number(box.height)
    key = (size, style)
    appearances = sheet.appearances
    if key not in appearances:
        draw = (dot_path if style == b"l" else cross_path)(0, 0, box.width)
        appearances[key] = (_form(sheet, box, draw), _form(sheet, box, b""))
    drawn, empty = appearances[key]
    return {
        "AS": state,
        "AP": {"N": {on: drawn, "Off": empty}},
        "MK": {"CA": style.decode()},
        "BS": {"W": 1, "S": Name("S")},
    }


def _form(sheet: Sheet, box: Box, content: bytes, *, font: bool = False) -> Ref:
    entries: dict[str, Any] = {
        "Type": Name("XObject"),
        "Subtype": Name("Form"),
        "BBox": [0, 0, box.width, box.height],
    }
    if font:
        entries["Resources"] = {"Font": {FORM_FONT: sheet.use_form_font()}}
    return sheet.objects.stream(entries, content)
