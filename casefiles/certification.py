"""A certification is data: blocs, compétences, criteria, routes, juries, registration, deliveries.

This module gives that data its shape and its arithmetic; it opens no file (templates.catalog does)
and judges no candidate (rules/ does). Identifiers are stable keys such as « BDC1.2.M1 »; the
number shown to people is `Competence.number`.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(\.[A-Za-z0-9]+)*$")]


class Data(BaseModel):
    """Base of everything read from a certification file: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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


class Outcome(StrEnum):
    """What a jury may decide (R87, R88); a certification lists those it allows."""

    OBTENTION = "obtention"
    PARTIEL = "partiel"
    REFUS = "refus"
    AJOURNE = "ajourne"
    ABSENT = "absent"
    EXCUSE = "excuse"


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
    """One compétence professionnelle (or capacité), the unit a grid evaluates."""

    id: Identifier
    number: int = Field(ge=1)
    title: str
    conditions: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    results: tuple[ExpectedResult, ...] = ()
    minimum: Minimum | None = None


class Bloc(Data):
    """One bloc de compétences; `shared_as` names the common bloc behind a passerelle (R7)."""

    id: Identifier
    title: str
    knowledge: tuple[str, ...] = ()
    competences: tuple[Competence, ...] = Field(min_length=1)
    shared_as: str | None = None


class Modality(Data):
    """One modalité d’évaluation (a, b, c, d); an exceptional one asks for a justification (R50)."""

    id: Literal["a", "b", "c", "d"]
    title: str
    text: str
    exceptional: bool = False


class Route(Data):
    """One route of access: open or closed, the forms it requires, and where that is written."""

    open: bool
    forms: tuple[str, ...] = ()
    company: Literal["required", "optional", "none"] = "required"
    source: str


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


class College(Data):
    """One side of a jury paritaire."""

    id: Literal["employeurs", "salaries"]
    label: str
    maximum: int | None = None
    temporary_work_seat: bool = False
    one_vote_per_organisation: bool = False


class Deliberation(Data):
    """The jury paritaire de délibération (R44, R79–R83)."""

    colleges: tuple[College, College]
    parity: bool = True
    casting_vote: bool = False
    source: str


class Evaluators(Data):
    """Who evaluates: heads per grid and the experience asked for (R43, R76)."""

    name: str
    minimum: int = 1
    maximum: int | None = None
    years_of_experience: int | None = None
    retired_less_than_years: int | None = None
    source: str


class Registration(Data):
    """Registration at RNCP or RS (R4, R93): entry is judged by the window, delivery apart."""

    directory: Literal["RNCP", "RS"]
    code: str
    decision: str
    decided_on: date
    effective_from: date
    expires_on: date
    deliver_until: date | None = None
    nsf: tuple[str, ...] = ()
    rome: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    source: str


class Certifier(Data):
    """Who delivers, and in what quality the signatory signs (R46, R47)."""

    name: str
    signatory_quality: str
    place: str
    branch: str
    source: str


class Origin(Data):
    """The document this file was written from."""

    document: str
    sha256: str | None = None
    note: str = ""


class Certification(Data):
    """One certification, whole. Two files with the same `fingerprint` are the same version."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    kind: Literal["CQP", "CQPM", "CQPI"]
    title: str
    version: str
    provisional: bool = False
    example: bool = False
    level: str | None = None
    european_level: str | None = None
    origin: Origin
    certifier: Certifier
    registration: Registration | None = None
    routes: dict[RouteName, Route]
    blocs: tuple[Bloc, ...] = Field(min_length=1)
    modalities: tuple[Modality, ...]
    modality_rule_source: str = ""
    threshold: Annotated[Judgment | Ratio, Field(discriminator="kind")]
    evaluators: Evaluators
    deliberation: Deliberation
    outcomes: tuple[Outcome, ...]
    blocs_separately: bool = False
    unit: Literal["compétence", "capacité"] = "compétence"

    @model_validator(mode="after")
    def _identifiers_are_unique(self) -> Self:
        seen: set[str] = set()
        for identifier in self._identifiers():
            if identifier in seen:
                raise ValueError(f"l’identifiant « {identifier} » sert deux fois")
            seen.add(identifier)
        numbers = [c.number for c in self.competences]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError("les compétences doivent être numérotées 1, 2, 3… dans l’ordre")
        return self

    def _identifiers(self) -> Iterator[str]:
        for bloc in self.blocs:
            yield bloc.id
            for competence in bloc.competences:
                yield competence.id
                yield from (c.id for c in competence.criteria)
                yield from (r.id for r in competence.results)

    @property
    def competences(self) -> tuple[Competence, ...]:
        """All compétences, in the order of the référentiel."""
        return tuple(c for bloc in self.blocs for c in bloc.competences)

    @property
    def name(self) -> str:
        """« CQPM Technicien(ne) de maintenance productive »."""
        return f"{self.kind} {self.title}"

    def bloc(self, identifier: str) -> Bloc:
        """The bloc of that id; KeyError when there is none."""
        return {b.id: b for b in self.blocs}[identifier]

    def competence(self, identifier: str) -> Competence:
        """The compétence of that id; KeyError when there is none."""
        return {c.id: c for c in self.competences}[identifier]

    def bloc_of(self, competence: str) -> Bloc:
        """The bloc that holds that compétence; KeyError when none does."""
        return {c.id: b for b in self.blocs for c in b.competences}[competence]

    def canonical(self) -> bytes:
        """The file as canonical JSON, the bytes `fingerprint` is taken over and archives keep."""
        data = self.model_dump(mode="json")
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of `canonical()`, hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()
