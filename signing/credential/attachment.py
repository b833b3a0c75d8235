"""The credential inside the parchemin's own PDF: associated files of a PDF/A-3, before signing.

It adds to a finished, unsigned page and leaves what is drawn alone; what the files say is others'.
"""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from casefiles.errors import PackError
from signing.credential.badge import badge
from signing.credential.keys import CodeKey
from signing.credential.payload import Award
from signing.credential.verdict import issue

CREDENTIAL, BADGE = "parchemin.json", "open-badge.jwt"
_PART_2, _PART_3 = b"<pdfaid:part>2</pdfaid:part>", b"<pdfaid:part>3</pdfaid:part>"


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file to attach. told: what it is, in French. mime: its type."""

    name: str
    content: bytes
    told: str
    mime: str


def credential_files(award: Award, key: CodeKey, *, organisation: str) -> tuple[Attached, ...]:
    """The credential for machines (with the printed code), and the same award as an Open Badge."""
    said: dict[str, Any] = {
        "format": "parchemin/1",
        "number": award.number,
        "holder": award.holder,
        "title": award.title,
        "certifier": award.certifier,
        "decided_on": award.decided_on.isoformat(),
        "delivered_on": award.delivered_on.isoformat(),
        "specimen": award.specimen,
        "organisation": organisation,
        "code": issue(award, key),
        "key": key.public.jwk(),
    }
    return (
        Attached(
            name=CREDENTIAL,
            content=(json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode(),
            told="Les mentions du parchemin et son code signé, pour les machines",
            mime="application/json",
        ),
        Attached(
            name=BADGE,
            content=badge(award, key, organisation=organisation).encode(),
            told="La même certification en Open Badge 3.0",
            mime="application/vc+jwt",
        ),
    )


def attach(page: bytes, files: Sequence[Attached], *, at: datetime) -> bytes:
    """The PDF/A-2 `page` as a PDF/A-3 of the same conformance level that holds `files`.

    at: aware instant they were made. The files are stored plain, so that a reader that knows no PDF
    still finds the code. PackError when the page is not one of ours.
    """
    with pikepdf.open(io.BytesIO(page)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes()
        if xmp.count(_PART_2) != 1 or "/Names" in pdf.Root or "/AF" in pdf.Root:
            raise PackError(
                "Le parchemin dessiné n’est pas de ceux auxquels on joint des fichiers.",
                "Redessinez-le, puis relancez l’étape.",
            )
        metadata = pdf.make_stream(xmp.replace(_PART_2, _PART_3))
        metadata.Type, metadata.Subtype = Name.Metadata, Name.XML
        pdf.Root.Metadata = metadata
        names = pikepdf.NameTree.new(pdf)
        specifications = {file.name: _specification(pdf, file, at) for file in files}
        for name in sorted(specifications):
            names[name] = specifications[name]
        pdf.Root.Names = Dictionary(EmbeddedFiles=names.obj)
        pdf.Root.AF = Array(specifications.values())
        _end_lines_apart(pdf)
        out = io.BytesIO()
        pdf.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        return out.getvalue()


def _end_lines_apart(pdf: pikepdf.Pdf) -> None:
    """Store plain the streams that end with a CR: before the LF of « endstream », it would read as
    part of one end of line, and PDF/A counts to the byte.
    """
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream) and one.read_raw_bytes().endswith(b"\r"):
            one.write(one.read_bytes())


def _specification(pdf: pikepdf.Pdf, file: Attached, at: datetime) -> pikepdf.Object:
    zone = at.strftime("%z")
    moment = at.strftime("D:%Y%m%d%H%M%S") + f"{zone[:3]}'{zone[3:5]}'"
    stream = pdf.make_stream(file.content)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/" + file.mime)
    stream.Params = Dictionary(
        Size=len(file.content),
        ModDate=String(moment),
        CheckSum=String(hashlib.md5(file.content, usedforsecurity=False).digest()),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(file.name),
            UF=String(file.name),
            Desc=String(file.told),
            AFRelationship=Name.Data,
            EF=Dictionary(F=stream, UF=stream),
        )
    )
