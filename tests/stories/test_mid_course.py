"""What comes in mid-course: a bloc acquired before, known late; a piece established before."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from casefiles.answers import Grid, Modalities
from casefiles.answers.office_act import ActKind
from tests.stories.conftest import AsTold
from tests.stories.seen import words
from tests.stories.space import Space
from tests.stories.test_second_attempt import (
    Calendar,
    evaluated,
    office,
    page_of_somebody_else,
)
from watch.commands.rehearsal import answers as people
from watch.confinement.sandbox import Sandbox


def kept(space: Space, name: str = "preuve.pdf") -> str:
    """A proof dropped in « Bureau »; its mark."""
    answer = space.hand_in(page_of_somebody_else(), name, door="bureau")
    assert answer.outcome == "accepted", answer
    return answer.document


@pytest.mark.rule("R7", "R89")
def test_a_bloc_acquired_before_is_taken_over_once_the_evaluations_came(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    space = office(tmp_path, sandbox, Calendar(datetime(2021, 3, 1, 9, tzinfo=UTC)))
    number = space.enrol()
    evaluated(space, number, "BDC1", "BDC2")
    before = space.case(number).product("recapitulatif")
    facts = {"question": "BDC1", "day": "11/06/2019", "value": "Jury de Lyon"}
    taken = space.ask(ActKind.ACQUIRED, number, document=kept(space), **facts)
    assert taken.outcome == "accepted", taken

    case = space.case(number)
    recap = case.product("recapitulatif")
    assert recap is not None
    assert before is not None
    assert recap.sha256 != before.sha256
    text = " ".join(words(space.office.originals.path(recap.sha256)).split())
    assert "BDC1 est acquis depuis le 11/06/2019" in text
    assert "BDC1 avait déjà des grilles quand il fut repris : elles ne comptent plus" in text
    # The rest stands as it came: nothing is asked for, nor prepared, a second time.
    assert "Inscrire le dossier à une session" in space.to_do(number)
    tree = space.tree(space.folder(number))
    left = [n for n in tree if n.startswith("À remplir/") and "grilles" not in n]
    assert left == ["À remplir/Positionnement.pdf"]
    assert not [n for n in tree if "Bloc BDC1" in n]

    # What the company signed is shown to the jury whole, as it was printed.
    reference = space.open_session(number)
    space.close_agenda(reference)
    sealed = space.session().pieces
    assert sealed is not None
    volume = " ".join(words(space.office.originals.path(sealed.sha256)).split())
    first = space.office.certification_of(case.certification_hash).bloc("BDC1").competences[0]
    avis = volume[volume.index("Avis de l’entreprise") :]
    assert first.title[:40] in avis
    assert "Preuve de reprise" in volume
    space.close()


def test_a_grid_of_a_bloc_taken_over_is_no_longer_taken(tmp_path: Path, sandbox: Sandbox) -> None:
    space = office(tmp_path, sandbox, Calendar(datetime(2021, 3, 1, 9, tzinfo=UTC)))
    number = space.enrol()
    assert space.hand_in(space.modalities(number)).outcome == "accepted"
    grids = space.bundle(number, "BDC1")
    facts = {"question": "BDC1", "day": "11/06/2019"}
    space.act(ActKind.ACQUIRED, number, document=kept(space), **facts)
    answer = space.hand_in(grids)
    assert answer.outcome == "refused"
    assert "BDC1 est acquis depuis le 11/06/2019 : il n’est plus à évaluer." in answer.reasons[0]
    space.close()


@pytest.mark.rule("R62")
def test_a_bloc_of_an_unregistered_cqpm_is_not_taken_over(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    facts = {"question": "BDC1", "day": "11/06/2019", "document": kept(space)}
    no = space.ask(ActKind.ACQUIRED, number, **facts)
    assert no.outcome == "refused"
    assert "ne s’acquièrent pas séparément. (Règle R62" in no.reasons[0]
    assert space.case(number).carried == ()


@pytest.mark.rule("R63")
@pytest.mark.parametrize(("months", "held"), [(20, False), (21, True)])
def test_a_bloc_that_counts_for_so_many_months_is_taken_over_until_the_last(
    tmp_path: Path, sandbox: Sandbox, months: int, held: bool
) -> None:
    calendar = Calendar(datetime(2021, 3, 1, 9, tzinfo=UTC))
    apart = "blocs_separately: true"
    kept_for = (apart, f"{apart}\ncomponents_valid_months: {months}")
    space = office(tmp_path, sandbox, calendar, kept_for)
    number = space.enrol()
    facts = {"question": "BDC1", "day": "11/06/2019", "document": kept(space)}
    answer = space.ask(ActKind.ACQUIRED, number, **facts)
    assert answer.outcome == ("accepted" if held else "refused")
    assert held or f"{months} mois. (Règle R63" in answer.reasons[0]
    assert [one.bloc for one in space.case(number).carried] == ["BDC1"] * held
    space.close()


def test_a_piece_established_before_this_office_stands_by_its_proof(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    proof = kept(space, "modalités signées en 2025.pdf")
    facts = {"question": Modalities.TITLE, "document": proof}
    after = space.ask(ActKind.TAKEN, number, day=people.fr(space.today), **facts)
    assert after.outcome == "accepted", after
    assert "modalités" not in space.to_do(number)
    tree = space.tree(space.folder(number))
    assert f"Reçus/Preuve de reprise - {proof}.pdf" in tree
    assert not [n for n in tree if n.startswith("À remplir/") and "modalités" in n]
    assert "avant ce bureau, reprise" in space.history(number)


def test_results_established_before_are_copied_out_and_their_proof_joined(
    as_told: AsTold,
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    proof = kept(space, "grille papier.pdf")
    part = space.competences(number)[0]
    facts = {"question": f"{Grid.TITLE} 1", "document": proof}
    early = space.ask(ActKind.TAKEN, number, day=people.fr(space.today), **facts)
    assert early.outcome == "refused"
    assert "sa preuve seule ne se lit pas" in early.reasons[0]
    assert space.hand_in(space.modalities(number)).outcome == "accepted"
    assert space.hand_in(space.grid(number, part)).outcome == "accepted"
    joined = space.ask(ActKind.TAKEN, number, day=people.fr(space.today), **facts)
    assert joined.outcome == "accepted", joined
    assert not space.case(number).excused("grille", part), "the copy may still be found wrong"
    facts["question"] = "Le dossier"
    unknown = space.ask(ActKind.TAKEN, number, day=people.fr(space.today), **facts)
    assert "n’est pas une pièce de ce dossier" in unknown.reasons[0]
