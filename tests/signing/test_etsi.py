"""The ETSI report says, for machines, what our own report says, signature by signature."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyhanko.generated.etsi import ts_11910202
from xsdata.formats.dataclass.parsers import XmlParser

from signing import etsi, pades, trust
from signing.report import Report
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity, ServedAuthority
from tests.signing import harm
from tests.signing.conftest import loaded, now


def parsed(report: Report, at: datetime) -> ts_11910202.ValidationReport:
    """Read back strictly: an element or attribute unknown to the schema is an error."""
    text = etsi.validation_report(report, at=at)
    return XmlParser().from_string(text, ts_11910202.ValidationReport)


def test_each_verdict_is_the_reports_own(signed: Path, trusted: Trust) -> None:
    at = now()
    for content, expected in (
        (signed.read_bytes(), ("total-passed", ())),
        (harm.annotation_added(signed.read_bytes()), ("total-failed", ("FORMAT_FAILURE",))),
    ):
        report = verify(content, at=at, trust=trusted)
        (one,) = parsed(report, at).signature_validation_report
        status = one.signature_validation_status
        assert status.main_indication.rpartition(":")[2] == expected[0]
        assert tuple(s.rpartition(":")[2] for s in status.sub_indication) == expected[1]
    unknown = parsed(verify(signed, at=at), at).signature_validation_report[0]
    assert unknown.signature_validation_status.sub_indication == (
        "urn:etsi:019102:subindication:NO_CERTIFICATE_CHAIN_FOUND",
    )


def test_it_names_the_signature_the_signer_and_the_moments(
    form: Path, served: ServedAuthority, tmp_path: Path
) -> None:
    key = loaded(served.identity("employeur"))
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=now(), level="B-T",
               timestamper=TimestampService(served.tsa_url))  # fmt: skip
    at = now()
    report = verify(tmp_path / "s.pdf", at=at, trust=trust.load(served.root))
    document = parsed(report, at)
    (one,) = document.signature_validation_report
    assert one.signer_information.signer == "Zoé EXEMPLE-GONÇALVES"
    assert one.validation_time_info.validation_time.to_datetime() == at
    proven = report.signatures[0].proven_time
    assert proven is not None
    best = one.validation_time_info.best_signature_time.poetime.to_datetime()
    assert best.astimezone(UTC) == proven
    assert one.signature_validation_process.signature_validation_process_id.endswith(":LTVM")
    held = document.signature_validation_objects.validation_object
    (reference,) = one.signer_information.signer_certificate.voreference
    (certificate,) = [o for o in held if o.id == reference]
    assert certificate.validation_object_representation.base64 == key.certificate.dump()
    text = etsi.validation_report(report, at=at)
    assert report.signatures[0].cms is not None
    assert b64encode(report.signatures[0].cms.value).decode() in text


@pytest.mark.parametrize("harmed", [harm.contents_garbled, harm.range_removed])
def test_what_could_not_be_read_is_left_out_of_it(
    harmed: harm.Harm, signed: Path, trusted: Trust, employer: Identity
) -> None:
    at = now()
    report = verify(harmed(signed.read_bytes()), at=at, trust=trusted)
    assert parsed(report, at).signature_validation_report == ()
