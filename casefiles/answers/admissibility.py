"""F8, the recevabilité of a VAE: the candidate’s request, then the certifier’s decision (R14, R64).

Two sheets, so that the decision is taken on what was added up of the request. How the months are
counted is for rules/.
"""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casefiles.answers.header import Header
from casefiles.answers.vocabulary import (
    Answers,
    Ask,
    Choice,
    Form,
    Lines,
    PastDate,
    Scope,
    Section,
    SignatureSpot,
)


class Nature(Choice):
    """How the experience was gained: extra-professional experience counts too (R14)."""

    EMPLOYEE = "salarie", "Salarié"
    INDEPENDENT = "independant", "Indép."
    VOLUNTEER = "benevole", "Bénévole"


class Experience(Answers):
    """One experience in direct relation with the certification; no end yet: it still lasts."""

    employer: Annotated[str, Ask(label="Employeur ou association", columns=3, lines=2, capacity=44)]
    post: Annotated[str, Ask(label="Activité exercée", columns=3, lines=2, capacity=44)]
    nature: Annotated[Nature, Ask(label="À titre", columns=3)]
    start: Annotated[PastDate, Ask(label="Du", columns=2)]
    end: Annotated[PastDate | None, Ask(label="Au", columns=2)] = None
    hours: Annotated[
        int | None, Field(ge=1, le=80), Ask(label="h / sem.", columns=1, capacity=2)
    ] = None

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise ValueError("cette expérience se termine avant d’avoir commencé.")
        return self


class Statement(Answers):
    """What is joined, and what the candidate swears."""

    diplomas: Annotated[
        str | None, Ask(label="Diplômes, titres ou blocs déjà obtenus", lines=2, capacity=300)
    ] = None
    proofs: Annotated[
        str,
        Ask(
            label="Justificatifs joints",
            help="Certificats de travail, bulletins, attestations d’association…",
            lines=3,
            capacity=500,
        ),
    ]
    sworn: Annotated[
        bool,
        Ask(label="J’atteste sur l’honneur l’exactitude des informations ci-dessus.", anew=True),
    ] = False
    place: Annotated[str | None, Ask(label="Fait à", columns=6, capacity=60)] = None
    day: Annotated[PastDate, Ask(label="Le", columns=3)]

    @model_validator(mode="after")
    def _is_sworn(self) -> Self:
        if not self.sworn:
            raise PydanticCustomError(
                "reponse_attendue", "la déclaration sur l’honneur est à cocher par le candidat."
            )
        return self


class Admissibility(Form):
    """F8, the request."""

    CODE: ClassVar[str] = "F8"
    NAME: ClassVar[str] = "recevabilite"
    TITLE: ClassVar[str] = "Demande de recevabilité VAE"
    FILLER: ClassVar[str] = "le candidat"
    INTRO: ClassVar[str] = (
        "Listez les expériences en rapport direct avec la certification, professionnelles ou "
        "bénévoles, continues ou non : elles s’additionnent. Laissez vide la date de fin d’une "
        "activité en cours."
    )

    header: Annotated[Header, Section(title="")]
    experiences: Annotated[
        list[Experience], Field(min_length=1), Lines(count=8, title="Les expériences")
    ]
    statement: Annotated[Statement, Section(title="Pièces et déclaration")]

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """The candidate may sign."""
        return (
            SignatureSpot(name="signature/candidat", label="Signature du candidat", required=False),
        )


class Admission(Choice):
    """What the certifier decides of the request."""

    ADMITTED = "recevable", "Recevable"
    REFUSED = "non_recevable", "Non recevable"
    INCOMPLETE = "incomplete", "Incomplète"


class Summed(Answers):
    """What was added up of the request, for who decides."""

    months: Annotated[str | None, Ask(label="Expérience additionnée", columns=6, given=True)] = None
    minimum: Annotated[str | None, Ask(label="Durée demandée", columns=6, given=True)] = None
    detail: Annotated[str | None, Ask(label="Périodes retenues", lines=2, given=True)] = None


class AdmissionDecision(Answers):
    """The decision, and who took it."""

    verdict: Annotated[Admission, Ask(label="La demande est")]
    motive: Annotated[
        str | None,
        Ask(label="Motif", help="Nécessaire sauf si elle est recevable.", lines=3, capacity=400),
    ] = None
    by: Annotated[str, Ask(label="Décidé par", columns=5, capacity=80)]
    quality: Annotated[str, Ask(label="Qualité", columns=4, capacity=60)]
    day: Annotated[PastDate, Ask(label="Le", columns=3)]

    @model_validator(mode="after")
    def _a_refusal_is_explained(self) -> Self:
        if self.verdict is not Admission.ADMITTED and not self.motive:
            raise PydanticCustomError(
                "reponse_attendue",
                "une demande refusée ou incomplète demande un motif, pour le candidat.",
            )
        return self


class AdmissibilityDecision(Form):
    """F8, the decision."""

    CODE: ClassVar[str] = "F8D"
    NAME: ClassVar[str] = "recevabilite_decision"
    TITLE: ClassVar[str] = "Décision de recevabilité VAE"
    FILLER: ClassVar[str] = "le certificateur"
    INTRO: ClassVar[str] = (
        "Les périodes qui se recouvrent ne comptent qu’une fois ; trente jours restants font un "
        "mois."
    )

    header: Annotated[Header, Section(title="")]
    summed: Annotated[Summed, Section(title="Ce que dit la demande")]
    decision: Annotated[AdmissionDecision, Section(title="La décision")]

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """The certifier may sign."""
        return (
            SignatureSpot(
                name="signature/certificateur", label="Pour le certificateur", required=False
            ),
        )
