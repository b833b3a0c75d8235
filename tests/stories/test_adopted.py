"""An inscription on a branch’s own form opens a case, as one of ours would."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from forms.read import read
from tests.engines import rewriters
from tests.engines.pdfium import Pdfium
from tests.forms import branch
from tests.forms.test_adopted import TYPED
from tests.pki import Identity
from tests.stories.answering import refused
from tests.stories.space import Space
from watch.commands.doctor import examine
from watch.confinement.sandbox import Sandbox


def office(root: Path, sandbox: Sandbox, mapping: str = branch.MAPPING, **told: Any) -> Space:
    """A space that adopts the branch’s form."""
    root.mkdir()
    folder = root / "adoptés"
    folder.mkdir()
    (folder / "branche.pdf").write_bytes(branch.form())
    (folder / "branche.yaml").write_text(mapping, encoding="utf-8")
    line = f'dossier_formulaires = "{folder}"\n'
    return Space(root, sandbox=sandbox, edit=lambda text: line + text, **told)


@pytest.fixture
def space(tmp_path: Path, sandbox: Sandbox) -> Space:
    return office(tmp_path / "bureau", sandbox)


def test_dropped_as_downloaded_from_the_branch_it_opens_a_case(space: Space) -> None:
    answer = space.hand_in(Pdfium().fill(branch.form(), TYPED))
    assert answer.outcome == "accepted", answer
    case = space.case()
    assert case.candidate.birth_name == "Nguyễn-D'Œuvre"
    assert case.route == "formation_continue"
    assert space.hand_in(Pdfium().fill(branch.form(), TYPED | {"NOM": "Autre"})).stream != (
        answer.stream
    )


def test_the_blank_people_start_from_is_the_branch_s_with_our_name_in_it(space: Space) -> None:
    blank = space.blank("Dossier d’inscription").read_bytes()
    found = read(blank)
    assert found.values["ORGANISME"] == space.office.settings.organisation.name
    assert found.imprint is not None
    assert found.imprint.form == "inscription"
    filled = rewriters.pypdf_fill(
        blank,
        {
            **{n: v for n, v in TYPED.items() if isinstance(v, str)},
            **{n: "/Yes" for n, v in TYPED.items() if v is True},
            "CIVILITE": "/M",
        },
    )
    assert space.hand_in(filled).outcome == "accepted"


def test_a_wrong_answer_on_it_is_told_in_the_words_of_our_form(space: Space) -> None:
    told = refused(
        space,
        Pdfium().fill(branch.form(), TYPED | {"JJ": "31", "MM": "02", "Jeune": True}),
    )
    assert "Situation" in told
    assert "plusieurs cases" in told
    told = refused(space, Pdfium().fill(branch.form(), TYPED | {"JJ": "31", "MM": "02"}))
    assert "Date de naissance" in told
    assert "n’existe pas au calendrier" in told


def test_a_faulty_mapping_is_told_by_the_doctor_and_beside_the_file(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    space = office(tmp_path / "bureau", sandbox, branch.MAPPING.replace(": MEL\n", ": MAIL\n"))
    said = [check.said for check in examine(space.workspace) if check.what == "Formulaire adopté"]
    assert any("branche.yaml, ligne 18" in one for one in said)
    refused(space, Pdfium().fill(branch.form(), TYPED), "branche.yaml, ligne 18", "MAIL")


def test_the_branch_s_avis_goes_out_prefilled_is_signed_and_comes_back_into_the_case(
    tmp_path: Path,
    sandbox: Sandbox,
    signers: Mapping[str, Identity],
    authority_root: Path,
) -> None:
    space = office(tmp_path / "bureau", sandbox, signers=signers, trusted=authority_root)
    folder = space.office.settings.forms_folder
    assert folder is not None
    competences = [c.id for c in space.office.certification("cqpm-tmp").competences]
    pdf, mapping = branch.avis(competences)
    (folder / "avis.pdf").write_bytes(pdf)
    (folder / "avis.yaml").write_text(mapping, encoding="utf-8")
    space.hand_in(Pdfium().fill(branch.form(), TYPED))
    (issued,) = space.folder(space.numbers()[-1]).rglob("Avis de l’entreprise.pdf")
    assert read(issued.read_bytes()).values["CANDIDAT"] == space.case().candidate.full_name
    typed = {"PROJETS": "La ligne 4", "DATE": "07/03/2026", "QUALITE": "tuteur", "AVIS": "F"}
    typed |= {f"AVIS {c}": "F" for c in competences}
    filled = space.scratch / "avis rempli.pdf"
    filled.write_bytes(Pdfium(incremental=True).fill(issued.read_bytes(), typed))
    signed = space.sign(filled, "1/300,50,500,120/SIGNATURE", "employeur")
    answer = space.hand_in(signed)
    assert answer.outcome == "accepted", answer
    (avis,) = space.case().standing("avis")
    assert avis.proof.kind == "signature"
    assert avis.values["activities"] == "La ligne 4"
    assert avis.values[f"competences/{competences[0].replace('.', '-')}/opinion"] == "favorable"
