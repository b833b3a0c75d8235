"""F5, the grille d’évaluation: one compétence, one evaluator, every criterion (R43, R57, R67).

One static model keyed by the ids of the certification; « non observé » is an answer of its own.
"""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casefiles.answers.header import Header
from casefiles.answers.modalities import ModalityChoice
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
    YesNo,
)


class Mark(Choice):
    """What the evaluator found of one criterion."""

    MET = "valide", "Validé"
    NOT_MET = "non_valide", "Non validé"
    NOT_SEEN = "non_observe", "Non observé"


class Verdict(Choice):
    """The evaluator’s own judgment of the compétence (R61)."""

    ACQUIRED = "acquise", "Compétence acquise"
    NOT_ACQUIRED = "non_acquise", "Compétence non acquise"


class Profile(Choice):
    """What entitles an evaluator, where the certification asks for it (R76)."""

    PROFESSIONAL = "professionnel", "Professionnel en activité"
    RETIRED = "retraite", "Professionnel retraité"
    TRAINER = "formateur", "Formateur spécialisé, externe à la formation"


class Evaluator(Answers):
    """Who evaluates, and their independence of the candidate (R76, R77)."""

    name: Annotated[str, Ask(label="Nom et prénom de l’évaluateur", columns=6, capacity=80)]
    quality: Annotated[str, Ask(label="Qualité", columns=4, capacity=40)]
    experience: Annotated[
        int, Field(ge=0, le=70), Ask(label="Années de métier", columns=2, capacity=2)
    ]
    organisation: Annotated[
        str | None,
        Ask(label="Entreprise ou organisme", columns=9, capacity=100, when="independence"),
    ] = None
    retired_years: Annotated[
        int | None,
        Field(ge=0, le=70),
        Ask(label="Retraité depuis (ans)", columns=3, capacity=2, when="experience"),
    ] = None
    profile: Annotated[
        Profile | None, Ask(label="Évalue en tant que", columns=12, when="experience")
    ] = None
    independent: Annotated[
        YesNo,
        Ask(label="Sans lien personnel ni professionnel avec le candidat", columns=12, anew=True),
    ]


class Setting(Answers):
    """When, how long, where and on what the candidate was seen (R30, R66)."""

    day: Annotated[PastDate, Ask(label="Date de l’évaluation", columns=3)]
    place: Annotated[str, Ask(label="Lieu", columns=9, capacity=60)]
    modality: Annotated[ModalityChoice, Ask(label="Modalité", only="modalities")]
    domain: Annotated[
        str | None,
        Ask(label="Domaine ou type d’intervention", columns=9, capacity=80, when="domains"),
    ] = None
    spent: Annotated[
        TimeSpent | None,
        Ask(label="Durée (ex. 1 h 15)", columns=3, capacity=10, when="duration"),
    ] = None
    equipment: Annotated[
        str | None, Ask(label="Équipements ou postes observés", columns=9, capacity=160)
    ] = None
    equipment_count: Annotated[
        int | None, Field(ge=0, le=99), Ask(label="Combien", columns=3, capacity=2)
    ] = None


class CriterionAnswer(Answers):
    """One criterion."""

    mark: Annotated[Mark, Ask(label="Appréciation", columns=4)]
    comment: Annotated[str | None, Ask(label="Observation", columns=3, lines=2, capacity=120)] = (
        None
    )


class ResultAnswer(Answers):
    """One expected result."""

    reached: Annotated[YesNo, Ask(label="Atteint", columns=2)]


class Conclusion(Answers):
    """The judgment."""

    verdict: Annotated[Verdict, Ask(label="Au vu de l’ensemble")]
    comment: Annotated[
        str | None,
        Ask(
            label="Motif",
            help="Nécessaire si la compétence n’est pas acquise.",
            lines=3,
            capacity=400,
        ),
    ] = None

    @model_validator(mode="after")
    def _a_refusal_is_explained(self) -> Self:
        if self.verdict is Verdict.NOT_ACQUIRED and not self.comment:
            raise PydanticCustomError(
                "reponse_attendue",
                "une compétence non acquise demande un motif, pour le candidat et le jury.",
            )
        return self


class Grid(Form):
    """F5."""

    CODE: ClassVar[str] = "F5"
    NAME: ClassVar[str] = "grille"
    TITLE: ClassVar[str] = "Grille d’évaluation"
    FILLER: ClassVar[str] = "un évaluateur"
    INTRO: ClassVar[str] = "Une grille par compétence et par évaluateur."

    header: Annotated[Header, Section(title="")]
    setting: Annotated[Setting, Section(title="L’évaluation")]
    criteria: Annotated[
        dict[str, CriterionAnswer],
        Each(over="criteria", title="Critères mesurables et observables", row_label="Critère"),
    ]
    results: Annotated[
        dict[str, ResultAnswer],
        Each(over="results", title="Résultats attendus", row_label="Résultat"),
    ]
    conclusion: Annotated[Conclusion, Section(title="Conclusion")]
    evaluator: Annotated[Evaluator, Section(title="L’évaluateur")]

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """The evaluator signs, on screen or on paper as the policy says."""
        return (
            SignatureSpot(
                name="signature/evaluateur",
                label="Signature de l’évaluateur",
                locks="all",
                required=False,
            ),
        )
