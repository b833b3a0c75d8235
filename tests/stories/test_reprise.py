"""What began before the installation enters by a list of the office, each with its proof."""

import pytest

from tests.stories.conftest import AsTold
from tests.stories.space import Space, plain
from tests.stories.test_lists import expected, numbers, returned

HEADS = (
    "Nom de naissance;Prénom;Date de naissance;Voie d’accès;Inscrit le;Blocs acquis;Acquis le;"
    "Session;Preuve"
)
ZOE = (
    "EXEMPLE-GONÇALVES;Zoé;07/03/1994;formation continue;15/06/2021;BDC1;20/01/2022;"
    "Jury de janvier 2022;PV janvier 2022.pdf"
)
PROOF = b"%PDF-1.4\n% le proces-verbal d'avant, tel qu'il fut numerise\n"


def opened(as_told: AsTold) -> Space:
    """An office that offers 28245, whose registration ended in April 2022."""
    space = as_told("nouveau")
    space.reopen(edit=lambda text: text.replace('["cqpm-tmp"]', '["cqpm-opea"]'))
    for blank in space.workspace.blanks.iterdir():
        blank.unlink()
    return space


def announced(space: Space, line: str = ZOE) -> str:
    answer = space.hand_in(f"{HEADS}\n{line}\n".encode(), "reprise.csv", door="bureau")
    assert answer.outcome == "accepted", answer
    return numbers(space)[-1]


def test_only_the_office_may_answer_for_what_came_before(as_told: AsTold) -> None:
    space = opened(as_told)
    answer = space.hand_in(f"{HEADS}\n{ZOE}\n".encode(), "reprise.csv")
    assert answer.outcome == "refused"
    assert "seul le bureau peut en répondre" in answer.reasons[0]
    assert numbers(space) == []


@pytest.mark.rule("R7", "R63")
def test_a_case_in_mid_course_enters_with_its_proof_its_date_and_its_acquired_bloc(
    as_told: AsTold,
) -> None:
    space = opened(as_told)
    number = announced(space)
    page = space.workspace.board.read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "« PV janvier 2022.pdf »" in page
    early = space.hand_in(returned(space, number))
    assert early.outcome == "refused"
    assert "« PV janvier 2022.pdf »" in early.reasons[0]
    proof = space.hand_in(PROOF, "PV janvier 2022.pdf", door="bureau")
    assert proof.outcome == "accepted", proof
    answer = space.hand_in(returned(space, number), "de nouveau.pdf")
    assert answer.outcome == "accepted", answer
    case = space.case()
    (bloc,) = case.carried
    assert (bloc.bloc, bloc.origin, f"{bloc.on:%d/%m/%Y}") == ("BDC1", "reprise", "20/01/2022")
    assert space.office.originals.get(bloc.proof_sha256) == PROOF
    assert f"{case.entered_on:%d/%m/%Y}" == "15/06/2021"
    history = space.history(case.number)
    assert "Reprise : inscription du 15/06/2021" in history
    assert "PV janvier 2022.pdf" in history
    kept = [p for p in space.folder(case.number).rglob("*") if p.is_file()]
    assert PROOF in [p.read_bytes() for p in kept], "the proof stands in the case’s folder"


@pytest.mark.rule("R93")
def test_the_window_is_judged_on_the_day_of_the_old_inscription(as_told: AsTold) -> None:
    space = opened(as_told)
    number = announced(space, ZOE.replace("15/06/2021", "15/06/2022"))
    space.hand_in(PROOF, "PV janvier 2022.pdf", door="bureau")
    answer = space.hand_in(returned(space, number))
    assert answer.outcome == "refused"
    assert "on ne peut pas y entrer le 15/06/2022" in " ".join(answer.reasons)


def test_one_proof_may_serve_several_candidates(as_told: AsTold) -> None:
    space = opened(as_told)
    theo = ZOE.replace("EXEMPLE-GONÇALVES;Zoé", "EXEMPLE-NÉGRIER;Théo")
    announced(space, f"{ZOE}\n{theo}")
    answer = space.hand_in(PROOF, "PV janvier 2022.pdf", door="bureau")
    assert len(answer.reasons) == 2
    assert not any(expected(space, number).awaited_proof for number in numbers(space))


def test_a_reprise_without_its_proof_or_its_date_is_a_refused_line(as_told: AsTold) -> None:
    space = opened(as_told)
    line = "EXEMPLE;Ada;07/03/1994;formation continue;;BDC9;;;"
    answer = space.hand_in(f"{HEADS}\n{line}\n".encode(), "reprise.csv", door="bureau")
    assert answer.outcome == "refused"
    why = plain(space.workspace.to_correct / "reprise.csv - POURQUOI.txt")
    for said in ("demande sa preuve", "« BDC9 » n’est pas un bloc", "quand ces blocs"):
        assert said in why
