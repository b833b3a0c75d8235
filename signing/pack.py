"""Assembling the volume « Pièces »: finished pages to read, originals embedded as they came.

Knows paths, names and hashes; what a piece is and who may sign the volume is said by others. Pages
come flat and PDF/A-2 flavoured from our own renderer. Every original is hashed as it is read: one
missing or altered stops the assembly by name, there is never a pack without it.
"""

import errno
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from casefiles.errors import PackError
from signing import folios
from signing.appendix import Payload, append, unread
from signing.draft import draft_beside
from signing.embedded import MANIFEST, SUMS, sums

PRODUCER = "Parchemin"
_LAST = b"%%EOF\n"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Finished pages. title: of its bookmark, none when empty. label: prefix of its page numbers
    (« A- »), the numbering then begins again. under: whether it belongs to the last part that does
    not: its bookmark stands under that one’s, and the numbering goes on."""

    path: Path
    title: str
    label: str = ""
    under: bool = False


@dataclass(frozen=True, kw_only=True)
class Original:
    """A file to embed byte for byte. name: unique in the pack. sha256: lower-case hexadecimal, what
    it must be. role and verdict: in French, for people (« Avis de l’entreprise », « signature
    valide »). mime: its type."""

    path: Path
    name: str
    sha256: str
    role: str = ""
    verdict: str = ""
    mime: str = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A volume assembled, yet unsealed. first_pages: of each part, from 1."""

    path: Path
    pages: int
    first_pages: tuple[int, ...]


def assemble(
    target: Path,
    *,
    title: str,
    parts: Sequence[Part],
    originals: Sequence[Original],
    at: datetime,
    author: str = "",
) -> Pack:
    """Write the volume to `target`: PDF/A-3b, bookmarks, page labels, folios, associated files,
    manifest.

    at: aware instant written as its date; the same inputs give the same bytes. PackError names the
    piece that is missing, altered, unreadable or named twice; no volume is made of pages that could
    not all be read.
    """
    _all_different(originals)
    for original in originals:
        _present(original)
    with draft_beside(target) as draft:
        first_pages, pages = _pages(draft, title, parts, originals, at, author)
        payloads = [
            Payload(original.name, original.path, original.mime, original.sha256)
            for original in originals
        ]
        append(draft, payloads)
        os.replace(draft, target)
    return Pack(path=target, pages=pages, first_pages=first_pages)


def _all_different(originals: Iterable[Original]) -> None:
    seen = {MANIFEST, SUMS}
    for original in originals:
        if original.name in seen:
            raise PackError(
                f"Deux pièces porteraient le même nom : « {original.name} ».",
                "Donnez à chacune un nom distinct avant d’assembler le volume.",
            )
        seen.add(original.name)


def _present(original: Original) -> None:
    try:
        original.path.open("rb").close()
    except OSError as error:
        raise PackError(
            f"La pièce « {original.name} » manque ou ne peut pas être lue.",
            "Le volume n’est jamais assemblé sans elle : restaurez-la, puis recommencez.",
        ) from error


def _pages(
    draft: Path,
    title: str,
    parts: Sequence[Part],
    originals: Sequence[Original],
    at: datetime,
    author: str,
) -> tuple[tuple[int, ...], int]:
    counts, colours = [], None
    for part in parts:
        count, coloured = _examined(part)
        counts.append(count)
        colours = colours or (part.path if coloured else None)
    first_pages = [1 + sum(counts[:n]) for n in range(len(parts))]
    job = _job(parts, draft)
    with job.create_pdf() as volume:
        for page in volume.pages:
            _loosened(page.obj)
        _coloured(volume, colours)
        with volume.open_outline() as outline:
            for part, first in zip(parts, first_pages, strict=True):
                if part.title:
                    kids = outline.root[-1].children if part.under and outline.root else None
                    (outline.root if kids is None else kids).append(
                        pikepdf.OutlineItem(part.title, first - 1)
                    )
        _labels(volume, parts, first_pages)
        folios.draw(volume, list(_names_of_pages(parts, counts)))
        _files(volume, originals, title)
        _about(volume, title, author, at)
        job.write_pdf(volume)
    if job.has_warnings:
        raise unread()
    _whole(draft)
    return tuple(first_pages), sum(counts)


def _job(parts: Sequence[Part], target: Path) -> pikepdf.Job:
    """Every part’s pages in one document; what they draw stays on disk until it is written.

    qpdf’s own job: through pikepdf’s objects, what pages draw would all be held in memory at once
    (a scan weighs more than its original), or every file be open.
    """
    asked = {
        "empty": "",
        "outputFile": str(target),
        "pages": [{"file": str(part.path)} for part in parts],
        "keepFilesOpen": "n",
        "removeUnreferencedResources": "no",
        "objectStreams": "disable",
        "minVersion": "1.7",
        "deterministicId": "",
        "newlineBeforeEndstream": "",  # PDF/A
    }
    return pikepdf.Job(asked)


def _whole(written: Path) -> None:
    """OSError when its last bytes are missing: qpdf says nothing when closing the file fails."""
    with written.open("rb") as file:
        file.seek(-len(_LAST), os.SEEK_END)
        if file.read() != _LAST:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(written))


def _coloured(volume: pikepdf.Pdf, said_in: Path | None) -> None:
    """What device colours mean, as that file says it."""
    if said_in is not None:
        with pikepdf.open(said_in) as source:
            intents = source.make_indirect(source.Root.OutputIntents)
            volume.Root.OutputIntents = volume.copy_foreign(intents)


def _examined(part: Part) -> tuple[int, bool]:
    """How many pages it has, and whether it says what device colours mean; PackError when it is
    unreadable, or not finished."""
    try:
        with pikepdf.open(part.path) as source:
            found = len(source.pages), "/OutputIntents" in source.Root
            fields = len(source.Root.get("/AcroForm", Dictionary()).get("/Fields", Array()))
    except (OSError, pikepdf.PdfError, AttributeError) as error:
        raise PackError(
            f"Les pages « {part.title} » manquent ou ne peuvent pas être lues.",
            "Elles seront refaites au prochain passage ; sinon, signalez ce fichier.",
        ) from error
    if fields:
        raise PackError(
            f"Les pages « {part.title} » contiennent encore des champs à remplir.",
            "Un volume ne réunit que des pages finies.",
        )
    return found


def _loosened(page: pikepdf.Object) -> None:
    """The volume is not tagged (PDF/A-3b): drop the ties to structure trees left behind."""
    for key in ("/StructParents", "/Tabs"):
        if key in page:
            del page[key]
    for annotation in page.get("/Annots", Array()):
        if "/StructParent" in annotation:
            del annotation["/StructParent"]


def _names_of_pages(parts: Sequence[Part], counts: Sequence[int]) -> Iterator[str]:
    """The label of each page, as a viewer reads them from what `_labels` writes."""
    prefix, number = "", 0
    for position, (part, count) in enumerate(zip(parts, counts, strict=True)):
        if part.label:
            prefix, number = part.label, 0
        elif not part.under:
            prefix, number = "", sum(counts[:position])
        for _ in range(count):
            number += 1
            yield f"{prefix}{number}"


def _labels(volume: pikepdf.Pdf, parts: Sequence[Part], first_pages: Sequence[int]) -> None:
    ranges: list[tuple[int, Dictionary]] = []
    prefixed = True
    for part, first in zip(parts, first_pages, strict=True):
        if part.label:
            ranges.append((first - 1, Dictionary(S=Name.D, P=String(part.label), St=1)))
        elif part.under:
            continue
        elif prefixed:
            ranges.append((first - 1, Dictionary(S=Name.D, St=first)))
        prefixed = bool(part.label)
    if ranges:
        volume.Root.PageLabels = Dictionary(Nums=Array([x for pair in ranges for x in pair]))


def _files(volume: pikepdf.Pdf, originals: Sequence[Original], title: str) -> None:
    """Specifications with empty contents, which `append` fills; and the manifest, whole."""
    said = {
        "title": title,
        "pieces": [
            {"name": o.name, "sha256": o.sha256.lower(), "role": o.role, "verdict": o.verdict,
             "mime": o.mime}
            for o in originals
        ],
    }  # fmt: skip
    manifest = json.dumps(said, ensure_ascii=False, indent=1).encode()
    listed = sums({o.name: o.sha256.lower() for o in originals})
    specifications = {
        name: _specification(volume, name, told, content, mime, "/Data")
        for name, told, content, mime in (
            (MANIFEST, "Liste des pièces et empreintes", manifest, "application/json"),
            (SUMS, "Empreintes des pièces, pour « sha256sum -c »", listed, "text/plain"),
        )
    }
    for original in originals:
        told = [original.role, f"SHA-256 {original.sha256.lower()}", original.verdict]
        specifications[original.name] = _specification(
            volume, original.name, " · ".join(t for t in told if t), b"", original.mime, "/Source"
        )
    names = pikepdf.NameTree.new(volume)
    for name in sorted(specifications, key=lambda n: bytes(String(n))):
        names[name] = specifications[name]
    volume.Root.Names = Dictionary(EmbeddedFiles=names.obj)
    volume.Root.AF = Array(specifications.values())


def _specification(
    volume: pikepdf.Pdf, name: str, told: str, content: bytes, mime: str, relationship: str
) -> pikepdf.Object:
    stream = volume.make_stream(content)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/" + mime)
    stream.Params = Dictionary(Size=len(content))
    return volume.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(name),
            UF=String(name),
            Desc=String(told),
            AFRelationship=Name(relationship),
            EF=Dictionary(F=stream, UF=stream),
        )
    )


def _about(volume: pikepdf.Pdf, title: str, author: str, at: datetime) -> None:
    zone = at.strftime("%z")
    moment = at.strftime("D:%Y%m%d%H%M%S") + f"{zone[:3]}'{zone[3:5]}'"
    volume.Root.Lang = String("fr-FR")
    volume.Root.PageMode = Name.UseOutlines
    volume.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    volume.docinfo["/Title"] = title
    if author:
        volume.docinfo["/Author"] = author
    volume.docinfo["/Producer"] = PRODUCER
    volume.docinfo["/CreationDate"] = volume.docinfo["/ModDate"] = moment
    with volume.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp["dc:title"] = title
        if author:
            xmp["dc:creator"] = [author]
        xmp["dc:language"] = {"fr-FR"}
        xmp["pdf:Producer"] = PRODUCER
        xmp["xmp:CreateDate"] = xmp["xmp:ModifyDate"] = at.isoformat(timespec="seconds")
        xmp["pdfaid:part"] = "3"
        xmp["pdfaid:conformance"] = "B"
