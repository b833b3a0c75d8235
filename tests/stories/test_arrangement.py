"""An arrangement changes a duration where the candidate reads it; its reason is nowhere."""

import email
import json
import logging
import zipfile
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pypdf
import pytest
from icalendar import Calendar

from casefiles.answers.office_act import ActKind
from tests.returns import paper
from tests.stories.conftest import AsTold
from tests.stories.on_paper import scanned
from tests.stories.seen import words
from tests.stories.space import BECAUSE, Space, plain
from watch.commands.deep import prove
from watch.commands.rehearsal import answers as people
from watch.doors import claims
from watch.keeping import purging
from watch.keeping.person import export

REASON = "Certificat du docteur EXEMPLE"
GRANTED = "Temps majoré d’un tiers, salle calme"


def arranging(space: Space, number: str) -> Path:
    """The « Demande du bureau », whose writer gave the reason all the same."""
    answers = {
        "kind": ActKind.ARRANGE.value,
        "target/number": number,
        "target/value": GRANTED,
        "target/question": "33 %",
        "author/by": people.OFFICE,
        "author/day": people.fr(space.today),
        "author/because": REASON,
    }
    return space.filled(space.blank("Demande du bureau"), answers)


def lasting(mail: Path) -> timedelta:
    """How long the invitation joined to that message lasts."""
    read = email.message_from_bytes(mail.read_bytes(), policy=policy.default)
    (found,) = [p for p in read.walk() if str(p.get_filename()).endswith(".ics")]
    (one,) = Calendar.from_ical(str(found.get_content())).walk("VEVENT")
    held = SimpleNamespace(start=one["dtstart"].dt, end=one["dtend"].dt)
    span: timedelta = held.end - held.start
    return span


def everything(space: Space, folder: Path) -> str:
    """The words of every text and PDF of a folder, its arrangement sheet left out."""
    said = []
    for file in folder.rglob("*"):
        if file.suffix == ".pdf" and "Aménagement" not in file.name and "Reçus" not in file.parts:
            said.append(words(file))
        elif file.suffix in (".txt", ".eml", ".ics") and "Aménagement" not in file.name:
            said.append(file.read_text(encoding="utf-8-sig"))
    return " ".join(" ".join(said).split())


def test_an_arrangement_lengthens_the_candidates_own_convocation_and_is_told_to_nobody_else(
    as_told: AsTold,
) -> None:
    space = as_told("en session")
    number, reference = space.numbers()[-1], space.session().reference
    noted = space.hand_in(arranging(space, number), "demande.pdf", door="bureau")
    assert noted.outcome == "accepted", noted
    assert space.ask(ActKind.CONVENE, reference).outcome == "accepted"
    mails = list((space.folder(reference) / "À envoyer").glob("*.eml"))
    name = space.case(number).candidate.full_name
    (own,) = [m for m in mails if name in m.name]
    usual = timedelta(minutes=space.office.settings.letters.minutes)
    assert {lasting(m) for m in mails if m != own} == {usual}
    assert lasting(own) == timedelta(minutes=space.case(number).lengthened(int(usual.seconds / 60)))
    assert lasting(own) > usual
    space.close_agenda(reference)

    # The reason is nowhere; the arrangement is not in what jury or company read.
    history = space.history(number)
    (line,) = [one for one in history.splitlines() if "Aménagement des épreuves noté" in one]
    assert line.strip().endswith(f"à la demande de {people.OFFICE}.")
    for folder in (space.folder(reference), space.folder(number)):
        read = everything(space, folder)
        assert GRANTED not in read, folder
        assert REASON not in read, folder


def convened(as_told: AsTold) -> tuple[Space, str, str, Path]:
    """A session whose convocations went out before anybody asked for an arrangement."""
    space = as_told("en session")
    number, reference = space.numbers()[-1], space.session().reference
    assert space.ask(ActKind.CONVENE, reference).outcome == "accepted"
    return space, number, reference, space.folder(reference) / "À envoyer"


def test_an_arrangement_noted_after_the_convocations_sends_the_candidates_again_and_no_other(
    as_told: AsTold,
) -> None:
    space, number, reference, letters = convened(as_told)
    name = space.case(number).candidate.full_name
    before = {mail.name: mail.read_bytes() for mail in letters.glob("*.eml")}
    usual = lasting(letters / f"Convocation - {name}.eml")
    assert space.hand_in(arranging(space, number), door="bureau").outcome == "accepted"
    after = {mail.name: mail.read_bytes() for mail in letters.glob("*.eml")}
    again = f"Convocation modifiée 1 - {name}.eml"
    assert after.keys() - before.keys() == {again}
    assert before.keys() - after.keys() == {f"Convocation - {name}.eml"}
    assert lasting(letters / again) > usual
    assert all(before[one] == after[one] for one in after.keys() & before.keys())
    for said in (everything(space, space.folder(reference)), space.history(reference)):
        assert REASON not in said
        assert GRANTED not in said
        assert "Aménagement" not in said

    # Lifted, the usual duration is told anew; said once more, nothing is.
    assert space.ask(ActKind.ARRANGE, number, value="aucun").outcome == "accepted"
    assert lasting(letters / f"Convocation modifiée 2 - {name}.eml") == usual
    assert space.ask(ActKind.ARRANGE, number, value="aucun").outcome == "accepted"
    assert len(list(letters.glob("*.eml"))) == len(before)


def to_evaluators(space: Space, number: str) -> EmailMessage:
    """The message that takes the sheet to who organises and evaluates."""
    (mail,) = (space.folder(number) / "À envoyer").glob("Aménagement*.eml")
    read = email.message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


CENTRE, ANOTHER = "Centre d’examen EXEMPLE", "Malo EXEMPLE-TANGUY"


def test_the_sheet_has_its_message_to_organisers_and_evaluators_and_to_nobody_else(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    known = f'"{CENTRE}" = "centre@exemple.invalid"\n'
    known += f'"{people.EVALUATOR}" = "nadege@exemple.invalid"'
    place = "[lettres.adresses]"
    space.reopen(edit=lambda text: text.replace(place, f"{place}\n{known}"))
    assert space.hand_in(arranging(space, number), door="bureau").outcome == "accepted"
    assert to_evaluators(space, number)["To"] == "centre@exemple.invalid"

    # Whoever is to evaluate is told once they are known, and the message is written anew.
    assert space.hand_in(space.modalities(number)).outcome == "accepted"
    assert space.hand_in(space.grid(number, "BDC1.1", ANOTHER)).outcome == "accepted"
    mail = to_evaluators(space, number)
    assert mail["To"] == "centre@exemple.invalid, nadege@exemple.invalid"
    assert mail["X-Unsent"] == "1"
    body = mail.get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    assert f"à adresser à {ANOTHER}." in said
    assert "ni à l’entreprise ni au jury" in said
    (joined,) = mail.iter_attachments()
    sheet = next(p for p in space.case(number).products if p.product == "amenagement")
    assert joined.get_payload(decode=True) == space.office.originals.get(sheet.sha256)
    for part in (str(mail["Subject"]), str(joined.get_filename()), said):
        assert GRANTED not in part
        assert REASON not in part
    for other in (people.EMPLOYER, people.PRESIDENT, people.CANDIDATE):
        assert other not in str(mail["To"])
    assert "solene@exemple.invalid" not in mail.as_string()

    # Lifted, there is nothing to send any more.
    assert space.ask(ActKind.ARRANGE, number, value="aucun").outcome == "accepted"
    assert not list((space.folder(number) / "À envoyer").glob("Aménagement*"))


def kept_anywhere(space: Space, request: Path) -> list[Path]:
    """Where those bytes, or the reason in whatever way a file may say it, still stand."""
    told = (REASON.encode(), REASON.encode("utf-16-be"), json.dumps(REASON)[1:-1].encode())
    own = request.read_bytes()
    found = []
    for folder in (space.workspace.share, space.workspace.private):
        for file in folder.rglob("*"):
            if not file.is_file() or file.is_symlink():
                continue
            content = file.read_bytes()
            said = [content, words(file).encode()] if content.startswith(b"%PDF-") else [content]
            if content == own or any(one in part for one in told for part in said):
                found.append(file)
    return found


def test_the_reason_its_author_wrote_all_the_same_is_kept_nowhere(
    enrolled: tuple[Space, str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    space, number = enrolled
    request = arranging(space, number)
    assert REASON in str(pypdf.PdfReader(request).get_form_text_fields()), (
        "the control: the request does say it"
    )
    answer = space.hand_in(request, "demande.pdf", door="bureau")
    assert answer.outcome == "accepted"
    assert any("n’est pas gardée" in one for one in answer.reasons)
    assert space.case(number).arrangement == GRANTED
    assert kept_anywhere(space, request) == []
    typed = space.act(ActKind.ARRANGE, number, value=GRANTED, question="25 %")
    assert BECAUSE not in space.office.originals.get(typed.sha256).decode()

    # Nothing lacks for that: neither to who proves the space, nor to the person’s own export.
    assert list(prove(space.office)) == []
    archive = tmp_path / "export.zip"
    export(space.office, number, archive)
    with zipfile.ZipFile(archive) as held:
        told = b" ".join(held.read(name) for name in held.namelist())
    assert GRANTED.encode() in told
    assert REASON.encode() not in told
    assert REASON not in caplog.text


def test_a_refused_request_goes_back_to_who_wrote_it_and_is_not_kept_either(
    enrolled: tuple[Space, str],
) -> None:
    space, _ = enrolled
    request = arranging(space, "2026-9999")
    answer = space.hand_in(request, "demande.pdf", door="bureau")
    assert answer.outcome == "refused"
    back = space.workspace.to_correct / "demande.pdf"
    assert kept_anywhere(space, request) == [back]
    assert "2026-9999" in plain(back.with_name("demande.pdf - POURQUOI.txt"))
    back.rename(space.workspace.office / "demande.pdf")
    assert [one.outcome for one in space.work()] == ["refused"], "taken in anew, not known already"


def sent(kind: str, tmp_path: Path, *files: Path) -> Path:
    """Those files in one archive, or joined to one message."""
    whole = tmp_path / f"envoi.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
        return whole
    message = EmailMessage()
    message["Subject"] = "Documents"
    message.set_content(f"Bonjour, voici pourquoi : {REASON}")
    for file in files:
        message.add_attachment(
            file.read_bytes(), maintype="application", subtype="pdf", filename=file.name
        )
    whole.write_bytes(message.as_bytes())
    return whole


@pytest.mark.parametrize("kind", ["zip", "eml"])
@pytest.mark.parametrize("door", ["inbox", "bureau"])
def test_a_request_inside_an_archive_or_a_message_is_kept_nowhere_and_the_rest_is_taken(
    enrolled: tuple[Space, str], tmp_path: Path, kind: str, door: str
) -> None:
    space, number = enrolled
    request, grid = arranging(space, number), space.grid(number, "BDC1.1")
    whole = sent(kind, tmp_path, request, grid)
    answer = space.hand_in(whole, door=door)
    assert answer.outcome == "refused"
    assert "vous revient" in answer.remedy
    assert space.case(number).arrangement is None
    (taken,) = space.case(number).standing("grille")
    assert taken.sha256 in space.office.originals

    # Its author has it back, and nobody else has it: neither what held it, nor the request.
    back = space.workspace.to_correct / whole.name
    assert back.read_bytes() == whole.read_bytes()
    assert kept_anywhere(space, whole) == [back]
    assert kept_anywhere(space, request) == [p for p in [back] if kind == "eml"]
    assert list(prove(space.office)) == []
    again = space.hand_in(whole, door=door)
    assert again.outcome == "refused"
    assert len(space.case(number).standing("grille")) == 1


def test_a_death_between_a_piece_and_what_held_it_leaves_nothing_behind(
    enrolled: tuple[Space, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, number = enrolled
    request, grid = arranging(space, number), space.grid(number, "BDC1.1")
    whole = sent("zip", tmp_path, request, grid)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(purging, "let_go", dies)
        with pytest.raises(KeyboardInterrupt):
            space.hand_in(whole)
    assert kept_anywhere(space, request)
    space.recover()
    back = space.workspace.to_correct / whole.name
    assert kept_anywhere(space, request) == []
    assert kept_anywhere(space, whole) == [back]
    assert len(space.case(number).standing("grille")) == 1


def test_a_request_saved_in_the_folder_of_a_case_stays_its_authors_and_is_kept_nowhere_else(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    request = arranging(space, number)
    saved = space.folder(number) / "À remplir" / "demande.pdf"
    saved.write_bytes(request.read_bytes())
    (answer,) = space.work()
    assert (answer.outcome, answer.sha256) == ("refused", "")
    assert "Bureau" in answer.remedy
    assert kept_anywhere(space, request) == [saved]
    assert space.work() == [], "answered once, not at every look"


def test_a_printed_request_is_not_taken_and_its_pages_are_not_kept(
    enrolled: tuple[Space, str], tmp_path: Path
) -> None:
    space, number = enrolled
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(scanned(paper.printed(arranging(space, number).read_bytes())))
    answer = space.hand_in(scan, door="bureau")
    assert answer.outcome == "refused"
    assert "se remplit à l’écran" in answer.reasons[0]
    assert kept_anywhere(space, scan) == [space.workspace.to_correct / scan.name]


@pytest.mark.parametrize("moment", ["answered", "deleted"])
def test_a_death_before_the_request_is_let_go_lets_it_go_at_the_next_start(
    enrolled: tuple[Space, str], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    space, number = enrolled
    request = arranging(space, number)
    room, name = (purging, "sweep") if moment == "answered" else (claims, "finish")

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(room, name, dies)
        with pytest.raises(KeyboardInterrupt):
            space.hand_in(request, "demande.pdf", door="bureau")
    assert kept_anywhere(space, request)
    space.recover()
    assert kept_anywhere(space, request) == []
    assert space.case(number).arrangement == GRANTED
    noted = [r.event.type for r in space.office.journal.read(f"dossier/{number}")]
    assert noted.count("ArrangementNoted") == 1


def test_an_arrangement_leaves_the_sealed_volume_and_the_agenda_as_they_are(
    as_told: AsTold,
) -> None:
    space, number, reference, letters = convened(as_told)
    space.close_agenda(reference)
    sealed = space.session().pieces
    assert space.hand_in(arranging(space, number), door="bureau").outcome == "accepted"
    assert space.session().pieces == sealed
    assert space.session().pieces_stand
    assert list(letters.glob("Convocation modifiée 1 - *"))


def test_what_the_inscription_asked_is_changed_by_the_act_that_tells_nobody(
    enrolled: tuple[Space, str],
) -> None:
    space, number = enrolled
    (filed,) = space.case(number).standing("inscription")
    refused = space.act(
        ActKind.CORRECT,
        number,
        document=filed.mark,
        question="Aménagement demandé pour les épreuves",
        value=GRANTED,
    )
    assert refused.outcome == "refused"
    assert ActKind.ARRANGE.label in refused.remedy
    assert GRANTED not in space.history(number)


def test_a_new_attempt_keeps_the_time_granted(as_told: AsTold) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    assert space.hand_in(arranging(space, number), door="bureau").outcome == "accepted"
    reference = space.open_session(number)
    space.close_agenda(reference)
    motive = {f"candidates/{number}/motive": "Le jury n’a pas retenu la compétence 4."}
    assert space.hand_in(space.sheet("refus", motive)).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    assert space.ask(ActKind.ATTEMPT, number).outcome == "accepted"
    again = space.case()
    assert again.number != number
    assert again.arranged == space.case(number).arranged
    assert again.lengthened(60) > 60
