"""Forms that come back on paper: copied by the office, filed, and called paper ever after."""

import zipfile

import numpy as np
import page
import pikepdf
import pytest

from casefiles.answers import Avis
from casefiles.answers.office_act import ActKind
from forms.read import read
from tests.engines import rewriters
from tests.returns import marked, paper
from tests.returns.paper import taken
from tests.returns.test_ink import annotated, ink
from tests.returns.test_wrapped import mailed, zipped
from tests.stories import on_paper
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.on_paper import (
    AGENT,
    copy_and_save,
    scanned,
    text_of,
    to_copy,
    written_by_pen,
)
from tests.stories.space import Space, plain
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.long


def test_a_scanned_avis_signed_by_hand_waits_for_the_office_and_is_then_filed_as_paper(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answers = people.avis(space.outline(number, "avis"), space.today)
    pages = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    answer = space.hand_in(scanned(pages), "scan0001.pdf")
    assert answer.outcome == "waiting", answer
    assert not space.case(number).standing("avis")
    (form,) = to_copy(space)
    assert form.name in space.to_do(number)
    assert "L’avis de l’entreprise, signé." not in space.to_do(number)

    done = copy_and_save(space, form, answers)
    assert done.outcome == "accepted", done
    (avis,) = space.case(number).standing("avis")
    assert (avis.mark, avis.how, avis.proof.kind) == (answer.document, "scan", "paper")
    assert avis.typed_by == AGENT
    assert avis.obtained["activities"].how == "typed"
    assert avis.obtained["conclusion/overall"].how == "scan"
    wanted = {k: v for k, v in answers.items() if k in avis.values}
    assert {k: avis.values[k] for k in wanted} == wanted
    history = space.history(number)
    assert "Sur papier, signé à la main." in history
    assert f"confirmé à la demande d’{AGENT}" in history
    assert not to_copy(space)
    received = [n for n in space.tree(space.folder(number)) if answer.document in n]
    assert received == [f"Reçus/Avis de l’entreprise - {answer.document}.pdf"]


def test_an_avis_printed_to_pdf_without_any_signature_is_refused_at_once(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    flat = rewriters.printed(space.avis(number).read_bytes())
    refused(space, flat, "Aucune signature manuscrite", "cadre prévu")
    assert not to_copy(space)


def test_a_grid_signed_by_hand_is_filed_as_paper(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answers = people.grid(space.outline(number, "grille", "BDC1.1"), space.today)
    pages = written_by_pen(space.issued(number, "grille", "BDC1.1").read_bytes(), answers)
    assert space.hand_in(scanned(pages)).outcome == "waiting"
    (form,) = to_copy(space)
    assert copy_and_save(space, form, answers).outcome == "accepted"
    (grid,) = space.case(number).standing("grille", "BDC1.1")
    assert (grid.how, grid.proof.kind, grid.typed_by) == ("scan", "paper", AGENT)
    assert "Sur papier, signé à la main." in space.history(number)


def test_an_avis_signed_by_hand_is_refused_where_the_settings_do_not_take_it(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    space.reopen(
        edit=lambda text: text.replace('avis = ["signature", "papier"]', 'avis = ["signature"]')
    )
    answers = people.avis(space.outline(number, "avis"), space.today)
    pages = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    space.hand_in(scanned(pages))
    (form,) = to_copy(space)
    done = copy_and_save(space, form, answers)
    assert done.outcome == "refused"
    assert "demandent une signature électronique" in done.reasons[0]
    assert not space.case(number).standing("avis")


def test_a_grid_printed_to_pdf_is_read_looked_at_and_filed(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answers = people.grid(space.outline(number, "grille", "BDC1.1"), space.today)
    answer = space.hand_in(rewriters.printed(space.grid(number, "BDC1.1").read_bytes()))
    assert answer.outcome == "waiting", answer
    (form,) = to_copy(space)
    shown = {k: v for k, v in read(form.read_bytes()).values.items() if k in answers and v}
    assert shown.items() <= answers.items()
    assert "evaluator/name" in shown
    done = copy_and_save(space, form, answers, signed=False)
    assert done.outcome == "accepted", (done.reasons, done.remedy)
    (grid,) = space.case(number).standing("grille", "BDC1.1")
    assert (grid.how, grid.proof.kind) == ("flattened", "none")
    assert {k: grid.values[k] for k in answers} == answers


def test_what_is_copied_otherwise_than_the_file_says_is_taken_and_told(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answers = people.grid(space.outline(number, "grille", "BDC1.1"), space.today)
    space.hand_in(rewriters.printed(space.grid(number, "BDC1.1").read_bytes()))
    (form,) = to_copy(space)
    done = copy_and_save(space, form, {**answers, "evaluator/name": "Tout AUTRE"}, signed=False)
    assert done.outcome == "accepted", (done.reasons, done.remedy)
    (told,) = [one for one in done.reasons if "a recopié" in one]
    assert f"le fichier dit « {answers['evaluator/name']} »" in told
    assert "« Tout AUTRE »" in told


def test_a_sign_the_viewer_lost_in_what_was_copied_is_told_by_its_question(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answers = people.grid(space.outline(number, "grille", "BDC1.1"), space.today)
    space.hand_in(rewriters.printed(space.grid(number, "BDC1.1").read_bytes()))
    (form,) = to_copy(space)
    lost = {**answers, "evaluator/name": "Zoé \uf642"}  # of « 🙂 », by Chrome
    done = copy_and_save(space, form, lost, signed=False)
    assert done.outcome == "refused"
    (told,) = done.reasons
    assert "n’a pas su enregistrer" in told
    assert "evaluator/name" not in told
    assert "Nom et prénom" in told


def test_a_grid_written_over_on_a_tablet_is_read_where_the_ink_is(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    laid_out = on_paper.layout(space, number, "grille", "BDC1.1")
    verdict = next(f for f in laid_out.fields if f.name == "conclusion/verdict")
    spot = next(s for s in verdict.spots if s.option == "acquise")
    plain = space.grid(number, "BDC1.1", changes={"conclusion/verdict": ""})
    over = annotated(plain.read_bytes(), ink(spot.box), page=spot.page - 1)
    answer = space.hand_in(over, "tablette.pdf")
    assert answer.outcome == "waiting", answer
    assert any("tracé" in reason for reason in answer.reasons)
    (form,) = to_copy(space)
    asked = {n for n in read(form.read_bytes()).values if not n.startswith("transcription/")}
    assert asked == {"conclusion/verdict"}
    done = copy_and_save(space, form, {"conclusion/verdict": "acquise"}, signed=False)
    assert done.outcome == "accepted", done
    (grid,) = space.case(number).standing("grille", "BDC1.1")
    assert grid.values["conclusion/verdict"] == "acquise"
    assert grid.obtained["conclusion/verdict"].how == "typed"
    assert "setting/place" not in grid.obtained


def test_pages_that_come_in_two_drops_are_joined(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answers = people.avis(space.outline(number, "avis"), space.today)
    first, second = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    answer = space.hand_in(scanned([first]), "recto.pdf")
    assert answer.outcome == "waiting"
    assert any("il manque la page 2" in reason.casefold() for reason in answer.reasons)
    assert "sans la page 2" in space.to_do(number)
    assert not to_copy(space)

    last = space.hand_in(scanned([second], seed=9), "verso.pdf")
    assert last.outcome == "waiting"
    assert any("plusieurs dépôts" in reason for reason in last.reasons)
    assert "sans la page 2" not in space.to_do(number)
    (form,) = to_copy(space)
    assert copy_and_save(space, form, answers).outcome == "accepted"
    (avis,) = space.case(number).standing("avis")
    assert avis.mark == last.document
    assert [space.office.originals.get(s)[:4] for s in avis.also] == [b"%PDF"]
    received = [n for n in space.tree(space.folder(number)) if last.document in n]
    assert len(received) == 2


def test_the_same_page_twice_is_refused_rather_than_guessed(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answers = people.avis(space.outline(number, "avis"), space.today)
    first, second = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    refused(space, scanned([first, first, second]), "La page 1 y figure plusieurs fois")


def test_several_forms_in_one_file_in_any_order_have_a_receipt_each(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    pages = []
    for part in ("BDC1.1", "BDC1.2"):
        answers = people.grid(space.outline(number, "grille", part), space.today)
        pages += written_by_pen(space.issued(number, "grille", part).read_bytes(), answers)
    answer = space.hand_in(scanned(pages[::-1]), "tout.pdf")
    assert answer.outcome == "accepted", answer
    assert len(answer.reasons) == 2
    held = space.case(number).held
    assert {h.part for h in held} == {"BDC1.1", "BDC1.2"}
    assert len({h.document for h in held}) == 2
    assert len(to_copy(space)) == 2
    receipts = [p.name for p in space.workspace.receipts.rglob("*.txt")]
    assert sum("tout.pdf" in name for name in receipts) == 3


def test_two_pages_on_one_photographed_sheet_are_read(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    answers = people.avis(space.outline(number, "avis"), space.today)
    pages = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    side = np.hstack(pages)
    photo = paper.jpeg(taken(side, paper.Device(dpi=200, noise=0.1), np.random.default_rng(1)))
    answer = space.hand_in(photo, "IMG_0042.JPG")
    assert answer.outcome == "waiting", answer
    (form,) = to_copy(space)
    assert copy_and_save(space, form, answers).outcome == "accepted"
    (avis,) = space.case(number).standing("avis")
    assert (avis.how, avis.proof.kind) == ("scan", "paper")
    received = [n for n in space.tree(space.folder(number)) if avis.mark in n]
    assert received == [f"Reçus/Avis de l’entreprise - {avis.mark}.jpg"]


def test_every_document_of_a_message_and_its_archive_is_taken_on_its_own(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    grid, other = space.grid(number, "BDC1.1"), space.grid(number, "BDC1.2")
    sent = mailed(
        ("grille 1.pdf", grid.read_bytes()),
        ("reste.zip", zipped({"grille 2.pdf": other.read_bytes(), "photo.jpg": b"\xff\xd8\xff"})),
    )
    answer = space.hand_in(sent, "RE Grilles.eml")
    assert answer.outcome == "accepted"
    assert space.case(number).standing("grille", "BDC1.1")
    assert space.case(number).standing("grille", "BDC1.2")
    told = "\n".join(answer.reasons)
    assert "« grille 1.pdf »" in told
    assert "« reste.zip - photo.jpg », repère" in told
    assert "à corriger" in told
    waiting = [p.name for p in space.workspace.to_correct.iterdir()]
    assert any("photo.jpg" in name and name.endswith("POURQUOI.txt") for name in waiting)
    again = space.hand_in(zipped({"grille 1.pdf": grid.read_bytes()}), "encore.zip")
    assert "déjà reçu" in again.reasons[0]


def test_an_archive_that_stores_a_form_as_it_is_is_still_an_archive(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    form = space.modalities(number).read_bytes()
    answer = space.hand_in(zipped({"modalités.pdf": form}, zipfile.ZIP_STORED), "lot.zip")
    assert answer.outcome == "accepted"
    (filed,) = space.case(number).standing("modalites")
    assert space.office.originals.get(filed.sha256) == form


def test_a_stranger_page_and_another_candidates_page_are_told_apart(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    other = space.enrol({"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Lou"})
    answers = people.avis(space.outline(other, "avis"), space.today)
    mixed = [
        written_by_pen(space.issued(number, "avis").read_bytes(), answers)[0],
        written_by_pen(space.issued(other, "avis").read_bytes(), answers)[1],
    ]
    answer = space.hand_in(scanned(mixed), "mélangé.pdf")
    assert [h.missing for h in space.case(number).held] == [(2,)]
    assert [h.missing for h in space.case(other).held] == [(1,)]
    assert answer.outcome == "accepted"
    foreign = paper.printed(marked.print_of(Avis))
    refused(space, scanned(foreign), "n’a pas été préparé par ce bureau")


def test_a_document_signed_by_hand_is_called_paper_in_the_recapitulatif_and_the_pieces(
    as_told: AsTold,
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    answers = people.avis(space.outline(number, "avis"), space.today)
    pages = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    photo = paper.tiff([taken(p, on_paper.SCANNER, np.random.default_rng(4)) for p in pages])
    mark = space.hand_in(photo, "avis.tif").document
    (form,) = to_copy(space)
    assert copy_and_save(space, form, answers).outcome == "accepted"
    others = [space.modalities(number)]
    others += [space.grid(number, part) for part in space.competences(number)]
    for count, file in enumerate(others):
        space.drop(file, f"{count}.pdf")
    for answer in space.work():
        assert answer.outcome == "accepted", answer
    reference = space.open_session(number)
    recap = text_of(space.folder(number) / "Produits/Récapitulatif des évaluations.pdf")
    assert "Signature manuscrite, sur papier" in recap
    assert f"Document {mark} : signé sur papier" in recap
    space.close_agenda(reference)
    (volume,) = space.folder(reference).glob("Pièces scellées*.pdf")
    with pikepdf.open(volume) as pdf:
        kept = {name: f.get_file().read_bytes() for name, f in pdf.attachments.items()}
        kinds = {name: f.get_file().mime_type for name, f in pdf.attachments.items()}
        with pdf.open_outline() as outline:
            (of,) = [o for o in outline.root if number in o.title]
            (received,) = [o for o in of.children if "pages reçues" in o.title]
        assert mark in received.title
        streams = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
        drawn = [one for one in streams if one.get("/Filter") == "/DCTDecode"]
    (name,) = [name for name in kept if mark in name]
    assert name.endswith(".tif")
    assert kept[name] == photo
    assert kinds[name] == "image/tiff"
    assert len(drawn) == len(pages)
    assert page.validate_pdf_bytes(volume.read_bytes(), profile="3b").failures == []
    assert "Signé à la main, sur papier" in text_of(volume)


def test_a_scanned_inscription_that_resembles_a_case_is_opened_by_the_office(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answers = people.inscription(space.today) | {"candidate/email": "autre@exemple.invalid"}
    blank = space.blank("Dossier d’inscription").read_bytes()
    answer = space.hand_in(scanned(written_by_pen(blank, answers)), "inscription.pdf")
    assert answer.outcome == "waiting", answer
    early = space.act(ActKind.HOMONYM, number, document=answer.document)
    assert early.outcome == "refused"
    assert any("transcription" in r for r in (*early.reasons, early.remedy)), early

    (form,) = to_copy(space)
    done = copy_and_save(space, form, answers)
    assert done.outcome == "waiting", done
    assert f"repère {answer.document}" in done.remedy
    assert not to_copy(space)
    (note,) = space.workspace.to_correct.glob("*EN ATTENTE.txt")
    assert "Ouvrir malgré une ressemblance" in plain(note)
    opened = space.ask(ActKind.HOMONYM, number, document=answer.document)
    assert opened.outcome == "accepted", (opened.reasons, opened.remedy)
    second = space.case(space.numbers()[-1])
    assert second.number != number
    (inscription,) = second.standing("inscription")
    assert (inscription.mark, inscription.how, inscription.typed_by) == (
        answer.document,
        "scan",
        AGENT,
    )
    assert second.candidate.email == "autre@exemple.invalid"
    assert not list(space.workspace.to_correct.iterdir())
    assert not to_copy(space)
    assert f"Recopié et relu par {AGENT}" in space.history(second.number)
    again = space.act(ActKind.HOMONYM, number, document=answer.document)
    assert again.outcome == "refused"


def test_a_scanned_answer_that_cannot_be_is_to_be_copied_or_scanned_again_never_saved(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answers = people.avis(space.outline(number, "avis"), space.today)
    answers["signatory/day"] = "31/02/2026"
    pages = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    assert space.hand_in(scanned(pages)).outcome == "waiting"
    (form,) = to_copy(space)
    done = copy_and_save(space, form, answers)
    assert done.outcome == "refused"
    assert "corrigez la transcription et enregistrez-la à sa place" in done.remedy
    assert "numérisez à nouveau toutes ses pages" in done.remedy
    assert "enregistrez-le" not in done.remedy

    answers["signatory/day"] = people.fr(space.today)
    (form,) = to_copy(space)
    assert copy_and_save(space, form, answers).outcome == "accepted"


@pytest.mark.parametrize("answered", [True, False], ids=["half filled", "blank"])
def test_a_sheet_scanned_before_it_is_filled_is_to_be_filled_and_scanned_again(
    enrolled: tuple[Space, str], answered: bool
) -> None:
    space, number = enrolled
    answers = {"criteria/BDC1-1-M1/mark": "valide"} if answered else {}
    blank = space.issued(number, "grille", "BDC1.1").read_bytes()
    answer = space.hand_in(scanned(written_by_pen(blank, answers, signed=False)))
    assert (answer.outcome, to_copy(space)) == ("refused", []), answer
    assert "numérisez" in answer.remedy
    assert "enregistrez" not in answer.remedy


def test_a_form_printed_too_soon_is_corrected_on_screen_and_not_printed_again(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    early = space.grid(number, "BDC1.1", changes={"conclusion/verdict": ""})
    space.hand_in(rewriters.printed(early.read_bytes()))
    (form,) = to_copy(space)
    answers = people.grid(space.outline(number, "grille", "BDC1.1"), space.today)
    done = copy_and_save(space, form, {**answers, "conclusion/verdict": ""}, signed=False)
    assert done.outcome == "draft", done
    assert "enregistrez-le (sans l’imprimer)" in done.remedy
