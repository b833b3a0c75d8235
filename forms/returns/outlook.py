"""The attachments of an Outlook message (.msg), those of a message inside it too.

A .msg is a little disk of folders and streams ([MS-CFB]); [MS-OXMSG] names what is in them. It
keeps to attachments: the letter, its addresses and its properties are not looked at.
"""

from collections.abc import Iterator
from io import BytesIO

import olefile

from casefiles.errors import UnreadableFile

_DISK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTY = "__substg1.0_"
_ATTACHMENT = "__attach_version1.0_"
_CONTENT, _MESSAGE = "37010102", "3701000D"
_NAMES = (
    ("3707001F", "utf-16-le"),
    ("3704001F", "utf-16-le"),
    ("3707001E", "cp1252"),
    ("3704001E", "cp1252"),
)

_Path = tuple[str, ...]


def is_message(data: bytes) -> bool:
    """Whether those bytes are a message, and no other document of Office’s old format."""
    return data.startswith(_DISK) and _PROPERTY.encode("utf-16-le") in data


def attachments(data: bytes, *, largest: int, depth: int) -> Iterator[tuple[str, bytes]]:
    """Each attached file, its name ("" when it has none) and its bytes.

    UnreadableFile when one exceeds `largest` bytes, or messages nest deeper than `depth`.
    """
    with olefile.OleFileIO(BytesIO(data)) as disk:
        kept = [tuple(path) for path in disk.listdir(streams=True, storages=True)]
        yield from _under(disk, kept, (), largest, depth)


def _under(
    disk: olefile.OleFileIO, kept: list[_Path], folder: _Path, largest: int, depth: int
) -> Iterator[tuple[str, bytes]]:
    level = len(folder)
    if level // 2 >= depth:  # each message inside is two folders further down
        raise UnreadableFile(
            f"Cet envoi contient plus de {depth} envois les uns dans les autres.",
            "Déposez les documents eux-mêmes.",
        )
    attached = dict.fromkeys(
        path[: level + 1]
        for path in kept
        if path[:level] == folder
        and len(path) > level
        and path[level].lower().startswith(_ATTACHMENT)
    )
    for one in attached:
        message = (*one, _PROPERTY + _MESSAGE)
        if any(path[: len(message)] == message for path in kept):
            yield from _under(disk, kept, message, largest, depth)
            continue
        content = _stream(disk, (*one, _PROPERTY + _CONTENT), largest)
        if content is not None:
            yield _name(disk, one), content


def _stream(disk: olefile.OleFileIO, path: _Path, largest: int) -> bytes | None:
    where = list(path)
    if not disk.exists(where):
        return None
    if disk.get_size(where) > largest:
        raise UnreadableFile(
            f"Une pièce de ce message pèse plus de {largest // 1_000_000} Mo.",
            "Déposez le document lui-même.",
        )
    with disk.openstream(where) as stream:
        return bytes(stream.read())


def _name(disk: olefile.OleFileIO, folder: _Path) -> str:
    for tag, alphabet in _NAMES:
        raw = _stream(disk, (*folder, _PROPERTY + tag), 4096)
        if raw:
            return raw.decode(alphabet, "replace").rstrip("\0")
    return ""
