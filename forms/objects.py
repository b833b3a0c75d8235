"""PDF syntax: Python values as PDF objects, and a file of them behind a classic cross-reference.

It knows nothing of pages or forms. Object streams are never written: pdfium’s incremental save
over them leaves files other readers cannot open. Same objects in, same bytes out.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

_UNSAFE = re.compile(rb"[^A-Za-z0-9_+\-*'|@$^!,;:?&=~]")


class Name(str):
    """A PDF name, written without its slash."""

    __slots__ = ()


class Raw(bytes):
    """Bytes already in PDF syntax."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """An indirect object, by number."""

    number: int


def syntax(value: Any) -> bytes:
    """One value in PDF syntax: str is a text string, bytes a byte string, Name a name."""
    kind = type(value)
    if isinstance(value, Ref):
        return b"%d 0 R" % value.number
    if kind is Name:
        return b"/" + _name(value)
    if kind is str:
        return text_string(value)
    if kind is float:
        return number(value)
    if kind is bool:
        return b"true" if value else b"false"
    if kind is int:
        return b"%d" % value
    if kind is Raw:
        return bytes(value)
    if kind is bytes:
        return b"<%b>" % value.hex().upper().encode()
    if value is None:
        return b"null"
    if isinstance(value, Mapping):
        inner = b" ".join(b"/" + _name(k) + b" " + syntax(v) for k, v in value.items())
        return b"<<" + inner + b">>"
    if isinstance(value, Sequence):
        return b"[" + b" ".join(syntax(v) for v in value) + b"]"
    raise TypeError(f"no PDF syntax for {kind.__name__}")


@lru_cache(maxsize=16384)
def number(value: float) -> bytes:
    """A real number to a thousandth of a point, never in exponent form."""
    return b"%g" % (round(value, 3) + 0.0) if abs(value) < 100000 else b"%d" % round(value)


def text_string(text: str) -> bytes:
    """A text string: plain letters as they are, anything else in UTF-16."""
    if text.isascii():
        raw = text.encode()
        for special in (b"\\", b"(", b")"):
            raw = raw.replace(special, b"\\" + special)
        return b"(" + raw.replace(b"\r", b"\\r").replace(b"\n", b"\\n") + b")"
    return b"<FEFF" + text.encode("utf-16-be", "replace").hex().upper().encode() + b">"


@lru_cache(maxsize=2048)
def _name(name: str) -> bytes:
    return _UNSAFE.sub(lambda m: b"#%02X" % ord(m.group()), name.encode())


class Objects:
    """The objects of one file, numbered as they come."""

    def __init__(self) -> None:
        self._bodies: list[bytes | None] = []

    def reserve(self) -> Ref:
        """A number for an object described later."""
        self._bodies.append(None)
        return Ref(len(self._bodies))

    def put(self, ref: Ref, value: Any) -> Ref:
        """Describe a reserved object."""
        self._bodies[ref.number - 1] = syntax(value)
        return ref

    def add(self, value: Any) -> Ref:
        """A new object."""
        self._bodies.append(syntax(value))
        return Ref(len(self._bodies))

    def stream(
        self,
        entries: Mapping[str, Any],
        data: bytes,
        *,
        compress: bool = True,
        packed: bool = False,
    ) -> Ref:
        """A new stream; `packed` says that `data` is deflated already."""
        head = dict(entries)
        if compress and not packed and len(data) > 60:
            data, packed = zlib.compress(data), True
        if packed:
            head["Filter"] = Name("FlateDecode")
        head["Length"] = len(data)
        self._bodies.append(syntax(head) + b"\nstream\n" + data + b"\r\nendstream")
        return Ref(len(self._bodies))

    def file(self, root: Ref, info: Ref, identity: bytes = b"") -> bytes:
        """The whole file. `identity` (16 bytes) is its /ID; by default taken from the contents."""
        out = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        position, offsets = len(out[0]), []
        for i, body in enumerate(self._bodies, start=1):
            if body is None:
                raise ValueError(f"object {i} was reserved and never described")
            piece = b"%d 0 obj\n%b\nendobj\n" % (i, body)
            offsets.append(position)
            position += len(piece)
            out.append(piece)
        identity = identity or sha256(b"".join(out)).digest()[:16]
        out.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
        out.extend(b"%010d 00000 n \n" % offset for offset in offsets)
        trailer = {"Size": len(offsets) + 1, "Root": root, "Info": info, "ID": [identity] * 2}
        out.append(b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (syntax(trailer), position))
        return b"".join(out)
