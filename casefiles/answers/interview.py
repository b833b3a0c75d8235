"""F10, the entretien de validation: what the commission found of each compétence (R64)."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casefiles.answers.header import Header
from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Choice,
    Each,
    Form,
    Lines,
    PastDate,
    Scope,
    Section,
    SignatureSpot,
)


class Validated(Choice):
    """The commission’s word on one compétence."""

    YES = "validee", "Validée"
    NO = "non_validee", "Non validée"


class Sitting(Answers):
    """When and where."""

    day: Annotated[PastDate, Ask(label="Date de l’entretien", columns=3)]
    place: Annotated[str, Ask(label="Lieu", columns=9, capacity=80)]


class CommissionMember(Answers):
    """One member of the commission, and their independence of the candidate."""

    name: Annotated[str, Ask(label="Nom et prénom", columns=4, capacity=80)]
    quality: Annotated[str, Ask(label="Qualité", columns=3, capacity=60)]
    organisation: Annotated[
        str | None, Ask(label="Entreprise ou organisme", columns=3, capacity=80)
    ] = None
    independent: Annotated[bool, Ask(label="Sans lien", columns=2, anew=True)] = False


class Judged(Answers):
    """One compétence."""

    verdict: Annotated[Validated, Ask(label="La commission", columns=3)]
    comment: Annotated[
        str | None, Ask(label="Si non validée, pourquoi", columns=4, lines=2, capacity=110)
    ] = None

    @model_validator(mode="after")
    def _a_refusal_is_explained(self) -> Self:
        if self.verdict is Validated.NO and not self.comment:
            raise PydanticCustomError(
                "reponse_attendue", "ce qui n’est pas validé demande un mot d’explication."
            )
        return self


class Remarks(Answers):
    """What the jury should know."""

    comment: Annotated[
        str | None, Ask(label="Observations pour le jury", lines=3, capacity=500)
    ] = None


class ValidationInterview(Form):
    """F10."""

    CODE: ClassVar[str] = "F10"
    NAME: ClassVar[str] = "entretien"
    TITLE: ClassVar[str] = "Entretien de validation VAE"
    FILLER: ClassVar[str] = "la commission de validation"
    INTRO: ClassVar[str] = (
        "L’entretien porte sur le dossier de preuves. « Sans lien » : le membre déclare n’avoir "
        "aucun lien personnel ou professionnel avec le candidat."
    )

    header: Annotated[Header, Section(title="")]
    sitting: Annotated[Sitting, Section(title="L’entretien")]
    members: Annotated[
        list[CommissionMember], Field(min_length=1), Lines(count=4, title="La commission")
    ]
    competences: Annotated[
        dict[str, Judged],
        Each(over="competences", title="Ce que la commission valide", row_label="Intitulé"),
    ]
    remarks: Annotated[Remarks, Section(title="")]

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """Two members may sign on screen."""
        return (
            SignatureSpot(name="signature/membre-1", label="Un membre", required=False),
            SignatureSpot(name="signature/membre-2", label="Un autre membre", required=False),
        )
