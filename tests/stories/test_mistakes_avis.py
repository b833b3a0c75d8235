"""The signature of the avis: missing, by somebody unknown, or broken since."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from tests.engines import rewriters
from tests.engines.chromium import PdfJs
from tests.pki import OpensslAuthority
from tests.signing.tools import PdfSig
from tests.stories import faulty
from tests.stories.answering import goes_on, refused
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people
from watch.office import now

pytestmark = pytest.mark.long

# The signature of the avis


def test_an_unsigned_avis_is_refused(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    refused(space, space.avis(number), "pas signé", "signe dans le cadre prévu")
    goes_on(space, number)


def test_an_avis_signed_by_an_unknown_certificate_waits_until_the_office_answers_for_it(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answer = space.hand_in(space.signed_avis(number, "inconnu"), "avis.pdf")
    assert answer.outcome == "waiting"
    signer = space.signers["inconnu"].name
    assert any(signer in r and "vérifiez auprès de l’entreprise" in r for r in answer.reasons)
    assert not space.case(number).standing("avis")
    assert answer.document in space.to_do(number)
    assert "L’avis de l’entreprise, signé." not in space.to_do(number), "nobody owes it any more"

    done = space.act(ActKind.CONFIRM, number, document=answer.document)
    assert done.outcome == "accepted", done
    assert space.case(number).standing("avis")
    assert "avis" not in space.to_do(number)
    history = space.history(number)
    assert f"{answer.document} confirmé à la demande de {people.OFFICE}" in history


def test_an_avis_signed_by_a_certificate_named_in_the_settings_needs_no_confirmation(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    known = space.signers["inconnu"]
    space.reopen(
        edit=lambda text: text.replace(
            "[signatures]\n",
            f'[[confiance.signataires]]\nnom = "{people.EMPLOYER}"\n'
            f'empreinte = "{known.fingerprint}"\n\n[signatures]\n',
        )
    )
    answer = space.hand_in(space.signed_avis(number, "inconnu"), "avis.pdf")
    assert (answer.outcome, answer.reasons) == ("accepted", ())


def test_an_avis_signed_by_a_trusted_person_who_was_not_expected_waits(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    answer = space.hand_in(space.signed_avis(number, "jury-1"), "avis.pdf")
    assert answer.outcome == "waiting"
    assert any(people.MEMBERS[0] in r and people.EMPLOYER in r for r in answer.reasons)


ALTERED: dict[str, Callable[[Path, PdfJs], bytes]] = {
    "une réponse, dans Chromium": lambda avis, pdfjs: pdfjs.fill(
        avis, {"conclusion/comment": "Autre chose"}
    ),
    "les propriétés, par pypdf": lambda avis, _: rewriters.pypdf_updated(avis.read_bytes()),
    "une note collée": lambda avis, _: faulty.annotated(avis.read_bytes()),
    "tout, par qpdf": lambda avis, _: rewriters.qpdf(avis.read_bytes()),
    "tout, par MuPDF": lambda avis, _: rewriters.mutool_clean(avis.read_bytes()),
    "tout, par pdftk": lambda avis, _: rewriters.pdftk(avis.read_bytes()),
}


@pytest.mark.parametrize("alteration", ALTERED)
def test_an_avis_altered_after_its_signature_is_refused(
    as_told: AsTold, alteration: str, pdfjs: PdfJs, signed_avis: Path
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    altered = ALTERED[alteration](signed_avis, pdfjs)
    told = refused(space, altered, "modifié après sa signature", "de nouveau")
    assert "conclusion/" not in told
    assert not space.case(number).standing("avis")
    assert space.hand_in(signed_avis, "avis.pdf").outcome == "accepted"


def test_an_avis_signed_with_popplers_own_tool_is_as_good(
    enrolled: tuple[Space, str], authority_root: Path, tmp_path: Path
) -> None:
    """Evince and Okular sign so; it adds /M and forgets the lock, and nobody may hold that
    against the company."""
    space, number = enrolled
    who = space.signers["employeur, RSA"]
    tool = PdfSig(tmp_path / "nss", authority_root, who)
    signed = tool.sign(space.avis(number), tmp_path / "avis.pdf", "signature/entreprise", who)
    answer = space.hand_in(signed)
    assert answer.outcome == "accepted", answer
    assert space.case(number).standing("avis")[0].proof.signer == people.EMPLOYER


def test_an_avis_signed_with_an_expired_certificate_waits_and_says_so(
    enrolled: tuple[Space, str], authority: OpensslAuthority
) -> None:
    space, number = enrolled
    begins, ends = (now() - timedelta(days=days) for days in (400, 30))
    space.signers["périmé"] = authority.issue(people.EMPLOYER, begins=begins, ends=ends)
    answer = space.hand_in(space.signed_avis(number, "périmé"), "avis.pdf")
    assert answer.outcome == "waiting"
    assert any("période de validité" in r for r in answer.reasons)
    assert not space.case(number).standing("avis")
