"""How an answer reaches the page: as a field to fill, or written down for good.

Layout is the same for both, so a reading copy looks like the form it was read from.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from casefiles.answers.outline import Kind, Question
from casefiles.answers.vocabulary import SignatureSpot
from forms.canvas import cross_path, dot_path
from forms.fields import PAD, OneOf, Spoken, signature_field, text_field, tick
from forms.layout import Box
from forms.sheet import Sheet
from forms.style import DARK, HAIR, LABEL, TINT, TextStyle
from forms.tags import Element
from forms.typography import wrap

DATE_HINT = "jj/mm/aaaa"
_CONTINUED = "[…] la suite se lit dans l’original."


class Ink(ABC):
    """Values by field name; `prefix` goes before every name (a grid inside a bundle)."""

    def __init__(self, sheet: Sheet, values: Mapping[str, Any], prefix: str = "") -> None:
        self.sheet = sheet
        self.prefix = prefix
        self._values = values

    def answer(self, question: Question) -> str:
        """The value as printed; "" for none."""
        value = self._values.get(question.name)
        if value is None or isinstance(value, bool):
            return ""
        if isinstance(value, Enum):
            return str(value.value)
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        return str(value)

    def ticked(self, question: Question) -> bool:
        """Whether a tick is set."""
        return self._values.get(question.name) is True

    def bed(self, box: Box, question: Question) -> None:
        """What an answer lies on: a tint over a line, or only a fine line for what is given."""
        self.tint(box, question)
        grey = HAIR if question.given else DARK
        self.sheet.rule(box.x, box.bottom, box.width, weight=0.5, grey=grey)

    def tint(self, box: Box, question: Question) -> None:
        """The tint that says « write here »."""
        if not question.given:
            self.sheet.rect(box, fill=TINT)

    def ring(self, box: Box) -> None:
        """The round outline of an option."""
        self.sheet.circle(
            box.x + box.width / 2, box.y + box.height / 2, box.width / 2 - 0.4, stroke=DARK
        )

    def square(self, box: Box) -> None:
        """The outline of a tick box."""
        self.sheet.rect(box.inset(0.4), stroke=DARK, weight=0.8)

    @abstractmethod
    def text(
        self,
        parent: Element,
        box: Box,
        question: Question,
        words: str,
        style: TextStyle,
        many: bool,
    ) -> None:
        """A text or a date; `many` lines or one."""

    @abstractmethod
    def tick(self, parent: Element, box: Box, question: Question, words: str) -> None:
        """A tick box."""

    @abstractmethod
    def one_of(
        self, question: Question, words: str, places: Mapping[str, tuple[Element, Box]]
    ) -> None:
        """The options of a question, each under its element in its box."""

    @abstractmethod
    def sign(self, parent: Element, box: Box, spot: SignatureSpot, locks: tuple[str, ...]) -> None:
        """A place to sign; `locks` names the fields it closes when not all of the file."""


class Fillable(Ink):
    """Fields, with what is known already in them."""

    def _spoken(self, question: Question, words: str) -> Spoken:
        hint = f" ({DATE_HINT})" if question.kind is Kind.DATE else ""
        return Spoken(
            name=self.prefix + question.name,
            words=words + hint,
            required=question.required,
            read_only=question.given,
        )

    def text(
        self,
        parent: Element,
        box: Box,
        question: Question,
        words: str,
        style: TextStyle,
        many: bool,
    ) -> None:
        """A text field."""
        text_field(
            self.sheet,
            parent,
            box,
            self._spoken(question, words),
            value=self.answer(question),
            style=style,
            multi_line=many,
        )

    def tick(self, parent: Element, box: Box, question: Question, words: str) -> None:
        """A check box."""
        self.square(box)
        value = self.ticked(question)
        tick(self.sheet, parent, box, self._spoken(question, words), value=value)

    def one_of(
        self, question: Question, words: str, places: Mapping[str, tuple[Element, Box]]
    ) -> None:
        """Radio buttons of one field."""
        field = OneOf(self.sheet, self._spoken(question, words), value=self.answer(question))
        for option in question.options:
            parent, box = places[option.value]
            self.ring(box)
            field.option(parent, box, option.value, option.label)
        field.close()

    def sign(self, parent: Element, box: Box, spot: SignatureSpot, locks: tuple[str, ...]) -> None:
        """An empty signature field."""
        self.sheet.rect(box, stroke=DARK, weight=0.5)
        spoken = Spoken(name=self.prefix + spot.name, words=spot.label)
        closes = spot.locks == "all"
        signature_field(
            self.sheet,
            parent,
            box,
            spoken,
            locks_all=closes and not locks,
            locks=locks if closes else (),
        )


class Written(Ink):
    """Page content; `signed` says, by the name of each signature, what was found."""

    def __init__(
        self,
        sheet: Sheet,
        values: Mapping[str, Any],
        prefix: str = "",
        signed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sheet, values, prefix)
        self._signed = signed or {}

    def tint(self, box: Box, question: Question) -> None:
        """Nothing: there is nothing left to write."""

    def text(
        self,
        parent: Element,
        box: Box,
        question: Question,
        words: str,
        style: TextStyle,
        many: bool,
    ) -> None:
        """The words themselves, as many lines as the box has."""
        answer = self.answer(question)
        if answer:
            lines = wrap(answer, style, box.width - 2 * PAD)
            most = max(1, int((box.height - 2 * PAD + 0.1) / style.leading))
            if len(lines) > most:
                lines = (*lines[: most - 1], _CONTINUED)
            top = box.y + (PAD if many else (box.height - style.leading) / 2)
            with self.sheet.tagged(parent.child("Span")):
                self.sheet.lines(box.x + PAD, top, lines, style)

    def tick(self, parent: Element, box: Box, question: Question, words: str) -> None:
        """A crossed box, or an empty one."""
        self.square(box)
        if self.ticked(question):
            self._mark(parent, box, "Oui", round_=False)

    def one_of(
        self, question: Question, words: str, places: Mapping[str, tuple[Element, Box]]
    ) -> None:
        """A filled ring for the option chosen."""
        answer = self.answer(question)
        for option in question.options:
            parent, box = places[option.value]
            self.ring(box)
            if option.value == answer:
                self._mark(parent, box, option.label, round_=True)

    def sign(self, parent: Element, box: Box, spot: SignatureSpot, locks: tuple[str, ...]) -> None:
        """What is known of the signature."""
        self.sheet.rect(box, stroke=DARK, weight=0.5)
        found = self._signed.get(self.prefix + spot.name, "")
        if found:
            with self.sheet.tagged(parent.child("Span")):
                lines = wrap(found, LABEL, box.width - 12)
                self.sheet.lines(box.x + 6, box.y + 5, lines, LABEL)

    def _mark(self, parent: Element, box: Box, words: str, *, round_: bool) -> None:
        x, y, size, _ = self.sheet.place(box)
        with self.sheet.tagged(parent.child("Span", actual=words)):
            self.sheet.raw((dot_path if round_ else cross_path)(x, y, size))
