"""The bytes we received or made, kept for ever under their SHA-256; it cannot read them.

A file stands at `root/ab/cdef…`, readable by its owner alone. It appears whole or not at all, and
is never written again.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from casefiles.system import NEW_FILE, open_regular, sync_folder

_PIECE = 1 << 20


class StoreAway(OSError):
    """The store is not mounted, or another folder stands in its place."""


class Originals:
    """A content-addressed store under one private folder.

    mark: a file that the store holds; where it is not seen, the store is away (StoreAway): nothing
    is kept there, nor said never to have been. "": a store that cannot be away by itself.
    """

    def __init__(self, root: Path, mark: str = "") -> None:
        self.root = root
        self._mark = mark

    def must_be_present(self) -> None:
        """StoreAway when it is not."""
        if self._mark and not (self.root / self._mark).is_file():
            raise StoreAway(errno.ENOTCONN, "le dossier des originaux n’est pas là")

    def put(self, content: bytes | Path) -> str:
        """Keep the bytes, or a file’s; their SHA-256 in hexadecimal.

        A path must lead to a regular file: a link, a pipe or a device is never opened, and raises
        UnreadableFile. On return the bytes would survive a power cut.
        """
        self.must_be_present()
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        staged = self.root / f".{token_hex(8)}.tmp"
        try:
            sha256 = _write(staged, content)
            self._settle(staged, sha256)
        finally:
            with suppress(FileNotFoundError):
                staged.unlink()
        return sha256

    def _settle(self, staged: Path, sha256: str) -> None:
        kept = self.path(sha256)
        if kept.exists():
            return
        made = not kept.parent.exists()
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        staged.rename(kept)
        sync_folder(kept.parent)
        if made:
            sync_folder(self.root)

    def path(self, sha256: str) -> Path:
        """Where these bytes stand, or would; KeyError when it is no SHA-256."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise KeyError(sha256)
        return self.root / sha256[:2] / sha256[2:]

    def get(self, sha256: str) -> bytes:
        """The bytes; KeyError when they were never kept."""
        try:
            return self.path(sha256).read_bytes()
        except FileNotFoundError:
            self.must_be_present()
            raise KeyError(sha256) from None

    def __contains__(self, sha256: str) -> bool:
        found = self.path(sha256).is_file()
        if not found:
            self.must_be_present()
        return found

    def every(self) -> Iterator[str]:
        """The SHA-256 of everything kept, in order."""
        self.must_be_present()
        for folder in sorted(self.root.glob("??")):
            for kept in sorted(folder.iterdir()):
                yield folder.name + kept.name

    def set_aside(self, sha256: str) -> None:
        """Take the bytes away for a while, to be given back or deleted; nothing when they lack."""
        self.must_be_present()
        with suppress(FileNotFoundError):
            self.path(sha256).rename(self._aside(sha256))

    def give_back(self, sha256: str) -> None:
        """Put bytes that were set aside in their place again."""
        with suppress(FileNotFoundError):
            self._aside(sha256).rename(self.path(sha256))

    def delete(self, sha256: str) -> None:
        """Delete bytes that were set aside, for good."""
        self._aside(sha256).unlink(missing_ok=True)

    def _aside(self, sha256: str) -> Path:
        return self.root / f".{sha256}.aside"

    def tidy(self) -> int:
        """Take away what writings cut short have left, and give back what was set aside; how many.

        No writer may be at work.
        """
        left = list(self.root.glob(".*.tmp"))
        for one in left:
            one.unlink(missing_ok=True)
        aside = [one.name[1:-6] for one in self.root.glob(".*.aside")]
        for sha256 in aside:
            self.give_back(sha256)
        return len(left) + len(aside)

    def damaged(self) -> Iterator[Path]:
        """The kept files that no longer are what their address says."""
        self.must_be_present()
        for folder in sorted(self.root.glob("??")):
            for kept in sorted(folder.iterdir()):
                with kept.open("rb") as bytes_:
                    found = hashlib.file_digest(bytes_, "sha256").hexdigest()
                if found != folder.name + kept.name:
                    yield kept


def _write(staged: Path, content: bytes | Path) -> str:
    digest = hashlib.sha256()
    handle = os.open(staged, NEW_FILE, 0o600)
    with os.fdopen(handle, "wb") as out:
        for piece in _pieces(content):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _pieces(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with os.fdopen(open_regular(content), "rb") as source:
        while piece := source.read(_PIECE):
            yield piece
