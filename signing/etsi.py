"""The verdict for machines: an ETSI TS 119 102-2 validation report, in XML; it judges nothing.

Built from our own report, so that it says what `parchemin verify` says, and never more.
"""

import hashlib
from datetime import datetime

from pyhanko.generated.etsi import ts_11910202, xades
from pyhanko.generated.w3c import xmldsig_core
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDateTime

from signing.report import Cms, Report, SignatureReport

_URN = "urn:etsi:019102"
_DIGESTS = {
    "sha1": "http://www.w3.org/2000/09/xmldsig#sha1",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
_PROCESSES = {"B-T": "LTVM", "B-LT": "LTVM", "B-LTA": "LTA"}
_NAMESPACES = {
    "vr": "http://uri.etsi.org/19102/v1.2.1#",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xades": "http://uri.etsi.org/01903/v1.3.2#",
}


def validation_report(report: Report, *, at: datetime) -> str:
    """The XML of the signatures that could be identified, as they were judged at `at`."""
    known = [one for one in report.signatures if one.cms is not None]
    held = {one.cms.certificate for one in known if one.cms is not None}
    document = ts_11910202.ValidationReport(
        signature_validation_report=tuple(_one(one, at) for one in known),
        signature_validation_objects=ts_11910202.ValidationObjectListType(
            tuple(_certificate(der) for der in sorted(held))
        ),
    )
    config = SerializerConfig(indent="  ")
    return XmlSerializer(config=config).render(document, ns_map=_NAMESPACES)


def _one(one: SignatureReport, at: datetime) -> ts_11910202.SignatureValidationReportType:
    cms = one.cms
    if cms is None:
        raise ValueError("a signature nobody could read has no report")
    process = _PROCESSES.get(one.level or "", "Basic")
    proven = None
    if one.proven_time is not None:
        proven = ts_11910202.POEType(
            poetime=XmlDateTime.from_datetime(one.proven_time),
            type_of_proof=f"{_URN}:poetype:validation",
        )
    return ts_11910202.SignatureValidationReportType(
        signature_identifier=ts_11910202.SignatureIdentifierType(
            signature_value=xmldsig_core.SignatureValue(cms.value),
            digest_alg_and_value=_digest(cms, cms.attributes_digest),
            hash_only=False,
            doc_hash_only=False,
        ),
        validation_time_info=ts_11910202.ValidationTimeInfoType(
            validation_time=XmlDateTime.from_datetime(at), best_signature_time=proven
        ),
        signers_document=ts_11910202.SignersDocumentType(
            digest_alg_and_value=_digest(cms, cms.document_digest)
        ),
        signer_information=ts_11910202.SignerInformationType(
            signer_certificate=ts_11910202.VOReferenceType(voreference=(_name(cms.certificate),)),
            signer=one.signer,
        ),
        signature_validation_process=ts_11910202.SignatureValidationProcessType(
            signature_validation_process_id=f"{_URN}:validationprocess:{process}"
        ),
        signature_validation_status=ts_11910202.ValidationStatusType(
            main_indication=f"{_URN}:mainindication:{one.indication.lower()}",
            sub_indication=(f"{_URN}:subindication:{one.sub_indication}",)
            if one.sub_indication
            else (),
        ),
    )


def _digest(cms: Cms, value: bytes) -> xades.DigestAlgAndValueType:
    method = _DIGESTS.get(cms.algorithm, f"urn:parchemin:digest:{cms.algorithm}")
    return xades.DigestAlgAndValueType(
        digest_method=xmldsig_core.DigestMethod(method),
        digest_value=xmldsig_core.DigestValue(value),
    )


def _certificate(der: bytes) -> ts_11910202.ValidationObjectType:
    return ts_11910202.ValidationObjectType(
        id=_name(der),
        object_type=f"{_URN}:validationObject:certificate",
        validation_object_representation=ts_11910202.ValidationObjectRepresentationType(base64=der),
    )


def _name(der: bytes) -> str:
    return f"certificat-{hashlib.sha256(der).hexdigest()}"
