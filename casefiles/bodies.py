"""Who evaluates, deliberates, registers and delivers, as a certification’s file states it.

Shapes only: what they found of a candidate is for events, whether they sat well is for rules/.
"""

from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from casefiles.referentiel import Data


class Evaluators(Data):
    """Who evaluates: heads per grid and the experience asked for (R43, R76, R77).

    years_of_experience and retired_less_than_years are in years; external_trainer: a specialised
    trainer foreign to the training may take the place of a professional; independent: no personal
    or professional link with the candidates.
    """

    name: str
    minimum: int = 1
    maximum: int | None = None
    years_of_experience: int | None = None
    retired_less_than_years: int | None = None
    external_trainer: bool = False
    independent: bool = False
    source: str


class PlenarySeat(Data):
    """One seat of the plénier; an evaluator’s seat is for someone who evaluated this session."""

    label: str
    evaluator: bool = False
    president: bool = False


class Plenary(Data):
    """The jury plénier that steadies the proposed results before the deliberation (R78)."""

    name: str
    seats: tuple[PlenarySeat, ...] = Field(min_length=1)
    source: str


class College(Data):
    """One side of a jury paritaire; heads are those of the branch, the extra seat apart."""

    id: Literal["employeurs", "salaries"]
    label: str
    minimum: int = 1
    maximum: int | None = None
    temporary_work_seat: bool = False
    one_vote_per_organisation: bool = False


class Deliberation(Data):
    """The jury paritaire de délibération (R44, R79–R84)."""

    name: str = "jury paritaire de délibération"
    designated_by: str = ""
    duties: tuple[str, ...] = ()
    colleges: tuple[College, College]
    parity: bool = True
    casting_vote: bool = False
    source: str


class Registration(Data):
    """Registration at RNCP or RS (R4, R20, R93): entry is judged by the window, delivery apart.

    The window is [effective_from, expires_on], both days included; deliver_until None means that
    nobody said: the certifier is asked.
    """

    directory: Literal["RNCP", "RS"]
    code: str
    decision: str
    decided_on: date
    published_on: date | None = None
    effective_from: date
    expires_on: date
    deliver_until: date | None = None
    nsf: tuple[str, ...] = ()
    rome: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    created_on: date | None = None
    delivered_per_year: int | None = None
    new_caledonia: bool | None = None
    french_polynesia: bool | None = None
    source: str

    @model_validator(mode="after")
    def _the_window_has_a_length(self) -> Self:
        if self.expires_on < self.effective_from:
            raise ValueError(
                f"l’enregistrement finit le {self.expires_on:%d/%m/%Y}, avant d’avoir commencé "
                f"le {self.effective_from:%d/%m/%Y}"
            )
        return self

    def covers(self, day: date) -> bool:
        """Whether that day is within the window."""
        return self.effective_from <= day <= self.expires_on


class Certifier(Data):
    """Who delivers, and in what quality the signatory signs (R45–R47)."""

    name: str
    signatory_quality: str
    place: str
    address: str = ""
    branch: str
    other_branches: tuple[str, ...] = ()
    control: str = ""
    source: str
