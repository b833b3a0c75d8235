"""What was drawn from answers that change afterwards is drawn anew, and says what it replaces."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from tests.stories.conftest import Stages
from tests.stories.routes import ALONE, enter, offering, owed, paper, walk
from tests.stories.seen import words
from tests.stories.space import Space
from tests.stories.test_second_attempt import Calendar, office
from watch.commands.rehearsal import course
from watch.confinement.sandbox import Sandbox
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


def corrected(space: Space, number: str, question: str, value: str) -> None:
    """A fact of the VAE request that was written wrongly."""
    (request,) = space.case(number).standing("recevabilite")
    facts = {"document": request.mark, "question": question, "value": value}
    answer = space.ask(ActKind.CORRECT, number, **facts)
    assert answer.outcome == "accepted", answer


def summed(space: Space, number: str) -> str:
    """What the decision of recevabilité, as it now stands to be filled, adds up."""
    page = words(space.issued(number, "recevabilite_decision"))
    return " ".join(page.split())


@pytest.mark.rule("R14", "R64")
def test_the_decision_of_recevabilite_is_printed_again_when_the_facts_of_the_request_change(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    space = office(tmp_path, sandbox, Calendar(datetime(2021, 3, 15, 9, tzinfo=UTC)))
    number = enter(space, "polyvalent", {"wish/route": "vae", **ALONE})
    assert space.hand_in(paper(space, number, "recevabilite")).outcome == "accepted"
    assert "13 mois, de façon continue" in summed(space, number)
    too_old = paper(space, number, "recevabilite_decision")

    # Before anybody decided: the print to fill says the new sum, and the one of before is void.
    corrected(space, number, "experiences/2/end", "30/11/2020")
    assert "23 mois" in summed(space, number)
    late = space.hand_in(too_old, "ancien tirage.pdf")
    assert late.outcome == "refused"
    assert "il ne vaut plus" in late.reasons[0]

    # Decided, then corrected again: the decision counts no more, and its print says so.
    assert space.hand_in(paper(space, number, "recevabilite_decision")).outcome == "accepted"
    (decision,) = space.case(number).standing("recevabilite_decision")
    assert owed(space, number) == ["preuves"]
    corrected(space, number, "experiences/2/end", "31/01/2020")
    assert owed(space, number) == ["recevabilite_decision"]
    assert not space.case(number).standing("recevabilite_decision")
    page = summed(space, number)
    assert "13 mois" in page
    assert f"remplace le document {decision.mark}" in page
    tree = space.tree(space.folder(number))
    assert [n for n in tree if decision.mark in n and "(dépassé)" in n]
    space.close()
