"""The text of a field's value, whatever tool wrote it.

UTF-16 and UTF-8 say so in their first bytes; bare bytes are PDFDocEncoding by the standard, but
some tools write WinAnsi or UTF-8 there. Ambiguous bytes are read as the standard says unless they
make no French sense.
"""

import re

import pikepdf  # noqa: F401 déclare le codage « pdfdoc »

# ’ “ ” of WinAnsi are ™ ﬁ ﬂ in PDFDocEncoding; a dash between spaces would be Œ, € after digits •.
_WIN_ANSI = re.compile(rb"[\x92\x93\x94]| \x96 |\d[ \xa0]?\x80")
_OUTSIDE_PDF_DOC = re.compile(rb"[\x7f\x9f\xad]")
_UTF_8_LETTER = re.compile(rb"[\xc3-\xef][\x80-\xbf]")


def decode(raw: bytes) -> str:
    """Text, line breaks as « \\n »."""
    return _decode(raw).replace("\r\n", "\n").replace("\r", "\n").rstrip("\0")


def _decode(raw: bytes) -> str:
    if raw.isascii():
        return raw.decode("ascii")
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    if raw.startswith(b"\xff\xfe"):
        return raw[2:].decode("utf-16-le", "replace")
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace")
    if _UTF_8_LETTER.search(raw):
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if _WIN_ANSI.search(raw) or _OUTSIDE_PDF_DOC.search(raw):
        return raw.decode("cp1252", "replace")
    return raw.decode("pdfdoc", "replace")
