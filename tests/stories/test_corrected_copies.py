"""What only its author can answer goes back in a corrected copy: the rest is not asked twice."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from forms.read import read
from tests.stories.on_paper import text_of
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people


def corrected(space: Space, number: str) -> tuple[Path, EmailMessage]:
    (copy,) = (space.folder(number) / "À remplir").glob("À corriger*.pdf")
    (sent,) = (space.folder(number) / "À envoyer").glob("À corriger*.eml")
    message = message_from_bytes(sent.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return copy, message


def test_a_wrong_answer_goes_back_with_the_good_ones_kept(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    wrong = {"evaluator/experience": "beaucoup", "conclusion/verdict": ""}
    answer = space.hand_in(space.grid(number, "BDC1.1", changes=wrong), "grille.pdf")
    assert answer.outcome == "refused"
    assert "À envoyer" in answer.remedy
    copy, message = corrected(space, number)
    found = read(copy.read_bytes())
    assert found.imprint is not None
    assert found.imprint.made_with(space.office.imprint_key)
    serials = [i.serial for i in space.case(number).issued]
    assert serials.count(found.imprint.serial) == 1
    answers = people.grid(space.outline(number, "grille", "BDC1.1"), space.today)
    for name in ("setting/place", "evaluator/name", "criteria/BDC1-1-M1/mark"):
        assert found.values[name] == answers[name]
    fresh = ("setting/day", "evaluator/independent")
    for name in ("evaluator/experience", "conclusion/verdict", *fresh):
        assert found.values[name] == ""
    assert not any(one.signed for one in found.signatures)
    shown = text_of(copy)
    told = message.get_body(("plain",))
    assert told is not None
    for words in (shown, told.get_content()):
        plain = " ".join(words.split())
        assert "beaucoup" in plain
        assert "Page 2" in plain
        assert "Années de métier" in plain
    (attached,) = message.iter_attachments()
    assert attached.get_content() == copy.read_bytes()

    fixed = space.filled(copy, {k: v for k, v in answers.items() if k in found.values})
    done = space.hand_in(fixed, "grille corrigée.pdf")
    assert done.outcome == "accepted", done
    assert not list((space.folder(number) / "À envoyer").glob("À corriger*"))
    assert not list((space.folder(number) / "À remplir").glob("À corriger*"))


def test_no_date_consent_nor_signature_is_carried_over(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    wrong = {"consent/day": "31/02/2026"}
    assert space.hand_in(space.modalities(number, wrong), "m.pdf").outcome == "refused"
    copy, _ = corrected(space, number)
    values = read(copy.read_bytes()).values
    carried = {name for name, value in values.items() if value not in ("", False)}
    assert not [name for name in carried if name.startswith("consent/")]
    assert not [name for name in carried if name.endswith(("/start", "/end", "/day"))]
    assert any(name.endswith("/place") for name in carried)


def test_a_form_saved_in_place_is_corrected_in_place(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    wrong = space.grid(number, "BDC1.1", changes={"evaluator/experience": "beaucoup"})
    space.save_in_place(number, "grille", "BDC1.1", wrong)
    (answer,) = space.work()
    assert answer.outcome == "refused"
    assert not list((space.folder(number) / "À remplir").glob("À corriger*"))


def test_a_second_wrong_copy_takes_the_place_of_the_first(enrolled: tuple[Space, str]) -> None:
    space, number = enrolled
    wrong = [
        space.grid(number, "BDC1.1", changes={"evaluator/experience": said})
        for said in ("beaucoup", "énormément")
    ]
    for file in wrong:
        assert space.hand_in(file, file.name).outcome == "refused"
    copy, _ = corrected(space, number)
    assert "énormément" in text_of(copy)
