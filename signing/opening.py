"""Opening a PDF to look at its signatures; strict first, lenient where strict fails, and said."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader

from casefiles.errors import UnreadableFile

Source = Path | bytes
_LARGEST_END = 64 * 1024
_ELSEWHERE = re.compile(rb"\d\s+\d+\s+obj\b|startxref|%%EOF")

for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # said in the report, not on stderr


@dataclass(frozen=True)
class Opened:
    """A document open for reading. lenient: strict reading refused it."""

    reader: PdfFileReader
    stream: IO[bytes]
    size: int
    lenient: bool


@contextmanager
def stream_of(source: Source) -> Iterator[IO[bytes]]:
    """The bytes of a path or of a bytes object; UnreadableFile when the path cannot be read."""
    if isinstance(source, bytes):
        with io.BytesIO(source) as held:  # closed, it lets go of the bytes, whoever points at it
            yield held
        return
    try:
        opened = source.open("rb")
    except OSError as error:
        raise UnreadableFile(
            f"« {source.name} » n’a pas pu être ouvert.", "Vérifiez son emplacement et ses droits."
        ) from error
    with opened:
        yield opened


@contextmanager
def document(source: Source, *, lenient: bool = False) -> Iterator[Opened]:
    """The document, read strictly unless `lenient` or unless only lenient reading can open it.

    UnreadableFile when neither can, or when a password protects it.
    """
    with stream_of(source) as stream:
        reader, was_lenient = _reader(stream, lenient)
        if reader.encrypted:
            raise UnreadableFile(
                "Ce PDF est protégé par un mot de passe.",
                "Déposez-le sans protection : une signature ne se vérifie pas à travers elle.",
            )
        yield Opened(reader, stream, stream.seek(0, io.SEEK_END), was_lenient)


def _reader(stream: IO[bytes], lenient: bool) -> tuple[PdfFileReader, bool]:
    for indulgent in (True,) if lenient else (False, True):
        try:
            reader = PdfFileReader(stream, strict=not indulgent)
            if indulgent or not reader.xrefs.hybrid_xrefs_present:
                reader.root["/Pages"]
                return reader, indulgent
        except Exception:  # hostile bytes raise anything, even from the xref table
            continue
    raise UnreadableFile(
        "Ce fichier n’est pas un PDF lisible : il est abîmé, tronqué, ou d’une autre nature.",
        "Redemandez-le à la personne qui l’a envoyé.",
    )


def size_of(source: Source) -> int:
    """Length in bytes."""
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def trailing(stream: IO[bytes]) -> bytes:
    """What follows the last end-of-file mark, blanks apart: others may read it."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(size - 4096, 0))
    _, mark, rest = stream.read().rpartition(b"%%EOF")
    return rest.strip(b"\0\t\n\f\r ") if mark else b"?"


def unread(reader: PdfFileReader) -> bool:
    """Whether bytes stand between the last table of objects and the end that names it.

    A reader that mends files finds objects there; the table that was read does not name them.
    """
    stream, xrefs = reader.stream, reader.xrefs
    ends = xrefs.get_xref_container_info(xrefs.total_revisions - 1).end_location
    size = stream.seek(0, io.SEEK_END)
    if not 0 <= size - ends <= _LARGEST_END:
        return True
    stream.seek(ends)
    rest, _, _ = stream.read().rpartition(b"startxref")
    return _ELSEWHERE.search(rest) is not None


def value_at(holder: DictionaryObject, key: str, default: Any = None) -> Any:
    """The value under `key`, its reference followed; pyHanko's own get() does not follow it."""
    return holder[key] if key in holder else default  # noqa: SIM401
