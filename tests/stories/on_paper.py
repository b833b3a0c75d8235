"""Paper for the stories: what a person prints, fills by pen, scans, and what the office copies."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from casefiles.events import DropAnswered
from forms.read import read
from forms.returns.geometry import Layout, layout_of
from forms.returns.typed import BY, DAY, NOTHING, READ_AGAIN, SIGNED
from tests.pages.reading import plain, words
from tests.returns import paper
from tests.returns.paper import Device, Gray, Pen, taken
from tests.returns.test_wrapped import mailed, zipped
from tests.stories.space import Space
from watch.commands.rehearsal import answers as people

AGENT = "Agent EXEMPLE-DU BUREAU"
SCANNER = Device(skew=1.0, noise=0.2, quality=60)


def written_by_pen(
    print_: bytes, answers: Mapping[str, Any], *, signed: bool = True, seed: int = 7
) -> list[Gray]:
    """The pages of a print, each answer written or ticked by hand."""
    layout = layout_of(print_)
    rng = np.random.default_rng(seed)
    pages = paper.printed(print_)
    for field in layout.fields:
        said = answers.get(field.name)
        for spot in field.spots:
            pen = Pen(pages[spot.page - 1], rng)
            if field.kind == "signature":
                if signed:
                    pen.write(spot.box, 0.4)
            elif field.kind == "text":
                if said and not field.given and not field.printed:
                    pen.write(spot.box, 0.5)
            elif said is True or (said and spot.option == said):
                pen.cross(spot.box)
    return pages


def scanned(pages: list[Gray], device: Device = SCANNER, seed: int = 3) -> bytes:
    """What the office’s scanner makes of these pages: a PDF of pictures."""
    rng = np.random.default_rng(seed)
    return paper.pdf([taken(page, device, rng) for page in pages], device.dpi)


def to_copy(space: Space) -> list[Path]:
    """The transcriptions that wait in « Bureau »."""
    return sorted((space.workspace.office / "À remplir").glob("À recopier*.pdf"))


def copied(
    space: Space, form: Path, answers: Mapping[str, Any], *, signed: bool = True
) -> dict[str, Any]:
    """What a careful person types in a transcription, from the answers of the page."""
    asked = read(form.read_bytes()).values
    typed: dict[str, Any] = {
        BY: AGENT,
        DAY: people.fr(space.today),
        READ_AGAIN: True,
    }
    for name in asked:
        if name.startswith(SIGNED):
            typed[name] = "oui" if signed else "non"
        elif not name.startswith("transcription/"):
            said = answers.get(name)
            if said is True:
                typed[name] = "oui"
            elif said:
                typed[name] = said
            elif NOTHING + name in asked:
                typed[NOTHING + name] = True
            else:
                typed[name] = "off"
    return typed


def copy_and_save(
    space: Space, form: Path, answers: Mapping[str, Any], *, signed: bool = True
) -> DropAnswered:
    """Fill a transcription and save it where it stands; the answer."""
    filled = space.filled(form, copied(space, form, answers, signed=signed))
    form.write_bytes(filled.read_bytes())
    (done,) = space.work()
    return done


def a_message(space: Space) -> bytes:
    """Two grids filled on screen, one of them twice, an avis on paper, a file that is nothing."""
    number = space.numbers()[-1]
    grids = [space.grid(number, part).read_bytes() for part in ("BDC1.1", "BDC1.2")]
    answers = people.avis(space.outline(number, "avis"), space.today)
    pages = written_by_pen(space.issued(number, "avis").read_bytes(), answers)
    rest = {"grille 2.pdf": grids[1], "encore.pdf": grids[0], "avis.pdf": scanned(pages)}
    return mailed(
        ("grille 1.pdf", grids[0]),
        ("reste.zip", zipped(rest, zipfile.ZIP_STORED)),
        ("photo.jpg", b"\xff\xd8\xff"),
    )


def a_heap(space: Space) -> bytes:
    """Two forms scanned together: a receipt each."""
    number, pages = space.numbers()[-1], []
    for part in ("BDC1.1", "BDC1.2"):
        answers = people.grid(space.outline(number, "grille", part), space.today)
        pages += written_by_pen(space.issued(number, "grille", part).read_bytes(), answers)
    return paper.tiff([taken(page, SCANNER, np.random.default_rng(2)) for page in pages])


def layout(space: Space, number: str, form: str, part: str = "") -> Layout:
    return layout_of(space.issued(number, form, part).read_bytes())


def text_of(file: Path) -> str:
    """Everything a PDF says, its spaces made plain."""
    return " ".join(plain(words(file.read_bytes())).split())
