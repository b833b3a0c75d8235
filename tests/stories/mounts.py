"""A mounted folder that is away: what a process sees of it is another folder, and it is empty."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def away(folder: Path) -> Iterator[Path]:
    """That folder, empty where it was mounted; what is in it is back at the end.

    AssertionError when something was written there meanwhile: it would be hidden from now on.
    """
    elsewhere = folder.with_name("ailleurs")
    folder.rename(elsewhere)
    folder.mkdir()
    try:
        yield folder
    finally:
        assert list(folder.iterdir()) == [], "something was written under the mount point"
        folder.rmdir()
        elsewhere.rename(folder)
