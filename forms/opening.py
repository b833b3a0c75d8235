"""Foreign bytes opened as a PDF, or refused in words: what the file is, and what to do instead.

It may only run where a crash does no harm: inside the sandbox's child process.
"""

import re
from io import BytesIO
from pathlib import Path

import pikepdf

from casefiles.errors import UnreadableFile
from forms.bounds import TooMuch, in_force

_AGAIN = "Ouvrez le formulaire reçu, remplissez-le et enregistrez-le en PDF."
_HEIC = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "une photo (JPEG)"),
    (b"\x89PNG", "une image (PNG)"),
    (b"GIF8", "une image (GIF)"),
    (b"II*\0", "une image (TIFF)"),
    (b"MM\0*", "une image (TIFF)"),
    (b"BM", "une image (BMP)"),
    (b"\0\0\0\x0cjP  ", "une image (JPEG 2000)"),
    (b"\xd0\xcf\x11\xe0", "un ancien document Office ou un message Outlook (.doc, .xls, .msg)"),
    (b"{\\rtf", "un texte enrichi (.rtf)"),
    (b"7z\xbc\xaf", "une archive (.7z)"),
    (b"Rar!", "une archive (.rar)"),
    (b"\x1f\x8b", "une archive (.gz)"),
    (b"MZ", "un programme"),
)


def open_pdf(data: bytes, file: Path | None = None) -> pikepdf.Pdf:
    """The document, opened; UnreadableFile with the reason when it cannot be.

    file: where those bytes are on disk, if they are: qpdf then reads them itself, which costs half
    of what asking Python for each piece does.
    """
    if b"%PDF-" not in data[:1024] or data.startswith(b"PK\x03\x04"):
        raise not_a_pdf(data)
    try:
        pdf = pikepdf.open(file or BytesIO(data))
        count = len(pdf.pages)
    except pikepdf.PasswordError:
        raise UnreadableFile(
            "Ce PDF est protégé par un mot de passe.",
            "Enregistrez-en une copie sans protection, et déposez-la.",
        ) from None
    except Exception as wrong:  # des octets hostiles lèvent n'importe quoi
        raise damaged(data) from wrong
    if count == 0:
        raise UnreadableFile("Ce PDF n’a aucune page.", _AGAIN)
    if count > (most := in_force().pages):
        raise TooMuch(
            f"Ce PDF a {count} pages ; un formulaire n’en a jamais plus de {most}.",
            "Déposez le formulaire seul, sans les pièces qui l’accompagnent.",
        )
    return pdf


def half_saved(data: bytes) -> bool:
    """Whether something follows the last end of the file: a save that was cut off.

    Readers fall back on the revision before it, whose answers are older, without a word.
    """
    return bool(data[data.rfind(b"%%EOF") + 5 :].strip(b"\0 \r\n\t\f\x1a"))


def not_a_pdf(data: bytes) -> UnreadableFile:
    """The refusal of a file that is something else."""
    if not data.strip(b"\0 \r\n\t"):
        return UnreadableFile(
            "Ce fichier est vide.",
            "Attendez la fin de la copie ou du téléchargement, puis déposez-le à nouveau.",
        )
    return UnreadableFile(f"Ce fichier n’est pas un PDF : c’est {looks_like(data)}.", _AGAIN)


def damaged(data: bytes) -> UnreadableFile:
    """The refusal of a PDF that does not open."""
    if b"%%EOF" not in data[-2048:]:
        return UnreadableFile(
            "Ce PDF est incomplet : sa fin manque.",
            "La copie a sans doute été interrompue ; déposez-le à nouveau.",
        )
    return UnreadableFile(
        "Ce PDF est endommagé et ne s’ouvre pas.",
        "Ouvrez-le dans votre lecteur, enregistrez-le sous un autre nom et déposez cette copie.",
    )


def is_heic(data: bytes) -> bool:
    """Whether those bytes begin as a phone’s photo (HEIC)."""
    return data[4:8] == b"ftyp" and data[8:12] in _HEIC


def looks_like(data: bytes) -> str:
    """What a file that is not a PDF seems to be, with its article: « une photo (JPEG) »."""
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if data[4:8] == b"ftyp":
        if data[8:12] in (b"avif", b"avis"):
            return "une photo (AVIF)"
        return "une photo (HEIC)" if is_heic(data) else "une vidéo"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "une image (WebP)"
    for start, words in _SIGNATURES:
        if data.startswith(start):
            return words
    return _written(data)


def _zipped(data: bytes) -> str:
    for name, words in (
        (b"word/", "un document Word (.docx)"),
        (b"xl/", "un classeur Excel (.xlsx)"),
        (b"ppt/", "une présentation (.pptx)"),
        (b"opendocument.text", "un document LibreOffice (.odt)"),
        (b"opendocument.spreadsheet", "un classeur LibreOffice (.ods)"),
    ):
        if name in data:
            return words
    return "une archive (.zip)"


def _written(data: bytes) -> str:
    start = data[:2048].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "une page web"
    if re.search(rb"^(received|from|return-path|mime-version|message-id):", start, re.MULTILINE):
        return "un courriel (.eml)"
    if b"\0" not in start:
        return "du texte"
    return "un fichier d’un type inconnu"
