"""kill -9 at every system call between claim, store, commit, effect, publication and receipt.

Then full disks, bad disks and a share turned read-only, at every call that writes. The short form
takes a sample of the calls; PARCHEMIN_LONG=entier takes them all, more than a thousand deaths.
"""

import hashlib
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from casefiles.events import ParcheminSigned, PiecesSealed, PvIssued, StepFailed
from tests.length import WHOLE
from tests.stories import remembered, stepping
from tests.stories.conftest import AsTold
from tests.stories.on_paper import a_heap, a_message
from tests.stories.space import Space
from tests.stories.stepping import Call
from watch.commands.deep import prove
from watch.confinement.sandbox import Sandbox
from watch.office import Clock, now

pytestmark = pytest.mark.long

# The calls an everyday run steps through, for each chapter.
SAMPLE = 3


@dataclass(frozen=True)
class Chapter:
    """A stage, what is dropped there, and the office’s work on it, whole once."""

    stage: str
    drop: Callable[[Space], None]


def a_grid(space: Space) -> None:
    space.drop(space.grid(space.numbers()[-1], "BDC1.1"), "grille.pdf")


def an_inscription(space: Space) -> None:
    space.drop(space.inscription(), "inscription.pdf")


def the_closing(space: Space) -> None:
    """The agenda’s closing: *Pièces* are sealed."""
    from watch.commands.rehearsal import answers as people

    answers = people.closing(space.session().reference, space.today)
    filled = space.filled(space.blank("Demande du bureau"), answers)
    space.drop(filled, "clôture.pdf", door="bureau")


def the_decisions(space: Space) -> None:
    """The jury’s sheet: a PV is drawn and certified."""
    space.drop(space.sheet(), "feuille.pdf")


def nonsense(space: Space) -> None:
    space.drop(b"rien que du texte", "liste de courses.txt")


def a_draft_in_place(space: Space) -> None:
    number = space.numbers()[-1]
    space.save_in_place(number, "grille", "BDC1.1", space.grid(number, "BDC1.1"))


def over_the_blank(space: Space) -> None:
    """Filled in « Formulaires vierges », and saved over the blank itself."""
    filled = space.inscription()
    space.blank("Dossier d’inscription").write_bytes(filled.read_bytes())


def corrected_where_it_was_sent_back(space: Space) -> None:
    wrong = space.inscription({"candidate/birth_date": "31/02/1999"})
    assert space.hand_in(wrong, "Zoé.pdf").outcome == "refused"
    filled = space.inscription()
    (space.workspace.to_correct / "Zoé.pdf").write_bytes(filled.read_bytes())


CHAPTERS = {
    "inscription": Chapter("nouveau", an_inscription),
    "vierge sur place": Chapter("nouveau", over_the_blank),
    "corrigé sur place": Chapter("nouveau", corrected_where_it_was_sent_back),
    "grille": Chapter("inscrit", a_grid),
    "grille sur place": Chapter("inscrit", a_draft_in_place),
    "refus": Chapter("inscrit", nonsense),
    "message": Chapter("inscrit", lambda space: space.drop(a_message(space), "grilles.eml")),
    "tas": Chapter("inscrit", lambda space: space.drop(a_heap(space), "tout.tif")),
    "scellement": Chapter("en session", the_closing),
    "procès-verbal": Chapter("clos", the_decisions),
    "parchemin": Chapter("en signature", lambda space: None),
}


class Stage:
    """A chapter about to be worked on, copied anew for each fault."""

    def __init__(self, model: Path, sandbox: Sandbox, scratch: Path) -> None:
        self._model, self._sandbox, self._scratch = model, sandbox, scratch
        self.root = scratch / "espace"

    def renew(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self._model, self.root, symlinks=True)

    def work(self) -> None:
        """Claim, take in, do what follows: one process’s whole life."""
        space = self.open()
        space.work()
        space.close()

    def recover(self) -> None:
        """What whoever comes after a death does, in its turn."""
        space = self.open()
        space.recover()
        space.work()
        space.recover()
        space.close()

    def open(self, clock: Clock = now) -> Space:
        return Space(self.root, sandbox=self._sandbox, clock=clock)

    def remember(self) -> None:
        """Read the chapter’s files once: most of its time, and nothing of what is stepped through.

        A few deaths by day are not worth it.
        """
        if not WHOLE:
            return
        self.renew()
        real, self._sandbox = self._sandbox, remembered.Noting(self._sandbox)
        try:
            self.work()
            noted = self._sandbox.noted
        finally:
            self._sandbox = real
        if noted:
            sys.path.append(str(self._scratch))
            self._server = remembered.server_that_read(noted, self._scratch)
            self._server.in_force()
            self._sandbox = Sandbox(self._server.address)

    def calls(self) -> list[Call]:
        self.remember()
        self.renew()
        return stepping.calls_of(self.work, self._scratch)

    def ending(self) -> "Ending":
        """What everything comes to, once recovered if need be, and what failed has rested."""
        space = self.open(lambda: now() + timedelta(minutes=1))
        try:
            space.recover()
            space.work()
            space.recover()
            assert list(prove(space.office)) == []
            assert not list(space.workspace.claims.iterdir())
            assert not list(space.workspace.drop_here.iterdir())
            assert not list(space.workspace.staging.iterdir())
            return ending_of(space)
        finally:
            space.close()

    def killed_at(self, call: Call) -> stepping.Ended:
        self.renew()
        return stepping.killed_at(self.work, self._scratch, call)

    def reads(self, names: tuple[str, ...]) -> stepping.Ended:
        """The work undisturbed, and what it reads."""
        return stepping.run(self.work, self._scratch, f"trace={','.join(names)}")

    def failing(self, names: tuple[str, ...], error: str, when: str) -> stepping.Ended:
        self.renew()
        return stepping.failing(self.work, self._scratch, names, error, when)


@dataclass(frozen=True)
class Ending:
    """What may not depend on what went wrong: streams, their lengths, files, seals, numbers."""

    streams: Mapping[str, int]
    files: tuple[str, ...]
    received: tuple[str, ...]
    once: tuple[tuple[str, int], ...]


def differences(found: Ending, wanted: Ending) -> list[str]:
    """What is there and should not be (+), what is not and should (-)."""
    told = []
    for name in ("streams", "once"):
        one, other = dict(getattr(found, name)), dict(getattr(wanted, name))
        changed = {k for k in one.keys() | other.keys() if one.get(k) != other.get(k)}
        told += [f"{k}: {one.get(k)} for {other.get(k)}" for k in sorted(changed)]
    for sign, one, other in (("+", found, wanted), ("-", wanted, found)):
        for name in ("files", "received"):
            extra = Counter(getattr(one, name)) - Counter(getattr(other, name))
            told += [f"{sign} {value}" for value in sorted(extra.elements())]
    return told


def ending_of(space: Space) -> Ending:
    journal, share = space.office.journal, space.workspace.share
    streams: dict[str, int] = {}
    once: dict[str, int] = {}
    for stream, position in journal.positions().items():
        kind = stream.split("/")[0]
        recorded = journal.read(stream)
        # A disk that was bad once has made a step fail, and say so.
        length = position - sum(isinstance(one.event, StepFailed) for one in recorded)
        streams[kind if kind == "depot" else stream] = (
            streams.get(kind, 0) + length if kind == "depot" else length
        )
        for one in recorded:
            if isinstance(one.event, ParcheminSigned | PiecesSealed | PvIssued):
                once[one.event.type] = once.get(one.event.type, 0) + 1
    return Ending(
        streams,
        tuple(sorted(plain_name(p, share) for p in share.rglob("*"))),
        tuple(sorted(d.sha256 for n in space.numbers() for d in space.case(n).documents)),
        tuple(sorted(once.items())),
    )


def plain_name(path: Path, share: Path) -> str:
    """Marks and hours differ from one run to the next; a folder counts too, were it empty."""
    name = re.sub(r"D-[A-Z2-7]{8}|\d\dh\d\d", "…", path.relative_to(share).as_posix())
    return name if path.is_file() else f"{name}/"


@pytest.fixture
def stage(
    request: pytest.FixtureRequest,
    as_told: AsTold,
    signed_pv: dict[str, Path],
    sandbox: Sandbox,
    tmp_path: Path,
) -> Stage:
    return Stage(waiting(request.param, as_told, signed_pv).root, sandbox, tmp_path)


def waiting(name: str, as_told: AsTold, signed_pv: dict[str, Path]) -> Space:
    """The space of that chapter, closed, with what it drops waiting in the inbox."""
    chapter = CHAPTERS[name]
    model = as_told(chapter.stage)
    chapter.drop(model)
    if name == "parchemin":
        model.drop(signed_pv["tous"], "pv.pdf")
    model.close()
    return model


def sampled(calls: list[Call]) -> list[Call]:
    """All of them; every day, some spread over the whole, never the same spot of two chapters."""
    if WHOLE:
        return calls
    step = max(len(calls) // SAMPLE, 1)
    return calls[step // 2 :: step]


@pytest.mark.parametrize("stage", CHAPTERS, indirect=True)
def test_a_death_at_any_call_loses_nothing_and_doubles_nothing(stage: Stage) -> None:
    calls = stage.calls()
    undisturbed = stage.ending()
    deaths = 0
    for call in sampled(calls):
        ended = stage.killed_at(call)
        deaths += ended.killed
        # SQLite moves its log into its file when it has grown: once more, once less in a run.
        assert ended.killed or (
            ended.code == 0 and ended.trace.count(f"{call.name}(") < call.number
        )
        assert differences(stage.ending(), undisturbed) == [], str(call)
    assert deaths >= len(sampled(calls)) - FEWER, "processes were not killed"


# How many calls of the run that was counted another run may do without.
FEWER = 3

WRITES = (
    "write", "pwrite64", "fsync", "fdatasync", "mkdir", "rename", "link", "linkat", "ftruncate",
)  # fmt: skip


@pytest.mark.parametrize("stage", CHAPTERS if WHOLE else ["grille", "refus"], indirect=True)
@pytest.mark.parametrize(
    ("error", "after"), [("ENOSPC", "+"), ("EIO", ""), ("EROFS", "+")], ids=["plein", "abîmé", "ro"]
)
def test_a_disk_that_fails_at_any_write_loses_nothing(stage: Stage, error: str, after: str) -> None:
    """Full or read-only: from that call on. Bad: that once."""
    calls = [call for call in stage.calls() if call.name in WRITES]
    undisturbed = stage.ending()
    refused = 0
    for call in sampled(calls):
        ended = stage.failing((call.name,), error, f"{call.number}{after}")
        refused += bool(ended.injected)
        assert ended.injected or ended.made(call.name) < call.number, f"{call}: nothing was refused"
        assert not ended.signal, str(call)
        assert differences(stage.ending(), undisturbed) == [], f"{call} ({error})"
    assert refused >= len(sampled(calls)) - FEWER, "nothing was refused"


READS = ("openat", "read", "pread64", "newfstatat", "getdents64")


@pytest.mark.parametrize("stage", CHAPTERS if WHOLE else ["grille sur place"], indirect=True)
def test_a_disk_that_fails_at_any_read_loses_nothing_and_believes_nothing(stage: Stage) -> None:
    """What could not be read is neither « not there », nor another answer, nor another drawing."""
    stage.remember()
    stage.renew()
    undisturbed = stage.reads(READS)
    wanted = stage.ending()
    for name in READS:
        calls = [Call(name, n) for n in range(1, undisturbed.made(name) + 1)]
        assert calls or name == "getdents64", f"nothing was read by {name}"
        for call in sampled(calls):
            ended = stage.failing((call.name,), "EIO", str(call.number))
            assert ended.injected or ended.made(call.name) < call.number, f"{call}: it was read"
            assert not ended.signal, str(call)
            assert differences(stage.ending(), wanted) == [], str(call)


@pytest.mark.parametrize("stage", CHAPTERS if WHOLE else ["grille"], indirect=True)
def test_the_files_dropped_are_the_files_kept(stage: Stage) -> None:
    """The checker itself leans on the originals: here the bytes are counted from outside."""
    stage.renew()
    space = stage.open()
    doors = (space.workspace.drop_here, space.workspace.office)
    dropped = {hashlib.sha256(p.read_bytes()).hexdigest() for d in doors for p in d.iterdir()}
    space.close()
    stage.killed_at(stage.calls()[-1])
    stage.ending()
    kept = stage.root / "Partage.prive" / "originals"
    held = {hashlib.sha256(p.read_bytes()).hexdigest() for p in kept.glob("??/*")}
    assert dropped <= held
