import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.sign.signers import pdf_byterange

from casefiles.errors import SigningError, UnreadableFile
from signing import keys, pades, trust
from signing.policy import Policy
from signing.report import EXIT_CODES
from signing.timestamps import TimestampService
from signing.trust import Trust
from signing.verify import verify
from tests.pki import Identity, ServedAuthority
from tests.signing import documents
from tests.signing.conftest import loaded, now
from tests.signing.tools import PdfSig, mutool_sign, pyhanko_sign


def test_the_report_is_the_contract_key_by_key(signed: Path, trusted: Trust) -> None:
    said = json.loads(verify(signed, at=now(), trust=trusted).model_dump_json())
    assert list(said) == ["verdict", "signatures", "embedded", "notes"]
    assert list(said["signatures"][0]) == [
        "field", "kind", "signer", "integrity", "covers_whole_file", "revision", "docmdp",
        "changes_after", "trusted", "expected", "level", "indication", "sub_indication",
        "claimed_time", "proven_time", "reasons", "qualification", "timestamp", "by_seal",
        "stated",
    ]  # fmt: skip
    assert said["signatures"][0] | {"claimed_time": None} == {
        "field": "Employeur", "kind": "approval", "signer": "Zoé EXEMPLE-GONÇALVES",
        "integrity": "intact", "covers_whole_file": True, "revision": 2, "docmdp": None,
        "changes_after": "none", "trusted": True, "expected": None, "level": "B-B",
        "indication": "TOTAL-PASSED", "sub_indication": None, "claimed_time": None,
        "proven_time": None, "reasons": [], "qualification": "other", "timestamp": None,
        "by_seal": False, "stated": None,
    }  # fmt: skip


def test_bytes_are_verified_as_files_are(signed: Path, trusted: Trust) -> None:
    moment = now()
    assert verify(signed.read_bytes(), at=moment, trust=trusted) == verify(
        signed, at=moment, trust=trusted
    )


def test_the_exit_code_says_the_verdict() -> None:
    assert EXIT_CODES == {"valid": 0, "invalid": 1, "unsigned": 1, "indeterminate": 2}


def test_an_unsigned_document_is_unsigned(form: Path, trusted: Trust) -> None:
    report = verify(form, at=now(), trust=trusted)
    assert (report.verdict, report.signatures, report.exit_code) == ("unsigned", (), 1)


def test_without_trust_an_intact_signature_is_indeterminate(signed: Path) -> None:
    report = verify(signed, at=now())
    (found,) = report.signatures
    assert report.verdict == "indeterminate"
    assert (found.integrity, found.trusted) == ("intact", False)
    assert found.sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    assert "aucune autorité de confiance" in found.reasons[0]


def test_a_twin_certified_elsewhere_is_not_recognised(
    form: Path, stranger: Identity, trusted: Trust, tmp_path: Path
) -> None:
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=loaded(stranger), at=now())
    report = verify(tmp_path / "s.pdf", at=now(), trust=trusted)
    assert report.verdict == "indeterminate"
    assert report.signatures[0].signer == "Zoé EXEMPLE-GONÇALVES"


def test_a_certificate_kept_with_the_case_is_recognised(
    form: Path, stranger: Identity, trusted: Trust, tmp_path: Path
) -> None:
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=loaded(stranger), at=now())
    confirmed = trusted.and_also(trust.load(stranger.certificate))
    assert verify(tmp_path / "s.pdf", at=now(), trust=confirmed).verdict == "valid"


def test_the_wrong_signer_is_indeterminate_and_the_right_one_valid(
    signed: Path, trusted: Trust, employer: Identity, president: Identity
) -> None:
    right = verify(signed, at=now(), trust=trusted, expect={"Employeur": employer.fingerprint})
    wrong = verify(signed, at=now(), trust=trusted, expect={"Employeur": president.fingerprint})
    assert (right.verdict, right.signatures[0].expected) == ("valid", True)
    assert (wrong.verdict, wrong.signatures[0].expected) == ("indeterminate", False)
    assert wrong.signatures[0].sub_indication == "SIG_CONSTRAINTS_FAILURE"
    assert "une autre personne" in wrong.signatures[0].reasons[0]


def test_an_expected_signature_that_is_missing_is_named(
    signed: Path, trusted: Trust, president: Identity
) -> None:
    report = verify(signed, at=now(), trust=trusted, expect={"President": president.fingerprint})
    assert report.verdict == "invalid"
    assert "Signature attendue et absente : « President »." in report.signatures[0].reasons


def test_a_level_can_be_asked_for(signed: Path, trusted: Trust) -> None:
    asked = verify(signed, at=now(), trust=trusted, rules=Policy(least="B-T"))
    assert asked.verdict == "indeterminate"
    assert verify(signed, at=now(), trust=trusted, rules=Policy(least="B-B")).verdict == "valid"


def test_a_validity_that_ended_is_indeterminate_without_proof_of_time(
    signed: Path, trusted: Trust
) -> None:
    report = verify(signed, at=now() + timedelta(days=900), trust=trusted)
    assert report.verdict == "indeterminate"
    assert report.signatures[0].sub_indication == "OUT_OF_BOUNDS_NO_POE"


def test_a_certificate_that_has_not_begun_speaks_of_the_clock(signed: Path, trusted: Trust) -> None:
    report = verify(signed, at=now() - timedelta(days=900), trust=trusted)
    assert report.verdict == "indeterminate"
    assert "l’horloge de cette machine retarde" in " ".join(report.signatures[0].reasons)
    late = verify(signed, at=now() + timedelta(days=900), trust=trusted)
    assert "horloge" not in " ".join(late.signatures[0].reasons)


@pytest.fixture(scope="module")
def proven(
    form: Path, served: ServedAuthority, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The same form by a holder since revoked, at B-T; by one since expired, at B-B."""
    folder = tmp_path_factory.mktemp("temps")
    for label, level in (("revoque", "B-T"), ("employeur", "B-LTA")):
        pades.sign(form, folder / f"{label}.pdf", field="Employeur",
                   signer=loaded(served.identity(label)), at=now(), level=level,  # type: ignore[arg-type]
                   timestamper=TimestampService(served.tsa_url),
                   trust=trust.load(served.root),
                   fetcher=served.fetcher)  # fmt: skip
    return {path.stem: path for path in folder.iterdir()}


def test_a_revoked_signer_is_indeterminate_once_the_answer_is_known(
    proven: dict[str, Path], served: ServedAuthority
) -> None:
    roots = trust.load(served.root)
    crls = tuple(served.crl(name) for name in ("inter", "racine"))
    told = roots.and_also(Trust(crls=crls))
    unaware = verify(proven["revoque"], at=now(), trust=roots)
    aware = verify(proven["revoque"], at=now(), trust=told)
    assert unaware.verdict == "valid"
    assert "La révocation du certificat n’a pas été vérifiée" in unaware.signatures[0].reasons[0]
    assert aware.verdict == "indeterminate"
    assert aware.signatures[0].sub_indication == "REVOKED_NO_POE"


def test_a_policy_may_require_revocation(proven: dict[str, Path], served: ServedAuthority) -> None:
    roots, strict = trust.load(served.root), Policy(revocation="required")
    assert verify(proven["revoque"], at=now(), trust=roots, rules=strict).verdict == "indeterminate"
    assert verify(proven["employeur"], at=now(), trust=roots, rules=strict).verdict == "valid"


def test_an_archived_signature_outlives_its_certificate(
    proven: dict[str, Path], served: ServedAuthority, form: Path, tmp_path: Path
) -> None:
    roots, later = trust.load(served.root), now().replace(year=2105)
    key = loaded(served.identity("employeur"))
    pades.sign(form, tmp_path / "bb.pdf", field="Employeur", signer=key, at=now())
    assert verify(tmp_path / "bb.pdf", at=later, trust=roots).verdict == "indeterminate"
    # The time-stamp's own certificate ends in 2115 and is still known to be good in 2105.
    fresh = roots.and_also(Trust(crls=(served.crl("racine", later),)))
    report = verify(proven["employeur"], at=later, trust=fresh)
    assert report.signatures[0].proven_time is not None
    assert (report.verdict, report.signatures[0].indication) == ("valid", "TOTAL-PASSED")


@pytest.mark.parametrize("tool", ["pyhanko", "pdfsig"])
def test_signatures_by_other_makers_are_valid(
    tool: str, form: Path, rsa_member: Identity, pdfsig: PdfSig, trusted: Trust, tmp_path: Path
) -> None:
    target = tmp_path / "s.pdf"
    if tool == "pyhanko":
        pyhanko_sign(form, target, "Employeur", rsa_member)
    else:
        pdfsig.sign(form, target, "Employeur", rsa_member)
    report = verify(target, at=now(), trust=trusted, expect={"Employeur": rsa_member.fingerprint})
    assert report.verdict == "valid"
    assert report.signatures[0].level == ("B-B" if tool == "pyhanko" else None)


def test_a_sha1_signature_is_intact_but_too_weak(
    form: Path, rsa_member: Identity, trusted: Trust, tmp_path: Path
) -> None:
    mutool_sign(form, tmp_path / "s.pdf", "Employeur", rsa_member)
    report = verify(tmp_path / "s.pdf", at=now(), trust=trusted)
    (found,) = report.signatures
    assert (found.integrity, report.verdict) == ("intact", "indeterminate")
    assert found.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE"


def test_two_signatures_by_two_tools_are_both_valid(
    form: Path, employer: Identity, president: Identity, trusted: Trust, tmp_path: Path
) -> None:
    pyhanko_sign(form, tmp_path / "1.pdf", "Employeur", employer)
    pades.sign(tmp_path / "1.pdf", tmp_path / "2.pdf", field="President",
               signer=loaded(president), at=now(), after=("Employeur",))  # fmt: skip
    report = verify(tmp_path / "2.pdf", at=now(), trust=trusted)
    assert report.verdict == "valid"
    assert [s.changes_after for s in report.signatures] == ["allowed", "none"]
    assert [s.docmdp for s in report.signatures] == [None, 1]


def test_a_file_only_lenient_reading_opens_says_so(
    form: Path, employer: Identity, trusted: Trust, tmp_path: Path
) -> None:
    crooked = tmp_path / "bancal.pdf"
    crooked.write_bytes(re.sub(rb"/Size \d+", b"/Size 9 ", form.read_bytes()))
    with pytest.raises(SigningError, match="ne peut pas être signé"):
        pades.sign(crooked, tmp_path / "s.pdf", field="Employeur", signer=loaded(employer),
                   at=now())  # fmt: skip
    pyhanko_sign(crooked, tmp_path / "s.pdf", "Employeur", employer, "--no-strict-syntax")
    report = verify(tmp_path / "s.pdf", at=now(), trust=trusted)
    assert report.verdict == "valid"
    assert any("lu avec indulgence" in reason for reason in report.signatures[0].reasons)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("D:20261126084522Z'", datetime(2026, 11, 26, 8, 45, 22, tzinfo=UTC)),  # LibreOffice 7.4
        ("D:20261126084522Z00'00'", datetime(2026, 11, 26, 8, 45, 22, tzinfo=UTC)),
        ("D:20261399999999Z'", None),
        ("hier", None),
    ],
)
def test_an_ill_written_date_leaves_the_signature_what_it_is(
    written: str, read: datetime | None, form: Path, employer: Identity, trusted: Trust,
    tmp_path: Path,
) -> None:  # fmt: skip
    target = tmp_path / "s.pdf"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_byterange, "pdf_date", lambda _: pdf_string(written))
        pades.sign(form, target, field="Employeur", signer=loaded(employer), at=now())
    report = verify(target, at=now(), trust=trusted)
    assert (report.verdict, report.signatures[0].claimed_time) == ("valid", read)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 docx", b"%PDF-1.7\nrien\n%%EOF"])
def test_what_is_no_pdf_is_unreadable_with_a_remedy(content: bytes) -> None:
    with pytest.raises(UnreadableFile) as raised:
        verify(content, at=now())
    assert raised.value.remedy


def test_a_protected_pdf_is_unreadable(tmp_path: Path) -> None:
    import pikepdf

    documents.flat(tmp_path / "plat.pdf")
    with pikepdf.open(tmp_path / "plat.pdf") as pdf:
        pdf.save(tmp_path / "clos.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(UnreadableFile, match="mot de passe"):
        verify(tmp_path / "clos.pdf", at=now())


def test_authorities_come_from_a_file_or_a_folder(
    authority_root: Path, stranger: Identity, tmp_path: Path
) -> None:
    folder = tmp_path / "autorités"
    folder.mkdir()
    (folder / "a.pem").write_bytes(authority_root.read_bytes())
    (folder / "b.crt").write_bytes(stranger.certificate.read_bytes())
    (folder / "LISEZ-MOI.txt").write_text("rien")
    assert len(trust.load(folder).roots) == 2
    assert len(trust.load([authority_root, authority_root]).roots) == 1
    (tmp_path / "vide.pem").write_text("rien")
    with pytest.raises(SigningError, match="vide"):
        trust.load(tmp_path / "vide.pem")


def test_a_seal_says_it_is_one(form: Path, trusted: Trust, tmp_path: Path) -> None:
    from signing.demo import make_demo_authority

    demo = make_demo_authority(tmp_path / "demo", at=now())
    of = demo.keys["of"]
    key = keys.load(of.p12, keys.read_passphrase(of.passphrase), at=now())
    pades.sign(form, tmp_path / "s.pdf", field="Employeur", signer=key, at=now())
    assert verify(tmp_path / "s.pdf", at=now(), trust=trusted).signatures[0].kind == "seal"
