"""`parchemin doctor --deep`: silent over a sound office, loud over each damage planted in one."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.sign.timestamps import TimestampRequestError
from sqlalchemy import text

from casefiles import anchors, store
from casefiles.events import ParcheminNumbered, PiecesSealed
from casefiles.journal import Append
from tests.pki.served import ServedAuthority
from tests.stories.conftest import STAGES, AsTold
from tests.stories.space import Space
from watch.commands.deep import prove
from watch.share import anchoring

pytestmark = pytest.mark.long

DAY = datetime(2026, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize("stage", STAGES)
def test_a_sound_office_is_proven_sound_at_every_stage(as_told: AsTold, stage: str) -> None:
    assert list(prove(as_told(stage).office)) == []


def sql(space: Space, statement: str) -> None:
    """What somebody with the database’s password may do."""
    with space.office.journal.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount


def first(folder: Path, pattern: str) -> Path:
    return sorted(folder.rglob(pattern))[0]


def an_original(space: Space) -> Path:
    return space.office.originals.path(space.case().documents[0].sha256)


def lose_an_original(space: Space) -> None:
    an_original(space).unlink()


def edit_an_original(space: Space) -> None:
    with an_original(space).open("ab") as out:
        out.write(b"%")


def remove_a_product(space: Space) -> None:
    first(space.workspace.done, "Parchemin *.pdf").unlink()


def make_a_receipt_lie(space: Space) -> None:
    first(space.workspace.receipts, "*accept*.txt").write_text("Refusé.", encoding="utf-8")


def double_a_number(space: Space) -> None:
    register = "registre/P-AUTRE"
    held = space.case().delivery
    assert held is not None
    number = ParcheminNumbered(
        number=held.number, case="2020-0001", attempt=1, certification="X", delivered_on=DAY.date()
    )
    space.office.journal.commit(Append(stream=register, after=0, events=(number,)))
    space.office.journal.note_published(register, 1, {})


def double_a_seal(space: Space) -> None:
    stream = space.session().stream
    recorded = space.office.journal.read(stream)
    (sealed,) = [r.event for r in recorded if isinstance(r.event, PiecesSealed)]
    space.office.journal.commit(Append(stream=stream, after=len(recorded), events=(sealed,)))


def leave_a_claim(space: Space) -> None:
    """Answered by nobody, for a day."""
    before = space.office.clock() - timedelta(days=1)
    claim = space.workspace.claims / "20260307T000000000000-00000000"
    claim.mkdir()
    (claim / "oublié.pdf").write_bytes(b"%PDF-")
    note = {"door": "inbox", "origin": "x", "at": before.isoformat(), "in_place": False}
    claim.with_suffix(".json").write_text(json.dumps({**note, "problem": ""}), encoding="utf-8")


def lose_a_note(space: Space) -> None:
    claim = space.workspace.claims / "20260307T000000000000-00000000"
    claim.mkdir()
    (claim / "oublié.pdf").write_bytes(b"%PDF-")


def forget_what_stood_aside(space: Space) -> None:
    (space.workspace.staging / f"0123.{'0' * 64}.avant").write_bytes(b"saved meanwhile")


def cut_the_end(space: Space) -> None:
    stream = space.session().stream
    sql(space, f"DELETE FROM events WHERE stream = '{stream}' AND position > 5")


def cut_the_end_and_hide_it(space: Space) -> None:
    """Events and everything derived: only the anchor still knows."""
    anchors.drop(space.office.journal.engine, space.workspace.anchors, DAY)
    sql(space, "DELETE FROM events WHERE stream LIKE 'registre/%'")
    sql(space, "DELETE FROM heads WHERE stream LIKE 'registre/%'")


def remove_a_whole_stream(space: Space) -> None:
    """With all that was derived from it, the very day it was written: no anchor knows it yet."""
    for table in ("events", "heads", "open_steps", "marks", "listed", "published", "to_show"):
        with space.office.journal.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table} WHERE stream LIKE 'depot/%'"))


def edit_an_anchor(space: Space) -> None:
    kept = anchors.drop(space.office.journal.engine, space.workspace.anchors, DAY)
    kept.write_text(kept.read_text().replace("count", "compte").replace("compte", "count", 1) + " ")


def edit_a_row(space: Space) -> None:
    """A birth date is changed where the journal keeps it."""
    sql(space, "UPDATE events SET payload = replace(payload, '1994-03-07', '1993-03-07')")


def remove_a_row(space: Space) -> None:
    """From the middle of a case: what came after it still stands."""
    stream = f"dossier/{space.numbers()[-1]}"
    sql(space, f"DELETE FROM events WHERE stream = '{stream}' AND position = 3")


def empty_a_payload(space: Space) -> None:
    stream = f"dossier/{space.numbers()[-1]}"
    sql(space, f"UPDATE events SET payload = NULL WHERE stream = '{stream}' AND position = 3")


def falsify_what_is_derived(space: Space) -> None:
    sql(space, "UPDATE heads SET summary = '{}' WHERE kind = 'dossier'")


def remove_a_step(space: Space) -> None:
    sql(space, "DELETE FROM marks WHERE kind = 'serial'")


PLANTED: dict[Callable[[Space], None], set[str]] = {
    lose_an_original: {"original"},
    edit_an_original: {"original"},
    remove_a_product: {"partage"},
    make_a_receipt_lie: {"accusé"},
    double_a_number: {"numéro"},
    double_a_seal: {"numéro", "partage"},
    leave_a_claim: {"reprise"},
    lose_a_note: {"reprise"},
    forget_what_stood_aside: {"reprise"},
    edit_a_row: {"journal"},
    remove_a_row: {"journal"},
    cut_the_end: {"journal", "déduction"},
    cut_the_end_and_hide_it: {"ancre", "numéro"},
    remove_a_whole_stream: {"copie"},
    edit_an_anchor: {"ancre"},
    empty_a_payload: {"journal", "déduction"},
    falsify_what_is_derived: {"déduction"},
    remove_a_step: {"déduction"},
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_damage_is_found(as_told: AsTold, plant: Callable[[Space], None]) -> None:
    space = as_told("décidé")
    plant(space)
    assert {fault.kind for fault in prove(space.office)} >= PLANTED[plant]


def test_the_command_says_it_and_exits_with_one(as_told: AsTold) -> None:
    space = as_told("inscrit")
    command = [sys.executable, "-m", "watch.cli", "doctor", str(space.workspace.share), "--deep"]
    make_a_receipt_lie(space)
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert "ne dit pas ce que dit le journal" in " ".join(told.stdout.split())


# Anchors


def test_anchors_hold_while_the_journal_goes_on_and_is_purged(as_told: AsTold) -> None:
    space = as_told("inscrit")
    engine, places = space.office.journal.engine, space.workspace.anchors
    anchors.drop(engine, places, DAY)
    space.hand_in(space.grid(space.numbers()[-1], "BDC1.1"))
    anchors.drop(engine, places, DAY + timedelta(days=1))
    space.office.journal.purge(f"dossier/{space.numbers()[-1]}", [3], because="Échu.")
    anchors.drop(engine, places, DAY + timedelta(days=2))
    assert list(anchors.faults(engine, places)) == []
    assert len(list(places[0].glob("*.json"))) == len(list(places[1].glob("*.json"))) == 3


def test_an_anchor_is_written_once_a_day_and_given_back_where_it_lacks(as_told: AsTold) -> None:
    space = as_told("inscrit")
    engine, places = space.office.journal.engine, space.workspace.anchors
    kept = anchors.drop(engine, places, DAY).read_bytes()
    shutil.rmtree(places[1])
    space.hand_in(space.grid(space.numbers()[-1], "BDC1.1"))
    assert anchors.drop(engine, places, DAY + timedelta(hours=5)).read_bytes() == kept
    assert (places[1] / anchors.file_name(DAY)).read_bytes() == kept


def test_an_older_backup_put_back_is_found_by_the_anchor(as_told: AsTold) -> None:
    space = as_told("inscrit")
    space.close()
    backup = space.root / "sauvegarde.sqlite"
    with closing(sqlite3.connect(space.workspace.journal_file)) as connection:
        connection.execute(f"VACUUM INTO '{backup}'")
    space.reopen()
    space.hand_in(space.grid(space.numbers()[-1], "BDC1.1"))
    anchors.drop(space.office.journal.engine, space.workspace.anchors, DAY)
    older = store.open_engine(store.sqlite_url(backup))
    (said,) = set(anchors.faults(older, space.workspace.anchors))
    assert "sauvegarde plus ancienne" in said
    older.dispose()


def time_stamped(as_told: AsTold, served: ServedAuthority) -> Space:
    """An office whose anchor of the day bears the stamp of a service."""
    space = as_told("inscrit")
    trust = space.office.settings.trust.model_copy(update={"tsa": served.tsa_url})
    space.office.settings = space.office.settings.model_copy(update={"trust": trust})
    anchoring.show(space.office)
    return space


def test_a_days_anchor_is_time_stamped_once_when_a_service_is_set(
    as_told: AsTold, served: ServedAuthority
) -> None:
    space = time_stamped(as_told, served)
    anchoring.show(space.office)
    for folder in space.workspace.anchors:
        (file,), (token,) = list(folder.glob("*.json")), list(folder.glob("*.tst"))
        command = ["openssl", "ts", "-verify", "-token_in", "-in", token, "-data", file]
        checked = subprocess.run(
            [*command, "-CAfile", served.root], capture_output=True, text=True, check=False
        )
        assert "Verification: OK" in checked.stdout + checked.stderr, checked.stderr
    assert list(prove(space.office)) == []


def test_anchors_made_anew_with_the_journal_no_longer_match_their_time_stamps(
    as_told: AsTold, served: ServedAuthority
) -> None:
    """By somebody who may write everywhere, and rewrites both; what the service signed stays."""
    space = time_stamped(as_told, served)
    for folder in space.workspace.anchors:
        for anchor in folder.glob("*.json"):
            anchor.unlink()
    space.hand_in(space.grid(space.numbers()[-1], "BDC1.1"))
    anchoring.show(space.office)
    assert list(anchors.faults(space.office.journal.engine, space.workspace.anchors)) == []
    found = list(prove(space.office))
    assert [fault.kind for fault in found] == ["ancre", "ancre"]
    assert all("l’un des deux a été refait" in fault.said for fault in found)
    for content in (b"", b"rien", b"0\x03\x02\x01\x05", b"0\x80"):
        (token,) = space.workspace.anchors[1].glob("*.tst")
        token.write_bytes(content)
        assert len(list(prove(space.office))) == 2
    token.unlink()
    os.mkfifo(token)
    assert len(list(prove(space.office))) == 2


def test_an_anchor_stands_though_the_service_does_not_answer(as_told: AsTold) -> None:
    space = as_told("inscrit")
    trust = space.office.settings.trust.model_copy(update={"tsa": "http://127.0.0.1:9/"})
    space.office.settings = space.office.settings.model_copy(update={"trust": trust})
    with pytest.raises(TimestampRequestError):
        anchoring.show(space.office)
    assert [len(list(f.iterdir())) for f in space.workspace.anchors] == [1, 1]
    assert list(anchors.faults(space.office.journal.engine, space.workspace.anchors)) == []
