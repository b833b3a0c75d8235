"""The jury’s own sheets on paper: filled by pen in the room, scanned, copied by the office."""

import pytest

from casefiles.answers.office_act import ActKind
from tests.returns import paper
from tests.stories.answering import refused
from tests.stories.conftest import AsTold
from tests.stories.on_paper import AGENT, copy_and_save, scanned, to_copy, written_by_pen
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people

pytestmark = pytest.mark.long


def decided_by_pen(space: Space, outcome: str = "obtention") -> tuple[bytes, dict[str, object]]:
    """The feuille de décisions filled in the room, scanned; and what was written on it."""
    issued = space.session().sheet
    assert issued is not None
    answers = people.decisions(space.outline_of_the_sheet(), space.today, outcome)
    print_ = space.office.originals.get(issued.sha256)
    return scanned(written_by_pen(print_, answers)), answers


def test_a_composition_filled_by_pen_opens_a_session_once_copied(as_told: AsTold) -> None:
    space = as_told("complet")
    answers = people.composition(space.numbers()[-1], space.today)
    blank = space.blank("Composition du jury").read_bytes()
    answer = space.hand_in(scanned(written_by_pen(blank, answers)), "composition.pdf")
    assert answer.outcome == "waiting", answer
    assert not space.office.journal.summaries("session")
    (form,) = to_copy(space)
    done = copy_and_save(space, form, answers)
    assert done.outcome == "accepted", (done.reasons, done.remedy)
    held = space.session()
    assert [m.name for m in held.members] == [people.PRESIDENT, *people.MEMBERS]
    assert f"Recopiée et relue par {AGENT}" in space.history(held.reference)
    received = [n for n in space.tree(space.folder(held.reference)) if answer.document in n]
    assert received == [f"Reçus/Composition du jury - {answer.document}.pdf"]
    assert not to_copy(space)
    assert not list(space.workspace.to_correct.iterdir())


def test_decisions_written_by_pen_become_a_pv_once_copied(as_told: AsTold) -> None:
    space = as_told("clos")
    reference = space.session().reference
    scan, answers = decided_by_pen(space)
    answer = space.hand_in(scan, "décisions.pdf")
    assert answer.outcome == "waiting", answer
    assert space.session().pv is None
    (form,) = to_copy(space)
    assert form.name in space.to_do(reference)
    done = copy_and_save(space, form, answers)
    assert done.outcome == "accepted", (done.reasons, done.remedy)
    held = space.session()
    assert held.pv is not None
    assert held.held == ()
    assert f"Recopiée et relue par {AGENT}" in space.history(reference)
    # The jury reads what was copied before it signs: nothing is decided until then.
    assert space.case().decision is None
    assert space.hand_in(space.signed_minutes()).outcome == "accepted"
    decision = space.case().decision
    assert decision is not None
    assert decision.decision.outcome == "obtention"


def test_a_sheet_copied_wrong_is_refused_in_words(as_told: AsTold) -> None:
    space = as_told("clos")
    scan, answers = decided_by_pen(space, "refus")
    assert space.hand_in(scan, "décisions.pdf").outcome == "waiting"
    (form,) = to_copy(space)
    done = copy_and_save(space, form, answers)
    assert done.outcome == "refused"
    assert "motif" in " ".join(done.reasons).casefold()
    assert space.session().pv is None


def test_a_sheet_on_paper_of_a_volume_made_anew_is_refused(as_told: AsTold) -> None:
    space = as_told("clos")
    scan, _ = decided_by_pen(space)
    held = space.session()
    (form,) = [i for i in held.issued if i.form == "composition"]
    revised = space.filled(space.office.originals.path(form.sha256), {"sitting/place": "Salle 9"})
    assert space.hand_in(revised, "composition.pdf").outcome == "accepted"
    refused(space, scan, "avant la dernière version du volume")
    assert not to_copy(space)


def test_the_pages_of_a_session_form_may_come_in_two_drops(as_told: AsTold) -> None:
    space = as_told("en session")
    reference = space.session().reference
    (form,) = [i for i in space.session().issued if i.form == "composition"]
    pages = paper.printed(space.office.originals.get(form.sha256))
    assert len(pages) > 1
    first = space.hand_in(scanned(pages[:1]), "recto.pdf")
    assert first.outcome == "waiting"
    assert "est revenu sans" in space.to_do(reference)
    last = space.hand_in(scanned(pages[1:], seed=9), "verso.pdf")
    assert last.outcome == "waiting"
    assert "est revenu sans" not in space.to_do(reference)
    (copy,) = to_copy(space)
    assert copy.name in space.to_do(reference)
    aside = space.act(ActKind.SET_ASIDE, reference, document=first.document)
    assert aside.outcome == "refused"
    aside = space.act(ActKind.SET_ASIDE, reference, document=last.document)
    assert aside.outcome == "accepted"
    assert "revenu" not in space.to_do(reference)
    assert not to_copy(space)
