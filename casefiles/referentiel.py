"""The référentiel: blocs, compétences, criteria, expected results.

Shapes only: who decides is in `bodies`, the certification as a whole in `certification`.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$")]
ModalityId = Literal["a", "b", "c", "d"]


class Data(BaseModel):
    """Base of everything read from a certification file: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Heading(StrEnum):
    """The four headings under which criteria stand in a référentiel d’évaluation."""

    METHODES = "methodes"
    MOYENS = "moyens"
    LIENS = "liens"
    CONTRAINTES = "contraintes"

    @property
    def label(self) -> str:
        """The official words of the référentiel."""
        return _HEADING_LABELS[self]


_HEADING_LABELS = {
    Heading.METHODES: "En matière de méthodes utilisées",
    Heading.MOYENS: "En matière de moyens utilisés",
    Heading.LIENS: "En matière de liens professionnels / relationnels",
    Heading.CONTRAINTES: "En matière de contraintes liées au milieu et environnement de travail",
}


class Criterion(Data):
    """One « critère mesurable et observable », with its dashes as items."""

    id: Identifier
    heading: Heading
    text: str
    items: tuple[str, ...] = ()


class ExpectedResult(Data):
    """One « résultat attendu », with its dashes as items."""

    id: Identifier
    text: str
    items: tuple[str, ...] = ()


class Minimum(Data):
    """A numeric minimum the référentiel sets for the evaluation (R66)."""

    count: int = Field(ge=1)
    of: str
    source: str


class Competence(Data):
    """One compétence professionnelle (or capacité), the unit a grid evaluates.

    domains: the evaluation bears on one of these, named in the grid (R33, R66); empty for none.
    """

    id: Identifier
    number: int = Field(ge=1)
    title: str
    conditions: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    results: tuple[ExpectedResult, ...] = ()
    minimum: Minimum | None = None
    domains: tuple[str, ...] = ()


class Bloc(Data):
    """One bloc de compétences, or one épreuve.

    shared_as: the bloc of another certification this one has in common, « code/BDC1 » (R7), or a
    name several certifications agree on. modalities: those that may evaluate it; empty for any.
    """

    id: Identifier
    title: str
    knowledge: tuple[str, ...] = ()
    competences: tuple[Competence, ...] = Field(min_length=1)
    shared_as: str | None = None
    modalities: tuple[ModalityId, ...] = ()
