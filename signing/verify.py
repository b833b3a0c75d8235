"""The whole answer about one document: its signatures, and what it embeds; the entry of the room.

Reads hostile bytes: call it where time, memory and network are bounded.
"""

from collections.abc import Mapping
from datetime import datetime

from casefiles.errors import UnreadableFile
from signing import embedded, policy, validation
from signing.opening import Source
from signing.policy import Policy
from signing.report import EmbeddedReport, Report, Verdict
from signing.trust import NOBODY, Trust


def verify(
    source: Source,
    *,
    at: datetime,
    trust: Trust = NOBODY,
    expect: Mapping[str, str] | None = None,
    rules: Policy | None = None,
    sealed: Source | None = None,
    inside: bool = True,
) -> Report:
    """The report on `source` (a path, or bytes) at the aware instant `at`.

    expect: fingerprints by field, over those of `rules`. sealed: the file we sealed, when this one
    may begin with it (it is then compared, not analysed again). inside: look at embedded files too.
    UnreadableFile when it is no readable PDF.
    """
    chosen = rules or policy.DEFAULT
    if expect:
        chosen = Policy(
            expect={**chosen.expect, **expect}, least=chosen.least, revocation=chosen.revocation
        )
    found = validation.inspect(source, at=at, trust=trust, sealed=sealed)
    verdict, signatures = policy.judge(found, chosen)
    try:
        files = tuple(_embedded(source, at=at, trust=trust)) if inside else ()
    except UnreadableFile as error:
        files = ()
        signatures = tuple(
            s.model_copy(update={"reasons": (*s.reasons, error.message)}) for s in signatures
        )
        verdict = "indeterminate" if verdict == "valid" else verdict
    if verdict in {"valid", "indeterminate"} and any(f.matches is False for f in files):
        verdict = "invalid"
    return Report(verdict=verdict, signatures=signatures, embedded=files)


def _embedded(source: Source, *, at: datetime, trust: Trust) -> list[EmbeddedReport]:
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
                verdict=_inner(file.content, at=at, trust=trust),
            )
        )
    return reports


def _inner(content: bytes, *, at: datetime, trust: Trust) -> Verdict | None:
    if b"%PDF-" not in content[:1024]:
        return None
    try:
        return policy.judge(validation.inspect(content, at=at, trust=trust))[0]
    except UnreadableFile:
        return "indeterminate"
