"""`parchemin demo`: whole stories on real files, through the real watcher, chapter by chapter.

Invented people fill the forms with another library than ours, drop them in the folder, sign with
throw-away keys; the watcher is a process of its own, as in service. Each chapter is data with its
scenes (`tmp`, `opea`, `tmroa`); `stage` holds the hands they share.
"""

import shlex
import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.padding import Padding

from casefiles.errors import SpaceHeld
from watch.commands.demo import opea, tmp, tmroa
from watch.commands.demo.chapter import Chapter
from watch.commands.demo.stage import Setting, Stage
from watch.commands.terminal import say, terminal

CHAPTERS = {
    chapter.key: chapter
    for chapter in (
        tmp.OBTAINED,
        tmp.BY_BLOCS,
        opea.TOO_LATE,
        tmp.BEFORE_A_JURY,
        tmroa.TO_A_SPECIMEN,
        opea.IN_TWO_ATTEMPTS,
        opea.BY_VAE,
    )
}
_MARK = ".demonstration"


def play(root: Path, keys: Sequence[str] = tuple(CHAPTERS)) -> None:
    """Play those chapters in `root`, a folder that does not exist yet or holds an earlier demo."""
    console = terminal()
    started = time.monotonic()
    _clear(root)
    stages: dict[Setting, Stage] = {}
    with ExitStack() as watching:
        for chapter in (CHAPTERS[key] for key in keys):
            _head(console, chapter)
            if chapter.setting not in stages:
                stages[chapter.setting] = Stage(root, chapter.setting)
                watching.enter_context(stages[chapter.setting].watcher())
            _play(console, chapter, stages[chapter.setting])
    lasted = time.monotonic() - started
    console.print(f"\nCela a duré {lasted:.0f} secondes. À ouvrir :")
    for chapter in (CHAPTERS[key] for key in keys):
        _worth_opening(console, chapter, stages[chapter.setting])
    _verification(console, stages.values())
    console.print(
        "\nTout y est vrai, sauf les personnes, les clés et la valeur : rien de ce qui est signé "
        "ici n’engage quiconque."
    )


def _clear(root: Path) -> None:
    """Make room for a new demo; only an earlier demo may be removed."""
    if root.exists():
        if any(root.iterdir()) and not (root / _MARK).exists():
            raise SpaceHeld(
                f"Le dossier « {root} » existe déjà et n’est pas une démonstration.",
                "Indiquez un autre dossier : parchemin demo DOSSIER.",
            )
        shutil.rmtree(root)
    root.mkdir(parents=True)
    (root / _MARK).touch()


def _head(console: Console, chapter: Chapter) -> None:
    console.print(f"\n[bold]{chapter.title}[/bold]")
    if chapter.foreword:
        console.print(Padding(chapter.foreword, (0, 0, 0, 2)), style="italic")


def _play(console: Console, chapter: Chapter, stage: Stage) -> None:
    """Each scene is announced, then played, then ticked off with what it had to say."""
    scenes = chapter.scenes(stage)
    words = next(scenes, None)
    while words is not None:
        began = time.monotonic()
        with console.status(words):
            following = next(scenes, None)
        lasted = f"{time.monotonic() - began:.1f}".replace(".", ",")
        console.print(f"[green]✓[/green] {words} [dim]({lasted}\N{NO-BREAK SPACE}s)[/dim]")
        for said in stage.told:
            say(console, said, 4)
        stage.told.clear()
        words = following


def _worth_opening(console: Console, chapter: Chapter, stage: Stage) -> None:
    console.print(f"\n{chapter.title}")
    for pattern in chapter.worth_opening:
        for path in stage.found(pattern):
            console.print(f"  {path}", markup=False, soft_wrap=True)


def _verification(console: Console, stages: Iterable[Stage]) -> None:
    """The command that verifies one parchemin of each office, where there is one."""
    ours = shlex.quote(sys.argv[0])  # as it was called: it may not be on the PATH
    commands = [
        f'{ours} verify "{parchemin}" --trust "{next(stage.space.keys.rglob("CA.pem"))}"'
        for stage in stages
        for parchemin in stage.found("5 Terminés/*/Produits/Parchemin*.pdf")[:1]
    ]
    if commands:
        console.print("\nPour vérifier un parchemin, en reconnaissant l’autorité d’essai :\n")
    for command in commands:
        console.print(f"  {command}", markup=False, soft_wrap=True)
