"""Which print a PDF is: by its carried field, else by what its information says of it.

The imprint identifies the print; it never vouches for the answers on it.
"""

from dataclasses import dataclass
from typing import Any, Literal

import pikepdf
from pydantic import TypeAdapter, ValidationError

from casefiles.answers.imprint import FIELD, Imprint
from casefiles.errors import UnreadableFile
from forms.metadata import IMPRINT_KEY, NAMESPACE
from forms.opening import open_pdf
from forms.strings import decode

_LONGEST = 4_000
_IMPRINT = TypeAdapter(Imprint)


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A print of ours, or of someone who says so. `ours` is None when no key was given."""

    imprint: Imprint
    by: Literal["field", "information"]
    ours: bool | None


def recognise(data: bytes, *, key: bytes | None = None) -> Recognised | None:
    """The print those bytes say they are; None for a PDF of others. UnreadableFile as `read`."""
    try:
        with open_pdf(data) as pdf:
            carried = _carried(pdf)
            imprint = _parsed(carried)
            told = imprint or imprint_of(pdf, None)
    except UnreadableFile:
        raise
    except Exception:  # des objets hostiles lèvent n'importe quoi
        return None
    if told is None:
        return None
    return Recognised(
        imprint=told,
        by="field" if imprint else "information",
        ours=None if key is None else told.made_with(key),
    )


def imprint_of(pdf: pikepdf.Pdf, carried: str | None) -> Imprint | None:
    """The imprint of the carried field's text, else of the document's own information."""
    return _parsed(carried) or _parsed(_from_information(pdf)) or _parsed(_from_xmp(pdf))


def _parsed(text: str | None) -> Imprint | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        return _IMPRINT.validate_json(text, strict=True)
    except (ValidationError, RecursionError):
        return None


def _carried(pdf: pikepdf.Pdf) -> str | None:
    for page in pdf.pages:
        listed = page.obj.get("/Annots")
        if isinstance(listed, pikepdf.Array):
            for annotation in listed:
                if isinstance(annotation, pikepdf.Dictionary):
                    name = _string(annotation.get("/T"))
                    if name == FIELD:
                        return _string(annotation.get("/V"))
    return None


def _from_information(pdf: pikepdf.Pdf) -> str | None:
    information = pdf.trailer.get("/Info")
    if isinstance(information, pikepdf.Dictionary):
        return _string(information.get(f"/{IMPRINT_KEY}"))
    return None


def _from_xmp(pdf: pikepdf.Pdf) -> str | None:
    if "/Metadata" not in pdf.Root:
        return None
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            return str(metadata.get(f"{{{NAMESPACE}}}empreinte", "")) or None
    except Exception:  # un XMP abîmé n'est pas une raison de refuser le reste
        return None


def _string(value: Any) -> str | None:
    return decode(bytes(value)) if isinstance(value, pikepdf.String) else None
