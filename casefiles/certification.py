"""A certification is data: référentiel, routes, modalities, juries, registration, deliveries.

This module gives that data its shape and its arithmetic; it opens no file (templates.catalog does)
and judges no candidate (rules/ does). Identifiers are stable keys such as « BDC1.2.M1 »; the
number shown to people is `Competence.number`.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from casefiles.access import (
    AvisNotGiven,
    Financing,
    FormName,
    Prerequisite,
    Route,
    RouteName,
    Step,
    Vae,
    Waiver,
)
from casefiles.bodies import (
    Certifier,
    College,
    Deliberation,
    Evaluators,
    Plenary,
    PlenarySeat,
    Registration,
)
from casefiles.coherence import contradictions
from casefiles.evaluation import Judgment, Modality, Outcome, Ratio
from casefiles.referentiel import (
    Bloc,
    Competence,
    Criterion,
    Data,
    ExpectedResult,
    Heading,
    Identifier,
    Minimum,
    ModalityId,
)

__all__ = [
    "AvisNotGiven",
    "Bloc",
    "Certification",
    "Certifier",
    "College",
    "Competence",
    "Criterion",
    "Data",
    "Deliberation",
    "Evaluators",
    "ExpectedResult",
    "Financing",
    "FormName",
    "Heading",
    "Identifier",
    "Judgment",
    "Minimum",
    "Modality",
    "ModalityId",
    "Origin",
    "Outcome",
    "Plenary",
    "PlenarySeat",
    "Prerequisite",
    "Ratio",
    "Registration",
    "Route",
    "RouteName",
    "Step",
    "Vae",
    "Waiver",
]


class Origin(Data):
    """The document this file was written from."""

    document: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    note: str = ""


class Certification(Data):
    """One certification, whole. Two files with the same `fingerprint` are the same version.

    modality_rule: each bloc needs one modality of every group, (a or b or c) and d being
    (("a", "b", "c"), ("d",)) (R55); criteria_missing: why a compétence has no criteria, never
    silently; components_valid_months: how long an acquired bloc counts, None for ever (R63);
    inscription_source, outcomes_source, blocs_source: where the prior inscription, what the jury
    may decide and the attestation of a bloc are written (R17, R88, R58); part: what a bloc is
    called.
    Fields are only ever added, with a default that never changes.
    """

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
    exam_centre: str = "centre d’examen"
    resource_centre: str = ""
    training_bodies: tuple[str, ...] = ()
    mission: str = ""
    activities: tuple[str, ...] = ()
    registration: Registration | None = None
    prerequisites: tuple[Prerequisite, ...] = ()
    steps: tuple[Step, ...] = ()
    financing: tuple[Financing, ...] = ()
    inscription_source: str = ""
    routes: dict[RouteName, Route]
    vae: Vae | None = None
    waivers: tuple[Waiver, ...] = ()
    avis_not_given: AvisNotGiven = AvisNotGiven()
    blocs: tuple[Bloc, ...] = Field(min_length=1)
    modalities: tuple[Modality, ...]
    modality_rule: tuple[tuple[ModalityId, ...], ...] = ()
    modality_rule_source: str = ""
    threshold: Annotated[Judgment | Ratio, Field(discriminator="kind")]
    criteria_missing: str = ""
    evaluators: Evaluators
    plenary: Plenary | None = None
    deliberation: Deliberation
    outcomes: tuple[Outcome, ...]
    outcomes_source: str = ""
    outcome_labels: dict[Outcome, str] = Field(default_factory=dict)
    blocs_separately: bool = False
    blocs_source: str = ""
    components_valid_months: int | None = None
    unit: Literal["compétence", "capacité"] = "compétence"
    part: Literal["bloc", "épreuve"] = "bloc"

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for found in contradictions(self):
            raise PydanticCustomError("incoherence", "{reason}", asdict(found))
        return self

    @property
    def competences(self) -> tuple[Competence, ...]:
        """All compétences, in the order of the référentiel."""
        return tuple(c for bloc in self.blocs for c in bloc.competences)

    @property
    def name(self) -> str:
        """« CQPM Technicien(ne) de maintenance productive »."""
        return f"{self.kind} {self.title}"

    @property
    def at_rncp(self) -> bool:
        """Whether it is registered at RNCP, which RS is not (R4, R13, R62)."""
        return self.registration is not None and self.registration.directory == "RNCP"

    @property
    def gives_blocs(self) -> bool:
        """Whether its blocs may be acquired apart from each other (R62)."""
        return self.at_rncp or self.blocs_separately

    def bloc(self, identifier: str) -> Bloc:
        """The bloc of that id; KeyError when there is none."""
        return {b.id: b for b in self.blocs}[identifier]

    def competence(self, identifier: str) -> Competence:
        """The compétence of that id; KeyError when there is none."""
        return {c.id: c for c in self.competences}[identifier]

    def bloc_of(self, competence: str) -> Bloc:
        """The bloc that holds that compétence; KeyError when none does."""
        return {c.id: b for b in self.blocs for c in b.competences}[competence]

    def step(self, identifier: str) -> Step | None:
        """The step of the course of that id, « positionnement »; None when it has none."""
        return next((s for s in self.steps if s.id == identifier), None)

    def modality(self, identifier: str) -> Modality:
        """The modality of that id; KeyError when there is none."""
        return {str(m.id): m for m in self.modalities}[identifier]

    def modality_gaps(
        self, used: Collection[str], route: RouteName
    ) -> tuple[tuple[ModalityId, ...], ...]:
        """The groups of the modality rule that a bloc evaluated by `used` leaves unmet (R55, R56).

        A modality the route is excepted from is not asked for.
        """
        excepted = {m.id for m in self.modalities if route in m.except_routes}
        asked = (tuple(m for m in group if m not in excepted) for group in self.modality_rule)
        return tuple(group for group in asked if group and not set(group) & set(used))

    def common_name(self, bloc: str) -> str:
        """The name under which other certifications know that bloc: « cqpm-tmp/BDC1 » (R7)."""
        return self.bloc(bloc).shared_as or f"{self.code}/{bloc}"

    def bloc_shared_with(self, other: "Certification", bloc: str) -> Bloc | None:
        """Our bloc that is one with that bloc of `other`, or None: the passerelle (R7)."""
        common = other.common_name(bloc)
        return next((b for b in self.blocs if self.common_name(b.id) == common), None)

    def canonical(self) -> bytes:
        """The file as canonical JSON, the bytes `fingerprint` is taken over and archives keep.

        Defaults are left out, so that a field we add later changes no fingerprint.
        """
        data = self.model_dump(mode="json", exclude_defaults=True)
        data["threshold"]["kind"] = self.threshold.kind
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of `canonical()`, hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()
