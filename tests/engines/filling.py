"""What every filling engine promises, and how its refusals read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

Answer = str | bool | list[str]
"""Text as it is typed, a tick as a bool, a radio or a choice as its export name(s)."""

Answers = Mapping[str, Answer]


class FillingError(RuntimeError):
    """The engine could not do what a person would have done: unknown, locked or hidden field."""


class Filler(Protocol):
    """Fills a form by field name, and gives back the bytes the engine saved."""

    @property
    def name(self) -> str: ...

    def fill(self, pdf: bytes | Path, answers: Answers) -> bytes: ...


def content(pdf: bytes | Path) -> bytes:
    return pdf.read_bytes() if isinstance(pdf, Path) else pdf
