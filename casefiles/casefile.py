"""The case: everything its stream of events comes down to, folded without any I/O.

A `CaseFile` says what was received and issued; what that is worth is for rules/, what remains to be
done for next_steps.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from casefiles import events as e
from casefiles.answers import FORMS
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Form, Scope, french_date
from casefiles.certification import Certification, Outcome
from casefiles.events import Recorded

F = TypeVar("F", bound=Form)


WAITING = ("to_confirm", "to_replace")


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document received, with what the office has since said of it.

    standing: accepted, to_confirm, to_replace, replaced or set_aside. `values` carry the
    corrections.
    """

    mark: str
    form: str
    part: str
    serial: str
    sha256: str
    dropped_as: str
    values: dict[str, Any]
    how: str
    proof: e.Proof
    standing: str
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    at: datetime
    corrected: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A step of ours that did not succeed yet."""

    step: str
    attempt: int
    error: str
    retry_at: datetime

    @property
    def blocked(self) -> bool:
        """After five attempts the step waits for the office."""
        return self.attempt >= 5


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """One candidate’s case. Lists are in the order things happened."""

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
    issued: tuple[e.FormIssued, ...] = ()
    documents: tuple[Document, ...] = ()
    products: tuple[e.ProductIssued, ...] = ()
    session: str | None = None
    decision: e.DecisionRecorded | None = None
    delivery: e.DeliveryNumbered | None = None
    abandoned: bool = False
    failures: dict[str, Failure] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        """« dossier/2026-0042 »."""
        return f"dossier/{self.number}"

    @property
    def to_be_judged_again(self) -> bool:
        """Decided, but not for good: adjourned, absent or excused."""
        return self.decision is not None and Outcome(self.decision.decision.outcome) in (
            Outcome.AJOURNE,
            Outcome.ABSENT,
            Outcome.EXCUSE,
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
        known = [self.candidate, self.company] if self.company else [self.candidate]
        kept = [
            (d.mark, d.part, d.sha256, d.standing, sorted(d.values.items()), d.proof.model_dump())
            for d in self.documents
        ]
        text = json.dumps([kept, [k.model_dump(mode="json") for k in known]], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def waiting(self) -> tuple[Document, ...]:
        """The documents the office must settle."""
        return tuple(d for d in self.documents if d.standing in WAITING)

    def document(self, mark: str) -> tuple[Document, ...]:
        """The documents that mark names (a bundle brings several under one mark)."""
        return tuple(d for d in self.documents if d.mark == mark)

    def product(self, name: str) -> e.ProductIssued | None:
        """The latest product of that name."""
        return next((p for p in reversed(self.products) if p.product == name), None)

    def scope(self, certification: Certification, part: str = "") -> Scope:
        """What this case’s forms are about; `part` is a compétence for a grid."""
        return Scope(certification=certification, blocs=self.blocs, competence=part)

    def answers(self, document: Document, form: type[F], certification: Certification) -> F | None:
        """The document’s answers as their model, corrections included."""
        scope = self.scope(certification, document.part)
        return accept(form, scope, document.values, today=date.max).answers


def fold(recorded: Sequence[Recorded]) -> CaseFile | None:
    """The case a stream tells; None for an empty stream."""
    case: CaseFile | None = None
    for one in recorded:
        case = _apply(case, one)
    return case


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
            opened_at=one.at,
        )
    if case is None:
        return None
    case = _succeeded(case, happened)
    match happened:
        case e.FormIssued():
            kept = tuple(i for i in case.issued if i.path != happened.path)
            return replace(case, issued=(*kept, happened))
        case e.DocumentFiled():
            return replace(case, documents=(*case.documents, _document(happened, one.at)))
        case e.DocumentConfirmed():
            return _restand(case, (happened.document,), "accepted", only=("to_confirm",))
        case e.DocumentReplaced():
            before = _restand(case, happened.old, "replaced", happened.parts)
            return _restand(before, (happened.new,), "accepted", happened.parts)
        case e.DocumentSetAside():
            return _restand(case, (happened.document,), "set_aside", only=WAITING)
        case e.AnswerCorrected():
            return _correct(case, happened)
        case e.CaseAbandoned():
            return replace(case, abandoned=True)
        case e.CaseResumed():
            return replace(case, abandoned=False)
        case e.ProductIssued():
            return replace(case, products=(*case.products, happened))
        case e.SessionJoined():
            return replace(case, session=happened.session, decision=None)
        case e.SessionLeft():
            # Left after joining another one: the case stays where it now is.
            return replace(case, session=None) if case.session == happened.session else case
        case e.DecisionRecorded():
            return replace(case, decision=happened)
        case e.DeliveryNumbered():
            return replace(case, delivery=happened)
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


def failure(happened: e.StepFailed) -> Failure:
    """A failure as folds keep it."""
    return Failure(
        step=happened.step,
        attempt=happened.attempt,
        error=happened.error,
        retry_at=happened.retry_at,
    )


def _document(filed: e.DocumentFiled, at: datetime) -> Document:
    return Document(
        mark=filed.document,
        form=filed.form,
        part=filed.part,
        serial=filed.serial,
        sha256=filed.sha256,
        dropped_as=filed.dropped_as,
        values=filed.values,
        how=filed.how,
        proof=filed.proof,
        standing=filed.standing,
        reasons=filed.reasons,
        remarks=filed.remarks,
        at=at,
    )


def _restand(
    case: CaseFile,
    marks: Iterable[str],
    standing: str,
    parts: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
) -> CaseFile:
    named = set(marks)
    return replace(
        case,
        documents=tuple(
            replace(d, standing=standing)
            if d.mark in named
            and (not parts or d.part in parts)
            and (not only or d.standing in only)
            else d
            for d in case.documents
        ),
    )


def _correct(case: CaseFile, happened: e.AnswerCorrected) -> CaseFile:
    documents = tuple(
        replace(
            d,
            values={**d.values, happened.field: happened.after},
            corrected=(*d.corrected, happened.where),
        )
        if d.mark == happened.document and happened.part in ("", d.part)
        else d
        for d in case.documents
    )
    corrected = replace(case, documents=documents)
    if happened.field.startswith("candidate/"):
        return replace(corrected, candidate=_person(case.candidate, happened))
    if happened.field.startswith("company/") and case.company is not None:
        return replace(corrected, company=_firm(case.company, happened))
    return corrected


def _person(person: e.Person, happened: e.AnswerCorrected) -> e.Person:
    name = happened.field.removeprefix("candidate/")
    if name not in e.Person.model_fields:
        return person
    after: Any = french_date(happened.after) if name == "birth_date" else happened.after
    return person.model_copy(update={name: after})


def _firm(firm: e.Firm, happened: e.AnswerCorrected) -> e.Firm:
    name = happened.field.removeprefix("company/")
    return firm.model_copy(update={name: happened.after}) if name in e.Firm.model_fields else firm


def form_class(name: str) -> type[Form]:
    """The model of a form by its name; KeyError when there is none."""
    return FORMS[name]
