"""F2, the prérequis: what the OF checked before the course, box by box (R21–R26).

The boxes, their minima and the evidence asked for are the certification’s; the OF decides.
"""

from typing import Annotated, ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator
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
    YesNo,
    scope_of,
)


class Validation(Choice):
    """What the OF concludes."""

    VALIDATED = "valides", "Prérequis validés"
    REJECTED = "non_valides", "Prérequis non validés"


class PrerequisiteAnswer(Answers):
    """One box: met or not, the number where one is asked for, and what was seen."""

    met: Annotated[YesNo, Ask(label="Rempli", columns=2)]
    number: Annotated[int | None, Field(ge=0, le=99999), Ask(label="Nombre", columns=2)] = None
    evidence: Annotated[
        str | None, Ask(label="Justificatif vu", columns=4, lines=2, capacity=70)
    ] = None


class Conclusion(Answers):
    """The OF’s decision, and who took it."""

    verdict: Annotated[Validation, Ask(label="L’organisme de formation conclut")]
    motive: Annotated[
        str | None,
        Ask(
            label="Motif",
            help="Nécessaire si les prérequis ne sont pas validés.",
            lines=2,
            capacity=300,
        ),
    ] = None
    by: Annotated[str, Ask(label="Vérifié par", columns=5, capacity=80)]
    quality: Annotated[str, Ask(label="Qualité", columns=4, capacity=60)]
    day: Annotated[PastDate, Ask(label="Le", columns=3)]

    @model_validator(mode="after")
    def _a_refusal_is_explained(self) -> Self:
        if self.verdict is Validation.REJECTED and not self.motive:
            raise PydanticCustomError(
                "reponse_attendue", "des prérequis non validés demandent un motif."
            )
        return self


class Prerequisites(Form):
    """F2."""

    CODE: ClassVar[str] = "F2"
    NAME: ClassVar[str] = "prerequis"
    TITLE: ClassVar[str] = "Vérification des prérequis"
    FILLER: ClassVar[str] = "l’organisme de formation"
    INTRO: ClassVar[str] = (
        "Les prérequis sont analysés, vérifiés et validés dès le début du parcours. Indiquez pour "
        "chacun le justificatif que vous avez vu."
    )

    header: Annotated[Header, Section(title="")]
    boxes: Annotated[
        dict[str, PrerequisiteAnswer],
        Each(over="prerequisites", title="Les prérequis", row_label="Prérequis"),
    ]
    conclusion: Annotated[Conclusion, Section(title="La décision")]

    @model_validator(mode="after")
    def _the_decision_follows_the_boxes(self, info: ValidationInfo) -> Self:
        scope = scope_of(info)
        if scope is None or self.conclusion.verdict is Validation.REJECTED:
            return self
        for one in scope.certification.prerequisites:
            for key, box in self.boxes.items():
                if key != one.id and not key.startswith(f"{one.id}."):
                    continue
                if box.met is YesNo.NO:
                    raise PydanticCustomError(
                        "prerequis",
                        "« {text} » est coché « non » : les prérequis ne peuvent pas être validés.",
                        {"text": one.text},
                    )
                if one.minimum is not None and box.number is None:
                    raise PydanticCustomError(
                        "reponse_attendue",
                        "« {text} » demande un nombre ({unit}).",
                        {"text": one.text, "unit": one.unit},
                    )
                if one.minimum is not None and (box.number or 0) < one.minimum:
                    raise PydanticCustomError(
                        "prerequis",
                        "« {text} » : {number} {unit}, alors qu’il en faut au moins {minimum}.",
                        {
                            "text": one.text,
                            "number": box.number,
                            "unit": one.unit,
                            "minimum": one.minimum,
                        },
                    )
                if one.evidence and not box.evidence:
                    raise PydanticCustomError(
                        "reponse_attendue",
                        "« {text} » demande un justificatif : {evidence}.",
                        {"text": one.text, "evidence": one.evidence},
                    )
        return self

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """The OF may sign."""
        return (
            SignatureSpot(
                name="signature/organisme", label="Pour l’organisme de formation", required=False
            ),
        )
