"""Sentences on a terminal: folded where French lets a line end, never before « : » or a guillemet.

Imported late by the commands that use it: rich takes a moment.
"""

import re

from rich import _wrap
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from forms.typography import french

# Rich ends a line at any space, no-break ones too; only these may end one.
vars(_wrap)["re_word"] = re.compile(r"[ \t\n]*[^ \t\n]+[ \t\n]*")


def terminal() -> Console:
    """What is told is told as it stands: no colour for numbers, no markup in a file’s name."""
    return Console(highlight=False)


def say(console: Console, words: str, indent: int = 0) -> None:
    """Those words, every folded line as far from the margin as the first."""
    console.print(Padding(Text(french(words)), (0, 0, 0, indent), expand=False))
