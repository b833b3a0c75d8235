"""What stands behind a returned form: its signature measured against the policy for that form.

Tells apart a signature that is broken (refused), missing (refused where the policy asks for one),
by somebody unknown (the office confirms) and by the person expected.
"""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from casefiles.answers import Avis, Form
from casefiles.casefile import CaseFile
from casefiles.events import Proof
from casefiles.projection import same_name
from watch.office import Office
from watch.reception.answer import Drop, Paper, Refused, in_words
from watch.reception.identities import doubts, is_named, known_signer

Standing = tuple[Proof, str, tuple[str, ...]]

SEEN = "document papier relu, signature manuscrite vue."


def proof_of(
    office: Office,
    drop: Drop,
    form: type[Form],
    case: CaseFile | None,
    what: str,
    names: Mapping[str, str],
    prepared: Set[str] = frozenset(),
) -> Standing:
    """(proof, standing, reasons) of a form; Refused when its signature cannot stand.

    `names` gives each field’s question, for people; `prepared` are the boxes the print has to sign
    in: the signature that counts stands there. case: None of an inscription, which has none yet.
    """
    report: dict[str, Any] | None = drop.examined.get("report")
    signatures = [s for s in (report or {}).get("signatures", ()) if s["kind"] != "timestamp"]
    if not signatures and drop.paper is not None and any(drop.paper.inked.values()):
        return _by_hand(office, form, drop.paper, what)
    if not signatures:
        if "none" not in office.settings.proofs.accepted(form.NAME):
            raise Refused(
                what,
                [
                    "Le document n’est pas signé électroniquement : rien ne dit de qui il vient."
                    if drop.paper is None
                    else "Aucune signature manuscrite ne figure dans le cadre prévu."
                ],
                "Renvoyez ce même fichier à son auteur pour qu’il le signe dans le cadre prévu"
                + (
                    ", ou pour qu’il l’imprime, le signe à la main et le numérise."
                    if "paper" in office.settings.proofs.accepted(form.NAME)
                    else "."
                ),
                draft=True,
            )
        return Proof(kind="none"), "accepted", ()
    for signature in signatures:
        if signature["integrity"] != "intact" or signature["changes_after"] == "suspicious":
            raise Refused(
                what,
                [
                    "Le document a été modifié après sa signature, ou sa signature est abîmée.",
                    *in_words(signature["reasons"], names),
                ],
                "Demandez au signataire de remplir et de signer de nouveau le formulaire d’origine "
                "(« À remplir »), puis de ne plus y toucher.",
            )
    disagreements = drop.examined.get("disagreements") or ()
    if disagreements:
        raise Refused(
            what,
            [
                "Deux lectures de ce document signé ne donnent pas les mêmes réponses.",
                *in_words(disagreements, names),
            ],
            "Demandez au signataire de remplir et de signer de nouveau le formulaire d’origine.",
        )
    fingerprints = drop.examined.get("signers") or {}
    in_place = [one for one in signatures if one["field"] in prepared]
    *beside, counted = in_place or signatures
    return _who_signed(
        office,
        case,
        form,
        counted,
        fingerprints.get(counted["field"]) or "",
        tuple((one["signer"] or "", fingerprints.get(one["field"]) or "") for one in beside),
        what,
        tuple(drop.examined.get("evidence") or ()),
        drop.values,
        prepared,
    )


def _by_hand(office: Office, form: type[Form], paper: Paper, what: str) -> Standing:
    """A signature by hand: where the policy takes it, it waits for somebody who saw it."""
    accepted = office.settings.proofs.accepted(form.NAME)
    if "paper" in accepted:
        seen = f"Signature manuscrite vue par {paper.by} le {paper.day}." if paper.by else ""
        proof = Proof(kind="paper", reasons=(seen,) if seen else ())
        asked = "Signé à la main, sur papier : regardez la signature sur l’original."
        return proof, "to_confirm", () if paper.by else (asked,)
    if "none" in accepted:
        return Proof(kind="none"), "accepted", ()
    raise Refused(
        what,
        [
            "Ce document est signé à la main, et les réglages de ce bureau demandent une signature "
            "électronique."
        ],
        "Faites signer le formulaire à l’écran, dans le cadre prévu.",
    )


def _who_signed(
    office: Office,
    case: CaseFile | None,
    form: type[Form],
    signature: dict[str, Any],
    fingerprint: str,
    beside: tuple[tuple[str, str], ...],
    what: str,
    evidence: tuple[str, ...],
    values: Mapping[str, Any],
    prepared: Set[str],
) -> Standing:
    by_seal = bool(signature.get("by_seal"))
    proof = Proof(
        kind="seal" if by_seal else "signature",
        signer=signature["signer"],
        fingerprint=fingerprint,
        indication=signature["indication"],
        level=signature["level"],
        reasons=tuple(signature["reasons"]),
        qualification=signature.get("qualification") or "",
        timestamp=signature.get("timestamp") or "",
        evidence=evidence,
        beside=beside,
    )
    if by_seal and "seal" not in office.settings.proofs.accepted(form.NAME):
        raise Refused(
            what,
            [
                f"Signé par « {proof.signer} », un cachet d’organisme : ce document attend la "
                "signature d’une personne."
            ],
            "Faites-le signer par la personne attendue, ou acceptez « cachet » pour ce document "
            "dans les réglages ([preuves]).",
        )
    known = known_signer(office, fingerprint) if only_unknown(signature) else ""
    name = known or proof.signer
    twins = [said for one in ((name, fingerprint), *beside) for said in doubts(office, *one)]
    if (signature["trusted"] or known) and not is_named(office, fingerprint):
        proof = proof.model_copy(update={"by_name": True})
    if form is not Avis or case is None:
        return (proof, "to_confirm", tuple(twins)) if twins else (proof, "accepted", ())
    if not signature["trusted"] and not known:
        if office.settings.proofs.unknown_signer == "refuser":
            raise Refused(
                what,
                [f"Signé par « {proof.signer} ».", *proof.reasons],
                "Demandez un document signé avec un certificat reconnu.",
            )
        return (
            proof,
            "to_confirm",
            (
                f"Signé par « {proof.signer} » : vérifiez auprès de l’entreprise que cette "
                "signature est bien la sienne.",
                *proof.reasons,
            ),
        )
    doubtful = (*_not_the_one_expected(case, name, values), *twins)
    if signature["field"] not in prepared and prepared:
        doubtful = (*doubtful, "Signé ailleurs que dans le cadre prévu : regardez ce qui l’a été.")
    return (proof, "to_confirm", doubtful) if doubtful else (proof, "accepted", ())


def _not_the_one_expected(case: CaseFile, signer: str, values: Mapping[str, Any]) -> Iterator[str]:
    """Why the certificate may not be that of who should give the avis; nothing when it is."""
    person = case.candidate
    themselves = (f"{person.first_name} {n}" for n in (person.birth_name, person.usage_name) if n)
    if any(same_name(name, signer) for name in themselves):
        yield f"Signé par « {signer} » : c’est le nom du candidat lui-même."
    expected = case.company.contact if case.company else ""
    if expected and not same_name(expected, signer):
        yield f"Signé par « {signer} », alors que l’on attendait {expected}."
    written = str(values.get("signatory/name") or "")
    if written and not same_name(written, signer):
        yield f"Signé par « {signer} », alors que le formulaire est rempli au nom de {written}."


def only_unknown(signature: Mapping[str, Any]) -> bool:
    """Whether nothing is wrong with a signature but an authority this office does not know.

    Only that is what naming a certificate in the settings answers for: not that it has ended, was
    revoked, or is not made to sign.
    """
    return bool(signature["trusted"]) or signature["sub_indication"] == "NO_CERTIFICATE_CHAIN_FOUND"
