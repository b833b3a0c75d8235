import hashlib
import json
import resource
import subprocess
import zlib
from pathlib import Path

import page
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import ImageChops

from casefiles.errors import PackError
from signing import embedded, pades
from signing.pack import Original, Pack, Part, assemble
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity
from tests.signing import documents, harm
from tests.signing.conftest import loaded, now


def original(path: Path, name: str, **told: str) -> Original:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Original(path=path, name=name, sha256=digest, **told)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two finished pages with an output intent, as our own renderer makes them."""
    return documents.archival(tmp_path_factory.mktemp("pages") / "pages.pdf", pages=2)


@pytest.fixture(scope="module")
def volume(
    pages: Path, signed: Path, unlocked_form: Path, employer: Identity,
    tmp_path_factory: pytest.TempPathFactory,
) -> Pack:  # fmt: skip
    folder = tmp_path_factory.mktemp("volume")
    scan = folder / "attestation.jpg"
    scan.write_bytes(b"\xff\xd8\xff\xe0 une image")
    return assemble(
        folder / "Pièces.pdf",
        title="Pièces — session du 12 juin 2026",
        parts=[Part(path=pages, title="Zoé EXEMPLE-GONÇALVES — Avis"),
               Part(path=pages, title="Zoé EXEMPLE-GONÇALVES — Grille", label="G-")],
        originals=[
            original(signed, "Avis œuvre.pdf", role="Avis", verdict="signature valide"),
            original(unlocked_form, "Grille.pdf", role="Grille"),
            original(scan, "Attestation.jpg", mime="image/jpeg"),
        ],
        at=now(),
        author="Centre EXEMPLE",
    )  # fmt: skip


def own(page: pikepdf.Page) -> bytes:
    """What a page of the volume draws of its own, between what opens it and its folio."""
    _, *held, _ = page.Contents
    content: bytes = b"".join(stream.read_bytes() for stream in held)
    return content


def printed(file: Path) -> list[str]:
    """The last line of each page, as poppler reads it."""
    told = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    pages = told.stdout.decode().split("\f")[:-1]
    return [page.strip().splitlines()[-1].strip() for page in pages]


def failures(path: Path, *, but: tuple[str, ...] = ()) -> list[str]:
    found = page.validate_pdf_bytes(path.read_bytes(), profile="3b").failures
    return [f"{f.rule_id} {f.message}" for f in found if f.rule_id not in but]


def test_the_volume_is_pdf_a_3b_before_and_after_its_seal(
    volume: Pack, centre: Identity, tmp_path: Path
) -> None:
    assert failures(volume.path) == []
    sealed = tmp_path / "scellé.pdf"
    pades.sign(volume.path, sealed, field="Sceau", new_field=True, signer=loaded(centre), at=now(),
               certify=True, docmdp=1)  # fmt: skip
    assert failures(sealed) == []
    checked = subprocess.run(["qpdf", "--check", sealed], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_originals_come_out_byte_for_byte(volume: Pack, signed: Path, unlocked_form: Path) -> None:
    with pikepdf.open(volume.path) as pdf:
        assert pdf.attachments["Avis œuvre.pdf"].get_file().read_bytes() == signed.read_bytes()
        assert pdf.attachments["Grille.pdf"].get_file().read_bytes() == unlocked_form.read_bytes()
        relations = {str(spec.UF): str(spec.AFRelationship) for spec in pdf.Root.AF}
        assert relations == {
            "Attestation.jpg": "/Source", "Avis œuvre.pdf": "/Source", "Grille.pdf": "/Source",
            "manifeste.json": "/Data", "empreintes.sha256": "/Data",
        }  # fmt: skip
        told = {str(spec.UF): str(spec.Desc) for spec in pdf.Root.AF}
        assert told["Avis œuvre.pdf"].startswith("Avis · SHA-256 ")
        assert told["Avis œuvre.pdf"].endswith(" · signature valide")
        keys = [bytes(key) for key in pdf.Root.Names.EmbeddedFiles.Names[::2]] if (
            "/Names" in pdf.Root.Names.EmbeddedFiles) else []  # fmt: skip
        assert keys == sorted(keys)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"endstream", b""])
def test_originals_may_end_as_they_like(end: bytes, pages: Path, tmp_path: Path) -> None:
    piece = tmp_path / "piece.bin"
    piece.write_bytes(b"des octets" + end)
    told = original(piece, "piece.bin", mime="application/octet-stream")
    assemble(tmp_path / "v.pdf", title="T", parts=[Part(path=pages, title="P")],
             originals=[told], at=now())  # fmt: skip
    assert failures(tmp_path / "v.pdf") == []
    (found,) = embedded.files(tmp_path / "v.pdf")
    assert found.content == piece.read_bytes()  # type: ignore[union-attr]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b" "])
def test_pages_may_end_as_they_like(end: bytes, pages: Path, tmp_path: Path) -> None:
    with pikepdf.open(pages) as pdf:
        for number, one in enumerate(pdf.pages):
            one.Contents = pdf.make_stream(b"%d 0 m" % number + end)
        pdf.save(tmp_path / "p.pdf", compress_streams=False)
    parts = [Part(path=tmp_path / "p.pdf", title="P")]
    made = assemble(tmp_path / "v.pdf", title="T", parts=parts, originals=[], at=now())
    with pikepdf.open(made.path) as pdf:
        assert [own(p).strip() for p in pdf.pages] == [b"0 0 m", b"1 0 m"]
    assert [f for f in failures(made.path) if "LENGTH" in f] == []


def test_poppler_finds_the_same_files(volume: Pack, tmp_path: Path) -> None:
    listed = subprocess.run(
        ["pdfdetach", "-list", volume.path], capture_output=True, text=True, check=True
    ).stdout
    assert listed.startswith("5 embedded files")
    subprocess.run(
        ["pdfdetach", "-saveall", "-o", tmp_path, volume.path], check=True, capture_output=True
    )
    said = json.loads((tmp_path / "manifeste.json").read_text(encoding="utf-8"))
    for piece in said["pieces"]:
        content = (tmp_path / piece["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == piece["sha256"]
    checked = subprocess.run(
        ["sha256sum", "-c", "--strict", "empreintes.sha256"], cwd=tmp_path, capture_output=True
    )
    assert (checked.returncode, checked.stdout.count(b": OK")) == (0, 3)


def test_sums_that_say_otherwise_than_the_manifest_are_seen(volume: Pack, tmp_path: Path) -> None:
    with pikepdf.open(volume.path) as pdf:
        for spec in pdf.Root.AF:
            if str(spec.UF) == embedded.SUMS:
                held = spec.EF.F.read_bytes()
                spec.EF.F.write(held[1:] + held[:1])
        pdf.save(tmp_path / "autres.pdf")
    found = {e.name: e.matches for e in verify(tmp_path / "autres.pdf", at=now()).embedded}
    assert found.pop(embedded.SUMS) is False
    assert set(found.values()) == {True}


def test_bookmarks_and_page_labels_lead_to_each_part(volume: Pack) -> None:
    assert (volume.pages, volume.first_pages) == (4, (1, 3))
    with pikepdf.open(volume.path) as pdf:
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == [
                "Zoé EXEMPLE-GONÇALVES — Avis", "Zoé EXEMPLE-GONÇALVES — Grille"
            ]  # fmt: skip
        assert [p.label for p in pdf.pages] == ["1", "2", "G-1", "G-2"]


def test_what_belongs_to_a_part_stands_under_it_and_goes_on_with_its_numbers(
    pages: Path, tmp_path: Path
) -> None:
    parts = [
        Part(path=pages, title="Devant"),
        Part(path=pages, title="Zoé", label="2026-0001/"),
        Part(path=pages, title="Avis", under=True),
        Part(path=pages, title="", under=True),
        Part(path=pages, title="Léo", label="2026-0002/"),
        Part(path=pages, title="Avis", under=True),
    ]
    made = assemble(tmp_path / "v.pdf", title="T", parts=parts, originals=[], at=now())
    with pikepdf.open(made.path) as pdf:
        with pdf.open_outline() as outline:
            told = [(one.title, [kid.title for kid in one.children]) for one in outline.root]
        assert told == [("Devant", []), ("Zoé", ["Avis"]), ("Léo", ["Avis"])]
        assert [p.label for p in pdf.pages] == [
            "1", "2", *(f"2026-0001/{n}" for n in range(1, 7)),
            *(f"2026-0002/{n}" for n in range(1, 5)),
        ]  # fmt: skip
        labels = [p.label for p in pdf.pages]
    assert printed(made.path) == [
        f"folio {n} sur 12" if label == str(n) else f"{label} · folio {n} sur 12"
        for n, label in enumerate(labels, start=1)
    ]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("left_open", [False, True])
def test_the_folio_stands_at_the_foot_and_changes_nothing_of_the_page(
    left_open: bool, turn: int, pages: Path, tmp_path: Path
) -> None:
    with pikepdf.open(pages) as pdf:
        for one in pdf.pages:
            one.obj.Rotate = turn
            one.obj.MediaBox = pikepdf.Array([-20, 30, 575, 872])
            if left_open:
                one.contents_add(pdf.make_stream(b"\n2 0 0 2 50 50 cm"))
        pdf.save(tmp_path / "p.pdf")
    parts = [Part(path=tmp_path / "p.pdf", title="P")]
    made = assemble(tmp_path / "v.pdf", title="T", parts=parts, originals=[], at=now())
    assert failures(made.path) == []
    for number in range(2):
        with pdfium.PdfDocument(tmp_path / "p.pdf") as one, pdfium.PdfDocument(made.path) as two:
            before = one[number].render(scale=2).to_pil().convert("L")
            after = two[number].render(scale=2).to_pil().convert("L")
        drawn = ImageChops.difference(before, after).getbbox()
        assert drawn is not None
        left, top, right, bottom = drawn
        wide, high = after.size
        assert left > wide * 0.7, "at the right"
        assert wide - 110 < right < wide - 95
        assert high - 60 < top < bottom < high - 20, "within the margin, at the foot"


def test_more_parts_than_files_may_be_open_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    count = 230
    parts = []
    for number in range(count):
        path = documents.flat(folder / f"{number}.pdf", text=f"Candidat {number}")
        parts.append(Part(path=path, title=f"Pièce {number}", label=f"{number}-"))
    granted, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    open_now = len(list(Path("/proc/self/fd").iterdir()))
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_now + 150, most))
    try:
        made = assemble(tmp_path / "v.pdf", title="T", parts=parts, originals=[], at=now())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (granted, most))
    assert made.first_pages == tuple(range(1, count + 1))
    with pikepdf.open(made.path) as pdf:
        assert [own(page) for page in pdf.pages] == [
            b"%% Candidat %d 1" % number for number in range(count)
        ]
        assert pdf.pages[229].label == "229-1"
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root][199] == "Pièce 199"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pages", "v.pdf"]


def test_the_same_pieces_make_the_same_bytes(pages: Path, signed: Path, tmp_path: Path) -> None:
    moment = now()
    made = [
        assemble(tmp_path / f"{n}.pdf", title="T", parts=[Part(path=pages, title="P")],
                 originals=[original(signed, "a.pdf")], at=moment)
        for n in range(2)
    ]  # fmt: skip
    assert made[0].path.read_bytes() == made[1].path.read_bytes()


def test_verify_answers_for_the_seal_the_hashes_and_the_inner_signatures(
    volume: Pack, centre: Identity, trusted: Trust, tmp_path: Path
) -> None:
    sealed = tmp_path / "scellé.pdf"
    pades.sign(volume.path, sealed, field="Sceau", new_field=True, signer=loaded(centre), at=now(),
               certify=True, docmdp=1)  # fmt: skip
    report = verify(sealed, at=now(), trust=trusted)
    assert report.verdict == "valid"
    assert [(e.name, e.matches, e.verdict) for e in report.embedded] == [
        ("Attestation.jpg", True, None),
        ("Avis œuvre.pdf", True, "valid"),
        ("Grille.pdf", True, "unsigned"),
    ]


def test_a_piece_replaced_or_missing_inside_is_seen(volume: Pack, tmp_path: Path) -> None:
    with pikepdf.open(volume.path) as pdf:
        for spec in pdf.Root.AF:
            if str(spec.UF) == "Grille.pdf":
                spec.EF.F.write(b"%PDF-1.7 autre")
        del pdf.attachments["Attestation.jpg"]
        pdf.save(tmp_path / "abimé.pdf")
    found = {e.name: e.matches for e in verify(tmp_path / "abimé.pdf", at=now()).embedded}
    assert found == {"Attestation.jpg": False, "Avis œuvre.pdf": True, "Grille.pdf": False}


def test_a_second_file_of_a_piece_s_name_hides_nothing(
    volume: Pack, centre: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """Under the same name in the tree, then as the other copy of the same attachment."""
    for place in ("tree", "/UF"):
        with pikepdf.open(volume.path) as pdf:
            other = pdf.make_stream(b"%PDF-1.7 autre")
            tree = pikepdf.NameTree(pdf.Root.Names.EmbeddedFiles)
            key, spec = next((k, s) for k, s in tree.items() if str(s.UF) == "Grille.pdf")
            if place == "tree":
                # Before it in the tree: the true one comes last, and is the one once kept.
                spec = pikepdf.Dictionary(spec)
                spec.EF = pikepdf.Dictionary(F=other)
                tree["\x00" + str(key)] = pdf.make_indirect(spec)
            else:
                spec.EF.F, spec.EF.UF = other, spec.EF.F
            pdf.save(tmp_path / "v.pdf")
        sealed = tmp_path / f"{place.strip('/')}.pdf"
        pades.sign(tmp_path / "v.pdf", sealed, field="Sceau", new_field=True,
                   signer=loaded(centre), at=now(), certify=True, docmdp=1)  # fmt: skip
        report = verify(sealed, at=now(), trust=trusted)
        assert sorted(e.matches for e in report.embedded if e.name == "Grille.pdf") == [False, True]
        assert report.verdict == "invalid"


def test_a_seal_does_not_vouch_for_a_piece_its_manifest_contradicts(
    volume: Pack, centre: Identity, trusted: Trust, tmp_path: Path
) -> None:
    with pikepdf.open(volume.path) as pdf:
        for spec in pdf.Root.AF:
            if str(spec.UF) == "Grille.pdf":
                spec.EF.F.write(b"%PDF-1.7 autre")
        pdf.save(tmp_path / "v.pdf")
    pades.sign(tmp_path / "v.pdf", tmp_path / "s.pdf", field="Sceau", new_field=True,
               signer=loaded(centre), at=now(), certify=True, docmdp=1)  # fmt: skip
    report = verify(tmp_path / "s.pdf", at=now(), trust=trusted)
    assert report.signatures[0].indication == "TOTAL-PASSED"
    assert report.verdict == "invalid"


def test_a_sealed_volume_with_a_harmed_piece_is_invalid(
    volume: Pack, centre: Identity, trusted: Trust, tmp_path: Path
) -> None:
    sealed = tmp_path / "scellé.pdf"
    pades.sign(volume.path, sealed, field="Sceau", new_field=True, signer=loaded(centre), at=now(),
               certify=True, docmdp=1)  # fmt: skip
    report = verify(harm.byte_changed(sealed.read_bytes()), at=now(), trust=trusted)
    assert report.verdict == "invalid"
    assert False in {e.matches for e in report.embedded}


def test_an_altered_piece_stops_the_assembly_by_name(pages: Path, tmp_path: Path) -> None:
    piece = documents.flat(tmp_path / "piece.pdf")
    wanted = original(piece, "Avis de Zoé.pdf")
    piece.write_bytes(piece.read_bytes() + b" ")
    with pytest.raises(PackError, match=r"« Avis de Zoé\.pdf » n’est plus celle qui a été reçue"):
        assemble(tmp_path / "v.pdf", title="T", parts=[Part(path=pages, title="P")],
                 originals=[wanted], at=now())  # fmt: skip
    assert sorted(p.name for p in tmp_path.iterdir()) == ["piece.pdf"]


def test_a_missing_piece_stops_the_assembly_by_name(pages: Path, tmp_path: Path) -> None:
    absent = Original(path=tmp_path / "absent.pdf", name="Grille absente.pdf", sha256="0" * 64)
    with pytest.raises(PackError, match=r"« Grille absente\.pdf » manque"):
        assemble(tmp_path / "v.pdf", title="T", parts=[Part(path=pages, title="P")],
                 originals=[absent], at=now())  # fmt: skip
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("short_of", [1, 6, 7, 40, 700, 4_096, 4_097, 5_000, 60_000])
def test_a_disk_that_fills_up_stops_the_assembly_wherever_it_does(
    short_of: int, pages: Path, tmp_path: Path
) -> None:
    """Not by a volume cut short that passes for whole, nor by the end of the process."""
    target, at = tmp_path / "v.pdf", now()
    parts = [Part(path=pages, title=f"P{n}") for n in range(5)]
    made = assemble(target, title="T", parts=parts, originals=[], at=at).path.stat().st_size
    target.unlink()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (made - short_of, before[1]))
    try:
        with pytest.raises(OSError, match=r"too large|No space left"):
            assemble(target, title="T", parts=parts, originals=[], at=at)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_pages_whose_packed_content_ends_with_a_return_conform_in_a_volume_too(
    pages: Path, tmp_path: Path
) -> None:
    """Once in 256: the return and the end of line qpdf writes after it would read as one."""
    with pikepdf.open(pages) as pdf:
        for number, each in enumerate(pdf.pages):
            words = each.Contents.read_bytes() + b" " * number
            # A tab is odd: at most 256 of them bring the last byte of the sum to any value.
            while not (packed := zlib.compress(words)).endswith(b"\r"):
                words += b"\t"
            each.Contents.write(packed, filter=pikepdf.Name.FlateDecode)
        pdf.save(tmp_path / "p.pdf", compress_streams=False, fix_metadata_version=False)
    parts = [Part(path=tmp_path / "p.pdf", title="Avis"), Part(path=pages, title="Grille")]
    made = assemble(tmp_path / "v.pdf", title="T", parts=parts, originals=[], at=now())
    assert failures(made.path) == []
    held = made.path.read_bytes()
    with pikepdf.open(pages) as pdf, pikepdf.open(made.path) as volume:
        for page, source in zip(volume.pages, pdf.pages, strict=False):
            assert own(page).strip() == source.Contents.read_bytes().strip()
        ends = [one.read_raw_bytes() for one in volume.objects if isinstance(one, pikepdf.Stream)]
    told = [content for content in ends if content.endswith(b"\r")]
    assert len(told) >= 2
    assert all(content + b"\r\nendstream" in held for content in told)


def test_two_pieces_of_the_same_name_are_refused(pages: Path, signed: Path, tmp_path: Path) -> None:
    twice = [original(signed, "avis.pdf"), original(signed, "avis.pdf")]
    with pytest.raises(PackError, match=r"même nom : « avis\.pdf »"):
        assemble(tmp_path / "v.pdf", title="T", parts=[Part(path=pages, title="P")],
                 originals=twice, at=now())  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 rien"])
def test_unreadable_pages_are_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "p.pdf").write_bytes(content)
    with pytest.raises(PackError, match="« Grille de Zoé » manquent"):
        assemble(tmp_path / "v.pdf", title="T", at=now(), originals=[],
                 parts=[Part(path=tmp_path / "p.pdf", title="Grille de Zoé")])  # fmt: skip


def test_pages_still_to_fill_are_refused(form: Path, tmp_path: Path) -> None:
    with pytest.raises(PackError, match="champs à remplir"):
        assemble(tmp_path / "v.pdf", title="T", at=now(), originals=[],
                 parts=[Part(path=form, title="Avis")])  # fmt: skip


def test_a_document_without_embedded_files_has_none(form: Path) -> None:
    assert list(embedded.files(form)) == []
