"""A restoration cut short by a machine that dies is asked for again, and is whole; on a share made
anew, or one that somebody wrote odd things in, the anchors are there.
"""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from casefiles import anchors, transcript
from casefiles.originals import Originals
from tests.stories.conftest import AsTold
from tests.stories.space import Space
from tests.stories.test_keeping import heads
from watch.keeping import purging
from watch.keeping.backup import backup
from watch.keeping.restoring import restore
from watch.office import now
from watch.share import founding
from watch.share.founding import create

DAYS = 3
Dying = tuple[object, str, Callable[..., object]]


@pytest.fixture
def saved(as_told: AsTold) -> Space:
    """An office anchored for some days, one of them time-stamped; saved with its keys."""
    space = as_told("inscrit")
    for day in range(DAYS):
        at = now() - timedelta(days=DAYS - day)
        kept = anchors.drop(space.office.journal.engine, space.workspace.anchors, at)
    for folder in space.workspace.anchors:
        (folder / kept.name).with_suffix(".tst").write_bytes(b"un jeton")
    backup(space.office, space.root / "sauvegarde", with_keys=True)
    return space


def kept_of(space: Space) -> dict[str, bytes]:
    """What the private side holds besides journal and originals, and the share’s anchors."""
    private, shown = space.workspace.private, space.workspace.anchors[1]
    whole = [private / "imprint.key", private / "parchemin.toml", private / "espace.json"]
    for folder in (space.workspace.keys, *space.workspace.anchors):
        whole += sorted(folder.iterdir())
    assert any(shown.glob("*.tst"))
    return {str(file.relative_to(space.root)): file.read_bytes() for file in whole}


class Died(BaseException):
    """The machine."""


def dies_at(count: int, call: Callable[..., object]) -> Callable[..., object]:
    """The same, until the machine dies in the middle of that call."""
    left = [count]

    def dying(*asked: object, **also: object) -> object:
        left[0] -= 1
        if not left[0]:
            raise Died
        return call(*asked, **also)

    return dying


CUTS: dict[str, Dying] = {
    "côté privé": (os, "fsync", dies_at(4, os.fsync)),
    "originaux": (Originals, "put", dies_at(2, Originals.put)),
    "partage": (founding, "_told", dies_at(1, founding._told)),
    "ancres": (anchors, "write", dies_at(2, anchors.write)),
    "journal": (transcript, "load", dies_at(1, transcript.load)),
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS.keys())
def test_a_restoration_cut_short_is_asked_for_again(
    saved: Space, monkeypatch: pytest.MonkeyPatch, cut: Dying
) -> None:
    before, kept, space = heads(saved), kept_of(saved), saved
    space.close()
    for side in (space.workspace.private, space.workspace.share):
        shutil.rmtree(side)
    with monkeypatch.context() as dying:
        dying.setattr(*cut)
        with pytest.raises(Died):
            restore(space.root / "sauvegarde", space.workspace)
    assert restore(space.root / "sauvegarde", space.workspace).warnings == ()
    assert kept_of(space) == kept
    space.reopen()
    assert heads(space) == before
    space.office.journal.verify()


def test_a_file_of_the_private_side_is_restored_whole_or_not_at_all(
    saved: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, whole = saved, Path.write_bytes

    def half(self: Path, content: bytes) -> int:
        whole(self, content[: len(content) // 2])
        raise Died

    space.close()
    shutil.rmtree(space.workspace.private)
    with monkeypatch.context() as dying:
        dying.setattr(Path, "write_bytes", half)
        dying.setattr(os, "fsync", dies_at(5, os.fsync))
        with pytest.raises(Died):
            restore(space.root / "sauvegarde", space.workspace)
    saved_as = space.root / "sauvegarde" / "prive"
    restored = [one for one in space.workspace.private.rglob("*") if one.is_file()]
    assert restored
    for one in restored:
        if not one.name.startswith("."):
            assert (
                one.read_bytes()
                == (saved_as / one.relative_to(space.workspace.private)).read_bytes()
            )


def test_a_journal_that_has_begun_is_not_restored_over(saved: Space) -> None:
    space = saved
    (space.workspace.private / "imprint.key").unlink()
    space.close()
    with pytest.raises(Exception, match="vit"):
        restore(space.root / "sauvegarde", space.workspace)


def test_a_share_lost_alone_is_given_its_anchors_by_init(saved: Space) -> None:
    space, kept = saved, kept_of(saved)
    shutil.rmtree(space.workspace.share)
    create(space.workspace, demo_keys=False, at=now())
    assert kept_of(space) == kept
    anchors.drop(space.office.journal.engine, space.workspace.anchors, now())
    assert list(anchors.faults(space.office.journal.engine, space.workspace.anchors)) == []


ODD: dict[str, Callable[[Path], object]] = {
    "dossier": Path.mkdir,
    "lien": lambda file: file.symlink_to("/nulle/part"),
    "boucle": lambda file: file.symlink_to(file.name),
    "tube": os.mkfifo,
    "vide": Path.touch,
    "imbriqué": lambda file: file.write_text("[" * 200_000, encoding="utf-8"),
}


@pytest.mark.parametrize("made", ODD.values(), ids=ODD.keys())
def test_an_anchor_that_is_none_is_told_and_stops_no_restoration(
    saved: Space, made: Callable[[Path], object]
) -> None:
    space = saved
    space.close()
    shutil.rmtree(space.workspace.private)
    made(space.workspace.anchors[1] / "2020-01-01.json")
    told = restore(space.root / "sauvegarde", space.workspace).warnings
    assert any("« 2020-01-01.json »" in said and "ne se lit pas" in said for said in told)


def test_nobody_who_was_purged_comes_back_when_the_rest_of_a_restoration_fails(
    saved: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, again = saved, []
    space.close()
    shutil.rmtree(space.workspace.private)
    monkeypatch.setattr(purging, "again", lambda *asked: again.append(asked))
    monkeypatch.setattr(anchors, "faults", dies_at(1, anchors.faults))
    with pytest.raises(Died):
        restore(space.root / "sauvegarde", space.workspace)
    assert len(again) == 1
