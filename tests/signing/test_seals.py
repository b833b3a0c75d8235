"""What comes back must begin with what we sealed, and add signatures only."""

from pathlib import Path

import pikepdf
import pytest

from signing import pades, seals, trust
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.engines import rewriters
from tests.pki import Identity, ServedAuthority
from tests.signing import documents, harm
from tests.signing.conftest import loaded, now
from tests.signing.test_attacks import AFTERWARDS, names
from tests.signing.tools import PdfSig, mutool_sign, pyhanko_sign

FIELDS_ONLY = [
    h for h in AFTERWARDS
    if h.__name__ == "harmed" and h not in (
        harm.value_changed, harm.appearance_changed, harm.appearance_replaced_in_place,
        harm.radio_changed, harm.stamp_replaced, harm.field_moved)
]  # fmt: skip


def test_the_sealed_file_itself_has_nothing_added(sealed: Path) -> None:
    same = seals.compare(sealed, sealed)
    assert (same.added, same.signed, same.accepted) == ("none", (), True)


def test_signatures_are_named_in_their_order(
    sealed: Path, member: Identity, president: Identity, trusted: Trust, tmp_path: Path
) -> None:
    pades.sign(sealed, tmp_path / "1.pdf", field="Membre 2", signer=loaded(member), at=now())
    pades.sign(tmp_path / "1.pdf", tmp_path / "2.pdf", field="President",
               signer=loaded(president), at=now())  # fmt: skip
    back = seals.compare(sealed, (tmp_path / "2.pdf").read_bytes())
    assert back == seals.Comparison(
        begins_with_sealed=True, added="signatures", signed=("Membre 2", "President")
    )
    report = verify(tmp_path / "2.pdf", at=now(), trust=trusted, sealed=sealed)
    assert report.verdict == "valid"
    assert [s.kind for s in report.signatures] == ["certification", "approval", "approval"]
    assert report == verify(tmp_path / "2.pdf", at=now(), trust=trusted).model_copy(
        update={"signatures": report.signatures}
    )


@pytest.mark.parametrize("tool", ["pyhanko", "pdfsig", "mutool"])
def test_three_real_tools_add_signatures_and_nothing_else(
    tool: str, sealed: Path, rsa_member: Identity, president: Identity, pdfsig: PdfSig,
    trusted: Trust, tmp_path: Path,
) -> None:  # fmt: skip
    target = tmp_path / "1.pdf"
    if tool == "pyhanko":
        pyhanko_sign(sealed, target, "Membre 1", rsa_member)
    elif tool == "pdfsig":
        pdfsig.sign(sealed, target, "Membre 1", rsa_member)
    else:
        mutool_sign(sealed, target, "Membre 1", rsa_member)
    back = seals.compare(sealed, target)
    assert (back.added, back.signed, back.reasons) == ("signatures", ("Membre 1",), ())
    again = tmp_path / "2.pdf"
    pades.sign(target, again, field="President", signer=loaded(president), at=now())
    assert seals.compare(sealed, again).signed == ("Membre 1", "President")
    report = verify(again, at=now(), trust=trusted, sealed=sealed)
    assert {s.integrity for s in report.signatures} == {"intact"}
    assert {s.changes_after for s in report.signatures} <= {"allowed", "none"}


@pytest.mark.parametrize("tool", ["pyhanko", "pdfsig", "mutool"])
def test_the_president_may_use_any_of_them(
    tool: str, sealed: Path, rsa_member: Identity, pdfsig: PdfSig, tmp_path: Path
) -> None:
    target = tmp_path / "p.pdf"
    if tool == "pyhanko":
        pyhanko_sign(sealed, target, "President", rsa_member)
    elif tool == "pdfsig":
        pdfsig.sign(sealed, target, "President", rsa_member)
    else:
        mutool_sign(sealed, target, "President", rsa_member)
    back = seals.compare(sealed, target)
    assert (back.added, back.signed) == ("signatures", ("President",))


@pytest.mark.parametrize("tool", ["pyhanko", "pdfsig", "mutool"])
def test_two_signatures_by_the_same_tool(
    tool: str, sealed: Path, rsa_member: Identity, pdfsig: PdfSig, trusted: Trust, tmp_path: Path
) -> None:
    source = sealed
    for field in ("Membre 2", "President"):
        target = tmp_path / f"{field}.pdf"
        if tool == "pyhanko":
            pyhanko_sign(source, target, field, rsa_member)
        elif tool == "pdfsig":
            pdfsig.sign(source, target, field, rsa_member)
        else:
            mutool_sign(source, target, field, rsa_member)
        source = target
    back = seals.compare(sealed, source)
    assert (back.added, back.signed) == ("signatures", ("Membre 2", "President"))
    alone = verify(source, at=now(), trust=trusted)
    helped = verify(source, at=now(), trust=trusted, sealed=sealed)
    assert alone == helped
    assert {s.integrity for s in alone.signatures} == {"intact"}
    assert {s.changes_after for s in alone.signatures} == {"allowed", "none"}


def test_timestamps_and_validation_data_are_no_addition(
    served: ServedAuthority, tmp_path: Path
) -> None:
    key, roots = loaded(served.identity("presidente")), trust.load(served.root)
    source = documents.minutes(tmp_path / "pv.pdf")
    pades.sign(source, tmp_path / "scelle.pdf", field="Centre", signer=key, at=now(), certify=True)
    pades.sign(tmp_path / "scelle.pdf", tmp_path / "lta.pdf", field="President", signer=key,
               at=now(), level="B-LTA", timestamper=TimestampService(served.tsa_url),
               trust=roots, fetcher=served.fetcher)  # fmt: skip
    back = seals.compare(tmp_path / "scelle.pdf", tmp_path / "lta.pdf")
    assert (back.added, back.signed, len(back.stamped)) == ("signatures", ("President",), 1)


@pytest.mark.parametrize("harmed", FIELDS_ONLY, ids=names(FIELDS_ONLY))
def test_anything_else_is_named(harmed: harm.Harm, sealed: Path) -> None:
    back = seals.compare(sealed, harmed(sealed.read_bytes()))
    assert (back.begins_with_sealed, back.added, back.accepted) == (True, "other", False)
    assert all(reason.startswith("Depuis le scellement, ") for reason in back.reasons)


@pytest.mark.parametrize("harmed", AFTERWARDS, ids=names(AFTERWARDS))
def test_our_own_examination_alone_names_every_harm_to_a_form(
    harmed: harm.Harm, signed_unlocked: Path
) -> None:
    back = seals.compare(signed_unlocked, harmed(signed_unlocked.read_bytes()))
    assert back.added == "other"


def test_a_new_visible_signature_is_not_one_that_was_expected(
    sealed: Path, president: Identity, tmp_path: Path
) -> None:
    added = pyhanko_sign(sealed, tmp_path / "s.pdf", "1/60,100,260,160/Ajout", president)
    back = seals.compare(sealed, added)
    assert back.added == "other"
    assert "Depuis le scellement, un champ de signature visible « Ajout » a été ajouté." in (
        back.reasons
    )


@pytest.mark.parametrize("rewrite", [rewriters.qpdf, rewriters.mutool_clean, rewriters.pdftk])
def test_a_file_rewritten_by_a_tool_no_longer_begins_the_same(
    rewrite: harm.Harm, sealed: Path
) -> None:
    back = seals.compare(sealed, rewrite(sealed.read_bytes()))
    assert (back.begins_with_sealed, back.accepted) == (False, False)
    assert "octet pour octet" in back.reasons[0]


def test_a_signature_over_an_earlier_version_is_found_for_what_it_is(
    sealed: Path, centre: Identity, president: Identity, tmp_path: Path
) -> None:
    source = documents.minutes(tmp_path / "pv2.pdf", candidate="Zoé EXEMPLE-GONÇALVES (v2)")
    newer = tmp_path / "pv2-scelle.pdf"
    pades.sign(source, newer, field="Centre", signer=loaded(centre), at=now(), certify=True)
    old = tmp_path / "retour.pdf"
    pades.sign(sealed, old, field="President", signer=loaded(president), at=now())
    assert seals.compare(newer, old).begins_with_sealed is False
    assert seals.find(old, [("v1", sealed), ("v2", newer)]) == "v1"
    assert seals.find(documents.flat(tmp_path / "x.pdf"), [("v1", sealed)]) is None


def test_bytes_that_make_no_revision_are_refused(sealed: Path) -> None:
    assert seals.compare(sealed, sealed.read_bytes() + b"%%EOF\n").accepted is False
    assert seals.compare(sealed, harm.bytes_after(sealed.read_bytes())).added == "other"


def test_a_filled_form_is_not_what_was_sealed(
    form: Path, employer: Identity, tmp_path: Path, poppler: object
) -> None:
    signed = tmp_path / "s.pdf"
    pades.sign(form, signed, field="Employeur", signer=loaded(employer), at=now())
    filled = poppler.fill(signed, {"observations": "Autre chose"})  # type: ignore[attr-defined]
    back = seals.compare(signed, filled)
    assert back.accepted is False


def test_an_unreadable_return_is_said(sealed: Path) -> None:
    cut = sealed.read_bytes() + b"\n12 0 obj << /Tronque"
    back = seals.compare(sealed, cut)
    assert back.accepted is False
    nothing = seals.compare(b"%PDF-1.7 rien", b"%PDF-1.7 rien du tout")
    assert (nothing.added, nothing.accepted) == ("undecidable", False)
    assert "non vérifiable" in nothing.reasons[0]


def test_the_seal_of_a_pv_holds_no_field_but_signatures(sealed: Path) -> None:
    with pikepdf.open(sealed) as pdf:
        assert {str(f.FT) for f in pdf.Root.AcroForm.Fields} == {"/Sig"}
