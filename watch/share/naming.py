"""Names that hold everywhere a share is opened: Windows, Samba, macOS, Linux; text only, no disk.

The one exception is `free_name`, which looks at the folder the name is for.
"""

import re
import unicodedata
from contextlib import suppress
from pathlib import Path

LIMIT = 120
# A name is at most 255 bytes on Linux; room is left for « (2) » and « - POURQUOI.txt ».
_BYTES = 220
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_PASSING = re.compile(
    r"~\$.*|\.~lock.*|thumbs\.db|desktop\.ini|\.ds_store|\._.*|.*\.(tmp|part|crdownload)",
    re.IGNORECASE,
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RECEIPT = re.compile(r"\d\dh\d\d [^-]+ - .+\.txt")


def safe_name(name: str, limit: int = LIMIT) -> str:
    """The nearest name Windows, Samba and Linux all keep as it is; never empty.

    Composed (NFC), without forbidden or invisible characters, reserved words, leading or trailing
    dots and spaces; at most `limit` characters, its extension kept.
    """
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(" " if c.isspace() else c for c in composed if c.isspace() or _visible(c))
    plain = " ".join(_FORBIDDEN.sub("-", visible).split()).strip(". ")
    if not plain.strip("-"):
        return "sans nom"
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    return _shorten(plain, limit)


_STARTS = (
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG", ".png"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
    (b"BM", ".bmp"),
    (b"RIFF", ".webp"),
    (b"PK\x03\x04", ".zip"),
)
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".bmp": "image/bmp",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".zip": "application/zip",
}


def ending_of(kept: Path) -> str:
    """What a received file’s name must end with, from its first bytes: its own name may lie.

    One that is not there any more still has a name, by which its absence is told: « .pdf ».
    """
    head = b""
    with suppress(FileNotFoundError), kept.open("rb") as content:
        head = content.read(12)
    if head[4:8] == b"ftyp":
        return ".heic"
    return next((ending for start, ending in _STARTS if head.startswith(start)), ".pdf")


def is_passing(name: str) -> bool:
    """Whether the name is one that programs leave behind while they work: never a drop."""
    return _PASSING.fullmatch(name) is not None


NOTES = {"refused": "POURQUOI", "waiting": "EN ATTENTE", "draft": "BROUILLON"}
# Numbered, or marked, where that name was taken.
_NOTED = re.compile(rf".* - (?:{'|'.join(NOTES.values())})(?: \([^()]+\))?\.txt")


def note_name(name: str, outcome: str) -> str:
    """« grille.pdf - POURQUOI.txt »: what stands beside a file that was not filed."""
    short = name if len(name.encode()) <= _BYTES else _shorten(name, LIMIT)
    return f"{short} - {NOTES[outcome]}.txt"


KEPT_ASIDE = "Notes - "
"""Begins the name under which what people wrote in a text of ours is kept."""
_KEPT_ASIDE = re.compile(rf"((?:.*/)?){KEPT_ASIDE}(.+?)(?: \(\d+\))?(\.\w+)")


def written_in(path: str) -> str:
    """The path of the text in which those notes were written; "" of any other file."""
    found = _KEPT_ASIDE.fullmatch(path)
    return f"{found[1]}{found[2]}{found[3]}" if found else ""


def is_note(name: str) -> bool:
    """Whether the name is one of those notes."""
    return _NOTED.fullmatch(unicodedata.normalize("NFC", name)) is not None


def is_day(name: str) -> bool:
    """Whether the name is a folder’s among the receipts, one for each day."""
    return _DAY.fullmatch(name) is not None


def is_receipt(name: str) -> bool:
    """Whether the name is one of a receipt: « 14h32 accepté - avis.pdf.txt »."""
    return _RECEIPT.fullmatch(name) is not None


def same_name(name: str) -> str:
    """What two names share when a Windows or macOS share would take one for the other."""
    return unicodedata.normalize("NFC", name).casefold()


def free_name(folder: Path, name: str) -> str:
    """The safe name, or « nom (2).pdf » and so on, that nothing in the folder bears yet."""
    wanted = safe_name(name)
    taken = {same_name(one.name) for one in folder.iterdir()} if folder.is_dir() else set()
    stem, dot, extension = _split(wanted)
    candidate, number = wanted, 1
    while same_name(candidate) in taken:
        number += 1
        candidate = f"{stem} ({number}){dot}{extension}"
    return candidate


def _visible(character: str) -> bool:
    return not unicodedata.category(character).startswith("C")


def _split(name: str) -> tuple[str, str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 8 or " " in extension:
        return name, "", ""
    return stem, dot, extension


def _shorten(name: str, limit: int) -> str:
    stem, dot, extension = _split(name)
    room = limit - len(dot) - len(extension)
    stem = stem[:room]
    while len(f"{stem}{dot}{extension}".encode()) > _BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip('. ') or 'sans nom'}{dot}{extension}"
