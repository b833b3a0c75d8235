"""Two workers decide at the same instant on one person, or on the same bytes: one case."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casefiles.events import DropAnswered
from tests.machines.postgres import Server
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_lists import HEADS, THEO
from watch.commands.deep import prove
from watch.commands.migrate import migrate
from watch.doors import claims, inbox
from watch.office import Office, now, open_office
from watch.reception import attempts, intake, rosters

pytestmark = pytest.mark.long

Taking = Callable[[], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def space(request: pytest.FixtureRequest, as_told: AsTold) -> Space:
    found = as_told("nouveau")
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        found.close()
        migrate(found.workspace, server.database(), at=now())
        found.reopen()
    return found


@pytest.fixture
def other(space: Space) -> Iterator[Office]:
    """A second worker’s office over the same space."""
    found = open_office(space.workspace)
    found.sandbox = space.office.sandbox
    yield found
    found.journal.engine.dispose()


def both(space: Space, first: Path, second: Path) -> tuple[claims.Claim, claims.Claim]:
    space.drop(first, "inscription.pdf")
    space.drop(second, "la même, envoyée deux fois.pdf")
    found = [
        claims.claim(space.workspace, seen, now())
        for seen in inbox.scan(space.workspace, ("inbox",))
    ]
    assert len(found) == 2
    one, two = found
    assert one is not None
    assert two is not None
    return one, two


def outcomes(space: Space) -> list[str]:
    answers = (space.office.journal.read(s)[0].event for s, _, _ in drops(space))
    return sorted(a.outcome for a in answers if isinstance(a, DropAnswered))


def drops(space: Space) -> list[tuple[str, object, object]]:
    return list(space.office.journal.summaries("depot"))


def in_between(monkeypatch: pytest.MonkeyPatch, module: object, name: str, do: Taking) -> list[int]:
    """Once, `do` happens just before that function answers."""
    real, done = getattr(module, name), list[int]()

    def meanwhile(*args: object, **kwargs: object) -> object:
        if not done:
            done.append(1)
            do()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, meanwhile)
    return done


def test_two_inscriptions_of_one_person_at_the_same_instant_open_one_case(
    space: Space, other: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other worker opens the case after this one saw nobody, and before it takes a number."""
    one, two = both(
        space, space.inscription(), space.inscription({"candidate/phone": "0611223344"})
    )
    met = in_between(monkeypatch, attempts, "next_number", lambda: intake.take(other, two))
    intake.take(space.office, one)
    assert met
    assert outcomes(space) == ["accepted", "waiting"]
    assert len(space.numbers()) == 1
    space.catch_up()
    assert list(prove(space.office)) == []


def test_the_same_bytes_taken_in_twice_at_the_same_instant_are_one_document(
    space: Space, other: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    composition = space.inscription()
    one, two = both(space, composition, composition)
    met = in_between(monkeypatch, attempts, "next_number", lambda: intake.take(other, two))
    intake.take(space.office, one)
    assert met
    assert outcomes(space) == ["accepted", "duplicate"]
    assert len(space.numbers()) == 1


def test_a_list_and_its_copy_at_the_same_instant_announce_everybody_once(
    space: Space, other: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"{HEADS}\n{THEO}\n"
    first, second = space.scratch / "liste.csv", space.scratch / "liste bis.csv"
    first.write_text(lines, encoding="utf-8")
    second.write_text(lines + "\n", encoding="utf-8")
    space.drop(first, "liste.csv")
    space.drop(second, "liste bis.csv")
    one, two = (
        claims.claim(space.workspace, s, now()) for s in inbox.scan(space.workspace, ("inbox",))
    )
    assert one is not None
    assert two is not None
    met = in_between(monkeypatch, rosters, "_appends", lambda: intake.take(other, two))
    intake.take(space.office, one)
    assert met
    assert outcomes(space) == ["accepted", "duplicate"]
    assert len(space.office.journal.summaries("preinscription")) == 1
