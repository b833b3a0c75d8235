"""The parchemin the certifier signed elsewhere comes back: ours, byte for byte, and one signature.

Its mandatory mentions were checked before it went out; nothing on it may have changed since.
"""

from typing import Any

from casefiles.casefile import CaseFile, fold
from casefiles.events import ParcheminSigned, ProductIssued
from casefiles.journal import Append
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused
from watch.reception.proofs import only_unknown
from watch.steps.delivery import PARCHEMIN, PARCHEMIN_FIELD

__all__ = ["PARCHEMIN", "take_parchemin"]

_AGAIN = (
    "Demandez au certificateur de signer le parchemin que vous lui avez envoyé (« Produits »), "
    "dans le cadre prévu, puis de n’y plus toucher."
)


def take_parchemin(office: Office, drop: Drop, stream: str) -> Answer:
    """Record the certifier’s signature, or refuse the file with the reason."""
    recorded = office.journal.read(stream)
    case = fold(recorded)
    if case is None:
        raise Refused("Parchemin", ["Son dossier n’est plus connu de ce bureau."])
    what = f"Parchemin — dossier {case.number} {case.candidate.full_name}"
    sent = case.to_sign
    if sent is None or case.delivery is None or case.withdrawn is not None:
        raise Refused(what, ["Ce dossier n’attend pas de parchemin signé."], "Rien à faire.")
    if case.parchemin is not None:
        raise Refused(what, ["Le parchemin de ce dossier est déjà signé."], "Rien à faire.")
    _only_signed(office, drop, sent, what)
    signature = _certifiers(office, drop, what)
    issued = ProductIssued(
        product="parchemin",
        sha256=drop.sha256,
        path=f"Produits/Parchemin {case.delivery.number}.pdf",
        basis=_basis(case),
        facts={"number": case.delivery.number, "signer": signature["signer"]},
        level=signature["level"] or "",
        wanted=signature["level"] or "",
    )
    register = office.journal.read(case.delivery.register_name)
    signed = ParcheminSigned(number=case.delivery.number, sha256=drop.sha256)
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(f"Signé par « {signature['signer']} », pour le certificateur.",),
        stream=stream,
        document=drop.mark,
        appends=(
            Append(
                stream=stream,
                after=len(recorded),
                events=(issued,),
                effect_key=f"parchemin-signe/{case.delivery.number}",
            ),
            Append(stream=case.delivery.register_name, after=len(register), events=(signed,)),
        ),
    )


def _basis(case: CaseFile) -> str:
    return case.decision.pv_sha256 if case.decision else ""


def _only_signed(office: Office, drop: Drop, sent: ProductIssued, what: str) -> None:
    found = office.compare(sent.sha256, drop.sha256)
    if not found["begins_with_seal"]:
        raise Refused(
            what,
            [
                "Ce n’est plus le parchemin que nous avons préparé : il a été réécrit, ou il est "
                "d’une autre édition."
            ],
            _AGAIN,
        )
    if found["problems"]:
        raise Refused(
            what, ["Le fichier contient autre chose qu’une signature.", *found["problems"]], _AGAIN
        )


def _certifiers(office: Office, drop: Drop, what: str) -> dict[str, Any]:
    """The one signature in the certifier’s field, intact, a person’s, and of somebody known."""
    report = drop.examined.get("report") or {"signatures": []}
    signatures = [s for s in report["signatures"] if s["kind"] != "timestamp"]
    mine = [s for s in signatures if s["field"] == PARCHEMIN_FIELD]
    if len(mine) != 1:
        raise Refused(what, ["La signature du certificateur n’y est pas."], _AGAIN)
    for one in signatures:
        if one["integrity"] != "intact":
            said = f"Une signature n’est pas intacte ({one['signer']})."
            raise Refused(what, [said, *one["reasons"]], _AGAIN)
    signature: dict[str, Any] = mine[0]
    if signature["by_seal"]:
        raise Refused(
            what,
            [
                f"« {signature['signer']} » est un cachet d’organisme : il peut s’ajouter à la "
                "signature du responsable, il ne la remplace pas."
            ],
            _AGAIN,
        )
    fingerprint = (drop.examined.get("signers") or {}).get(PARCHEMIN_FIELD) or ""
    named = {one.fingerprint for one in office.settings.trust.certifiers}
    if fingerprint in named and only_unknown(signature):
        return signature
    said = (
        f"Signé par « {signature['signer']} », qui n’est pas au nombre des personnes que le "
        "certificateur a habilitées, d’après les réglages de ce bureau."
        if fingerprint not in named
        else f"Signé par « {signature['signer']} »."
    )
    raise Refused(
        what,
        [said, *signature["reasons"], f"Empreinte de son certificat : {fingerprint}."],
        "Vérifiez auprès du certificateur. Si cette personne signe bien pour lui, ajoutez son "
        "certificat dans les réglages sous [[confiance.certificateurs]], et redéposez ce fichier.",
    )
