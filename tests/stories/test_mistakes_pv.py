"""The procès-verbal as it comes back: who signed, over what, and what else was added."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from tests.engines import rewriters
from tests.pki import OpensslAuthority
from tests.stories import faulty
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.seen import words
from tests.stories.space import Space
from tests.stories.test_the_jury_sits import EMPLOYER_SUBSTITUTE
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.long

# The procès-verbal


def still_in_signature(space: Space) -> None:
    assert space.session().signed is None
    assert space.case().decision is None
    assert "obten" not in space.to_do(space.numbers()[-1]).lower()


def test_a_pv_without_any_signature_is_not_taken(as_told: AsTold) -> None:
    space = as_told("en signature")
    refused(space, space.minutes(), "sans rien d’ajouté")
    still_in_signature(space)


def test_what_waits_for_nobody_is_not_said_to_be_filled_or_signed(as_told: AsTold) -> None:
    space = as_told("en signature")
    pieces = space.session().pieces
    assert pieces is not None
    kept = space.folder(space.session().reference) / pieces.path
    assert "n’attend pas de réponse" in space.hand_in(kept, "pièces.pdf").remedy
    assert "signez-le" in space.hand_in(space.minutes(), "pv.pdf").remedy


def test_a_pv_without_the_presidents_signature_decides_nothing(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    answer = space.hand_in(signed_pv["un membre"])
    assert answer.outcome == "accepted"
    assert people.PRESIDENT in answer.reasons[0]
    still_in_signature(space)
    assert people.PRESIDENT in space.to_do(space.session().reference)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    assert space.session().signed is not None


def test_a_pv_signed_by_the_president_before_the_others_is_refused(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    refused(space, signed_pv["le président seul"], "président", people.MEMBERS[0], "en dernier")
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


def test_an_organisations_seal_does_not_sign_in_a_members_place(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("en signature")
    pv = space.session().pv
    assert pv is not None
    space.signers["cachet"] = authority.issue(
        "Cachet EXEMPLE", organisation="Chambre EXEMPLE", legal_person="VATFR-00000000000"
    )
    (member,) = (key for key in pv.expected if key != pv.president)
    sealed = space.sign(space.minutes(), pv.fields[member], "cachet")
    refused(space, sealed, "Cachet EXEMPLE", "ne remplace pas la signature d’une personne")
    still_in_signature(space)
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"


def test_a_copy_that_lost_a_signature_already_received_is_refused(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    assert space.hand_in(signed_pv["un membre"]).outcome == "accepted"
    refused(space, signed_pv["le président seul"], people.MEMBERS[0])
    still_in_signature(space)


def test_copies_signed_apart_are_refused_and_the_one_to_continue_is_named(as_told: AsTold) -> None:
    space = as_told("complet")
    four = {**EMPLOYER_SUBSTITUTE, "members/3/seat": "titulaire", "members/4/seat": "titulaire"}
    space.close_agenda(space.open_session(space.numbers()[-1], changes=four))
    votes = {f"candidates/{space.numbers()[-1]}/votes_for": "4"}
    sheet = space.sheet(changes={"members/m3/presence": "present", **votes})
    assert space.hand_in(sheet).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    assert len(pv.expected) == 4
    names = {m.key: m.name for m in space.session().members}
    first, apart = space.signed_minutes(None, "m2"), space.signed_minutes(None, "m3")
    assert pv.path in space.hand_in(first).remedy

    told = refused(space, apart, "signée à part", names["m2"], pv.path, space.session().reference)
    assert f"À signer de nouveau sur ce fichier : {names['m3']}." in told.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    # The file that is named is there, is the furthest copy, and can be continued.
    furthest = space.folder(space.session().reference) / pv.path
    assert furthest.read_bytes() == first.read_bytes()
    second = space.signed_minutes(furthest, "m3")
    assert space.hand_in(second).outcome == "accepted"
    refused(space, space.signed_minutes(first, "m4"), "signée à part", names["m3"], pv.path)
    # Not even the president’s own copy, apart from the others’.
    refused(space, space.signed_minutes(first, "m1"), "signée à part", names["m3"], pv.path)
    still_in_signature(space)
    assert space.hand_in(space.signed_minutes(furthest, "m4", "m1")).outcome == "accepted"
    assert space.session().signed is not None


REWRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "qpdf": rewriters.qpdf,
    "MuPDF": rewriters.mutool_clean,
    "pdftk": rewriters.pdftk,
    "pypdf": rewriters.pypdf_rewritten,
}


@pytest.mark.parametrize("viewer", REWRITTEN)
def test_a_pv_rewritten_by_a_viewer_is_refused(
    as_told: AsTold, viewer: str, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    rewritten = REWRITTEN[viewer](signed_pv["tous"].read_bytes())
    refused(space, rewritten, "réécrit", "sceau est rompu", "sans le modifier")
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


ADDED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "une note collée": (faulty.annotated, "annotations"),
    "une pièce jointe": (faulty.with_a_file_attached, "modifié au-delà d’une signature"),
    "un autre titre": (rewriters.pypdf_updated, "propriétés"),
}


@pytest.mark.parametrize("addition", ADDED)
@pytest.mark.parametrize("copy", ["un membre", "tous"])
def test_a_pv_with_anything_but_signatures_added_since_the_seal_is_refused(
    as_told: AsTold, addition: str, copy: str, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    add, word = ADDED[addition]
    refused(space, add(signed_pv[copy].read_bytes()), "autre chose que des signatures", word)
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


def test_a_pv_signed_with_unknown_certificates_waits_until_the_office_confirms_it(
    as_told: AsTold,
) -> None:
    space = as_told("en signature")
    pv = space.session().pv
    assert pv is not None
    member = space.sign(space.minutes(), pv.fields["m2"], "inconnu")
    final = space.sign(member, pv.fields["m1"], "president")
    answer = space.hand_in(final)
    assert answer.outcome == "waiting"
    assert any(people.MEMBERS[0] in r for r in answer.reasons)
    still_in_signature(space)
    reference = space.session().reference
    assert answer.document in space.to_do(reference)
    again = space.hand_in(final, "le même.pdf")
    assert again.outcome == "duplicate"
    assert "Le bureau décide" in again.remedy

    done = space.act(ActKind.CONFIRM, reference, document=answer.document)
    assert done.outcome == "accepted", done
    assert space.session().signed is not None
    assert space.case().decision is not None
    twice = space.act(ActKind.CONFIRM, reference, document=answer.document)
    assert twice.outcome == "refused"


def test_a_pv_signed_by_somebody_else_in_the_presidents_place_waits(as_told: AsTold) -> None:
    space = as_told("en signature")
    pv = space.session().pv
    assert pv is not None
    member = space.sign(space.minutes(), pv.fields["m2"], "jury-1")
    answer = space.hand_in(space.sign(member, pv.fields["m1"], "employeur"))
    assert answer.outcome == "waiting"
    assert any(people.PRESIDENT in r and people.EMPLOYER in r for r in answer.reasons)
    still_in_signature(space)
    # The president signs after all, from the member’s own copy: no word of the office is needed.
    assert space.hand_in(space.sign(member, pv.fields["m1"], "president")).outcome == "accepted"
    assert space.case().decision is not None


def test_a_pv_signed_in_a_place_nobody_prepared_is_refused(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    box = "1/60,60,260,110/invite"
    elsewhere = space.sign(signed_pv["un membre"], box, "jury-2")
    refused(space, elsewhere, "autre chose que des signatures", "invite")
    still_in_signature(space)
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"


def test_a_signature_over_an_earlier_version_of_the_pv_does_not_count_and_is_kept(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    first = space.session().pv
    assert first is not None
    assert space.hand_in(signed_pv["un membre"]).outcome == "accepted"
    sheet = space.sheet(changes={"conformity/reserve": "Un évaluateur est arrivé en retard."})
    assert space.hand_in(sheet).outcome == "accepted"
    second = space.session().pv
    assert second is not None
    assert (second.version, second.supersedes) == (2, first.sha256)
    printed = " ".join(words(space.office.originals.path(second.sha256)).split())
    assert "annule et remplace la version 1" in printed
    assert first.sha256 in printed
    refused(space, signed_pv["tous"], "version 1", "version 2", "ne valent pas")
    still_in_signature(space)
    kept = hashlib.sha256(signed_pv["un membre"].read_bytes()).hexdigest()
    assert kept in space.office.originals
    received = space.folder(space.session().reference) / "Reçus"
    held = {hashlib.sha256(p.read_bytes()).hexdigest() for p in received.iterdir()}
    assert kept in held
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    final = space.session().signed
    assert final is not None
    assert final.version == 2


def test_a_pv_already_decided_takes_no_further_copy(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    refused(space, signed_pv["un membre"], "déjà signé")
    assert space.hand_in(signed_pv["tous"]).outcome == "duplicate"
