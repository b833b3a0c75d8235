"""What stands in « 3 À corriger » with its note: files that are in no case, and wait for somebody.

Read from the folder itself: a file that people took back is no longer waited for.
"""

import os
import unicodedata
from contextlib import suppress
from pathlib import Path

from watch.share.naming import NOTES

_REFUSED, _WAITING = (f" - {NOTES[outcome]}.txt" for outcome in ("refused", "waiting"))


def unfiled(to_correct: Path) -> tuple[list[str], list[str]]:
    """The names of the files sent back, and of those the office must decide on."""
    names: list[str] = []
    with suppress(OSError):  # a share that left shows nothing
        names = sorted(unicodedata.normalize("NFC", one) for one in os.listdir(to_correct))
    refused = [one.removesuffix(_REFUSED) for one in names if one.endswith(_REFUSED)]
    waiting = [one.removesuffix(_WAITING) for one in names if one.endswith(_WAITING)]
    return refused, waiting
