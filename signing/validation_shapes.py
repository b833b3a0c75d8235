"""What validation data, properties and metadata look like: their shapes, in any revision of a file.

`changes` leaves such objects to other examinations, and only them; it asks here what they are.
"""

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, Reference

from signing.opening import value_at

_STORE = {"/Type", "/Certs", "/CRLs", "/OCSPs", "/VRI"}
_LISTS = ("/Certs", "/CRLs", "/OCSPs")
_ENTRY_LISTS = ("/Cert", "/CRL", "/OCSP")
_EXTENSION = {"/Type", "/BaseVersion", "/ExtensionLevel", "/ExtensionRevision", "/URL"}


def containers(root: DictionaryObject) -> set[Reference]:
    """The objects the document’s store of validation data (/DSS) is held together by.

    Its dictionaries and its lists, which grow; never the certificates and answers they name.
    """
    return set(_containers(root))


def _containers(root: DictionaryObject) -> Iterator[Reference]:
    yield from _named(root, "/DSS")
    store = value_at(root, "/DSS")
    if not isinstance(store, DictionaryObject):
        return
    for key in (*_LISTS, "/VRI"):
        yield from _named(store, key)
    entries = value_at(store, "/VRI")
    if isinstance(entries, DictionaryObject):
        for name in entries:
            yield from _named(entries, name)
            entry = value_at(entries, name)
            if isinstance(entry, DictionaryObject):
                for key in _ENTRY_LISTS:
                    yield from _named(entry, key)


def answers(root: DictionaryObject) -> set[Reference]:
    """The certificates and answers that store names, in its lists and by signature."""
    store = value_at(root, "/DSS")
    if not isinstance(store, DictionaryObject):
        return set()
    lists = [value_at(store, key) for key in _LISTS]
    by_signature = value_at(store, "/VRI")
    for name in by_signature if isinstance(by_signature, DictionaryObject) else ():
        entry = value_at(by_signature, name)
        if isinstance(entry, DictionaryObject):
            lists += [value_at(entry, key) for key in _ENTRY_LISTS]
    return {
        one.reference
        for listed in lists
        if isinstance(listed, generic.ArrayObject)
        for one in listed
        if isinstance(one, IndirectObject)
    }


def strangers(root: DictionaryObject) -> list[str]:
    """The keys the store of validation data should not have."""
    store = value_at(root, "/DSS")
    return sorted(set(map(str, store)) - _STORE) if isinstance(store, DictionaryObject) else []


def extensions(value: Any) -> bool:
    """Whether a value is the catalogue’s declaration of extensions, and nothing else."""
    if not isinstance(value, DictionaryObject) or isinstance(value, generic.StreamObject):
        return False
    declared = (value_at(value, key) for key in value if key != "/Type")
    return all(isinstance(one, DictionaryObject) and set(one) <= _EXTENSION for one in declared)


def properties(value: Any) -> bool:
    """Whether a value is an information dictionary: words and dates only."""
    if not isinstance(value, DictionaryObject) or isinstance(value, generic.StreamObject):
        return False
    holders = (generic.ArrayObject, DictionaryObject, IndirectObject)
    return not any(isinstance(value.raw_get(key), holders) for key in value)


def metadata(value: Any) -> bool:
    """Whether a value is a stream of XMP."""
    return isinstance(value, generic.StreamObject) and value_at(value, "/Subtype") == "/XML"


def _named(holder: DictionaryObject, key: str) -> Iterator[Reference]:
    value = holder.raw_get(key) if key in holder else None
    if isinstance(value, IndirectObject):
        yield value.reference
