"""The certificates and revocation answers a document holds for its own signatures (DSS)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from signing.opening import value_at
from signing.revocation import direct
from signing.trust import Trust

_MOST = 512


@dataclass(frozen=True)
class ValidationData:
    """What was found; unreadable entries are left out, they prove nothing."""

    trust: Trust
    answered: frozenset[bytes]

    def covers(self, certificates: Iterable[x509.Certificate]) -> bool:
        """Whether every certificate that announces revocation answers has one from its issuer.

        The first is the signer’s: one that announces nothing must at least be kept here.
        """
        signer, *others = certificates
        if not _announces(signer) and signer.dump() not in self.trust.others:
            return False
        return all(
            certificate.issuer.hashable.encode() in self.answered
            for certificate in (signer, *others)
            if _announces(certificate)
        )


def at_revision(reader: PdfFileReader, revision: int) -> ValidationData:
    """The validation data the document held at this revision."""
    return read(reader.get_historical_resolver(revision))


def read(reader: PdfFileReader | HistoricalResolver) -> ValidationData:
    """The validation data of the document as it is now, or as a revision had it."""
    store = value_at(reader.root, "/DSS")
    if not isinstance(store, DictionaryObject):
        return ValidationData(Trust(), frozenset())
    certificates = list(_loaded(store, "/Certs", x509.Certificate))
    crls = list(_loaded(store, "/CRLs", crl.CertificateList))
    answers = list(_loaded(store, "/OCSPs", ocsp.OCSPResponse))
    answered = {c.issuer.hashable.encode() for c in crls if direct(c)}
    for answer in answers:
        answered |= _answered_by(answer, certificates)
    return ValidationData(
        Trust(
            others=tuple(c.dump() for c in certificates),
            crls=tuple(c.dump() for c in crls),
            ocsps=tuple(o.dump() for o in answers),
        ),
        frozenset(answered),
    )


def _loaded(store: DictionaryObject, key: str, kind: Any) -> Iterable[Any]:
    entries = value_at(store, key, ())
    for entry in list(entries)[:_MOST]:
        try:
            stream = entry.get_object()
            if isinstance(stream, StreamObject):
                value = kind.load(bytes(stream.data), strict=True)
                value.native  # noqa: B018 - parses it whole, now rather than halfway through
                yield value
        except Exception:  # hostile bytes raise anything
            continue


def _answered_by(answer: ocsp.OCSPResponse, known: list[x509.Certificate]) -> set[bytes]:
    try:
        single = answer.basic_ocsp_response["tbs_response_data"]["responses"]
        serials = {entry["cert_id"]["serial_number"].native for entry in single}
    except Exception:  # hostile bytes raise anything
        return set()
    return {c.issuer.hashable.encode() for c in known if c.serial_number in serials}


def _announces(certificate: x509.Certificate) -> bool:
    return certificate.self_issued is False and bool(
        certificate.ocsp_urls or certificate.crl_distribution_points
    )
