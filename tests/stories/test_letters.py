"""Letters through the folder: prepared at their step, ready to send, traced, refused by name."""

import email
import re
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest
from docx import Document
from icalendar import Calendar

from casefiles.answers.office_act import ActKind
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.templates.test_letters import words
from watch.commands.doctor import examine
from watch.commands.rehearsal import answers as people
from watch.office import now

PRESIDENT_S = "camille@exemple.invalid"


def addressed(text: str) -> str:
    """An office whose settings give its own address and the president’s."""
    text = re.sub(r'courriel = ""', 'courriel = "bureau@exemple.invalid"', text)
    return text.replace(
        "[lettres.adresses]", f'[lettres.adresses]\n"{people.PRESIDENT}" = "{PRESIDENT_S}"'
    )


def mails(folder: Path) -> dict[str, EmailMessage]:
    """What stands in « À envoyer », by name."""
    found = {}
    for file in sorted((folder / "À envoyer").glob("*.eml")):
        read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        assert isinstance(read, EmailMessage)
        found[file.stem] = read
    return found


def attached(mail: EmailMessage, suffix: str) -> bytes:
    (found,) = [p for p in mail.iter_attachments() if str(p.get_filename()).endswith(suffix)]
    data = found.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def event(mail: EmailMessage) -> SimpleNamespace:
    calendar = Calendar.from_ical(attached(mail, ".ics").decode())
    (one,) = calendar.walk("VEVENT")
    return SimpleNamespace(
        method=str(calendar["method"]),
        uid=str(one["uid"]),
        sequence=int(one["sequence"]),
        status=str(one["status"]),
        start=one["dtstart"].dt,
    )


def body(mail: EmailMessage) -> str:
    said = mail.get_body()
    assert said is not None
    return str(said.get_content())


def convened(as_told: AsTold) -> tuple[Space, str, Path]:
    space = as_told("en session")
    space.reopen(edit=addressed)
    reference = space.session().reference
    answer = space.act(ActKind.CONVENE, reference)
    assert answer.outcome == "accepted", answer
    return space, reference, space.folder(reference)


def revised(space: Space, **changes: str) -> None:
    """The composition dropped again for the same session, changed."""
    held = space.session()
    answers = people.composition(space.numbers()[-1], space.today)
    answers |= {"sitting/session": held.reference, "agenda/1/case": space.numbers()[-1]}
    answers |= {name.replace("__", "/"): value for name, value in changes.items()}
    answer = space.hand_in(space.filled(space.blank("Composition du jury"), answers))
    assert answer.outcome == "accepted", answer


def test_the_office_convenes_every_member_and_candidate_with_an_invitation(
    as_told: AsTold,
) -> None:
    space, reference, folder = convened(as_told)
    found = mails(folder)
    candidate = space.case().candidate.full_name
    everybody = {people.PRESIDENT, *people.MEMBERS, candidate}
    assert found.keys() == {f"Convocation - {name}" for name in everybody}
    mail = found[f"Convocation - {people.PRESIDENT}"]
    assert (mail["To"], mail["X-Unsent"]) == (PRESIDENT_S, "1")
    letter = words(attached(mail, ".docx"))
    assert candidate in letter
    invited = event(mail)
    assert (invited.method, invited.sequence, invited.status) == ("REQUEST", 0, "CONFIRMED")
    own = found[f"Convocation - {candidate}"]
    assert own["To"] == space.case().candidate.email
    assert people.MEMBERS[0] not in words(attached(own, ".docx"))
    assert f"Convocations préparées à la demande de {people.OFFICE}" in space.history(reference)


def test_a_postponed_session_updates_the_same_invitation(as_told: AsTold) -> None:
    space, _, folder = convened(as_told)
    before = event(mails(folder)[f"Convocation - {people.PRESIDENT}"])
    later = space.session().day + timedelta(days=7)
    revised(space, sitting__day=people.fr(later))
    found = mails(space.folder(space.session().reference))
    mail = found[f"Convocation modifiée 1 - {people.PRESIDENT}"]
    after = event(mail)
    assert (after.uid, after.sequence) == (before.uid, 1)
    assert getattr(after.start, "date", lambda: after.start)() == later
    assert "Convocation modifiée" in words(attached(mail, ".docx"))
    assert "remplace la précédente" in body(mail)
    assert f"Convocation - {people.PRESIDENT}" not in found


def test_whoever_leaves_the_session_is_told_so_and_the_others_only_if_it_concerns_them(
    as_told: AsTold,
) -> None:
    space, reference, folder = convened(as_told)
    number, candidate = space.numbers()[-1], space.case().candidate.full_name
    space.act(ActKind.WITHDRAW, reference, case=number)
    found = mails(folder)
    gone = event(found[f"Annulation - {candidate}"])
    assert (gone.method, gone.status, gone.sequence) == ("CANCEL", "CANCELLED", 1)
    assert f"Convocation modifiée 1 - {people.PRESIDENT}" in found, "the agenda changed"
    assert f"Convocation - {candidate}" not in found


def test_a_replaced_member_is_cancelled_and_the_new_one_convened(as_told: AsTold) -> None:
    space, reference, _ = convened(as_told)
    revised(space, members__2__name="Ada EXEMPLE-NOUVELLE")
    found = mails(space.folder(reference))
    assert f"Annulation - {people.MEMBERS[0]}" in found
    assert "Convocation - Ada EXEMPLE-NOUVELLE" in found
    assert f"Convocation - {people.MEMBERS[1]}" in found, "nothing new for this one"


@pytest.mark.rule("R54")
def test_a_relance_lists_what_is_missing_and_counts_once_the_office_says_it_left(
    as_told: AsTold,
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    space.act(ActKind.REMIND, number)
    folder = space.folder(number)
    relances = {name: m for name, m in mails(folder).items() if name.startswith("Relance 1")}
    (name,) = [n for n in relances if people.COMPANY in n]
    mail = relances[name]
    assert mail["To"] == "solene@exemple.invalid"
    assert "L’avis de l’entreprise, signé." in body(mail)
    letter = words(attached(mail, ".docx"))
    for told in ("Premier rappel", "L’avis de l’entreprise, signé.", people.EMPLOYER):
        assert told in letter
    assert "Lettre de relance n° 1 préparée" in space.history(number)
    assert not space.case().contacts, "prepared is not yet sent"
    space.act(ActKind.REMIND, number)
    again = mails(folder)
    assert any(n.startswith("Relance 2") and people.COMPANY in n for n in again)
    assert name not in again, "one letter to send, the latest"
    early = space.ask(ActKind.NOT_GIVEN, number)
    assert early.outcome == "refused"
    assert "le dossier en porte 0" in early.reasons[0]
    space.act(ActKind.CONTACT, number, value="Lettre n° 2, par courriel.", day="12/11/2026")
    assert [c.by for c in space.case().contacts if c.form == "avis"] == [people.OFFICE]


def test_without_movement_a_relance_prepares_itself_after_the_delay_of_the_settings(
    as_told: AsTold,
) -> None:
    space = as_told("inscrit")
    number, folder = space.numbers()[-1], space.folder(space.numbers()[-1])
    later = {"days": 20}

    def clock() -> datetime:
        return now() + timedelta(**later)

    def look() -> list[str]:
        space.office.clock = space.office.journal._clock = clock
        from watch.steps import work

        work.advance(space.office, f"dossier/{number}")
        return [name for name in mails(folder) if name.startswith("Relance")]

    assert look() == []
    later["days"] = 22
    assert all(name.startswith("Relance 1") for name in look())
    assert not space.case().contacts, "prepared is not yet sent"
    once = look()
    later["days"] = 44
    assert all(name.startswith("Relance 2") for name in look())
    assert once != look()
    for days in (66, 88, 110):
        later["days"] = days
        look()
    assert all(name.startswith("Relance 3") for name in look()), "three at most by itself"


def test_a_relance_leaves_the_folder_when_what_it_asks_for_has_come(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    space.act(ActKind.REMIND, number)
    assert any(people.COMPANY in name for name in mails(space.folder(number)))
    space.hand_in(space.signed_avis(number))
    assert not any(people.COMPANY in name for name in mails(space.folder(number)))


@pytest.mark.rule("R46", "R90")
def test_the_certifier_is_sent_the_minutes_the_composition_and_their_bordereau(
    as_told: AsTold,
) -> None:
    space = as_told("décidé")
    held = space.session()
    assert held.signed is not None
    (mail,) = mails(space.folder(held.reference)).values()
    files = [str(part.get_filename()) for part in mail.iter_attachments()]
    assert files[0] == f"Bordereau d’envoi {held.reference}.docx"
    minutes = attached(mail, f"Procès-verbal {held.reference}.pdf")
    assert minutes == space.office.originals.get(held.signed.sha256)
    assert any(name.startswith("Composition du jury") for name in files)
    letter = words(attached(mail, ".docx"))
    assert held.signed.sha256 in letter.replace("\n", "")
    assert space.case().candidate.full_name in letter
    assert "émargement" in letter


def test_a_template_with_an_unknown_variable_is_refused_by_name_before_anything_is_prepared(
    as_told: AsTold, tmp_path: Path
) -> None:
    space = as_told("inscrit")
    own = space.workspace.private / "lettres"
    own.mkdir()
    from templates import letters

    (own / "relance.docx").write_bytes(letters.packaged("relance"))
    document = Document(str(own / "relance.docx"))
    document.add_paragraph("{{ candidta }}")
    document.save(str(own / "relance.docx"))
    space.reopen(edit=lambda text: text.replace('# dossier = "lettres"', 'dossier = "lettres"'))
    number = space.numbers()[-1]
    answer = space.act(ActKind.REMIND, number)
    assert answer.outcome == "refused"
    assert "« candidta »" in answer.reasons[0]
    assert "« candidat »" in answer.remedy
    assert not any(name.startswith("Relance") for name in mails(space.folder(number)))
    (bad,) = [c for c in examine(space.workspace) if not c.good and "relance" in c.what]
    assert "« candidta »" in bad.said


def with_a_slip(space: Space, letter: str) -> Path:
    """The organisation’s own template of that letter, with a variable nobody knows."""
    from templates import letters

    own = space.workspace.private / "lettres"
    own.mkdir()
    template = own / f"{letter}.docx"
    template.write_bytes(letters.packaged(letter))
    document = Document(str(template))
    document.add_paragraph("{{ organime }}")
    document.save(str(template))
    space.reopen(edit=lambda text: text.replace('# dossier = "lettres"', 'dossier = "lettres"'))
    return template


def test_no_convocation_leaves_on_a_template_that_would_not_do(as_told: AsTold) -> None:
    space = as_told("en session")
    with_a_slip(space, "convocation")
    reference = space.session().reference
    answer = space.ask(ActKind.CONVENE, reference)
    assert answer.outcome == "refused"
    assert "« organime »" in answer.reasons[0]
    assert "« organisme »" in answer.remedy
    assert not space.session().convened
    assert mails(space.folder(reference)) == {}


def test_the_bordereau_waits_for_its_template_to_be_mended_and_says_which_word_is_wrong(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    template = with_a_slip(space, "bordereau")
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    reference = space.session().reference
    assert mails(space.folder(reference)) == {}
    assert "« organime »" in space.history(reference)
    template.unlink()
    assert space.ask(ActKind.RETRY, reference).outcome == "accepted"
    assert list(mails(space.folder(reference))) == ["Bordereau d’envoi au certificateur"]


def test_what_is_signed_is_never_a_word_letter(as_told: AsTold) -> None:
    from templates import letters

    assert set(letters.names()) == {"convocation", "relance", "bordereau"}
    space = as_told("décidé")
    products = space.case().products
    signed = [p for p in products if p.level]
    assert {p.product for p in signed} == {"parchemin"}
    for product in products:
        if not product.path.endswith(".eml"):
            assert product.path.endswith(".pdf")
            assert space.office.originals.get(product.sha256).startswith(b"%PDF-")


def test_the_organisation_s_own_template_is_the_one_that_leaves(as_told: AsTold) -> None:
    space = as_told("inscrit")
    own = space.workspace.private / "lettres"
    own.mkdir()
    from templates import letters

    (own / "relance.docx").write_bytes(letters.packaged("relance"))
    document = Document(str(own / "relance.docx"))
    document.add_paragraph("À l’encre de {{ organisme }}.")
    document.save(str(own / "relance.docx"))
    space.reopen(edit=lambda text: text.replace('# dossier = "lettres"', 'dossier = "lettres"'))
    number = space.numbers()[-1]
    space.act(ActKind.REMIND, number)
    mail = next(m for n, m in mails(space.folder(number)).items() if n.startswith("Relance"))
    assert "À l’encre de" in words(attached(mail, ".docx"))


def test_by_default_the_letters_are_pdf(as_told: AsTold) -> None:
    space = as_told("inscrit")
    space.reopen(edit=lambda text: text.replace('format = "docx"', 'format = "pdf"'))
    number = space.numbers()[-1]
    space.act(ActKind.REMIND, number)
    mail = next(m for n, m in mails(space.folder(number)).items() if n.startswith("Relance"))
    assert attached(mail, ".pdf").startswith(b"%PDF-")


def test_without_libreoffice_the_letter_is_word_and_the_message_says_so(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    from templates.letters import conversion

    space = as_told("inscrit")
    space.reopen(edit=lambda text: text.replace('format = "docx"', 'format = "pdf"'))
    monkeypatch.setattr(conversion, "program", lambda: None)
    number = space.numbers()[-1]
    space.act(ActKind.REMIND, number)
    mail = next(m for n, m in mails(space.folder(number)).items() if n.startswith("Relance"))
    assert attached(mail, ".docx").startswith(b"PK")
    assert "LibreOffice n’est pas installé" in body(mail)
    assert any("LibreOffice" in c.said for c in examine(space.workspace) if not c.good)
