"""A document written by qpdf to a disk that may fill up: all of it, or OSError.

A write that fails while qpdf ends its own work ends the whole process, and qpdf’s job leaves a file
cut short without a word. Here the failure is kept until qpdf has finished, then raised.
"""

from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf


class _Kept:
    """A file whose first failure is kept; what comes after it is not written."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        """All of it, as far as qpdf is told."""
        if self.failure is None:
            try:
                self._out.write(data)
            except OSError as full:
                self.failure = full
        return len(data)

    def flush(self) -> None:
        """Nothing: what is left is written as the file is closed."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


def save(pdf: pikepdf.Pdf, target: Path, **options: Any) -> None:
    """`pdf.save` to that file; OSError when it could not be written whole."""
    with target.open("wb") as out:
        kept = _Kept(out)
        pdf.save(cast(BinaryIO, kept), **options)
        if kept.failure is not None:
            raise kept.failure
