"""The files a PDF embeds, and the manifest that says what a pack put there; it verifies nothing.

A pack says its hashes twice, for programs and for `sha256sum`: the second is what follows from the
first, or a file like any other that the manifest contradicts.
"""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from casefiles.errors import UnreadableFile

MANIFEST = "manifeste.json"
SUMS = "empreintes.sha256"
_MOST = 10_000


@dataclass(frozen=True)
class Embedded:
    """One embedded file. announced: the SHA-256 its pack's manifest gives it, None without one."""

    name: str
    content: bytes
    sha256: str
    announced: str | None


@dataclass(frozen=True)
class Missing:
    """A piece the manifest announces and the document does not hold."""

    name: str
    announced: str


def files(source: Path | bytes) -> Iterator[Embedded | Missing]:
    """Every embedded file in the order of its name, one in memory at a time, then what misses.

    UnreadableFile when the document cannot be read.
    """
    try:
        with pikepdf.open(io.BytesIO(source) if isinstance(source, bytes) else source) as pdf:
            streams = sorted(_streams(pdf), key=lambda one: one[0])
            manifests = [stream for name, stream in streams if name == MANIFEST]
            if len(manifests) > 1:
                raise ValueError("two manifests: nobody can say which one counts")
            announced = _announced(manifests[0].read_bytes()) if manifests else {}
            # Two files may bear one name: each is looked at, or the second would hide the first.
            for name, stream in streams:
                if name == MANIFEST:
                    continue
                content = stream.read_bytes()
                if name == SUMS and manifests:
                    if content == sums(announced):
                        continue
                    announced = {**announced, SUMS: hashlib.sha256(sums(announced)).hexdigest()}
                digest = hashlib.sha256(content).hexdigest()
                yield Embedded(name, content, digest, announced.get(name))
    except Exception as error:  # hostile bytes raise anything
        raise UnreadableFile("Les fichiers joints de ce PDF n’ont pas pu être lus.") from error
    for name in sorted(announced.keys() - {name for name, _ in streams}):
        yield Missing(name, announced[name])


def sums(announced: Mapping[str, str]) -> bytes:
    """The manifest’s hashes as `sha256sum -c` reads them, for whoever has no other tool."""
    return "".join(f"{announced[name]}  {name}\n" for name in sorted(announced)).encode()


def _streams(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    if "/EmbeddedFiles" not in names:
        return
    for number, (key, spec) in enumerate(pikepdf.NameTree(names.EmbeddedFiles).items()):
        if number >= _MOST:
            raise ValueError("too many embedded files")
        held = spec.get("/EF", pikepdf.Dictionary())
        # A viewer may open either of these; they are one and the same, or both are looked at.
        streams = {one.objgen: one for _, one in held.items() if isinstance(one, pikepdf.Stream)}
        for stream in streams.values():
            yield str(spec.get("/UF", spec.get("/F", key))), stream


def _announced(content: bytes) -> dict[str, str]:
    said = json.loads(content)
    return {str(piece["name"]): str(piece["sha256"]) for piece in said["pieces"]}
