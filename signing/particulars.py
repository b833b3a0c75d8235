"""What a signature says of itself, which nothing proves but the signature; and its identity."""

import hashlib
import re
from contextlib import suppress
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.report import Cms

_LONGEST_REASON = 400
_UNIVERSAL = re.compile(r"D:(\d{14})Z(?:00)?'?(?:00)?'?")


def named(certificate: x509.Certificate) -> str:
    """The common name of the certificate’s holder, or all of its names when there is none."""
    name = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
    return name if isinstance(name, str) else ", ".join(name)


def early(certificate: x509.Certificate, at: datetime) -> datetime | None:
    """When that certificate begins, if that is after `at`; None for a date that is none."""
    with suppress(ValueError):
        begins: datetime = certificate.not_valid_before
        return begins if begins > at else None
    return None


def stated(reason: object) -> str | None:
    """What the signer gave as a reason, made short and of one line; None when they gave none."""
    words = " ".join(reason.split()) if isinstance(reason, str) else ""
    return "".join(c for c in words if c.isprintable())[:_LONGEST_REASON] or None


def claimed(embedded: EmbeddedPdfSignature) -> datetime | None:
    """When the signer says they signed, aware; None where their words are no date.

    LibreOffice writes « Z' » for the universal time. An ill-written date proves no more and no less
    than another one: the signature is judged all the same.
    """
    try:
        moment = embedded.self_reported_timestamp
    except PdfReadError:
        moment = _universal(embedded.sig_object.get("/M"))
    return moment.astimezone() if moment is not None and moment.tzinfo is None else moment


def _universal(written: object) -> datetime | None:
    found = _UNIVERSAL.fullmatch(written) if isinstance(written, str) else None
    try:
        return datetime.strptime(found[1] + "+0000", "%Y%m%d%H%M%S%z") if found else None
    except ValueError:
        return None


def identified(embedded: EmbeddedPdfSignature, digest: bytes) -> Cms:
    """The signature’s own value and digests; `digest` is the document’s."""
    algorithm = str(embedded.md_algorithm)
    return Cms(
        value=bytes(embedded.signer_info["signature"].native),
        algorithm=algorithm,
        attributes_digest=hashlib.new(
            algorithm, embedded.signer_info["signed_attrs"].untag().dump()
        ).digest(),
        document_digest=digest,
        certificate=embedded.signer_cert.dump(),
    )
