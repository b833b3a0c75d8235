"""Attacks through the file’s own structure: objects, revisions, layers, validation data.

Each beside the same file unharmed and valid. What a reader shows is what was signed, whatever the
table of objects says since.
"""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pikepdf import Dictionary, Name
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from casefiles.errors import UnreadableFile
from signing import pades, seals, trust
from signing.policy import Policy
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity, ServedAuthority
from tests.signing import documents, harm
from tests.signing.conftest import loaded, now
from tests.signing.harm import _increment, _Silent
from tests.signing.tools import pyhanko_sign

NUMBERS = generic.NumberObject
OVER = b"0 0 595 842 re f"


def verdict(content: bytes, trusted: Trust) -> str:
    try:
        return verify(content, at=now(), trust=trusted).verdict
    except UnreadableFile:
        return "unreadable"


def plain(path: Path, change: Callable[[pikepdf.Pdf], None]) -> Path:
    """A form changed before it is signed, its objects in the clear."""
    documents.form(path, locks=False)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return path


def entry(key: str, value: generic.PdfObject) -> harm.Harm:
    """One entry of the catalogue, in a later revision."""

    @_increment
    def changed(writer: _Silent) -> None:
        writer.root[pdf_name(key)] = value
        writer.update_root()

    return changed


def page_entry(key: str, value: generic.PdfObject) -> harm.Harm:
    @_increment
    def changed(writer: _Silent) -> None:
        page = writer.find_page_for_modification(0)[0]
        page.get_object()[pdf_name(key)] = value
        writer.mark_update(page)

    return changed


def blank_page(writer: _Silent, parent: generic.IndirectObject) -> generic.IndirectObject:
    return writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Page"),
                pdf_name("/Parent"): parent,
                pdf_name("/MediaBox"): generic.ArrayObject(map(NUMBERS, [0, 0, 595, 842])),
            }
        )
    )


@_increment
def page_added(writer: _Silent) -> None:
    pages = writer.root["/Pages"]
    pages["/Kids"].append(blank_page(writer, writer.root.raw_get("/Pages")))
    pages["/Count"] = NUMBERS(2)
    writer.update_container(pages)


@_increment
def page_tree_replaced(writer: _Silent) -> None:
    tree = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Pages")})
    new = writer.add_object(tree)
    tree[pdf_name("/Kids")] = generic.ArrayObject([blank_page(writer, new)])
    tree[pdf_name("/Count")] = NUMBERS(1)
    writer.root["/Pages"] = new
    writer.update_root()


@_increment
def signature_shown_elsewhere(writer: _Silent) -> None:
    harm._field(writer, "President")["/V"] = harm._field(writer, "Employeur").raw_get("/V")


@_increment
def signature_copied_elsewhere(writer: _Silent) -> None:
    held = harm._field(writer, "Employeur")["/V"]
    value = generic.DictionaryObject({key: held.raw_get(key) for key in held})
    harm._field(writer, "President")["/V"] = writer.add_object(value)


@_increment
def drawn_as_signed(writer: _Silent) -> None:
    drawn = harm._drawn(writer, b"BT (Signe) Tj ET")
    harm._field(writer, "President")["/AP"] = generic.DictionaryObject({pdf_name("/N"): drawn})


@_increment
def page_named_as_a_certificate(writer: _Silent) -> None:
    page = writer.find_page_for_modification(0)[0]
    listed = generic.ArrayObject([generic.IndirectObject(page.idnum, page.generation, writer)])
    store = generic.DictionaryObject({pdf_name("/Certs"): listed})
    writer.root["/DSS"] = writer.add_object(store)
    writer.update_root()


@_increment
def form_in_another_language(writer: _Silent) -> None:
    form = writer.root["/AcroForm"]
    form[pdf_name("/XFA")] = writer.add_object(generic.StreamObject(stream_data=b"<xdp/>"))
    writer.update_container(form)


AUTOMATIC = generic.DictionaryObject(
    {
        pdf_name("/O"): generic.DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("1")}
        )
    }
)
LAYERS = generic.DictionaryObject({pdf_name("/OCGs"): generic.ArrayObject()})

INCREMENTS: dict[str, harm.Harm] = {
    "layers declared": entry("/OCProperties", LAYERS),
    "page added": page_added,
    "page tree replaced": page_tree_replaced,
    "page turned": page_entry("/Rotate", NUMBERS(180)),
    "page cropped": page_entry("/CropBox", generic.ArrayObject(map(NUMBERS, [0, 0, 9, 9]))),
    "page that acts": page_entry("/AA", AUTOMATIC),
    "permissions emptied": entry("/Perms", generic.DictionaryObject()),
    "usage rights": entry("/Perms", generic.DictionaryObject({pdf_name("/UR3"): AUTOMATIC})),
    "XFA": form_in_another_language,
    "another language": entry("/Lang", pdf_string("en")),
    "signature shown in another field": signature_shown_elsewhere,
    "signature copied in another field": signature_copied_elsewhere,
    "field drawn as signed": drawn_as_signed,
    "page named as a certificate": page_named_as_a_certificate,
}


@pytest.mark.parametrize("document", ["signed_unlocked", "certified"])
@pytest.mark.parametrize("attack", INCREMENTS)
def test_the_structure_of_a_signed_file_stays_as_it_was(
    attack: str, document: str, trusted: Trust, request: pytest.FixtureRequest
) -> None:
    control = request.getfixturevalue(document).read_bytes()
    assert verdict(control, trusted) == "valid"
    forged = INCREMENTS[attack](control)
    assert verdict(forged, trusted) == "invalid"
    assert verify(forged, at=now(), trust=trusted, sealed=control).verdict == "invalid"


# Layers (optional content): words shown to the signer, hidden from the next reader.


@_increment
def layer_hidden(writer: _Silent) -> None:
    layers = writer.root["/OCProperties"]
    shown = layers["/D"]
    shown[pdf_name("/OFF")] = layers["/OCGs"]
    writer.update_container(shown)


@pytest.mark.parametrize("indirect", [False, True], ids=["in the catalogue", "apart"])
def test_words_on_a_layer_are_not_hidden_after_the_signature(
    indirect: bool, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    def layered(pdf: pikepdf.Pdf) -> None:
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Réserves"))
        page = pdf.pages[0].obj
        page.Resources.Properties = Dictionary(Calque=group)
        page.Contents = pdf.make_stream(
            b"/OC /Calque BDC BT /F1 14 Tf 60 780 Td (Avis reserve) Tj ET EMC"
        )
        layers = Dictionary(OCGs=[group], D=Dictionary(ON=[group], Order=[group]))
        pdf.Root.OCProperties = pdf.make_indirect(layers) if indirect else layers

    source, target = plain(tmp_path / "calques.pdf", layered), tmp_path / "signé.pdf"
    pades.sign(source, target, field="Employeur", signer=loaded(employer), at=now())
    control = target.read_bytes()
    assert verdict(control, trusted) == "valid"
    assert verdict(layer_hidden(control), trusted) == "invalid"


# Objects that come late: the page speaks of them before the signature, they exist after it.

LATE = 900


def renumbered(content: bytes) -> bytes:
    """The same bytes with a table of objects that fits them."""
    table = content.rindex(b"\nxref\n") + 1
    places = {int(m[1]): m.start(1) for m in re.finditer(rb"\n(\d+) 0 obj", content[:table])}
    trailer = content[content.index(b"trailer", table) : content.rindex(b"startxref")]
    lines = b"".join(b"%010d 00000 n \n" % places[n] for n in sorted(places))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (max(places) + 1)
    return content[:table] + head + lines + trailer + b"startxref\n%d\n%%%%EOF\n" % table


def awaiting(path: Path, where: str) -> Path:
    """A form whose page names object LATE, which does not exist."""

    def placed(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" q /Fm Do Q")
        page.Resources.XObject = Dictionary(Fm="PLACE")

    content = plain(path, placed).read_bytes()
    late = b"%d 0 R" % LATE
    if where == "drawn":
        content = content.replace(b"(PLACE)", late)
    elif where == "annotation":
        content = content.replace(b"/Annots [ ", b"/Annots [ " + late + b" ", 1)
    else:
        content = re.sub(rb"/Contents (\d+ 0 R)", rb"/Contents [ \1 " + late + b" ]", content)
    path.write_bytes(renumbered(content))
    return path


@pytest.mark.parametrize("generation", [0, 1])
@pytest.mark.parametrize("where", ["drawn", "annotation", "content"])
def test_an_object_the_page_waits_for_does_not_come_after_the_signature(
    where: str, generation: int, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    @_increment
    def provided(writer: _Silent) -> None:
        held = {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(NUMBERS, [0, 0, 595, 842])),
        }
        note = {
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(NUMBERS, [60, 700, 260, 760])),
        }
        drawn = generic.StreamObject(held, stream_data=OVER)
        object_ = generic.DictionaryObject(note) if where == "annotation" else drawn
        writer.objects[(generation, LATE)] = object_
        writer._lastobj_id = LATE + 1

    source, target = awaiting(tmp_path / "attente.pdf", where), tmp_path / "signé.pdf"
    pades.sign(source, target, field="Employeur", signer=loaded(employer), at=now())
    control = target.read_bytes()
    assert verdict(control, trusted) == "valid"
    forged = provided(control)
    if not generation:
        with pikepdf.open(io.BytesIO(forged)) as pdf:  # the trick works on an ordinary reader
            assert pdf.get_object(LATE, 0) is not None
    assert verdict(forged, trusted) == "invalid"
    assert seals.compare(control, forged).accepted is False


# Tables of objects that tell another story


def places(content: bytes) -> tuple[int, int, int, dict[int, int]]:
    """(number of the page’s content, of the catalogue, size, place of every object)."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page, root = pdf.pages[0].Contents.objgen[0], pdf.Root.objgen[0]
    found = {int(m[1]): m.start(1) for m in re.finditer(rb"\n(\d+) 0 obj", content)}
    return page, root, max(found) + 1, found


def stream(number: int, data: bytes, head: bytes = b"") -> bytes:
    return b"%d 0 obj\n<<%b /Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        number, head, len(data), data)  # fmt: skip


def last_table(content: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", content)[-1])


def rewritten_table(content: bytes, previous: bytes = b"") -> bytes:
    """A whole table of its own, which names the signature’s old bytes and another page."""
    page, root, size, found = places(content)
    body = content + b"\n"
    found[page] = len(body)
    body += stream(page, OVER)
    lines = b"".join(b"%d 1\n%010d 00000 n \n" % one for one in sorted(found.items()))
    trailer = b"<</Size %d /Root %d 0 R %b>>" % (size, root, previous)
    return body + b"xref\n0 1\n0000000000 65535 f \n%btrailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (
        lines, trailer, len(body))  # fmt: skip


def revision_skipped(content: bytes) -> bytes:
    """A table that continues the first one, as if the signed revision had never been."""
    first = int(re.findall(rb"startxref\s+(\d+)", content)[0])
    return rewritten_table(content, b"/Prev %d" % first)


def rows(*told: tuple[int, int, int]) -> bytes:
    return b"".join(bytes([k]) + a.to_bytes(4, "big") + b.to_bytes(2, "big") for k, a, b in told)


def hybrid_table(content: bytes) -> bytes:
    """A classic table that changes nothing, and a stream beside it that does."""
    page, root, size, _ = places(content)
    body = content + b"\n"
    drawn = len(body)
    body += stream(page, OVER)
    beside = len(body)
    told = rows((1, drawn, 0), (1, beside, 0))
    head = b"/Type /XRef /Size %d /W [1 4 2] /Index [%d 1 %d 1] /Root %d 0 R" % (
        size + 1, page, size, root)  # fmt: skip
    body += stream(size, told, head)
    trailer = b"<</Size %d /Root %d 0 R /Prev %d /XRefStm %d>>" % (
        size + 1, root, last_table(content), beside)  # fmt: skip
    return body + b"xref\n0 1\n0000000000 65535 f \ntrailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (
        trailer, len(body))  # fmt: skip


def inside_an_object_stream(content: bytes) -> bytes:
    """The page itself said again within a compressed object."""
    _, root, size, _ = places(content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[0].obj
        number = page.objgen[0]
        said = page.unparse(resolved=True).replace(b"842 ]", b"100 ]")
    body = content + b"\n"
    holder = len(body)
    first = b"%d 0 " % number
    head = b"/Type /ObjStm /N 1 /First %d" % len(first)
    body += stream(size, first + said, head)
    table = len(body)
    told = rows((2, size, 0), (1, holder, 0), (1, table, 0))
    head = b"/Type /XRef /Size %d /W [1 4 2] /Index [%d 1 %d 2] /Root %d 0 R /Prev %d" % (
        size + 2, number, size, root, last_table(content))  # fmt: skip
    return body + stream(size + 1, told, head) + b"startxref\n%d\n%%%%EOF\n" % table


@pytest.mark.parametrize(
    "attack", [rewritten_table, revision_skipped, hybrid_table, inside_an_object_stream]
)
def test_no_table_of_objects_makes_a_signed_page_another(
    attack: harm.Harm, signed_unlocked: Path, trusted: Trust
) -> None:
    control = signed_unlocked.read_bytes()
    forged = attack(control)
    with pikepdf.open(io.BytesIO(control)) as before, pikepdf.open(io.BytesIO(forged)) as after:
        one, other = before.pages[0], after.pages[0]  # the trick works on an ordinary reader
        assert (one.mediabox, one.Contents.read_bytes()) != (
            other.mediabox, other.Contents.read_bytes())  # fmt: skip
    assert verdict(control, trusted) == "valid"
    assert verdict(forged, trusted) == "invalid"
    assert seals.compare(control, forged).accepted is False


def test_one_signature_does_not_sign_two_fields_at_once(
    employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """The second field names the signature’s object before it is made: no later revision shows."""
    source = plain(tmp_path / "un.pdf", lambda _: None)
    alone = pyhanko_sign(source, tmp_path / "seul.pdf", "Employeur", employer)
    assert verdict(alone.read_bytes(), trusted) == "valid"
    with pikepdf.open(alone) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        number = fields["Employeur"].V.objgen[0]
    waiting = source.read_bytes().replace(b"(President)", b"(President) /V %d 0 R" % number)
    source.write_bytes(renumbered(waiting))
    both = pyhanko_sign(source, tmp_path / "deux.pdf", "Employeur", employer)
    with pikepdf.open(both) as pdf:  # the trick works on an ordinary reader
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        assert fields["Employeur"].V.objgen == fields["President"].V.objgen
    report = verify(both, at=now(), trust=trusted)
    assert report.verdict == "invalid"
    assert "montrée par plusieurs champs" in report.signatures[0].reasons[0]


# Time-stamps and answers anybody can make


def test_a_time_stamp_by_somebody_unknown_raises_no_level(
    form: Path, served: ServedAuthority, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    target, both = tmp_path / "s.pdf", trusted.and_also(trust.load(served.root))
    pades.sign(form, target, field="Employeur", signer=loaded(employer), at=now(), level="B-T",
               timestamper=TimestampService(served.tsa_url))  # fmt: skip
    asked = Policy(least="B-T")
    known = verify(target, at=now(), trust=both, rules=asked)
    assert (known.verdict, known.signatures[0].level) == ("valid", "B-T")
    report = verify(target, at=now(), trust=trusted, rules=asked)
    (found,) = report.signatures
    assert (report.verdict, found.level, found.proven_time) == ("indeterminate", "B-B", None)


def test_an_answer_its_authority_did_not_sign_raises_no_level(
    form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    roots, target = trust.load(served.root), tmp_path / "s.pdf"
    pades.sign(form, target, field="Employeur", signer=loaded(served.identity("employeur")),
               at=now(), level="B-T", timestamper=TimestampService(served.tsa_url))  # fmt: skip

    @_increment
    def answered(writer: _Silent) -> None:
        made = [
            writer.add_object(generic.StreamObject(stream_data=forged_list(served.crl(name))))
            for name in ("inter", "racine")
        ]
        store = generic.DictionaryObject({pdf_name("/CRLs"): generic.ArrayObject(made)})
        writer.root["/DSS"] = writer.add_object(store)
        writer.update_root()

    report = verify(answered(target.read_bytes()), at=now(), trust=roots)
    assert (report.verdict, report.signatures[0].level) == ("indeterminate", "B-T")


def forged_list(true: bytes) -> bytes:
    """A list that names the same authority and clears everybody, signed by anyone."""
    issuer = x509.load_der_x509_crl(true).issuer
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=issuer, last_update=now(), next_update=now() + timedelta(days=30)
    )
    made = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)
