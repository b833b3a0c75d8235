"""F9, the dossier de preuves of a VAE: situations told, and which compétences each shows (R64)."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator
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
    scope_of,
)

SITUATIONS = 4


class Situation(Answers):
    """One professional situation, told briefly."""

    title: Annotated[str, Ask(label="Titre", columns=6, capacity=100)]
    company: Annotated[str, Ask(label="Entreprise ou association", columns=6, capacity=80)]
    period: Annotated[str, Ask(label="Période", columns=6, capacity=60)]
    post: Annotated[str | None, Ask(label="Fonction exercée", columns=6, capacity=80)] = None
    context: Annotated[str, Ask(label="Le contexte", lines=3, capacity=600)]
    actions: Annotated[str, Ask(label="Ce que j’ai fait", lines=5, capacity=1000)]
    means: Annotated[str | None, Ask(label="Avec quels moyens", lines=2, capacity=300)] = None
    results: Annotated[str, Ask(label="Les résultats obtenus", lines=2, capacity=300)]
    equipment: Annotated[
        str | None, Ask(label="Équipements ou postes concernés", columns=9, capacity=160)
    ] = None
    equipment_count: Annotated[
        int | None, Field(ge=0, le=99), Ask(label="Combien", columns=3, capacity=2)
    ] = None
    proofs: Annotated[str, Ask(label="Preuves jointes", lines=2, capacity=300)]


class Shown(Answers):
    """Which situations show one compétence."""

    s1: Annotated[bool, Ask(label="Sit. 1", columns=1)] = False
    s2: Annotated[bool, Ask(label="Sit. 2", columns=1)] = False
    s3: Annotated[bool, Ask(label="Sit. 3", columns=1)] = False
    s4: Annotated[bool, Ask(label="Sit. 4", columns=1)] = False

    @property
    def situations(self) -> tuple[str, ...]:
        """Their numbers: « 1 », « 3 »."""
        ticks = (self.s1, self.s2, self.s3, self.s4)
        return tuple(str(n) for n, ticked in enumerate(ticks, start=1) if ticked)


class Statement(Answers):
    """What the candidate swears."""

    sworn: Annotated[
        bool,
        Ask(label="J’atteste sur l’honneur avoir mené moi-même les actions décrites.", anew=True),
    ] = False
    day: Annotated[PastDate, Ask(label="Le", columns=3)]

    @model_validator(mode="after")
    def _is_sworn(self) -> Self:
        if not self.sworn:
            raise PydanticCustomError(
                "reponse_attendue", "la déclaration sur l’honneur est à cocher par le candidat."
            )
        return self


class Evidence(Form):
    """F9."""

    CODE: ClassVar[str] = "F9"
    NAME: ClassVar[str] = "preuves"
    TITLE: ClassVar[str] = "Dossier de preuves VAE"
    FILLER: ClassVar[str] = "le candidat"
    INTRO: ClassVar[str] = (
        "Décrivez une ou plusieurs situations professionnelles, puis cochez ce que chacune "
        "montre : chaque ligne du tableau doit l’être par une situation au moins."
    )

    header: Annotated[Header, Section(title="")]
    situations: Annotated[
        dict[str, Situation],
        Each(count=SITUATIONS, title="Les situations", row_label="Situation", cards=True),
    ] = {}  # noqa: RUF012 pydantic copie les valeurs par défaut
    matrix: Annotated[
        dict[str, Shown],
        Each(
            over="competences",
            title="Ce que montre chaque situation",
            row_label="Intitulé",
        ),
    ]
    statement: Annotated[Statement, Section(title="Déclaration")]

    @model_validator(mode="after")
    def _everything_is_shown(self, info: ValidationInfo) -> Self:
        if not self.situations:
            raise PydanticCustomError(
                "reponse_attendue", "décrivez au moins une situation professionnelle."
            )
        blank = {s for shown in self.matrix.values() for s in shown.situations}
        if lacking := sorted(blank - self.situations.keys()):
            raise PydanticCustomError(
                "reponse_attendue",
                "le tableau coche la situation {numbers}, qui n’est pas décrite.",
                {"numbers": ", ".join(lacking)},
            )
        scope = scope_of(info)
        bare = [key for key, shown in self.matrix.items() if not shown.situations]
        if bare and scope is not None:
            numbers = ", ".join(str(scope.certification.competence(k).number) for k in bare)
            raise PydanticCustomError(
                "reponse_attendue",
                "aucune situation ne montre : {unit} {numbers}.",
                {"unit": scope.certification.unit, "numbers": numbers},
            )
        return self

    @classmethod
    def signatures(cls, scope: Scope) -> tuple[SignatureSpot, ...]:
        """The candidate may sign."""
        return (
            SignatureSpot(name="signature/candidat", label="Signature du candidat", required=False),
        )
