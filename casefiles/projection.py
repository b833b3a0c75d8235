"""What each stream comes down to in the derived tables: summary, open steps, marks.

Pure but for one thing passed in: how to get a certification by the hash a case began under.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from casefiles import casefile, lists, next_steps, preregistration, session
from casefiles import events as e
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Outcome
from casefiles.events import Recorded
from casefiles.failure import Failure
from casefiles.journal import Derived, OpenStep
from casefiles.naming import name_key, person_key, same_name
from casefiles.next_steps import Step
from casefiles.rules.completeness import complete
from casefiles.rules.consistency import consistency
from casefiles.rules.finding import Finding
from casefiles.rules.requirements import CASE_FORMS, Phase
from casefiles.rules.results import proposal
from casefiles.session import Session

BLANKS = "vierges"
"""The stream of the forms that belong to no case yet."""

DELIBERATED = "Délibérée"

# The marks that say which few of many streams are to be gone through: PV in signature, and
# parchemins withdrawn, by number.
TO_SIGN, WITHDRAWN = "to-sign", "withdrawn"

CertificationOf = Callable[[str], Certification]


class Projection:
    """Derives any stream; `certification_of` gives a certification by its fingerprint."""

    def __init__(self, certification_of: CertificationOf) -> None:
        self._certification_of = certification_of

    def __call__(self, stream: str, recorded: Sequence[Recorded]) -> Derived:
        """Summary, steps and marks of one stream."""
        kind = stream.split("/", 1)[0]
        if recorded and isinstance(recorded[0].event, e.Purged):
            return Derived(summary={"purged": True, "events": len(recorded)})
        if kind == "dossier" and (case := casefile.fold(recorded)) is not None:
            return self._case(case, recorded)
        if kind == "session" and (held := session.fold(recorded)) is not None:
            return self._session(held, recorded)
        if kind == "preinscription" and (line := preregistration.fold(recorded)) is not None:
            return _preregistration(line, recorded[-1].at)
        if kind == "depot" and recorded:
            return _drop(recorded)
        if kind == "registre":
            marks = frozenset(_register_marks(recorded))
            return Derived(summary={"events": len(recorded)}, marks=marks)
        if kind == BLANKS:
            serials = (r.event.serial for r in recorded if isinstance(r.event, e.FormIssued))
            return Derived(marks=frozenset(("serial", serial) for serial in serials))
        return Derived(summary={"events": len(recorded)})

    def _case(self, case: CaseFile, recorded: Sequence[Recorded]) -> Derived:
        certification = self._certification_of(case.certification_hash)
        steps = next_steps.of_case(case, certification)
        found: tuple[Finding, ...] = ()
        if steps and complete(case, certification):
            found = consistency(case, certification, proposal(case, certification))
        return Derived(
            summary={
                "number": case.number,
                "candidate": case.candidate.full_name,
                "certification": case.certification,
                "route": case.route,
                "attempt": case.attempt,
                "stage": stage(case, steps),
                "missing": [
                    {"form": s.form, "who": s.who, "why": s.what} for s in steps if not s.ours
                ],
                "findings": [
                    {
                        "rule": f.rule,
                        "status": f.status,
                        "message": f.message,
                        "source": f.source,
                    }
                    for f in found
                ],
                "blocked": _blocked(steps, case.failures),
                "session": case.session,
                "opened": case.opened_at.astimezone(UTC).isoformat(),
            },
            steps=next_steps.open_steps(steps, case.failures),
            marks=frozenset(_case_marks(case, recorded)),
            lists=frozenset(lists.of_case(stage(case, steps), steps, recorded[-1].at)),
        )

    def _session(self, held: Session, recorded: Sequence[Recorded]) -> Derived:
        steps = next_steps.of_session(held)
        return Derived(
            summary={
                "reference": held.reference,
                "certification": held.certification,
                "day": held.day.isoformat(),
                "place": held.place,
                "town": held.town,
                "candidates": held.names,
                "stage": _session_stage(held),
                "missing": [
                    {"form": s.form, "who": s.who, "why": s.what} for s in steps if not s.ours
                ],
                "blocked": _blocked(steps, held.failures),
            },
            steps=next_steps.open_steps(steps, held.failures),
            marks=frozenset(_session_marks(held, recorded)),
            lists=frozenset([(lists.SESSIONS, "", held.day.isoformat())]),
        )


def _blocked(steps: tuple[Step, ...], failures: dict[str, Failure]) -> list[str]:
    """Why the steps still to be done do not go on; what failed once and is past is left out."""
    keys = {step.key for step in steps}
    return [f.error for f in failures.values() if f.blocked and f.step in keys]


def stage(case: CaseFile, steps: tuple[Step, ...]) -> str:
    """Where the case stands, in the words of TABLEAU; never « obtenu » before the decision."""
    if case.abandoned:
        return "Abandonné"
    if case.decision is not None and case.appeal is not None:
        return "Recours : à juger de nouveau"
    if case.decision is not None:
        result = Outcome(case.decision.decision.outcome)
        if case.withdrawn is not None:
            return "Parchemin retiré"
        if case.parchemin is not None:
            return "Terminé : parchemin délivré"
        if result is Outcome.OBTENTION:
            return "Décidé : parchemin à délivrer"
        notified = case.product("notification") is not None
        if result is Outcome.PARTIEL:
            if any(s.who for s in steps):
                return "Décidé : attestation à signer"
            return "Terminé : blocs notifiés" if notified else "Décidé"
        if result is Outcome.REFUS:
            return "Terminé : refus notifié" if notified else "Décidé"
        return "Ajourné"
    if case.session is not None:
        return f"Au jury {case.session}"
    if not case.issued:
        return "Inscrit"
    if any(s.key == "jury" for s in steps):
        return "Prêt pour un jury"
    phases = [CASE_FORMS[s.form].phase for s in steps if s.form in CASE_FORMS]
    return min(phases, default=Phase.EVALUATION).label


def _session_stage(held: Session) -> str:
    if held.over:
        return DELIBERATED
    if held.pv is not None and held.pieces_stand:
        return f"Procès-verbal v{held.pv.version} en signature"
    if held.rectifying is not None:
        return f"{DELIBERATED}, procès-verbal à rectifier"
    if held.pieces_stand:
        return "Pièces scellées"
    return "Ordre du jour clos" if held.closed else "En préparation"


def _case_marks(case: CaseFile, recorded: Sequence[Recorded]) -> Iterator[tuple[str, str]]:
    yield "person", person_key(case.candidate)
    yield "name", name_key(f"{case.candidate.birth_name} {case.candidate.first_name}")
    for one in recorded:
        if isinstance(one.event, e.FormIssued):
            yield "serial", one.event.serial
        if isinstance(one.event, e.DocumentFiled):
            yield "bytes", one.event.sha256
            yield "document", one.event.document
        if isinstance(one.event, e.ProductIssued | e.FormIssued | e.SignatureRaised):
            yield "made", one.event.sha256
    for document in case.documents:
        for who, _ in document.vouched_signers:
            yield "signer", name_key(who)


_MADE = e.PvIssued | e.PiecesSealed | e.ProductIssued | e.FormIssued | e.SignatureRaised


def _session_marks(held: Session, recorded: Sequence[Recorded]) -> Iterator[tuple[str, str]]:
    for document, _, sha256, _ in held.received:
        yield "document", document
        yield "bytes", sha256
    for pv in held.pvs:
        yield "pv", pv.sha256
    if held.pv is not None and held.pieces_stand and not held.over:
        yield TO_SIGN, held.pv.sha256
    for one in recorded:
        if isinstance(one.event, e.FormIssued):
            yield "serial", one.event.serial
        if isinstance(one.event, e.PvReturned | e.PvSigned):
            yield "bytes", one.event.sha256
        if isinstance(one.event, e.PvSigned):
            for who in one.event.signers.values():
                yield "signer", name_key(who)
        if isinstance(one.event, e.HandSignaturesPlaced):
            yield "made", one.event.sha256
        if isinstance(one.event, _MADE):
            yield "made", one.event.sha256


def _register_marks(recorded: Sequence[Recorded]) -> Iterator[tuple[str, str]]:
    for one in recorded:
        if isinstance(one.event, e.ParcheminNumbered):
            yield "numbered", one.event.case
        if isinstance(one.event, e.ParcheminWithdrawn):
            yield WITHDRAWN, one.event.number


def _preregistration(line: preregistration.Preregistration, at: datetime) -> Derived:
    steps = preregistration.steps(line)
    waiting = () if line.closed else lists.awaited(steps, at)
    return Derived(
        summary=preregistration.summary(line),
        lists=frozenset(waiting),
        steps=next_steps.open_steps(steps, line.failures),
        marks=frozenset(preregistration.marks(line)),
    )


def _drop(recorded: Sequence[Recorded]) -> Derived:
    """The drop’s receipt; the bytes are marked only where they were kept for a reason."""
    answered = recorded[0].event
    if not isinstance(answered, e.DropAnswered):
        return Derived()
    summary: dict[str, Any] = answered.model_dump(mode="json", exclude={"held", "sha256", "about"})
    kept = [("document", answered.document)] if answered.document else []
    if answered.outcome == "waiting":
        kept.append(("waiting", answered.sha256))
    bytes_ = answered.sha256 or answered.seen.removeprefix("sha256:")
    if answered.path:
        kept.append(("seen", bytes_))
    elif bytes_ and (answered.outcome == "refused" or answered.report):
        kept.append(("sent-back", bytes_))
    if (of := answered.held.get("of")) and of != answered.document:
        # What a transcription completed is quoted by the mark of the paper it was copied from.
        kept.append(("document", of))
    kept += _of_a_return(answered.held.get("return") or {})
    for one in recorded[1:]:  # a copy to correct, where there is no case yet to send it from
        if isinstance(one.event, e.FormIssued):
            kept.append(("serial", one.event.serial))
        if isinstance(one.event, e.FormIssued | e.ProductIssued):
            kept.append(("made", one.event.sha256))
    if back := preregistration.sent_back(recorded):
        copy, certification = back
        key = preregistration.listed_key(copy.values, certification)
        kept.append((preregistration.SENT_BACK, key))
    return Derived(summary=summary, marks=frozenset(kept))


def _of_a_return(held: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A return on paper is found by its print, and by the transcription made of it."""
    if not held:
        return
    yield "pages", held["imprint"]["serial"]
    if transcription := held.get("transcription"):
        yield "serial", transcription["serial"]
        yield "made", transcription["sha256"]


__all__ = ["OpenStep", "Projection", "name_key", "person_key", "same_name", "stage"]
