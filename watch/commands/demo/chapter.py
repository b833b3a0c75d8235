"""What a chapter of the demonstration is: the office it happens in, its scenes, what to open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from watch.commands.demo.stage import Setting, Stage

Scenes = Callable[[Stage], Iterator[str]]

TODAY = Setting(name="Partage", offers=("cqpm-tmp", "cqpm-opea", "cqp-tmroa"))


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One story. `scenes` says what is about to happen, then does it before the next.

    key: its name on the command line. foreword: what the reader must know first. worth_opening:
    patterns of files of the share, the first first.
    """

    key: str
    title: str
    setting: Setting
    scenes: Scenes
    foreword: str = ""
    worth_opening: tuple[str, ...] = ()
