"""F3, the positionnement or évaluation préalable: what is known already, and the course that
follows from it (R26–R28, R72, R73).
"""

from typing import Annotated, ClassVar, Self

from pydantic import ValidationInfo, model_validator
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
    TimeSpent,
    scope_of,
)


class Level(Choice):
    """Where the candidate stands before the course."""

    ACQUIRED = "acquise", "Acquise"
    PARTLY = "en_partie", "En partie"
    TO_ACQUIRE = "a_acquerir", "À acquérir"


class EmployerSide(Choice):
    """Who answered for the company (R27)."""

    EMPLOYER = "employeur", "L’employeur"
    DELEGATE = "delegue", "Une personne à qui il l’a délégué"


class Test(Answers):
    """The test."""

    day: Annotated[PastDate, Ask(label="Date", columns=3)]
    spent: Annotated[TimeSpent, Ask(label="Durée (ex. 1 h 30)", columns=3, capacity=10)]
    result: Annotated[str, Ask(label="Résultat", columns=6, capacity=80)]


class Interview(Answers):
    """The interview of the candidate."""

    day: Annotated[PastDate, Ask(label="Date", columns=3)]
    spent: Annotated[TimeSpent, Ask(label="Durée (ex. 1 h 30)", columns=3, capacity=10)]
    led_by: Annotated[str, Ask(label="Mené par", columns=6, capacity=80)]


class EmployerInterview(Answers):
    """The complementary interview with the employer or their delegate."""

    day: Annotated[PastDate, Ask(label="Date", columns=3)]
    spent: Annotated[TimeSpent, Ask(label="Durée (ex. 0 h 30)", columns=3, capacity=10)]
    person: Annotated[str, Ask(label="Personne entendue et sa fonction", columns=6, capacity=100)]
    side: Annotated[EmployerSide, Ask(label="Cette personne est")]


class CompetenceLevel(Answers):
    """One compétence before the course."""

    level: Annotated[Level, Ask(label="À l’entrée", columns=4)]
    comment: Annotated[str | None, Ask(label="Observation", columns=4, lines=2, capacity=70)] = None


class Course(Answers):
    """The individual course, and who answers for this positioning."""

    plan: Annotated[str, Ask(label="Contenu et durée du parcours proposé", lines=4, capacity=600)]
    by: Annotated[str, Ask(label="Établi par", columns=9, capacity=100)]
    day: Annotated[PastDate, Ask(label="Le", columns=3)]


class Positioning(Form):
    """F3."""

    CODE: ClassVar[str] = "F3"
    NAME: ClassVar[str] = "positionnement"
    TITLE: ClassVar[str] = "Positionnement"
    FILLER: ClassVar[str] = "l’organisme de formation, avec le candidat et son employeur"
    INTRO: ClassVar[str] = (
        "L’évaluation préalable des compétences acquises et de celles qui manquent ; le parcours "
        "individualisé en découle."
    )

    header: Annotated[Header, Section(title="")]
    test: Annotated[
        Test | None, Section(title="Le test", intro="À laisser vide là où aucun test n’est prévu.")
    ] = None
    interview: Annotated[Interview, Section(title="L’entretien avec le candidat")]
    employer: Annotated[
        EmployerInterview | None,
        Section(
            title="L’entretien complémentaire avec l’employeur",
            intro="À laisser vide si le candidat n’a pas d’entreprise.",
        ),
    ] = None
    competences: Annotated[
        dict[str, CompetenceLevel],
        Each(over="competences", title="Les compétences à l’entrée", row_label="Compétence"),
    ]
    course: Annotated[Course, Section(title="Le parcours individualisé")]

    @model_validator(mode="after")
    def _is_tested(self, info: ValidationInfo) -> Self:
        """R27: where the certification plans a step for it, a test is part of it."""
        scope = scope_of(info)
        if self.test is None and scope and scope.certification.step("positionnement"):
            raise PydanticCustomError(
                "reponse_attendue", "le positionnement de cette certification comporte un test."
            )
        return self

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """Both may sign."""
        return (
            SignatureSpot(
                name="signature/organisme", label="Pour l’organisme de formation", required=False
            ),
            SignatureSpot(name="signature/candidat", label="Signature du candidat", required=False),
        )
