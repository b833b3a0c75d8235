"""A PV came back: is it ours, whole, signed by the right people, the president last?

What comes back must begin, byte for byte, with what was sealed, and add signatures and nothing
else. Only then are the decisions decisions.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from casefiles import session
from casefiles.events import PvIssued, PvReturned, PvSigned
from casefiles.journal import Append
from casefiles.projection import TO_SIGN, same_name
from casefiles.session import Session
from watch.office import Office
from watch.reception.answer import Answer, Drop, Refused
from watch.reception.identities import (
    another_than_named,
    is_named,
    known_signer,
    seen_with_another,
)
from watch.reception.proofs import only_unknown


def copy_to_continue(held: Session, pv: PvIssued) -> str:
    """« X », dans le dossier de la session S2026-003 (signatures déjà reçues : A, B): the file
    that the next signature goes into, and nothing beside it."""
    names = _names(held, held.returned.signed if held.returned else ())
    already = f" (signatures déjà reçues : {names})" if names else ""
    return f"« {pv.path} », dans le dossier de la session {held.reference}{already}"


def _again(held: Session, pv: PvIssued) -> str:
    return (
        f"Reprenez {copy_to_continue(held, pv)}, et signez ce fichier sans le modifier ni "
        "l’enregistrer autrement."
    )


def _names(held: Session, keys: Collection[str]) -> str:
    return ", ".join(m.name for m in held.members if m.key in keys)


def sealed_start(office: Office, file: Path) -> str:
    """The SHA-256 of the PV in signature that the file begins with, byte for byte; or ""."""
    for sha256, _ in office.journal.bearing(TO_SIGN):
        if _begins_with(file, office.originals.path(sha256)):
            return sha256
    return ""


def _begins_with(file: Path, sealed: Path) -> bool:
    with file.open("rb") as returned, sealed.open("rb") as ours:
        while block := ours.read(1 << 20):
            if returned.read(len(block)) != block:
                return False
    return True


def take_minutes(office: Office, drop: Drop, stream: str) -> Answer:
    """Record the signatures of a PV, or refuse it with the reason."""
    recorded = office.journal.read(stream)
    held = session.fold(recorded)
    if held is None:
        raise Refused("Procès-verbal", ["Sa session n’est plus connue de ce bureau."])
    if held.pv is None or not held.pieces_stand:
        if held.over:
            raise Refused(
                f"Procès-verbal — session {held.reference}",
                ["Ce procès-verbal est déjà signé et les décisions sont prises."],
                "Rien à faire.",
            )
        raise Refused(
            f"Procès-verbal — session {held.reference}",
            ["De nouvelles décisions, ou de nouvelles pièces, ont annulé cette version."],
            "Attendez la version suivante, préparée dans le dossier de la session.",
        )
    what = f"Procès-verbal — session {held.reference}, version {held.pv.version}"
    if held.over:
        raise Refused(
            what, ["Ce procès-verbal est déjà signé et les décisions sont prises."], "Rien à faire."
        )
    found = _compare(office, drop, held, what)
    signatures = _signatures(drop, held, held.pv, what)
    signed = _in_order(held, held.pv, found["signed"], what)
    doubts = _doubts(office, drop, held, signatures)
    complete = held.pv.president in signed
    after = len(recorded)
    if not complete:
        missing = _names(held, set(held.pv.expected) - set(signed))
        return Answer(
            outcome="accepted",
            what=what,
            reasons=(f"Signatures reçues : {len(signed)}. Il manque : {missing}.",),
            remedy=f"Faites signer cette même copie par les suivants, l’un après l’autre, le "
            f"président en dernier : « {held.pv.path} », dans le dossier de la session "
            f"{held.reference}.",
            stream=stream,
            document=drop.mark,
            appends=(
                Append(
                    stream=stream,
                    after=after,
                    events=(_back(drop, held.pv, signed),),
                ),
            ),
        )
    prints = drop.examined.get("signers") or {}
    by_name = tuple(
        key
        for key in signed
        if key not in on_paper(held) and not is_named(office, prints.get(held.pv.fields[key]) or "")
    )
    final = PvSigned(
        document=drop.mark,
        sha256=drop.sha256,
        dropped_as=drop.name,
        path=signed_path(held.pv),
        version=held.pv.version,
        signers={
            key: signatures[held.pv.fields[key]]["signer"]
            for key in signed
            if key not in on_paper(held)
        },
        fingerprints={
            key: prints.get(held.pv.fields[key], "") for key in signed if key not in on_paper(held)
        },
        by_name=by_name,
        by_hand={key: held.by_hand[key].document for key in signed if key in on_paper(held)},
    )
    if doubts:
        return Answer(
            outcome="waiting",
            what=what,
            reasons=tuple(doubts),
            remedy="Vérifiez ces signataires, puis confirmez par une « Demande du bureau » "
            f"(confirmer, repère {drop.mark}).",
            stream=stream,
            document=drop.mark,
            held={"stream": stream, "pv": final.model_dump(mode="json")},
            appends=(
                Append(stream=stream, after=after, events=(_back(drop, held.pv, signed, doubts),)),
            ),
        )
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(
            "Toutes les signatures sont là, celle du président en dernier.",
            *([f"Identité établie par le seul nom : {_names(held, by_name)}."] if by_name else []),
        ),
        remedy="Les décisions sont portées aux dossiers.",
        stream=stream,
        document=drop.mark,
        appends=(
            Append(
                stream=stream,
                after=after,
                events=(final,),
                effect_key=f"deliberation/{held.reference}/{final.version}",
            ),
        ),
    )


def _back(drop: Drop, pv: PvIssued, signed: list[str], doubts: Sequence[str] = ()) -> PvReturned:
    return PvReturned(
        document=drop.mark,
        sha256=drop.sha256,
        dropped_as=drop.name,
        version=pv.version,
        signed=tuple(signed),
        doubts=tuple(doubts),
    )


def on_paper(held: Session) -> frozenset[str]:
    """The members in whose place our own seal says that they signed on paper."""
    return frozenset(held.placed.members if held.placed else ())


def signed_path(pv: PvIssued) -> str:
    """Where the signed PV stands in the session’s folder."""
    return f"Procès-verbal signé (version {pv.version}).pdf"


def _compare(office: Office, drop: Drop, held: Session, what: str) -> dict[str, Any]:
    """The latest version’s comparison; a file over an earlier version is named as such."""
    pv = held.pv
    if pv is None:
        raise Refused(what, ["Aucun procès-verbal n’est en signature."])
    found = office.compare(pv.sha256, drop.sha256)
    if found["begins_with_seal"]:
        if found["problems"]:
            raise Refused(
                what,
                ["Le fichier contient autre chose que des signatures.", *found["problems"]],
                _again(held, pv),
            )
        if held.placed and not _begins_with(drop.file, office.originals.path(held.placed.sha256)):
            raise Refused(
                what,
                [
                    "Cette copie ne porte pas, telles que le bureau les a scellées, les mentions "
                    "des signatures reçues sur papier."
                ],
                "Continuez la copie la plus avancée, rangée dans le dossier de la session.",
            )
        return found
    for earlier in held.pvs:
        if (
            earlier.version != pv.version
            and office.compare(earlier.sha256, drop.sha256)["begins_with_seal"]
        ):
            raise Refused(
                what,
                [
                    f"Ces signatures portent sur la version {earlier.version}, remplacée par la "
                    f"version {pv.version} : elles ne valent pas pour celle-ci."
                ],
                _again(held, pv),
            )
    raise Refused(
        what,
        [
            "Le fichier a été réécrit par un logiciel : il ne commence plus par le procès-verbal "
            "scellé. Le sceau est rompu."
        ],
        _again(held, pv),
    )


def _signatures(drop: Drop, held: Session, pv: PvIssued, what: str) -> dict[str, dict[str, Any]]:
    """The report’s signatures by field, every one of them intact."""
    sealed = {pv.fields[key] for key in on_paper(held)}
    report = drop.examined.get("report") or {"signatures": []}
    by_field = {s["field"]: s for s in report["signatures"]}
    for signature in by_field.values():
        if signature["integrity"] != "intact":
            raise Refused(
                what,
                [
                    f"Une signature n’est pas intacte ({signature['signer']}).",
                    *signature["reasons"],
                ],
                _again(held, pv),
            )
        if signature["by_seal"] and signature["field"] in {*pv.fields.values()} - sealed:
            raise Refused(
                what,
                [
                    f"À la place d’un membre du jury se trouve un cachet, celui de "
                    f"« {signature['signer']} » : un cachet dit d’où vient un document, il ne "
                    "remplace pas la signature d’une personne."
                ],
                f"Reprenez {copy_to_continue(held, pv)}, et faites-la signer par la personne "
                "elle-même.",
            )
    _each_their_own(drop, {*pv.fields.values()} - sealed, what)
    return by_field


def _each_their_own(drop: Drop, places: set[str], what: str) -> None:
    """One certificate signs in one place: two members may bear one name, never one key.

    Our own seal, which says who signed on paper, may stand in several.
    """
    fingerprints = drop.examined.get("signers") or {}
    used = [fingerprints[field] for field in places if fingerprints.get(field)]
    if len(set(used)) < len(used):
        raise Refused(
            what,
            ["Un même certificat a signé à la place de plusieurs membres."],
            "Reprenez la copie d’avant, et faites-la signer par chacun avec son propre certificat.",
        )


def _in_order(held: Session, pv: PvIssued, fields: list[str], what: str) -> list[str]:
    """The juror keys that signed, the president’s after all others; Refused otherwise."""
    keys = {field: key for key, field in pv.fields.items()}
    signed = [keys[f] for f in fields if f in keys]
    if not signed:
        raise Refused(what, ["Aucun membre du jury n’a signé ce procès-verbal."], _again(held, pv))
    before = set(held.returned.signed) if held.returned else set()
    if lost := before - set(signed):
        to_sign_again = _names(held, set(signed) - before)
        raise Refused(
            what,
            [
                "Cette copie a été signée à part : elle ne porte pas les signatures déjà reçues "
                f"({_names(held, lost)}). Des copies signées chacune de son côté ne se réunissent "
                "pas."
            ],
            f"Continuez {copy_to_continue(held, pv)}, le président signant en dernier."
            + (f" À signer de nouveau sur ce fichier : {to_sign_again}." if to_sign_again else ""),
        )
    if pv.president in signed:
        if missing := _names(held, set(pv.expected) - set(signed)):
            raise Refused(
                what,
                [
                    "Le président a signé avant que tous les membres présents l’aient fait. "
                    f"Il manque : {missing}."
                ],
                "La signature du président ferme le procès-verbal : reprenez "
                f"{copy_to_continue(held, pv)}, faites signer ce fichier par tous, le président "
                "en dernier.",
            )
        if signed[-1] != pv.president:
            raise Refused(
                what,
                ["Une signature a été ajoutée après celle du président."],
                _again(held, pv),
            )
    return signed


def _doubts(
    office: Office, drop: Drop, held: Session, signatures: dict[str, dict[str, Any]]
) -> list[str]:
    """Signers the office must vouch for: unknown certificates, or other names than expected."""
    fields = held.pv.fields if held.pv else {}
    fingerprints = drop.examined.get("signers") or {}
    doubts = []
    for member in held.members:
        signature = signatures.get(fields.get(member.key, ""))
        if signature is None or member.key in on_paper(held):
            continue
        fingerprint = fingerprints.get(signature["field"]) or ""
        pinned = known_signer(office, fingerprint)
        known = pinned if only_unknown(signature) else ""
        if not signature["trusted"] and not known:
            doubts.append(
                f"{member.name} : signé par « {signature['signer']} ». "
                + " ".join(signature["reasons"])
            )
        elif not same_name(member.name, known or signature["signer"]):
            doubts.append(f"{member.name} : la signature est celle de « {signature['signer']} ».")
        elif another_than_named(office, member.name, fingerprint):
            doubts.append(
                f"{member.name} : le certificat n’est pas celui que les réglages lui donnent."
            )
        elif not pinned and seen_with_another(office, signature["signer"], fingerprint):
            doubts.append(
                f"{member.name} : un autre certificat a déjà signé ici sous ce nom ; désignez les "
                "siens sous [[confiance.signataires]] une fois vérifiés."
            )
    return doubts
