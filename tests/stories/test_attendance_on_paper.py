"""The attendance of the préparation on paper: signed by hand, scanned, called paper ever after."""

from pathlib import Path

import pytest

from tests.stories.conftest import Stages
from tests.stories.on_paper import AGENT, copy_and_save, scanned, to_copy, written_by_pen
from tests.stories.routes import enter, offering, owed, paper
from watch.commands.rehearsal import course
from watch.share import blanks

pytestmark = pytest.mark.long


def test_an_attendance_sheet_signed_by_hand_is_filed_as_paper(
    stages: Stages, tmp_path: Path
) -> None:
    space = stages.office(tmp_path / "espace")
    space.reopen(edit=offering("cqp-tmroa"))
    blanks.show(space.office)
    number = enter(space, "assainissement")
    for name in ("prerequis", "positionnement"):
        assert owed(space, number) == [name]
        assert space.hand_in(paper(space, number, name)).outcome == "accepted"
    assert owed(space, number) == ["preparation"]
    answers = course.said("preparation", space.outline(number, "preparation"), space.today, {})
    pages = written_by_pen(space.issued(number, "preparation").read_bytes(), answers)
    answer = space.hand_in(scanned(pages), "émargement.pdf")
    assert answer.outcome == "waiting", answer
    (form,) = to_copy(space)
    done = copy_and_save(space, form, answers)
    assert done.outcome == "accepted", (done.reasons, done.remedy)
    (sheet,) = space.case(number).standing("preparation")
    assert (sheet.mark, sheet.how, sheet.proof.kind, sheet.typed_by) == (
        answer.document,
        "scan",
        "paper",
        AGENT,
    )
    assert "Sur papier, signé à la main." in space.history(number)
    assert "preparation" not in owed(space, number)
    space.close()
