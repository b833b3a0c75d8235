"""What a document says to whoever reads it, by tools that are not ours."""

import email
import hashlib
import subprocess
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

_SAID: dict[bytes, str] = {}


def words(file: Path) -> str:
    """The text of a PDF (poppler), of a message, or of a text file; "" for anything else."""
    content = file.read_bytes()
    if content.startswith(b"%PDF-"):
        # Every copy of a told story holds the same files: what one says is asked once.
        digest = hashlib.sha256(content).digest()
        if digest not in _SAID:
            _SAID[digest] = _words_of(content)
        return _SAID[digest]
    if file.suffix == ".eml":
        body = message(file).get_body()
        return body.get_content() if body else ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _words_of(content: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=content, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.decode()


def message(file: Path) -> EmailMessage:
    found = email.message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found
