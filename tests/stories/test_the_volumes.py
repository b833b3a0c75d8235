"""*Pièces* of a real session: what comes out of it is what people handed in, signatures and all."""

import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from casefiles.answers.office_act import ActKind
from casefiles.casefile import CaseFile
from tests.signing.tools import PdfSig, openssl_verifies
from tests.stories.conftest import AsTold, Stages
from tests.stories.seen import words
from tests.stories.space import Space
from tests.stories.test_who_signs import pinned
from watch.commands.rehearsal import answers as people
from watch.office import now


@dataclass(frozen=True)
class Volume:
    """A sealed volume over two candidates, and what poppler’s own tool takes out of it."""

    space: Space
    path: Path
    extracted: dict[str, Path]
    manifest: Mapping[str, Mapping[str, str]]

    def cases(self) -> list[CaseFile]:
        return [self.space.case(number) for number in self.space.numbers()]


@pytest.fixture(scope="module")
def volume(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Volume]:
    space = stages.copy("nouveau", tmp_path_factory.mktemp("pièces") / "espace")
    for role in ("employeur", "employeur, RSA"):  # two certificates of one person
        pinned(space, space.signers[role])
    for name, role in (("EXEMPLE-PREMIER", "employeur"), ("EXEMPLE-SECOND", "employeur, RSA")):
        number = space.enrol({"candidate/birth_name": name})
        space.drop(space.modalities(number), "modalités.pdf")
        for rank, part in enumerate(reversed(space.competences(number))):
            grid = space.grid(number, part, changes=remark(number, part))
            space.drop(grid, f"grille {rank}.pdf")
        space.drop(space.signed_avis(number, role), "avis.pdf")
        assert {answer.outcome for answer in space.work()} == {"accepted"}
    space.close_agenda(space.open_session(*space.numbers()))
    pieces = space.session().pieces
    assert pieces is not None
    path = space.folder(space.session().reference) / pieces.path
    folder = tmp_path_factory.mktemp("extraites")
    subprocess.run(["pdfdetach", "-saveall", "-o", folder, path], check=True, capture_output=True)
    extracted = {one.name: one for one in folder.iterdir()}
    said = json.loads(extracted.pop("manifeste.json").read_text(encoding="utf-8"))
    assert extracted.pop("empreintes.sha256").read_text(encoding="utf-8").count("\n") == 20
    yield Volume(space, path, extracted, {one["name"]: one for one in said["pieces"]})
    space.close()


def remark(number: str, part: str) -> dict[str, str]:
    return {"conclusion/comment": f"Remarque propre au dossier {number}, compétence {part}."}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_original_comes_out_byte_for_byte_as_it_was_handed_in(volume: Volume) -> None:
    assert set(volume.extracted) == set(volume.manifest)
    assert {name: sha256(path) for name, path in volume.extracted.items()} == {
        name: told["sha256"] for name, told in volume.manifest.items()
    }
    kept = [d for case in volume.cases() for d in case.documents if d.form != "inscription"]
    assert {sha256(path) for path in volume.extracted.values()} == {d.sha256 for d in kept}
    assert len(volume.extracted) == len({d.mark for d in kept}) == 20
    for path in volume.extracted.values():
        assert path.read_bytes() == volume.space.office.originals.get(sha256(path))


def test_each_piece_says_its_role_and_what_its_signature_is_worth(volume: Volume) -> None:
    for name, told in volume.manifest.items():
        assert told["role"] in name
        signed = "Avis" in told["role"]
        assert (people.EMPLOYER in told["verdict"]) is signed, told
    front = words(volume.path)
    for told in volume.manifest.values():  # printed in two halves, one above the other
        assert told["sha256"][:32] in front
        assert told["sha256"][32:] in front


def test_each_candidates_pieces_stand_in_the_order_they_are_read_in(volume: Volume) -> None:
    """Whatever their order of arrival, which is not that of the competences."""
    for case in volume.cases():
        roles = [t["role"] for n, t in volume.manifest.items() if n.startswith(case.number)]
        grids = [f"Grille d’évaluation, compétence {number}" for number in range(1, 9)]
        assert roles == ["Modalités d’évaluation", *grids, "Avis de l’entreprise"]
        told = sorted(d.part for d in case.documents if d.part)
        assert [d.part for d in case.documents if d.part] != told  # the control


def test_each_inner_signature_still_verifies_once_extracted(
    volume: Volume, authority_root: Path, tmp_path: Path
) -> None:
    poppler = PdfSig(tmp_path / "nss", authority_root)
    avis = [path for name, path in volume.extracted.items() if "Avis" in name]
    assert len(avis) == 2
    for path in avis:
        assert openssl_verifies(path, authority_root, tmp_path)
        said = poppler.says(path)
        assert said.count("Signature is Valid.") == 1
        assert "Total document signed" in said
        assert f"Signer Certificate Common Name: {people.EMPLOYER}" in said
    for name, path in volume.extracted.items():
        assert (b"/ByteRange" in path.read_bytes()) is ("Avis" in name), name


def test_a_byte_changed_in_an_extracted_piece_is_seen_by_both(
    volume: Volume, authority_root: Path, tmp_path: Path
) -> None:
    (avis, *_) = [path for name, path in volume.extracted.items() if "Avis" in name]
    content = bytearray(avis.read_bytes())
    content[content.index(b"stream") + 40] ^= 1
    altered = tmp_path / "changé.pdf"
    altered.write_bytes(content)
    assert not openssl_verifies(altered, authority_root, tmp_path)
    assert "Signature is Valid." not in PdfSig(tmp_path / "nss", authority_root).says(altered)


def test_same_named_fields_of_many_forms_never_collide(volume: Volume) -> None:
    """Sixteen grids bear the same field names: each keeps its own answer, as a field in its
    original and as ink in its readable copy; the volume itself has no field but its seal."""
    wanted, found = {}, {}
    for case in volume.cases():
        for document in case.documents:
            if document.form == "grille":
                told = remark(case.number, document.part)["conclusion/comment"]
                wanted[document.mark] = told
                (path,) = [p for n, p in volume.extracted.items() if document.mark in n]
                found[document.mark] = field_value(path, "conclusion/comment")
    assert found == wanted
    assert len(set(found.values())) == 16
    copies = readable_copies(volume.path)
    for mark, told in wanted.items():
        (copy,) = [said for title, said in copies.items() if mark in title]
        assert told in copy
        assert sum(other in copy for other in wanted.values()) == 1
    with pikepdf.open(volume.path) as pdf:
        assert [str(field.T) for field in pdf.Root.AcroForm.Fields] == ["sceau/organisme"]
        widgets = [a for page in pdf.pages for a in page.obj.get("/Annots", ())]
        assert [str(w.T) for w in widgets if w.get("/Subtype") == "/Widget"] == ["sceau/organisme"]


def readable_copies(volume: Path) -> dict[str, str]:
    """The words of each part of the volume, by the title of its bookmark."""
    with pypdfium2.PdfDocument(volume) as pdf:
        pages = [" ".join(one.get_textpage().get_text_range().split()) for one in pdf]
        starts = [(item.get_title(), item.get_dest().get_index()) for item in pdf.get_toc()]
    ends = [start for _, start in starts[1:]] + [len(pages)]
    return {
        title: " ".join(pages[start:end]) for (title, start), end in zip(starts, ends, strict=True)
    }


def field_value(path: Path, name: str) -> str:
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            for widget in page.obj.get("/Annots", ()):
                if str(widget.get("/T", "")) == name:
                    return str(widget.V)
    raise AssertionError(f"no field {name} in {path.name}")


def corrupted(piece: Path) -> None:
    content = bytearray(piece.read_bytes())
    content[len(content) // 2] ^= 1
    piece.chmod(0o600)
    piece.write_bytes(content)


HARM = {"abîmée": corrupted, "absente": Path.unlink}


@pytest.mark.parametrize("how", HARM)
def test_a_corrupt_or_missing_piece_stops_the_volume_by_name(how: str, as_told: AsTold) -> None:
    space = as_told("en session")
    number, reference = space.numbers()[-1], space.session().reference
    (avis,) = space.case(number).standing("avis")
    kept = space.office.originals.path(avis.sha256)
    whole = kept.read_bytes()
    HARM[how](kept)
    space.close_agenda(reference)

    assert space.session().pieces is None
    piece = f"« {number} Avis de l’entreprise {avis.mark}.pdf »"
    assert piece in space.history(reference)
    for days in range(1, 6):
        space.office.clock = lambda days=days: now() + timedelta(days=days)  # type: ignore[misc]
        space.catch_up()
    assert space.session().pieces is None
    assert "ÉTAPE BLOQUÉE" in space.to_do(reference)
    assert piece in space.to_do(reference)
    assert not [n for n in space.tree(space.folder(reference)) if "Pièces" in n]

    kept.write_bytes(whole)  # from the backup; then the office has it tried again
    assert space.act(ActKind.RETRY, reference).outcome == "accepted"
    assert space.session().pieces is not None
    assert "ÉTAPE BLOQUÉE" not in space.to_do(reference)


def test_a_remark_corrected_after_the_closure_is_in_a_volume_made_anew(as_told: AsTold) -> None:
    """The same day, and though the récapitulatif says nothing of it."""
    space = as_told("clos")
    number, before = space.numbers()[-1], space.session().pieces
    assert before is not None
    part = space.competences(number)[0]
    (grid,) = space.case(number).standing("grille", part)
    said = "Mesure reprise deux fois, de sa propre initiative."
    facts = {"question": "conclusion/comment", "value": said}
    answer = space.ask(ActKind.CORRECT, number, document=grid.mark, **facts)
    assert answer.outcome == "accepted", answer
    after = space.session().pieces
    assert after is not None
    assert after.version == before.version + 1
    assert said in " ".join(words(space.office.originals.path(after.sha256)).split())
