"""What signing tools leave behind is let pass, written down, and never a way to change more."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing import changes, opening, seals
from signing.traces import MUPDF, POPPLER, PYHANKO, TRACES, Place, keys
from tests.pki import Identity
from tests.signing import documents, harm
from tests.signing.tools import PdfSig, mutool_sign, pyhanko_sign

PAGE = Path(__file__).parents[2] / "docs" / "outils-de-signature.md"
Act = Callable[[harm._Silent], None]
Object = generic.DictionaryObject


def test_the_page_says_the_list_and_nothing_else() -> None:
    rows = [r for r in PAGE.read_text(encoding="utf-8").splitlines() if r.startswith("| ")][1:]
    said = [
        f"| {t.place.value} | {t.left}"
        + (" : " + " ".join(f"`{k}`" for k in sorted(t.keys)) if t.keys else "")
        + f" | {t.within} | {', '.join(t.tools)} |"
        for t in TRACES
    ]
    assert rows == said


def test_no_entry_is_listed_twice_for_one_place() -> None:
    for place in Place:
        listed = [k for t in TRACES if t.place is place for k in t.keys]
        assert sorted(listed) == sorted(keys(place))


def left(before: Path, after: Path) -> set[tuple[Place, str]]:
    """Every entry that differs between two revisions of a PV, by the place it stands at."""
    with opening.document(before) as old_one, opening.document(after) as new_one:
        old, new = old_one.reader, new_one.reader
        found = set()
        for name, field in changes.fields_of(old).items():
            now_ = changes.fields_of(new)[name]
            signed = "/V" in now_ and "/V" not in field
            place = Place.SIGNED if signed else Place.OTHER_FIELDS
            found |= {(place, k) for k in differing(field, now_)}
        found |= {(Place.CATALOG, k) for k in differing(old.root, new.root)}
        form = (old.root["/AcroForm"], new.root["/AcroForm"])
        found |= {(Place.FORM, k) for k in differing(*form)}
        said = (old.trailer_view["/Info"], new.trailer_view["/Info"])
        return found | {(Place.PROPERTIES, k) for k in differing(*said)}


def differing(old: Object, new: Object) -> set[str]:
    return {
        k for k in old.keys() | new.keys()
        if k not in old or k not in new or not changes.same(old.raw_get(k), new.raw_get(k))
    }  # fmt: skip


@pytest.mark.parametrize(
    ("tool", "own"),
    [
        (PYHANKO, {(Place.PROPERTIES, "/Producer"), (Place.CATALOG, "/Metadata")}),
        (POPPLER, {(Place.SIGNED, "/M")}),
        (MUPDF, {(Place.OTHER_FIELDS, "/Ff"), (Place.SIGNED, "/Ff")}),
    ],
)
def test_each_tool_leaves_what_the_list_says_it_leaves(
    tool: str, own: set[tuple[Place, str]], sealed: Path, rsa_member: Identity, pdfsig: PdfSig,
    tmp_path: Path,
) -> None:  # fmt: skip
    target = tmp_path / "signé.pdf"
    sign = {PYHANKO: pyhanko_sign, POPPLER: pdfsig.sign, MUPDF: mutool_sign}[tool]
    sign(sealed, target, "President", rsa_member)
    assert left(sealed, target) == own | {(Place.SIGNED, "/V"), (Place.SIGNED, "/AP")}
    assert seals.compare(sealed, target).accepted
    for place, key in own - {(Place.SIGNED, "/Ff")}:
        (trace,) = [t for t in TRACES if t.place is place and key in t.keys]
        assert tool in trace.tools


def field(writer: harm._Silent, name: str = "Membre 1") -> Object:
    return harm._field(writer, name)


def form(writer: harm._Silent) -> Object:
    writer.update_root()
    held: Object = writer.root["/AcroForm"]
    writer.mark_update(held.container_ref if held.container_ref else writer.root_ref)
    return held


def signed_by_hand(writer: harm._Silent) -> Object:
    """The field « Membre 1 » given something that has the shape of a signature."""
    signed = field(writer)
    signed["/V"] = writer.add_object(
        generic.DictionaryObject(
            {pdf_name("/Type"): pdf_name("/Sig"), pdf_name("/Contents"): generic.ByteStringObject()}
        )
    )
    return signed


def says(key: str, value: generic.PdfObject) -> Act:
    def act(writer: harm._Silent) -> None:
        signed_by_hand(writer)[pdf_name(key)] = value

    return act


def form_says(key: str, value: generic.PdfObject) -> Act:
    def act(writer: harm._Silent) -> None:
        form(writer)[pdf_name(key)] = value

    return act


def catalog_says(key: str, value: generic.PdfObject) -> Act:
    def act(writer: harm._Silent) -> None:
        writer.root[pdf_name(key)] = value
        writer.update_root()

    return act


def other_field(**entries: generic.PdfObject) -> Act:
    def act(writer: harm._Silent) -> None:
        for key, value in entries.items():
            field(writer, "Membre 2")[pdf_name("/" + key)] = value

    return act


def property_says(key: str, words: str) -> Act:
    def act(writer: harm._Silent) -> None:
        writer.trailer["/Info"][pdf_name(key)] = pdf_string(words)
        writer.mark_update(writer.trailer.raw_get("/Info"))

    return act


def field_added(rect: tuple[int, ...], kind: str = "/Sig") -> Act:
    def act(writer: harm._Silent) -> None:
        added = writer.add_object(
            generic.DictionaryObject(
                {
                    pdf_name("/Type"): pdf_name("/Annot"),
                    pdf_name("/Subtype"): pdf_name("/Widget"),
                    pdf_name("/FT"): pdf_name(kind),
                    pdf_name("/T"): pdf_string("Horodatage"),
                    pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, rect)),
                }
            )
        )
        held = form(writer)
        held["/Fields"].append(added)

    return act


def stream_at(writer: harm._Silent, key: str, content: bytes) -> None:
    writer.root[pdf_name(key)] = writer.add_object(
        generic.StreamObject({pdf_name("/Type"): pdf_name(key)}, stream_data=content)
    )
    writer.update_root()


def xmp(title: str) -> Act:
    said = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="{title}"/></rdf:RDF></x:xmpmeta>'
    )
    return lambda writer: stream_at(writer, "/Metadata", said.encode())


NUMBER = generic.NumberObject
TRUE, FALSE = generic.BooleanObject(True), generic.BooleanObject(False)
NOTHING = generic.DictionaryObject
BOX = generic.ArrayObject(map(NUMBER, (60, 600, 260, 660)))
SCRIPT = generic.DictionaryObject(
    {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
)

# Beside each trace, what somebody could try under its cover.
PAIRS: dict[str, tuple[Act, Act]] = {
    "la signature / le cadre déplacé": (lambda w: signed_by_hand(w) and None, says("/Rect", BOX)),
    "la date / le nom du champ": (
        says("/M", pdf_string("D:20260612100000Z")), says("/TU", pdf_string("Le président"))),
    "imprimé et verrouillé / caché": (says("/F", NUMBER(132)), says("/F", NUMBER(2))),
    "la police / une action": (says("/DA", pdf_string("/Helv 0 Tf")), says("/AA", SCRIPT)),
    "lecture seule / autre drapeau": (other_field(Ff=NUMBER(1)), other_field(Ff=NUMBER(2))),
    "lecture seule / une valeur avec elle": (
        other_field(Ff=NUMBER(1)), other_field(Ff=NUMBER(1), DV=pdf_string("x"))),
    "SigFlags / ordre de calcul": (
        form_says("/SigFlags", NUMBER(3)), form_says("/CO", generic.ArrayObject())),
    "dessins à jour / à refaire": (
        form_says("/NeedAppearances", FALSE), form_says("/NeedAppearances", TRUE)),
    "champ invisible / visible": (
        field_added((0, 0, 0, 0)), field_added((60, 100, 260, 160))),
    "champ de signature / de texte": (
        field_added((0, 0, 0, 0)), field_added((0, 0, 0, 0), "/Tx")),
    "données de validation / action": (
        catalog_says("/DSS", NOTHING()), catalog_says("/OpenAction", SCRIPT)),
    "extensions / noms": (
        catalog_says("/Extensions", NOTHING()), catalog_says("/Names", NOTHING())),
    "mêmes métadonnées / autre titre": (xmp("Procès-verbal"), xmp("Avis favorable")),
    "producteur / titre": (
        property_says("/Producer", "Outil"), property_says("/Title", "Autre titre")),
    "date de modification / auteur": (
        property_says("/ModDate", "D:20260612100000Z"), property_says("/Author", "Autre")),
}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_a_harmless_trace_passes_and_a_harmful_change_of_its_shape_does_not(
    pair: str, sealed: Path
) -> None:
    harmless, harmful = PAIRS[pair]
    passed = seals.compare(sealed, increment(sealed, harmless))
    assert (passed.added, passed.reasons) == ("signatures", ())
    refused = seals.compare(sealed, increment(sealed, harmful))
    assert (refused.added, refused.accepted) == ("other", False)
    assert refused.reasons


def increment(source: Path, act: Act) -> bytes:
    writer = harm._Silent(io.BytesIO(source.read_bytes()), strict=False)
    act(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_the_number_of_a_living_object_may_not_serve_again(sealed: Path) -> None:
    def reused(number: int) -> bytes:
        content = sealed.read_bytes()
        root = re.findall(rb"/Root (\d+) 0 R", content)[-1]
        size = max(int(n) for n in re.findall(rb"/Size (\d+)", content))
        start = int(content.rpartition(b"startxref")[2].split()[0])
        body = content + b"%d 1 obj\n(ailleurs)\nendobj\n" % number
        return body + (
            b"xref\n%d 1\n%010d 00001 n \ntrailer\n<< /Root %b 0 R /Size %d /Prev %d >>\n"
            b"startxref\n%d\n%%%%EOF\n" % (number, len(content), root, size, start, len(body))
        )

    with opening.document(sealed) as opened:
        living = opened.reader.root["/Pages"].raw_get("/Kids").raw_get(0).idnum
    refused = seals.compare(sealed, reused(living))
    assert refused.accepted is False


def crooked(tmp_path: Path) -> Path:
    """A form whose table of objects marks one as nobody does: only lenient reading opens it."""
    path = documents.form(tmp_path / "droit.pdf")
    bent = tmp_path / "bancal.pdf"
    bent.write_bytes(path.read_bytes().replace(b" 65535 f ", b" 65535 x ", 1))
    return bent


def test_what_only_lenient_reading_opens_is_accepted_and_said(
    employer: Identity, tmp_path: Path
) -> None:
    source, signed = crooked(tmp_path), tmp_path / "signé.pdf"
    pyhanko_sign(source, signed, "Employeur", employer, "--no-strict-syntax")
    back = seals.compare(source, signed)
    assert (back.added, back.signed, back.lenient) == ("signatures", ("Employeur",), True)
    assert back.reasons == (
        "La structure du fichier est irrégulière : il a été lu avec indulgence.",
    )
    harmed = seals.compare(source, increment(signed, property_says("/Title", "Autre titre")))
    assert (harmed.added, harmed.lenient, harmed.accepted) == ("other", True, False)


def test_what_even_lenient_reading_cannot_follow_is_not_verifiable(
    sealed: Path, member: Identity, tmp_path: Path
) -> None:
    signed = tmp_path / "signé.pdf"
    pyhanko_sign(sealed, signed, "Membre 1", member)
    assert seals.compare(sealed, signed).accepted
    start = sealed.stat().st_size
    content = signed.read_bytes()
    tail = content[start:].replace(b"\nxref", b"\nxrfe")
    back = seals.compare(sealed, content[:start] + tail)
    assert (back.added, back.accepted) == ("undecidable", False)
    assert "non vérifiable" in back.reasons[0]


def test_the_writer_of_these_increments_writes_nothing_of_its_own(sealed: Path) -> None:
    """The control of the controls: an increment without any act changes nothing."""
    assert isinstance(harm._Silent(io.BytesIO(sealed.read_bytes())), IncrementalPdfFileWriter)
    assert seals.compare(sealed, increment(sealed, lambda _: None)).accepted
