"""The files of a VAE’s dossier de preuves: joined by place or by act, shown, sealed as they came.

The calendar is the story’s own: 28245 may be entered in 2021.
"""

import hashlib
import io
import os
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from casefiles.answers.office_act import ActKind
from casefiles.events import DropAnswered
from forms import active
from tests.forms import odd
from tests.stories.routes import ALONE, enter, walk
from tests.stories.seen import words
from tests.stories.space import Space
from tests.stories.test_second_attempt import Calendar, office
from watch.confinement.sandbox import Sandbox

READINGS = "Releves EXEMPLE de la ligne 4"
ATTESTED = "Attestation EXEMPLE de mission"


def document(*pages: str) -> bytes:
    """A PDF of somebody else, a sentence a page."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for said in pages:
        canvas.drawString(72, 700, said)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def photograph(kind: str = "PNG") -> bytes:
    """A dark machine on a light ground, as a telephone gives it."""
    picture = Image.new("RGB", (1200, 900), "white")
    ImageDraw.Draw(picture).rectangle((200, 150, 1000, 750), fill=(40, 40, 60))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


SECOND = {
    "situations/2/title": "Changement de série",
    "situations/2/company": "Ateliers EXEMPLE",
    "situations/2/period": "2020",
    "situations/2/context": "Deux séries par jour.",
    "situations/2/actions": "J’ai préparé les outils.",
    "situations/2/results": "Dix minutes gagnées.",
    "situations/2/proofs": "Gamme de réglage, croquis",
}


def with_a_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert('EXEMPLE')")
    )


@dataclass
class Vae:
    """The story as far as its sealed volume: what was joined, by mark, and what was answered."""

    space: Space
    number: str
    joined: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, DropAnswered] = field(default_factory=dict)
    door: int = -1

    @property
    def volume(self) -> Path:
        sealed = self.space.session().pieces
        assert sealed is not None
        return self.space.folder(self.space.session().reference) / sealed.path

    def join(self, content: bytes, name: str, **target: str) -> DropAnswered:
        """Dropped in « Bureau », then joined by the act."""
        kept = self.space.hand_in(content, name, door="bureau")
        assert kept.outcome == "accepted", kept
        answer = self.space.ask(ActKind.JOIN, self.number, document=kept.document, **target)
        if answer.outcome == "accepted":
            self.joined[kept.document] = content
        return answer

    def zipped(self) -> None:
        """Two files and one of no use, in an archive saved in the case’s folder."""
        pieces = {
            "Situation 1 - plan.pdf": document("Plan EXEMPLE de maintenance"),
            "Situation 1 - photo.png": photograph(),
            "notes.txt": b"Bonjour",
        }
        place = self.space.folder(self.number) / "À remplir" / "preuves.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for name, content in pieces.items():
                archive.writestr(name, content)
        answers = {a.name: a for a in self.space.work()}
        self.answers["archive"] = answers["preuves.zip"]
        journal = self.space.office.journal
        for stream in journal.positions():
            answer = journal.read(stream)[0].event
            if isinstance(answer, DropAnswered) and answer.name in pieces:
                self.answers[answer.name] = answer
                if answer.outcome == "accepted":
                    self.joined[answer.document] = pieces[answer.name]

    def in_folders(self) -> None:
        """The second situation’s, in a folder of an archive, and in a folder of the case’s."""
        place = self.space.folder(self.number) / "À remplir"
        with zipfile.ZipFile(place / "suite.zip", "w") as archive:
            archive.writestr("preuves/Situation 2/croquis.pdf", document("Croquis EXEMPLE"))
        (place / "Situation 2").mkdir()
        armed = odd.changed(document("Gamme EXEMPLE"), with_a_script)
        (place / "Situation 2" / "gamme.pdf").write_bytes(armed)
        self.space.work()
        journal = self.space.office.journal
        for stream in journal.positions():
            answer = journal.read(stream)[0].event
            if isinstance(answer, DropAnswered) and answer.name in ("croquis.pdf", "gamme.pdf"):
                self.answers[answer.name] = answer


@pytest.fixture(scope="module")
def vae(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Vae]:
    clock = Calendar(datetime(2021, 3, 15, 9, tzinfo=UTC))
    space = office(tmp_path_factory.mktemp("preuves") / "espace", sandbox, clock)
    number = enter(space, "polyvalent", {"wish/route": "vae", **ALONE})
    walk(space, number, {"preuves": SECOND}, until="entretien")
    told = Vae(space, number)
    told.door = os.open(space.folder(number) / "À remplir", os.O_RDONLY)
    walk(space, number)
    place = space.folder(number) / "À remplir" / "Situation 1 - relevés.pdf"
    place.write_bytes(document(READINGS, f"{READINGS}, suite"))
    (saved,) = space.work()
    assert saved.outcome == "accepted", saved
    told.joined[saved.document] = document(READINGS, f"{READINGS}, suite")
    told.zipped()
    told.in_folders()
    reference = space.open_session(number)
    told.answers["photo"] = told.join(photograph("JPEG"), "IMG_0042.jpg", question="Situation 1")
    told.answers["deux fois"] = told.join(photograph("JPEG"), "IMG_0042 (1).jpg")
    told.answers["film"] = told.join(b"\0\0\0\x18ftypmp42 rien a montrer", "geste.mp4")
    space.close_agenda(reference)
    yield told
    os.close(told.door)
    space.close()


def test_the_folder_where_proofs_are_saved_is_never_taken_away_to_be_put_back(vae: Vae) -> None:
    # Held since before its last form left it: a folder made anew would be another.
    place = vae.space.folder(vae.number) / "À remplir"
    assert os.path.samestat(os.fstat(vae.door), place.stat())


def test_the_act_joins_a_file_to_the_situation_it_names(vae: Vae) -> None:
    answer = vae.answers["photo"]
    assert answer.outcome == "accepted", answer
    assert answer.reasons == ("Jointe à la preuve de la situation 1.",)
    (photo,) = [p for p in vae.space.case(vae.number).proofs if p.name == "IMG_0042.jpg"]
    assert photo.situations == ("1",)
    tree = vae.space.tree(vae.space.folder(vae.number))
    assert f"Reçus/Preuve, situation 1 - {photo.document}.jpg" in tree
    assert f"Preuve jointe : « IMG_0042.jpg », repère {photo.document}, situation 1" in (
        vae.space.history(vae.number)
    )


def test_an_archive_saved_in_the_cases_folder_is_that_cases_each_piece_on_its_own_receipt(
    vae: Vae,
) -> None:
    whole = vae.answers["archive"]
    assert (whole.outcome, whole.what) == ("accepted", "Envoi contenant 3 documents")
    stream = f"dossier/{vae.number}"
    for name in ("Situation 1 - plan.pdf", "Situation 1 - photo.png"):
        answer = vae.answers[name]
        assert (answer.outcome, answer.stream) == ("accepted", stream), answer
        assert answer.reasons == ("Jointe à la preuve de la situation 1.",)
        assert any(answer.document in one and name in one for one in whole.reasons)
    notes = vae.answers["notes.txt"]
    assert notes.outcome == "refused"
    assert (vae.space.workspace.to_correct / "notes.txt").read_bytes() == b"Bonjour"
    assert "À remplir/preuves.zip" not in vae.space.tree(vae.space.folder(vae.number))


@pytest.mark.rule("R64")
def test_the_folders_of_an_archive_and_of_a_tree_name_situations_alike(vae: Vae) -> None:
    found = {p.name: p.situations for p in vae.space.case(vae.number).proofs}
    assert found["croquis.pdf"] == ("2",)
    assert found["gamme.pdf"] == ("2",)
    for name in ("croquis.pdf", "gamme.pdf"):
        assert vae.answers[name].reasons[0] == "Jointe à la preuve de la situation 2."


def test_what_would_act_in_a_file_is_named_and_the_volume_shows_it_without(vae: Vae) -> None:
    assert vae.answers["croquis.pdf"].reasons[1:] == ()
    assert vae.answers["gamme.pdf"].reasons[1:] == (
        "Le fichier contient du code JavaScript ; rien n’en est exécuté.",
    )
    with pikepdf.open(vae.volume) as pdf:
        assert not any("JavaScript" in one for one in active.named(pdf, b"/ObjStm"))


def test_the_same_file_twice_and_one_without_pages_are_refused_with_what_to_do(vae: Vae) -> None:
    again, film = vae.answers["deux fois"], vae.answers["film"]
    assert again.outcome == "refused"
    assert again.reasons == ("Cette preuve est déjà jointe à ce dossier.",)
    assert film.outcome == "refused"
    assert film.reasons[0].startswith("Ses pages ne peuvent pas être montrées au jury.")
    assert "en PDF ou en image" in film.remedy


def test_the_sealed_volume_holds_each_file_byte_for_byte(vae: Vae, tmp_path: Path) -> None:
    subprocess.run(
        ["pdfdetach", "-saveall", "-o", tmp_path, vae.volume], check=True, capture_output=True
    )
    listed = words(vae.volume)
    for mark, content in vae.joined.items():
        (one,) = [file for file in tmp_path.iterdir() if mark in file.name]
        assert one.read_bytes() == content
        sha256 = hashlib.sha256(content).hexdigest()
        assert sha256[:32] in listed
        assert sha256[32:] in listed
        (kept,) = [p for p in vae.space.case(vae.number).proofs if p.document == mark]
        assert kept.sha256 == sha256


def test_the_sealed_volume_shows_the_pages_of_each_file(vae: Vae) -> None:
    with pypdfium2.PdfDocument(vae.volume) as pdf:
        told = [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]
        titled = [item.get_title() for item in pdf.get_toc()]
        pages = [n for n, said in enumerate(told) if READINGS in said]
        assert pages == [pages[0], pages[0] + 1], "both pages, one after the other"
        assert "suite" in told[pages[1]]
        for mark in vae.joined:
            assert f"Preuve, situation 1 ({mark}) — pages reçues" in titled, titled
        photo = next(p.document for p in vae.space.case(vae.number).proofs if "IMG" in p.name)
        (page,) = [n for n, t in enumerate(told) if f"({photo}) — pages reçues" in t]
        drawn = pdf[page].render(scale=0.5).to_pil().convert("L")
    dark = sum(drawn.histogram()[:90]) / (drawn.width * drawn.height)
    assert 0.1 < dark < 0.6, dark


def test_a_proof_that_comes_after_the_closure_makes_the_volume_anew(vae: Vae) -> None:
    before = vae.space.session().pieces
    assert before is not None
    answer = vae.join(document(ATTESTED), "Situation 1 - attestation.pdf")
    assert answer.outcome == "accepted", answer
    after = vae.space.session().pieces
    assert after is not None
    assert after.version == before.version + 1
    assert ATTESTED in words(vae.volume)


def test_a_case_without_a_dossier_de_preuves_takes_no_proof(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    kept = space.hand_in(document(ATTESTED), "attestation.pdf", door="bureau")
    answer = space.ask(ActKind.JOIN, number, document=kept.document)
    assert answer.outcome == "refused"
    assert "n’a pas de dossier de preuves" in answer.reasons[0]
    unknown = space.ask(ActKind.JOIN, number, document="D-INCONNU")
    assert unknown.outcome == "refused"
