"""The answers: one pydantic model per form, and the vocabulary their annotations are made of."""

from casefiles.answers.admissibility import Admissibility, AdmissibilityDecision
from casefiles.answers.avis import Avis
from casefiles.answers.decisions import Decisions
from casefiles.answers.emargement import Emargement
from casefiles.answers.evidence import Evidence
from casefiles.answers.grid import Grid
from casefiles.answers.inscription import Inscription
from casefiles.answers.interview import ValidationInterview
from casefiles.answers.jury import Composition
from casefiles.answers.modalities import Modalities
from casefiles.answers.office_act import OfficeAct
from casefiles.answers.plenary import Plenary
from casefiles.answers.positioning import Positioning
from casefiles.answers.preparation import Preparation
from casefiles.answers.prerequisites import Prerequisites
from casefiles.answers.report import Report
from casefiles.answers.vocabulary import Form

FORMS: dict[str, type[Form]] = {
    form.NAME: form
    for form in (
        Inscription,
        Prerequisites,
        Positioning,
        Preparation,
        Modalities,
        Grid,
        Avis,
        Report,
        Admissibility,
        AdmissibilityDecision,
        Evidence,
        ValidationInterview,
        Plenary,
        Composition,
        Decisions,
        Emargement,
        OfficeAct,
    )
}

__all__ = [
    "FORMS",
    "Admissibility",
    "AdmissibilityDecision",
    "Avis",
    "Composition",
    "Decisions",
    "Emargement",
    "Evidence",
    "Form",
    "Grid",
    "Inscription",
    "Modalities",
    "OfficeAct",
    "Plenary",
    "Positioning",
    "Preparation",
    "Prerequisites",
    "Report",
    "ValidationInterview",
]
