"""Returns as people send them, by phone, scanner or mail: each through the folder, to the end."""

from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from casefiles.events import DropAnswered
from forms.read import read
from tests.returns import paper
from tests.returns.outlook import message as outlook_message
from tests.returns.paper import Device, Gray, taken
from tests.stories.on_paper import SCANNER, copy_and_save, scanned, to_copy, written_by_pen
from tests.stories.space import Answers, Space
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.long

FAST = {"preset": "ultrafast"}
PHONE = Device(dpi=170, perspective=0.7, shadow=0.7, noise=0.2, skew=1.5, quality=70)


def photo(page: Gray, seed: int = 5) -> Gray:
    """The page on a desk, under a lamp, from the height of a hand."""
    return taken(page, PHONE, np.random.default_rng(seed))


def heic(picture: Gray) -> bytes:
    """As an iPhone keeps it."""
    out = BytesIO()
    pillow_heif.from_pillow(Image.fromarray(picture).convert("RGB")).save(
        out, quality=60, enc_params=FAST
    )
    return out.getvalue()


def written_grid(space: Space, number: str, part: str) -> tuple[Answers, list[Gray]]:
    answers = people.grid(space.outline(number, "grille", part), space.today)
    return answers, written_by_pen(space.issued(number, "grille", part).read_bytes(), answers)


def written_avis(space: Space, number: str) -> tuple[Answers, list[Gray]]:
    answers = people.avis(space.outline(number, "avis"), space.today)
    return answers, written_by_pen(space.issued(number, "avis").read_bytes(), answers)


def copied(space: Space, answers: Answers) -> DropAnswered:
    """The one transcription that waits, filled by the office."""
    (form,) = to_copy(space)
    return copy_and_save(space, form, answers)


def test_two_photos_of_an_iphone_are_joined_and_filed(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answers, pages = written_avis(space, number)
    first, second = (heic(photo(page)) for page in pages)
    answer = space.hand_in(first, "IMG_0041.HEIC")
    assert any("manque la page 2" in reason for reason in answer.reasons), answer
    assert space.hand_in(second, "IMG_0042.HEIC").outcome == "waiting"
    assert copied(space, answers).outcome == "accepted"
    (avis,) = space.case(number).standing("avis")
    assert avis.obtained["conclusion/overall"].how == "scan"
    assert avis.values["conclusion/overall"] == answers["conclusion/overall"]
    received = [n for n in space.tree(space.folder(number)) if avis.mark in n]
    assert {n.rpartition(".")[2] for n in received} == {"heic"}


def test_a_phone_held_askew_under_a_lamp_is_read(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answers, (first, second) = written_avis(space, number)
    assert space.hand_in(paper.jpeg(photo(second)), "IMG_2.jpg").outcome == "waiting"
    assert space.hand_in(paper.jpeg(photo(first, seed=8)), "IMG_1.jpg").outcome == "waiting"
    assert copied(space, answers).outcome == "accepted"
    (avis,) = space.case(number).standing("avis")
    assert {k: avis.values[k] for k in answers if k in avis.values} == {
        k: v for k, v in answers.items() if k in avis.values
    }


def test_a_message_of_outlook_is_taken_apart(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    grid = space.grid(number, "BDC1.1")
    answers, (first, second) = written_avis(space, number)
    sent = outlook_message(
        [
            ("grille remplie.pdf", grid.read_bytes()),
            ("avis page 1.png", paper.png(taken(first, SCANNER, np.random.default_rng(1)))),
            ("avis page 2.png", paper.png(taken(second, SCANNER, np.random.default_rng(2)))),
        ]
    )
    answer = space.hand_in(sent, "Documents de Mme EXEMPLE.msg")
    assert answer.outcome == "accepted", answer
    assert space.case(number).standing("grille", "BDC1.1")
    told = "\n".join(answer.reasons)
    for name in ("grille remplie.pdf", "avis page 1.png", "avis page 2.png"):
        assert f"« {name} »" in told
    assert copied(space, answers).outcome == "accepted"
    (avis,) = space.case(number).standing("avis")
    received = [n for n in space.tree(space.folder(number)) if avis.mark in n]
    assert {n.rpartition(".")[2] for n in received} == {"png"}


def test_every_grid_of_a_bloc_scanned_in_one_heap_is_sorted(enrolled: tuple[Space, str]) -> None:
    """As a feeder gives them: shuffled, some upside down, blank backs in between."""
    space, number = enrolled
    parts = [part for part in space.competences(number) if part.startswith("BDC1")]
    written = {part: written_grid(space, number, part) for part in parts}
    rng = np.random.default_rng(11)
    heap = [page for _, pages in written.values() for page in pages]
    rng.shuffle(heap)  # type: ignore[arg-type]
    heap = [page[::-1, ::-1].copy() if rng.random() < 0.3 else page for page in heap]
    heap.insert(2, np.full_like(heap[0], 255))
    answer = space.hand_in(scanned(heap), "grilles du 12.pdf")
    assert answer.outcome == "accepted", answer
    assert {held.part: held.missing for held in space.case(number).held} == dict.fromkeys(parts, ())
    for form in to_copy(space):
        (part,) = [part for part in parts if f" {part} " in form.name]
        done = copy_and_save(space, form, written[part][0])
        assert done.outcome == "accepted", done
        (grid,) = space.case(number).standing("grille", part)
        assert grid.values["conclusion/verdict"] == written[part][0]["conclusion/verdict"]
        assert grid.how == "scan"


def test_a_scanned_composition_convenes_the_jury_once_copied(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    space.complete(number)
    answers = people.composition(number, space.today)
    pages = written_by_pen(space.blank("Composition du jury").read_bytes(), answers)
    answer = space.hand_in(scanned(pages), "composition signée.pdf")
    assert answer.outcome == "waiting", answer
    (form,) = to_copy(space)
    asked = set(read(form.read_bytes()).values)
    assert {"sitting/day", "members/1/name", "agenda/1/case"} <= asked
    assert copy_and_save(space, form, answers).outcome == "accepted"
    held = space.session()
    assert [member.name for member in held.members][:2] == [
        people.PRESIDENT,
        people.MEMBERS[0],
    ]


def test_half_of_a_blank_form_is_not_kept_for_another_half(enrolled: tuple[Space, str]) -> None:
    """Nothing tells two people’s pages of one blank apart: they come together or not at all."""
    space, _ = enrolled
    blank = space.blank("Dossier d’inscription").read_bytes()
    pages = written_by_pen(blank, people.inscription(space.today))
    answer = space.hand_in(scanned(pages[:1]), "inscription.pdf")
    assert answer.outcome == "refused", answer
    assert "dans un seul fichier" in answer.remedy
