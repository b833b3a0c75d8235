"""The case: everything its stream of events comes down to, folded without any I/O.

A `CaseFile` says what was received and issued; what that is worth is for rules/, what remains to be
done for next_steps.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from casefiles import events as e
from casefiles.answers.rereading import read_again
from casefiles.answers.vocabulary import Form, Scope
from casefiles.certification import Certification, Outcome
from casefiles.documents import (
    Document,
    changed,
    firm_with,
    misnamed,
    moved,
    overtaken,
    person_with,
)
from casefiles.documents import waiting as waiting_of
from casefiles.events import Recorded
from casefiles.failure import Failure, completed, failure

F = TypeVar("F", bound=Form)

INSCRIPTION = "inscription"


TO_SIGN = "parchemin-a-signer"
ATTESTATION_TO_SIGN = "attestation-a-signer"


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """One candidate’s case. Lists are in the order things happened.

    previous, followed_by: the case of the attempt before and after. carried: the blocs acquired
    before this case. entered_on: the day the person entered, None for the day of `opened_at`.
    decision: the one that stands, None while a session judges again; decisions: all of them.
    delivery: the parchemin in force; withdrawn: why there is none any more. delivered_under: the
    certification its next edition is worded by, "" for the one the case began under.
    former: prints still in circulation under a name that changed, which are read when they come.
    held: returns on paper that wait; settled: the marks of those that no longer do.
    """

    number: str
    certification: str
    certification_hash: str
    route: str
    blocs: tuple[str, ...]
    attempt: int
    candidate: e.Person
    company: e.Firm | None
    arrangement: str | None
    opened_at: datetime
    extra_percent: int = 0
    previous: str = ""
    entered_on: date | None = None
    moved_at: datetime = field(compare=False)
    carried: tuple[e.BlocAcquired, ...] = ()
    taken: tuple[e.PieceTakenOver, ...] = ()
    proofs: tuple[e.ProofJoined, ...] = ()
    waived: tuple[e.RequirementWaived, ...] = ()
    contacts: tuple[e.ContactMade, ...] = ()
    not_given: e.AvisNotGiven | None = None
    certifier_said: e.CertifierAnswered | None = None
    followed_by: str = ""
    issued: tuple[e.FormIssued, ...] = ()
    former: tuple[e.FormIssued, ...] = ()
    documents: tuple[Document, ...] = ()
    held: tuple[e.ReturnHeld, ...] = ()
    settled: tuple[str, ...] = ()
    products: tuple[e.ProductIssued, ...] = ()
    session: str | None = None
    decision: e.DecisionRecorded | None = None
    decisions: tuple[e.DecisionRecorded, ...] = ()
    appeal: e.AppealLodged | None = None
    delivery: e.DeliveryNumbered | None = None
    replaces: str = ""
    duplicates: tuple[e.DuplicateAsked, ...] = ()
    withdrawn: e.DeliveryWithdrawn | None = None
    delivered_under: str = ""
    abandoned: bool = False
    reminders_asked: int = 0
    failures: dict[str, Failure] = field(default_factory=dict)
    raised: tuple[e.SignatureRaised, ...] = ()

    @property
    def stream(self) -> str:
        """« dossier/2026-0042 »."""
        return f"dossier/{self.number}"

    @property
    def to_be_judged_again(self) -> bool:
        """Decided, but not for good: adjourned, absent, excused, or contested."""
        return self.decision is not None and (
            self.appeal is not None
            or Outcome(self.decision.decision.outcome)
            in (Outcome.AJOURNE, Outcome.ABSENT, Outcome.EXCUSE)
        )

    @property
    def is_decided(self) -> bool:
        """Whether the jury’s decision closes the case to new documents."""
        return self.decision is not None and not self.to_be_judged_again

    def standing(self, form: str, part: str | None = None) -> tuple[Document, ...]:
        """The accepted documents of a form (of one part of it)."""
        return tuple(
            d
            for d in self.documents
            if d.form == form and d.standing == "accepted" and part in (None, d.part)
        )

    @property
    def basis(self) -> str:
        """Fingerprint of what a récapitulatif is drawn from, corrections included.

        Documents that do not count stand in it too: the office’s word on them draws it anew.
        """
        known: list[e.Fact] = [self.candidate, *([self.company] if self.company else [])]
        kept = [
            (d.mark, d.part, d.sha256, d.standing, sorted(d.values.items()), d.proof.model_dump())
            for d in self.documents
        ]
        known += [*self.carried, *self.taken, *self.proofs, *self.waived]
        known += [self.not_given] if self.not_given else []
        text = json.dumps([kept, [k.model_dump(mode="json") for k in known]], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def waiting(self) -> tuple[Document, ...]:
        """The documents the office must settle."""
        return waiting_of(self.documents)

    def document(self, mark: str) -> tuple[Document, ...]:
        """The documents that mark names (a bundle brings several under one mark)."""
        return tuple(d for d in self.documents if d.mark == mark)

    def product(self, name: str, basis: str | None = None) -> e.ProductIssued | None:
        """The latest product of that name (made from that basis)."""
        return next(
            (p for p in reversed(self.products) if p.product == name and basis in (None, p.basis)),
            None,
        )

    @property
    def parchemin(self) -> e.ProductIssued | None:
        """The parchemin in force, once drawn and signed."""
        number = self.delivery.number if self.delivery else None
        return next((p for p in self._parchemins if p.facts.get("number") == number), None)

    @property
    def to_sign(self) -> e.ProductIssued | None:
        """The parchemin sent to the certifier for its signature."""
        number = self.delivery.number if self.delivery else None
        made = (p for p in self.products if p.product == TO_SIGN)
        return next((p for p in made if p.facts.get("number") == number), None)

    @property
    def _parchemins(self) -> tuple[e.ProductIssued, ...]:
        return tuple(p for p in self.products if p.product == "parchemin")

    @property
    def delivery_basis(self) -> str:
        """What the parchemin owed is made from: the decision, and the edition it replaces."""
        pv = self.decision.pv_sha256 if self.decision else ""
        return f"{pv} {self.replaces}".strip()

    @property
    def owed_duplicate(self) -> e.DuplicateAsked | None:
        """The duplicate asked for and not made yet."""
        made = {p.basis for p in self.products if p.product == "duplicata"}
        return next((d for d in self.duplicates if f"{d.number} {d.on}" not in made), None)

    @property
    def entered(self) -> date:
        """The day the person entered the certification: the first attempt’s."""
        return self.entered_on or self.opened_at.astimezone().date()

    @property
    def arranged(self) -> str:
        """What is granted, with the time added, "" without an arrangement."""
        return f"{self.arrangement} +{self.extra_percent} %" if self.arrangement else ""

    def lengthened(self, minutes: int) -> int:
        """A duration with the time added by the arrangement, in whole minutes, rounded up."""
        return -(-minutes * (100 + self.extra_percent) // 100)

    def excused(self, form: str, part: str = "") -> bool:
        """Whether the case may do without that document: waived, or its absence established."""
        if form == "avis" and self.not_given is not None:
            return True
        without = {(w.form, w.part) for w in self.waived}
        without |= {(t.form, t.part) for t in self.taken if t.instead}
        return (form, "") in without or (form, part) in without

    def scope(self, certification: Certification, part: str = "", form: str = "") -> Scope:
        """What this case’s forms are about; `part` is a compétence for a grid.

        The blocs it carries are examined no more; the inscription was laid out for them all.
        """
        if form == INSCRIPTION:
            return Scope(certification=certification)
        blocs, carried = self.blocs, {one.bloc for one in self.carried}
        if carried:
            asked = self.blocs or tuple(b.id for b in certification.blocs)
            blocs = tuple(b for b in asked if b not in carried)
        return Scope(certification=certification, blocs=blocs, competence=part)

    def answers(self, document: Document, form: type[F], certification: Certification) -> F | None:
        """The document’s answers as their model, corrections included."""
        about = self.scope(certification, document.part, form.NAME)
        return read_again(form, about, document.values)


def fold(recorded: Sequence[Recorded]) -> CaseFile | None:
    """The case a stream tells; None for an empty stream."""
    case: CaseFile | None = None
    for one in recorded:
        before = case.documents if case else ()
        case = _apply(case, one)
        if case is not None:
            # What leaves for privacy moves nothing.
            moves = not isinstance(one.event, e.Purged | e.PayloadsPurged)
            at = one.at if moves else case.moved_at
            case = replace(_drawn_anew(case, before), moved_at=at)
    return case


def _drawn_anew(case: CaseFile, before: tuple[Document, ...]) -> CaseFile:
    """What was printed or filled from answers that changed is printed and filled again."""
    stale = changed(before, case.documents) if before != case.documents else frozenset()
    if not stale:
        return case
    kept, former = (
        tuple(i for i in prints if i.form not in stale) for prints in (case.issued, case.former)
    )
    documents = overtaken(case.documents, stale)
    return replace(case, documents=documents, issued=kept, former=former)


def _apply(case: CaseFile | None, one: Recorded) -> CaseFile | None:
    happened = one.event
    if isinstance(happened, e.CaseOpened):
        return CaseFile(
            number=happened.number,
            certification=happened.certification,
            certification_hash=happened.certification_hash,
            route=happened.route,
            blocs=happened.blocs,
            attempt=happened.attempt,
            candidate=happened.candidate,
            company=happened.company,
            arrangement=happened.arrangement,
            extra_percent=happened.extra_percent,
            opened_at=one.at,
            moved_at=one.at,
            previous=happened.previous,
            entered_on=happened.entered_on,
        )
    if case is None:
        return None
    documents = moved(case.documents, happened, one.at)
    case = replace(_succeeded(case, happened), documents=documents)
    match happened:
        case e.FormIssued():
            kept = tuple(i for i in case.issued if i.path != happened.path)
            return replace(case, issued=(*kept, happened))
        case e.DocumentFiled() | e.DocumentSetAside():
            return _let_go(case, happened.document)
        case e.ReturnHeld():
            # Pages that join those of an earlier drop wait with them, as one return.
            joined = _let_go(case, *(h.document for h in case.held if h.sha256 in happened.also))
            return replace(joined, held=(*joined.held, happened))
        case e.AnswerCorrected():
            return _knowing(case, happened.field, happened.after)
        case e.FactChanged():
            return _knowing(case, happened.field, happened.after)
        case e.ArrangementNoted():
            return replace(
                case, arrangement=happened.arrangement, extra_percent=happened.extra_percent
            )
        case e.RequirementWaived():
            return replace(case, waived=(*case.waived, happened))
        case e.ContactMade():
            return replace(case, contacts=(*case.contacts, happened))
        case e.AvisNotGiven():
            return replace(case, not_given=happened)
        case e.BlocAcquired():
            # What was prepared for every bloc is prepared anew for those that are left.
            return replace(case, carried=(*case.carried, happened), issued=())
        case e.PieceTakenOver():
            return replace(case, taken=(*case.taken, happened))
        case e.ProofJoined():
            return replace(case, proofs=(*case.proofs, happened))
        case e.AttemptOpened():
            return replace(case, followed_by=happened.case)
        case e.CertifierAnswered():
            return replace(case, certifier_said=happened)
        case e.CaseAbandoned():
            return replace(case, abandoned=True)
        case e.CaseResumed():
            return replace(case, abandoned=False)
        case e.ReminderAsked():
            return replace(case, reminders_asked=case.reminders_asked + 1)
        case e.ProductIssued():
            return replace(case, products=(*case.products, happened))
        case e.SessionJoined():
            return replace(case, session=happened.session, decision=None)
        case e.SessionLeft():
            # Left after joining another one: the case stays where it now is.
            if case.session != happened.session:
                return case
            last = case.decisions[-1] if case.decisions else None
            return replace(case, session=None, decision=last)
        case e.AppealLodged():
            return replace(case, appeal=happened)
        case e.DecisionRecorded():
            return replace(
                case, decision=happened, decisions=(*case.decisions, happened), appeal=None
            )
        case e.DeliveryNumbered():
            return replace(case, delivery=happened, withdrawn=None, replaces="")
        case e.DuplicateAsked():
            return replace(case, duplicates=(*case.duplicates, happened))
        case e.DeliveryWithdrawn():
            return replace(case, delivery=None, withdrawn=happened, duplicates=())
        case e.DeliveryReopened():
            return replace(
                case,
                delivery=None,
                withdrawn=None,
                duplicates=(),
                replaces=happened.replaces,
                delivered_under=happened.certification_hash,
            )
        case e.SignatureRaised():
            left = completed(case.failures, happened.document)
            return replace(case, raised=(*case.raised, happened), failures=left)
        case e.StepFailed():
            return replace(case, failures={**case.failures, happened.step: failure(happened)})
        case e.StepRetried():
            return replace(case, failures={})
        case _:
            return case


def _succeeded(case: CaseFile, happened: Any) -> CaseFile:
    """Anything we issue clears the failures of the step that made it."""
    if case.failures and isinstance(happened, e.FormIssued | e.ProductIssued | e.DeliveryNumbered):
        return replace(case, failures={})
    return case


def _let_go(case: CaseFile, *marks: str) -> CaseFile:
    gone = tuple(h.document for h in case.held if h.document in marks)
    if not gone:
        return case
    kept = tuple(h for h in case.held if h.document not in gone)
    return replace(case, held=kept, settled=(*case.settled, *gone))


def _knowing(case: CaseFile, name: str, after: str) -> CaseFile:
    """The case knowing its candidate or company by that answer; what it printed is printed anew."""
    if name.startswith("candidate/"):
        case = replace(case, candidate=person_with(case.candidate, name, after))
    elif name.startswith("company/") and case.company is not None:
        case = replace(case, company=firm_with(case.company, name, after))
    stale = misnamed(case.issued, case.candidate, case.company)
    kept = tuple(i for i in case.issued if i not in stale)
    return replace(case, issued=kept, former=(*case.former, *stale)) if stale else case
