"""The trials of `parchemin bench`: each task done our way and the plain library’s way.

The peer does the same work on the same bytes with the library as its documentation shows it.
"""

import asyncio
import io
from collections.abc import Callable, Iterator
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casefiles.answers import Grid
from casefiles.answers.imprint import Imprint
from casefiles.answers.outline import Kind, outline
from casefiles.answers.vocabulary import Scope
from templates import catalog
from watch.commands.bench_rows import Trial
from watch.office import now

if TYPE_CHECKING:
    from signing.keys import Key
    from signing.trust import Trust

PAGES = 4
Kept = Callable[[], tuple[bytes, Path]]


def trials(folder: Path) -> Iterator[Trial]:
    """Form made and read, signature made and checked."""
    yield Trial(
        name="form.make",
        ours=_our_form,
        peer_name="reportlab acroForm",
        peer=_reportlab_form,
    )
    # One grid, as it comes back; then a whole bundle of them.
    for name, scopes in (("form.read", _scopes()[:1]), ("form.read.bundle", _scopes())):
        kept = cache(partial(_kept, folder / f"{name}.pdf", scopes))
        yield Trial(
            name=name,
            ours=partial(_read, kept),
            peer_name="pypdf get_fields",
            peer=partial(_pypdf_fields, kept),
        )
    yield from _signatures(folder)


def _kept(path: Path, scopes: list[Scope]) -> tuple[bytes, Path]:
    path.write_bytes(data := _our_form(scopes))
    return data, path


def _scopes() -> list[Scope]:
    certification = catalog.load("cqpm-tmp")
    return [
        Scope(certification=certification, competence=c.id)
        for c in certification.competences[: PAGES // 2]
    ]


def _our_form(scopes: list[Scope] | None = None) -> bytes:
    """Two grids in one file, or those: tagged, fillable PDF/A-2a, two pages each."""
    from forms.render import make_bundle

    imprint = Imprint(serial="MESURE0000", form=Grid.NAME, version=1)
    return make_bundle(Grid, scopes or _scopes(), imprint=imprint, key=b"mesure")


def _reportlab_form() -> bytes:
    """The same words and fields on four plain pages, as reportlab’s own acroForm makes them."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for scope in _scopes():
        questions = list(outline(Grid, scope).questions())
        half = (len(questions) + 1) // 2
        for page in (questions[:half], questions[half:]):
            for line, question in enumerate(page):
                _reportlab_question(canvas, scope.competence, line, question)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _reportlab_question(canvas: Any, part: str, line: int, question: Any) -> None:
    form, y = canvas.acroForm, 800 - 34 * line
    name = f"{part}/{question.name}"
    canvas.setFont("Helvetica", 8)
    canvas.drawString(40, y + 14, question.label)
    if question.kind is Kind.ONE_OF:
        for count, option in enumerate(question.options):
            canvas.drawString(60 + 150 * count, y, option.label)
            form.radio(
                name=name, value=option.value, x=40 + 150 * count, y=y, size=12, borderWidth=1
            )
    elif question.kind is Kind.TICK:
        form.checkbox(name=name, x=40, y=y, size=12, borderWidth=1)
    else:
        form.textfield(
            name=name, x=40, y=y - 4, width=400, height=16, fontSize=9, borderWidth=1, value=""
        )


def _read(kept: Kept) -> object:
    from forms.read import read

    return read(*kept())


def _pypdf_fields(kept: Kept) -> object:
    from pypdf import PdfReader

    return PdfReader(kept()[1]).get_fields()


def _signatures(folder: Path) -> Iterator[Trial]:
    from signing.pades import sign
    from signing.verify import verify

    made = _Signer(folder)
    target, stock = folder / "signé.pdf", folder / "signé par pyHanko.pdf"
    field = f"{_scopes()[0].competence.replace('.', '-')}/signature/evaluateur"
    yield Trial(
        name="sign.rsa3072",
        ours=lambda: sign(made.source, target, field=field, signer=made.kept, at=now()),
        peer_name="pyHanko SimpleSigner",
        peer=lambda: _plain_signature(made.source, stock, field, *made.key[:2]),
    )

    @cache
    def signed() -> Path:
        return sign(
            made.source, folder / "à vérifier.pdf", field=field, signer=made.kept, at=now()
        ).path

    yield Trial(
        name="verify.form",
        ours=lambda: verify(signed(), at=now(), trust=made.trust, inside=False),
        peer_name="pyHanko validate",
        peer=lambda: _plain_validation(signed(), made.key[2]),
    )


class _Signer:
    """A key and a form to sign, made when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def key(self) -> tuple[Path, Path, Path]:
        from watch.commands.bench_keys import rsa_key

        return rsa_key(self.folder)

    @cached_property
    def kept(self) -> "Key":
        from signing.keys import load, read_passphrase

        return load(self.key[0], read_passphrase(self.key[1]), at=now())

    @cached_property
    def trust(self) -> "Trust":
        from signing import trust

        return trust.load(self.key[2])

    @cached_property
    def source(self) -> Path:
        path = self.folder / "à signer.pdf"
        path.write_bytes(_our_form())
        return path


def _plain_signature(source: Path, target: Path, field: str, key: Path, phrase: Path) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    signer = signers.SimpleSigner.load_pkcs12(str(key), passphrase=phrase.read_bytes().strip())
    with source.open("rb") as data, target.open("wb") as out:
        signers.sign_pdf(
            IncrementalPdfFileWriter(data),
            signers.PdfSignatureMetadata(field_name=field),
            signer=signer,
            output=out,
        )


def _plain_validation(signed: Path, authority: Path) -> object:
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    with signed.open("rb") as data:
        reader = PdfFileReader(data)
        context = ValidationContext(trust_roots=[load_cert_from_pemder(str(authority))])
        return asyncio.run(
            async_validate_pdf_signature(reader.embedded_regular_signatures[0], context)
        )
