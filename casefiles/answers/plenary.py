"""F12, the PV of the jury plénier: the proposed results, steadied before the last jury (R78)."""

from typing import Annotated, ClassVar, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from casefiles.answers.header import Header
from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Choice,
    Each,
    Form,
    PastDate,
    Scope,
    Section,
    SignatureSpot,
)


class Steadied(Choice):
    """What the plénier passes on to the jury."""

    ACQUIRED = "acquise", "Acquise"
    NOT_ACQUIRED = "non_acquise", "Non acquise"


class Seated(Answers):
    """Who sits in one seat of the plénier."""

    name: Annotated[str, Ask(label="Nom et prénom", columns=4, capacity=80)]
    organisation: Annotated[str, Ask(label="Entreprise ou organisme", columns=4, capacity=80)]


class SteadiedResult(Answers):
    """One compétence: what was proposed, what is passed on, and why where the two differ."""

    proposed: Annotated[str | None, Ask(label="Proposé", columns=2, given=True)] = None
    steadied: Annotated[Steadied, Ask(label="Stabilisé", columns=3)]
    motive: Annotated[
        str | None, Ask(label="Motif, si cela diffère", columns=3, lines=2, capacity=90)
    ] = None


class Sitting(Answers):
    """When and where."""

    day: Annotated[PastDate, Ask(label="Réuni le", columns=3)]
    place: Annotated[str, Ask(label="À", columns=9, capacity=80)]
    comment: Annotated[
        str | None, Ask(label="Observations pour le jury", lines=2, capacity=400)
    ] = None


class Plenary(Form):
    """F12."""

    CODE: ClassVar[str] = "F12"
    NAME: ClassVar[str] = "plenier"
    TITLE: ClassVar[str] = "Procès-verbal du jury plénier"
    FILLER: ClassVar[str] = "le jury plénier, que préside l’organisme de formation"
    INTRO: ClassVar[str] = (
        "Le jury plénier stabilise les résultats proposés. Rien n’est acquis avant la décision du "
        "jury de délibération."
    )

    header: Annotated[Header, Section(title="")]
    members: Annotated[
        dict[str, Seated], Each(over="seats", title="Le jury plénier", row_label="Siège")
    ]
    results: Annotated[
        dict[str, SteadiedResult],
        Each(over="competences", title="Les résultats", row_label="Compétence"),
    ]
    sitting: Annotated[Sitting, Section(title="La réunion")]

    @model_validator(mode="after")
    def _one_seat_each(self) -> Self:
        names = [" ".join(m.name.casefold().split()) for m in self.members.values()]
        if len(set(names)) < len(names):
            raise PydanticCustomError(
                "plenier", "une même personne ne peut pas occuper deux sièges du jury plénier."
            )
        return self

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """Each seat may sign."""
        return tuple(
            SignatureSpot(name=f"signature/{seat.key}", label=seat.label, required=False)
            for seat in scope.rows("seats")
        )
