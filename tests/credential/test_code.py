"""What a code says is what was signed, or it is refused; and it fits what a printer can print."""

import base64
from dataclasses import replace
from datetime import date

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from casefiles.errors import SigningError, UnreadableFile
from signing.credential import cbor
from signing.credential.keys import NO_KEYS, CodeKey, PublicKeys
from signing.credential.payload import PREFIX, Award, assemble, claims, take_apart, to_be_signed
from signing.credential.verdict import issue, verify
from tests.credential.invented import AWARD, altered

LONG = replace(
    AWARD,
    holder="Madame Maximilienne-Alexandrine Marie-Geneviève Élisabeth-Charlotte Nguyễn "
    "D’EXEMPLE-DE-LA-TRÈS-LONGUE-RUE",
    title="CQPI Opérateur(trice) de surveillance d’équipements automatisés et connectés en "
    "milieux confinés (exemple)",
    certifier="Commission paritaire nationale de l’emploi (CPNE) de la métallurgie – Union des "
    "industries et métiers de la métallurgie (UIMM)",
)


def test_a_code_says_the_award_and_is_authentic(key: CodeKey, keys: PublicKeys) -> None:
    found = verify(issue(AWARD, key), keys)
    assert found.verdict == "valid"
    assert found.answer == "Authentique à l’émission"
    assert Award(**found.award.model_dump()) == AWARD
    assert found.withdrawal == "not_checked"
    assert any("Retrait non vérifié" in reason for reason in found.reasons)
    assert found.exit_code == 0


def test_the_same_award_gives_the_same_code(key: CodeKey) -> None:
    assert issue(AWARD, key) == issue(AWARD, key)


def test_a_specimen_says_so(key: CodeKey, keys: PublicKeys) -> None:
    found = verify(issue(replace(AWARD, specimen=True), key), keys)
    assert found.award.specimen
    assert found.answer == "Spécimen sans valeur"
    assert any("Spécimen sans valeur" in reason for reason in found.reasons)


def test_another_name_under_the_same_signature_is_forged(key: CodeKey, keys: PublicKeys) -> None:
    genuine = take_apart(issue(AWARD, key))
    other = claims(replace(AWARD, holder="Monsieur Malo EXEMPLE-FAUSSAIRE"))
    found = verify(assemble(other, genuine.key_id, genuine.signature), keys)
    assert (found.verdict, found.signature, found.answer) == ("invalid", False, "Faux")
    assert found.exit_code == 1


def test_a_code_signed_by_another_key_under_our_id_is_forged(
    keys: PublicKeys, key: CodeKey, another_key: CodeKey
) -> None:
    encoded, stolen_id = claims(AWARD), key.public.id
    signature = another_key.sign(to_be_signed(encoded, stolen_id))
    assert verify(assemble(encoded, stolen_id, signature), keys).verdict == "invalid"


def test_a_code_by_an_unknown_key_cannot_be_decided(keys: PublicKeys, another_key: CodeKey) -> None:
    found = verify(issue(AWARD, another_key), keys)
    assert (found.verdict, found.signature, found.exit_code) == ("indeterminate", None, 2)
    assert any("École des Essais" in reason for reason in found.reasons)


def test_without_keys_it_is_said_that_keys_are_missing(key: CodeKey) -> None:
    found = verify(issue(AWARD, key), NO_KEYS)
    assert found.verdict == "indeterminate"
    assert any("Sans les clés publiques" in reason for reason in found.reasons)


def test_a_closed_key_vouches_for_nothing_delivered_after(key: CodeKey) -> None:
    closed = replace(key.public, until=date(2026, 6, 19))
    found = verify(issue(AWARD, key), PublicKeys(organisation="Essais", keys=(closed,)))
    assert found.verdict == "invalid"
    assert any("19 juin 2026" in reason for reason in found.reasons)
    on_the_day = replace(AWARD, delivered_on=date(2026, 6, 19))
    assert verify(issue(on_the_day, key), PublicKeys(organisation="E", keys=(closed,))).verdict == (
        "valid"
    )


def test_no_single_letter_changes_without_being_seen(key: CodeKey, keys: PublicKeys) -> None:
    code = issue(AWARD, key)
    for index in range(len(PREFIX), len(code), 3):
        try:
            assert verify(altered(code, index), keys).verdict != "valid"
        except UnreadableFile:
            continue


def test_no_stray_bit_is_left_after_a_code(key: CodeKey, keys: PublicKeys) -> None:
    for number in ("P-1", "P-12", "P-123", "P-1234", "P-12345"):
        code = issue(replace(AWARD, number=number), key)
        for letter in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") - {code[-1]}:
            try:
                assert verify(code[:-1] + letter, keys).verdict == "invalid"
            except UnreadableFile:
                continue


@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=300))
def test_no_bytes_do_anything_but_be_refused(key: CodeKey, keys: PublicKeys, data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        verify(PREFIX + base64.b32encode(data).decode().rstrip("="), keys)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PCH1/ABC/AVIS/1/2026-0001//1/ABCD/XYZ", "d’une version"),
        ("https://exemple.invalid/", "pas celui d’un parchemin"),
        ("PCM2:ABC", "d’une version"),
        ("PCM1:", "abîmé"),
        ("PCM1:" + "A" * 500, "pas celui d’un parchemin"),
    ],
)
def test_what_is_not_a_code_is_refused_in_words(keys: PublicKeys, text: str, words: str) -> None:
    if text.startswith("PCH"):
        words = "pas celui d’un parchemin"
    with pytest.raises(UnreadableFile, match=words) as no:
        verify(text, keys)
    assert no.value.remedy


def test_copying_by_hand_is_forgiven(key: CodeKey, keys: PublicKeys) -> None:
    code = issue(AWARD, key)
    copied = "\n ".join(code[i : i + 40] for i in range(0, len(code), 40)).lower()
    assert verify(copied, keys).verdict == "valid"


@pytest.mark.parametrize("award", [AWARD, LONG], ids=["everyday", "too long"])
def test_a_code_fits_version_12_at_level_m(award: Award, key: CodeKey, keys: PublicKeys) -> None:
    code = issue(award, key)
    drawn = segno.make(code, error="m", micro=False, boost_error=False)
    assert drawn.mode == "alphanumeric"
    assert int(str(drawn.version)) <= 12
    assert verify(code, keys).verdict == "valid"


def test_what_is_too_long_is_shortened_at_a_word_and_said(key: CodeKey, keys: PublicKeys) -> None:
    found = verify(issue(LONG, key), keys)
    assert found.award.number == LONG.number
    assert found.award.certifier.endswith("…")
    for told, whole in (
        (found.award.certifier, LONG.certifier),
        (found.award.title, LONG.title),
        (found.award.holder, LONG.holder),
    ):
        assert told == whole or whole.startswith(told.removesuffix("…"))
    assert any("abrégée" in reason for reason in found.reasons)


def test_a_number_too_long_is_refused_rather_than_cut(key: CodeKey) -> None:
    with pytest.raises(SigningError, match="trop long"):
        issue(replace(LONG, number="P-" + "9" * 300), key)


def test_a_name_is_composed_and_evenly_spaced(key: CodeKey, keys: PublicKeys) -> None:
    odd = replace(AWARD, holder="Madame\u00a0Zoe\u0301  EXEMPLE")
    assert verify(issue(odd, key), keys).award.holder == "Madame Zoé EXEMPLE"


def test_the_bytes_are_a_cose_sign1_any_other_reader_takes_apart(key: CodeKey) -> None:
    code = issue(AWARD, key).removeprefix(PREFIX)
    data = base64.b32decode(code + "=" * (-len(code) % 8))
    assert data[:3] == b"\xd2\x84\x49"  # tag 18, four items, a protected header of nine bytes
    sign1 = cbor.decode(data)
    assert cbor.decode(sign1.value[0]) == {1: -7, 4: key.public.id}
    assert cbor.decode(sign1.value[2])[2] == AWARD.holder


def test_cbor_knows_one_encoding_of_each_value() -> None:
    assert cbor.encode({2: "é", 1: [True, -1, b"x", 1000]}).hex() == "a20184f52041781903e80262c3a9"
    for other in (
        "1800",
        "190017",
        "a2020101f5",
        "a1011801",
        "5f",
        "f97e00",
        "0000",
        "9b" + "f" * 16,
    ):
        with pytest.raises(ValueError, match=r"\w"):
            cbor.decode(bytes.fromhex(other))
