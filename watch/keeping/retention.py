"""How long each kind of file is kept, and which have come to their term.

A term counts from the last event of a file that has ended; one that is still open has none. A class
of documents may leave an ended case before the case does. A session’s pack, shared by its
candidates, stays as long as the longest of their files. The register of parchemins and its
parchemins are always kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from casefiles import casefile, preregistration, session
from casefiles import events as e
from casefiles.casefile import CaseFile
from casefiles.certification import Outcome
from casefiles.events import Recorded
from watch.office import Office
from watch.settings import Retention

LEFT = "restes"
"""What came to a file at the very moment it was purged: due at once."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """Files past their term, which go together, a case with its drops.

    ends: where each stream ended when it was weighed; kind: as the settings name it, or LEFT;
    since: the end they are counted from; only: the positions to empty, where a stream stays.
    """

    ends: Mapping[str, int]
    kind: str
    since: datetime
    years: int
    only: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def streams(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self.ends)

    @property
    def because(self) -> str:
        """The reason, as the journal keeps it."""
        if self.kind == LEFT:
            return "Reste d’un dossier déjà effacé."
        return f"Durée de conservation échue ({self.kind} : {self.years} an(s))."


def due(office: Office) -> tuple[Due, ...]:
    """Everything past its term, by stream. Reads the whole journal, a stream at a time."""
    kept, at = office.settings.retention, office.clock()
    drops: dict[str, dict[str, int]] = {}
    loose: list[Due] = []
    purged: dict[str, Due] = {}
    ends: dict[str, Due | None] = {}
    sessions: dict[str, tuple[str, ...]] = {}
    documents: list[tuple[str, Due, frozenset[str]]] = []
    marks: dict[str, dict[str, str]] = {}
    for stream in sorted(office.journal.positions()):
        recorded = office.journal.read(stream)
        if not recorded:
            continue
        if isinstance(recorded[0].event, e.Purged):
            purged[stream] = _due(stream, LEFT, recorded, kept)
            if all(isinstance(r.event, e.Purged | e.PayloadsPurged) for r in recorded):
                purged[stream] = replace(purged[stream], ends={})
            continue
        kind = stream.split("/", 1)[0]
        first = recorded[0].event
        if kind == "depot" and isinstance(first, e.DropAnswered):
            if first.stream.startswith(("dossier/", "session/", "preinscription/")):
                drops.setdefault(first.stream, {})[stream] = len(recorded)
                marks.setdefault(first.stream, {})[stream] = first.document
            else:
                loose.append(_due(stream, "depots", recorded, kept))
        elif kind == "dossier" and (case := casefile.fold(recorded)) is not None:
            ends[stream] = _of_case(stream, case, recorded, kept)
            if (ended := ends[stream]) is not None:
                documents += _documents(stream, ended, recorded, kept)
        elif kind == "preinscription" and (line := preregistration.fold(recorded)) is not None:
            over = bool(line.closed)
            ends[stream] = _due(stream, "preinscriptions", recorded, kept) if over else None
        elif kind == "session" and (held := session.fold(recorded)) is not None:
            ends[stream] = _due(stream, "sessions", recorded, kept) if held.over else None
            sessions[stream] = tuple(f"dossier/{number}" for number in held.names)
    passed = {s: one for s, one in ends.items() if one is not None and _is_past(one, at)}
    for stream, cases in sessions.items():
        # As long as the longest of those it tells of.
        if any(case in ends and case not in passed for case in cases):
            passed.pop(stream, None)
    return (
        *(_with(one, drops.get(stream, {})) for stream, one in sorted(passed.items())),
        *(
            one
            for stream, found in sorted(purged.items())
            if (one := _with(found, drops.get(stream, {}))).ends
        ),
        *(
            _with(one, _of_those(drops.get(stream, {}), marks.get(stream, {}), of))
            for stream, one, of in documents
            if stream not in passed and _is_past(one, at)
        ),
        *(one for one in loose if _is_past(one, at)),
    )


def _of_case(
    stream: str, case: CaseFile, recorded: Sequence[Recorded], kept: Retention
) -> Due | None:
    if case.abandoned:
        return _due(stream, "abandonnes", recorded, kept)
    if case.followed_by:
        return _due(stream, "certifies", recorded, kept)
    if case.decision is None or case.appeal is not None:
        return None
    match Outcome(case.decision.decision.outcome):
        case Outcome.REFUS:
            return _due(stream, "sans_certification", recorded, kept)
        case Outcome.OBTENTION | Outcome.PARTIEL:
            return _due(stream, "certifies", recorded, kept)
        case _:
            return None


def _documents(
    stream: str, ended: Due, recorded: Sequence[Recorded], kept: Retention
) -> Iterator[tuple[str, Due, frozenset[str]]]:
    """(stream, what is due of it, the marks of its documents) for each class kept less long."""
    for name, years in kept.documents.items():
        marks = frozenset(
            r.event.document
            for r in recorded
            if isinstance(r.event, e.DocumentFiled | e.ReturnHeld) and r.event.form == name
        )
        positions = tuple(
            r.position
            for r in recorded
            if getattr(r.event, "form", "") == name or getattr(r.event, "document", "") in marks
        )
        if positions:
            due = replace(ended, kind=name, years=years, only={stream: positions})
            yield stream, due, marks


def _of_those(
    drops: Mapping[str, int], marks: Mapping[str, str], of: frozenset[str]
) -> dict[str, int]:
    """The drops that brought the documents of those marks."""
    return {drop: end for drop, end in drops.items() if marks.get(drop) in of}


def _due(stream: str, kind: str, recorded: Sequence[Recorded], kept: Retention) -> Due:
    years = 0 if kind == LEFT else kept.years(kind)
    return Due(ends={stream: len(recorded)}, kind=kind, since=_moved(recorded), years=years)


def _moved(recorded: Sequence[Recorded]) -> datetime:
    """When the stream last moved: what leaves for privacy moves nothing."""
    gone = (e.Purged, e.PayloadsPurged)
    times = [r.at for r in recorded if not isinstance(r.event, gone)]
    return max(times, default=recorded[-1].at)


def _with(one: Due, drops: Mapping[str, int]) -> Due:
    return replace(one, ends={**one.ends, **drops})


def _is_past(one: Due, at: datetime) -> bool:
    """Whether its years have passed, by the calendar; 0 years is for ever."""
    if not one.years:
        return False
    since = one.since
    try:
        term = since.replace(year=since.year + one.years)
    except ValueError:  # a 29 February
        term = since.replace(year=since.year + one.years, month=3, day=1)
    return at >= term


def by_kind(dues: tuple[Due, ...]) -> Iterator[tuple[str, int, int]]:
    """(kind, years, how many) of what is due, for people."""
    for kind in dict.fromkeys(one.kind for one in dues):
        same = [one for one in dues if one.kind == kind]
        yield kind, same[0].years, len(same)
