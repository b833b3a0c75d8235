"""What the certifier signed elsewhere comes back: ours, byte for byte, and one signature.

A parchemin or the attestation of a bloc. Its mandatory mentions were checked before it went out;
nothing on it may have changed since.
"""

from dataclasses import dataclass
from typing import Any

from casefiles.casefile import ATTESTATION_TO_SIGN, CaseFile, fold
from casefiles.events import ParcheminSigned, ProductIssued
from casefiles.journal import Append
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused
from watch.reception.proofs import only_unknown
from watch.steps.delivery import PARCHEMIN, PARCHEMIN_FIELD
from watch.steps.notices import ATTESTATION

__all__ = ["ATTESTATION", "PARCHEMIN", "take_attestation", "take_parchemin"]

# The certifier’s frame bears the same name on both.
_FIELD = PARCHEMIN_FIELD


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """How sentences name what comes back."""

    the: str

    @property
    def again(self) -> str:
        """What to do of a file that is not as it went out."""
        return (
            f"Demandez au certificateur de signer {self.the} que vous lui avez fait parvenir "
            "(« Produits »), dans le cadre prévu, puis de n’y plus toucher."
        )


_PARCHEMIN = _Kind(the="le parchemin")
_ATTESTATION = _Kind(the="l’attestation")


def take_parchemin(office: Office, drop: Drop, stream: str) -> Answer:
    """Record the certifier’s signature on a parchemin, or refuse the file with the reason."""
    case, after = _case(office, stream, "Parchemin")
    what = f"Parchemin — dossier {case.number} {case.candidate.full_name}"
    sent = case.to_sign
    if sent is None or case.delivery is None or case.withdrawn is not None:
        raise Refused(what, ["Ce dossier n’attend pas de parchemin signé."], "Rien à faire.")
    if case.parchemin is not None:
        raise Refused(what, ["Le parchemin de ce dossier est déjà signé."], "Rien à faire.")
    number = case.delivery.number
    signature = _signed(office, drop, sent, what, _PARCHEMIN)
    issued = ProductIssued(
        product="parchemin",
        sha256=drop.sha256,
        path=f"Produits/Parchemin {number}.pdf",
        basis=case.decision.pv_sha256 if case.decision else "",
        facts={"number": number, "signer": signature["signer"]},
        level=_known(signature["level"] or ""),
        wanted=office.settings.signatures.level_of("parchemin"),
    )
    register = office.journal.read(case.delivery.register_name)
    signed = ParcheminSigned(number=number, sha256=drop.sha256)
    in_register = Append(stream=case.delivery.register_name, after=len(register), events=(signed,))
    own = Append(
        stream=stream, after=after, events=(issued,), effect_key=f"parchemin-signe/{number}"
    )
    return _accepted(what, drop, signature, (own, in_register))


def take_attestation(office: Office, drop: Drop, stream: str) -> Answer:
    """Record the certifier’s signature on the attestation of a bloc, under the same checks."""
    case, after = _case(office, stream, "Attestation")
    bloc = drop.examined["imprint"]["part"]
    what = f"Attestation {bloc} — dossier {case.number} {case.candidate.full_name}"
    basis = f"{case.decision.pv_sha256} {bloc}" if case.decision else ""
    sent = case.product(ATTESTATION_TO_SIGN, basis)
    if not basis or sent is None:
        raise Refused(
            what,
            ["Ce dossier n’attend pas cette attestation : la décision n’est plus la même."]
            if any(p.product == ATTESTATION_TO_SIGN for p in case.products)
            else ["Ce dossier n’attend pas d’attestation signée."],
            "Rien à faire.",
        )
    if case.product("attestation", basis) is not None:
        raise Refused(what, ["L’attestation de ce bloc est déjà signée."], "Rien à faire.")
    signature = _signed(office, drop, sent, what, _ATTESTATION)
    issued = ProductIssued(
        product="attestation",
        sha256=drop.sha256,
        path=f"Produits/Attestation {bloc}.pdf",
        basis=basis,
        facts={"bloc": bloc, "signer": signature["signer"]},
        level=_known(signature["level"] or ""),
        wanted=office.settings.signatures.level_of("attestation"),
    )
    key = f"attestation-signee/{case.number}/{basis}"
    own = Append(stream=stream, after=after, events=(issued,), effect_key=key)
    return _accepted(what, drop, signature, (own,))


def _case(office: Office, stream: str, what: str) -> tuple[CaseFile, int]:
    recorded = office.journal.read(stream)
    case = fold(recorded)
    if case is None:
        raise Refused(what, ["Son dossier n’est plus connu de ce bureau."])
    return case, len(recorded)


def _accepted(
    what: str, drop: Drop, signature: dict[str, Any], appends: tuple[Append, ...]
) -> Answer:
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(f"Signé par « {signature['signer']} », pour le certificateur.",),
        stream=appends[0].stream,
        document=drop.mark,
        appends=appends,
    )


def _known(level: str) -> str:
    """The level we answer for: when an archive of somebody else’s is to be renewed, nobody says, so
    that ours is added to it."""
    return "B-LT" if level == "B-LTA" else level


def _signed(
    office: Office, drop: Drop, sent: ProductIssued, what: str, kind: _Kind
) -> dict[str, Any]:
    """The certifier’s signature on what was sent, byte for byte; Refused says what is wrong."""
    found = office.compare(sent.sha256, drop.sha256)
    if not found["begins_with_seal"]:
        raise Refused(
            what,
            [
                f"Ce fichier n’est plus {kind.the} préparé ici : il a été réécrit, ou il est d’une "
                "autre édition."
            ],
            kind.again,
        )
    if found["problems"]:
        raise Refused(
            what,
            ["Le fichier contient autre chose qu’une signature.", *found["problems"]],
            kind.again,
        )
    return _certifiers(office, drop, what, kind)


def _certifiers(office: Office, drop: Drop, what: str, kind: _Kind) -> dict[str, Any]:
    """The one signature in the certifier’s field, intact, a person’s, and of somebody known."""
    report = drop.examined.get("report") or {"signatures": []}
    signatures = [s for s in report["signatures"] if s["kind"] != "timestamp"]
    mine = [s for s in signatures if s["field"] == _FIELD]
    if len(mine) != 1:
        raise Refused(what, ["La signature du certificateur n’y est pas."], kind.again)
    for one in signatures:
        if one["integrity"] != "intact":
            said = f"Une signature n’est pas intacte ({one['signer']})."
            raise Refused(what, [said, *one["reasons"]], kind.again)
    signature: dict[str, Any] = mine[0]
    if signature["by_seal"]:
        raise Refused(
            what,
            [
                f"« {signature['signer']} » est un cachet d’organisme : il peut s’ajouter à la "
                "signature du responsable, il ne la remplace pas."
            ],
            kind.again,
        )
    fingerprint = (drop.examined.get("signers") or {}).get(_FIELD) or ""
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
