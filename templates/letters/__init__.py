"""The letters an organisation restyles in Word: convocation, relance, bordereau d’envoi.

`facts` says what a case or a session gives them, `rendering` fills a template, `conversion` makes
a PDF where LibreOffice is installed, `invitation` the calendar file. What is signed is never here:
attestations, notifications and parchemins are PDF pages of forms.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from templates.letters import conversion
from templates.letters.conversion import to_pdf, to_pdfs
from templates.letters.errors import LetterError
from templates.letters.facts import (
    Attachment,
    Sender,
    candidate_summons,
    reminder,
    summons,
    transmittal,
)
from templates.letters.invitation import Guest, invitation
from templates.letters.rendering import Letter, check, names, packaged, render
from templates.letters.variables import VARIABLES, Facts, guide

__all__ = [
    "VARIABLES",
    "Attachment",
    "Facts",
    "Guest",
    "Letter",
    "LetterError",
    "Sendable",
    "Sender",
    "candidate_summons",
    "check",
    "guide",
    "invitation",
    "names",
    "packaged",
    "reminder",
    "render",
    "sendable",
    "summons",
    "to_pdf",
    "to_pdfs",
    "transmittal",
]

_NOT_INSTALLED = (
    "LibreOffice n’est pas installé sur cette machine : la lettre est au format Word. Ouvrez-la et "
    "enregistrez-la en PDF avant de l’envoyer."
)


@dataclass(frozen=True, kw_only=True)
class Sendable:
    """A letter as it leaves: its bytes, « .pdf » or « .docx », and what to say when it is no PDF.

    The original .docx stays at hand in `docx`.
    """

    data: bytes
    suffix: str
    docx: bytes
    remark: str = ""


def sendable(letters: Sequence[Letter]) -> tuple[Sendable, ...]:
    """The letters as PDF where LibreOffice can, in one start of it; otherwise .docx, saying so."""
    remark = _NOT_INSTALLED
    try:
        made = conversion.to_pdfs([letter.docx for letter in letters])
    except LetterError as failed:
        made, remark = None, f"{failed.message} {failed.remedy}"
    if made is None:
        return tuple(
            Sendable(data=one.docx, suffix=".docx", docx=one.docx, remark=remark) for one in letters
        )
    return tuple(
        Sendable(data=pdf, suffix=".pdf", docx=one.docx)
        for pdf, one in zip(made, letters, strict=True)
    )
