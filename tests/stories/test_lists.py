"""A list of candidates through the folder: each line followed once, or refused with its reason."""

import email
from email import policy
from email.message import EmailMessage
from pathlib import Path

from openpyxl import Workbook, load_workbook

from casefiles import preregistration
from casefiles.answers.office_act import ActKind
from casefiles.preregistration import Preregistration
from templates import candidate_list
from tests.stories.conftest import AsTold
from tests.stories.space import Space, plain
from watch.commands.rehearsal import answers as people
from watch.commands.status import report
from watch.reception import intake
from watch.share.board import Listed, render

HEADS = "Nom de naissance;Prénom;Né(e) le;Courriel;Voie d’accès;Entreprise;SIRET"
INES = "EXEMPLE-DUŁAK;Inès;12/05/1991;ines@exemple.invalid;formation continue;Essais SARL;"
THEO = "EXEMPLE-NÉGRIER;Théo;01/02/1988;;formation continue;;"
ZOE = "Exemple-Gonçalves;Zoé;07/03/1994;;formation continue;;"


def dropped(space: Space, *lines: str, name: str = "promotion.csv", door: str = "inbox"):
    return space.hand_in("\n".join((HEADS, *lines)).encode(), name, door=door)


def expected(space: Space, number: str) -> Preregistration:
    held = preregistration.fold(space.office.journal.read(f"preinscription/{number}"))
    assert held is not None
    return held


def numbers(space: Space) -> list[str]:
    return [s["number"] for _, _, s in space.office.journal.summaries("preinscription")]


def prefilled(space: Space, number: str) -> Path:
    issued = expected(space, number).issued
    assert issued is not None
    return space.workspace.expected / issued.path


def message(space: Space, number: str) -> EmailMessage:
    sent = expected(space, number).message
    assert sent is not None
    data = (space.workspace.expected / sent.path).read_bytes()
    read = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def returned(space: Space, number: str, **changes: str) -> Path:
    """The prefilled inscription, completed as its candidate would."""
    held = expected(space, number).listed.values
    answers = {**people.inscription(space.today), **held, **changes}
    return space.filled(prefilled(space, number), answers)


def board(space: Space) -> str:
    return space.workspace.board.read_text(encoding="utf-8").replace("\u00a0", " ")


def test_each_line_is_followed_with_its_prefilled_inscription_and_its_message(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    answer = dropped(space, INES, THEO)
    assert answer.outcome == "accepted", answer
    assert answer.reasons[0] == "2 lignes suivies comme préinscriptions."
    first, second = numbers(space)
    from watch.confinement.foreign import fields

    values = fields(prefilled(space, first), {})["values"]
    assert values["candidate/birth_name"] == "EXEMPLE-DUŁAK"
    assert values["candidate/birth_date"] == "12/05/1991"
    assert values["wish/route"] == "formation_continue"
    assert values["training/organisation"] == space.office.settings.organisation.name
    sent = message(space, first)
    assert sent["To"] == "ines@exemple.invalid"
    assert sent["X-Unsent"] == "1"
    (attached,) = list(sent.iter_attachments())
    assert attached.get_payload(decode=True) == prefilled(space, first).read_bytes()
    body = sent.get_body()
    assert body is not None
    assert "Commune de naissance" in body.get_content()
    assert expected(space, second).message is None, "nobody to write to"
    assert "Préinscriptions / À envoyer »" in answer.remedy
    assert "Préinscriptions / À remplir », à qui n’a pas d’adresse" in answer.remedy
    page = board(space)
    assert "EXEMPLE-DUŁAK Inès" in page
    assert "Compléter et rendre l’inscription" in page
    assert [s["number"] for s in report(space.office)["expected"]] == [first, second]
    assert report(space.office, first)["expected"][0]["missing"][0]["who"] == "le candidat"


def test_the_returned_inscription_opens_the_case_and_closes_the_line(as_told: AsTold) -> None:
    space = as_told("nouveau")
    assert "À remplir" not in dropped(space, INES).remedy
    (number,) = numbers(space)
    form = prefilled(space, number)
    answer = space.hand_in(returned(space, number))
    assert answer.outcome == "accepted", answer
    case = answer.stream.removeprefix("dossier/")
    closed = expected(space, number).closed
    assert closed is not None
    assert closed.case == case
    assert not form.exists()
    assert not space.tree(space.workspace.expected)
    assert report(space.office)["expected"] == []
    assert f"liste « promotion.csv », ligne 2 ({number})" in space.history(case)
    assert "Préinscrit" not in board(space)


def test_it_may_be_filled_where_it_stands(as_told: AsTold) -> None:
    space = as_told("nouveau")
    dropped(space, INES)
    (number,) = numbers(space)
    prefilled(space, number).write_bytes(returned(space, number).read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted", answer
    assert expected(space, number).closed


def test_a_blank_inscription_of_the_same_person_closes_the_line_too(as_told: AsTold) -> None:
    space = as_told("nouveau")
    dropped(space, ZOE)
    (number,) = numbers(space)
    case = space.enrol()
    closed = expected(space, number).closed
    assert closed is not None
    assert closed.case == case


def test_refused_lines_are_told_one_by_one_beside_the_list(as_told: AsTold) -> None:
    space = as_told("nouveau")
    wrong = "EXEMPLE-FAUX;Paul;31/02/1990;pas une adresse;VAE;;123"
    answer = dropped(space, INES, wrong, INES)
    assert answer.outcome == "accepted"
    assert len(numbers(space)) == 1
    kept = space.workspace.to_correct / "promotion.csv"
    assert INES.encode() in kept.read_bytes()
    assert answer.reasons[0] == "1 ligne suivie comme préinscription."
    receipts = [p.name for p in space.workspace.receipts.rglob("*.txt")]
    assert [n for n in receipts if "accepté en partie - promotion.csv" in n], receipts
    why = plain(space.workspace.to_correct / "promotion.csv - POURQUOI.txt")
    assert "3 lignes lues, 1 acceptée, 2 refusées" in why
    assert "Ligne 3, EXEMPLE-FAUX Paul" in why
    for heading in ("Né(e) le", "Courriel", "SIRET"):
        assert f"colonne « {heading} »" in why
    assert "« Validation des acquis de l’expérience" in why or "VAE" in why
    assert "c’est la même personne qu’à la ligne 2" in why


def test_the_same_list_again_doubles_nobody_and_a_corrected_one_adds_its_new_lines(
    as_told: AsTold,
) -> None:
    space = as_told("nouveau")
    dropped(space, INES)
    (number,) = numbers(space)
    again = dropped(space, INES, name="la même.csv")
    assert again.outcome == "duplicate"
    assert number in "".join(again.reasons)
    more = dropped(space, INES, THEO, name="corrigée.csv")
    assert more.outcome == "accepted"
    assert len(numbers(space)) == 2


def test_somebody_who_has_a_case_is_asked_of_the_office_not_doubled(as_told: AsTold) -> None:
    space = as_told("inscrit")
    case = space.numbers()[-1]
    answer = dropped(space, ZOE)
    (number,) = numbers(space)
    assert "à trancher par le bureau" in "".join(answer.reasons)
    assert expected(space, number).issued is None
    assert f"Le dossier {case} est celui de" in board(space)
    space.act(ActKind.HOMONYM, number, document=number)
    assert prefilled(space, number).exists()
    second = space.hand_in(returned(space, number))
    assert second.outcome == "accepted", "the office has answered already"
    assert len(space.numbers()) == 2


def test_the_office_may_put_a_line_aside(as_told: AsTold) -> None:
    space = as_told("nouveau")
    dropped(space, INES)
    (number,) = numbers(space)
    space.ask(ActKind.SET_ASIDE, number, document=number)
    closed = expected(space, number).closed
    assert closed is not None
    assert closed.by == people.OFFICE
    assert not space.tree(space.workspace.expected)
    assert number not in board(space)


def test_a_workbook_is_a_list_too(as_told: AsTold, tmp_path: Path) -> None:
    space = as_told("nouveau")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS.split(";"))
    sheet.append(INES.split(";"))
    book.save(tmp_path / "promotion.xlsx")
    assert space.hand_in(tmp_path / "promotion.xlsx").outcome == "accepted"
    assert len(numbers(space)) == 1


def test_the_blank_list_we_give_is_read_back_heading_by_heading(as_told: AsTold) -> None:
    space = as_told("nouveau")
    blank = space.blank("Liste de candidats")
    assert space.hand_in(blank).reasons == ("La liste ne contient aucun candidat sous ses titres.",)
    book = load_workbook(blank)
    sheet = book["Candidats"]
    told = {"Nom de naissance": "EXEMPLE", "Prénom": "Ada", "Code Insee de naissance": "01004"}
    for rank, heading in enumerate(candidate_list.HEADINGS, start=1):
        sheet.cell(row=2, column=rank, value=told.get(heading))
    book.save(space.scratch / "promotion.xlsx")
    answer = space.hand_in(space.scratch / "promotion.xlsx")
    assert answer.outcome == "accepted"
    assert not any("non reconnue" in reason for reason in answer.reasons)
    (number,) = numbers(space)
    assert expected(space, number).listed.values["candidate/birth_postcode"] == "01004"


def test_what_is_no_list_is_refused_with_its_reason(as_told: AsTold) -> None:
    space = as_told("nouveau")
    answer = space.hand_in(b"bonjour,\nvoici mes notes\n", "notes.csv")
    assert answer.outcome == "refused"
    assert "Aucune ligne de titres" in answer.reasons[0]
    assert space.hand_in(b"PK\x03\x04 pas un classeur", "liste.xlsx").outcome == "refused"


def test_a_crash_between_the_record_and_the_files_doubles_nothing(
    as_told: AsTold, monkeypatch: object
) -> None:
    space = as_told("nouveau")
    space.drop("\n".join((HEADS, INES, THEO)).encode(), "promotion.csv")
    import pytest

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake.mirror, "show", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            space.work()
    assert len(numbers(space)) == 2
    space.recover()
    assert len(numbers(space)) == 2
    assert len(space.tree(space.workspace.expected)) == 3


NO_SESSION = Listed(who="", lines=(), count=0)


def _power_cut(*_: object) -> None:
    raise KeyboardInterrupt


def test_the_board_is_still_drawn_without_any_list() -> None:
    from watch.office import now

    assert "Préinscr" not in render([], NO_SESSION, now(), "Essai")


def test_a_text_that_is_no_list_is_refused_as_an_unknown_file(as_told: AsTold) -> None:
    space = as_told("nouveau")
    note = "Bonjour, le dossier de Zoé arrive demain ; merci de votre patience.\nL’accueil\n"
    answer = space.hand_in(note.encode(), "pour le bureau.txt")
    assert answer.outcome == "refused"
    assert answer.what == "Fichier non reconnu"
    said = " ".join((*answer.reasons, answer.remedy))
    assert "colonne" not in said, said
    assert "liste" not in said, said
    assert "c’est du texte" in said
    lines = f"{HEADS}\n{INES}\n"
    assert space.hand_in(lines.encode(), "promotion.txt").outcome == "accepted"
