"""The jury session: agenda, members, volumes and signatures, folded from its stream without I/O."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from casefiles import events as e
from casefiles.events import Recorded
from casefiles.failure import Failure, completed, failure


@dataclass(frozen=True, kw_only=True)
class Session:
    """One session of a jury.

    By case number: `names` of the candidates on the agenda, `ready` the SHA-256 of the
    récapitulatif ("" when not ready), `shown` the fingerprint of their pièces, `companies` where
    they work, `recused` the members who step back for that candidate, `extra_percent` the time
    granted since they entered. `pv` is the version in signature, None as soon as other decisions or
    other pièces make it void; `pvs` are all of them. `returned` is its furthest copy, `doubted` a
    whole one whose signers the office must vouch for. `signed` is the PV in force and `ruled` what
    it decides; `rectifying` says that another is to replace it. `by_hand` are the members whose
    hand signature on its feuille d’émargement was confirmed, `placed` the copy on which the seal
    says so; both live and die with that version. `held` are returns on paper that wait for the
    office.
    """

    reference: str
    certification: str
    certification_hash: str
    day: date
    hour: str
    place: str
    town: str
    convener: str
    members: tuple[e.Juror, ...]
    opened_at: datetime
    recused: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    ready: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    extra_percent: dict[str, int] = field(default_factory=dict)
    closed: bool = False
    received: tuple[tuple[str, str, str, datetime], ...] = ()
    issued: tuple[e.FormIssued, ...] = ()
    products: tuple[e.ProductIssued, ...] = ()
    pieces: e.PiecesSealed | None = None
    decided: e.DecisionsFiled | None = None
    pv: e.PvIssued | None = None
    pvs: tuple[e.PvIssued, ...] = ()
    returned: e.PvReturned | e.HandSignaturesPlaced | None = None
    doubted: e.PvReturned | None = None
    by_hand: dict[str, e.EmargementConfirmed] = field(default_factory=dict)
    placed: e.HandSignaturesPlaced | None = None
    signed: e.PvSigned | None = None
    ruled: e.DecisionsFiled | None = None
    rectifying: e.MinutesReopened | None = None
    sent: bool = False
    convened: bool = False
    failures: dict[str, Failure] = field(default_factory=dict)
    raised: tuple[e.SignatureRaised, ...] = ()
    held: tuple[e.ReturnHeld, ...] = ()
    settled: tuple[str, ...] = ()

    @property
    def stream(self) -> str:
        """« session/S2026-003 »."""
        return f"session/{self.reference}"

    @property
    def president(self) -> e.Juror | None:
        """Who presides, as the composition says."""
        return next((m for m in self.members if m.seat == "president"), None)

    @property
    def agenda_basis(self) -> str:
        """Fingerprint of what the draft agenda shows."""
        shown = [self.day, self.hour, self.place, self.town, self.convener, self.names]
        shown.append(sorted(self.recused.items()))
        ready = sorted((case, self.ready.get(case, "")) for case in self.names)
        pieces = sorted((c, self.shown[c]) for c in self.names if self.shown.get(c))
        shown += [ready, *([pieces] if pieces else [])]
        return _digest([*shown, [m.model_dump() for m in self.members]])

    @property
    def over(self) -> bool:
        """Signed by the president, and nobody asked for it to be rectified."""
        return self.signed is not None and self.rectifying is None

    @property
    def pieces_stand(self) -> bool:
        """Whether the sealed volume is that of the agenda as it is now.

        A late piece, a withdrawal, a revised composition void it, and what was decided over it.
        """
        return self.pieces is not None and self.pieces.basis == self.agenda_basis

    @property
    def sheet_part(self) -> str:
        """What the feuille de décisions to fill is bound to: the volume, and the rectification."""
        volume = str(self.pieces.version) if self.pieces else ""
        return f"{volume}, après la version {self.signed.version}" if self.signed else volume

    @property
    def sheet(self) -> e.FormIssued | None:
        """The feuille de décisions to fill, once prepared."""
        issued = (i for i in self.issued if i.form == "decisions")
        return next((i for i in issued if i.part == self.sheet_part), None)

    @property
    def emargement(self) -> e.FormIssued | None:
        """The feuille d’émargement of the PV in signature, where paper is taken."""
        version = str(self.pv.version) if self.pv else ""
        issued = (i for i in self.issued if i.form == "emargement")
        return next((i for i in issued if i.part == version), None)

    @property
    def to_place(self) -> tuple[str, ...]:
        """The members who signed by hand and in whose place the PV does not say so yet."""
        there = self.returned.signed if self.returned else ()
        return tuple(key for key in self.by_hand if key not in there)

    def product(self, name: str) -> e.ProductIssued | None:
        """The latest product of that name."""
        return next((p for p in reversed(self.products) if p.product == name), None)


def _digest(parts: list[Any]) -> str:
    text = json.dumps(parts, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def fold(recorded: Sequence[Recorded]) -> Session | None:
    """The session a stream tells; None for an empty stream."""
    session: Session | None = None
    for one in recorded:
        session = _apply(session, one)
    return session


def _apply(session: Session | None, one: Recorded) -> Session | None:
    happened = one.event
    if isinstance(happened, e.SessionOpened):
        return Session(
            reference=happened.reference,
            certification=happened.certification,
            certification_hash=happened.certification_hash,
            day=happened.day,
            hour=happened.hour,
            place=happened.place,
            town=happened.town,
            convener=happened.convener,
            members=happened.members,
            recused=happened.recused,
            opened_at=one.at,
            received=((happened.document, "Composition du jury", happened.sha256, one.at),),
        )
    if session is None:
        return None
    if isinstance(happened, e.FormIssued | e.ProductIssued | e.PiecesSealed | e.PvIssued):
        session = replace(session, failures={})
    if session.signed is not None and isinstance(happened, e.CaseProgressed):
        return session  # what the jury examined moves no more
    match happened:
        case e.CompositionRevised():
            return replace(
                _let_go(session, "composition"),
                day=happened.day,
                hour=happened.hour,
                place=happened.place,
                town=happened.town,
                convener=happened.convener,
                members=happened.members,
                recused=happened.recused,
                received=(
                    *session.received,
                    (happened.document, "Composition du jury", happened.sha256, one.at),
                ),
            )
        case e.CandidateAdded():
            return replace(session, names={**session.names, happened.case: happened.name})
        case e.CandidateWithdrawn():
            names = {k: v for k, v in session.names.items() if k != happened.case}
            return replace(session, names=names)
        case e.CaseProgressed():
            return replace(
                session,
                ready={**session.ready, happened.case: happened.recapitulatif},
                shown={**session.shown, happened.case: happened.pieces},
                companies={**session.companies, happened.case: happened.company},
            )
        case e.TimeGranted():
            granted = {**session.extra_percent, happened.case: happened.extra_percent}
            return replace(session, extra_percent=granted)
        case e.ConvocationsAsked():
            return replace(session, convened=True)
        case e.AgendaClosed():
            return replace(session, closed=True)
        case e.PiecesSealed():
            # What was decided over the volume before is void, and so is its PV.
            return replace(_unsigned(session), pieces=happened, decided=None)
        case e.FormIssued():
            kept = tuple(i for i in session.issued if i.path != happened.path)
            return replace(session, issued=(*kept, happened))
        case e.ProductIssued():
            return replace(session, products=(*session.products, happened))
        case e.DecisionsFiled():
            received = (happened.document, "Feuille de décisions", happened.sha256, one.at)
            return replace(
                _let_go(_unsigned(session), "decisions"),
                decided=happened,
                received=(*session.received, received),
            )
        case e.PvIssued():
            return replace(_unsigned(session), pv=happened, pvs=(*session.pvs, happened))
        case e.EmargementConfirmed():
            received = (happened.document, "Feuille d’émargement", happened.sha256, one.at)
            session = _let_go(session, marks=(happened.document,))
            if session.pv is None or happened.version != session.pv.version:
                return replace(session, received=(*session.received, received))
            by_hand = {key: happened for key in happened.members if key != session.pv.president}
            return replace(
                session,
                by_hand={**by_hand, **session.by_hand},
                received=(*session.received, received),
            )
        case e.HandSignaturesPlaced():
            return replace(session, returned=happened, placed=happened, failures={})
        case e.ReturnHeld():
            # Pages that join those of an earlier drop wait with them, as one return.
            joined = _let_go(
                session,
                marks=tuple(h.document for h in session.held if h.sha256 in happened.also),
            )
            return replace(joined, held=(*joined.held, happened))
        case e.DocumentSetAside():
            return _let_go(session, marks=(happened.document,))
        case e.PvReturned():
            if happened.doubts:
                return replace(session, doubted=happened)
            return replace(session, returned=happened, doubted=None)
        case e.PvSigned():
            return replace(
                _let_go(session, "decisions", "emargement", "composition"),
                signed=happened,
                ruled=session.decided,
                rectifying=None,
                sent=False,
            )
        case e.MinutesReopened():
            return replace(_unsigned(session), rectifying=happened, decided=None)
        case e.DecisionsSent():
            return replace(session, sent=True)
        case e.SignatureRaised():
            left = completed(session.failures, happened.document)
            return replace(session, raised=(*session.raised, happened), failures=left)
        case e.StepFailed():
            return replace(session, failures={**session.failures, happened.step: failure(happened)})
        case e.StepRetried():
            return replace(session, failures={})
        case _:
            return session


def _unsigned(session: Session) -> Session:
    """Whatever was signed of the PV before, on screen or on paper, holds no more."""
    kept = _let_go(session, "emargement")
    return replace(kept, pv=None, returned=None, doubted=None, by_hand={}, placed=None)


def _let_go(session: Session, *forms: str, marks: tuple[str, ...] = ()) -> Session:
    """The session where returns of those forms, or under those marks, wait no more."""
    gone = [h for h in session.held if h.form in forms or h.document in marks]
    kept = tuple(h for h in session.held if h not in gone)
    return replace(session, held=kept, settled=(*session.settled, *(h.document for h in gone)))
