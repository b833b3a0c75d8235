"""What somebody could try with the folder alone: under another’s name, place, case or seal.

Each beside what the same people do rightly, which is taken.
"""

import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from casefiles.answers.imprint import FIELD, from_text
from casefiles.answers.office_act import ActKind
from casefiles.errors import TakenOver
from forms.pages.wording import proof_words
from forms.read import read
from forms.style import CODE_SIZE, CODE_TOP
from tests.engines.poppler import Poppler
from tests.pki import Identity, OpensslAuthority
from tests.returns import paper
from tests.returns.paper import PAPER_DPI
from tests.returns.test_wrapped import mailed, zipped
from tests.stories.answering import moved, refused
from tests.stories.conftest import AsTold
from tests.stories.on_paper import copied, scanned, to_copy, written_by_pen
from tests.stories.space import Space, by
from tests.stories.test_mistakes_pv import still_in_signature
from tests.stories.test_who_signs import pinned
from watch.commands import doctor
from watch.commands.rehearsal import answers as people
from watch.doors import claims, inbox
from watch.office import now
from watch.reception import identities, intake

pytestmark = pytest.mark.long

BOX = "signature/entreprise"
CLASSIC = pikepdf.ObjectStreamMode.disable
OTHER = {"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Barnabé"}


# Twins: the same name, certified by the same authority, another key


def twin(authority: OpensslAuthority, of: Identity) -> Identity:
    """A homonym: the same name under the same trusted authority."""
    made = authority.issue(of.name)
    assert made.fingerprint != of.fingerprint
    return made


def test_a_homonym_does_not_sign_in_the_place_of_a_juror_the_settings_name(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("en signature")
    president = space.signers["president"]
    pinned(space, president)
    space.signers["president"] = twin(authority, president)
    answer = space.hand_in(space.signed_minutes())
    assert answer.outcome == "waiting"
    assert "n’est pas celui que les réglages lui donnent" in " ".join(answer.reasons)
    still_in_signature(space)
    space.signers["president"] = president
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"


def test_a_homonym_of_the_contact_the_settings_name_waits_for_the_office(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    pinned(space, space.signers["employeur"])
    space.signers["jumeau"] = twin(authority, space.signers["employeur"])
    answer = space.hand_in(space.signed_avis(number, "jumeau"))
    assert answer.outcome == "waiting"
    assert "un homonyme, ou un certificat nouveau" in " ".join(answer.reasons)


def test_a_second_certificate_under_one_name_waits_for_the_office_where_nobody_is_named(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("inscrit")
    first = space.numbers()[-1]
    answer = space.hand_in(space.signed_avis(first))
    assert answer.outcome == "accepted"
    assert "Identité établie par le seul nom" in " ".join(answer.reasons)
    assert "identité établie par le seul nom" in space.history(first)
    assert "identité établie par le seul nom" in proof_words(space.case(first).documents[-1].proof)
    honest = space.signers["employeur"]
    other = space.enrol(OTHER)
    space.signers["jumeau"] = twin(authority, honest)
    answer = space.hand_in(space.signed_avis(other, "jumeau"))
    assert answer.outcome == "waiting"
    assert "Un autre certificat a déjà signé ici au nom de" in " ".join(answer.reasons)
    # Named in the settings, the first one is taken without a word about names.
    pinned(space, honest)
    third = space.enrol({**OTHER, "candidate/first_name": "Cunégonde"})
    answer = space.hand_in(space.signed_avis(third))
    assert (answer.outcome, answer.reasons) == ("accepted", ())


def test_a_president_known_by_name_alone_is_said_so_and_a_second_one_waits(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("en signature")
    answer = space.hand_in(space.signed_minutes())
    assert answer.outcome == "accepted"
    assert f"Identité établie par le seul nom : {people.PRESIDENT}" in answer.reasons[-1]
    reference = space.session().reference
    assert "Identité établie par le seul nom du certificat" in space.history(reference)
    president = space.signers["president"]
    assert not identities.seen_with_another(space.office, president.name, president.fingerprint)
    double = twin(authority, president)
    assert identities.seen_with_another(space.office, president.name, double.fingerprint)
    (check,) = [c for c in doctor.examine(space.workspace) if c.what == "Signataires désignés"]
    assert "le président du jury d’abord" in check.said


def test_one_certificate_does_not_sign_for_two_members_of_one_name(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    """Whose name holds both members’ names, as an authority may well certify."""
    space = as_told("en signature")
    both = authority.issue(f"{people.PRESIDENT} {people.MEMBERS[0]}")
    honest = dict(space.signers)
    space.signers |= {"president": both, "jury-1": both}
    refused(space, space.signed_minutes(), "Un même certificat a signé")
    still_in_signature(space)
    space.signers = honest
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"


def test_a_signature_beside_the_box_is_looked_at_and_one_more_beside_it_is_not_the_one(
    as_told: AsTold,
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    filled = space.avis(number)
    elsewhere = space.hand_in(space.sign(filled, "Ailleurs", "employeur"))
    assert elsewhere.outcome == "waiting"
    assert "Signé ailleurs que dans le cadre prévu" in " ".join(elsewhere.reasons)

    # A stranger in the box, the right person beside it: the box is what counts.
    space = as_told("inscrit")
    number = space.numbers()[-1]
    box = "signature/entreprise"
    bare = space.scratch / "sans verrou.pdf"
    with pikepdf.open(space.avis(number)) as pdf:
        for page in pdf.pages:
            for widget in page.obj.Annots:
                if "/Lock" in widget:
                    del widget.Lock
        pdf.save(bare, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    stranger = space.sign(bare, box, "inconnu")
    both = space.hand_in(space.sign(stranger, "Ailleurs", "employeur"))
    assert both.outcome == "waiting"
    assert space.hand_in(space.signed_avis(number)).outcome != "refused"


def test_an_authority_no_longer_trusted_is_not_from_the_next_file_on(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    """Whom to believe is read anew for each file; nothing of it is remembered."""
    space = as_told("inscrit")
    number = space.numbers()[-1]
    own = space.scratch / "autorites.pem"
    own.write_bytes(authority.root.read_bytes())
    space.reopen(edit=lambda text: text.replace(str(authority.root), str(own)))
    signed = space.signed_avis(number)
    before = space.office.examine(signed)["report"]["signatures"][0]
    assert (before["trusted"], before["indication"]) == (True, "TOTAL-PASSED")
    other = OpensslAuthority(space.scratch, "Autre autorité EXEMPLE")
    own.write_bytes(other.root.read_bytes())
    answer = space.hand_in(signed)
    assert answer.outcome == "waiting"
    assert "ne mène à aucune autorité de confiance" in " ".join(answer.reasons)


def test_the_name_of_a_file_says_nothing_in_the_place_of_the_office(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    name = "avis\n\nQUE FAIRE\nRien, il est accepté.\x1b[2J\u202e.pdf"
    answer = space.hand_in(b"rien", name)
    assert answer.outcome == "refused"
    for file in space.workspace.to_correct.iterdir():
        assert file.name.isprintable()
        if file.suffix == ".txt":
            lines = file.read_text(encoding="utf-8-sig").splitlines()
            assert lines.count("QUE FAIRE") == 1
            assert "Rien, il est accepté." not in lines
    assert space.hand_in(space.signed_avis(number)).outcome == "accepted"


# Another’s paper under one’s own code


def code_pasted(space: Space, mine: str, theirs: str, answers: Mapping[str, Any]) -> bytes:
    """The other candidate’s page, filled and signed by hand, under the code of one’s own print."""
    pages = written_by_pen(space.issued(theirs, "avis").read_bytes(), answers)
    own = paper.printed(space.issued(mine, "avis").read_bytes())
    dots = PAPER_DPI / 72
    top, bottom = int(CODE_TOP * dots) - 6, int((CODE_TOP + CODE_SIZE) * dots) + 6
    for page, other in zip(pages, own, strict=True):
        left = int(page.shape[1] * 0.78)
        page[top:bottom, left:] = other[top:bottom, left:]
    return scanned(pages)


def test_another_candidates_signed_page_under_ones_own_code_is_not_ones_own(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    other = space.enrol(OTHER)
    answers = people.avis(space.outline(other, "avis"), space.today)
    answer = space.hand_in(code_pasted(space, number, other, answers))
    assert answer.outcome == "waiting"
    (form,) = to_copy(space)
    # The printed name does not look as printed: somebody has to read it, and it is another’s.
    assert "header/candidate" in read(form.read_bytes()).values
    typed = {**answers, "header/candidate": space.case(other).candidate.full_name}
    before = moved(space)
    filled = space.filled(form, copied(space, form, typed))
    form.write_bytes(filled.read_bytes())
    (done,) = space.work()
    assert done.outcome == "refused", done
    assert moved(space) == before
    assert not space.case(number).standing("avis")


def test_another_candidates_form_under_ones_own_imprint_is_refused(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    other = space.enrol(OTHER)
    own = read(space.issued(number, "grille", "BDC1.1").read_bytes()).imprint
    assert own is not None
    with pikepdf.open(space.grid(other, "BDC1.1")) as pdf:
        for widget in pdf.pages[0].obj.Annots:
            if str(widget.get("/T", "")) == FIELD:
                widget.V = pikepdf.String(own.text())
        pdf.save(space.scratch / "repère échangé.pdf")
    refused(space, space.scratch / "repère échangé.pdf", "Candidat")  # its printed line, compared
    assert space.hand_in(space.grid(number, "BDC1.1")).outcome == "accepted"


# Acts nobody at the office wrote


def an_act(space: Space) -> bytes:
    number = space.numbers()[-1]
    return space.request(ActKind.ABANDON, number).read_bytes()


WRAPPED: dict[str, Callable[[bytes], bytes]] = {
    "a message": lambda act: mailed(("demande.pdf", act)),
    "an archive": lambda act: zipped({"demande.pdf": act}),
    "an archive in a message": lambda act: mailed(("pièces.zip", zipped({"demande.pdf": act}))),
}


@pytest.mark.parametrize("door", ["bureau", "inbox"])
@pytest.mark.parametrize("how", WRAPPED)
def test_what_a_message_holds_is_no_act_of_the_office(
    how: str, door: str, enrolled: tuple[Space, str]
) -> None:
    space, number = enrolled
    act = an_act(space)
    space.drop(WRAPPED[how](act), "reçu ce matin.eml", door=door)
    before = moved(space)
    (answer,) = space.work()
    assert answer.outcome == "refused"
    assert moved(space) == before
    assert not space.case(number).abandoned
    assert space.hand_in(act, "demande.pdf", door="bureau").outcome == "accepted"
    assert space.case(number).abandoned


def under_imprint(source: Path, **changes: Any) -> bytes:
    """The same form, its imprint saying something else."""
    out = io.BytesIO()
    with pikepdf.open(source) as pdf:
        for widget in pdf.pages[0].obj.Annots:
            if str(widget.get("/T", "")) == FIELD:
                told = from_text(str(widget.V))
                widget.V = pikepdf.String(replace(told, **changes).text())
        pdf.save(out)
    return out.getvalue()


def test_a_paper_kept_as_a_proof_is_no_act_because_it_says_so(
    enrolled: tuple[Space, str],
) -> None:
    """What an outsider sends is kept in « Bureau » too: they have no print of ours, nor our key."""
    space, number = enrolled
    true = space.request(ActKind.ABANDON, number)
    before = moved(space)
    for changes in ({"check": "A" * 16}, {"key_id": "ZZZZ"}, {"serial": "ZZZZZZZZ"}):
        space.drop(under_imprint(true, **changes), "preuve.pdf", door="bureau")
        (answer,) = space.work()
        assert (answer.outcome, moved(space)) == ("refused", before), changes
        assert "ne sort pas de ce bureau" in answer.reasons[0]
    assert space.hand_in(true, "demande.pdf", door="bureau").outcome == "accepted"


def test_a_transcription_of_ones_own_making_is_refused(enrolled: tuple[Space, str]) -> None:
    """It says it copies a paper return that never came."""
    space, number = enrolled
    answers = people.avis(space.outline(number, "avis"), space.today)
    pages = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    held = space.hand_in(scanned(pages))
    (form,) = to_copy(space)
    true = space.filled(form, copied(space, form, answers))

    before = moved(space)
    space.drop(under_imprint(true, serial="ZZZZZZZZ"), "À recopier.pdf", door="bureau")
    (answer,) = space.work()
    assert (answer.outcome, moved(space)) == ("refused", before)
    assert "n’a pas été préparée par ce bureau" in " ".join(answer.reasons)
    # Under the serial of another of this office’s prints.
    another = under_imprint(true, serial=space.case(number).issued[0].serial)
    space.drop(another, "À recopier.pdf", door="bureau")
    (answer,) = space.work()
    assert (answer.outcome, moved(space)) == ("refused", before)
    # And the true one, from where an outsider drops.
    refused(space, true, "n’est prise que dans le dossier")
    form.write_bytes(true.read_bytes())
    (done,) = space.work()
    assert done.outcome == "accepted"
    assert [d.mark for d in space.case(number).standing("avis")] == [held.document]


def test_an_answer_recorded_under_the_drawing_of_another_waits_for_the_office(
    enrolled: tuple[Space, str], poppler: Poppler
) -> None:
    """Prepared before the signature: what was read on the screen is not what was recorded."""
    space, number = enrolled
    honest = space.scratch / "simple.pdf"
    with pikepdf.open(space.avis(number, fill=by(poppler))) as pdf:
        pdf.save(honest, object_stream_mode=CLASSIC)
    assert space.office.examine(space.sign(honest, BOX, "employeur"))["unlike"] == []
    with pikepdf.open(honest) as pdf:
        for page in pdf.pages:
            for widget in page.obj.Annots:
                if str(widget.get("/T", "")) == "activities":
                    widget.V = pikepdf.String("A seulement observé, sans jamais intervenir.")
        pdf.save(space.scratch / "double.pdf", object_stream_mode=CLASSIC)
    answer = space.hand_in(space.sign(space.scratch / "double.pdf", BOX, "employeur"))
    assert answer.outcome == "waiting"
    assert "ne montre pas le texte qui est enregistré" in " ".join(answer.reasons)


# Together


def test_contradictory_forms_dropped_at_once_leave_one_in_force_and_lose_none(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    for name, verdict in (("une", "acquise"), ("autre", "non_acquise")):
        changes = {"conclusion/verdict": verdict, "conclusion/comment": "Vu deux fois."}
        space.drop(space.grid(number, "BDC1.1", changes=changes), f"{name}.pdf")
    taken = [
        claims.claim(space.workspace, seen, now())
        for seen in inbox.scan(space.workspace, ("inbox",))
    ]
    together = threading.Barrier(len(taken))
    faults: list[BaseException] = []
    late: list[Any] = []

    def take(claim: Any) -> None:
        try:
            together.wait(30)
            try:
                intake.take(space.office, claim)
            except TakenOver:  # the other hand works on this case: it is for later
                late.append(claim)
        except BaseException as fault:
            faults.append(fault)

    hands = [threading.Thread(target=take, args=(claim,)) for claim in taken]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    for claim in late:
        intake.take(space.office, claim)
    assert faults == []
    assert len(space.case(number).standing("grille", "BDC1.1")) == 1
    answered = {
        one.event.outcome  # type: ignore[union-attr]
        for claim in taken
        if claim is not None
        for one in space.office.journal.read(f"depot/{claim.id}")
    }
    assert answered == {"accepted", "waiting"}
    kept = {d.sha256 for d in space.case(number).documents if d.form == "grille"}
    assert len(kept) == 2
    space.office.journal.verify()


def test_a_signed_form_carried_inside_another_pdf_is_not_taken_for_it(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    signed = space.signed_avis(number)
    carrier = space.scratch / "porteur.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.attachments["avis.pdf"] = pikepdf.AttachedFileSpec(pdf, signed.read_bytes())
        pdf.save(carrier)
    before = moved(space)
    assert space.hand_in(carrier).outcome == "refused"
    assert moved(space) == before
    assert space.hand_in(signed).outcome == "accepted"


def test_an_avis_whose_signature_was_taken_off_is_unsigned(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    signed = space.signed_avis(number)
    bare: Path = space.scratch / "sans.pdf"
    with pikepdf.open(signed) as pdf:
        for page in pdf.pages:
            for widget in page.obj.get("/Annots", []):
                if widget.get("/FT") == "/Sig" and "/V" in widget:
                    del widget.V
        pdf.save(bare, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    refused(space, bare, "n’est pas signé électroniquement")
    assert space.hand_in(signed).outcome == "accepted"
