"""Two people of one name: whatever they sign, neither certificate is quietly taken for the other.

The twin is certified by the same trusted authority, under the very same name.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.events import DocumentFiled
from tests.pki import OpensslAuthority
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_attacks import twin
from tests.stories.test_who_signs import pinned

OTHER = {"candidate/birth_name": "EXEMPLE-AUTRE", "candidate/first_name": "Barnabé"}

SIGNED_BY: dict[str, tuple[str, Callable[[Space, str, str], Path]]] = {
    "inscription": (
        "evaluateur",
        lambda space, _, who: space.sign(
            space.inscription({**OTHER, "candidate/first_name": f"Barnabé {who}"}),
            "signature/candidat",
            who,
        ),
    ),
    "grille": (
        "evaluateur",
        lambda space, number, who: space.sign(
            space.grid(number, space.competences(number)[0]), "signature/evaluateur", who
        ),
    ),
    "modalites": (
        "employeur",
        lambda space, number, who: space.sign(
            space.modalities(number), "signature/entreprise", who
        ),
    ),
    "avis": ("employeur", lambda space, number, who: space.signed_avis(number, who)),
}


@pytest.mark.parametrize("form", SIGNED_BY)
def test_whatever_form_a_homonym_signs_after_the_first_waits_for_the_office(
    form: str, as_told: AsTold, authority: OpensslAuthority
) -> None:
    role, signed = SIGNED_BY[form]
    space = as_told("inscrit")
    number = space.numbers()[-1]
    other = space.enrol(OTHER)
    assert space.hand_in(signed(space, number, role)).outcome == "accepted"
    space.signers["jumeau"] = twin(authority, space.signers[role])
    answer = space.hand_in(signed(space, other, "jumeau"))
    assert "Un autre certificat a déjà signé ici au nom de" in " ".join(answer.reasons)
    last = space.case(space.numbers()[-1] if form == "inscription" else other).documents[-1]
    assert (last.form, last.standing) == (form, "to_confirm")


@pytest.mark.parametrize("form", SIGNED_BY)
def test_whatever_form_the_homonym_of_somebody_the_settings_name_signs_waits_for_the_office(
    form: str, as_told: AsTold, authority: OpensslAuthority
) -> None:
    role, signed = SIGNED_BY[form]
    space = as_told("inscrit")
    number = space.numbers()[-1]
    pinned(space, space.signers[role])
    space.signers["jumeau"] = twin(authority, space.signers[role])
    answer = space.hand_in(signed(space, number, "jumeau"))
    assert "n’est pas celui que les réglages donnent" in " ".join(answer.reasons)
    assert space.case(space.numbers()[-1]).documents[-1].standing == "to_confirm"


def test_a_homonym_in_the_other_box_of_a_form_is_seen_too(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("inscrit")
    number, other = space.numbers()[-1], space.enrol(OTHER)
    trainer = space.signers["evaluateur"]
    space.signers["jumeau"] = twin(authority, trainer)

    def both(which: str, who: str) -> Path:
        first = space.sign(space.modalities(which), "signature/centre", who)
        return space.sign(first, "signature/entreprise", "employeur")

    assert space.hand_in(both(number, "evaluateur")).outcome == "accepted"
    assert space.case(number).documents[-1].proof.beside == ((trainer.name, trainer.fingerprint),)
    answer = space.hand_in(both(other, "jumeau"))
    assert f"au nom de « {trainer.name} »" in " ".join(answer.reasons)
    assert space.case(other).documents[-1].standing == "to_confirm"


def test_a_certificate_the_office_vouched_for_is_remembered_under_its_name(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("inscrit")
    number, other = space.numbers()[-1], space.enrol(OTHER)
    elsewhere = OpensslAuthority(space.scratch / "ailleurs", "Autorité inconnue EXEMPLE")
    honest = space.signers["employeur"]
    space.signers["vouched"] = elsewhere.issue(honest.name)
    waiting = space.hand_in(space.signed_avis(number, "vouched"))
    assert waiting.outcome == "waiting"
    space.act(ActKind.CONFIRM, number, document=waiting.document)
    assert space.case(number).documents[-1].confirmed
    answer = space.hand_in(space.signed_avis(other))
    assert answer.outcome == "waiting"
    assert "Un autre certificat a déjà signé ici au nom de" in " ".join(answer.reasons)


def test_the_homonym_of_the_certifiers_signatory_does_not_sign_a_parchemin(
    to_be_signed: tuple[Space, Path], authority: OpensslAuthority
) -> None:
    space, file = to_be_signed
    space.signers["jumeau"] = twin(authority, space.signers["certificateur"])
    answer = space.hand_in(space.sign(file, "signature/certificateur", "jumeau"))
    assert (answer.outcome, "habilitées" in answer.reasons[0]) == ("refused", True)
    answer = space.hand_in(space.sign(file, "signature/certificateur", "certificateur"))
    assert answer.outcome == "accepted"


def test_a_space_of_before_the_signers_were_marked_knows_its_homonyms_once_opened(
    as_told: AsTold, authority: OpensslAuthority
) -> None:
    space = as_told("inscrit")
    number, other = space.numbers()[-1], space.enrol(OTHER)
    assert space.hand_in(space.signed_avis(number)).outcome == "accepted"
    filed = [r for r in space.office.journal.read(f"dossier/{number}")
             if isinstance(r.event, DocumentFiled)]  # fmt: skip
    assert filed, "the events say who signed"
    space.close()
    with closing(sqlite3.connect(space.workspace.journal_file)) as connection:
        connection.execute("DELETE FROM marks WHERE kind = 'signer'")
        connection.execute("DROP TABLE derived_by")
        connection.commit()
    space.reopen()
    space.signers["jumeau"] = twin(authority, space.signers["employeur"])
    answer = space.hand_in(space.signed_avis(other, "jumeau"))
    assert answer.outcome == "waiting"
    assert "Un autre certificat a déjà signé ici au nom de" in " ".join(answer.reasons)
