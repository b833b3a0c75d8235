"""Which objects a document’s revisions speak of, whether they hold them or not; it judges nothing.

A page may name an object that does not exist yet: readers show nothing in its place, until a later
revision provides it. Whatever was spoken of before a signature may not come after it. Objects are
told by their number alone, as many readers tell them.
"""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader

_read: WeakKeyDictionary[PdfFileReader, dict[int, frozenset[int]]] = WeakKeyDictionary()


def before(reader: PdfFileReader, revision: int) -> frozenset[int]:
    """The numbers of all objects named before that revision; pyHanko’s errors pass through."""
    return frozenset().union(*(_in(reader, number) for number in range(revision)))


def _in(reader: PdfFileReader, revision: int) -> frozenset[int]:
    """Read once for each document: what its later revisions are compared with is the same."""
    known = _read.setdefault(reader, {})
    if revision not in known:
        resolver = reader.get_historical_resolver(revision)
        written = [resolver(ref) for ref in resolver.explicit_refs_in_revision()]
        known[revision] = frozenset(_named([resolver.trailer_view, *written]))
    return known[revision]


def _named(values: list[Any]) -> Iterator[int]:
    waiting = values
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            yield int(value.idnum)
        elif isinstance(value, generic.DictionaryObject):
            waiting.extend(value.raw_get(key) for key in value)
        elif isinstance(value, generic.ArrayObject):
            waiting.extend(value)
