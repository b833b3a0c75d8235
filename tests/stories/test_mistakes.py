"""The mistakes people make: each answered in French beside the file, and nothing is lost."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stories import faulty
from tests.stories.answering import goes_on, refused
from tests.stories.conftest import AsTold
from tests.stories.space import Space

pytestmark = pytest.mark.long

# Files that are nothing of ours


FOREIGN: dict[str, tuple[str, Callable[[Path, Path], bytes], tuple[str, ...]]] = {
    "un document Word": (
        "lettre.docx",
        lambda _, __: faulty.docx(),
        ("n’est pas un PDF", "Word", "enregistrez-le en PDF"),
    ),
    "un fichier vide": ("vide.pdf", lambda _, __: b"", ("vide",)),
    "un PDF chiffré": (
        "secret.pdf",
        lambda form, _: faulty.encrypted(form),
        ("mot de passe", "sans protection"),
    ),
    "un PDF tronqué": (
        "coupé.pdf",
        lambda form, _: faulty.truncated(form, 0.6),
        ("interrompu", "de nouveau"),
    ),
    "un PDF dont il ne manque que la fin": (
        "presque.pdf",
        lambda form, _: faulty.truncated(form, 0.99),
        ("interrompu", "réponse peut y manquer", "enregistrez-le de nouveau"),
    ),
    "une brochure de 200 pages": (
        "vacances.pdf",
        lambda _, __: faulty.brochure(),
        ("aucun champ", "pas un formulaire"),
    ),
    "un formulaire imprimé puis numérisé trop grossièrement": (
        "scan.pdf",
        lambda form, scratch: faulty.scanned(form, scratch),
        ("numérisation", "images", "150 points par pouce"),
    ),
    "un formulaire qui dit deux choses": (
        "fusion.pdf",
        lambda form, _: faulty.with_two_answers(form, "consent/day"),
        ("plusieurs valeurs", "Le champ", "Accord — Le", "de nouveau"),
    ),
}


@pytest.mark.parametrize("mistake", FOREIGN)
def test_a_file_that_cannot_be_read_comes_back_with_its_reason_and_work_goes_on(
    enrolled: tuple[Space, str], mistake: str, tmp_path: Path
) -> None:
    space, number = enrolled
    name, make, words = FOREIGN[mistake]
    refused(space, make(space.modalities(number), tmp_path / "numérisation"), *words, name=name)
    goes_on(space, number)


def test_a_scan_too_coarse_to_be_recognised_is_refused_for_that_reason(
    enrolled: tuple[Space, str], tmp_path: Path
) -> None:
    space, number = enrolled
    scan = faulty.scanned(space.signed_avis(number), tmp_path / "numérisation")
    refused(space, scan, "numérisation", "repère", "150 points par pouce", name="avis signé.pdf")
    assert "L’avis de l’entreprise, signé." in space.to_do(number)
    goes_on(space, number)


def test_our_own_blank_form_comes_back_untouched(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    refused(space, space.issued(number, "modalites"), "sans rien d’ajouté", "emplissez-le")
    goes_on(space, number)


def test_a_form_saved_without_any_answer_says_so_in_one_sentence(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    empty = space.filled(space.issued(number, "grille", "BDC1.1"), {})
    told = refused(space, empty, "Aucune réponse")
    assert told.count("•") == 1
    goes_on(space, number)


# Answers


def test_another_candidates_grid_saved_in_the_wrong_folder_goes_to_its_own_case_and_says_so(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    other = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    before = space.tree(space.folder(other))
    grid = space.grid(number, "BDC1.1")
    misplaced = space.folder(other) / "À remplir/Grilles/grille de Zoé.pdf"
    misplaced.write_bytes(grid.read_bytes())
    (answer,) = space.work()
    assert (answer.outcome, answer.stream) == ("accepted", f"dossier/{number}")
    assert any("autre dossier" in r and number in r for r in answer.reasons)
    assert space.case(number).standing("grille", "BDC1.1")
    assert not space.case(other).standing("grille")
    assert space.tree(space.folder(other)) == before


def test_another_candidates_grid_saved_over_a_blank_gives_the_blank_back(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    other = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    before = space.tree(space.folder(other))
    space.save_in_place(other, "grille", "BDC1.1", space.grid(number, "BDC1.1"))
    (answer,) = space.work()
    assert answer.stream == f"dossier/{number}"
    space.show(other)
    assert space.tree(space.folder(other)) == before
    (blank,) = [i for i in space.case(other).issued if i.part == "BDC1.1"]
    kept = (space.folder(other) / blank.path).read_bytes()
    assert hashlib.sha256(kept).hexdigest() == blank.sha256


def test_a_form_whose_printed_header_was_changed_is_refused(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    changed = space.grid(number, "BDC1.1", changes={"header/candidate": "EXEMPLE-AUTRE Lou"})
    refused(space, changed, "EXEMPLE-GONÇALVES Zoé", "EXEMPLE-AUTRE Lou", "Candidat")
    goes_on(space, number)


@pytest.mark.parametrize(
    ("question", "answer", "words"),
    [
        ("evaluator/quality", "", ("Qualité", "attendue")),
        ("setting/day", "31/02/2026", ("Date de l’évaluation", "31/02/2026", "n’existe pas")),
        ("setting/day", "jeudi dernier", ("Date de l’évaluation", "jeudi dernier")),
        ("setting/day", "01/01/2094", ("Date de l’évaluation", "futur")),
        ("evaluator/experience", "beaucoup", ("Années de métier", "nombre")),
        ("conclusion/verdict", "non_acquise", ("motif",)),
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_the_words_of_the_form(
    enrolled: tuple[Space, str], question: str, answer: str, words: tuple[str, ...]
) -> None:
    space, number = enrolled
    grid = space.grid(number, "BDC1.1", changes={question: answer})
    told = refused(space, grid, *words)
    assert question not in told
    assert told.count("•") == 1
    goes_on(space, number)


def test_a_birth_date_in_the_future_opens_no_case(as_told: AsTold) -> None:
    space = as_told("nouveau")
    future = space.inscription({"candidate/birth_date": "07/03/2094"})
    refused(space, future, "Date de naissance", "07/03/2094", "futur")
    assert space.numbers() == []
    space.enrol()
    assert len(space.numbers()) == 1


def test_an_inscription_with_an_empty_field_opens_no_case(as_told: AsTold) -> None:
    space = as_told("nouveau")
    told = refused(space, space.inscription({"candidate/birth_name": ""}), "Nom de naissance")
    assert "candidate/" not in told
    assert space.numbers() == []


# The daemon is alive after them all


def test_one_good_file_among_bad_ones_is_taken_in_the_same_breath(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    space.drop(b"", "a.pdf")
    space.drop(faulty.docx(), "b.docx")
    space.drop(space.grid(number, "BDC1.1"), "c.pdf")
    space.drop(b"%PDF-1.7 rien", "d.pdf")
    space.drop(space.modalities(number), "e.pdf")
    outcomes = {a.name: a.outcome for a in space.work()}
    assert outcomes == {
        "a.pdf": "refused",
        "b.docx": "refused",
        "c.pdf": "accepted",
        "d.pdf": "refused",
        "e.pdf": "accepted",
    }
