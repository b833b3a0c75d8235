"""The parchemin: signed by a person empowered, complete in its mentions; a cachet may stand beside.

Where the certifier’s key is not here, it goes out, comes back signed, and ends the case.
"""

from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import delete, insert

from casefiles import store
from casefiles.errors import SigningError
from signing import pades, trust, verify
from tests.pki import Identity, OpensslAuthority
from tests.signing.tools import PdfSig, openssl_verifies
from tests.stories.conftest import AsTold, without_the_certifier
from tests.stories.seen import words
from tests.stories.space import Space
from watch.commands import doctor, status
from watch.office import Office, now
from watch.share import verification
from watch.steps import work


@pytest.mark.rule("R46", "R90")
def test_without_the_certifiers_key_the_decision_waits_with_its_bordereau(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    space.reopen(edit=without_the_certifier)
    number = space.numbers()[-1]
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    to_do = space.to_do(number)
    assert "signer par le certificateur" in to_do
    assert "Qui : le certificateur" in to_do
    tree = space.tree(space.folder(number))
    assert "Produits/Bordereau d’envoi au certificateur.pdf" in tree
    (to_sign,) = [name for name in tree if "Parchemin" in name]
    assert "(à signer par le certificateur)" in to_sign
    assert space.folder(number).parent == space.workspace.cases
    (case,) = status.report(space.office)["cases"]
    assert case["stage"] == "Décidé : parchemin à délivrer"
    bordereau = words(space.folder(number) / "Produits/Bordereau d’envoi au certificateur.pdf")
    held = space.session()
    assert held.signed is not None
    assert held.pieces is not None
    flat = "".join(bordereau.split())
    assert held.signed.sha256 in flat
    assert held.pieces.sha256 in flat


@pytest.mark.rule("R91")
def test_a_parchemin_that_lacks_a_mention_is_not_signed_and_the_mention_is_named(
    as_told: AsTold, signed_pv: dict[str, Path]
) -> None:
    space = as_told("en signature")
    number = space.numbers()[-1]
    archived = space.office._archived
    kept = space.case(number).certification_hash
    whole = space.office.certification_of(kept)
    nowhere = whole.certifier.model_copy(update={"place": ""})
    archived[kept] = whole.model_copy(update={"certifier": nowhere})
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    lacking = "Le parchemin n’est pas signé : il y manque Lieu de délivrance."
    assert lacking in space.history(number)
    assert space.case(number).parchemin is None
    assert not [name for name in space.tree(space.folder(number)) if "Parchemin" in name]

    archived[kept] = whole
    space.office.clock = lambda: now() + timedelta(days=1)
    space.catch_up()
    delivered = space.case(number).parchemin
    assert delivered is not None
    assert delivered.facts["number"].endswith("-00001")


@pytest.mark.rule("R46", "R90")
def test_the_parchemin_the_certifier_signed_elsewhere_ends_the_case(
    to_be_signed: tuple[Space, Path], authority_root: Path, tmp_path: Path
) -> None:
    space, sent = to_be_signed
    number = space.numbers()[-1]
    answer = space.hand_in(space.sign(sent, "signature/certificateur", "certificateur"))
    assert answer.outcome == "accepted", answer
    delivered = space.case().parchemin
    assert delivered is not None
    assert space.folder(number).parent == space.workspace.done
    file = space.folder(number) / delivered.path
    assert [name for name in space.tree(space.folder(number)) if "Parchemin" in name] == [
        delivered.path
    ]
    assert openssl_verifies(file, authority_root, tmp_path)
    (register, _, _) = space.office.journal.summaries("registre")[0]
    kinds = [r.event.type for r in space.office.journal.read(register)]
    assert kinds == ["ParcheminNumbered", "ParcheminSigned"]
    assert space.signers["certificateur"].name in space.history(number)


def test_a_parchemin_changed_unsigned_or_signed_by_a_stranger_is_not_taken(
    to_be_signed: tuple[Space, Path],
) -> None:
    space, sent = to_be_signed
    assert space.hand_in(sent).outcome == "refused"
    for role in ("inconnu", "employeur", "president"):
        answer = space.hand_in(space.sign(sent, "signature/certificateur", role))
        assert answer.outcome == "refused"
        assert "habilitées" in answer.reasons[0]
        assert "[[confiance.certificateurs]]" in answer.remedy
    with pikepdf.open(sent) as pdf:
        pdf.docinfo["/Title"] = "Un autre diplôme"
        pdf.save(space.scratch / "changé.pdf")
    changed = space.sign(space.scratch / "changé.pdf", "signature/certificateur", "certificateur")
    answer = space.hand_in(changed)
    assert (answer.outcome, "réécrit" in answer.reasons[0]) == ("refused", True)
    assert space.case().parchemin is None


# A cachet may be added, and never replaces the person.


def certifiers_seal(authority: OpensslAuthority) -> Identity:
    return authority.issue(
        "Cachet du certificateur EXEMPLE",
        organisation="Certificateur EXEMPLE",
        legal_person="VATFR-00000000000",
    )


def keyed(section: str, who: Identity) -> str:
    return f'[{section}]\nfichier = "{who.p12}"\nphrase = "{who.phrase_file}"\n\n'


@pytest.mark.rule("R46")
def test_the_certifiers_cachet_stands_beside_its_signatorys_name(
    as_told: AsTold, authority: OpensslAuthority, signed_pv: dict[str, Path], tmp_path: Path
) -> None:
    space = as_told("en signature")
    added = keyed("cles.cachet_certificateur", certifiers_seal(authority))
    space.reopen(edit=lambda text: text.replace("[confiance]", f"{added}[confiance]", 1))
    assert space.hand_in(signed_pv["tous"]).outcome == "accepted"
    delivered = space.case().parchemin
    person = space.office.certifier_key
    assert delivered is not None
    assert person is not None
    file = space.folder(space.numbers()[-1]) / delivered.path
    report = verify.verify(
        file, at=now(), trust=trust.load(space.office.settings.trust.authorities)
    )
    assert report.verdict == "valid"
    assert [(s.field, s.signer, s.by_seal) for s in report.signatures] == [
        ("signature/certificateur", person.holder, False),
        ("cachet/certificateur", "Cachet du certificateur EXEMPLE", True),
    ]
    seen = " ".join(words(file).split())
    for told in (person.holder, "Cachet électronique de Cachet du certificateur EXEMPLE"):
        assert told in seen
    said = PdfSig(tmp_path / "nss", space.office.settings.trust.authorities[0]).says(file)
    assert said.count("Signature is Valid.") == 2

    # Nothing more may follow the two of them.
    with pytest.raises(SigningError, match="verrouillé"):
        pades.sign(file, tmp_path / "s.pdf", field="autre", new_field=True, signer=person, at=now())


def test_a_persons_key_is_not_taken_for_a_cachet(as_told: AsTold) -> None:
    space = as_told("en signature")
    added = keyed("cles.cachet_certificateur", space.signers["certificateur"])
    space.reopen(edit=lambda text: text.replace("[confiance]", f"{added}[confiance]", 1))
    with pytest.raises(SigningError, match="n’est pas un cachet d’organisme"):
        _ = space.office.certifier_seal_key
    (check,) = [c for c in doctor.examine(space.workspace) if c.what == "Cachet du certificateur"]
    assert (check.good, "n’est pas un cachet" in check.said) == (False, True)


@pytest.mark.rule("R46")
def test_a_cachet_alone_is_refused_and_beside_the_person_it_is_taken(
    to_be_signed: tuple[Space, Path], authority: OpensslAuthority, authority_root: Path
) -> None:
    space, sent = to_be_signed
    space.signers["cachet"] = certifiers_seal(authority)
    alone = space.sign(sent, "cachet/certificateur", "cachet")
    answer = space.hand_in(alone)
    assert (answer.outcome, answer.reasons) == (
        "refused",
        ("La signature du certificateur n’y est pas.",),
    )
    found = verify.verify(alone, at=now(), trust=trust.load(authority_root))
    assert found.verdict == "invalid"
    assert "« signature/certificateur »" in " ".join(found.signatures[0].reasons)
    instead = space.hand_in(space.sign(sent, "signature/certificateur", "cachet"))
    assert instead.outcome == "refused"
    assert "il ne la remplace pas" in instead.reasons[0]
    assert space.case().parchemin is None

    person = space.sign(sent, "signature/certificateur", "certificateur")
    both = space.sign(person, "cachet/certificateur", "cachet")
    assert space.hand_in(both).outcome == "accepted"
    delivered = space.case().parchemin
    assert delivered is not None
    assert space.office.originals.get(delivered.sha256) == both.read_bytes()
    found = verify.verify(both, at=now(), trust=trust.load(authority_root))
    assert (found.verdict, len(found.signatures)) == ("valid", 2)


def test_a_death_before_the_checking_page_leaves_the_register_to_be_shown_again(
    as_told: AsTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Noted as shown before its page, what was withdrawn would still be read as good."""
    space = as_told("décidé")
    (register,) = [s for s in space.office.journal.positions() if s.startswith("registre/")]
    with space.office.journal.engine.begin() as connection:
        connection.execute(delete(store.published).where(store.published.c.stream == register))
        connection.execute(insert(store.to_show).values(stream=register))

    def dying(office: Office) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(work.PAGES, verification.STREAM, dying)
        with pytest.raises(KeyboardInterrupt):
            work.advance(space.office, register)
    assert register in space.office.journal.unpublished()
    space.catch_up()
    assert register not in space.office.journal.unpublished()
