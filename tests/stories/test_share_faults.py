"""The share away, back, empty, badly owned; people’s hands in it; the base locked; an upgrade."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from casefiles import store
from casefiles.errors import StoreAway
from casefiles.events import ProductRestored
from tests.stories.conftest import AsTold
from tests.stories.mounts import away
from tests.stories.space import Space, plain, rewrite
from watch.commands.deep import prove
from watch.doors import claims, inbox
from watch.office import now
from watch.reception import intake
from watch.share.workspace import ShareAway
from watch.steps import work

pytestmark = pytest.mark.long


def restored(space: Space) -> int:
    streams = space.office.journal.positions()
    return sum(
        isinstance(one.event, ProductRestored)
        for stream in streams
        for one in space.office.journal.read(stream)
    )


# The share


def test_a_share_that_left_is_not_written_to_and_loses_nothing(as_told: AsTold) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    stream, before = f"dossier/{number}", space.tree(space.folder(number))
    with away(space.workspace.share):
        assert inbox.scan(space.workspace) == []
        with pytest.raises(ShareAway):
            work.advance(space.office, stream)
    space.catch_up()
    assert space.tree(space.folder(number)) == before
    assert restored(space) == 0
    assert list(prove(space.office)) == []


def test_a_share_that_leaves_in_the_middle_of_a_showing_is_shown_again(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    space.drop(space.grid(number, "BDC1.1"), "grille.pdf")
    share = space.workspace.share
    away = share.with_name("ailleurs")
    real, gone = work.mirror.publish, []

    def leaving(*args: object, **kwargs: object) -> object:
        if not gone:
            gone.append(True)
            share.rename(away)
            share.mkdir()
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr("watch.share.mirror.publish", leaving)
    with pytest.raises(OSError, match=r"partage|No such file"):
        space.work()
    assert gone, "the share did not leave"
    shutil.rmtree(share)
    away.rename(share)
    space.recover()
    space.work()
    space.recover()
    assert restored(space) == 0
    assert len(space.case(number).standing("grille")) == 1
    assert list(prove(space.office)) == []


# What may not be opened


def test_links_pipes_and_devices_are_given_back_unopened_with_a_reason(as_told: AsTold) -> None:
    space = as_told("inscrit")
    door = space.workspace.drop_here
    secret = space.root / "secret.txt"
    secret.write_text("rien pour vous", encoding="utf-8")
    (door / "lien.pdf").symlink_to(secret)
    (door / "cassé.pdf").symlink_to("nulle part")
    os.mkfifo(door / "tube.pdf")
    names = ["lien.pdf", "cassé.pdf", "tube.pdf"]
    if os.geteuid() == 0:
        os.mknod(door / "disque.pdf", stat.S_IFCHR | 0o600, os.makedev(1, 5))
        names.append("disque.pdf")
    assert [a.outcome for a in space.work()] == ["refused"] * len(names)
    for name in names:
        assert os.path.lexists(space.workspace.to_correct / name)
        told = plain(space.workspace.to_correct / f"{name} - POURQUOI.txt")
        assert "Déposez le document lui-même" in told
    assert b"rien pour vous" not in b"".join(
        p.read_bytes() for p in space.workspace.originals.rglob("*") if p.is_file()
    )
    assert list(prove(space.office)) == []


def test_a_file_this_office_may_not_read_is_given_back_with_its_reason(as_told: AsTold) -> None:
    """By a process without root’s rights, to whom the file is really closed."""
    space = as_told("inscrit")
    file = space.workspace.drop_here / "fermé.pdf"
    file.write_bytes(b"%PDF-")
    file.chmod(0)
    if os.geteuid() == 0:
        _give_to_nobody(space.root)
    space.close()

    def as_nobody() -> None:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        with pytest.raises(PermissionError):
            file.read_bytes()
        again = Space(space.root, sandbox=space.office.sandbox)
        (answer,) = again.work()
        assert "pas le droit de lire" in answer.reasons[0]
        again.close()

    assert _in_a_child(as_nobody) == 0
    space.reopen()
    assert (space.workspace.to_correct / "fermé.pdf").exists()
    assert (space.workspace.to_correct / "fermé.pdf - POURQUOI.txt").exists()
    assert list(prove(space.office)) == []


def _give_to_nobody(root: Path) -> None:
    for one in [root, *root.rglob("*")]:
        os.chown(one, 65534, 65534, follow_symlinks=False)
    for parent in root.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)


def _in_a_child(what: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            what()
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# Names


@pytest.mark.parametrize("door", ["inbox", "a_remplir"])
def test_strange_names_keep_their_bytes_and_get_their_reason(as_told: AsTold, door: str) -> None:
    space = as_told("inscrit")
    number = space.numbers()[-1]
    folder = space.workspace.drop_here
    if door == "a_remplir":
        folder = space.folder(number) / "À remplir"
    names = [
        "é.pdf",
        unicodedata.normalize("NFD", "é.pdf"),
        "CON.pdf",
        "a:b?.pdf",
        "é" * 123 + ".pdf",
        os.fsdecode(b"octets \xff.pdf"),
        "fin.",
    ]
    contents = {name: f"contenu {place}".encode() for place, name in enumerate(names)}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    answers = space.work()
    assert sorted(a.outcome for a in answers) == ["refused"] * len(names)
    # A name that cannot even be written down does not stay in place: it is given another.
    stand = {space.workspace.to_correct, folder}
    held = [p for place in stand for p in place.iterdir() if p.is_file()]
    kept = {p.read_bytes() for p in held}
    assert set(contents.values()) <= kept
    notes = [p for p in held if p.name.endswith("POURQUOI.txt")]
    assert len(notes) == len(names)
    assert space.work() == []
    assert list(prove(space.office)) == []


# People’s hands in a case


def test_what_staff_move_rename_and_delete_in_a_case_comes_back_or_is_left(
    as_told: AsTold,
) -> None:
    space = as_told("complet")
    number = space.numbers()[-1]
    folder = space.folder(number)
    before = space.tree(folder)
    received = sorted((folder / "Reçus").iterdir())
    (folder / "Rangé ailleurs").mkdir()
    moved = received[0].rename(folder / "Rangé ailleurs" / received[0].name)
    renamed = received[1].rename(received[1].with_name("À relire.pdf"))
    received[2].unlink()
    shutil.rmtree(folder / "À remplir", ignore_errors=True)
    shutil.rmtree(folder / "Produits")
    space.show(number)
    assert set(before) <= set(space.tree(folder))
    assert moved.exists()
    assert renamed.exists()
    assert space.work() == []
    assert list(prove(space.office)) == []


# The base


def test_a_locked_base_makes_the_file_wait_and_loses_nothing(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PATIENCE_MS", 100)
    space = as_told("inscrit")
    number = space.numbers()[-1]
    space.drop(space.grid(number, "BDC1.1"), "grille.pdf")
    (seen,) = [s for s in inbox.scan(space.workspace) if s.door == "inbox"]
    claim = claims.claim(space.workspace, seen, now())
    assert claim is not None
    with closing(sqlite3.connect(space.workspace.journal_file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreAway, match="locked"):
            intake.take(space.office, claim)
        assert space.office.journal.read(f"depot/{claim.id}") == []
        other.rollback()
    space.recover()
    assert len(space.case(number).standing("grille")) == 1
    assert len(list(space.workspace.receipts.rglob("*grille.pdf.txt"))) == 1
    assert list(prove(space.office)) == []


# Upgrade

EARLIER = """
DROP TABLE to_show;
DROP TABLE listed;
DROP TABLE derived_by;
DELETE FROM marks WHERE kind = 'signer';
ALTER TABLE published RENAME TO recent;
CREATE TABLE published (
    stream VARCHAR(80) NOT NULL, position INTEGER NOT NULL, files JSON NOT NULL,
    PRIMARY KEY (stream)
);
INSERT INTO published SELECT stream, position, files FROM recent;
DROP TABLE recent;
"""


def to_the_earlier_schema(space: Space) -> None:
    """The tables as the version before wrote them: no `to_show`, no lists, no folder remembered."""
    space.close()
    with closing(sqlite3.connect(space.workspace.journal_file)) as connection:
        connection.executescript(EARLIER)


@pytest.mark.parametrize("stage", ["inscrit", "en session", "en signature"])
def test_an_upgrade_in_the_middle_of_cases_takes_what_waits_and_doubles_nothing(
    as_told: AsTold, signed_pv: dict[str, Path], stage: str
) -> None:
    space = as_told(stage)
    number = space.numbers()[-1]
    claimed, waiting = b"un fichier que la version d'avant a pris", b"un autre, qui attend"
    space.drop(claimed, "réclamé.txt")
    (seen,) = inbox.scan(space.workspace, ("inbox",))
    assert claims.claim(space.workspace, seen, now()) is not None
    space.drop(waiting, "en attente.txt")
    if stage == "en signature":
        space.drop(signed_pv["tous"], "pv.pdf")
    renamed = space.folder(number).rename(space.workspace.cases / f"URGENT {number}")
    to_the_earlier_schema(space)
    space.reopen()
    space.recover()
    space.work()
    space.catch_up()
    corrected = {p.read_bytes() for p in space.workspace.to_correct.iterdir() if p.is_file()}
    assert {claimed, waiting} <= corrected
    assert space.folder(number).name == renamed.name
    if stage == "en signature":
        assert "Terminé : parchemin délivré" in space.to_do(number)
    assert list(prove(space.office)) == []
    rows = space.office.journal.summaries("dossier")
    space.office.journal.rebuild()
    assert space.office.journal.summaries("dossier") == rows
    assert list(prove(space.office)) == []


def without_the_newest_settings(text: str) -> str:
    """The settings as the version before wrote them: sections made since are not there."""
    for section in ("surveillance", "conservation.documents"):
        assert f"[{section}]" in text
        text = re.sub(rf"(?ms)^\[{re.escape(section)}\]$.*?(?=^\[|\Z)", "", text)
    return text.replace("repos = 5.0", "repos = 0.1")


def test_after_an_upgrade_the_command_itself_takes_up_what_the_earlier_one_left(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    number, claimed = space.numbers()[-1], b"un fichier que la version d'avant a pris"
    space.drop(claimed, "r\u00e9clam\u00e9.txt")
    (seen,) = inbox.scan(space.workspace, ("inbox",))
    assert claims.claim(space.workspace, seen, now()) is not None
    space.drop(signed_pv["tous"], "pv.pdf")
    to_the_earlier_schema(space)
    rewrite(space.workspace.settings_file, without_the_newest_settings)
    command = [sys.executable, "-m", "watch.cli", "watch", "--once", str(space.workspace.share)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    space.reopen()
    assert claimed in {p.read_bytes() for p in space.workspace.to_correct.iterdir()}
    assert not list(space.workspace.claims.iterdir())
    assert "Terminé : parchemin délivré" in space.to_do(number)
    assert list(prove(space.office)) == []
