"""The whole answer about one document: its signatures, and what it embeds; the entry of the room.

Reads hostile bytes: call it where time, memory and network are bounded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from casefiles.errors import UnreadableFile
from signing import embedded, policy, validation
from signing.memory import Memory
from signing.opening import Source
from signing.policy import Policy
from signing.report import EmbeddedReport, Report, SignatureReport, Verdict
from signing.trust import NOBODY, Trust
from signing.trusted_lists import NONE, TrustedLists


def verify(
    source: Source,
    *,
    at: datetime,
    trust: Trust = NOBODY,
    lists: TrustedLists = NONE,
    expect: Mapping[str, str] | None = None,
    rules: Policy | None = None,
    sealed: Source | None = None,
    memory: Memory | None = None,
    inside: bool = True,
) -> Report:
    """The report on `source` (a path, or bytes) at the aware instant `at`.

    expect: fingerprints by field, over those of `rules`. sealed: the file we sealed, when this one
    may begin with it (it is then compared, not analysed again). inside: look at embedded files too.
    lists: the European ones. memory: what is known of bytes already seen.
    UnreadableFile when it is no readable PDF.
    """
    chosen = rules or policy.DEFAULT
    if expect:
        chosen = replace(chosen, expect={**chosen.expect, **expect})
    found = validation.inspect(
        source, at=at, trust=trust, lists=lists, sealed=sealed, memory=memory
    )
    verdict, signatures = policy.judge(found, chosen)
    inner = _Inside(at, trust, lists, memory, _since(signatures) if verdict == "valid" else None)
    try:
        files = tuple(_embedded(source, inner)) if inside else ()
    except UnreadableFile as error:
        files = ()
        signatures = tuple(
            s.model_copy(update={"reasons": (*s.reasons, error.message)}) for s in signatures
        )
        verdict = "indeterminate" if verdict == "valid" else verdict
    if verdict in {"valid", "indeterminate"} and any(f.matches is False for f in files):
        verdict = "invalid"
    return Report(
        verdict=verdict,
        signatures=signatures,
        embedded=files,
        notes=(*_notes(signatures, lists, at), *inner.notes),
        questions=found.questions,
    )


def _notes(
    signatures: tuple[SignatureReport, ...], lists: TrustedLists, at: datetime
) -> tuple[str, ...]:
    """Which lists stand behind the word « qualifié », and what they leave undecided."""
    said = [lists.age(at)] if lists else []
    said += lists.problems
    if any(one.qualification == "undetermined" for one in signatures):
        said.append(
            "Un certificat s’annonce qualifié, et aucune liste de confiance vérifiée ici ne permet "
            "de le dire : sa qualification reste indéterminée."
        )
    return tuple(said)


def _since(signatures: tuple[SignatureReport, ...]) -> datetime | None:
    """Since when a valid document, and all it embeds, is proven to exist: nothing but signatures
    may follow the first one."""
    proven = [one.proven_time for one in signatures if one.kind != "timestamp" and one.proven_time]
    return min(proven, default=None)


def _embedded(source: Source, inner: "_Inside") -> list[EmbeddedReport]:
    reports = []
    for file in embedded.files(source):
        if isinstance(file, embedded.Missing):
            reports.append(
                EmbeddedReport(name=file.name, sha256=file.announced, matches=False, verdict=None)
            )
            continue
        reports.append(
            EmbeddedReport(
                name=file.name,
                sha256=file.sha256,
                matches=None if file.announced is None else file.announced == file.sha256,
                verdict=inner.verdict(file.content),
            )
        )
    return reports


@dataclass
class _Inside:
    """How the signatures of embedded files are judged: today; else, where a time-stamp of what
    encloses them proves that they existed `since` a day gone by, as on that day."""

    at: datetime
    trust: Trust
    lists: TrustedLists
    memory: Memory | None
    since: datetime | None
    notes: tuple[str, ...] = ()

    def verdict(self, content: bytes) -> Verdict | None:
        """Of one file; None when it is no PDF."""
        if b"%PDF-" not in content[:1024]:
            return None
        try:
            today = self._judged(content, self.at)
            if today != "indeterminate" or self.since is None:
                return today
            then = self._judged(content, self.since)
        except UnreadableFile:
            return "indeterminate"
        if then == "valid":
            self.notes = (
                "Des signatures jointes, dont les certificats ont pris fin ou été révoqués depuis, "
                f"sont jugées au {self.since:%d/%m/%Y} : l’horodatage du document prouve qu’elles "
                "existaient.",
            )
            return then
        return today

    def _judged(self, content: bytes, at: datetime) -> Verdict:
        found = validation.inspect(
            content, at=at, trust=self.trust, lists=self.lists, memory=self.memory,
            gone_by=at != self.at,
        )  # fmt: skip
        return policy.judge(found)[0]
