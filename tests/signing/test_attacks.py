"""Each way of harming a signed file is refused; the same file unharmed, beside it, is valid."""

import random
from pathlib import Path

import pikepdf
import pytest

from casefiles.errors import UnreadableFile
from signing import changes, pades
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity
from tests.signing import documents, harm
from tests.signing.conftest import loaded, now
from tests.signing.tools import PdfSig, pyhanko_sign

pytestmark = pytest.mark.long

AFTERWARDS = [
    harm.value_changed,
    harm.appearance_changed,
    harm.appearance_replaced_in_place,
    harm.radio_changed,
    harm.title_changed,
    harm.metadata_added,
    harm.page_drawn_over,
    harm.page_content_replaced,
    harm.annotation_added,
    harm.annotations_emptied,
    harm.text_field_added,
    harm.script_added,
    harm.file_attached,
    harm.stamp_replaced,
    harm.form_font_swapped,
    harm.field_moved,
]
ON_THE_BYTES = [
    harm.byte_changed,
    harm.padding_filled,
    harm.range_shortened,
    harm.signature_wrapped,
]


def names(harms: list[harm.Harm]) -> list[str]:
    known = {value: name for name, value in vars(harm).items() if callable(value)}
    return [known[one] for one in harms]


@pytest.mark.parametrize("document", ["signed", "signed_unlocked", "certified"])
@pytest.mark.parametrize("harmed", AFTERWARDS, ids=names(AFTERWARDS))
def test_nothing_but_signatures_may_follow_a_signature(
    harmed: harm.Harm, document: str, trusted: Trust, request: pytest.FixtureRequest
) -> None:
    control = request.getfixturevalue(document).read_bytes()
    assert verify(control, at=now(), trust=trusted).verdict == "valid"
    report = verify(harmed(control), at=now(), trust=trusted)
    (found,) = report.signatures
    assert report.verdict == "invalid"
    assert (found.integrity, found.changes_after) == ("intact", "suspicious")
    assert (found.indication, found.sub_indication) == ("TOTAL-FAILED", "FORMAT_FAILURE")
    assert all(reason.startswith("Depuis cette signature, ") for reason in found.reasons)


@pytest.mark.parametrize("harmed", ON_THE_BYTES, ids=names(ON_THE_BYTES))
def test_what_is_signed_cannot_be_touched(harmed: harm.Harm, signed: Path, trusted: Trust) -> None:
    changed = harmed(signed.read_bytes())
    assert changed != signed.read_bytes()
    report = verify(changed, at=now(), trust=trusted)
    assert report.verdict == "invalid"
    assert report.signatures[0].integrity == "broken"
    assert report.signatures[0].reasons[0].startswith("Signature rompue : ")


@pytest.mark.parametrize("harmed", [harm.contents_garbled, harm.range_removed])
def test_what_cannot_be_read_cannot_be_valid(
    harmed: harm.Harm, signed: Path, trusted: Trust
) -> None:
    report = verify(harmed(signed.read_bytes()), at=now(), trust=trusted)
    assert (report.verdict, report.exit_code) == ("indeterminate", 2)
    assert report.signatures[0].integrity == "undecidable"
    assert "Non vérifiable" in report.signatures[0].reasons[0]


def test_bytes_after_the_end_are_not_ignored(signed: Path, trusted: Trust) -> None:
    blank = verify(signed.read_bytes() + b"\r\n\n", at=now(), trust=trusted)
    assert blank.verdict == "valid"
    report = verify(harm.bytes_after(signed.read_bytes()), at=now(), trust=trusted)
    assert report.signatures[0].covers_whole_file is False
    assert report.verdict == "invalid"


def test_a_truncated_file_is_never_valid(signed: Path, trusted: Trust) -> None:
    try:
        verdict = verify(harm.cut_short(signed.read_bytes()), at=now(), trust=trusted).verdict
    except UnreadableFile:
        return
    assert verdict != "valid"


def test_a_removed_signature_leaves_an_unsigned_document(signed: Path, trusted: Trust) -> None:
    removed = harm.signature_removed(signed.read_bytes())
    assert verify(removed, at=now(), trust=trusted).verdict == "unsigned"


def test_removing_one_of_two_signatures_breaks_the_other(
    signed: Path, president: Identity, trusted: Trust, tmp_path: Path
) -> None:
    both = tmp_path / "deux.pdf"
    pades.sign(signed, both, field="President", signer=loaded(president), at=now())
    assert verify(both, at=now(), trust=trusted).verdict == "valid"
    report = verify(harm.signature_removed(both.read_bytes()), at=now(), trust=trusted)
    assert report.verdict == "invalid"


def test_a_signature_after_a_full_lock_is_refused(
    form: Path, president: Identity, employer: Identity, trusted: Trust, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    locked, after = tmp_path / "verrou.pdf", tmp_path / "apres.pdf"
    pades.sign(form, locked, field="President", signer=loaded(president), at=now())
    monkeypatch.setattr(pades, "_refuse_broken", lambda *_, **__: None)  # somebody else's tool
    pades.sign(locked, after, field="Employeur", signer=loaded(employer), at=now())
    assert verify(locked, at=now(), trust=trusted).verdict == "valid"
    report = verify(after, at=now(), trust=trusted)
    assert report.verdict == "invalid"
    assert "verrouill" in " ".join(report.signatures[0].reasons)


def test_a_frame_that_a_signature_locked_takes_no_other_signature_by_any_tool(
    unlocked_form: Path, employer: Identity, president: Identity, trusted: Trust, tmp_path: Path
) -> None:
    """The lock names that frame alone, and says nothing of the rest of the document."""
    locking, control = tmp_path / "verrou.pdf", tmp_path / "libre.pdf"
    for target, named in ((locking, "President"), (control, "Autre")):
        with pikepdf.open(unlocked_form) as pdf:
            (field,) = [f for f in pdf.Root.AcroForm.Fields if str(f.T) == "Employeur"]
            field.Lock = pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.SigFieldLock, Action=pikepdf.Name.Include,
                    Fields=[pikepdf.String(named)],
                )
            )  # fmt: skip
            pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        first = target.with_suffix(".1.pdf")
        pades.sign(target, first, field="Employeur", signer=loaded(employer), at=now())
        pyhanko_sign(first, target, "President", president)
    assert verify(control, at=now(), trust=trusted).verdict == "valid"
    report = verify(locking, at=now(), trust=trusted)
    assert report.verdict == "invalid"
    assert any("verrouillé par cette signature" in r for r in report.signatures[0].reasons)


def test_a_signature_after_a_certification_that_allows_nothing_is_refused(
    unlocked_form: Path, centre: Identity, rsa_member: Identity, pdfsig: PdfSig, trusted: Trust,
    tmp_path: Path,
) -> None:  # fmt: skip
    closed = tmp_path / "clos.pdf"
    pades.sign(unlocked_form, closed, field="President", signer=loaded(centre), at=now(),
               certify=True, docmdp=1)  # fmt: skip
    assert verify(closed, at=now(), trust=trusted).verdict == "valid"
    pdfsig.sign(closed, tmp_path / "s.pdf", "Employeur", rsa_member)  # poppler asks nothing
    report = verify(tmp_path / "s.pdf", at=now(), trust=trusted)
    assert report.verdict == "invalid"
    assert "a suivi un verrouillage complet" in report.signatures[0].reasons[0]


DRAWN = [harm.value_changed, harm.page_drawn_over, harm.annotation_added, harm.script_added]


@pytest.mark.parametrize("harmed", DRAWN, ids=names(DRAWN))
def test_the_library_alone_refuses_what_we_would_have_missed(
    harmed: harm.Harm, signed: Path, trusted: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "review", lambda _, revision: changes.Step(revision=revision))
    report = verify(harmed(signed.read_bytes()), at=now(), trust=trusted)
    assert report.verdict == "invalid"


def test_a_visible_field_added_to_a_certified_document_is_refused(
    certified: Path, president: Identity, trusted: Trust, tmp_path: Path
) -> None:
    added = pyhanko_sign(certified, tmp_path / "ajout.pdf", "1/60,100,260,160/Ajout", president)
    waiting = pyhanko_sign(certified, tmp_path / "prevu.pdf", "President", president)
    assert verify(waiting, at=now(), trust=trusted).verdict == "valid"
    assert verify(added, at=now(), trust=trusted).verdict == "invalid"


def test_another_trusted_person_in_the_field_is_not_valid(
    form: Path, president: Identity, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=loaded(president), at=now())
    expect = {"Employeur": employer.fingerprint}
    report = verify(tmp_path / "s.pdf", at=now(), trust=trusted, expect=expect)
    assert (report.verdict, report.signatures[0].trusted) == ("indeterminate", True)


def test_a_signed_pdf_inside_another_signs_nothing_outside(
    signed: Path, trusted: Trust, tmp_path: Path
) -> None:
    import pikepdf

    outer = documents.flat(tmp_path / "dehors.pdf")
    with pikepdf.open(outer, allow_overwriting_input=True) as pdf:
        pdf.attachments["dedans.pdf"] = pikepdf.AttachedFileSpec(pdf, signed.read_bytes())
        pdf.save(outer)
    report = verify(outer, at=now(), trust=trusted)
    assert report.verdict == "unsigned"
    assert [(e.name, e.matches, e.verdict) for e in report.embedded] == [
        ("dedans.pdf", None, "valid")
    ]


def test_a_file_cut_anywhere_is_unreadable_or_refused(signed: Path, trusted: Trust) -> None:
    content = signed.read_bytes()
    for end in range(1, len(content) - 2, len(content) // 60):
        try:
            assert verify(content[:end], at=now(), trust=trusted).verdict != "valid", end
        except UnreadableFile:
            continue


def test_no_flipped_bit_passes(signed: Path, trusted: Trust) -> None:
    content = signed.read_bytes()
    start = content.index(b"/Contents <") + len(b"/Contents <")
    dice, tried = random.Random(20261121), 0
    while tried < 120:
        place, bit = dice.randrange(len(content)), 1 << dice.randrange(8)
        if bit == 0x20 and start <= place < content.index(b">", start):
            continue  # « A » and « a » are the same hexadecimal digit
        tried += 1
        flipped = bytearray(content)
        flipped[place] ^= bit
        try:
            verdict = verify(bytes(flipped), at=now(), trust=trusted).verdict
        except UnreadableFile:
            continue
        assert verdict != "valid", (place, bit)
