"""What happens at the very moment of a purge: nothing is lost, and nothing personal is left."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casefiles.answers.office_act import ActKind
from casefiles.events import DropAnswered, Purged
from casefiles.journal import Journal
from casefiles.originals import Originals
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_retention import later, telling
from watch.commands.deep import prove
from watch.commands.keeping import erase
from watch.keeping import erased, purging, retention
from watch.keeping.backup import backup
from watch.keeping.restoring import restore
from watch.reception import receipts

pytestmark = pytest.mark.long


@pytest.fixture
def past(as_told: AsTold) -> Space:
    """An abandoned case, past its term."""
    space = as_told("inscrit")
    space.act(ActKind.ABANDON, space.numbers()[-1])
    later(space, 3)
    return space


def once_before(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, do: Callable[[], object]
) -> list[int]:
    """Once, `do` happens just before that function."""
    real, done = getattr(owner, name), list[int]()

    def meanwhile(*args: object, **kwargs: object) -> object:
        if not done:
            done.append(1)
            do()
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, meanwhile)
    return done


def is_purged(space: Space, stream: str) -> bool:
    return isinstance(space.office.journal.read(stream)[0].event, Purged)


def test_a_case_taken_up_again_at_the_moment_of_its_purge_is_not_purged(
    past: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = past.numbers()[-1]
    met = once_before(monkeypatch, Journal, "purge_whole", lambda: past.act(ActKind.RESUME, number))
    swept = purging.purge(past.office, retention.due(past.office))
    assert met
    assert f"dossier/{number}" not in swept.streams
    assert not is_purged(past, f"dossier/{number}")
    # All or none: its drops are still there too, and its bytes.
    drops = [s for s, _, _ in past.office.journal.summaries("depot")]
    assert len(drops) > 1
    assert past.case(number).documents[0].sha256 in past.office.originals
    # Nor is it on the list of what a restored backup must forget.
    purging.again(past.office, erased.listed(past.workspace))
    assert not is_purged(past, f"dossier/{number}")
    past.catch_up()  # the purge took the case from whoever was showing it
    assert list(prove(past.office)) == []


def test_a_drop_answered_while_its_case_is_purged_leaves_at_the_next_purge(
    past: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = past.numbers()[-1]
    again = past.office.originals.get(past.case(number).documents[0].sha256)
    met = once_before(
        monkeypatch,
        Journal,
        "purge_whole",
        lambda: past.hand_in(again, "copie de Zoe EXEMPLE-TARDIVE.pdf"),
    )
    purging.purge(past.office, retention.due(past.office))
    assert met
    assert is_purged(past, f"dossier/{number}")
    assert list(telling(past.workspace.private, "TARDIVE")) != []
    (left,) = retention.due(past.office)
    assert left.kind == retention.LEFT
    purging.purge(past.office, [left])
    past.catch_up()
    for side in (past.workspace.share, past.workspace.private):
        assert list(telling(side, "TARDIVE")) == []
    assert retention.due(past.office) == ()
    assert list(prove(past.office)) == []


def test_an_event_left_by_an_earlier_purge_is_purged_and_what_it_emptied_stays_attested(
    past: Space,
) -> None:
    number, journal = past.numbers()[-1], past.office.journal
    count = len(journal.read(f"dossier/{number}"))
    journal.purge(f"dossier/{number}", range(1, count), because="Une version d’avant.")
    dues = [due for due in retention.due(past.office) if due.kind == retention.LEFT]
    assert [f"dossier/{number}" in due.streams for due in dues] == [True]
    purging.purge(past.office, dues)
    assert journal.damages() == []
    assert retention.due(past.office) == ()


def test_the_same_bytes_dropped_again_before_they_are_deleted_are_kept(
    past: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = past.case().documents[0].sha256
    bytes_ = past.office.originals.get(sha256)
    answers: list[DropAnswered] = []
    met = once_before(
        monkeypatch, Originals, "set_aside", lambda: answers.append(past.hand_in(bytes_))
    )
    purging.purge(past.office, retention.due(past.office))
    assert met
    assert answers[0].outcome == "accepted"
    assert past.office.originals.get(sha256) == bytes_
    assert not list(past.office.originals.root.glob(".*"))
    assert list(prove(past.office)) == []


def test_bytes_deleted_between_their_keeping_and_their_record_are_kept_anew(
    past: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = past.case().documents[0].sha256
    bytes_ = past.office.originals.get(sha256)
    dues = retention.due(past.office)
    met = once_before(monkeypatch, receipts, "_receipt", lambda: purging.purge(past.office, dues))
    past.hand_in(bytes_)
    assert met
    past.work()
    assert past.office.originals.get(sha256) == bytes_
    assert list(prove(past.office)) == []


def test_a_death_while_bytes_are_set_aside_gives_them_back(past: Space) -> None:
    sha256 = past.case().documents[0].sha256
    past.office.originals.set_aside(sha256)
    assert sha256 not in past.office.originals
    past.recover()
    assert sha256 in past.office.originals


# The list on the share, where anybody may write


def lost(space: Space, *, with_keys: bool) -> Path:
    """The private side destroyed, an older backup restored."""
    coffer = space.root / "coffre"
    shutil.copytree(space.workspace.keys, coffer)
    shutil.copy(space.workspace.imprint_key, coffer)
    space.close()
    shutil.rmtree(space.workspace.private)
    warnings = restore(space.root / "sauvegarde", space.workspace).warnings
    assert any("parchemin purge" in said for said in warnings) is not with_keys
    return coffer


def test_a_line_somebody_wrote_on_the_share_erases_nothing(as_told: AsTold) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    backup(space.office, space.root / "sauvegarde", with_keys=True)
    mine = space.case(number).documents[0].sha256
    with space.office.journal.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT commitment FROM events").scalars().all()
    forged = [*rows, mine, f"{mine} {'0' * 64}"]
    (space.workspace.hidden / erased.NAME).write_text("\n".join(forged) + "\n", encoding="ascii")
    assert erased.listed(space.workspace) == frozenset()
    lost(space, with_keys=True)
    space.reopen()
    assert space.case(number).documents[0].sha256 in space.office.originals
    assert list(prove(space.office)) == []


def test_what_cannot_be_proven_for_want_of_the_key_is_purged_once_it_is_back(past: Space) -> None:
    number, name = past.numbers()[-1], past.case().candidate.full_name
    backup(past.office, past.root / "sauvegarde")
    purging.purge(past.office, retention.due(past.office))
    coffer = lost(past, with_keys=False)
    past.reopen()
    assert not is_purged(past, f"dossier/{number}")
    shutil.copytree(coffer, past.workspace.keys)
    (past.workspace.keys / "imprint.key").rename(past.workspace.imprint_key)
    erase(past.workspace.share, None, dry_run=False)
    assert is_purged(past, f"dossier/{number}")
    past.catch_up()
    assert list(telling(past.workspace.private, name)) == []
    assert list(prove(past.office)) == []
