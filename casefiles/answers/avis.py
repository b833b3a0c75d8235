"""F6, the avis de l’entreprise: what the company saw of each compétence (R48, R54, R56)."""

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


class Function(Choice):
    """Who gives the avis for the company (R48)."""

    TUTEUR = "tuteur", "Tuteur"
    HIERARCHIQUE = "hierarchique", "Responsable hiérarchique"
    FONCTIONNEL = "fonctionnel", "Responsable fonctionnel"


class Opinion(Choice):
    """One opinion per compétence."""

    FAVORABLE = "favorable", "Favorable"
    UNFAVORABLE = "defavorable", "Défavorable"
    NOT_SEEN = "non_observe", "Non observé"


class Overall(Choice):
    """The opinion as a whole."""

    FAVORABLE = "favorable", "Avis favorable"
    UNFAVORABLE = "defavorable", "Avis défavorable"


class CompetenceOpinion(Answers):
    """One compétence seen at work; a comment is asked only under an unfavourable opinion."""

    opinion: Annotated[Opinion, Ask(label="Avis", columns=4)]
    comment: Annotated[
        str | None, Ask(label="Si défavorable, pourquoi", columns=4, lines=2, capacity=160)
    ] = None

    @model_validator(mode="after")
    def _unfavourable_is_explained(self) -> Self:
        if self.opinion is Opinion.UNFAVORABLE and not self.comment:
            raise PydanticCustomError(
                "reponse_attendue",
                "un avis défavorable demande un mot d’explication.",
            )
        return self


class Conclusion(Answers):
    """The overall avis and who gives it."""

    overall: Annotated[Overall, Ask(label="Au total")]
    comment: Annotated[str | None, Ask(label="Observation", lines=2, capacity=240)] = None


class Signatory(Answers):
    """Who gives the avis."""

    name: Annotated[str, Ask(label="Nom et prénom", columns=6, capacity=80)]
    day: Annotated[PastDate, Ask(label="Le", columns=3)]
    function: Annotated[Function, Ask(label="En qualité de")]


class Avis(Form):
    """F6."""

    CODE: ClassVar[str] = "F6"
    NAME: ClassVar[str] = "avis"
    TITLE: ClassVar[str] = "Avis de l’entreprise"
    FILLER: ClassVar[str] = "l’entreprise : tuteur, responsable hiérarchique ou fonctionnel"
    INTRO: ClassVar[str] = (
        "Dix minutes suffisent. Dites, compétence par compétence, ce que vous avez vu le candidat "
        "mettre en œuvre dans ses projets ou activités. Une fois signé, l’avis ne se modifie plus."
    )

    header: Annotated[Header, Section(title="")]
    activities: Annotated[
        str, Ask(label="Projets ou activités sur lesquels porte cet avis", lines=3, capacity=400)
    ]
    competences: Annotated[
        dict[str, CompetenceOpinion],
        Each(over="competences", title="Votre avis par compétence", row_label="Compétence"),
    ]
    conclusion: Annotated[Conclusion, Section(title="Avis d’ensemble")]
    signatory: Annotated[Signatory, Section(title="Le signataire")]

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """One signature, which closes every answer."""
        return (
            SignatureSpot(
                name="signature/entreprise",
                label="Signature pour l’entreprise",
                locks="all",
            ),
        )
