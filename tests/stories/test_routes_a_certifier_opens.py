"""Apprentissage and élève/étudiant, closed by the sources, opened by a certifier’s own file."""

from collections.abc import Iterator
from importlib.resources import files

import pytest

from tests.stories.conftest import Stages
from tests.stories.routes import ALONE, owed, ready_for_a_jury, walk
from tests.stories.space import Space
from watch.share import blanks

APPRENTICE = """  apprentissage:
    open: true
    company: required
    forms: [modalites, grille, avis, recapitulatif]
    source: Ouverte par le certificateur
"""
STUDENT = """  eleve_etudiant:
    open: true
    company: none
    forms: [modalites, grille, recapitulatif]
    source: Ouverte par le certificateur
"""
CLOSED = """    open: false
    source: Non nommé par le référentiel ; à ouvrir par le certificateur
"""


@pytest.fixture(scope="module")
def opened(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    space = stages.office(tmp_path_factory.mktemp("ouvertes"))
    shipped = files("templates") / "certifications" / "cqpm-tmp.yaml"
    text = shipped.read_text(encoding="utf-8")
    apprentice = f"  apprentissage:\n{CLOSED}"
    student = f"  eleve_etudiant:\n{CLOSED}".replace("false\n", "false\n    company: none\n")
    assert apprentice in text
    assert student in text
    folder = space.workspace.private / "certifications"
    folder.mkdir(exist_ok=True)
    own = text.replace(apprentice, APPRENTICE).replace(student, STUDENT)
    (folder / "cqpm-tmp.yaml").write_text(own, encoding="utf-8")
    space.reopen(edit=lambda t: t.replace("# dossier_certifications", "dossier_certifications"))
    for blank in space.workspace.blanks.iterdir():
        blank.unlink()
    blanks.show(space.office)
    yield space
    space.close()


@pytest.mark.rule("R12")
def test_an_apprentice_owes_the_documents_of_the_file_and_needs_a_company(opened: Space) -> None:
    alone = {"wish/route": "apprentissage", **ALONE}
    no = opened.hand_in(opened.inscription(alone))
    assert no.outcome == "refused"
    assert "demande une entreprise" in " ".join(no.reasons)
    number = opened.enrol({"wish/route": "apprentissage", "candidate/first_name": "Lou"})
    assert owed(opened, number) == ["modalites", "grille", "avis"]
    assert "Contrat d’apprentissage" in opened.to_do(number)
    assert not [n for n in opened.tree(opened.folder(number)) if "rapport" in n.lower()]


@pytest.mark.rule("R12")
def test_a_student_goes_to_the_jury_without_a_company_nor_its_avis(opened: Space) -> None:
    number = opened.enrol({"wish/route": "eleve_etudiant", "candidate/first_name": "Mia", **ALONE})
    assert owed(opened, number) == ["modalites", "grille"]
    walk(opened, number)
    ready_for_a_jury(opened, number)
    assert not [i for i in opened.case(number).issued if i.form == "avis"]
