"""The same folder under the real daemon: real files, good and bad together, and sudden deaths."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psutil
import pytest

from casefiles.events import DropAnswered
from tests.stories import faulty
from tests.stories.conftest import AsTold
from tests.stories.space import Space, rewrite
from watch.commands.deep import prove

pytestmark = pytest.mark.long

PATIENCE = 60.0


def parchemin(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "watch.cli", *words],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


@contextmanager
def watched(space: Space) -> Iterator[subprocess.Popen[bytes]]:
    """`parchemin watch`, in a group of processes of its own."""
    daemon = subprocess.Popen(
        [sys.executable, "-m", "watch.cli", "watch", str(space.workspace.share)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield daemon
    finally:
        if daemon.poll() is None:
            daemon.terminate()
        daemon.wait(timeout=PATIENCE)


def killed(daemon: subprocess.Popen[bytes]) -> None:
    """The power fails: the daemon and its workers at once, without a word."""
    os.killpg(daemon.pid, signal.SIGKILL)
    daemon.wait(timeout=PATIENCE)


def workers_killed(daemon: subprocess.Popen[bytes]) -> None:
    """Every worker at once; the watcher lives on and hires others."""
    workers = [
        child
        for child in psutil.Process(daemon.pid).children()
        if "watch.service.worker" in child.cmdline()
    ]
    assert workers
    for worker in workers:
        worker.kill()
    _, alive = psutil.wait_procs(workers, timeout=PATIENCE)
    assert not alive
    assert daemon.poll() is None


def watcher_killed(daemon: subprocess.Popen[bytes]) -> None:
    """The watcher alone; nobody it started outlives it."""
    family = psutil.Process(daemon.pid).children(recursive=True)
    assert family
    os.kill(daemon.pid, signal.SIGKILL)
    daemon.wait(timeout=PATIENCE)
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert not alive


def eventually(true: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "what was waited for did not happen"
        time.sleep(0.02)


def answered(space: Space) -> dict[str, DropAnswered]:
    found = {}
    for stream, _, _ in space.office.journal.summaries("depot"):
        if stream.startswith("depot/acte-"):
            continue
        event = space.office.journal.read(stream)[-1].event
        assert isinstance(event, DropAnswered)
        assert event.name not in found, "a drop was answered twice"
        found[event.name] = event
    return found


def has_answered(space: Space, at_least: int) -> bool:
    return len(answered(space)) >= at_least


@pytest.fixture
def office(as_told: AsTold) -> Space:
    space = as_told("inscrit")
    rewrite(space.workspace.settings_file, lambda text: text.replace("repos = 5.0", "repos = 0.2"))
    return space


def test_killed_again_and_again_the_daemon_loses_nothing_and_takes_nothing_twice(
    office: Space, signed_avis: Path
) -> None:
    number = office.numbers()[-1]
    already = len(answered(office))
    good = {"modalités.pdf": office.modalities(number), "avis.pdf": signed_avis}
    for place, competence in enumerate(office.competences(number), start=1):
        good[f"grille {place}.pdf"] = office.grid(number, competence)
    bad = {
        "vide.pdf": b"",
        "lettre.docx": faulty.docx(),
        "vacances.pdf": faulty.brochure(),
        "non signé.pdf": office.avis(number).read_bytes(),
    }
    for name, source in good.items():
        office.drop(source, name)
    for name, content in bad.items():
        office.drop(content, name)
    total = already + len(good) + len(bad)
    deaths = ((2, workers_killed), (5, watcher_killed), (8, killed), (10, workers_killed))
    for reached, die in deaths:
        with watched(office) as daemon:
            eventually(partial(has_answered, office, already + reached))
            die(daemon)
    with watched(office):
        eventually(lambda: len(answered(office)) == total)
        eventually(lambda: office.case(number).product("recapitulatif"))
        eventually(lambda: not list(office.workspace.claims.iterdir()))
        eventually(lambda: not office.office.journal.unpublished())
    outcomes = {name: a.outcome for name, a in answered(office).items()}
    assert {n: o for n, o in outcomes.items() if n in good} == dict.fromkeys(good, "accepted")
    assert {n: o for n, o in outcomes.items() if n in bad} == dict.fromkeys(bad, "refused")
    assert len(office.case(number).documents) == 1 + len(good)
    for name, content in bad.items():
        assert (office.workspace.to_correct / name).read_bytes() == content
        assert (office.workspace.to_correct / f"{name} - POURQUOI.txt").is_file()
    assert not list(office.workspace.drop_here.iterdir())
    assert list(prove(office.office)) == []
    assert "Prêt pour un jury" in office.to_do(number)
    told = parchemin("status", office.workspace.share, "--json")
    assert told.returncode == 0
    (case,) = json.loads(told.stdout)["cases"]
    assert case["stage"] == "Prêt pour un jury"
    assert number in office.workspace.board.read_text(encoding="utf-8")


def test_the_command_does_an_act_while_the_daemon_watches_and_both_agree(office: Space) -> None:
    number = office.numbers()[-1]
    share = office.workspace.share
    with watched(office):
        words = ("--par", "Mireille EXEMPLE-ROBIN", "--motif", "À sa demande.")
        done = parchemin("act", share, "abandonner", number, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Abandonné" in office.to_do(number)
        again = parchemin("act", share, "abandonner", number, *words)
        assert again.returncode == 1
        assert "déjà abandonné" in again.stdout + again.stderr
        assert not list(office.workspace.to_correct.iterdir())
        office.drop(office.modalities(number), "modalités.pdf")
        eventually(lambda: "modalités.pdf" in answered(office))
    assert answered(office)["modalités.pdf"].outcome == "refused"
    assert "abandonné" in answered(office)["modalités.pdf"].reasons[0]


def test_two_watches_begun_at_once_on_one_folder_leave_one_and_double_nothing(
    office: Space,
) -> None:
    number, before = office.numbers()[-1], len(answered(office))
    for place, part in enumerate(office.competences(number)):
        office.drop(office.grid(number, part), f"grille {place}.pdf")
    share = office.workspace.share
    with watched(office) as one, watched(office) as two:
        eventually(lambda: one.poll() is not None or two.poll() is not None)
        first, second = (one, two) if two.poll() is not None else (two, one)
        assert second.returncode == 2
        told = parchemin("watch", share)
        assert told.returncode == 2
        assert f"processus {first.pid}" in " ".join((told.stdout + told.stderr).split())
        total = before + len(office.competences(number))
        eventually(lambda: len(answered(office)) == total)
        eventually(lambda: not list(office.workspace.claims.iterdir()))
        eventually(lambda: not office.office.journal.unpublished())
        assert first.poll() is None
    assert len(office.case(number).standing("grille")) == len(office.competences(number))
    assert list(prove(office.office)) == []
