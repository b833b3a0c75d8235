"""Another’s valid signature is not the expected person’s; what was signed is what is shown."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject

from signing.increment import AsIs
from tests.pki import Identity, OpensslAuthority
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_mistakes_pv import still_in_signature
from watch.commands.rehearsal import answers as people


def revision(data: bytes, change: Callable[[Any], None]) -> bytes:
    """One more revision of a file, whatever it does."""
    buffer = io.BytesIO(data)
    writer = AsIs(buffer, strict=False)
    change(writer)
    writer.write_in_place()
    return buffer.getvalue()


def content_of_the_first_page(writer: Any) -> Any:
    page = writer.root["/Pages"]
    while "/Kids" in page:
        page = page["/Kids"][0]
    content = page.raw_get("/Contents")
    if isinstance(content.get_object(), generic.ArrayObject):
        content = content.get_object().raw_get(0)
    return generic.IndirectObject(content.idnum, content.generation, writer)


def named_in_the_catalogue(key: str) -> Callable[[Any], None]:
    """The page’s own content passed off as validation data, or as an extension."""

    def change(writer: Any) -> None:
        content = content_of_the_first_page(writer)
        if key == "/Extensions":
            writer.root[NameObject(key)] = content
        else:
            store = generic.DictionaryObject({NameObject("/Certs"): content})
            if key == "/Z":
                store = generic.DictionaryObject({NameObject("/Z"): content})
            writer.root[NameObject("/DSS")] = writer.add_object(store)
        writer.update_root()

    return change


def rewritten(writer: Any) -> None:
    content = content_of_the_first_page(writer)
    white = generic.StreamObject(stream_data=b"q 1 1 1 rg 0 0 600 850 re f Q\n")
    writer.objects[(content.generation, content.idnum)] = white


@pytest.mark.parametrize("key", ["/Z", "/Certs", "/Extensions"])
@pytest.mark.parametrize("copy", ["tous", "un membre"])
def test_a_page_is_not_rewritten_by_passing_it_off_as_validation_data(
    as_told: AsTold, signed_pv: dict[str, Path], key: str, copy: str
) -> None:
    space = as_told("en signature")
    passed_off = revision(signed_pv[copy].read_bytes(), named_in_the_catalogue(key))
    forged = space.scratch / "faux.pdf"
    forged.write_bytes(revision(passed_off, rewritten))
    refused(space, forged, "autre chose que des signatures")
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


def pinned(space: Space, who: Identity) -> None:
    block = f'[[confiance.signataires]]\nnom = "{who.name}"\nempreinte = "{who.fingerprint}"\n'
    space.reopen(edit=lambda text: text.replace("[signatures]\n", f"{block}\n[signatures]\n", 1))


def ended(authority: OpensslAuthority, name: str) -> Identity:
    now = datetime.now(UTC)
    return authority.issue(name, begins=now - timedelta(900), ends=now - timedelta(30))


def test_naming_a_certificate_does_not_answer_for_its_having_ended(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("inscrit")
    space.signers["ancien"] = ended(authority, people.EMPLOYER)
    pinned(space, space.signers["ancien"])
    answer = space.hand_in(space.signed_avis(space.numbers()[-1], "ancien"))
    assert answer.outcome == "waiting"
    assert "hors de sa période de validité" in " ".join(answer.reasons)


def test_a_president_whose_named_certificate_has_ended_decides_nothing_by_it_alone(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("en signature")
    space.signers["president"] = ended(authority, people.PRESIDENT)
    pinned(space, space.signers["president"])
    assert space.hand_in(space.signed_minutes()).outcome == "waiting"
    still_in_signature(space)


def test_a_named_signer_is_not_the_contact_for_all_that(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("inscrit")
    space.signers["autre"] = authority.issue("Barnabé EXEMPLE-LEROY")
    pinned(space, space.signers["autre"])
    answer = space.hand_in(space.signed_avis(space.numbers()[-1], "autre"))
    assert answer.outcome == "waiting"
    assert people.EMPLOYER in answer.reasons[0]


def test_a_candidate_does_not_give_their_own_avis(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("nouveau")
    themselves = "Zoé EXEMPLE-GONÇALVES"
    space.signers["candidat"] = authority.issue(themselves)
    number = space.enrol({"company/contact": themselves})
    signed = space.signed_avis(number, "candidat", {"signatory/name": themselves})
    answer = space.hand_in(signed)
    assert answer.outcome == "waiting"
    assert "le nom du candidat lui-même" in answer.reasons[0]


def test_a_surname_alone_is_nobodys_signature(as_told: AsTold, authority: OpensslAuthority) -> None:
    space = as_told("nouveau")
    space.signers["cousin"] = authority.issue("Barnabé EXEMPLE")
    number = space.enrol({"company/contact": "Exemple"})
    signed = space.signed_avis(number, "cousin", {"signatory/name": "Exemple"})
    assert space.hand_in(signed).outcome == "waiting"


def exchanged(form: Path, target: Path) -> Path:
    """The boxes of every choice of an avis in each other’s place, as before somebody fills it."""
    with pikepdf.open(form) as pdf:
        for page in pdf.pages:
            choices: dict[tuple[int, int], list[pikepdf.Object]] = {}
            for widget in page.obj.get("/Annots", []):
                if "/Parent" in widget and widget.Parent.get("/FT") == "/Btn":
                    choices.setdefault(widget.Parent.objgen, []).append(widget)
            for boxes in choices.values():
                places = [list(box.Rect) for box in boxes]
                for box, place in zip(boxes, reversed(places), strict=True):
                    box.Rect = pikepdf.Array(place)
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target


def test_an_avis_whose_boxes_changed_places_before_it_was_signed_waits_for_the_office(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    doctored = exchanged(space.avis(number), space.scratch / "échangé.pdf")
    answer = space.hand_in(space.sign(doctored, "signature/entreprise", "employeur"))
    assert answer.outcome == "waiting"
    assert "ne sont plus à leur place" in " ".join(answer.reasons)


def covered(form: Path, target: Path) -> Path:
    """A white button laid over the printed words, which no field’s value tells."""
    with pikepdf.open(form) as pdf:
        white = pdf.make_stream(
            b"1 g 0 0 200 90 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 200, 90],
        )  # fmt: skip
        over = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Btn,
                Ff=1 << 16, T=pikepdf.String("cache"), F=4, Rect=[60, 500, 260, 590],
                AP=pikepdf.Dictionary(N=white),
            )
        )  # fmt: skip
        pdf.pages[0].obj.Annots.append(over)
        pdf.Root.AcroForm.Fields.append(over)
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return target


def test_an_avis_whose_words_were_covered_before_it_was_signed_waits_for_the_office(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    doctored = covered(space.avis(number), space.scratch / "couvert.pdf")
    answer = space.hand_in(space.sign(doctored, "signature/entreprise", "employeur"))
    assert answer.outcome == "waiting"
    assert "ou sont de trop" in " ".join(answer.reasons)


def test_an_avis_whose_printed_words_were_rewritten_waits_for_the_office(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    with pikepdf.open(space.avis(number)) as pdf:
        page = pdf.pages[0]
        page.contents_add(b"q 1 1 1 rg 40 300 500 200 re f Q", prepend=False)
        pdf.save(space.scratch / "réécrit.pdf", object_stream_mode=pikepdf.ObjectStreamMode.disable)
    answer = space.hand_in(
        space.sign(space.scratch / "réécrit.pdf", "signature/entreprise", "employeur")
    )
    assert answer.outcome == "waiting"
    assert "a été réécrit (page 1)" in " ".join(answer.reasons)
