"""What a return came wrapped in: .zip, .eml, Outlook’s .msg, opened piece by piece within bounds.

Pieces keep their bytes and get a safe name; nothing is run, followed or written. Foreign bytes:
sandbox only.
"""

import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from io import BytesIO

from casefiles.errors import ParcheminError, UnreadableFile
from forms.returns.outlook import attachments, is_message

_HEADER = re.compile(rb"^[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]", re.MULTILINE)
_MAIL = re.compile(rb"^(from|received|mime-version|message-id|return-path):", re.I | re.MULTILINE)
_OFFICE = ("word/", "xl/", "ppt/", "mimetype", "[Content_Types].xml", "META-INF/manifest.xml")
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_SMALL_PICTURE = 12_000
_LONGEST_NAME = 100
_DEEPEST = 8


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The most that is opened: pieces, bytes in all, bytes out per byte in, nested wrappings.

    Bytes are counted once unwrapped; `ratio` begins to count at one megabyte.
    """

    pieces: int = 100
    size: int = 60_000_000
    ratio: int = 100
    depth: int = 3


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One file that was inside: a safe name, what it was in (outermost first), its bytes.

    within: the wrappings in the one opened; folders: those, and the folders of each, by safe names.
    """

    name: str
    within: tuple[str, ...]
    data: bytes
    folders: tuple[str, ...] = ()


def is_wrapped(data: bytes) -> bool:
    """Whether those bytes are an archive or a message with files inside, as far as they tell."""
    return _kind(data) != ""


def unwrap(data: bytes, bounds: Bounds | None = None) -> tuple[Piece, ...]:
    """Every file inside, wrappings in wrappings too; UnreadableFile says why not."""
    if not is_wrapped(data):
        raise UnreadableFile(
            "Ce fichier n’est ni une archive .zip ni un courriel.", "Déposez le document lui-même."
        )
    opening = _Opening(bounds or Bounds())
    try:
        pieces = tuple(opening.pieces(data, ()))
    except ParcheminError:
        raise
    except MemoryError:
        raise
    except Exception as wrong:  # des octets hostiles lèvent n’importe quoi
        raise UnreadableFile(
            "Cette archive, ou ce courriel, est abîmée et ne s’ouvre pas entièrement.",
            "Ouvrez-la sur votre poste et déposez les documents qu’elle contient.",
        ) from wrong
    if not pieces:
        raise UnreadableFile(
            "Il n’y a aucun document dans cet envoi.",
            "Vérifiez que la pièce jointe y était bien, et déposez le document lui-même.",
        )
    return pieces


class _Opening:
    """What has been taken out so far."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._count = 0
        self._size = 0

    def pieces(
        self, data: bytes, within: tuple[str, ...], places: tuple[str, ...] = ()
    ) -> Iterator[Piece]:
        """The files inside `data`, which stands within those wrappings."""
        if len(within) >= self._bounds.depth:
            raise UnreadableFile(
                f"Cet envoi contient plus de {self._bounds.depth} envois les uns dans les autres.",
                "Déposez les documents eux-mêmes.",
            )
        inner = {"zip": self._zipped, "mail": self._mailed, "outlook": self._outlook}
        for path, content in inner[_kind(data)](data):
            *parents, name = _safe_path(path)
            folders = (*places, *parents)
            if not _kind(content):
                self._take(len(content))
                yield Piece(name=name, within=within, data=content, folders=folders)
            else:
                yield from self.pieces(content, (*within, name), (*folders, name))

    def _take(self, size: int) -> None:
        self._count += 1
        self._size += size
        if self._count > self._bounds.pieces:
            raise UnreadableFile(
                f"Cet envoi contient plus de {self._bounds.pieces} documents.",
                "Déposez-les en plusieurs fois.",
            )
        if self._size > self._bounds.size:
            raise UnreadableFile(
                "Les documents de cet envoi pèsent, une fois sortis, plus de "
                f"{self._bounds.size // 1_000_000} Mo.",
                "Déposez-les en plusieurs fois, ou numérisés moins finement.",
            )

    # Archives

    def _zipped(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
            if len(listed) > 20 * self._bounds.pieces:
                self._count = self._bounds.pieces
                self._take(0)
            for one in listed:
                name = _zip_name(one)
                if _CLUTTER.search(name):
                    continue
                if one.flag_bits & 0x1:
                    raise UnreadableFile(
                        "Cette archive est protégée par un mot de passe.",
                        "Ouvrez-la et déposez les documents eux-mêmes.",
                    )
                yield name, self._inflated(archive, one)

    def _inflated(self, archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
        """The content of a member, stopped as soon as it is too much for what it came from."""
        most = min(
            self._bounds.size - self._size,
            max(1_000_000, one.compress_size * self._bounds.ratio),
        )
        try:
            with archive.open(one) as member:
                content = member.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as wrong:
            raise UnreadableFile(
                f"Dans cette archive, « {safe_name(one.filename)} » est abîmé.",
                "Refaites l’archive, ou déposez les documents eux-mêmes.",
            ) from wrong
        if len(content) > most:
            if most < self._bounds.size - self._size:
                raise UnreadableFile(
                    "Cette archive se déplie sans mesure : elle n’est pas ouverte.",
                    "Déposez les documents eux-mêmes.",
                )
            self._take(len(content))
        return content

    # Messages

    def _mailed(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        message = BytesParser(policy=policy.default).parsebytes(data)
        for number, part in enumerate(_parts(message), start=1):
            if part.get_content_type() == "message/rfc822":
                inner = part.get_payload()
                if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                    yield "message.eml", inner[0].as_bytes()
                continue
            content = part.get_payload(decode=True)
            if not isinstance(content, bytes):
                continue
            name = part.get_filename()
            if name is None and not _worth(part, content):
                continue
            yield _alone(name or f"pièce {number}"), content

    def _outlook(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        for name, content in attachments(data, largest=self._bounds.size, depth=self._bounds.depth):
            yield _alone(name or "pièce jointe"), content


def _kind(data: bytes) -> str:
    """« zip », « mail », « outlook », or "" for what is no wrapping."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "" if _office(data) else "zip"
    if is_message(data):
        return "outlook"
    start = data[:4096].lstrip(b"\xef\xbb\xbf\r\n")
    if b"\0" not in start and _HEADER.match(start) and _MAIL.search(start):
        return "mail"
    return ""


def _office(data: bytes) -> bool:
    """Whether a zip is really a document: Word, Excel, LibreOffice…"""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return any(name.startswith(_OFFICE) for name in archive.namelist()[:50])
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _zip_name(one: zipfile.ZipInfo) -> str:
    """The member’s name: Windows writes its accents in another alphabet than the standard’s."""
    if one.flag_bits & 0x800:
        return one.filename
    try:
        raw = one.filename.encode("cp437")
    except UnicodeEncodeError:
        return one.filename
    for alphabet in ("utf-8", "cp850"):
        try:
            return raw.decode(alphabet)
        except UnicodeDecodeError:
            continue
    return one.filename


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves of a message, forwarded messages whole."""
    waiting: list[EmailMessage] = [message]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_type() == "message/rfc822" or not part.is_multipart():
            yield part
        else:
            waiting[:0] = [p for p in part.iter_parts() if isinstance(p, EmailMessage)]


def _worth(part: EmailMessage, content: bytes) -> bool:
    """Whether a nameless part is a document rather than the letter itself or its decoration."""
    if part.get_content_maintype() == "image":
        return len(content) > _SMALL_PICTURE
    return content.startswith(b"%PDF-")


def _safe_path(path: str) -> tuple[str, ...]:
    """The folders of a member and its name, each safe; what names no folder is left out."""
    *parents, name = re.split(r"[/\\]", path)
    kept = [one for one in parents if one.strip(" .")][-_DEEPEST:]
    return (*(safe_name(one) for one in kept), safe_name(name))


def _alone(name: str) -> str:
    """The name of what is in no folder."""
    return re.split(r"[/\\]", name)[-1]


def safe_name(name: str) -> str:
    """A name for a file anywhere: no folder, no control, no trick of direction, short enough."""
    last = re.split(r"[/\\]", name)[-1]
    plain = _UNSAFE.sub(" ", unicodedata.normalize("NFC", last))
    plain = " ".join(plain.split()).strip(". ") or "document"
    stem, dot, ending = plain.rpartition(".")
    if len(plain) <= _LONGEST_NAME:
        return plain
    if dot and len(ending) <= 8:
        return stem[: _LONGEST_NAME - len(ending) - 1].rstrip() + "." + ending
    return plain[:_LONGEST_NAME].rstrip()
