"""An object nothing names shows nothing: alone it is harmless, and whatever would show it is seen.

Two steps, as somebody patient would: the object first, in its own revision, then what names it.
"""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import IndirectObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing import seals
from signing.memory import Memory
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity
from tests.signing.conftest import now
from tests.signing.harm import _increment, _Silent
from tests.signing.tools import pyhanko_sign

Act = Callable[[IncrementalPdfFileWriter, IndirectObject], None]
NUMBERS = generic.NumberObject


def hidden(content: bytes) -> tuple[bytes, int]:
    """The file with one more object, named by nothing, and its number."""
    numbers = []

    @_increment
    def added(writer: _Silent) -> None:
        held = {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(NUMBERS, [0, 0, 595, 842])),
            pdf_name("/Rect"): generic.ArrayObject(map(NUMBERS, [0, 0, 595, 842])),
        }
        over = generic.StreamObject(held, stream_data=b"1 g 0 0 595 842 re f")
        numbers.append(writer.add_object(over).idnum)

    return added(content), numbers[0]


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    reference, _ = writer.find_page_for_modification(0)
    writer.mark_update(reference)
    page: generic.DictionaryObject = reference.get_object()
    return page


def drawn_on_the_page(writer: IncrementalPdfFileWriter, it: IndirectObject) -> None:
    page = _page(writer)
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), it])


def among_its_pictures(writer: IncrementalPdfFileWriter, it: IndirectObject) -> None:
    held = _page(writer)["/Resources"]
    held[pdf_name("/XObject")] = generic.DictionaryObject({pdf_name("/Fm"): it})
    if held.container_ref is not None:
        writer.mark_update(held.container_ref)


def noted_on_the_page(writer: IncrementalPdfFileWriter, it: IndirectObject) -> None:
    page = _page(writer)
    page[pdf_name("/Annots")] = generic.ArrayObject([*page["/Annots"], it])


def in_the_form(writer: IncrementalPdfFileWriter, it: IndirectObject) -> None:
    form = writer.root["/AcroForm"]
    form[pdf_name("/XFA")] = it
    writer.update_container(form)
    writer.update_root()


def as_the_catalogue(writer: IncrementalPdfFileWriter, it: IndirectObject) -> None:
    root = generic.DictionaryObject(dict(writer.root))
    root[pdf_name("/PageLabels")] = it
    writer._root = writer.add_object(root)  # type: ignore[assignment]
    writer._force_write_when_empty = True
    writer.trailer[pdf_name("/Root")] = writer._root


def as_what_opens(writer: IncrementalPdfFileWriter, it: IndirectObject) -> None:
    writer.root[pdf_name("/OpenAction")] = it
    writer.update_root()


def as_a_drawn_field(writer: IncrementalPdfFileWriter, it: IndirectObject) -> None:
    widget = {
        pdf_name("/Type"): pdf_name("/Annot"),
        pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/FT"): pdf_name("/Sig"),
        pdf_name("/T"): pdf_string("Ailleurs"),
        pdf_name("/F"): NUMBERS(4),
        pdf_name("/Rect"): generic.ArrayObject(map(NUMBERS, [0, 0, 595, 842])),
        pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): it}),
    }
    added = writer.add_object(generic.DictionaryObject(widget))
    page = _page(writer)
    page[pdf_name("/Annots")] = generic.ArrayObject([*page["/Annots"], added])
    form = writer.root["/AcroForm"]
    form[pdf_name("/Fields")] = generic.ArrayObject([*form["/Fields"], added])
    writer.update_container(form)
    writer.update_root()


SHOWN = [
    drawn_on_the_page,
    among_its_pictures,
    noted_on_the_page,
    in_the_form,
    as_the_catalogue,
    as_what_opens,
    as_a_drawn_field,
]


def shown(content: bytes, number: int, act: Act) -> bytes:
    @_increment
    def second(writer: _Silent) -> None:
        act(writer, IndirectObject(number, 0, writer))

    return second(content)


@pytest.mark.parametrize("kind", ["signed", "signed_unlocked", "certified", "sealed"])
@pytest.mark.parametrize("act", SHOWN)
def test_an_object_put_in_first_and_shown_next_is_refused(
    act: Act, kind: str, request: pytest.FixtureRequest, trusted: Trust
) -> None:
    source: Path = request.getfixturevalue(kind)
    content = source.read_bytes()
    first, number = hidden(content)
    memory = Memory()
    assert verify(first, at=now(), trust=trusted, memory=memory).verdict == "valid"
    assert seals.compare(content, first).accepted
    forged = shown(first, number, act)
    with pikepdf.open(io.BytesIO(forged)) as pdf:  # an ordinary reader finds what was put there
        assert pdf.get_object(number, 0).Subtype == "/Form"
    known = Memory(memory.learned)  # what was said of the first step says nothing of the second
    assert verify(forged, at=now(), trust=trusted, memory=known).verdict == "invalid"
    assert not seals.compare(content, forged).accepted
    ours = verify(forged, at=now(), trust=trusted, sealed=content)
    assert ours.verdict == "invalid"


@pytest.mark.parametrize("locked", [True, False])
def test_a_visible_frame_of_a_later_signer_may_hide_what_was_signed(
    locked: bool, request: pytest.FixtureRequest, member: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """Many programs add one, on papers of any origin: what the page shows is then for somebody to
    look at; over a form whose frames were prepared, it is refused."""
    source: Path = request.getfixturevalue("signed" if locked else "signed_unlocked")
    target, invisible = tmp_path / "s.pdf", tmp_path / "i.pdf"
    pyhanko_sign(source, target, "1/60,690,360,740/Ailleurs", member)  # over the answers
    report = verify(target, at=now(), trust=trusted)
    assert report.verdict == ("invalid" if locked else "indeterminate")
    if not locked:
        first, last = report.signatures
        assert (first.indication, first.changes_after) == ("INDETERMINATE", "allowed")
        assert "peut recouvrir ce qui fut signé" in first.reasons[0]
        assert last.indication == "TOTAL-PASSED", "whoever came last saw all of it"
    pyhanko_sign(source, invisible, "Ailleurs", member)
    assert verify(invisible, at=now(), trust=trusted).verdict == "valid"


@pytest.mark.parametrize("kind", ["signed", "sealed"])
def test_validation_data_cannot_lend_its_place_to_it(
    kind: str, request: pytest.FixtureRequest, trusted: Trust
) -> None:
    """Named as a certificate in between, then written anew: it was not born as one."""
    source: Path = request.getfixturevalue(kind)
    content = source.read_bytes()
    first, number = hidden(content)

    def as_a_certificate(writer: IncrementalPdfFileWriter, it: IndirectObject) -> None:
        store = generic.DictionaryObject({pdf_name("/Certs"): generic.ArrayObject([it])})
        writer.root[pdf_name("/DSS")] = writer.add_object(store)
        writer.update_root()

    second = shown(first, number, as_a_certificate)
    assert verify(second, at=now(), trust=trusted).verdict == "invalid"
    assert not seals.compare(content, second).accepted
