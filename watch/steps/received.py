"""A return on paper, shown in the volume as it was received: pictures and words, nothing that acts.

The foreign file is drawn in the sandbox; only greys and words come out of it.
"""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casefiles.documents import Document
from casefiles.errors import PackError, UnreadableFile
from watch.office import Office
from watch.steps.letterhead import letterhead

if TYPE_CHECKING:
    from signing.pack import Part


def as_received(office: Office, document: Document, title: str, work: Path) -> list["Part"]:
    """The pages of a document’s files as parts of the volume, the first of them bookmarked.

    PackError names the document whose pages cannot be drawn: there is never a volume without it.
    """
    return shown(office, document.mark, (document.sha256, *document.also), title, work)


def shown(office: Office, mark: str, files: Sequence[str], title: str, work: Path) -> list["Part"]:
    """The same of any files kept, by their SHA-256."""
    from signing.pack import Part

    parts: list[Part] = []
    words = f"{title} — pages reçues"
    for number, sha256 in enumerate(files):
        first, count = 0, 1
        while first < count:
            found = _drawn(office, sha256, first, title)
            count = found["count"]
            path = work / f"{mark}-recu-{number}-{first}.pdf"
            path.write_bytes(_pages(office, found, words, first))
            parts.append(Part(path=path, title="" if parts else words, under=True))
            first += len(found["pages"])
    return parts


def _drawn(office: Office, sha256: str, first: int, title: str) -> dict[str, Any]:
    try:
        found = office.reproduce(sha256, first)
    except UnreadableFile as error:
        raise PackError(
            f"Les pages de la pièce « {title} » ne peuvent pas être montrées. {error.message}",
            "Le volume n’est jamais assemblé sans elle : restaurez l’original depuis la "
            "sauvegarde, ou faites-la remplacer par une « Demande du bureau ».",
        ) from error
    if not found["pages"]:
        raise PackError(
            f"La pièce « {title} » n’a aucune page à montrer.",
            "Faites-la remplacer par une « Demande du bureau ».",
        )
    return found


def _pages(office: Office, found: dict[str, Any], words: str, first: int) -> bytes:
    from forms.pages.reproduction import Received, Words, reproduction

    received = [
        Received(
            width=page["width"],
            height=page["height"],
            jpeg=base64.b64decode(page["jpeg"]),
            pixels=(page["pixels"][0], page["pixels"][1]),
            lines=tuple(
                Words(
                    text=line["words"],
                    x=line["x"],
                    foot=line["foot"],
                    width=line["width"],
                    size=line["size"],
                )
                for line in page["lines"]
            ),
        )
        for page in found["pages"]
    ]
    return reproduction(
        received,
        title=words,
        organisation=letterhead(office).organisation,
        made_on=office.today(),
        first=first + 1,
        total=found["count"],
    )
