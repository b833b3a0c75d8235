"""An office for the tests of dispatch and daemon: it records what it was asked, nothing else.

The behaviour asked for is read in the dropped file’s own words (« mourir », « échouer »…).
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from casefiles.errors import SettingsError
from casefiles.originals import Originals
from watch.doors import claims
from watch.doors.claims import Claim
from watch.share.workspace import Workspace


@dataclass
class FakeOffice:
    workspace: Workspace
    originals: Originals
    ballast: bytes = b""

    def write(self, line: str) -> None:
        with (self.workspace.private / "fait.txt").open("a", encoding="utf-8") as out:
            out.write(line + "\n")


def open_office(workspace: Workspace) -> FakeOffice:
    return FakeOffice(workspace, Originals(workspace.originals))


def refuse_to_open(workspace: Workspace) -> FakeOffice:
    raise SettingsError("Les réglages sont illisibles.", "Corrigez-les.")


def take(office: FakeOffice, claim: Claim) -> tuple[str, ...]:
    text = "" if claim.refusal else claim.file.read_text(encoding="utf-8")
    once = office.workspace.private / f"{claim.id}.vu"
    if "mourir" in text and not once.exists():
        once.touch()
        os._exit(9)
    if "échouer" in text and not once.exists():
        once.touch()
        raise KeyError(text)
    if "toujours" in text:
        raise KeyError(text)
    if "semer" in text:
        folder = office.workspace.cases / "2026-0001" / "À remplir"
        folder.mkdir(parents=True)
        (folder / "récolte.txt").write_text("bonjour", encoding="utf-8")
    if not claim.refusal:
        claims.stable_copy(claim, office.originals)
    office.write(f"pris {claim.door} {claim.name}")
    claims.finish(office.workspace, claim, office.originals)
    return (f"depot/{claim.id}",)


def advance(office: FakeOffice, stream: str) -> tuple[str, ...]:
    office.write(f"début {stream} {os.getpid()} {time.monotonic_ns()}")
    if stream.startswith("lent/"):
        gate = office.workspace.private / "barrière"
        while not gate.exists():
            time.sleep(0.01)
    if stream.startswith("gros/"):
        office.ballast = b"\1" * 220_000_000
    if stream.startswith("mortel/"):
        os._exit(9)
    office.write(f"fin {stream} {os.getpid()} {time.monotonic_ns()}")
    return ("dossier/suite",) if stream == "dossier/tête" else ()


def done(private: Path) -> list[str]:
    file = private / "fait.txt"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
