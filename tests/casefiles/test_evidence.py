"""Which situation of a dossier de preuves a file proves, told by its name."""

import pytest

from casefiles.answers import Evidence
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Scope
from casefiles.rules.evidence import told_by_name
from templates.catalog import load
from tests.casefiles import filled
from tests.casefiles.filled import TODAY

OPEA = load("cqpm-opea")
SECOND = {
    f"situations/2/{name}": value
    for name, value in {
        "title": "Changement de série",
        "company": "Ateliers Fictifs",
        "period": "2025",
        "context": "Deux séries par jour.",
        "actions": "J’ai préparé les outils.",
        "results": "Dix minutes gagnées.",
        "proofs": "Gamme de réglage, photographies du poste",
    }.items()
}


def told(*, both: bool = True) -> Evidence:
    values = filled.evidence(OPEA, SECOND if both else None)
    answers = accept(Evidence, Scope(certification=OPEA), values, today=TODAY).answers
    assert answers is not None
    return answers


@pytest.mark.parametrize(
    ("name", "proves"),
    [
        ("Situation 2 - gamme.pdf", ("2",)),
        ("sit. 1 relevés.jpg", ("1",)),
        ("S1 relevés.pdf", ("1",)),
        ("Situations 1 et 2 - contrat de travail.pdf", ("1", "2")),
        ("Photographies du poste.png", ("2",)),
        ("fiche de réglage.pdf", ("1",)),
        ("scan0001.pdf", ()),
        ("Série 2024.pdf", ()),
    ],
)
def test_a_file_proves_the_situation_its_name_gives_or_that_lists_it(
    name: str, proves: tuple[str, ...]
) -> None:
    assert told_by_name(told(), name) == proves


def test_a_file_proves_the_only_situation_there_is() -> None:
    assert told_by_name(told(both=False), "scan0001.pdf") == ("1",)
    assert told_by_name(None, "scan0001.pdf") == ()


@pytest.mark.parametrize(
    ("name", "folders", "proves"),
    [
        ("relevé.pdf", ("Situation 2",), ("2",)),
        ("relevé.pdf", ("photos", "Situation 2 - changement de série", "preuves"), ("2",)),
        ("S1 relevé.pdf", ("Situation 2",), ("1",)),
        ("relevé.pdf", ("Situation 1", "Situation 2"), ("1",)),
        ("fiche de réglage.pdf", ("Situation 2",), ("2",)),
        ("fiche de réglage.pdf", ("preuves",), ("1",)),
        ("scan0001.pdf", ("preuves",), ()),
    ],
)
@pytest.mark.rule("R64")
def test_a_file_that_names_no_situation_proves_that_of_the_nearest_folder_that_does(
    name: str, folders: tuple[str, ...], proves: tuple[str, ...]
) -> None:
    assert told_by_name(told(), name, *folders) == proves
