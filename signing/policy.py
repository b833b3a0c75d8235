"""What is acceptable: a document's expectations over what `validation` found, nothing else.

Integrity is not negotiable; what a policy says is who was expected where, how much proof is asked,
and whether a revocation that nobody could check is enough to hesitate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pyhanko.sign.ades.report import AdESStatus

from signing.found import Found, FoundSignature
from signing.report import Indication, Level, SignatureReport, Verdict

_LEVELS: tuple[Level, ...] = ("B-B", "B-T", "B-LT", "B-LTA")
_CHAIN = {
    "NO_CERTIFICATE_CHAIN_FOUND": "Le certificat de {signer} ne mène à aucune autorité de "
    "confiance connue ici : son identité reste à confirmer.",
    "OUT_OF_BOUNDS_NO_POE": "Le certificat de {signer} est hors de sa période de validité, et rien "
    "ne prouve que la signature a été faite pendant celle-ci.",
    "REVOKED_NO_POE": "Le certificat de {signer} a été révoqué, et rien ne prouve que la signature "
    "est antérieure à cette révocation.",
    "REVOKED_CA_NO_POE": "L’autorité qui a délivré le certificat de {signer} a été révoquée.",
    "CRYPTO_CONSTRAINTS_FAILURE": "La signature emploie un procédé trop faible aujourd’hui "
    "(SHA-1, clé trop courte…).",
    "CHAIN_CONSTRAINTS_FAILURE": "Le certificat de {signer} n’est pas fait pour signer.",
    "TRY_LATER": "La révocation du certificat de {signer} n’a pas pu être vérifiée.",
}
# The clock of the one who verifies is the likelier fault.
_EARLY = (
    "Ce certificat ne vaut qu’à partir du {start:%d/%m/%Y} : si ce jour est passé, l’horloge de "
    "cette machine retarde ; remettez-la à l’heure."
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """expect: by field, the fingerprint of the only certificate accepted there (SHA-256 of its DER,
    lower-case hexadecimal); such a field must be signed. least: the lowest PAdES level accepted.
    revocation: "required" hesitates where it could not be checked. persons: fields where a person
    signs: no seal takes their place, nor stands while they are empty."""

    expect: Mapping[str, str] = field(default_factory=dict)
    least: Level | None = None
    revocation: Literal["tolerated", "required"] = "tolerated"
    persons: frozenset[str] = frozenset()


# Where the certifier’s signatory signs a parchemin or an attestation.
DEFAULT = Policy(persons=frozenset({"signature/certificateur"}))


def judge(found: Found, policy: Policy = DEFAULT) -> tuple[Verdict, tuple[SignatureReport, ...]]:
    """The verdict on a document, and on each of its signatures, oldest first."""
    reports = tuple(_judge_one(signature, policy) for signature in found.signatures)
    people = [r for r in reports if r.kind != "timestamp"]
    if not people:
        return "unsigned", reports
    signed = {r.field for r in people}
    awaited = [*policy.expect, *(name for name in found.empty if name in policy.persons)]
    missing = [name for name in dict.fromkeys(awaited) if name not in signed]
    if missing:
        named = ", ".join(f"« {name} »" for name in missing)
        said = f"Signature attendue et absente : {named}."
        first = people[0].model_copy(update={"reasons": (*people[0].reasons, said)})
        reports = tuple(first if r is people[0] else r for r in reports)
    if missing or any(r.indication == "TOTAL-FAILED" for r in reports):
        return "invalid", reports
    hesitant = [r for r in reports if r.kind != "timestamp" or r.integrity == "undecidable"]
    if any(r.indication == "INDETERMINATE" for r in hesitant):
        return "indeterminate", reports
    return "valid", reports


def _judge_one(found: FoundSignature, policy: Policy) -> SignatureReport:
    indication, sub, reasons = _opinion(found, policy)
    wanted = policy.expect.get(found.field) if found.kind != "timestamp" else None
    if found.lenient:
        reasons.append("La structure du fichier est irrégulière : il a été lu avec indulgence.")
    if found.trusted and found.revocation == "unknown" and policy.revocation == "tolerated":
        reasons.append(
            "La révocation du certificat n’a pas été vérifiée : le document ne contient pas la "
            "réponse de son autorité."
        )
    return SignatureReport(
        field=found.field,
        kind=found.kind,
        signer=found.signer,
        integrity=found.integrity,
        covers_whole_file=found.covers_whole_file,
        revision=found.revision,
        docmdp=found.docmdp,
        changes_after=found.changes_after,
        trusted=found.trusted,
        expected=None if wanted is None else wanted.lower() == found.fingerprint,
        level=found.level,
        indication=indication,
        sub_indication=sub,
        claimed_time=found.claimed_time,
        proven_time=found.proven_time,
        reasons=tuple(reasons),
        fingerprint=found.fingerprint,
        qualification=found.qualification,
        timestamp=found.timestamp,
        by_seal=found.by_seal,
        stated=found.stated,
        cms=found.cms,
    )


def _opinion(found: FoundSignature, policy: Policy) -> tuple[Indication, str | None, list[str]]:
    wanted = policy.expect.get(found.field) if found.kind != "timestamp" else None
    if found.integrity == "broken":
        sub = found.failure.standard_name if found.failure else "FORMAT_FAILURE"
        return "TOTAL-FAILED", sub, [f"Signature rompue : {fault}." for fault in found.faults]
    if found.integrity == "undecidable":
        return "INDETERMINATE", "GENERIC", [f"Non vérifiable : {f}." for f in found.faults]
    if found.changes_after == "suspicious":
        said = [f"Depuis cette signature, {problem}." for problem in found.problems]
        return "TOTAL-FAILED", "FORMAT_FAILURE", said
    if wanted is not None and wanted.lower() != found.fingerprint:
        said = [f"Ce champ attendait une autre personne que {found.signer}."]
        return "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", said
    if found.field in policy.persons and found.by_seal:
        said = [f"Ce champ attendait la signature d’une personne : {found.signer} est un cachet."]
        return "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", said
    if found.problem is not None:
        sub = found.problem.standard_name
        failed = found.problem.status is AdESStatus.FAILED
        general = "La chaîne du certificat de {signer} n’a pas pu être validée."
        said = [_CHAIN.get(sub, general).format(signer=found.signer)]
        if found.early is not None:
            said.append(_EARLY.format(start=found.early))
        return "TOTAL-FAILED" if failed else "INDETERMINATE", sub, said
    if found.doubts:
        said = [f"Depuis cette signature, {doubt}." for doubt in found.doubts]
        return "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", said
    if found.revocation == "unknown" and policy.revocation == "required":
        return "INDETERMINATE", "TRY_LATER", [_CHAIN["TRY_LATER"].format(signer=found.signer)]
    if policy.least and found.kind != "timestamp" and not _reaches(found.level, policy.least):
        said = [f"Niveau {found.level or 'inférieur à B-B'}, alors que {policy.least} est demandé."]
        return "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", said
    return "TOTAL-PASSED", None, []


def _reaches(level: Level | None, least: Level) -> bool:
    return level is not None and _LEVELS.index(level) >= _LEVELS.index(least)
