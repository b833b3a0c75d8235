"""The words a form is written in: annotations that turn a pydantic model into questions.

A form is a `Form` subclass. Each field carries what a person is asked (`Ask`), a nested model is a
section (`Section`), a dict or a list of models is a table (`Each`, `Lines`). `outline.py` lays the
model out as questions, `reading.py` takes raw values back into it. Nothing here knows of PDF.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from casefiles.answers.scope import Row, Scope

__all__ = [
    "Answers",
    "Ask",
    "Choice",
    "Each",
    "Form",
    "FrenchDate",
    "Lines",
    "PastDate",
    "Row",
    "Scope",
    "Section",
    "SignatureSpot",
    "TimeSpent",
    "YesNo",
    "duration_words",
    "french_date",
    "scope_of",
    "today_of",
]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One question: its words, and the room it gets.

    columns: width on a grid of 12; lines: height in lines of text (more than one is multi-line at
    a fixed size); capacity: characters accepted, at most; given: known by the office, printed
    read-only and compared on return; only: prints just the options `Scope.allowed(only)` names;
    when: asked only where `Scope.rows(when)` has rows; anew: a consent or a declaration, never
    carried over from one copy to another.
    Whether an answer is optional is said by the model's own default.
    """

    label: str
    help: str = ""
    columns: int = 12
    lines: int = 1
    capacity: int = 0
    given: bool = False
    only: str = ""
    when: str = ""
    anew: bool = False


@dataclass(frozen=True, kw_only=True)
class Section:
    """A titled group of questions, made of a nested model."""

    title: str
    intro: str = ""


@dataclass(frozen=True, kw_only=True)
class Each:
    """A table with one row per `Scope.rows(over)`; the field is a dict keyed by row.

    cards: each row is a titled group of its own instead of a line, for rows with many answers;
    count: so many rows instead, « 1 », « 2 »…, named by `row_label`.
    """

    over: str = ""
    title: str
    intro: str = ""
    row_label: str = ""
    cards: bool = False
    count: int = 0

    def rows(self, scope: Scope) -> tuple[Row, ...]:
        """The rows of the table for that scope."""
        if not self.count:
            return scope.rows(self.over)
        numbers = range(1, self.count + 1)
        return tuple(Row(key=str(n), label=f"{self.row_label} {n}") for n in numbers)


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


class YesNo(Choice):
    """Oui or non."""

    YES = "oui", "Oui"
    NO = "non", "Non"


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
        raise ValueError(f"le {text} est trop loin dans le passé ; vérifiez la date.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(
            f"le {text} n’existe pas au calendrier ; vérifiez le jour et le mois."
        ) from None


def scope_of(info: ValidationInfo) -> Scope | None:
    """What the form is about, passed in the validation context as « scope »."""
    context: Mapping[str, Any] = info.context or {}
    return context.get("scope")


def today_of(info: ValidationInfo) -> date:
    """The day the answers are judged on, passed in the validation context as « today »."""
    context: Mapping[str, Any] = info.context or {}
    return context.get("today", date.max)  # type: ignore[no-any-return]


def _not_in_the_future(value: date, info: ValidationInfo) -> date:
    if value > today_of(info):
        raise ValueError(f"le {value:%d/%m/%Y} est dans le futur ; vérifiez la date.")
    return value


FrenchDate = Annotated[date, BeforeValidator(french_date)]


def _past(value: Any, info: ValidationInfo) -> Any:
    read = french_date(value)
    return _not_in_the_future(read, info) if isinstance(read, date) else read


PastDate = Annotated[date, BeforeValidator(_past)]


_HOURS = re.compile(
    r"^(\d{1,2})\s*(?:(?:h|:|heures?)\s*(?:(\d{1,2})\s*(?:min)?)?(?::00)?)?$", re.IGNORECASE
)
_MINUTES = re.compile(r"^(\d{1,3})\s*min(?:utes?)?$", re.IGNORECASE)


def _time_spent(value: Any) -> Any:
    """A duration under a day: « 3 h 30 », « 3:30 », « 45 min »; a bare number counts hours."""
    if not isinstance(value, str):
        return value
    text = " ".join(value.split())
    if found := _MINUTES.match(text):
        return timedelta(minutes=int(found[1]))
    found = _HOURS.match(text)
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (24, 0)
    if hours > 23 or minutes > 59:
        raise ValueError(
            f"« {text} » ne se lit pas comme une durée ; écrivez des heures et des minutes, "
            "par exemple 3 h 30."
        )
    return timedelta(hours=hours, minutes=minutes)


def duration_words(spent: timedelta) -> str:
    """« 3 h 30 », « 14 h », « 45 min »."""
    hours, minutes = divmod(int(spent.total_seconds()) // 60, 60)
    if not hours:
        return f"{minutes}\N{NO-BREAK SPACE}min"
    whole = f"{hours}\N{NO-BREAK SPACE}h"
    return f"{whole}\N{NO-BREAK SPACE}{minutes:02d}" if minutes else whole


TimeSpent = Annotated[timedelta, BeforeValidator(_time_spent)]
