"""The attendance at the préparation, half-day by half-day (R29)."""

from datetime import timedelta
from typing import Annotated, ClassVar, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from casefiles.answers.header import Header
from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Each,
    Form,
    PastDate,
    Scope,
    Section,
    SignatureSpot,
    TimeSpent,
    YesNo,
)


class HalfDay(Answers):
    """One half-day."""

    day: Annotated[PastDate, Ask(label="Date", columns=3)]
    present: Annotated[YesNo, Ask(label="Présent", columns=3)]
    spent: Annotated[TimeSpent | None, Ask(label="Durée (ex. 3 h 30)", columns=3, capacity=10)] = (
        None
    )

    @model_validator(mode="after")
    def _presence_lasts(self) -> Self:
        if self.present is YesNo.YES and not self.spent:
            raise PydanticCustomError(
                "reponse_attendue", "une présence demande sa durée, par exemple 3 h 30."
            )
        return self


class Trainer(Answers):
    """Who trained, and answers for the attendance."""

    name: Annotated[str, Ask(label="Formateur", columns=5, capacity=80)]
    organisation: Annotated[str, Ask(label="Organisme de formation", columns=4, capacity=100)]
    day: Annotated[PastDate, Ask(label="Attesté le", columns=3)]


class Preparation(Form):
    """Attendance at the préparation."""

    CODE: ClassVar[str] = "F3P"
    NAME: ClassVar[str] = "preparation"
    TITLE: ClassVar[str] = "Émargement de la préparation"
    FILLER: ClassVar[str] = "le formateur"
    INTRO: ClassVar[str] = "Une ligne par demi-journée, y compris celles où le candidat manquait."

    header: Annotated[Header, Section(title="")]
    half_days: Annotated[
        dict[str, HalfDay],
        Each(over="half_days", title="La présence", row_label="Demi-journée"),
    ]
    trainer: Annotated[Trainer, Section(title="Le formateur")]

    @property
    def attended(self) -> timedelta:
        """The time the candidate was there."""
        present = (h.spent for h in self.half_days.values() if h.present is YesNo.YES)
        return sum((spent for spent in present if spent), timedelta())

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """Both may sign."""
        return (
            SignatureSpot(name="signature/candidat", label="Signature du candidat", required=False),
            SignatureSpot(
                name="signature/formateur", label="Signature du formateur", required=False
            ),
        )
