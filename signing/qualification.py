"""What a signature is worth in law, as far as lists and certificates say; never more.

« Qualified » is said from a verified trusted list alone. « Avancée » is never said: no inspection
of a file proves that its signer alone controlled the key (eIDAS, art. 26).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from asn1crypto import x509

from signing.report import Qualification, Stamping
from signing.trusted_lists import TrustedLists

_COMPLIANCE = "qc_compliance"


def of_certificate(
    path: Any, certificate: x509.Certificate, lists: TrustedLists, *, moments: Iterable[datetime]
) -> Qualification:
    """What the certificate makes of its signature at every one of those moments: the signature’s,
    and the certificate’s own issuance (ETSI TS 119 615 asks both).

    path: the validation path found for it, None when there is none.
    """
    if not lists:
        return "undetermined" if claims(certificate) else "other"
    if path is None:
        return "undetermined" if lists.problems and claims(certificate) else "other"
    found = {_at(path, lists, moment) for moment in moments}
    if found == {"other"} and lists.problems and claims(certificate):
        return "undetermined"
    return found.pop() if len(found) == 1 else "other"


def of_timestamp(path: Any, lists: TrustedLists, *, moment: datetime) -> Stamping:
    """Whether a trusted time-stamp comes from a service listed as qualified at that moment."""
    from pyhanko.sign.validation.qualified.tsp import QTSTServiceInformation

    if not lists or path is None:
        return "plain"
    services = lists.registry.applicable_tsps_on_path(path, moment)
    listed = any(isinstance(service, QTSTServiceInformation) for service in services)
    return "qualified" if listed else "plain"


def claims(certificate: x509.Certificate) -> bool:
    """Whether the certificate itself says it is qualified (EN 319 412-5), which proves nothing."""
    from pyhanko.sign.ades.qualified_asn1 import get_qc_statements

    try:
        statements = get_qc_statements(certificate)
        return any(one["statement_id"].native == _COMPLIANCE for one in statements)
    except Exception:  # hostile bytes raise anything
        return False


def _at(path: Any, lists: TrustedLists, moment: datetime) -> Qualification:
    from pyhanko.sign.validation.qualified.assess import QualificationAssessor
    from pyhanko.sign.validation.qualified.tsp import QcCertType

    assessor = QualificationAssessor(lists.registry)
    status = assessor.check_entity_cert_qualified(path, moment).status
    if not status.qualified or status.qc_type == QcCertType.QC_WEB:
        return "other"
    if not status.qc_key_security.is_qscd:
        return "qualified_certificate"
    return "qualified_seal" if status.qc_type == QcCertType.QC_ESEAL else "qualified_signature"
