"""The attestation of a bloc the certifier signs elsewhere comes back like a parchemin does."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pikepdf
import pytest

from signing import trust, verify
from tests.pki import Identity, OpensslAuthority
from tests.signing.tools import PdfSig
from tests.stories.conftest import certified_by
from tests.stories.seen import words
from tests.stories.space import Space, also_trust
from tests.stories.test_second_attempt import CODE, LEVEL, evaluated, judged, own_file
from tests.stories.test_the_parchemin import certifiers_seal, keyed
from watch.confinement.sandbox import Sandbox
from watch.office import now
from watch.share.founding import create
from watch.share.workspace import locate

OPEN = ("2022-04-21", "2099-12-31")
FIELD, CACHET = "signature/certificateur", "cachet/certificateur"


@pytest.fixture(scope="module")
def gone_out(
    tmp_path_factory: pytest.TempPathFactory,
    sandbox: Sandbox,
    signers: Mapping[str, Identity],
    authority_root: Path,
) -> tuple[Space, str]:
    """A partial result, its attestation gone out to the certifier, which keeps its own key."""
    empowered = signers["certificateur"]
    space, number = partial(
        tmp_path_factory.mktemp("parti") / "espace", sandbox, signers, authority_root,
        lambda text: certified_by(empowered, text),
    )  # fmt: skip
    space.close()
    return space, number


@pytest.fixture
def sent(
    gone_out: tuple[Space, str],
    tmp_path: Path,
    sandbox: Sandbox,
    signers: Mapping[str, Identity],
) -> Iterator[tuple[Space, str]]:
    """It, told once: each test goes on with a copy."""
    shutil.copytree(gone_out[0].root, tmp_path / "espace", symlinks=True)
    space = Space(tmp_path / "espace", sandbox=sandbox, signers=signers)
    yield space, gone_out[1]
    space.close()


def partial(
    folder: Path,
    sandbox: Sandbox,
    signers: Mapping[str, Identity],
    authority_root: Path,
    change: Callable[[str], str],
) -> tuple[Space, str]:
    """The first bloc alone obtained, its attestation made under settings so changed."""
    place = locate(folder / "Partage")
    create(place, demo_keys=True, at=now())
    also_trust(place.settings_file, authority_root)
    own_file(place.private / "certifications", LEVEL, OPEN)

    def edit(text: str) -> str:
        text = text.replace('["cqpm-tmp"]', f'["{CODE}"]')
        return change(text.replace("# dossier_certifications", "dossier_certifications"))

    space = Space(folder, sandbox=sandbox, signers=signers, edit=edit)
    number = space.enrol()
    evaluated(space, number, "BDC1", "BDC2")
    judged(space, number, "partiel", BDC1=True)
    return space, number


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def to_sign(space: Space, number: str) -> Path:
    product = space.case(number).product("attestation-a-signer")
    assert product is not None
    return space.office.originals.path(product.sha256)


@pytest.mark.rule("R58", "R87")
def test_it_comes_back_signed_by_who_the_certifier_named(sent: tuple[Space, str]) -> None:
    space, number = sent
    assert "Attestation du bloc BDC1 à signer par le certificateur" in space.to_do(number)
    assert "Situation : Décidé : attestation à signer" in space.to_do(number)
    letter = space.folder(number) / "Produits/Bordereau d’envoi au certificateur.pdf"
    said = " ".join(words(letter).split())
    page = to_sign(space, number)
    held = space.session()
    assert held.signed is not None
    assert held.pieces is not None
    for sha256 in (held.signed.sha256, held.pieces.sha256, sha256_of(page)):
        assert sha256[:32] in said
        assert sha256[32:] in said
    assert "a décidé d’attribuer le bloc BDC1 du CQPM" in said
    assert "signer l’attestation et de nous la retourner" in said
    assert "parchemin" not in said
    assert space.hand_in(page, "telle quelle.pdf").outcome == "refused"
    for role in ("inconnu", "president"):
        no = space.hand_in(space.sign(page, FIELD, role))
        assert (no.outcome, "habilitées" in no.reasons[0]) == ("refused", True), no
    with pikepdf.open(page) as pdf:
        pdf.docinfo["/Title"] = "Une autre attestation"
        pdf.save(space.scratch / "changée.pdf")
    no = space.hand_in(space.sign(space.scratch / "changée.pdf", FIELD, "certificateur"))
    assert (no.outcome, "réécrit" in no.reasons[0]) == ("refused", True), no
    assert space.case(number).product("attestation") is None

    signed = space.sign(page, FIELD, "certificateur")
    answer = space.hand_in(signed)
    assert answer.outcome == "accepted", answer
    attestation = space.case(number).product("attestation")
    assert attestation is not None
    assert space.office.originals.get(attestation.sha256) == signed.read_bytes()
    tree = space.tree(space.folder(number))
    assert [n for n in tree if "Attestation" in n] == ["Produits/Attestation BDC1.pdf"]
    assert "à signer" not in space.to_do(number)
    again = space.hand_in(space.sign(page, FIELD, "certificateur"), "encore.pdf")
    assert (again.outcome, "déjà signée" in again.reasons[0]) == ("refused", True), again


# A cachet may be added there too, and never replaces the person.


@pytest.mark.rule("R46", "R58")
def test_a_cachet_alone_is_refused_and_beside_the_person_it_is_taken(
    sent: tuple[Space, str], authority: OpensslAuthority, authority_root: Path
) -> None:
    space, number = sent
    space.signers["cachet"] = certifiers_seal(authority)
    page = to_sign(space, number)
    assert "ne la remplace pas" in " ".join(words(page).split())
    alone = space.sign(page, CACHET, "cachet")
    no = space.hand_in(alone)
    assert (no.outcome, no.reasons) == ("refused", ("La signature du certificateur n’y est pas.",))
    assert verify.verify(alone, at=now(), trust=trust.load(authority_root)).verdict == "invalid"
    no = space.hand_in(space.sign(page, FIELD, "cachet"))
    assert (no.outcome, "il ne la remplace pas" in no.reasons[0]) == ("refused", True)
    assert space.case(number).product("attestation") is None

    both = space.sign(space.sign(page, FIELD, "certificateur"), CACHET, "cachet")
    assert space.hand_in(both).outcome == "accepted"
    kept = space.case(number).product("attestation")
    assert kept is not None
    assert space.office.originals.get(kept.sha256) == both.read_bytes()


@pytest.mark.rule("R46", "R58")
def test_where_both_keys_are_here_the_cachet_stands_beside_its_signatorys_name(
    tmp_path: Path, sandbox: Sandbox, signers: Mapping[str, Identity], authority_root: Path,
    authority: OpensslAuthority,
) -> None:  # fmt: skip
    added = keyed("cles.cachet_certificateur", certifiers_seal(authority))
    space, number = partial(
        tmp_path, sandbox, signers, authority_root,
        lambda text: text.replace("[confiance]", f"{added}[confiance]", 1),
    )  # fmt: skip
    file = space.folder(number) / "Produits/Attestation BDC1.pdf"
    authorities = space.office.settings.trust.authorities
    report = verify.verify(file, at=now(), trust=trust.load(authorities))
    person = space.office.certifier_key
    assert person is not None
    assert report.verdict == "valid"
    assert [(s.field, s.signer, s.by_seal) for s in report.signatures] == [
        (FIELD, person.holder, False),
        (CACHET, "Cachet du certificateur EXEMPLE", True),
    ]
    said = PdfSig(tmp_path / "nss", authorities[0]).says(file)
    assert said.count("Signature is Valid.") == 2
    space.close()
