"""The measures of signing and checking: ours beside the plain library’s, on the same files.

Signatures per kind of key, invisible and visible; a PV of five signatures, a volume of *Pièces*.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watch.commands.bench_keys import any_key
from watch.commands.bench_rows import Trial
from watch.office import now

if TYPE_CHECKING:
    from signing.keys import Key
    from signing.memory import Memory
    from signing.trust import Trust

KINDS = ("rsa3072", "rsa4096", "p256")
_FIELDS = ("Centre", "Membre 1", "Membre 2", "Membre 3", "President")
_TWICE = ("Signature", "Visa")
_DOCUMENT_PAGES = 10


def trials(folder: Path) -> Iterator[Trial]:
    """Every row of this room."""
    yield from _made(folder)
    yield from _checked(folder)
    yield _code(folder)


def _code(folder: Path) -> Trial:
    """The code of a parchemin, signed then verified."""
    from signing.credential.keys import load_or_make
    from signing.credential.payload import Award
    from signing.credential.verdict import issue, verify

    today = now().date()
    award = Award(
        number="P-2026-00001",
        holder="Madame Zoé EXEMPLE-GONÇALVES",
        title="CQPM Mesure",
        certifier="Certificateur EXEMPLE",
        decided_on=today,
        delivered_on=today,
    )
    key = cache(lambda: load_or_make(folder, at=now()))
    return Trial(
        name="code.verify",
        ours=lambda: verify(issue(award, key()), key().published("Mesure")),
    )


def _made(folder: Path) -> Iterator[Trial]:
    from signing.pades import sign
    from signing.stamp import Stamp

    made = _Made(folder)
    for kind in KINDS:
        for look, field in (("invisible", "Invisible"), ("visible", "Visible")):
            target, stock = folder / f"{kind}.pdf", folder / f"{kind} pyHanko.pdf"
            yield Trial(
                name=f"sign.{kind}.{look}",
                ours=lambda kind=kind, field=field, target=target: sign(  # type: ignore[misc]
                    made.page,
                    target,
                    field=field,
                    new_field=field == "Invisible",
                    signer=made.kept(kind),
                    stamp=Stamp(name=made.kept(kind).holder, quality="Mesure"),
                    at=now(),
                ),
                peer_name="pyHanko SimpleSigner",
                peer=lambda kind=kind, field=field, stock=stock: _plain(  # type: ignore[misc]
                    made.page, stock, field, *made.key(kind)[:2]
                ),
            )


def _checked(folder: Path) -> Iterator[Trial]:
    from signing.verify import verify

    made = _Made(folder)
    for name, ours in (
        ("verify.pv", lambda: verify(made.pv[-1], at=now(), trust=made.trust)),
        (
            "verify.pv.sealed",
            lambda: verify(made.pv[-1], at=now(), trust=made.trust, sealed=made.pv[0]),
        ),
        (
            "verify.pv.remembered",
            lambda: verify(
                made.pv[-1], at=now(), trust=made.trust, memory=made.remembered(made.pv[-1])
            ),
        ),
    ):
        yield Trial(name=name, ours=ours, peer_name="pyHanko validate",
                    peer=lambda: _plain_validation(made.pv[-1], made.authority))  # fmt: skip
    for count in (30, 200):
        for way in ("", ".remembered"):
            yield Trial(
                name=f"verify.pieces{count}{way}",
                ours=lambda count=count, way=way: verify(  # type: ignore[misc]
                    made.pieces(count),
                    at=now(),
                    trust=made.trust,
                    memory=made.remembered(made.pieces(count)) if way else None,
                ),
                peer_name="pyHanko validate, dedans et dehors",
                peer=lambda count=count: _plain_volume(  # type: ignore[misc]
                    made.pieces(count), made.authority
                ),
                most=2,
            )


class _Made:
    """The files these measures share, each made when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = cache(lambda kind: any_key(folder, kind))
        self.kept = cache(self._kept)
        self.pieces = cache(self._pieces)
        self._learned = cache(self._learn)

    def _kept(self, kind: str) -> "Key":
        from signing.keys import load

        key, phrase, _ = self.key(kind)
        return load(key, phrase.read_bytes(), at=now())

    @property
    def authority(self) -> Path:
        return self.key("p256")[2]

    @cached_property
    def trust(self) -> "Trust":
        from signing import trust

        return trust.load(self.authority)

    @cached_property
    def page(self) -> Path:
        return _pages(self.folder / "page à signer.pdf", 1, visible=("Visible",))

    @cached_property
    def pv(self) -> list[Path]:
        """Certified, then signed four times: the file after each signature."""
        source = _pages(self.folder / "pv.pdf", _DOCUMENT_PAGES, visible=_FIELDS)
        return self._signed(source, _FIELDS, certify=True)

    def _pieces(self, count: int) -> Path:
        """So many forms, no two alike, each signed twice, in one sealed volume."""
        from signing.pack import Original, Part, assemble
        from signing.pades import sign

        originals = []
        for number in range(count):
            source = _pages(
                self.folder / f"formulaire {number:03d}.pdf", 2, visible=_TWICE, first=number
            )
            form = self._signed(source, _TWICE)[-1]
            told = Original(path=form, name=f"{number:03d}.pdf", sha256=_sha256(form))
            originals.append(told)
        volume = self.folder / f"pieces {count}.pdf"
        sealed = self.folder / f"pieces {count} scellées.pdf"
        page = _pages(self.folder / "lecture.pdf", 1)
        parts = [Part(path=page, title="Mesure")]
        assemble(volume, title="Mesure", parts=parts, originals=originals, at=now())
        sign(volume, sealed, field="Sceau", new_field=True, signer=self.kept("p256"),
             certify=True, docmdp=1, at=now())  # fmt: skip
        return sealed

    def _signed(
        self, source: Path, fields: tuple[str, ...], *, certify: bool = False
    ) -> list[Path]:
        from signing.pades import sign

        made = []
        for rank, field in enumerate(fields):
            target = source.with_name(f"{source.stem} {field}.pdf")
            sign(source, target, field=field, signer=self.kept("p256"),
                 certify=certify and rank == 0, at=now())  # fmt: skip
            made.append(target)
            source = target
        return made

    def remembered(self, path: Path) -> "Memory":
        """What a first check of that file left to the next."""
        from signing.memory import Memory

        return Memory(self._learned(path))

    def _learn(self, path: Path) -> dict[str, Any]:
        from signing.memory import Memory
        from signing.verify import verify

        first = Memory()
        verify(path, at=now(), trust=self.trust, memory=first)
        return first.learned


def _pages(path: Path, count: int, *, visible: tuple[str, ...] = (), first: int = 0) -> Path:
    """Plain pages with waiting signature fields, as any program could make them.

    first: a number that tells them from others of their kind.
    """
    import pikepdf
    from pikepdf import Array, Dictionary, Name, String

    pdf = pikepdf.new()
    for number in range(count):
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[-1].Contents = pdf.make_stream(b"0.2 0.3 0.5 rg 60 %d 200 40 re f" % (
            700 - 5 * number - first))  # fmt: skip
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


def _plain_validation(signed: Path | bytes, authority: Path) -> None:
    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    root = load_cert_from_pemder(str(authority))
    with BytesIO(signed) if isinstance(signed, bytes) else signed.open("rb") as data:
        reader = PdfFileReader(data)
        for embedded in reader.embedded_regular_signatures:
            context = ValidationContext(trust_roots=[root])
            with suppress(Exception):  # its own opinion is not measured here
                asyncio.run(async_validate_pdf_signature(embedded, context))


def _plain_volume(sealed: Path, authority: Path) -> None:
    """The seal, then the signatures of each file it holds, one after the other."""
    import pikepdf

    _plain_validation(sealed, authority)
    with pikepdf.open(sealed) as pdf:
        for name, held in pdf.attachments.items():
            if name.endswith(".pdf"):
                _plain_validation(held.get_file().read_bytes(), authority)
