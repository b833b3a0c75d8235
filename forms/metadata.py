"""What a PDF says of itself: XMP, information dictionary, output intent.

Claims PDF/A-2a and PDF/UA-1; the tests hold every page to that claim.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from PIL import ImageCms

from forms.objects import Name, Objects, Ref

PRODUCER = "Parchemin"
NAMESPACE = "urn:parchemin:empreinte:1"
IMPRINT_KEY = "ParcheminEmpreinte"


@dataclass(frozen=True, kw_only=True)
class About:
    """Title, subject and author of a document, and the date it was made (aware) if it is told."""

    title: str
    subject: str = ""
    author: str = ""
    created: datetime | None = None
    imprint: str = ""


def information(about: About) -> dict[str, Any]:
    """The /Info dictionary, in step with the XMP."""
    entries: dict[str, Any] = {"Title": about.title, "Producer": PRODUCER}
    if about.subject:
        entries["Subject"] = about.subject
    if about.author:
        entries["Author"] = about.author
    if about.created:
        entries["CreationDate"] = entries["ModDate"] = _pdf_date(about.created)
    if about.imprint:
        entries[IMPRINT_KEY] = about.imprint
    return entries


def xmp(about: About) -> bytes:
    """The XMP packet, uncompressed as archives ask."""
    parts = [
        f"<dc:title>{_alt(about.title)}</dc:title>",
        "<dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>",
        "<dc:format>application/pdf</dc:format>",
        f"<pdf:Producer>{PRODUCER}</pdf:Producer>",
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ]
    if about.subject:
        parts.append(f"<dc:description>{_alt(about.subject)}</dc:description>")
    if about.author:
        parts.append(
            f"<dc:creator><rdf:Seq><rdf:li>{escape(about.author)}</rdf:li></rdf:Seq></dc:creator>"
        )
    if about.created:
        stamp = about.created.isoformat(timespec="seconds")
        parts.append(f"<xmp:CreateDate>{stamp}</xmp:CreateDate>")
        parts.append(f"<xmp:ModifyDate>{stamp}</xmp:ModifyDate>")
    if about.imprint:
        parts.append(f"<pch:empreinte>{escape(about.imprint)}</pch:empreinte>")
    body = "\n".join(parts)
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">\n'
        f'<rdf:Description rdf:about="" {_NAMESPACES}>\n{body}\n{_EXTENSIONS}\n'
        '</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    ).encode()


def output_intent(objects: Objects) -> Ref:
    """sRGB, as an output intent that is the same every time."""
    profile = objects.stream({"N": 3}, _srgb())
    return objects.add(
        {
            "Type": Name("OutputIntent"),
            "S": Name("GTS_PDFA1"),
            "OutputConditionIdentifier": "sRGB IEC61966-2.1",
            "Info": "sRGB IEC61966-2.1",
            "DestOutputProfile": profile,
        }
    )


@cache
def _srgb() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    struct.pack_into(">6H", profile, 24, 2000, 1, 1, 0, 0, 0)  # sinon la date du jour
    return bytes(profile)


def _pdf_date(moment: datetime) -> str:
    zone = moment.strftime("%z")
    return moment.strftime("D:%Y%m%d%H%M%S") + (f"{zone[:3]}'{zone[3:5]}'" if zone else "Z")


def _alt(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'


def _schema(title: str, uri: str, prefix: str, properties: Mapping[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        "<pdfaProperty:category>internal</pdfaProperty:category>"
        f"<pdfaProperty:description>{words}</pdfaProperty:description></rdf:li>"
        for name, (kind, words) in properties.items()
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{title}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "pdf": "http://ns.adobe.com/pdf/1.3/",
        "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
        "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
        "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
        "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
        "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
        "pch": NAMESPACE,
    }.items()
)
_EXTENSIONS = (
    "<pdfaExtension:schemas><rdf:Bag>"
    + _schema(
        "PDF/UA identification",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        {"part": ("Integer", "PDF/UA part")},
    )
    + _schema("Parchemin", NAMESPACE, "pch", {"empreinte": ("Text", "Identity of this print")})
    + "</rdf:Bag></pdfaExtension:schemas>"
)
