"""F4, the dossier des modalités d’évaluation: how each bloc will be evaluated (R49–R53).

The centre d’examen and the company (or the candidate) agree on it before any evaluation.
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
    FrenchDate,
    PastDate,
    Scope,
    Section,
    SignatureSpot,
    scope_of,
)


class ModalityChoice(Choice):
    """The three modalities a commission applies; (d), the avis, completes each of them."""

    A = "a", "a) Situation professionnelle réelle"
    B = "b", "b) Présentation de projets ou d’activités"
    C = "c", "c) Situation professionnelle reconstituée"


class BlocModality(Answers):
    """How one bloc is evaluated."""

    modality: Annotated[ModalityChoice, Ask(label="Modalité retenue", only="modalities")]
    justification: Annotated[
        str | None,
        Ask(
            label="Justification de la situation reconstituée",
            help="Nécessaire pour une modalité exceptionnelle.",
            lines=2,
            capacity=240,
        ),
    ] = None
    place: Annotated[str, Ask(label="Lieu", columns=6, capacity=80)]
    start: Annotated[FrenchDate, Ask(label="Du", columns=3)]
    end: Annotated[FrenchDate, Ask(label="Au", columns=3)]
    evaluators: Annotated[str, Ask(label="Évaluateurs de la commission", columns=9, capacity=120)]
    report_deadline: Annotated[FrenchDate | None, Ask(label="Rapport attendu le", columns=3)] = None
    equipment: Annotated[str | None, Ask(label="Équipements ou postes concernés", capacity=120)] = (
        None
    )

    @model_validator(mode="after")
    def _is_complete(self, info: ValidationInfo) -> Self:
        scope = scope_of(info)
        exceptional = (
            [m.id for m in scope.certification.modalities if m.exceptional] if scope else []
        )
        if self.modality.value in exceptional and not self.justification:
            raise PydanticCustomError(
                "reponse_attendue",
                "la modalité {modality} demande une justification écrite (R50).",
                {"modality": self.modality.value},
            )
        if self.modality is ModalityChoice.B and self.report_deadline is None:
            raise PydanticCustomError(
                "reponse_attendue",
                "la modalité b demande la date à laquelle le rapport est attendu (R52).",
            )
        if self.end < self.start:
            raise ValueError("la période se termine avant d’avoir commencé ; vérifiez ses dates.")
        return self


class Consent(Answers):
    """Who agreed, when, and when the dossier went to the centre de ressources (R42, R49)."""

    centre: Annotated[str, Ask(label="Pour le centre d’examen", columns=5, capacity=80, anew=True)]
    partner: Annotated[
        str, Ask(label="Pour l’entreprise, ou le candidat", columns=4, capacity=80, anew=True)
    ]
    day: Annotated[PastDate, Ask(label="Le", columns=3)]
    sent: Annotated[
        PastDate | None,
        Ask(
            label="Transmis au centre de ressources le",
            help="Peut se compléter plus tard, par une « Demande du bureau » (corriger).",
            columns=5,
            when="resource_centre",
        ),
    ] = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.sent is not None and self.sent < self.day:
            raise ValueError(
                f"le dossier ne peut être transmis le {self.sent:%d/%m/%Y}, avant l’accord du "
                f"{self.day:%d/%m/%Y} ; vérifiez ces deux dates."
            )
        return self


class Modalities(Form):
    """F4."""

    CODE: ClassVar[str] = "F4"
    NAME: ClassVar[str] = "modalites"
    TITLE: ClassVar[str] = "Modalités d’évaluation"
    FILLER: ClassVar[str] = "le centre d’examen, avec l’entreprise ou le candidat"
    INTRO: ClassVar[str] = (
        "Une évaluation sur des activités réelles est privilégiée ; la situation reconstituée "
        "est réservée aux cas où elle est impossible."
    )

    header: Annotated[Header, Section(title="Le dossier")]
    blocs: Annotated[
        dict[str, BlocModality],
        Each(over="blocs", title="Bloc par bloc", cards=True),
    ]
    consent: Annotated[Consent, Section(title="Accord")]

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """Both sides may sign."""
        return (
            SignatureSpot(name="signature/centre", label="Pour le centre d’examen", required=False),
            SignatureSpot(
                name="signature/entreprise",
                label="Pour l’entreprise ou le candidat",
                required=False,
            ),
        )
