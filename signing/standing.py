"""Whether one of our own certificates is still in force, asked before it signs."""

import asyncio
from datetime import datetime
from typing import Literal

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, RevokedError, ValidationError

from signing import revocation
from signing.fetching import Fetcher
from signing.keys import Key
from signing.trust import Trust

InForce = Literal["good", "revoked", "unknown", "unasked"]


def in_force(key: Key, trust: Trust, fetcher: Fetcher, *, at: datetime) -> InForce:
    """What its authority says of the key’s certificate. « unasked »: it announces no answer;
    « unknown »: no answer came, or its chain leads to nobody trusted here."""
    roots = [x509.Certificate.load(der) for der in trust.roots]
    others = [x509.Certificate.load(der) for der in trust.others]
    asked = revocation.questions([key.certificate], [*key.chain, *roots, *others])
    if not asked:
        return "unasked"
    told = revocation.answers(fetcher.gather(asked))
    if not told.crls and not told.ocsps:
        return "unknown"
    context = ValidationContext(
        trust_roots=roots or [key.certificate],
        other_certs=[*key.chain, *others, *roots],
        crls=[crl.CertificateList.load(der) for der in told.crls],
        ocsps=[ocsp.OCSPResponse.load(der) for der in told.ocsps],
        moment=at,
        time_tolerance=revocation.CLOCKS_DIFFER,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    return asyncio.run(_judged(key, context))


async def _judged(key: Key, context: ValidationContext) -> InForce:
    validator = CertificateValidator(
        key.certificate, intermediate_certs=list(key.chain), validation_context=context
    )
    try:
        await validator.async_validate_usage(set())
    except RevokedError:
        return "revoked"
    except (PathBuildingError, ValidationError):
        return "unknown"
    return "good"
