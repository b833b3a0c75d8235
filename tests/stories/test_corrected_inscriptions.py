"""An inscription that opens no case goes back too: the good answers kept, the wrong ones named."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pikepdf
import pytest

from casefiles import preregistration
from forms.read import read
from tests.stories.conftest import AsTold
from tests.stories.on_paper import text_of
from tests.stories.space import Space
from tests.stories.test_lists import INES, dropped, expected, numbers, returned
from watch.commands.deep import prove
from watch.commands.rehearsal import answers as people
from watch.share import sent_back

WRONG = {"candidate/birth_date": "31/02/1994", "training/centre": ""}
FRESH = ("agreement/exact", "agreement/informed", "agreement/day")


def beside(space: Space) -> tuple[Path, EmailMessage]:
    """The copy and its message, as they stand beside the refused file."""
    (copy,) = space.workspace.to_correct.glob("À corriger*.pdf")
    (sent,) = space.workspace.to_correct.glob("À corriger*.eml")
    message = message_from_bytes(sent.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return copy, message


def completed(space: Space, copy: Path) -> Path:
    """The copy filled where it asks again, and nowhere else."""
    asked = read(copy.read_bytes()).values
    answers = people.inscription(space.today)
    return space.filled(copy, {name: answers.get(name, "") for name, v in asked.items() if not v})


def test_a_wrong_inscription_comes_back_with_the_good_answers_kept(as_told: AsTold) -> None:
    space = as_told("nouveau")
    answer = space.hand_in(space.inscription(WRONG), "inscription.pdf")
    assert answer.outcome == "refused"
    assert "copie à corriger" in answer.remedy
    assert space.numbers() == []
    copy, message = beside(space)
    found = read(copy.read_bytes())
    assert found.imprint is not None
    assert found.imprint.made_with(space.office.imprint_key)
    dropped_serial = read(space.inscription(WRONG).read_bytes()).imprint
    assert dropped_serial is not None
    assert found.imprint.serial != dropped_serial.serial
    answers = people.inscription(space.today)
    for name in ("candidate/birth_name", "candidate/birth_place", "wish/route", "company/name"):
        assert found.values[name] == answers[name]
    for name in (*WRONG, *FRESH):
        assert not found.values[name], name
    told = message.get_body(("plain",))
    assert told is not None
    for words in (text_of(copy), told.get_content()):
        plain = " ".join(words.split())
        assert "31/02/1994" in plain
        assert "Page 1" in plain
        assert "Centre d’examen" in plain
    (attached,) = message.iter_attachments()
    assert attached.get_content() == copy.read_bytes()
    assert message["To"] == answers["candidate/email"]
    assert not list(prove(space.office))

    done = space.hand_in(completed(space, copy), "inscription corrigée.pdf")
    assert done.outcome == "accepted", done
    (number,) = space.numbers()
    assert people.fr(space.case(number).candidate.birth_date) == answers["candidate/birth_date"]


@pytest.mark.parametrize("left", [0, 1])
def test_a_death_while_what_was_sent_back_leaves_takes_nothing_from_its_leaving(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    space = as_told("nouveau")
    space.hand_in(space.inscription(WRONG), "inscription.pdf")
    filled = completed(space, beside(space)[0])
    gone: list[Path] = []

    def withdraw(target: Path, *, holding: list[str], staging: Path) -> bool:
        if len(gone) == left:
            raise KeyboardInterrupt
        gone.append(target)
        return real(target, holding=holding, staging=staging)

    with monkeypatch.context() as patched:
        real = sent_back.withdraw
        patched.setattr(sent_back, "withdraw", withdraw)
        with pytest.raises(KeyboardInterrupt):
            space.hand_in(filled, "inscription corrigée.pdf")
    space.recover()
    assert len(space.numbers()) == 1
    assert not list(space.workspace.to_correct.glob("À corriger*"))
    assert list(prove(space.office)) == []


def test_a_copy_whose_page_was_written_over_waits_for_the_office(as_told: AsTold) -> None:
    space = as_told("nouveau")
    assert space.hand_in(space.inscription(WRONG), "inscription.pdf").outcome == "refused"
    copy, _ = beside(space)
    filled = completed(space, copy)
    with pikepdf.open(filled, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.contents_add(pdf.make_stream(b"1 g 60 300 400 40 re f"))
        pdf.save()
    answer = space.hand_in(filled, "inscription corrigée.pdf")
    assert answer.outcome == "waiting", answer
    assert any("réécrit" in reason for reason in answer.reasons)


def test_the_inscription_of_a_list_is_corrected_in_its_own_place(as_told: AsTold) -> None:
    space = as_told("nouveau")
    dropped(space, INES)
    (number,) = numbers(space)
    first = expected(space, number).issued
    assert first is not None
    answer = space.hand_in(returned(space, number, **WRONG), "inscription.pdf")
    assert answer.outcome == "refused"
    held = expected(space, number)
    assert held.issued is not None
    assert held.issued.serial != first.serial
    assert held.earlier == (first,)
    copy = space.workspace.expected / held.issued.path
    assert "31/02/1994" in " ".join(text_of(copy).split())
    assert not (space.workspace.expected / first.path).exists()
    assert not list(space.workspace.to_correct.glob("À corriger*"))

    done = space.hand_in(completed(space, copy), "inscription corrigée.pdf")
    assert done.outcome == "accepted", done
    assert expected(space, number).closed is not None
    assert preregistration.steps(expected(space, number)) == ()


def test_the_boxes_of_the_engagement_are_asked_for_like_any_other_answer(as_told: AsTold) -> None:
    space = as_told("nouveau")
    answer = space.hand_in(space.inscription(dict.fromkeys(FRESH[:2], False)), "sans cases.pdf")
    assert answer.outcome == "refused"
    said = " ".join(answer.reasons)
    assert "Je certifie l’exactitude" in said
    assert "J’ai été informé(e)" in said
    copy, _ = beside(space)
    assert space.hand_in(completed(space, copy), "corrigée.pdf").outcome == "accepted"


def test_a_blank_inscription_gets_no_copy(as_told: AsTold) -> None:
    space = as_told("nouveau")
    blank = space.filled(space.blank("Dossier d’inscription"), {"candidate/phone": " "})
    assert space.hand_in(blank, "vierge.pdf").outcome == "refused"
    assert not list(space.workspace.to_correct.glob("À corriger*"))


def copies(space: Space) -> list[Path]:
    """The corrected copies and their messages that lie in « 3 À corriger »."""
    return sorted(space.workspace.to_correct.glob("À corriger*"))


def test_a_corrected_copy_leaves_once_it_has_come_back_good(as_told: AsTold) -> None:
    space = as_told("nouveau")
    assert space.hand_in(space.inscription(WRONG), "inscription.pdf").outcome == "refused"
    first, _ = beside(space)
    again = space.filled(completed(space, first), WRONG)
    assert space.hand_in(again, "deuxième.pdf").outcome == "refused"
    second, _ = beside(space)
    assert second.read_bytes() != again.read_bytes()
    assert len(copies(space)) == 2, "the second copy takes the place of the first"

    done = space.hand_in(completed(space, second), "corrigée.pdf")
    assert done.outcome == "accepted", done
    assert copies(space) == []
    refused = {"inscription.pdf", "deuxième.pdf"}
    assert refused <= {one.name for one in space.workspace.to_correct.iterdir()}
    assert not list(prove(space.office))


def test_an_inscription_filled_anew_answers_the_copy_too(as_told: AsTold) -> None:
    space = as_told("nouveau")
    assert space.hand_in(space.inscription(WRONG), "inscription.pdf").outcome == "refused"
    assert len(copies(space)) == 2
    assert space.hand_in(space.inscription(), "nouvelle.pdf").outcome == "accepted"
    assert copies(space) == []


def test_the_copy_of_a_homonym_stays(as_told: AsTold) -> None:
    space = as_told("nouveau")
    elsewhere = {**WRONG, "candidate/birth_place": "Exempleville"}
    assert space.hand_in(space.inscription(elsewhere), "homonyme.pdf").outcome == "refused"
    homonym = copies(space)
    assert space.hand_in(space.inscription(WRONG), "inscription.pdf").outcome == "refused"
    assert space.hand_in(space.inscription(), "nouvelle.pdf").outcome == "accepted"
    assert copies(space) == homonym


def test_a_copy_completed_where_it_stands_is_taken_there_and_leaves_with_its_message(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    assert space.hand_in(space.inscription(WRONG), "inscription.pdf").outcome == "refused"
    copy, _ = beside(space)
    written = completed(space, copy).read_bytes()
    copy.write_bytes(written)
    (answer,) = space.work()
    assert answer.outcome == "accepted", answer
    assert space.office.originals.get(space.case().documents[0].sha256) == written
    assert copies(space) == []


def test_a_character_the_parchemin_cannot_print_is_refused_by_name(as_told: AsTold) -> None:
    space = as_told("nouveau")
    answer = space.hand_in(space.inscription({"candidate/first_name": "Zoé \U0001f600"}), "i.pdf")
    assert answer.outcome == "refused"
    (reason,) = answer.reasons
    assert "Prénom" in reason
    assert "« \U0001f600 » (U+1F600) ne s’imprime pas sur le parchemin" in reason
    assert space.numbers() == []
