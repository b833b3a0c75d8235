"""The words a form is written in: annotations that turn a pydantic model into questions.

A form is a `Form` subclass. Each field carries what a person is asked (`Ask`), a nested model is a
section (`Section`), a dict or a list of models is a table (`Each`, `Lines`). `outline.py` lays the
model out as questions, `reading.py` takes raw values back into it. Nothing here knows of PDF.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from casefiles.certification import Certification


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table keyed by data: a criterion, a compétence, a candidate."""

    key: str
    label: str
    group: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a form is about: the certification, the part of it, and lists known only at print time.

    `blocs` empty means all of them; `lists` holds rows such as the candidates of a session.
    """

    certification: Certification
    blocs: tuple[str, ...] = ()
    competence: str = ""
    lists: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def rows(self, over: str) -> tuple[Row, ...]:
        """The rows of « blocs », « competences », « criteria », « results », « modalities »…"""
        if over in self.lists:
            return tuple(self.lists[over])
        chosen = [b for b in self.certification.blocs if not self.blocs or b.id in self.blocs]
        if over == "blocs":
            return tuple(Row(key=b.id, label=b.title) for b in chosen)
        if over == "competences":
            return tuple(
                Row(key=c.id, label=f"{c.number}. {c.title}", group=b.title)
                for b in chosen
                for c in b.competences
            )
        if over in ("criteria", "results") and self.competence:
            one = self.certification.competence(self.competence)
            if over == "results":
                return tuple(Row(key=r.id, label=r.text, items=r.items) for r in one.results)
            return tuple(
                Row(key=c.id, label=c.text, group=c.heading.label, items=c.items)
                for c in one.criteria
            )
        return ()

    def allowed(self, only: str) -> tuple[str, ...]:
        """The values of a choice this certification offers: « outcomes », « routes »…"""
        if only == "outcomes":
            return tuple(self.certification.outcomes)
        if only == "routes":
            return tuple(name for name, route in self.certification.routes.items() if route.open)
        if only == "modalities":
            return tuple(m.id for m in self.certification.modalities)
        return ()


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question: its words, and the room it gets.

    columns: width on a grid of 12; lines: height in lines of text (more than one is multi-line at
    a fixed size); capacity: characters accepted, at most; given: known by the office, printed
    read-only and compared on return; only: prints just the options `Scope.allowed(only)` names.
    Whether an answer is optional is said by the model's own default.
    """

    label: str
    help: str = ""
    columns: int = 12
    lines: int = 1
    capacity: int = 0
    given: bool = False
    only: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """A titled group of questions, made of a nested model."""

    title: str
    intro: str = ""


@dataclass(frozen=True, kw_only=True)
class Each:
    """A table with one row per `Scope.rows(over)`; the field is a dict keyed by row.

    cards: each row is a titled group of its own instead of a line, for rows with many answers.
    """

    over: str
    title: str
    intro: str = ""
    row_label: str = ""
    cards: bool = False


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A table with `count` blank lines; the field is a list, lines left blank are dropped."""

    count: int
    title: str
    intro: str = ""


@dataclass(frozen=True, kw_only=True)
class SignatureSpot:
    """Where somebody signs: the field's name, whose it is, and what signing locks.

    locks: « all » closes every answer of the form, « none » leaves them open.
    """

    name: str
    label: str
    locks: str = "none"
    required: bool = True


class Choice(StrEnum):
    """A one-of-several answer; a member is written `NAME = "value", "ce que lit la personne"`."""

    label: str

    def __new__(cls, value: str, label: str) -> "Choice":
        """Keep the words beside the value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Answers(BaseModel):
    """Base of every part of a form: frozen, nothing unknown, texts trimmed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Form(Answers):
    """A whole form. CODE is the « F5 » of the procedure, NAME its word on the command line."""

    CODE: ClassVar[str]
    NAME: ClassVar[str]
    TITLE: ClassVar[str]
    VERSION: ClassVar[int] = 1
    FILLER: ClassVar[str]
    INTRO: ClassVar[str] = ""

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """The places to sign, in signing order; none by default."""
        return ()


_DATE = re.compile(r"^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})$")
_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


def french_date(value: Any) -> Any:
    """A date written jj/mm/aaaa (or ISO, as viewers with a calendar do); ValueError in French."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if found := _DATE.match(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO_DATE.match(text):
        year, month, day = (int(part) for part in found.groups())
    else:
        raise ValueError(
            f"« {text} » ne se lit pas comme une date ; écrivez jour/mois/année, "
            "par exemple 07/03/2026."
        )
    if year < 1900:
        raise ValueError(f"le {text} est trop loin dans le passé ; vérifiez l’année.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            f"le {text} n’existe pas au calendrier ; vérifiez le jour et le mois."
        ) from None


def today_of(info: ValidationInfo) -> date:
    """The day the answers are judged on, passed in the validation context as « today »."""
    context: Mapping[str, Any] = info.context or {}
    return context.get("today", date.max)  # type: ignore[no-any-return]


def _not_in_the_future(value: date, info: ValidationInfo) -> date:
    if value > today_of(info):
        raise ValueError(f"le {value:%d/%m/%Y} est dans le futur ; vérifiez l’année.")
    return value


FrenchDate = Annotated[date, BeforeValidator(french_date)]


def _past(value: Any, info: ValidationInfo) -> Any:
    read = french_date(value)
    return _not_in_the_future(read, info) if isinstance(read, date) else read


PastDate = Annotated[date, BeforeValidator(_past)]
