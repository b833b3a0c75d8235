"""Which answers would settle whether certificates were revoked; builds questions, asks nothing.

For each certificate: its authority’s OCSP responder first, then its list of revoked certificates.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from asn1crypto import crl, ocsp, x509

from signing.trust import Trust

# An answer signed a moment after the question, or by a clock ahead of ours, comes from no future;
# `openssl ocsp` allows as much.
CLOCKS_DIFFER = timedelta(minutes=5)

_URLS = 2  # of each kind, per certificate
_MOST = 24  # certificates, per document


@dataclass(frozen=True)
class Attempt:
    """One way of asking. body: an OCSP request (DER) to post; None to fetch a list."""

    url: str
    body: bytes | None


@dataclass(frozen=True)
class Question:
    """Ways of asking about one certificate, the best first: one answer is enough."""

    attempts: tuple[Attempt, ...]


def questions(
    certificates: Iterable[x509.Certificate], issuers: Iterable[x509.Certificate] = ()
) -> tuple[Question, ...]:
    """What to ask about those certificates; `issuers` are others among which to find theirs."""
    asked = list({c.dump(): c for c in certificates}.values())[:_MOST]
    known = {c.subject.hashable: c for c in (*issuers, *asked)}
    return tuple(
        Question(attempts)
        for one in asked
        if one.self_issued is False and (attempts := tuple(_attempts(one, known)))
    )


def hosts_of(trust: Trust) -> frozenset[str]:
    """The machines that the certificates of trusted authorities themselves name."""
    named = set()
    for der in (*trust.roots, *trust.others):
        certificate = x509.Certificate.load(der)
        for url in (*certificate.ocsp_urls, *_lists(certificate)):
            if host := urlsplit(url).hostname:
                named.add(host)
    return frozenset(named)


def answers(contents: Iterable[bytes]) -> Trust:
    """The OCSP responses and lists among contents fetched or kept; the unreadable are left out."""
    crls, responses = [], []
    for content in contents:
        if _reads(ocsp.OCSPResponse, content):
            responses.append(content)
        elif _reads(crl.CertificateList, content):
            crls.append(content)
    return Trust(crls=tuple(crls), ocsps=tuple(responses))


def direct(told: crl.CertificateList) -> bool:
    """Whether a list speaks of its own issuer’s certificates alone.

    One said to be indirect (RFC 5280 § 5.2.5) also counts, in the library, for certificates that
    name no such issuer: it is left out, and the revocation stays unknown.
    """
    point = told.issuing_distribution_point_value
    return not (point is not None and point["indirect_crl"].native)


def _attempts(
    certificate: x509.Certificate, known: dict[str, x509.Certificate]
) -> Iterator[Attempt]:
    issuer = known.get(certificate.issuer.hashable)
    if issuer is not None:
        body = _request(certificate, issuer)
        yield from (Attempt(url, body) for url in certificate.ocsp_urls[:_URLS])
    yield from (Attempt(url, None) for url in _lists(certificate)[:_URLS])


def _lists(certificate: x509.Certificate) -> list[str]:
    points = certificate.crl_distribution_points
    urls = [url for point in points if (url := point.url)]
    return [url for url in urls if urlsplit(url).scheme in {"http", "https"}]


def _request(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    """Without a nonce: a responder may then give the answer it signed beforehand (RFC 5019)."""
    identified = {
        "hash_algorithm": {"algorithm": "sha1"},  # what every responder knows; it protects nothing
        "issuer_name_hash": certificate.issuer.sha1,
        "issuer_key_hash": issuer.public_key.sha1,
        "serial_number": certificate.serial_number,
    }
    request = {"tbs_request": {"request_list": [{"req_cert": identified}]}}
    return bytes(ocsp.OCSPRequest(request).dump())


def _reads(kind: type[ocsp.OCSPResponse] | type[crl.CertificateList], content: bytes) -> bool:
    try:
        value = kind.load(content, strict=True)
        value.native  # noqa: B018 - parses it whole, here rather than later
        if isinstance(value, ocsp.OCSPResponse):
            return bool(value["response_status"].native == "successful")
    except Exception:  # whoever answered may have sent anything
        return False
    return True
