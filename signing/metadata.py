"""The words a PDF says about itself: what may change as tools sign it, and what may not."""

from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject

from signing import traces
from signing.traces import Place

_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_PDF_KEYWORDS = "{http://ns.adobe.com/pdf/1.3/}Keywords"


def altered_information(old: Any, new: Any) -> list[str]:
    """The keys of the information dictionary that changed, but for the tools' own two."""
    before = {k: old[k] for k in old} if isinstance(old, DictionaryObject) else {}
    after = {k: new[k] for k in new} if isinstance(new, DictionaryObject) else {}
    return sorted(
        key.lstrip("/")
        for key in (before.keys() | after.keys()) - traces.keys(Place.PROPERTIES)
        if str(before.get(key, "")) != str(after.get(key, ""))
    )


def altered_xmp(old: Any, new: Any, information: Any) -> bool:
    """Whether title, author, subject or keywords differ, or one of the two cannot be read.

    A tool that adds the XMP a document lacked may repeat in it what its information said.
    """
    before, after = words(old), words(new)
    if before is None or after is None:
        return True
    if old is None and isinstance(information, DictionaryObject):
        said = {" ".join(str(information[key]).split()) for key in information}
        return any(text not in said for _, text in after if text)
    return [w for w in before if w[1]] != [w for w in after if w[1]]


def words(stream: Any) -> list[tuple[str, str]] | None:
    """The Dublin Core statements and keywords of an XMP stream, sorted; None when unreadable."""
    from lxml import etree  # type: ignore[import-untyped]

    if not isinstance(stream, StreamObject):
        return []
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        root = etree.fromstring(bytes(stream.data), parser=parser)
    except Exception:  # hostile bytes raise anything; unreadable is an answer here
        return None
    said = []
    for element in root.iter():
        tag = str(element.tag)
        if tag.startswith(_DUBLIN_CORE) or tag == _PDF_KEYWORDS:
            said.append((tag, " ".join("".join(element.itertext()).split())))
        said += [(str(key), str(value)) for key, value in element.attrib.items()
                 if str(key).startswith(_DUBLIN_CORE) or str(key) == _PDF_KEYWORDS]  # fmt: skip
    return sorted(said)
