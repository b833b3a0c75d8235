"""How one is evaluated and judged: modalities, thresholds, and what a jury may decide.

Shapes and their arithmetic; what a grid found of a candidate is for rules/.
"""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from casefiles.access import RouteName
from casefiles.referentiel import Data, ModalityId


class Outcome(StrEnum):
    """What a jury may decide (R87, R88); a certification lists those it allows."""

    OBTENTION = "obtention"
    PARTIEL = "partiel"
    REFUS = "refus"
    AJOURNE = "ajourne"
    ABSENT = "absent"
    EXCUSE = "excuse"


class Modality(Data):
    """One modalité d’évaluation; an exceptional one asks for a justification (R50).

    items: the dashes under the text; except_routes: the routes it is never asked on (R56).
    """

    id: ModalityId
    title: str
    text: str
    items: tuple[str, ...] = ()
    exceptional: bool = False
    except_routes: tuple[RouteName, ...] = ()


class Judgment(Data):
    """The evaluators’ own judgment decides each compétence (no percentage: R61)."""

    kind: Literal["judgment"] = "judgment"
    source: str


class Ratio(Data):
    """At least numerator/denominator of all defined criteria decide each compétence (R68)."""

    kind: Literal["ratio"] = "ratio"
    numerator: int = Field(ge=1)
    denominator: int = Field(ge=1)
    source: str

    def reached(self, validated: int, defined: int) -> bool:
        """Whether `validated` of `defined` criteria reach it, in integers."""
        return self.denominator * validated >= self.numerator * defined

    def needed(self, defined: int) -> int:
        """The fewest criteria that reach it, of `defined`."""
        return -(-self.numerator * defined // self.denominator)

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.numerator > self.denominator:
            raise ValueError(f"{self.numerator}/{self.denominator} dépasse 100 %")
        return self
