"""One digest for what a PDF value draws, whoever wrote it: the same font gives the same bytes.

Numbers of objects, order of keys, compression and the spelling of numbers are the writer’s own
affair. Foreign bytes: sandbox only.
"""

import hashlib
from decimal import Decimal
from typing import Any

import pikepdf

from forms.bounds import unpacked

# What says how a thing is written, where it hangs or when, never what it draws.
_LEFT_OUT = frozenset(
    {"/Length", "/Filter", "/DecodeParms", "/Parent", "/P", "/StructParent", "/StructParents",
     "/Metadata", "/PieceInfo", "/LastModified", "/ProcSet", "/Type", "/Length1"}
)  # fmt: skip
_PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
_DEEPEST = 40


class Digests:
    """The digests of one document’s values; what several pages share is read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}

    def of(self, value: Any, depth: int = 0) -> bytes:
        """The digest of that value, all that it leads to included; UnreadableFile past bounds.

        A number, of which fonts have hundreds, stands for itself, closed by a semicolon.
        """
        if not isinstance(value, pikepdf.Object):
            return _plain(value)
        number = value.objgen
        if number != (0, 0) and number in self._known:
            return self._known[number]
        if depth > _DEEPEST:
            return b"deep"
        if number != (0, 0):
            self._known[number] = b"itself"  # met again below itself
        found = hashlib.sha256(self._written(value, depth)).digest()
        if number != (0, 0):
            self._known[number] = found
        return found

    def _written(self, value: pikepdf.Object, depth: int) -> bytes:
        if isinstance(value, pikepdf.Name):
            return str(value).encode("utf-8", "surrogateescape")
        if isinstance(value, pikepdf.Stream | pikepdf.Dictionary):
            entries = dict(value.items())
            held = [
                key.encode("utf-8", "surrogateescape") + b" " + self.of(entries[key], depth + 1)
                for key in sorted(entries.keys() - _LEFT_OUT)
            ]
            content = _unfolded(value) if isinstance(value, pikepdf.Stream) else b""
            return b"{" + b"".join(held) + b"}" + content
        if isinstance(value, pikepdf.Array):
            return b"[" + b"".join(self.of(one, depth + 1) for one in value.as_list()) + b"]"
        if isinstance(value, pikepdf.String):
            return b"(" + bytes(value)
        return str(value).encode("utf-8", "surrogateescape")


def _plain(value: int | Decimal | bool | None) -> bytes:
    if isinstance(value, bool) or value is None:
        return b"%a;" % value
    return b"%.3f;" % value


def _unfolded(stream: pikepdf.Stream) -> bytes:
    listed = stream.get("/Filter")
    names = listed.as_list() if isinstance(listed, pikepdf.Array) else [listed]
    if any(str(name) in _PICTURES for name in names):
        return stream.read_raw_bytes()
    return unpacked(stream)
