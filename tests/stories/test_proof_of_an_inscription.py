"""The proof the settings ask of an inscription is asked before any case opens."""

from pathlib import Path

from tests.stories.conftest import AsTold
from tests.stories.on_paper import copy_and_save, scanned, to_copy, written_by_pen
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people

FIELD = "signature/candidat"


def asking(space: Space, *proofs: str) -> Space:
    told = ", ".join(f'"{one}"' for one in proofs)
    space.reopen(
        edit=lambda text: text.replace(
            'inscription = ["aucune", "signature", "papier"]', f"inscription = [{told}]"
        )
    )
    return space


def signed(space: Space) -> Path:
    return space.sign(space.inscription(), FIELD, "evaluateur")


def by_hand(space: Space) -> bytes:
    """An inscription typed, printed, signed in its place with a pen, and scanned."""
    blank = space.blank("Dossier d’inscription").read_bytes()
    pages = written_by_pen(blank, people.inscription(space.today))
    return scanned(pages)


def test_an_unsigned_inscription_is_sent_back_where_a_signature_is_asked(as_told: AsTold) -> None:
    space = asking(as_told("nouveau"), "signature")
    answer = space.hand_in(space.inscription(), "inscription.pdf")
    assert answer.outcome == "refused"
    assert any("n’est pas signé" in reason for reason in answer.reasons), answer
    assert "numérise" not in answer.remedy
    assert space.numbers() == []

    assert space.hand_in(signed(space), "inscription signée.pdf").outcome == "accepted"
    (number,) = space.numbers()
    (filed,) = space.case(number).standing("inscription")
    assert filed.proof.kind == "signature"
    assert filed.proof.signer == people.EVALUATOR


def test_an_inscription_changed_after_its_signature_opens_no_case(as_told: AsTold) -> None:
    space = as_told("nouveau")
    broken = space.scratch / "abîmée.pdf"
    data = bytearray(signed(space).read_bytes())
    place = data.index(b"/MediaBox")
    data[place + 12 : place + 13] = b"1" if data[place + 12 : place + 13] != b"1" else b"2"
    broken.write_bytes(data)
    answer = space.hand_in(broken, "inscription.pdf")
    assert answer.outcome == "refused", answer
    assert space.numbers() == []


def test_a_hand_signed_inscription_is_taken_only_where_paper_is(as_told: AsTold) -> None:
    space = asking(as_told("nouveau"), "signature")
    assert space.hand_in(by_hand(space), "scan.pdf").outcome == "waiting"
    (form,) = to_copy(space)
    answer = copy_and_save(space, form, people.inscription(space.today))
    assert answer.outcome == "refused", answer
    assert any("signé à la main" in reason for reason in answer.reasons), answer
    assert space.numbers() == []


def test_a_hand_signed_inscription_is_called_paper_ever_after(as_told: AsTold) -> None:
    space = asking(as_told("nouveau"), "signature", "papier")
    assert space.hand_in(by_hand(space), "scan.pdf").outcome == "waiting"
    (form,) = to_copy(space)
    answer = copy_and_save(space, form, people.inscription(space.today))
    assert answer.outcome == "accepted", answer
    (number,) = space.numbers()
    (filed,) = space.case(number).standing("inscription")
    assert (filed.how, filed.proof.kind) == ("scan", "paper")
    assert "Sur papier, signé à la main." in space.history(number)


def test_a_signed_inscription_that_resembles_a_case_keeps_its_proof(
    enrolled: tuple[Space, str],
) -> None:
    from casefiles.answers.office_act import ActKind

    space, number = enrolled
    again = space.inscription({"candidate/email": "autre@exemple.invalid"})
    answer = space.hand_in(space.sign(again, FIELD, "evaluateur"), "inscription.pdf")
    assert answer.outcome == "waiting", answer
    assert space.ask(ActKind.HOMONYM, number, document=answer.document).outcome == "accepted"
    (filed,) = space.case(space.numbers()[-1]).standing("inscription")
    assert filed.proof.signer == people.EVALUATOR
