"""Tools people re-save, fill or print a PDF with; each function takes bytes and gives bytes.

Each is a whole other program or library, run with its own defaults and a time limit.
"""

import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pypdf

SECONDS = 180

Joining = Callable[[Sequence[bytes]], bytes]


class RewritingError(RuntimeError):
    """The tool refused the file; the message is the tool's own."""


def qpdf(pdf: bytes, *options: str) -> bytes:
    """Rewritten whole by qpdf; options such as "--linearize" or "--object-streams=generate"."""
    return _run(pdf, lambda source, target: ["qpdf", *options, source, target], accept=(0, 3))


def mutool_clean(pdf: bytes, *options: str) -> bytes:
    """Rewritten by MuPDF; options such as "-gggg" (renumber, share) or "-d" (decompress)."""
    return _run(pdf, lambda source, target: ["mutool", "clean", *options, source, target])


def pdftk(pdf: bytes, *operation: str) -> bytes:
    """Rewritten by pdftk-java; an operation such as "need_appearances" or "flatten" may follow."""
    return _run(pdf, lambda source, target: ["pdftk", source, "output", target, *operation])


def pdftk_fill(pdf: bytes, answers: Mapping[str, str], *operation: str) -> bytes:
    """Filled from an XFDF file, as an office's mail merge would; radios by export name."""
    fields = "".join(
        f'<field name="{escape(name, {chr(34): "&quot;"})}"><value>{escape(value)}</value></field>'
        for name, value in answers.items()
    )
    xfdf = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">'
        f"<fields>{fields}</fields></xfdf>"
    )
    with tempfile.TemporaryDirectory(prefix="parchemin-xfdf-") as folder:
        data = Path(folder, "answers.xfdf")
        data.write_text(xfdf, encoding="utf-8")
        return _run(
            pdf,
            lambda source, target: [
                *("pdftk", source, "fill_form", str(data), "output", target),
                *operation,
            ],
        )


def pypdf_fill(pdf: bytes, answers: Mapping[str, str], *, incremental: bool = False) -> bytes:
    """Filled by pypdf, as a script would; buttons by the name of their state."""
    source = BytesIO(pdf)
    writer = (
        pypdf.PdfWriter(source, incremental=True)
        if incremental
        else pypdf.PdfWriter(clone_from=source)
    )
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(answers), auto_regenerate=False)
    return _written(writer)


def libreoffice(*pdfs: bytes) -> list[bytes]:
    """Opened in LibreOffice Draw and exported, all in one start: the fields become page content."""
    with tempfile.TemporaryDirectory(prefix="parchemin-soffice-") as folder:
        sources = [Path(folder, f"{number}.pdf") for number in range(len(pdfs))]
        for source, pdf in zip(sources, pdfs, strict=True):
            source.write_bytes(pdf)
        out = Path(folder, "out")
        done = subprocess.run(
            [
                *("soffice", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"),
                *("--headless", "--convert-to", "pdf", "--outdir", str(out)),
                *map(str, sources),
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS + 10 * len(pdfs),
            check=False,
        )
        missing = [one.name for one in sources if not (out / one.name).exists()]
        if missing:
            said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
            raise RewritingError(f"soffice gave no {', '.join(missing)}: {said}")
        return [(out / one.name).read_bytes() for one in sources]


def qpdf_joined(pdfs: Sequence[bytes]) -> bytes:
    """Made one file by qpdf, which renames the fields of the second: « name+1 »."""
    return _joined(pdfs, lambda sources, out: ["qpdf", "--empty", "--pages", *sources, "--", out])


def pdftk_joined(pdfs: Sequence[bytes]) -> bytes:
    """Made one file by pdftk-java, which renames fields that meet: « 1.name »."""
    return _joined(pdfs, lambda sources, out: ["pdftk", *sources, "cat", "output", out])


def ghostscript(pdf: bytes) -> bytes:
    """Distilled by Ghostscript, as most "PDF printers" do: the fields become page content."""
    return _run(
        pdf,
        lambda source, target: [
            *("gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite"),
            *(f"-sOutputFile={target}", source),
        ],
    )


def printed(pdf: bytes) -> bytes:
    """Printed to a PDF file by cairo, as from a desktop viewer: no field survives."""
    return _run(pdf, lambda source, target: ["pdftocairo", "-pdf", source, target])


def pypdf_rewritten(pdf: bytes) -> bytes:
    """Cloned and written whole by pypdf."""
    return _written(pypdf.PdfWriter(clone_from=BytesIO(pdf)))


def pypdf_updated(pdf: bytes) -> bytes:
    """An incremental save by pypdf which changes the document's title."""
    writer = pypdf.PdfWriter(BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Title": "Enregistré de nouveau"})
    return _written(writer)


def _written(writer: pypdf.PdfWriter) -> bytes:
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def _joined(pdfs: Sequence[bytes], command: Callable[[list[str], str], list[str]]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="parchemin-joined-") as folder:
        sources = [str(Path(folder, f"{number}.pdf")) for number in range(len(pdfs))]
        for source, pdf in zip(sources, pdfs, strict=True):
            Path(source).write_bytes(pdf)
        target = Path(folder, "out.pdf")
        done = subprocess.run(
            command(sources, str(target)), capture_output=True, timeout=SECONDS, check=False
        )
        if done.returncode not in (0, 3):
            raise RewritingError(done.stderr.decode(errors="replace"))
        return target.read_bytes()


def _run(
    pdf: bytes, command: Callable[[str, str], list[str]], accept: tuple[int, ...] = (0,)
) -> bytes:
    with tempfile.TemporaryDirectory(prefix="parchemin-rewriter-") as folder:
        source, target = Path(folder, "source.pdf"), Path(folder, "target.pdf")
        source.write_bytes(pdf)
        words = command(str(source), str(target))
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode not in accept or not target.exists():
            said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
            raise RewritingError(f"{words[0]} (exit code {done.returncode}): {said}")
        return target.read_bytes()
