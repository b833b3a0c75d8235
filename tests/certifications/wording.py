"""Official wording compared letter for letter, blind to what PDF extraction loses.

Spaces, line breaks, bullets, punctuation and accents on capitals are left aside; every other
letter and figure counts.
"""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

EXCERPTS = Path(__file__).parent / "excerpts"


def letters(text: str) -> str:
    """The letters and figures alone, in order; capitals without their accents."""
    composed = unicodedata.normalize("NFC", text)
    bare = (unicodedata.normalize("NFD", c)[0] if c.isupper() else c for c in composed)
    return re.sub(r"[\W_]", "", "".join(bare))


def excerpt(seed: str) -> str:
    """The kept passages of a source document, header included."""
    return (EXCERPTS / f"{seed}.txt").read_text(encoding="utf-8")


def source_hash(seed: str) -> str:
    """The SHA-256 of the whole document, as its excerpt’s header gives it."""
    return re.search(r"SHA-256 du document entier : ([0-9a-f]{64})", excerpt(seed)).group(1)  # type: ignore[union-attr]


def without(official: str, texts: Iterable[str]) -> tuple[str, list[str]]:
    """What remains of `official` once each text is taken out once, and the texts not found."""
    remaining, missing = letters(official), []
    for text in sorted(texts, key=len, reverse=True):
        if letters(text) in remaining:
            remaining = remaining.replace(letters(text), "|", 1)
        else:
            missing.append(text)
    return remaining, missing
