"""An Outlook message with attachments, made from the file format’s description.

[MS-CFB] says how the container is laid out (version 3, sectors of 512 bytes, no short streams
here: each stream is padded over 4,096 bytes), [MS-OXMSG] how a message is named inside.
"""

import struct
from dataclasses import dataclass, field

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
_MINIMUM = 4096


@dataclass
class Storage:
    """A folder of the container: streams and folders by name."""

    entries: dict[str, "bytes | Storage"] = field(default_factory=dict)


def message(attached: list[tuple[str, bytes]], inner: "Storage | bytes | None" = None) -> bytes:
    """The .msg; `inner` may be the Storage of a forwarded message, or a whole .msg made here."""
    return container(storage(attached, inner))


_MADE: dict[bytes, Storage] = {}


def storage(attached: list[tuple[str, bytes]], inner: "Storage | bytes | None" = None) -> Storage:
    root = Storage({"__properties_version1.0": b"\0" * 32})
    for number, (name, data) in enumerate(attached):
        root.entries[f"__attach_version1.0_#{number:08X}"] = Storage(
            {
                "__substg1.0_3707001F": name.encode("utf-16-le"),
                "__substg1.0_37010102": data,
            }
        )
    if inner is not None:
        told = _MADE[inner] if isinstance(inner, bytes) else inner
        root.entries[f"__attach_version1.0_#{len(attached):08X}"] = Storage(
            {"__substg1.0_3701000D": told}
        )
    return root


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    child: int = _FREE
    right: int = _FREE
    start: int = _END
    size: int = 0


def container(root: Storage) -> bytes:
    entries = [_Entry("Root Entry", 5)]
    _list(root, 0, entries)
    sectors: list[bytes] = []
    chains: list[int] = []
    short = b""
    for one in entries:
        if one.kind != 2:
            continue
        one.size = len(one.data)
        if one.size < _MINIMUM:
            one.start = len(short) // 64 if one.data else _END
            short += one.data + b"\0" * (-one.size % 64)
        else:
            one.start = _chained(one.data, sectors, chains)
    entries[0].size = len(short)
    entries[0].start = _chained(short, sectors, chains) if short else _END
    short_fat = b"".join(_short_chain(one) for one in entries if one.kind == 2)
    short_start = _chained(short_fat, sectors, chains, pad=b"\xff") if short_fat else _END
    listed = b"".join(_directory(one) for one in entries)
    listed += _directory(_Entry("", 0)) * (-len(entries) % 4)
    directory = _chained(listed, sectors, chains)
    count = -(-(len(sectors) + 1) // 127)
    fat_at = [len(sectors) + i for i in range(count)]
    chains += [_FAT] * count
    fat = struct.pack(f"<{len(chains)}I", *chains)
    fat += b"\xff" * (-len(fat) % _SECTOR)
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\0" * 16,
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"\0" * 6,
        0,
        count,
        directory,
        0,
        _MINIMUM,
        short_start,
        -(-len(short_fat) // _SECTOR),
        _END,
        0,
    )
    header += struct.pack("<109I", *(fat_at + [_FREE] * (109 - count)))
    made = header + b"".join(sectors) + fat
    _MADE[made] = root
    return made


def _list(folder: Storage, parent: int, entries: list[_Entry]) -> None:
    """Children in the order the format asks for, each to the right of the one before."""
    before = None
    for name in sorted(folder.entries, key=lambda n: (len(n), n.upper())):
        told = folder.entries[name]
        at = len(entries)
        entries.append(_Entry(name, 2 if isinstance(told, bytes) else 1))
        if before is None:
            entries[parent].child = at
        else:
            entries[before].right = at
        before = at
        if isinstance(told, bytes):
            entries[at].data = told
        else:
            _list(told, at, entries)


def _chained(data: bytes, sectors: list[bytes], chains: list[int], pad: bytes = b"\0") -> int:
    start = len(sectors)
    padded = data + pad * (-len(data) % _SECTOR)
    pieces = [padded[i : i + _SECTOR] for i in range(0, len(padded), _SECTOR)]
    sectors += pieces
    chains += [start + i + 1 for i in range(len(pieces) - 1)] + [_END]
    return start


def _short_chain(one: _Entry) -> bytes:
    if not one.data or one.size >= _MINIMUM:
        return b""
    count = -(-one.size // 64)
    following = [one.start + i + 1 for i in range(count - 1)]
    return struct.pack(f"<{count}I", *following, _END)


def _directory(one: _Entry) -> bytes:
    name = one.name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        name,
        len(name) + 2 if name else 0,
        one.kind,
        1,
        _FREE,
        one.right,
        one.child,
        b"\0" * 16,
        0,
        0,
        0,
        one.start if one.kind else 0,
        one.size,
    )
