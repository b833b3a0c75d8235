"""Files appear on the share whole or not at all, and never in the place of another’s content.

A file we published and nobody changed may be replaced; anything else found at its place stays, and
ours takes the next free name beside it.
"""

import hashlib
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from casefiles.errors import UnreadableFile
from casefiles.system import NEW_FILE, being_written, open_regular, sync_folder
from watch.share.naming import free_name


@dataclass(frozen=True, kw_only=True)
class Published:
    """Where the content stands, its SHA-256, whether the disk changed, whether it was displaced.

    displaced: another content held the wanted name; ours stands beside it.
    """

    path: Path
    sha256: str
    changed: bool
    displaced: bool


def publish(
    target: Path, content: bytes | Path, *, staging: Path, replacing: Collection[str] = ()
) -> Published:
    """Put the content at `target`; `replacing` are the SHA-256 it may take the place of.

    `staging` is a folder on the same share. Raises OSError when the share cannot be written, or
    when `staging` is no longer there (`workshop`).
    """
    sha256 = digest(content)
    found = digest_of(target)
    if found == sha256:
        return Published(path=target, sha256=sha256, changed=False, displaced=False)
    staged = staging / f"{token_hex(8)}.tmp"
    try:
        _write(staged, content)
        target.parent.mkdir(parents=True, exist_ok=True)
        if found is not None and found in replacing and _replace(staged, target, found):
            placed, displaced = target, False
        else:
            placed = _add(staged, target)
            displaced = placed != target
    finally:
        with suppress(FileNotFoundError):
            staged.unlink()
    sync_folder(placed.parent)
    return Published(path=placed, sha256=sha256, changed=True, displaced=displaced)


def make_way(target: Path) -> None:
    """Set aside, beside it, what stands where a page of ours must and cannot be read as a file: a
    folder, a link, what people keep for themselves. Else ours would, once more each time.
    """
    if digest_of(target) == "":
        rename_only(target, target.parent / free_name(target.parent, target.name))


def withdraw(target: Path, *, holding: Collection[str], staging: Path) -> bool:
    """Remove a file of ours from the share, if it holds one of these contents and nothing else.

    It is moved aside first and looked at again there: whoever saves at this very moment finds
    their file in its place.
    """
    found = digest_of(target)
    if found is None or found not in holding:
        return False
    aside = _aside(staging, found)
    try:
        target.rename(aside)
    except FileNotFoundError:
        return False
    return _drop_aside(aside, found, target)


def _aside(staging: Path, expected: str) -> Path:
    """A place out of sight for a file thought to hold that content; its name says which."""
    return staging / f"{token_hex(8)}.{expected}.avant"


def _drop_aside(aside: Path, expected: str, target: Path) -> bool:
    if digest_of(aside) == expected and not being_written(aside):
        aside.unlink()
        return True
    move_beside(aside, target.parent, target.name)
    return False


def tidy(staging: Path, inbox: Path) -> int:
    """End what deaths have left half done in `staging`; how many people’s files were found there.

    A file moved aside that holds what was expected goes; one that somebody had just saved is
    dropped in the inbox. A process that still publishes from there finds its file gone.
    """
    found = 0
    for one in sorted(staging.iterdir()) if staging.is_dir() else ():
        if one.suffix == ".avant":
            expected = one.name.split(".")[1]
            if digest_of(one) not in (expected, None):
                found += 1
                move_beside(one, inbox, "Document retrouvé.pdf")
                continue
        if one.suffix in (".avant", ".tmp"):
            one.unlink(missing_ok=True)
    return found


def move_beside(source: Path, folder: Path, name: str) -> Path:
    """Move a file as it stands, unopened, into the folder under a free safe name.

    A move cut short between its two halves is ended, not begun again under another name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if half := _other_half(source, folder):
        source.unlink()
        return half
    while True:
        wanted = folder / free_name(folder, name)
        with suppress(FileExistsError):
            rename_only(source, wanted)
            return wanted


def _other_half(source: Path, folder: Path) -> Path | None:
    """The same file, linked into the folder by a move that died before leaving its source."""
    known = os.lstat(source)
    if known.st_nlink < 2:
        return None
    for one in folder.iterdir():
        found = one.lstat()
        if (found.st_ino, found.st_dev) == (known.st_ino, known.st_dev):
            return one
    return None


def rename_only(source: Path, target: Path) -> None:
    """Rename, raising FileExistsError rather than taking another’s place."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        # Shares without hard links (FAT, some mounts): the check just before is the best there is.
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        source.rename(target)
    else:
        source.unlink()


def digest(content: bytes | Path) -> str:
    """The SHA-256 of bytes or of a regular file, hexadecimal."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with os.fdopen(open_regular(content), "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def digest_of(file: Path) -> str | None:
    """The SHA-256 of what stands there; None for nothing, "" for what is not a regular file, or one
    that people keep for themselves. OSError when the share does not say.
    """
    if not os.path.lexists(file):
        return None
    if file.is_symlink() or not file.is_file():
        return ""
    try:
        return digest(file)
    except UnreadableFile as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        if isinstance(error.__cause__, OSError) and not isinstance(
            error.__cause__, PermissionError
        ):
            raise error.__cause__ from error
        return ""


def _add(staged: Path, target: Path) -> Path:
    with suppress(FileExistsError):
        rename_only(staged, target)
        return target
    return move_beside(staged, target.parent, target.name)


def _replace(staged: Path, target: Path, expected: str) -> bool:
    """Take the place of `expected`; whoever saved there meanwhile finds their file beside ours."""
    before = _aside(staged.parent, expected)
    try:
        os.link(target, before)
    except FileNotFoundError:
        return False
    except OSError:
        os.replace(staged, target)
        return True
    os.replace(staged, target)
    _drop_aside(before, expected, target)
    return True


def _write(staged: Path, content: bytes | Path) -> None:
    # The usual mode: what is published must be readable by the people of the share.
    handle = os.open(staged, NEW_FILE, 0o666)
    with os.fdopen(handle, "wb") as out:
        if isinstance(content, bytes):
            out.write(content)
        else:
            with os.fdopen(open_regular(content), "rb") as source:
                while piece := source.read(1 << 20):
                    out.write(piece)
        out.flush()
        os.fsync(out.fileno())
