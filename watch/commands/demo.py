"""`parchemin demo`: the whole story of one candidate on real files, through the real watcher.

Invented people fill the forms with another library than ours, drop them in the folder, sign with
throw-away keys; the watcher is a process of its own, as in service.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from casefiles.errors import ParcheminError, SpaceHeld
from watch.commands.rehearsal import People
from watch.office import now, open_office
from watch.share.founding import create
from watch.share.workspace import locate

PATIENCE = 40.0
SETTLING = "0.3"


def play(space: Path) -> None:
    """Play the story in `space`, a folder that does not exist yet or holds an earlier demo."""
    console = Console(highlight=False)
    started = time.monotonic()
    _clear(space)
    story = _Story(space)
    with story.watcher():
        for words, chapter in story.chapters():
            began = time.monotonic()
            with console.status(words):
                chapter()
            console.print(f"[green]✓[/green] {words} [dim]({time.monotonic() - began:.1f} s)[/dim]")
    console.print(f"\nL’histoire a duré {time.monotonic() - started:.0f} secondes. À ouvrir :\n")
    for path in story.worth_opening():
        console.print(f"  {path}", markup=False, soft_wrap=True)
    parchemin = next(iter(story.worth_opening()))
    authority = next(story.space.keys.rglob("CA.pem"))
    console.print("\nPour vérifier le parchemin, en reconnaissant l’autorité d’essai :\n")
    command = f'parchemin verify "{parchemin}" --trust "{authority}"'
    console.print(f"  {command}", markup=False, soft_wrap=True)
    console.print(
        "\nTout y est vrai, sauf les personnes, les clés et la valeur : rien de ce qui est signé "
        "ici n’engage quiconque."
    )


def _clear(space: Path) -> None:
    """Make room for a new demo; only an earlier demo may be removed."""
    if not space.exists():
        return
    if any(space.iterdir()) and not (space / _MARK).exists():
        raise SpaceHeld(
            f"Le dossier « {space} » existe déjà et n’est pas une démonstration.",
            "Indiquez un autre dossier : parchemin demo DOSSIER.",
        )
    shutil.rmtree(space)


_MARK = ".demonstration"


class _Story:
    """The story: a share, its private side beside it, and the desk of everybody else."""

    def __init__(self, root: Path) -> None:
        desk = root / "Chez les autres"
        desk.mkdir(parents=True)
        (root / _MARK).touch()
        self.space = locate(root / "Partage")
        create(self.space, demo_keys=True, at=now())
        settings = self.space.settings_file
        text = re.sub(
            r"(?m)^repos = .*$", f"repos = {SETTLING}", settings.read_text(encoding="utf-8")
        )
        settings.write_text(text, encoding="utf-8")
        self.office = open_office(self.space)
        self.people = People(self.office, desk)
        self.number = ""
        self.reference = ""

    @contextmanager
    def watcher(self) -> Iterator[None]:
        """The daemon, as `parchemin watch` starts it."""
        command = [sys.executable, "-m", "watch.cli", "watch", str(self.space.share)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)

    def chapters(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What happens, in order."""
        yield "Zoé s’inscrit : son dossier s’ouvre, ses formulaires sont prêts", self.enrol
        yield "Modalités et huit grilles reviennent remplies, toutes à la fois", self.evaluate
        yield "L’entreprise remplit et signe son avis : le récapitulatif est prêt", self.give_avis
        yield "Le jury est composé, l’ordre du jour dressé", self.compose
        yield "Le bureau clôt l’ordre du jour : les pièces sont scellées", self.close
        yield "Le jury délibère ; le procès-verbal est dressé et certifié", self.decide
        yield "Les membres signent, le président en dernier : la décision est prise", self.sign_pv
        yield "Le parchemin est numéroté, dressé, signé et classé", self.deliver

    def enrol(self) -> None:
        """F1 dropped → the case and its forms."""
        self._until(lambda: self.people.blank("Dossier d’inscription"), "les formulaires vierges")
        self._drop(self.people.inscription(), "inscription Zoé.pdf")
        self.number = self._until(lambda: self._latest("dossier", "number"), "le dossier")
        self._until(lambda: self.people.case(self.number).issued, "les formulaires du dossier")

    def evaluate(self) -> None:
        """F4 and the eight F5."""
        self._drop(self.people.modalities(self.number), "modalites.pdf")
        for count, grid in enumerate(self.people.grids(self.number), start=1):
            self._drop(grid, f"scan{count:04d}.pdf")
        self._until(lambda: len(self.people.case(self.number).documents) == 10, "les grilles")

    def give_avis(self) -> None:
        """F6, signed by the employer’s own certificate."""
        self._drop(self.people.avis(self.number), "avis entreprise.pdf")
        case = self.people.case
        self._until(lambda: case(self.number).product("recapitulatif"), "le récapitulatif")

    def compose(self) -> None:
        """The composition opens the session."""
        self._drop(self.people.composition(self.number), "jury.pdf")
        self.reference = self._until(lambda: self._latest("session", "reference"), "la session")
        held = self.people.session
        self._until(lambda: held(self.reference).product("ordre-du-jour"), "l’ordre du jour")

    def close(self) -> None:
        """The office’s act, from Bureau."""
        self._drop(self.people.closing(self.reference), "clôture.pdf", self.space.office)
        self._until(lambda: self.people.session(self.reference).sheet, "la feuille de décisions")

    def decide(self) -> None:
        """The sheet makes the PV."""
        self._drop(self.people.sheet(self.reference), "decisions du jury.pdf")
        self._until(lambda: self.people.session(self.reference).pv, "le procès-verbal")

    def sign_pv(self) -> None:
        """Members, then the president."""
        self._drop(self.people.signed_minutes(self.reference), "PV signé.pdf")
        self._until(lambda: self.people.case(self.number).decision, "la décision")

    def deliver(self) -> None:
        """By delegation of the demonstration’s certifier; the board says so last."""
        self._until(lambda: list(self.space.done.rglob("Parchemin *.pdf")), "le parchemin")
        board = self.space.board
        self._until(lambda: "Terminé" in board.read_text(encoding="utf-8"), "le tableau")

    def worth_opening(self) -> Iterator[Path]:
        """The files to look at, the parchemin first."""
        for pattern in (
            "5 Terminés/*/Produits/Parchemin*.pdf",
            "4 Jurys/*/Procès-verbal signé*.pdf",
            "4 Jurys/*/Pièces*.pdf",
            "5 Terminés/*/Produits/Récapitulatif*.pdf",
            "5 Terminés/*/Reçus/Avis*.pdf",
            "5 Terminés/*/HISTORIQUE.txt",
            "TABLEAU.html",
        ):
            yield from sorted(self.space.share.glob(pattern))

    def _drop(self, source: Path, name: str, folder: Path | None = None) -> None:
        shutil.copyfile(source, (folder or self.space.drop_here) / name)

    def _latest(self, kind: str, key: str) -> str:
        found = self.office.journal.summaries(kind)
        return str(found[-1][2][key]) if found else ""

    def _until(self, ready: Callable[[], Any], words: str) -> Any:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := ready():
                return found
            time.sleep(0.05)
        raise ParcheminError(
            f"On attendait {words}, en vain, pendant {PATIENCE:.0f} secondes.",
            "Regardez « 3 À corriger » et les accusés de réception de la démonstration.",
        )
