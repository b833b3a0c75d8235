"""What was drawn from answers that change afterwards is drawn anew, and says what it replaces."""

from collections.abc import Iterator

import pytest

from casefiles.answers.office_act import ActKind
from tests.stories.conftest import Stages
from tests.stories.routes import enter, offering, owed, paper, walk
from tests.stories.seen import words
from tests.stories.space import Space
from watch.commands.rehearsal import course
from watch.share import blanks


@pytest.fixture
def tmroa(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Space]:
    space = stages.office(tmp_path_factory.mktemp("tmroa"))
    space.reopen(edit=offering("cqp-tmroa"))
    blanks.show(space.office)
    yield space
    space.close()


@pytest.mark.rule("R78")
def test_a_grid_replaced_after_the_plenier_has_its_pv_printed_and_held_again(tmroa: Space) -> None:
    number = enter(tmroa, "assainissement")
    answers = course.three_epreuves(tmroa.competences(number))
    walk(tmroa, number, answers)
    (before,) = tmroa.case(number).standing("plenier")
    another_copy = paper(tmroa, number, "plenier", changes={"sitting/place": "Autre salle"})
    recap = tmroa.case(number).product("recapitulatif")
    assert recap is not None
    assert recap.path in tmroa.tree(tmroa.folder(number))

    part = tmroa.competences(number)[0]
    told = {**answers.get(part, {}), "setting/place": "Atelier 3"}
    second = tmroa.hand_in(paper(tmroa, number, "grille", part, told))
    assert second.outcome == "waiting", second
    taken = tmroa.ask(ActKind.REPLACE, number, document=second.document)
    assert taken.outcome == "accepted", taken

    assert owed(tmroa, number) == ["plenier"]
    assert not tmroa.case(number).standing("plenier")
    (printed,) = [i for i in tmroa.case(number).issued if i.form == "plenier"]
    assert printed.supersedes == (before.mark,)
    page = words(tmroa.office.originals.path(printed.sha256))
    assert f"remplace le document {before.mark}" in page
    history = " ".join(tmroa.history(number).split())
    assert f"Il remplace le document {before.mark}" in history
    tree = tmroa.tree(tmroa.folder(number))
    assert printed.path in tree
    assert recap.path not in tree, "nothing is read that sums up what counts no more"
    assert [n for n in tree if before.mark in n and "(dépassé)" in n]

    # The print of before says what no longer is: it is not taken any more.
    late = tmroa.hand_in(another_copy, "ancien tirage.pdf")
    assert late.outcome == "refused"
    assert "il ne vaut plus" in late.reasons[0]
    walk(tmroa, number)
    anew = tmroa.case(number).product("recapitulatif")
    assert anew is not None
    assert anew.sha256 != recap.sha256
    assert anew.path in tmroa.tree(tmroa.folder(number))
