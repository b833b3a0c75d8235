"""Issuing a code and answering for one: authentic when it was issued, and what is known since.

It never says more than it knows: nothing of a withdrawal but what a signed, dated list says, and
nothing of the paper the code was printed on: whoever checks compares it with what is answered.
"""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from casefiles.errors import UnreadableFile
from signing.credential.keys import CodeKey, PublicKeys
from signing.credential.payload import (
    ELLIPSIS,
    Award,
    Code,
    assemble,
    claims,
    take_apart,
    to_be_signed,
)
from signing.credential.withdrawn import Withdrawn, read_list
from signing.credential.words import TITLES, sentence

Verdict = Literal["valid", "invalid", "indeterminate"]
Withdrawal = Literal["withdrawn", "not_listed", "not_checked"]

EXIT_CODES: dict[Verdict, int] = {"valid": 0, "invalid": 1, "indeterminate": 2}


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

    answer: the same in two words, in French.
    signature: true, false, None when no known key can tell. list_at: of the list the withdrawal
    was looked up in. reasons: whole sentences, in French, for people.
    """

    verdict: Verdict
    answer: str
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
    key, whose = keys.named(code.key_id), keys.organisation
    if key is None:
        words = sentence("unknown_key" if keys.keys else "no_keys", organisation=whose)
        return _report(code, "indeterminate", None, None, None, words)
    if not key.verifies(code.signature, code.signed):
        return _report(code, "invalid", False, None, None, sentence("forged"))
    if key.until is not None and code.award.delivered_on > key.until:
        words = sentence("too_late", until=key.until, organisation=whose)
        return _report(code, "invalid", True, keys, None, words)
    found, doubts = _withdrawals(withdrawn, keys)
    words = sentence("authentic", organisation=whose)
    if found is None:
        doubts = (*doubts, sentence("not_checked"))
        return _report(code, "valid", True, keys, None, words, *doubts)
    if (on := found.numbers.get(code.award.number)) is None:
        standing = sentence("not_listed", at=found.at)
        return _report(code, "valid", True, keys, found, words, standing)
    standing = sentence("withdrawn", on=on, at=found.at)
    return _report(code, "invalid", True, keys, found, words, standing)


def _withdrawals(text: str | None, keys: PublicKeys) -> tuple[Withdrawn | None, tuple[str, ...]]:
    """The list, or why there is none to believe."""
    if text is None:
        return None, ()
    try:
        return read_list(text, keys), ()
    except UnreadableFile as no:
        return None, (no.message,)


def _report(
    code: Code,
    verdict: Verdict,
    signature: bool | None,
    keys: PublicKeys | None,
    withdrawn: Withdrawn | None,
    *reasons: str,
) -> CodeReport:
    award, told = code.award, list(reasons)
    if any(text.endswith(ELLIPSIS) for text in (award.certifier, award.title, award.holder)):
        told.append(sentence("shortened"))
    if award.specimen:
        told.append(sentence("specimen"))
    on = withdrawn.numbers.get(award.number) if withdrawn else None
    standing: Withdrawal = "not_checked"
    if withdrawn is not None:
        standing = "not_listed" if on is None else "withdrawn"
    return CodeReport(
        verdict=verdict,
        answer=TITLES[_title(verdict, standing, specimen=award.specimen)],
        signature=signature,
        organisation=keys.organisation if keys else None,
        key_id=code.key_id.hex(),
        award=AwardReport.model_validate(award, from_attributes=True),
        withdrawal=standing,
        withdrawn_on=on,
        list_at=withdrawn.at if withdrawn else None,
        reasons=tuple(told),
    )


def _title(verdict: Verdict, standing: Withdrawal, *, specimen: bool) -> str:
    if verdict == "indeterminate":
        return "unknown"
    if standing == "withdrawn":
        return "withdrawn"
    if verdict == "invalid":
        return "forged"
    return "specimen" if specimen else "authentic"
