"""Photos and scans that come as images: JPEG, PNG, TIFF (several pages), HEIC, WebP, BMP.

Pillow’s and libheif’s one door. Foreign bytes: sandbox only.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import Thread

import cv2
import numpy as np
from PIL import Image

from casefiles.errors import UnreadableFile
from forms.bounds import TooMuch, in_force
from forms.opening import is_heic
from forms.returns.rasters import Gray, fit, ink_of

_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "HEIF")


def is_picture(data: bytes) -> bool:
    """Whether those bytes begin as an image we read."""
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\0", b"MM\0*", b"BM")
    return is_heic(data) or webp or data.startswith(starts)


def sheets_of(data: bytes, longest: int, *, ink: bool = False) -> Iterator[Gray]:
    """Each image of the file in greys, no side above `longest` pixels.

    ink: made to be read, vivid colours never white. UnreadableFile when it is damaged, has too many
    pixels, or too many pages.
    """
    _welcome_heic(data)
    try:
        with _measured_here(), Image.open(BytesIO(data), formats=_FORMATS) as image:
            # What a phone adds to its JPEG (depth, light, a second view) is no other page.
            count = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
            if count > (most := in_force().sheets):
                raise too_many_sheets(count, most)
            for number in range(count):
                image.seek(number)
                yield _squared(image, _gray(image, longest, ink))
    except UnreadableFile:
        raise
    except MemoryError:
        raise
    except Image.DecompressionBombError as bomb:
        raise _too_large("bien trop de") from bomb
    except Exception as wrong:  # des octets hostiles lèvent n’importe quoi
        raise UnreadableFile(
            "Cette image est abîmée ou incomplète : elle ne s’ouvre pas.",
            "Refaites la photo ou la numérisation, et déposez-la de nouveau.",
        ) from wrong


def too_many_sheets(count: int, most: int) -> TooMuch:
    """The refusal of more pages than one reading takes."""
    return TooMuch(
        f"Ce fichier compte {count} pages à regarder ; la limite est de {most}.",
        "Numérisez les formulaires en plusieurs fichiers, et déposez-les tous.",
    )


@contextmanager
def _measured_here() -> Iterator[None]:
    """Pillow’s own alarm off: the size is judged by `_gray`, and said in French."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


def _too_large(size: str) -> TooMuch:
    return TooMuch(
        f"Cette image a {size} points ; la limite est de {in_force().picture // 1_000_000} "
        "millions.",
        "Numérisez à 300 points par pouce au plus.",
    )


def _gray(image: Image.Image, longest: int, ink: bool) -> Gray:
    wide, high = image.size
    if wide * high > in_force().picture:
        raise _too_large(f"{wide} × {high}")
    if image.format == "JPEG":
        ratio = longest / max(wide, high)
        if ratio < 1:
            image.draft("RGB" if ink else "L", (int(wide * ratio), int(high * ratio)))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        image = white
    if image.mode.startswith("I;16") or image.mode == "I":
        deep = np.asarray(image).astype(np.uint32) >> 8
        return fit(np.ascontiguousarray(deep, dtype=np.uint8), longest)
    if not ink or image.mode in ("1", "L", "F"):
        return fit(np.ascontiguousarray(image.convert("L"), dtype=np.uint8), longest)
    return fit(ink_of(np.asarray(image.convert("RGB"))), longest)


def _squared(image: Image.Image, picture: Gray) -> Gray:
    """The picture with points as wide as high: those of a fax are not."""
    across, down = (float(one) for one in image.info.get("dpi", (1, 1)))
    if image.format != "TIFF" or min(across, down) <= 0:
        return picture
    ratio = across / down
    if 0.9 < ratio < 1.1 or not 0.25 < ratio < 4:
        return picture
    high, wide = picture.shape
    size = (wide, round(high * ratio)) if ratio > 1 else (round(wide / ratio), high)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _welcome_heic(data: bytes) -> None:
    """Make Pillow read HEIC, if that is what this is and its decoder may start its thread.

    libde265 starts one whatever it is told, and ends the whole process when it may not; the sandbox
    lets it where it can hold it to threads.
    """
    if not is_heic(data):
        return
    try:
        thread = Thread(target=int)
        thread.start()
        thread.join()
    except RuntimeError as no:
        raise UnreadableFile(
            "Cette photo est au format HEIC, qui ne peut pas être ouvert ici.",
            "Envoyez-la en JPEG : sur un iPhone, Réglages, Appareil photo, Formats, « Le plus "
            "compatible » ; ou partagez-la par courriel, qui la convertit.",
        ) from no
    import pi_heif

    pi_heif.register_heif_opener(decode_threads=1, thumbnails=False)
