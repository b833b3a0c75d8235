"""Issuing a code and answering for one: authentic when it was issued, and what is known since.

It never says more than it knows: nothing of a withdrawal but what a signed, dated list says, and
nothing of the paper the code was printed on: whoever checks compares it with what is answered.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from casefiles.errors import UnreadableFile
from signing.credential.keys import CodeKey, PublicKeys
from signing.credential.payload import Award, Code, assemble, claims, take_apart, to_be_signed
from signing.credential.withdrawn import Withdrawn, read_list

Verdict = Literal["valid", "invalid", "indeterminate"]
Withdrawal = Literal["withdrawn", "not_listed", "not_checked"]

EXIT_CODES: dict[Verdict, int] = {"valid": 0, "invalid": 1, "indeterminate": 2}
AUTHENTIC = "Authentique à l’émission"


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AwardReport(_Said):
    """What the code says, as it says it."""

    number: str
    holder: str
    title: str
    certifier: str
    decided_on: date
    delivered_on: date
    specimen: bool


class CodeReport(_Said):
    """The answer about one code; « valid »: authentic when issued and not known to be withdrawn.

    signature: true, false, None when no known key can tell. list_at: of the list the withdrawal
    was looked up in. reasons: whole sentences, in French, for people.
    """

    verdict: Verdict
    signature: bool | None
    organisation: str | None
    key_id: str
    award: AwardReport
    withdrawal: Withdrawal
    withdrawn_on: date | None
    list_at: AwareDatetime | None
    reasons: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 authentic, 1 forged or withdrawn, 2 it could not be decided."""
        return EXIT_CODES[self.verdict]


def issue(award: Award, key: CodeKey) -> str:
    """The text of the parchemin's code; the same award and key give the same text."""
    encoded = claims(award)
    signature = key.sign(to_be_signed(encoded, key.public.id))
    return assemble(encoded, key.public.id, signature)


def verify(text: str, keys: PublicKeys, withdrawn: str | None = None) -> CodeReport:
    """The answer about a code. `withdrawn`: the text of a signed list, when there is one.

    UnreadableFile when the text is not a parchemin's code.
    """
    code = take_apart(text)
    key = keys.named(code.key_id)
    if key is None:
        return _report(code, "indeterminate", signature=None, reasons=(_unknown_key(keys),))
    if not key.verifies(code.signature, code.signed):
        return _report(code, "invalid", signature=False, reasons=(_FORGED,))
    if key.until is not None and code.award.delivered_on > key.until:
        return _report(code, "invalid", signature=True, keys=keys, reasons=(_too_late(key.until),))
    found, reasons = _withdrawals(withdrawn, keys)
    if found is None:
        return _report(code, "valid", signature=True, keys=keys, reasons=(_AUTHENTIC, *reasons))
    on = found.numbers.get(code.award.number)
    return _report(
        code,
        "valid" if on is None else "invalid",
        signature=True,
        keys=keys,
        withdrawn=found,
        reasons=(_AUTHENTIC, _not_listed(found) if on is None else _withdrawn(on, found)),
    )


def _withdrawals(text: str | None, keys: PublicKeys) -> tuple[Withdrawn | None, tuple[str, ...]]:
    if text is None:
        return None, (_NOT_CHECKED,)
    try:
        return read_list(text, keys), ()
    except UnreadableFile as no:
        return None, (no.message, _NOT_CHECKED)


def _report(
    code: Code,
    verdict: Verdict,
    *,
    signature: bool | None,
    reasons: tuple[str, ...],
    keys: PublicKeys | None = None,
    withdrawn: Withdrawn | None = None,
) -> CodeReport:
    award = code.award
    on = withdrawn.numbers.get(award.number) if withdrawn else None
    standing: Withdrawal = "not_checked"
    if withdrawn is not None:
        standing = "not_listed" if on is None else "withdrawn"
    return CodeReport(
        verdict=verdict,
        signature=signature,
        organisation=keys.organisation if keys else None,
        key_id=code.key_id.hex(),
        award=AwardReport.model_validate(award, from_attributes=True),
        withdrawal=standing,
        withdrawn_on=on,
        list_at=withdrawn.at if withdrawn else None,
        reasons=(*reasons, *([_SPECIMEN] if award.specimen else [])),
    )


_AUTHENTIC = (
    f"{AUTHENTIC} : ces mentions sont celles que l’organisme a signées, à la lettre. "
    "Comparez-les avec celles du parchemin."
)
_FORGED = (
    "La signature du code est fausse : ces mentions ne sont pas celles qui ont été délivrées, "
    "ou n’ont jamais été délivrées."
)
_NOT_CHECKED = "Retrait non vérifié : aucune liste des retraits n’a été consultée."
_SPECIMEN = "Spécimen sans valeur : le référentiel de cette certification est provisoire."


def _unknown_key(keys: PublicKeys) -> str:
    return (
        f"La clé de ce code n’est pas connue parmi celles de « {keys.organisation} » : "
        "l’organisme n’est pas le bon, ou son fichier de clés n’est pas à jour."
    )


def _too_late(until: date) -> str:
    return (
        f"La clé de ce code ne sert plus depuis le {_day(until)}, et le parchemin se dit délivré "
        "après : il n’a pas été délivré par l’organisme."
    )


def _withdrawn(on: date, found: Withdrawn) -> str:
    return (
        f"Retiré le {_day(on)}, selon la liste des retraits arrêtée au {_day(found.at)} : "
        "ce parchemin ne vaut plus."
    )


def _not_listed(found: Withdrawn) -> str:
    return f"Il ne figure pas dans la liste des retraits arrêtée au {_day(found.at)}."


def _day(when: date) -> str:
    return f"{when:%d/%m/%Y}"
