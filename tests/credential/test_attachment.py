"""The parchemin carries its credential: PDF/A-3, the code that is printed, the same Open Badge."""

import io
import json
import zlib
from datetime import date

import page as page_validation
import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier, did_key_from_pem

from casefiles.errors import PackError
from forms.pages.parchemin import parchemin
from signing import embedded
from signing.credential.attachment import BADGE, CREDENTIAL, attach, credential_files
from signing.credential.badge import badge, did_key
from signing.credential.keys import CodeKey, PublicKeys
from signing.credential.reading import one_code
from signing.credential.verdict import issue, verify
from tests.credential.invented import AT, AWARD, ORGANISATION
from tests.pages import samples


def drawn(code: str) -> bytes:
    case, certification = samples.case(), samples.tmp()
    days = (AWARD.decided_on, AWARD.delivered_on)
    return parchemin(case, certification, AWARD.number, *days, "Paris", code=code)


@pytest.fixture(scope="session")
def whole(key: CodeKey) -> bytes:
    files = credential_files(AWARD, key, organisation=ORGANISATION)
    return attach(drawn(issue(AWARD, key)), files, at=AT)


@pytest.mark.parametrize("profile", ["3a", "ua1"])
def test_a_parchemin_with_its_credential_conforms(whole: bytes, profile: str) -> None:
    assert page_validation.validate_pdf_bytes(whole, profile=profile).failures == []


def test_a_page_whose_packed_content_ends_with_a_return_conforms_too(key: CodeKey) -> None:
    with pikepdf.open(io.BytesIO(drawn(issue(AWARD, key)))) as pdf:
        content, page = pdf.pages[0].Contents, io.BytesIO()
        words = content.read_bytes()
        # A tab is odd: at most 256 of them bring the last byte of the sum to any value.
        while not (packed := zlib.compress(words)).endswith(b"\r"):
            words += b"\t"
        content.write(packed, filter=pikepdf.Name.FlateDecode)
        pdf.save(page, compress_streams=False, fix_metadata_version=False)
    files = credential_files(AWARD, key, organisation=ORGANISATION)
    made = attach(page.getvalue(), files, at=AT)
    assert b"\r\nendstream" not in made
    assert page_validation.validate_pdf_bytes(made, profile="3a").failures == []


def test_the_printed_code_and_the_attached_one_are_the_same(
    whole: bytes, key: CodeKey, keys: PublicKeys
) -> None:
    said = json.loads(held(whole)[CREDENTIAL])
    assert one_code(whole) == said["code"] == issue(AWARD, key)
    assert verify(said["code"], keys).award.holder == said["holder"] == AWARD.holder


def test_the_code_is_found_by_who_knows_no_pdf(whole: bytes, key: CodeKey) -> None:
    assert issue(AWARD, key).encode() in whole


def test_the_files_are_associated_with_the_whole_document(whole: bytes) -> None:
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        told = [(str(one.UF), str(one.AFRelationship)) for one in pdf.Root.AF]
    assert told == [(CREDENTIAL, "/Data"), (BADGE, "/Data")]


def test_attaching_twice_is_refused(whole: bytes, key: CodeKey) -> None:
    with pytest.raises(PackError, match="joint"):
        attach(whole, credential_files(AWARD, key, organisation=ORGANISATION), at=AT)


def test_the_same_award_gives_the_same_file(whole: bytes, key: CodeKey) -> None:
    files = credential_files(AWARD, key, organisation=ORGANISATION)
    assert attach(drawn(issue(AWARD, key)), files, at=AT) == whole


def test_another_library_verifies_the_attached_badge(whole: bytes, key: CodeKey) -> None:
    found = OB3Verifier.for_issuer_did(did_key(key.public)).verify(held(whole)[BADGE].decode())
    assert found.achievement.name == AWARD.title
    assert found.achievement.achievement_type == "Certification"
    assert found.issuer.name == ORGANISATION
    assert [one.identity_hash for one in found.identifiers] == [AWARD.holder]
    assert found.issuance_date is not None
    assert found.issuance_date.date() == date(2026, 6, 20)


def test_the_key_is_named_as_that_library_names_it(key: CodeKey) -> None:
    pem = key.public.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert did_key(key.public) == did_key_from_pem(pem)


def test_that_library_refuses_a_badge_altered_or_by_another(
    key: CodeKey, another_key: CodeKey
) -> None:
    verifier = OB3Verifier.for_issuer_did(did_key(key.public))
    theirs = badge(AWARD, another_key, organisation=ORGANISATION)
    ours = badge(AWARD, key, organisation=ORGANISATION)
    mixed = ".".join((*theirs.split(".")[:2], ours.split(".")[2]))
    for false in (theirs, mixed):
        with pytest.raises(OB3VerificationError):
            verifier.verify(false)
    assert verifier.verify(ours)


def held(data: bytes) -> dict[str, bytes]:
    return {f.name: f.content for f in embedded.files(data) if isinstance(f, embedded.Embedded)}
