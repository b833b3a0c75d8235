"""F7, the cover sheet of the report a candidate presents: what it covers, when it came (R52)."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casefiles.answers.header import Header
from casefiles.answers.vocabulary import Answers, Ask, Each, Form, PastDate, Section


class Covered(Answers):
    """Whether the report bears on one compétence."""

    covered: Annotated[bool, Ask(label="Traitée", columns=2)] = False


class Delivery(Answers):
    """The report, and its receipt by the exam centre."""

    title: Annotated[str, Ask(label="Titre du rapport", columns=12, capacity=160)]
    deadline: Annotated[str | None, Ask(label="Attendu le", columns=3, given=True)] = None
    received: Annotated[PastDate, Ask(label="Reçu le", columns=3)]
    by: Annotated[str, Ask(label="Reçu par", columns=6, capacity=80)]
    pages: Annotated[
        int | None, Field(ge=1, le=9999), Ask(label="Pages", columns=3, capacity=4)
    ] = None
    digest: Annotated[
        str | None,
        Ask(label="Empreinte SHA-256 du fichier, si elle est connue", columns=9, capacity=64),
    ] = None


class Report(Form):
    """F7."""

    CODE: ClassVar[str] = "F7"
    NAME: ClassVar[str] = "rapport"
    TITLE: ClassVar[str] = "Bordereau du rapport de projet"
    FILLER: ClassVar[str] = "le centre d’examen, à la réception du rapport"
    INTRO: ClassVar[str] = (
        "Pour les blocs évalués par la présentation de projets ou d’activités : le rapport est "
        "transmis dans les délais fixés au dossier des modalités."
    )

    header: Annotated[Header, Section(title="")]
    delivery: Annotated[Delivery, Section(title="Le rapport")]
    competences: Annotated[
        dict[str, Covered],
        Each(over="competences", title="Ce dont il traite", row_label="Compétence"),
    ]

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        if self.competences and not any(c.covered for c in self.competences.values()):
            raise PydanticCustomError(
                "reponse_attendue", "cochez au moins une compétence dont le rapport traite."
            )
        return self
