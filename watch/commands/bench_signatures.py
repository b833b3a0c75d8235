"""The measures of signing and checking: ours beside the plain library’s, on the same files.

Signatures per kind of key, invisible and visible; a PV of five signatures, a volume of *Pièces*.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from watch.commands.bench_keys import any_key
from watch.office import now

if TYPE_CHECKING:
    from signing.keys import Key
    from watch.commands.bench import Trial

KINDS = ("rsa3072", "rsa4096", "p256")
_FIELDS = ("Centre", "Membre 1", "Membre 2", "Membre 3", "President")
_DOCUMENT_PAGES = 10


def trials(folder: Path) -> Iterator["Trial"]:
    """Every row of this room."""
    yield from _made(folder)
    yield from _checked(folder)


def _made(folder: Path) -> Iterator["Trial"]:
    from signing.keys import load
    from signing.pades import sign
    from signing.stamp import Stamp
    from watch.commands.bench import Trial

    source = _pages(folder / "page à signer.pdf", 1, visible=("Visible",))
    for kind in KINDS:
        key, phrase, _ = any_key(folder, kind)
        kept = load(key, phrase.read_bytes(), at=now())
        for look, field in (("invisible", "Invisible"), ("visible", "Visible")):
            target, stock = folder / f"{kind}.pdf", folder / f"{kind} pyHanko.pdf"
            yield Trial(
                name=f"sign.{kind}.{look}",
                ours=lambda field=field, kept=kept, target=target: sign(  # type: ignore[misc]
                    source,
                    target,
                    field=field,
                    new_field=field == "Invisible",
                    signer=kept,
                    stamp=Stamp(name=kept.holder, quality="Mesure"),
                    at=now(),
                ),
                peer_name="pyHanko SimpleSigner",
                peer=lambda field=field, key=key, phrase=phrase, stock=stock: _plain(  # type: ignore[misc]
                    source, stock, field, key, phrase
                ),
            )


def _checked(folder: Path) -> Iterator["Trial"]:
    from signing import trust
    from signing.keys import load
    from signing.memory import Memory
    from signing.pack import Original, Part, assemble
    from signing.pades import sign
    from signing.verify import verify
    from watch.commands.bench import Trial

    key, phrase, authority = any_key(folder, "p256")
    kept, known = load(key, phrase.read_bytes(), at=now()), trust.load(authority)
    pv = _pages(folder / "pv.pdf", _DOCUMENT_PAGES, visible=_FIELDS)
    sealed = folder / f"pv {_FIELDS[0]}.pdf"
    for rank, field in enumerate(_FIELDS):
        target = folder / f"pv {field}.pdf"
        sign(pv, target, field=field, signer=kept, certify=rank == 0, at=now())
        pv = target
    remembered = Memory()
    verify(pv, at=now(), trust=known, memory=remembered)
    for name, ours in (
        ("verify.pv", lambda: verify(pv, at=now(), trust=known)),
        ("verify.pv.sealed", lambda: verify(pv, at=now(), trust=known, sealed=sealed)),
        (
            "verify.pv.remembered",
            lambda: verify(pv, at=now(), trust=known, memory=Memory(remembered.learned)),
        ),
    ):
        yield Trial(name=name, ours=ours, peer_name="pyHanko validate",
                    peer=lambda: _plain_validation(pv, authority))  # fmt: skip
    form = _signed_form(folder, kept)
    for count in (30, 200):
        volume, pieces = folder / f"pieces {count}.pdf", folder / f"pieces {count} scellées.pdf"
        page = _pages(folder / "lecture.pdf", 1)
        digest = _sha256(form)
        assemble(
            volume,
            title="Mesure",
            parts=[Part(path=page, title="Mesure")],
            originals=[
                Original(path=form, name=f"{n:03d}.pdf", sha256=digest) for n in range(count)
            ],
            at=now(),
        )
        sign(volume, pieces, field="Sceau", new_field=True, signer=kept, certify=True, docmdp=1,
             at=now())  # fmt: skip
        first = Memory()
        verify(pieces, at=now(), trust=known, memory=first)
        yield Trial(
            name=f"verify.pieces{count}",
            ours=lambda pieces=pieces: verify(pieces, at=now(), trust=known),  # type: ignore[misc]
            peer_name="pyHanko validate, the outer signature alone",
            peer=lambda pieces=pieces: _plain_validation(pieces, authority),  # type: ignore[misc]
        )
        yield Trial(
            name=f"verify.pieces{count}.remembered",
            ours=lambda pieces=pieces, first=first: verify(  # type: ignore[misc]
                pieces, at=now(), trust=known, memory=Memory(first.learned)
            ),
        )


def _signed_form(folder: Path, kept: "Key") -> Path:
    from signing.pades import sign

    source = _pages(folder / "formulaire.pdf", 2, visible=("Signature", "Visa"))
    first, target = folder / "formulaire 1.pdf", folder / "formulaire signé.pdf"
    sign(source, first, field="Signature", signer=kept, at=now())
    sign(first, target, field="Visa", signer=kept, at=now())
    return target


def _pages(path: Path, count: int, *, visible: tuple[str, ...] = ()) -> Path:
    """Plain pages with waiting signature fields, as any program could make them."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    pdf = pikepdf.new()
    for number in range(count):
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[-1].Contents = pdf.make_stream(b"0.2 0.3 0.5 rg 60 %d 200 40 re f" % (
            700 - 5 * number))  # fmt: skip
        pdf.pages[-1].Resources = Dictionary()
    page, fields = pdf.pages[0].obj, Array()
    for row, name in enumerate(visible):
        fields.append(
            pdf.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(name), F=4,
                           Rect=[60, 600 - 80 * row, 260, 660 - 80 * row], P=page)
            )
        )  # fmt: skip
    if visible:
        page.Annots = Array(fields)
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=fields, SigFlags=1))
    pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable, min_version="1.7")
    return path


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def _plain(source: Path, target: Path, field: str, key: Path, phrase: Path) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.stamp import TextStampStyle

    signer = signers.SimpleSigner.load_pkcs12(str(key), passphrase=phrase.read_bytes())
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    machine = signers.PdfSigner(
        metadata, signer, stamp_style=TextStampStyle(stamp_text="Signé par %(signer)s\n%(ts)s")
    )
    with source.open("rb") as data, target.open("wb") as out:
        machine.sign_pdf(IncrementalPdfFileWriter(data), output=out)


def _plain_validation(signed: Path, authority: Path) -> None:
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    root = load_cert_from_pemder(str(authority))
    with signed.open("rb") as data:
        reader = PdfFileReader(data)
        for embedded in reader.embedded_regular_signatures:
            context = ValidationContext(trust_roots=[root])
            with suppress(Exception):  # its own opinion is not measured here
                asyncio.run(async_validate_pdf_signature(embedded, context))
