"""A session and its changes: postponed, revised, a candidate withdrawn, a PV rectified, a recours.

Before the closure the agenda is a draft; after it, a change makes the volumes void and others are
made; after the president has signed, only a PV rectificatif or another session says otherwise.
"""

from datetime import timedelta
from pathlib import Path

from casefiles.answers.office_act import ActKind
from casefiles.events import ParcheminWithdrawn
from tests.pages.reading import words
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people

LATE = {"conformity/reserve": "Remplie avant le changement."}
AFTERNOON = {"sitting/hour": "14 h"}
REVISE = "À remplir/Composition du jury (à modifier).pdf"


def revised(space: Space, **changes: str) -> Path:
    """The composition that stands in the session’s folder, changed there."""
    source = space.folder(space.session().reference) / REVISE
    named = {k.replace("__", "/"): v for k, v in changes.items()}
    return space.filled(source, named)


def plain_words(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def drawn(space: Space, sha256: str) -> str:
    return words(space.office.originals.get(sha256))


# Before the closure


def test_a_session_is_postponed_and_the_new_day_is_everywhere(as_told: AsTold) -> None:
    space = as_told("en session")
    held = space.session()
    later = space.today + timedelta(days=12)
    # Saved where it stands, as a viewer’s « Enregistrer » does.
    changed = revised(space, sitting__day=people.fr(later))
    (space.folder(held.reference) / REVISE).write_bytes(changed.read_bytes())
    (answer,) = space.work()
    assert answer.outcome == "accepted", answer
    assert any(f"{later:%d/%m/%Y}" in reason for reason in answer.reasons)

    now = space.session()
    assert (now.reference, now.day) == (held.reference, later)
    assert (list(now.names), now.members) == (list(held.names), held.members)
    folder = space.folder(held.reference)
    assert folder.name.startswith(later.isoformat())
    assert len(list(space.workspace.juries.iterdir())) == 1
    agenda = now.product("ordre-du-jour")
    assert agenda is not None
    assert str(later.year) in drawn(space, agenda.sha256)
    assert (folder / REVISE).exists()
    assert f"jury du {later.day}" in space.history(held.reference).replace("1er", "1")
    again = next(i for i in now.issued if i.form == "composition")
    assert again.values["sitting/day"] == people.fr(later)


def test_a_folder_that_people_renamed_keeps_their_name_when_the_day_moves(
    as_told: AsTold,
) -> None:
    space = as_told("en session")
    folder = space.folder(space.session().reference)
    theirs = folder.rename(folder.with_name(f"Jury de Lyon {space.session().reference}"))
    later = people.fr(space.today + timedelta(days=3))
    assert space.hand_in(revised(space, sitting__day=later)).outcome == "accepted"
    assert space.folder(space.session().reference) == theirs


def test_a_candidate_withdrawn_on_the_day_leaves_the_agenda_and_nothing_else(
    as_told: AsTold,
) -> None:
    space = as_told("en session")
    number, reference = space.numbers()[-1], space.session().reference
    other = space.enrol({"candidate/birth_name": "EXEMPLE-SECOND"})
    assert space.act(ActKind.ADD, reference, case=other).outcome == "accepted"
    assert space.act(ActKind.WITHDRAW, reference, case=other).outcome == "accepted"
    held = space.session()
    assert list(held.names) == [number]
    assert held.pieces is None
    # The composition printed meanwhile does not bring them back.
    place = {"sitting__place": "Salle EXEMPLE"}
    assert space.hand_in(revised(space, **place)).outcome == "accepted"
    assert list(space.session().names) == [number]


# After the closure


def test_a_candidate_withdrawn_after_the_closure_voids_the_volumes(as_told: AsTold) -> None:
    space = as_told("en signature")
    number, held = space.numbers()[-1], space.session()
    sheet, minutes = space.sheet(changes=LATE), space.signed_minutes()
    answer = space.act(ActKind.WITHDRAW, held.reference, case=number)
    assert answer.outcome == "accepted", answer
    assert "version 1" in answer.reasons[1]
    assert "annulé" in answer.reasons[1]
    assert space.case(number).session is None
    assert "Plus aucun candidat" in space.to_do(held.reference)
    tree = space.tree(space.folder(held.reference))
    assert not [n for n in tree if n.startswith("À remplir/") and n != REVISE]
    refused(space, sheet, "avant la dernière version")
    refused(space, minutes, "annulé cette version")
    assert space.case(number).decision is None


def test_a_composition_revised_after_the_closure_voids_the_volumes_and_makes_new_ones(
    as_told: AsTold,
) -> None:
    space = as_told("en signature")
    before = space.session()
    sheet, minutes = space.sheet(changes=LATE), space.signed_minutes()
    assert before.pieces is not None
    assert before.pv is not None
    answer = space.hand_in(revised(space, members__2__name="Ode EXEMPLE-TITULAIRE"))
    assert answer.outcome == "accepted", answer
    assert any("est refait" in reason for reason in answer.reasons)
    held = space.session()
    assert held.pieces is not None
    assert (held.pieces.version, held.pv, held.decided) == (2, None, None)
    assert [m.name for m in held.members][1] == "Ode EXEMPLE-TITULAIRE"
    refused(space, sheet, "avant la dernière version")
    refused(space, minutes, "annulé cette version")
    # The new sheet names the new member; the next PV names the one it replaces.
    assert space.hand_in(space.sheet()).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    assert (pv.version, pv.supersedes) == (2, before.pv.sha256)
    assert "Ode EXEMPLE-TITULAIRE" in drawn(space, pv.sha256)
    # A second change starts from the first one.
    again = next(i for i in space.session().issued if i.form == "composition")
    assert again.values["members/2/name"] == "Ode EXEMPLE-TITULAIRE"


def test_nobody_enters_a_closed_agenda_by_its_composition(as_told: AsTold) -> None:
    space = as_told("clos")
    other = space.enrol({"candidate/birth_name": "EXEMPLE-SECOND"})
    refused(space, revised(space, agenda__2__case=other), "clos", other)
    assert list(space.session().names) == [space.numbers()[0]]


# After the president has signed


def test_a_decision_written_down_wrongly_is_rectified_and_its_parchemin_withdrawn(
    as_told: AsTold,
) -> None:
    space = as_told("décidé")
    number, reference = space.numbers()[-1], space.session().reference
    first, delivery = space.session().signed, space.case().delivery
    assert first is not None
    assert delivery is not None

    # Until the president signs again, what is signed stands.
    assert space.act(ActKind.RECTIFY, reference).outcome == "accepted"
    assert space.act(ActKind.RECTIFY, reference).outcome == "refused"
    assert space.case().delivery == delivery
    assert "reste en vigueur jusque-là" in space.to_do(reference)
    sheet = space.session().sheet
    assert sheet is not None
    assert "version 1, à rectifier" in sheet.values[f"candidates/{number}/alerts"]
    assert sheet.values["members/m2/presence"] == "present"
    assert f"candidates/{number}/outcome" not in sheet.values
    motive = {f"candidates/{number}/motive": "La ligne du voisin avait été cochée."}
    assert space.hand_in(space.sheet("refus", motive)).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    assert (pv.version, pv.supersedes) == (2, first.sha256)
    text = drawn(space, pv.sha256)
    assert "Procès-verbal rectificatif" in text
    assert first.sha256 in "".join(text.split())
    assert "Le procès-verbal rectifié disait : obtention." in text
    assert space.case().delivery == delivery
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"

    case = space.case()
    assert [d.decision.outcome for d in case.decisions] == ["obtention", "refus"]
    assert case.decisions[1].rectifies == first.sha256
    assert case.delivery is None
    assert case.withdrawn is not None
    gone = [
        r.event
        for r in space.office.journal.read(delivery.register_name)
        if isinstance(r.event, ParcheminWithdrawn)
    ]
    assert [w.number for w in gone] == [delivery.number]
    assert "version 2" in gone[0].because
    assert case.product("notification") is not None
    tree = space.tree(space.folder(number))
    assert f"Produits/Retirés/Parchemin {delivery.number}.pdf" in tree
    assert f"Produits/Parchemin {delivery.number}.pdf" not in tree
    history = space.history(number)
    assert "obtention" in history
    assert "Procès-verbal rectificatif" in history
    assert f"Parchemin {delivery.number} retiré" in history
    tree = space.tree(space.folder(reference))
    assert "Procès-verbal signé (version 2).pdf" in tree
    assert any(n.startswith("Reçus/Procès-verbal signé (version 1), remplacé") for n in tree)
    space.office.journal.verify()


def test_a_rectification_that_changes_nothing_for_a_candidate_leaves_their_case_alone(
    as_told: AsTold,
) -> None:
    space = as_told("décidé")
    before = space.office.journal.read(space.case().stream)
    assert space.act(ActKind.RECTIFY, space.session().reference).outcome == "accepted"
    reserve = {"conformity/reserve": "Le lieu était mal écrit."}
    assert space.hand_in(space.sheet(changes=reserve)).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    signed = space.session().signed
    assert signed is not None
    assert signed.version == 2
    assert space.session().sent
    assert space.office.journal.read(space.case().stream) == before


def test_a_pv_not_signed_yet_is_not_rectified_but_made_again(as_told: AsTold) -> None:
    space = as_told("en signature")
    answer = space.act(ActKind.RECTIFY, space.session().reference)
    assert answer.outcome == "refused"
    assert "redéposez la feuille" in answer.remedy


def test_a_recours_leads_to_a_second_session_and_the_first_decision_is_kept(
    as_told: AsTold,
) -> None:
    space = as_told("clos")
    number = space.numbers()[-1]
    motive = {f"candidates/{number}/motive": "Le jury n’a pas retenu la compétence 4."}
    assert space.hand_in(space.sheet("refus", motive)).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    first = space.session().reference
    notice = space.case().product("notification")
    assert notice is not None

    answer = space.act(ActKind.APPEAL, number)
    assert answer.outcome == "accepted", answer
    assert space.act(ActKind.APPEAL, number).outcome == "refused"
    decision = space.case().decision
    assert decision is not None  # the first one stands until another session judges
    assert decision.decision.outcome == "refus"
    assert "Inscrire le dossier à une session" in space.to_do(number)
    assert "Recours : à juger de nouveau" in space.to_do(number)
    assert space.folder(number).parent == space.workspace.cases

    second = space.open_session(number, changes=AFTERNOON)
    assert second != first
    space.close_agenda(second)
    sheet = space.session().sheet
    assert sheet is not None
    flags = sheet.values[f"candidates/{number}/alerts"]
    assert "Recours contre la décision « refus » de la session" in plain_words(flags)
    assert space.hand_in(space.sheet()).outcome == "accepted"
    pv = space.session().pv
    assert pv is not None
    assert "Recours" in drawn(space, pv.sha256)
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    case = space.case(number)
    told = [(d.session, d.decision.outcome) for d in case.decisions]
    assert told == [(first, "refus"), (second, "obtention")]
    assert case.parchemin is not None
    tree = space.tree(space.folder(number))
    assert "Produits/Remplacés/Notification de la décision, version 1.pdf" in tree
    assert "Produits/Notification de la décision.pdf" not in tree
    assert "Recours contre la décision" in space.history(number)
    assert space.session_of(first).signed is not None


def test_a_recours_given_up_leaves_the_first_decision_as_it_was(as_told: AsTold) -> None:
    space = as_told("clos")
    number = space.numbers()[-1]
    motive = {f"candidates/{number}/motive": "Le jury n’a pas retenu la compétence 4."}
    assert space.hand_in(space.sheet("refus", motive)).outcome == "accepted"
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    assert space.act(ActKind.APPEAL, number).outcome == "accepted"
    second = space.open_session(number, changes=AFTERNOON)
    assert space.case(number).decision is None
    assert space.act(ActKind.WITHDRAW, second, case=number).outcome == "accepted"
    decision = space.case(number).decision
    assert decision is not None
    assert decision.decision.outcome == "refus"
