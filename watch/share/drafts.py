"""The messages ready to be sent: their headers, written once for all of them.

A person’s words stand in them: whatever spacing they hold, a header is one line.
"""

from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any


class _WholeSubject(EmailPolicy):
    """Encodes a subject as one run.

    Encoded word by word, as the standard policy does, readers drop the space between two
    neighbours (RFC 2047, 6.2) and « ŒUVRÉ Zoë » arrives as « ŒUVRÉZoë ».
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header’s lines."""
        if name.lower() != "subject" or str(value).isascii():
            return super().fold_binary(name, value)
        encoded = Header(str(value), "utf-8", header_name=name).encode()
        return f"{name}: {encoded}\n".encode("ascii")


def draft(subject: str, *, to: str = "", sender: str = "") -> EmailMessage:
    """A message without its body, which opens as a draft ready to be sent (X-Unsent)."""
    message = EmailMessage(policy=_WholeSubject())
    for name, said in (("Subject", subject), ("To", to), ("From", sender)):
        if line := " ".join(said.split()):
            message[name] = line
    message["X-Unsent"] = "1"
    return message
