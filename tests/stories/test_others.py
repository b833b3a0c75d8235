"""The store of others a measure is made beside: sound to the last byte, and of different people."""

import pytest

from casefiles import casefile
from casefiles.naming import person_key
from tests.stories.conftest import AsTold
from watch.commands.bench_store import invented, multiply
from watch.commands.deep import prove


@pytest.mark.parametrize("stage", ["inscrit", "décidé"])
def test_the_copies_of_a_case_are_whole_cases_of_people_who_are_all_different(
    as_told: AsTold, stage: str
) -> None:
    space = as_told(stage)
    journal = space.office.journal
    multiply(space.office, 25)
    assert list(prove(space.office)) == []
    people = {
        person_key(case.candidate)
        for stream, _, _ in journal.each("dossier")
        if (case := casefile.fold(journal.read(stream))) is not None
    }
    assert len(people) == 25
    assert all(len(journal.find("person", one)) == 1 for one in people)
    over = stage == "décidé"
    assert journal.count("registre") == (25 if over else 0)
    assert journal.count("session") == (2 if over else 0)
    assert len(list(space.workspace.cases.iterdir())) == (0 if over else 25)


def test_a_hundred_thousand_people_are_invented_and_nobody_twice() -> None:
    assert len({invented(number) for number in range(100_000)}) == 100_000
