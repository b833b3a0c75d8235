"""The tasks on what comes back other than as fields, and on what it comes wrapped in.

Each takes a file and JSON-like parameters and gives JSON-like data, as those of `foreign` do; it
runs in the same child, and knows nothing of cases.
"""

import base64
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

from casefiles.errors import UnreadableFile

Parameters = Mapping[str, Any]

_AT_ONCE = 20_000_000
_NO_CODE = UnreadableFile(
    "Aucun repère de tirage (le carré de points, en haut à droite de chaque page) ne se lit sur "
    "cette image.",
    "Si c’est un formulaire de ce bureau, refaites la photo ou la numérisation : la page entière, "
    "à plat, bien éclairée, à 150 points par pouce au moins. Un procès-verbal signé à la main "
    "n’est pas repris : ses membres signent la feuille d’émargement qui l’accompagne.",
)

_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"BM", "bmp"),
    (b"RIFF", "webp"),
)


def media_of(data: bytes) -> str:
    """« pdf », « wrapped », a picture’s kind, or "" for what we do not open as pages."""
    from forms.returns.pictures import is_picture
    from forms.returns.wrapped import is_wrapped

    # First: an archive that stores a PDF as it is shows that PDF’s own first bytes, further on.
    if is_wrapped(data):
        return "wrapped"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if is_picture(data):
        return next((kind for start, kind in _STARTS if data.startswith(start)), "heic")
    return ""


def prints_in(data: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """The prints whose codes those bytes show, and what is to be said of their other pages."""
    from forms.returns.understanding import understand

    seen = understand(data, {})
    return [asdict(one) for one in seen.strangers], list(seen.reasons)


def also_bear_prints(data: bytes, some: Sequence[int]) -> bool:
    """Whether the code of a print shows on one of those pages (1-based), which have no field."""
    if not some:
        return False
    from io import BytesIO

    import pikepdf

    from forms.opening import open_pdf

    with open_pdf(data) as pdf, pikepdf.new() as part, suppress(UnreadableFile):
        part.pages.extend(pdf.pages[number - 1] for number in some)
        out = BytesIO()
        part.save(out)
        return bool(prints_in(out.getvalue())[0])
    return False


def pictured(data: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """The same, of a picture: UnreadableFile when it shows none."""
    prints, reasons = prints_in(data)
    if not prints:
        raise _NO_CODE
    return prints, reasons


def returned(file: Path, params: Parameters) -> dict[str, Any]:
    """What `forms.returns` understands of a file’s pages.

    Parameters: prints (paths of the prints as issued), also (paths of earlier files, looked at for
    the pages this one lacks).
    """
    from forms.returns.geometry import layout_of
    from forms.returns.understanding import understand

    layouts = [layout_of(Path(one).read_bytes()) for one in params["prints"]]
    found = understand(
        file.read_bytes(),
        {one.imprint.serial: one for one in layouts},
        also=[Path(one).read_bytes() for one in params.get("also") or ()],
    )
    return found.model_dump(mode="json")


def unwrapped(file: Path, params: Parameters) -> dict[str, Any]:
    """The files inside an archive or a message, from number `first` on, as many as fit an answer.

    {"count", "pieces": [{"name", "folders", "data": base64}]}. Parameters: first, and the bounds:
    pieces, size (bytes), depth.
    """
    from forms.returns.wrapped import Bounds, unwrap

    bounds = Bounds(pieces=params["pieces"], size=params["size"], depth=params["depth"])
    inside = unwrap(file.read_bytes(), bounds)
    given: list[dict[str, Any]] = []
    room = _AT_ONCE
    for piece in inside[params["first"] :]:
        room -= len(piece.data)
        if room < 0 and given:
            break
        name = " - ".join((*piece.within, piece.name))
        data = base64.b64encode(piece.data).decode()
        given.append({"name": name, "folders": piece.folders, "data": data})
    return {"count": len(inside), "pieces": given}


def reproduced(file: Path, params: Parameters) -> dict[str, Any]:
    """The pages of a foreign file as pictures and words, from number `first` on, as many as fit.

    {"count", "pages": [{"width", "height", "jpeg": base64, "pixels", "lines"}], "acts"}, as
    `forms.returns.reproduced` says; acts: what in the file would act, in words.
    """
    from forms.returns.reproduced import count, reproduce

    data = file.read_bytes()
    given: list[dict[str, Any]] = []
    room = _AT_ONCE
    for page in reproduce(data, params["first"]):
        room -= len(page.jpeg)
        if room < 0 and given:
            break
        given.append({**asdict(page), "jpeg": base64.b64encode(page.jpeg).decode()})
    return {"count": count(data), "pages": given, "acts": list(_acting(data))}


def _acting(data: bytes) -> tuple[str, ...]:
    import pikepdf

    from forms import active

    with suppress(pikepdf.PdfError), pikepdf.open(BytesIO(data)) as pdf:
        return active.named(pdf, data)
    return ()
