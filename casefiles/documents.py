"""The documents a case holds, and what the office has since said of each of them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from casefiles import events as e
from casefiles.answers.vocabulary import french_date

WAITING = ("to_confirm", "to_replace")
# What is drawn from the answers of other documents is drawn anew when these change (R78, R64).
DRAWN_FROM = {"plenier": "grille", "recevabilite_decision": "recevabilite"}


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document received, with what the office has since said of it.

    standing: accepted, to_confirm, to_replace, replaced, set_aside, or overtaken: what it was drawn
    from changed. `values` carry the corrections; `obtained`, `also` and `typed_by` are as
    `DocumentFiled` has them. confirmed: the office vouched for it.
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
    also: tuple[str, ...] = ()
    typed_by: str = ""
    obtained: dict[str, e.Obtained] = field(default_factory=dict)
    confirmed: bool = False

    @property
    def vouched_signers(self) -> tuple[tuple[str, str], ...]:
        """(name, fingerprint) of its signers, when an authority or the office answers for them."""
        vouched = self.confirmed or self.proof.indication == "TOTAL-PASSED"
        return self.proof.people if vouched else ()


Documents = tuple[Document, ...]


def filed(happened: e.DocumentFiled, at: datetime) -> Document:
    """The document as it came in."""
    return Document(
        mark=happened.document,
        form=happened.form,
        part=happened.part,
        serial=happened.serial,
        sha256=happened.sha256,
        dropped_as=happened.dropped_as,
        values=happened.values,
        how=happened.how,
        proof=happened.proof,
        standing=happened.standing,
        reasons=happened.reasons,
        remarks=happened.remarks,
        at=at,
        also=happened.also,
        typed_by=happened.typed_by,
        obtained=happened.obtained,
    )


def moved(documents: Documents, happened: e.Event, at: datetime) -> Documents:
    """The documents after what happened."""
    match happened:
        case e.DocumentFiled():
            return (*documents, filed(happened, at))
        case e.DocumentConfirmed():
            known = tuple(
                replace(d, confirmed=True)
                if (d.mark, d.standing) == (happened.document, "to_confirm")
                else d
                for d in documents
            )
            return restand(known, (happened.document,), "accepted", only=("to_confirm",))
        case e.DocumentReplaced():
            before = restand(documents, happened.old, "replaced", happened.parts)
            return restand(before, (happened.new,), "accepted", happened.parts)
        case e.DocumentSetAside():
            return restand(documents, (happened.document,), "set_aside", only=WAITING)
        case e.AnswerCorrected():
            return corrected(documents, happened)
        case _:
            return documents


def waiting(documents: Documents) -> Documents:
    """Those the office must settle."""
    return tuple(d for d in documents if d.standing in WAITING)


def restand(
    documents: Documents,
    marks: Iterable[str],
    standing: str,
    parts: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
) -> Documents:
    """Those marks (those parts of them, those in `only` of these standings) given a standing."""
    named = set(marks)
    return tuple(
        replace(d, standing=standing)
        if d.mark in named and (not parts or d.part in parts) and (not only or d.standing in only)
        else d
        for d in documents
    )


def changed(before: Documents, after: Documents) -> frozenset[str]:
    """The forms drawn from answers that are no longer those that stood."""
    sources = set(DRAWN_FROM.values())
    moved = {source for source in sources if _standing(before, source) != _standing(after, source)}
    return frozenset(form for form, source in DRAWN_FROM.items() if source in moved)


def overtaken(documents: Documents, forms: frozenset[str]) -> Documents:
    """Those documents, what was drawn from changed answers counting no more."""
    return tuple(
        replace(d, standing="overtaken")
        if d.form in forms and d.standing in ("accepted", *WAITING)
        else d
        for d in documents
    )


def _standing(documents: Documents, form: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (d.mark, d.part, d.values) for d in documents if (d.form, d.standing) == (form, "accepted")
    ]


def misnamed(
    prints: Iterable[e.FormIssued], person: e.Person, firm: e.Firm | None
) -> tuple[e.FormIssued, ...]:
    """The prints that name the candidate, the company or its contact as they no longer are."""
    names = {"header/candidate": person.full_name}
    if firm is not None:
        names |= {"header/company": firm.name, "signatory/name": firm.contact}
    return tuple(
        one for one in prints if any(one.values.get(k, now) != now for k, now in names.items())
    )


def corrected(documents: Documents, happened: e.AnswerCorrected) -> Documents:
    """The documents with that answer corrected."""
    return tuple(
        replace(
            d,
            values={**d.values, happened.field: happened.after},
            corrected=(*d.corrected, happened.where),
        )
        if d.mark == happened.document and happened.part in ("", d.part)
        else d
        for d in documents
    )


def person_with(person: e.Person, name: str, after: str) -> e.Person:
    """The person with « candidate/… » answered so; unchanged where the case keeps no such fact."""
    name = name.removeprefix("candidate/")
    if name not in e.Person.model_fields:
        return person
    value: Any = after
    if name == "birth_date":
        value = french_date(after)
    elif name in ("usage_name", "other_names"):
        value = after or None
    return person.model_copy(update={name: value})


def firm_with(firm: e.Firm, name: str, after: str) -> e.Firm:
    """The company with « company/… » answered so."""
    name = name.removeprefix("company/")
    return firm.model_copy(update={name: after}) if name in e.Firm.model_fields else firm
