"""Writing big files into a PDF as one increment, from disk to disk; it knows streams and offsets.

A volume of a hundred candidates holds hundreds of megabytes of originals. They never pass through
memory: the assembled pages already hold an empty stream for each, and this writes the full ones
after them, as any incremental update does.
"""

import hashlib
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pikepdf

from casefiles.errors import PackError

_BLOCK = 1024 * 1024
_END = b"\r\nendstream\nendobj\n"


@dataclass(frozen=True)
class Payload:
    """What goes into the embedded file `name`; sha256 is checked as the bytes are copied."""

    name: str
    path: Path
    mime: str
    sha256: str


def append(volume: Path, payloads: Sequence[Payload]) -> None:
    """Fill the embedded files of `volume`, in place. PackError when one is not what it must be."""
    with pikepdf.open(volume) as pdf:
        places = _places(pdf) if payloads else {}
        rewritten = dict(_ending_with_cr(volume, pdf))
        trailer = {key: _written(pdf.trailer[key]) for key in ("/Root", "/Info", "/ID")}
        size = int(pdf.trailer.Size)
        if pdf.get_warnings():
            raise unread()
    if not (payloads or rewritten):
        return
    offsets: dict[int, int] = {}
    with volume.open("r+b") as out:
        previous = _last_xref(out)
        out.seek(0, 2)
        for number, (dictionary, content) in rewritten.items():
            offsets[number] = out.tell()
            out.write(b"%d 0 obj\n%s\nstream\n%s" % (number, dictionary, content) + _END)
        for payload in payloads:
            number = places[payload.name]
            offsets[number] = out.tell()
            _write(out, number, payload)
        start = out.tell()
        _write_xref(out, offsets)
        entries = b"".join(f"{key} ".encode() + value + b" " for key, value in trailer.items())
        out.write(
            b"trailer\n<< " + entries + f"/Size {size} /Prev {previous} >>\n".encode()
            + f"startxref\n{start}\n%%EOF\n".encode()
        )  # fmt: skip


def unread() -> PackError:
    """Some of it could not be read: qpdf makes an empty object of that, and only warns."""
    return PackError(
        "Des pages du volume n’ont pas pu être lues entières.",
        "Elles seront relues au prochain essai ; si cela recommence, examinez le disque des "
        "originaux, puis lancez « parchemin doctor --deep ».",
    )


def _places(pdf: pikepdf.Pdf) -> dict[str, int]:
    """The object number of each embedded file's stream."""
    tree = pikepdf.NameTree(pdf.Root.Names.EmbeddedFiles)
    return {str(spec.UF): int(spec.EF.F.objgen[0]) for spec in tree.values()}


def _ending_with_cr(volume: Path, pdf: pikepdf.Pdf) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    """The streams qpdf left ambiguous: a CR of theirs and its LF would read as one end of line.

    Looked for in the bytes of the file, ten times quicker than by reading every stream.
    """
    with volume.open("rb") as file:
        ends = list(_places_of(b"\r\nendstream", file))
        if not ends:
            return
        file.seek(_last_xref(file))
        table = file.read()
    starts = sorted(
        (int(offset), number)
        for number, offset in enumerate(re.findall(rb"(\d{10}) \d{5} [nf]", table))
    )
    for number in {starts[bisect(starts, (end, 0)) - 1][1] for end in ends}:
        each = pdf.get_object(number, 0)
        if isinstance(each, pikepdf.Stream):
            content = each.read_raw_bytes()
            if content.endswith(b"\r"):
                yield number, (_written(each.stream_dict), content)


def _places_of(words: bytes, file: IO[bytes]) -> Iterator[int]:
    before, held = 0, b""
    while block := file.read(_BLOCK):
        held += block
        yield from (before + one.start() for one in re.finditer(re.escape(words), held))
        kept = held[1 - len(words) :]
        before, held = before + len(held) - len(kept), kept


def _write(out: IO[bytes], number: int, payload: Payload) -> None:
    length = payload.path.stat().st_size
    digest, copied = hashlib.sha256(), 0
    out.write(b"%d 0 obj\n<< /Type /EmbeddedFile /Subtype " % number)
    out.write(_written(pikepdf.Name("/" + payload.mime)))
    out.write(b" /Params << /Size %d >> /Length %d >>\nstream\n" % (length, length))
    with payload.path.open("rb") as source:
        while block := source.read(_BLOCK):
            digest.update(block)
            copied += out.write(block)
    out.write(_END)
    if digest.hexdigest() != payload.sha256.lower() or copied != length:
        raise PackError(
            f"La pièce « {payload.name} » n’est plus celle qui a été reçue (autre empreinte).",
            "Restaurez l’original depuis la sauvegarde, puis recommencez.",
        )


def _write_xref(out: IO[bytes], offsets: dict[int, int]) -> None:
    out.write(b"xref\n")
    for number in sorted(offsets):
        out.write(b"%d 1\n%010d 00000 n \n" % (number, offsets[number]))


def _last_xref(out: IO[bytes]) -> int:
    out.seek(0, 2)
    out.seek(max(out.tell() - 1024, 0))
    return int(out.read().rpartition(b"startxref")[2].split()[0])


def _written(value: Any) -> bytes:
    if isinstance(value, pikepdf.Object) and value.is_indirect:
        return b"%d %d R" % value.objgen
    return bytes(value.unparse()) if isinstance(value, pikepdf.Object) else str(value).encode()
