"""What a document says to whoever reads it, by tools that are not ours."""

import email
import subprocess
from email.message import EmailMessage
from email.policy import default
from pathlib import Path


def words(file: Path) -> str:
    """The text of a PDF (poppler), of a message, or of a text file; "" for anything else."""
    content = file.read_bytes()
    if content.startswith(b"%PDF-"):
        done = subprocess.run(
            ["pdftotext", "-layout", file, "-"], capture_output=True, timeout=60, check=True
        )
        return done.stdout.decode()
    if file.suffix == ".eml":
        body = message(file).get_body()
        return body.get_content() if body else ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def message(file: Path) -> EmailMessage:
    found = email.message_from_bytes(file.read_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found
