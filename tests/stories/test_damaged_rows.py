"""What is so damaged that it can no longer be read is found and named: the checker does not fall.

A row of the journal, an anchor on the share, where anybody may write, a line of a stream’s copy.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from casefiles import anchors
from casefiles.errors import BackupDamaged, JournalDamaged
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_keeping import lose_the_database
from watch.commands.deep import prove
from watch.commands.doctor import examine
from watch.keeping import copies
from watch.keeping.restoring import rebuild

pytestmark = pytest.mark.long

DAY = datetime(2026, 3, 7, tzinfo=UTC)
Plant = Callable[[Space], None]


def stream_of(space: Space) -> str:
    return f"dossier/{space.numbers()[-1]}"


def rewritten(column: str, value: str) -> Plant:
    """That column of a case’s third event, changed by somebody with the database’s password."""

    def plant(space: Space) -> None:
        told = f"UPDATE events SET {column} = :value WHERE stream = :stream AND position = 3"
        with space.office.journal.engine.begin() as connection:
            changed = connection.execute(text(told), {"value": value, "stream": stream_of(space)})
            assert changed.rowcount == 1

    return plant


def the_record_of_a_purge(space: Space) -> None:
    space.office.journal.purge(stream_of(space), [3], because="Échu.")
    told = "UPDATE events SET payload = '{' WHERE stream = :stream AND type = 'PayloadsPurged'"
    with space.office.journal.engine.begin() as connection:
        assert connection.execute(text(told), {"stream": stream_of(space)}).rowcount == 1


ROWS: dict[str, Plant] = {
    "coupée": rewritten("payload", '{"type": "FormIssu'),
    "vide": rewritten("payload", "{}"),
    "d’une autre sorte": rewritten("payload", '{"type": "Invente"}'),
    "sans heure": rewritten("at", "hier"),
    "d’une purge": the_record_of_a_purge,
}


@pytest.mark.parametrize("plant", ROWS.values(), ids=ROWS)
def test_a_row_that_can_no_longer_be_read_is_named_by_the_doctor(
    as_told: AsTold, plant: Plant
) -> None:
    space = as_told("inscrit")
    stream = stream_of(space)
    plant(space)
    with pytest.raises(JournalDamaged) as told:
        space.office.journal.read(stream)
    assert told.value.__cause__ is None, "a validator’s words hold what the row holds"
    wrong = [check for check in examine(space.workspace) if not check.good]
    assert {check.what for check in wrong} == {"Journal"}
    assert any(f"fil « {stream} », ligne n° 3" in check.said for check in wrong)
    assert {(f.kind, f.where) for f in prove(space.office)} >= {
        ("journal", stream), ("déduction", stream), ("copie", stream)
    }  # fmt: skip


@pytest.mark.parametrize(
    "content",
    ["{", "[]", '{"x": 1}', '{"at": "", "last": "x", "count": 1, "digest": "", "before": ""}',
     '{"at": "", "last": 1e999, "count": 1, "digest": "", "before": ""}', ""],
)  # fmt: skip
def test_an_anchor_that_says_nothing_is_named_and_the_other_still_compared(
    as_told: AsTold, content: str
) -> None:
    space = as_told("inscrit")
    engine, places = space.office.journal.engine, space.workspace.anchors
    kept = anchors.drop(engine, places, DAY).read_bytes()
    (places[1] / anchors.file_name(DAY)).write_text(content, encoding="ascii")
    said = [check.said for check in examine(space.workspace) if not check.good]
    assert len(said) == 2
    assert "n’est pas la même partout" in said[0]
    assert "« 2026-03-07.json » de « .parchemin » ne se lit pas" in said[1]
    assert {fault.kind for fault in prove(space.office)} == {"ancre"}
    # What the private one attests is still compared with the journal.
    with engine.begin() as connection:
        connection.execute(text("UPDATE events SET hash = '0' WHERE id = 1"))
    told = list(anchors.faults(engine, places))
    assert any("ne contient plus ce que l’ancre du 07/03/2026 atteste" in one for one in told)
    # Nobody anchors a day on one that says nothing; put back, it is anchored again.
    (places[0] / anchors.file_name(DAY)).write_text(content, encoding="ascii")
    with pytest.raises(JournalDamaged, match="de l’autre dossier d’ancres"):
        anchors.drop(engine, places, DAY.replace(day=8))
    (places[0] / anchors.file_name(DAY)).write_bytes(kept)
    assert anchors.drop(engine, places, DAY.replace(day=8)).exists()


@pytest.mark.parametrize("line", [b"{\n", b"[]\n", b'{"stream": "x", "position": 1}\n'])
def test_a_copys_line_that_can_no_longer_be_read_is_found_and_no_base_is_rebuilt_from_it(
    as_told: AsTold, line: bytes
) -> None:
    space = as_told("inscrit")
    file = copies.place(copies.root(space.office), stream_of(space))
    first, _, *others = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([first, line, *others]))
    (found,) = prove(space.office)
    assert (found.kind, found.where) == ("copie", stream_of(space))
    assert "ne se lit plus" in found.said
    lose_the_database(space)
    with pytest.raises(BackupDamaged, match="ne se lit plus"):
        rebuild(space.workspace)
