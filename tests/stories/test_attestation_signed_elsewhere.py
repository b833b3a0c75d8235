"""The attestation of a bloc the certifier signs elsewhere comes back like a parchemin does."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pikepdf
import pytest

from tests.pki import Identity
from tests.stories.space import Space, also_trust
from tests.stories.test_second_attempt import CODE, LEVEL, evaluated, judged, own_file
from tests.stories.test_the_parchemin import without_the_certifier
from watch.confinement.sandbox import Sandbox
from watch.office import now
from watch.share.founding import create
from watch.share.workspace import locate

OPEN = ("2022-04-21", "2099-12-31")
FIELD = "signature/certificateur"


@pytest.fixture
def sent(
    tmp_path: Path, sandbox: Sandbox, signers: Mapping[str, Identity], authority_root: Path
) -> Iterator[tuple[Space, str]]:
    """A partial result, its attestation gone out to the certifier, which keeps its own key."""
    place = locate(tmp_path / "Partage")
    create(place, demo_keys=True, at=now())
    also_trust(place.settings_file, authority_root)
    own_file(place.private / "certifications", LEVEL, OPEN)
    empowered = signers["certificateur"]
    named = f'[[confiance.certificateurs]]\nnom = "{empowered.name}"\n'
    named += f'empreinte = "{empowered.fingerprint}"\n\n[signatures]\n'

    def edit(text: str) -> str:
        text = text.replace('["cqpm-tmp"]', f'["{CODE}"]')
        text = text.replace("# dossier_certifications", "dossier_certifications")
        return without_the_certifier(text).replace("[signatures]\n", named, 1)

    space = Space(tmp_path, sandbox=sandbox, signers=signers, edit=edit)
    number = space.enrol()
    evaluated(space, number, "BDC1", "BDC2")
    judged(space, number, "partiel", BDC1=True)
    yield space, number
    space.close()


def to_sign(space: Space, number: str) -> Path:
    product = space.case(number).product("attestation-a-signer")
    assert product is not None
    return space.office.originals.path(product.sha256)


@pytest.mark.rule("R58", "R87")
def test_it_comes_back_signed_by_who_the_certifier_named(sent: tuple[Space, str]) -> None:
    space, number = sent
    assert "Attestation du bloc BDC1 à signer par le certificateur" in space.to_do(number)
    assert "Situation : Décidé : attestation à signer" in space.to_do(number)
    page = to_sign(space, number)
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
