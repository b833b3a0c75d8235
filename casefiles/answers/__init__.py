"""The answers: one pydantic model per form, and the vocabulary their annotations are made of."""

from casefiles.answers.avis import Avis
from casefiles.answers.decisions import Decisions
from casefiles.answers.grid import Grid
from casefiles.answers.inscription import Inscription
from casefiles.answers.jury import Composition
from casefiles.answers.modalities import Modalities
from casefiles.answers.office_act import OfficeAct
from casefiles.answers.vocabulary import Form

FORMS: dict[str, type[Form]] = {
    form.NAME: form
    for form in (Inscription, Modalities, Grid, Avis, Composition, Decisions, OfficeAct)
}

__all__ = [
    "FORMS",
    "Avis",
    "Composition",
    "Decisions",
    "Form",
    "Grid",
    "Inscription",
    "Modalities",
    "OfficeAct",
]
