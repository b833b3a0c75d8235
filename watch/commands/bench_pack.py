"""The measures of *Pièces*: assembled beside pypdf doing the same, and the memory that takes.

Memory is measured in a process of its own for each task: what another left behind does not count.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from watch.commands.bench_keys import any_key
from watch.commands.bench_processes import high_water
from watch.commands.bench_rows import Trial, row
from watch.office import now

if TYPE_CHECKING:
    from signing.pack import Original, Part

PAGES = 10
MANY = 200
WEIGHTS = (100, 200, 300)  # megabytes of originals, in all
_DIFFERENT = 10
_VOLUME, _SEALED = "volume.pdf", "scelle.pdf"
# What each child does, and what stands beside it.
PEAKS = {"assemble": "pypdf", "seal": "", "verify": "", "pages": "pypdf.pages"}
_THEN = {"assemble": ("seal", "verify"), "seal": ("verify",)}  # done on what it leaves


def trials(folder: Path) -> Iterator[Trial]:
    """Thirty documents of ten pages, then two hundred: bookmarks, labels, originals, PDF/A."""
    pages = cache(lambda: _pages(folder))
    pieces = cache(lambda count: _pieces(pages(), pages(), count))
    for count in (30, MANY):
        yield Trial(
            name=f"pack.assemble{count}",
            ours=lambda count=count: _ours(folder, *pieces(count)),  # type: ignore[misc]
            peer_name="pypdf append et add_attachment",
            peer=lambda count=count: _pypdf(folder, pages(), pages(), count),  # type: ignore[misc]
            most=3,
        )


def run(
    only: Sequence[str] = (), documents: int = MANY, weights: Sequence[int] = WEIGHTS
) -> Iterator[dict[str, Any]]:
    """The peak memory, in megabytes, of assembling, sealing and verifying volumes of `documents`
    pieces that weigh so many `weights` (megabytes): flat, or not, is seen along a curve.

    only: how the names to measure begin; what follows one task on the next is done all the same.
    """
    wanted = tuple(only) or ("",)
    with TemporaryDirectory(prefix="parchemin-mesure-") as name:
        folder = Path(name)
        pages = _pages(folder)
        yield row("pack.memory.nothing", _peak("nothing", folder, documents), "Mo")
        for weight in weights:
            names = {task: f"pack.memory.{task}.{weight}" for task in PEAKS}
            if not any(name.startswith(wanted) for name in names.values()):
                continue
            for number in range(_DIFFERENT):
                _weighted(pages[number], _heavy(folder, number), weight * 10**6 // documents)
            for number in range(documents):
                _pictured(_scanned(folder, number), weight * 10**6 // documents)
            for task, peer in PEAKS.items():
                if not any(names[one].startswith(wanted) for one in (task, *_THEN.get(task, ()))):
                    continue
                mine = _peak(task, folder, documents)
                if names[task].startswith(wanted):
                    beside = _peak(peer, folder, documents) if peer else None
                    yield row(names[task], mine, "Mo", peer, beside)


def _weighted(source: Path, target: Path, size: int) -> None:
    """The same document followed by bytes nobody reads, `size` in all."""
    shutil.copyfile(source, target)
    with target.open("ab") as out:
        out.write(os.urandom(size - out.tell()))


def _pictured(target: Path, size: int) -> None:
    """A page that is a picture of so many bytes, as a scan is."""
    import pikepdf
    from pikepdf import Dictionary, Name

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        picture = pdf.make_stream(
            os.urandom(size),
            Type=Name.XObject, Subtype=Name.Image, Width=size // 8, Height=8,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        pdf.pages[0].Resources = Dictionary(XObject=Dictionary(P=picture))
        pdf.pages[0].Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /P Do")
        pdf.save(target, compress_streams=False)


def _peak(task: str, folder: Path, documents: int) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "watch.commands.bench_pack", task, str(folder), str(documents)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def _task(task: str, folder: Path, documents: int) -> None:
    """One task, in the child."""
    pages = [folder / f"pages {number}.pdf" for number in range(MANY)]
    heavy = [_heavy(folder, number) for number in range(_DIFFERENT)]
    if task == "assemble":
        _ours(folder, *_pieces(pages, heavy, documents))
    elif task == "pypdf":
        _pypdf(folder, pages, heavy, documents)
    elif task in ("pages", "pypdf.pages"):
        scans = [_scanned(folder, number) for number in range(documents)]
        if task == "pages":
            _ours(folder, *_pieces(scans, pages, documents))
        else:
            _pypdf(folder, scans, pages, documents)
    elif task == "seal":
        _seal(folder)
    elif task == "verify":
        from signing.verify import verify

        report = verify(folder / _SEALED, at=now())
        if len(report.embedded) != documents or not all(one.matches for one in report.embedded):
            raise ValueError("the volume does not hold what was put into it")


def _ours(folder: Path, parts: "list[Part]", originals: "list[Original]") -> None:
    from signing.pack import assemble

    assemble(folder / _VOLUME, title="Mesure", parts=parts, originals=originals, at=now())


def _pypdf(folder: Path, pages: list[Path], held: list[Path], count: int) -> None:
    """The same pages, bookmarks, labels and attachments, as pypdf’s documentation shows it."""
    from pypdf import PdfWriter
    from pypdf.constants import PageLabelStyle

    writer = PdfWriter()
    for number in range(count):
        first = len(writer.pages)
        writer.append(pages[number], outline_item=f"Pièce {number}")
        writer.set_page_label(
            first, len(writer.pages) - 1, style=PageLabelStyle.DECIMAL, prefix=f"{number}-"
        )
        writer.add_attachment(f"{number:03d}.pdf", held[number % _DIFFERENT].read_bytes())
    writer.add_metadata({"/Title": "Mesure"})
    with (folder / "pypdf.pdf").open("wb") as out:
        writer.write(out)


def _seal(folder: Path) -> None:
    from signing.keys import load
    from signing.pades import sign

    key, phrase, _ = any_key(folder, "p256")
    kept = load(key, phrase.read_bytes(), at=now())
    sign(folder / _VOLUME, folder / _SEALED, field="Sceau", new_field=True, signer=kept,
         certify=True, docmdp=1, at=now())  # fmt: skip


def _pieces(
    pages: list[Path], held: list[Path], count: int
) -> tuple["list[Part]", "list[Original]"]:
    from signing.pack import Original, Part

    sums = [hashlib.sha256(one.read_bytes()).hexdigest() for one in held]
    parts = [Part(path=pages[n], title=f"Pièce {n}", label=f"{n}-") for n in range(count)]
    return parts, [
        Original(path=held[n % _DIFFERENT], name=f"{n:03d}.pdf", sha256=sums[n % _DIFFERENT])
        for n in range(count)
    ]


def _heavy(folder: Path, number: int) -> Path:
    return folder / f"original {number}.pdf"


def _scanned(folder: Path, number: int) -> Path:
    return folder / f"numérisé {number}.pdf"


def _pages(folder: Path) -> list[Path]:
    """Documents of ten pages of text, as our own renderer finishes them; ten texts in all, each
    file under a name of its own, or a library would read it once."""
    from forms.pages.letterhead import Letterhead, begin
    from forms.style import BODY

    made = []
    head = Letterhead(organisation="Centre EXEMPLE")
    for number in range(_DIFFERENT):
        flow = begin(head, date(2026, 6, 12), title=f"Pièce {number}", reference=("Mesure",))
        for page in range(PAGES):
            if page:
                flow.next_page()
            for line in range(30):
                flow.paragraph(f"Page {page}, ligne {line} : une réponse de quelques mots.", BODY)
        path = folder / f"pages {number}.pdf"
        path.write_bytes(flow.sheet.finish())
        made.append(path)
    for number in range(_DIFFERENT, MANY):
        path = folder / f"pages {number}.pdf"
        shutil.copyfile(made[number % _DIFFERENT], path)
        made.append(path)
    return made


if __name__ == "__main__":
    _task(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    print(round(high_water() / 1e6, 1))
