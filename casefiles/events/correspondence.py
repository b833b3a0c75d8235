"""What the office may ask to be written to people: convocations, relances."""

from typing import Literal

from casefiles.events.facts import Fact


class ConvocationsAsked(Fact):
    """The office convenes the members and the candidates of a session; changes then follow."""

    type: Literal["ConvocationsAsked"] = "ConvocationsAsked"
    by: str
    because: str


class ReminderAsked(Fact):
    """The office has everybody who owes something to this case reminded by letter."""

    type: Literal["ReminderAsked"] = "ReminderAsked"
    by: str
    because: str
