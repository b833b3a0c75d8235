"""How one comes to the jury: routes, prerequisites, steps of the course, VAE, financing.

Shapes only: whether a candidate may enter is for rules/.
"""

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from casefiles.referentiel import Data, Identifier

FormName = Literal[
    "prerequis",
    "positionnement",
    "preparation",
    "modalites",
    "grille",
    "avis",
    "rapport",
    "recevabilite",
    "preuves",
    "entretien",
    "plenier",
    "recapitulatif",
]


class RouteName(StrEnum):
    """The six conditions d’inscription of a fiche RNCP (R12)."""

    FORMATION_CONTINUE = "formation_continue"
    CONTRAT_PROFESSIONNALISATION = "contrat_professionnalisation"
    APPRENTISSAGE = "apprentissage"
    ELEVE_ETUDIANT = "eleve_etudiant"
    CANDIDATURE_INDIVIDUELLE = "candidature_individuelle"
    VAE = "vae"

    @property
    def label(self) -> str:
        """The words a person reads."""
        return _ROUTE_LABELS[self]


_ROUTE_LABELS = {
    RouteName.FORMATION_CONTINUE: "Formation continue",
    RouteName.CONTRAT_PROFESSIONNALISATION: "Contrat de professionnalisation",
    RouteName.APPRENTISSAGE: "Contrat d’apprentissage",
    RouteName.ELEVE_ETUDIANT: "Statut d’élève ou d’étudiant",
    RouteName.CANDIDATURE_INDIVIDUELLE: "Candidature individuelle",
    RouteName.VAE: "Validation des acquis de l’expérience (VAE)",
}


class Route(Data):
    """One route of access: open or closed, the forms it requires, and where that is written.

    alongside: forms made with them that nothing waits for; the jury is told which are not there.
    company: « required », an employer is expected and gives its avis; « optional », a candidate may
    come without one, the avis is then waived with its reason; « employed », so may who has no job,
    and who has one names their employer (R19); « none », nobody asks for one.
    """

    open: bool
    forms: tuple[FormName, ...] = ()
    alongside: tuple[FormName, ...] = ()
    company: Literal["required", "employed", "optional", "none"] = "required"
    source: str

    @property
    def may_be_alone(self) -> bool:
        """Whether somebody may come without a company, the avis being then waived."""
        return self.company in ("employed", "optional")


class Waiver(Data):
    """A document the office may do without, for every case or for those without a company."""

    form: FormName
    when: Literal["always", "no_company"] = "always"
    rule: str = ""
    source: str


class AvisNotGiven(Data):
    """When the company will not give its avis: how many traced contacts before it is established.

    obtention: whether the whole may then be obtained; if not, the jury adjourns or grants blocs.
    """

    contacts: int = Field(default=2, ge=1)
    obtention: bool = False
    source: str = ""


class Vae(Data):
    """What the VAE route asks for: experience and length of the course, in months (R14, R15)."""

    minimum_months: int = Field(default=12, ge=0)
    course_months: tuple[int, int] | None = None
    source: str


class Prerequisite(Data):
    """One condition to enter, checked by the OF at the start (R21–R26).

    minimum, unit: the number asked for (« au moins 5 ans »); parts: what is ticked apart (oral,
    écrit); evidence: the document that proves it.
    """

    id: Identifier
    text: str
    minimum: int | None = None
    unit: str = ""
    parts: tuple[str, ...] = ()
    evidence: str = ""
    source: str


class Step(Data):
    """One step of the course before the jury. `minutes` in all, over `days` days (R27–R30)."""

    id: Identifier
    title: str
    minutes: int = Field(ge=1)
    days: int = Field(default=1, ge=1)
    place: str = ""
    text: str = ""
    source: str


class Financing(Data):
    """Who pays which share, in percent, and until when (R34, R92)."""

    payer: str
    percent: int = Field(ge=0, le=100)
    condition: str = ""
    until: date | None = None
    source: str
