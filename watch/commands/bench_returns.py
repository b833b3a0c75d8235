"""`parchemin bench returns`: what comes back on paper, a page at a time and by the thousand.

The mix is that of a training body’s mailbox: six files in ten filled on screen, two printed to PDF,
one scanned, one in an archive. Files are counted from the door to their receipt, on this machine.
"""

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from casefiles.answers import Avis
from casefiles.answers.imprint import Imprint
from casefiles.answers.vocabulary import Scope
from casefiles.errors import ParcheminError
from templates import catalog
from watch.commands.bench_folder import Place
from watch.commands.bench_processes import below, proportional
from watch.commands.bench_rows import Trial, row

if TYPE_CHECKING:
    import pypdfium2 as pdfium

DPI = 150


def page_trial() -> Trial:
    """One scanned page: found, straightened, every field of it read."""
    from forms.render import make
    from forms.returns.geometry import layout_of
    from forms.returns.understanding import understand

    scope = Scope(certification=catalog.load("cqpm-tmp"))
    imprint = Imprint(serial="MESURE0001", form=Avis.NAME, version=1)
    print_ = make(Avis, scope, imprint=imprint, key=b"mesure")
    layouts = {imprint.serial: layout_of(print_)}
    scan = scanned(print_, pages=1)
    return Trial(
        name="scan.page",
        ours=lambda: understand(scan, layouts),
        peer_name="pypdfium2 et zxing, sans rien lire",
        peer=lambda: _rendered_and_decoded(scan),
    )


def run(files: int) -> list[dict[str, Any]]:
    """Mixed returns taken by `watch --once`: files per second, peak memory of every process."""
    with TemporaryDirectory(prefix="parchemin-mesure-") as folder:
        return list(_mixed(Path(folder, "retours"), files))


def _mixed(root: Path, files: int) -> Iterator[dict[str, Any]]:
    place = Place(root)
    cases = max(1, files // 10)
    for count, source in enumerate(place.inscriptions(cases)):
        place.drop(source, f"{count}.pdf")
    place.watch("--once").wait()
    before, count, receipts = place.receipts(), 0, 0
    for _, _, summary in place.office.journal.summaries("dossier"):
        number = str(summary["number"])
        people = place.people
        for source in (people.modalities(number), *people.grids(number), people.avis(number)):
            if count < files:
                name, data = _as_mailed(source.read_bytes(), count)
                (place.space.drop_here / name).write_bytes(data)
                count += 1
                receipts += 2 if name.endswith(".zip") else 1
    began = time.monotonic()
    watcher = place.watch("--once")
    peak = 0.0
    while watcher.poll() is None:
        peak = max(peak, sum(map(proportional, below(watcher.pid))))
        time.sleep(0.25)
    spent = time.monotonic() - began
    if place.receipts() - before != receipts:
        raise ParcheminError(f"{receipts} accusés attendus, {place.receipts() - before} rendus.")
    yield row("returns.files_per_second", count / spent, "fichiers/s")
    yield row("returns.peak", peak / 1024**2, "Mio, tous processus")


def _as_mailed(filled: bytes, count: int) -> tuple[str, bytes]:
    """The file as it comes: most as they are, some printed, scanned, or in an archive."""
    match count % 10:
        case 3 | 6:
            return f"{count}.pdf", flattened(filled)
        case 8:
            return f"{count}.pdf", scanned(filled)
        case 9:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(f"{count}.pdf", filled)
            return f"{count}.zip", out.getvalue()
        case _:
            return f"{count}.pdf", filled


def flattened(filled: bytes) -> bytes:
    """As Chrome prints to PDF: the fields made part of the page."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    document = _drawn_in(pdfium.PdfDocument(filled))
    for index in range(len(document)):
        page = document[index]
        raw.FPDFPage_Flatten(page.raw, raw.FLAT_PRINT)
        raw.FPDFPage_GenerateContent(page.raw)
        page.close()
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def scanned(filled: bytes, pages: int = 0) -> bytes:
    """As an office scanner sends it: a JPEG a page."""
    import pypdfium2 as pdfium

    document = _drawn_in(pdfium.PdfDocument(filled))
    pictures = [
        document[index].render(scale=DPI / 72, grayscale=True, may_draw_forms=True).to_pil()
        for index in range(pages or len(document))
    ]
    document.close()
    out = io.BytesIO()
    first, *others = pictures
    first.save(out, "PDF", save_all=True, append_images=others, resolution=float(DPI), quality=70)
    return out.getvalue()


def _drawn_in(document: "pdfium.PdfDocument") -> "pdfium.PdfDocument":
    document.init_forms()
    return document


def _rendered_and_decoded(scan: bytes) -> object:
    import pypdfium2 as pdfium
    import zxingcpp

    document = pdfium.PdfDocument(scan)
    picture = document[0].render(scale=188 / 72, grayscale=True).to_numpy()
    document.close()
    return zxingcpp.read_barcodes(picture)
