"""A share that comes back empty, or a store that is not mounted: not « everything was deleted »."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casefiles.originals import StoreAway
from tests.stories.conftest import AsTold
from tests.stories.mounts import away
from tests.stories.space import Space
from watch.commands.checks import inside
from watch.commands.deep import prove
from watch.doors import claims, inbox
from watch.doors.familiar import Familiar
from watch.keeping import purging, retention
from watch.office import now
from watch.reception import intake
from watch.service.recovery import tidy
from watch.share import anchoring, blanks, board, verification
from watch.share.workspace import ShareAway
from watch.steps import work

pytestmark = pytest.mark.long


def everything(space: Space) -> dict[str, bytes]:
    share = space.workspace.share
    return {
        p.relative_to(share).as_posix(): p.read_bytes() for p in share.rglob("*") if p.is_file()
    }


# Whatever reads that a file is not there, and might conclude something from it.
READERS: dict[str, Callable[[Space], object]] = {
    "les portes": lambda space: inbox.scan(space.workspace, familiar=Familiar(None)),
    "les fichiers réclamés": lambda space: list(claims.pending(space.workspace)),
    "un dossier": lambda space: work.advance(space.office, f"dossier/{space.numbers()[-1]}"),
    "la session": lambda space: work.advance(space.office, f"session/{space.session().reference}"),
    "un accusé": lambda space: work.advance(
        space.office, space.office.journal.summaries("depot")[-1][0]
    ),
    "les formulaires vierges": lambda space: work.advance(space.office, blanks.STREAM),
    "le tableau": lambda space: work.advance(space.office, board.STREAM),
    "la page de vérification": lambda space: work.advance(space.office, verification.STREAM),
    "le jour": lambda space: work.advance(space.office, anchoring.STREAM),
    "la purge": lambda space: purging.purge(space.office, retention.due(space.office)),
    "la reprise": lambda space: tidy(space.workspace, space.office.originals),
}


@pytest.mark.parametrize("reader", READERS)
def test_what_is_not_seen_on_an_empty_share_is_not_taken_for_deleted(
    as_told: AsTold, reader: str
) -> None:
    space = as_told("en signature")
    space.drop(b"un fichier pris avant", "pris.txt")
    (seen,) = inbox.scan(space.workspace, ("inbox",))
    claim = claims.claim(space.workspace, seen, now())
    assert claim is not None
    waiting = b"un fichier qui attend"
    space.drop(waiting, "attend.txt")
    before, positions = everything(space), space.office.journal.positions()
    shown = {stream: space.office.journal.published(stream) for stream in positions}
    said = does_nothing() if reader in SILENT else pytest.raises(ShareAway)
    with away(space.workspace.share), said:
        READERS[reader](space)
    assert space.office.journal.positions() == positions
    assert {stream: space.office.journal.published(stream) for stream in positions} == shown
    assert everything(space) == before
    space.recover()
    space.work()
    space.catch_up()
    corrected = {p.read_bytes() for p in space.workspace.to_correct.iterdir()}
    assert {waiting, b"un fichier pris avant"} <= corrected
    assert list(prove(space.office)) == []


# These find nothing, and say nothing of it.
SILENT = {"les portes", "les fichiers réclamés"}


@contextmanager
def does_nothing() -> Iterator[None]:
    yield


COMMENTED = re.compile(r"^# dossier_originaux = .*$", re.MULTILINE)


@pytest.fixture
def common(as_told: AsTold, tmp_path: Path) -> tuple[Space, Path]:
    """An office whose originals stand on a common store."""
    space, store = as_told("complet"), tmp_path / "magasin"
    shutil.copytree(space.workspace.originals, store)
    shutil.rmtree(space.workspace.originals)
    space.reopen(edit=lambda text: COMMENTED.sub(f'dossier_originaux = "{store}"', text))
    assert space.office.originals.root == store
    assert list(prove(space.office)) == []
    return space, store


def test_a_common_store_that_is_not_mounted_is_not_written_to_nor_read_as_empty(
    common: tuple[Space, Path],
) -> None:
    space, store = common
    number = space.numbers()[-1]
    space.drop(space.grid(number, "BDC1.1", "Malo EXEMPLE-TANGUY"), "grille.pdf")
    (seen,) = inbox.scan(space.workspace, ("inbox",))
    claim = claims.claim(space.workspace, seen, now())
    assert claim is not None
    before, positions = everything(space), space.office.journal.positions()
    with away(store):
        space.reopen()
        told = {one.what: one for one in inside.originals(space.office)}
        assert not told["Originaux"].good
        assert "montez-le" in told["Originaux"].said
        with pytest.raises(StoreAway):
            intake.take(space.office, claim)
        with pytest.raises(StoreAway):
            purging.sweep(space.office, [space.case(number).documents[0].sha256])
        assert space.office.journal.positions() == positions
        assert everything(space) == before
    space.recover()
    assert len(space.case(number).standing("grille")) > 1
    assert list(prove(space.office)) == []
