"""A document written by qpdf to a disk that may fill up: all of it, or OSError.

A write that fails while qpdf ends its own work ends the whole process, and qpdf’s job leaves a file
cut short without a word. Here the failure is kept until qpdf has finished, then raised.
"""

from io import BufferedWriter, FileIO, RawIOBase
from pathlib import Path
from typing import Any

import pikepdf

_AT_ONCE = 1 << 18


class _Kept(RawIOBase):
    """A file whose first failure is kept; what comes after it is not written."""

    def __init__(self, out: FileIO) -> None:
        self._out = out
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """All of it, as far as qpdf is told."""
        left = memoryview(data)
        try:
            while left and self.failure is None:
                left = left[self._out.write(left) :]
        except OSError as full:
            self.failure = full
        return len(data)


def save(pdf: pikepdf.Pdf, target: Path, **options: Any) -> None:
    """`pdf.save` to that file; OSError when it could not be written whole."""
    with FileIO(target, "w") as out:
        kept = _Kept(out)
        # qpdf writes a few bytes at a time: they are gathered before they come to Python.
        with BufferedWriter(kept, _AT_ONCE) as gathering:
            pdf.save(gathering, **options)
        if kept.failure is not None:
            raise kept.failure
