"""The QR codes of an image, a PDF or a text file, by ZXing-C++; it believes none of them.

Reads foreign bytes: call it where time, memory and network are bounded.
"""

import io
import json
import warnings
from collections.abc import Iterator
from typing import Any

import pikepdf
from PIL import Image, ImageFilter, ImageOps

from casefiles.errors import UnreadableFile
from signing.credential.attachment import CREDENTIAL
from signing.credential.payload import PREFIX

_MOST_PIXELS = 80_000_000
_MOST_PAGES = 10
_SHARPEST = 300 / 72  # pixels per point: 300 dpi
_LARGEST_SIDE = 5000
_SHARPER = ImageFilter.UnsharpMask(radius=2, percent=200, threshold=0)
_LONGEST_TEXT = 4096


def code_texts(data: bytes) -> tuple[str, ...]:
    """The parchemin codes a photo, a scan, a PDF or a text holds, each once, in reading order.

    UnreadableFile when there is none, or when the file is none of these.
    """
    if _as_text(data).upper().startswith(PREFIX[:3]):
        return (_as_text(data),)
    found: dict[str, None] = {}
    others = False
    for picture in _pictures(data):
        for text in _read(picture):
            others = True
            if text.startswith(PREFIX[:3]):
                found[text] = None
    if found:
        return tuple(found)
    if others:
        raise UnreadableFile(
            "Le code de ce document n’est pas celui d’un parchemin.",
            "Présentez le code imprimé au bas du parchemin.",
        )
    raise UnreadableFile(
        "Aucun code n’a été trouvé dans cette image.",
        "Reprenez la photo de plus près, bien à plat et nette, ou numérisez à 200 ppp ou plus.",
    )


def one_code(data: bytes) -> str:
    """The one parchemin code the file holds; UnreadableFile when there is none, or several."""
    text, *others = code_texts(data)
    if others:
        raise UnreadableFile(
            "Ce document montre les codes de plusieurs parchemins.", "Présentez-les un à un."
        )
    attached = credential(data)
    if attached is not None and attached.get("code") != text:
        raise UnreadableFile(
            "Ce document montre le code d’un parchemin, et en joint un autre.",
            "Ne vous fiez à aucun des deux : redemandez le parchemin à son titulaire ou à "
            "l’organisme qui l’a délivré.",
        )
    return text


def credential(data: bytes) -> dict[str, Any] | None:
    """What a parchemin’s own PDF says for machines; None without it, {} when it cannot be read."""
    if b"%PDF-" not in data[:1024]:
        return None
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if CREDENTIAL not in pdf.attachments:
                return None
            return dict(json.loads(pdf.attachments[CREDENTIAL].get_file().read_bytes()))
    except Exception:  # hostile bytes raise anything: what is attached says nothing
        return {}


def _as_text(data: bytes) -> str:
    return data[:_LONGEST_TEXT].decode("utf-8-sig", errors="replace").strip()


def _pictures(data: bytes) -> Iterator[Image.Image]:
    if b"%PDF-" in data[:1024]:
        yield from _pages(data)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                if opened.width * opened.height > _MOST_PIXELS:
                    raise Image.DecompressionBombError
                yield ImageOps.exif_transpose(opened).convert("L")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableFile(
            "Cette image est trop grande.", "Présentez-la en 80 mégapixels au plus."
        ) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise UnreadableFile(
            "Ce fichier n’est ni une image, ni un PDF, ni le texte d’un code.",
            "Présentez une photo (JPEG, PNG), un scan ou un PDF.",
        ) from error


def _pages(data: bytes) -> Iterator[Image.Image]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        for index in range(min(len(document), _MOST_PAGES)):
            page = document[index]
            scale = min(_SHARPEST, _LARGEST_SIDE / max(*page.get_size(), 1))
            yield page.render(scale=scale, grayscale=True).to_pil()
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise UnreadableFile(
            "Ce PDF n’a pas pu être affiché.", "Présentez une photo ou un scan du parchemin."
        ) from error


def _read(picture: Image.Image) -> list[str]:
    """The QR codes of a picture; a blurred one often reads once sharpened."""
    import zxingcpp

    wanted = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    for sharpened in (False, True):
        seen = picture.filter(_SHARPER) if sharpened else picture
        found = zxingcpp.read_barcodes(seen, formats=wanted)
        if texts := [one.text for one in found if one.valid]:
            return texts
    return []
