"""The office’s acts: from a « Demande du bureau » or from `parchemin act`, the same acts.

Each appends who, why and when; nothing is erased.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from casefiles import casefile, session
from casefiles.answers import FORMS, Inscription
from casefiles.answers.office_act import ActKind, OfficeAct
from casefiles.answers.outline import outline
from casefiles.answers.reading import accept, where
from casefiles.answers.vocabulary import Scope
from casefiles.casefile import CaseFile, Document
from casefiles.events import (
    AgendaClosed,
    AnswerCorrected,
    CandidateWithdrawn,
    CaseAbandoned,
    CaseResumed,
    DocumentConfirmed,
    DocumentReplaced,
    DropAnswered,
    Event,
    PvSigned,
    SessionLeft,
    StepRetried,
)
from casefiles.journal import Append
from casefiles.projection import name_key
from casefiles.rules.eligibility import eligibility
from casefiles.session import Session
from watch import enrolling, juries
from watch.answer import Answer, Drop, Refused, refused_problems
from watch.office import Office


@dataclass(frozen=True, kw_only=True)
class Request:
    """One act asked for. `number` is a case’s or a session’s."""

    kind: ActKind
    number: str
    by: str
    because: str
    document: str = ""
    case: str = ""
    question: str = ""
    value: str = ""


def act_from_form(office: Office, drop: Drop) -> Answer:
    """The act a filled « Demande du bureau » asks for; only from the Bureau folder."""
    if drop.door != "bureau":
        raise Refused(
            OfficeAct.TITLE,
            ["Une demande du bureau n’est prise que dans le dossier « Bureau »."],
            "Déposez-la dans « Bureau ».",
        )
    imprint = drop.examined["imprint"]
    certification = office.printed_certification(
        imprint["certification"], imprint["certification_hash"]
    )
    reading = accept(OfficeAct, Scope(certification=certification), drop.values, today=drop.today)
    if reading.answers is None:
        raise refused_problems(OfficeAct.TITLE, reading.problems)
    act = reading.answers
    request = Request(
        kind=act.kind,
        number=act.target.number,
        by=act.author.by,
        because=act.author.because,
        document=act.target.document or "",
        case=act.target.case or "",
        question=act.target.question or "",
        value=act.target.value or "",
    )
    return perform(office, request, drop)


def perform(office: Office, request: Request, drop: Drop) -> Answer:
    """Record one act; Refused says why it cannot be."""
    what = f"{OfficeAct.TITLE} — {request.kind.label.lower()} ({request.number})"
    answer = _ACTS[request.kind](office, request, what, drop)
    return replace(answer, what=what, document=drop.mark)


def _correct(office: Office, request: Request, what: str, _: Drop) -> Answer:
    case, after = _case(office, request.number, what)
    certification = office.certification_of(case.certification_hash)
    document = _document(case, request.document, what)
    form = FORMS[document.form]
    scope = case.scope(certification, document.part)
    laid_out = outline(form, scope)
    asked = name_key(request.question)
    named = [
        q
        for q in laid_out.questions()
        if q.name == request.question
        or asked == name_key(q.label)
        or asked == name_key(where(laid_out, q.name))
    ]
    if len(named) != 1:
        choice = " ; ".join(where(laid_out, q.name) for q in named)
        raise Refused(
            what,
            [
                f"Plusieurs questions s’appellent ainsi : {choice}."
                if named
                else f"Le formulaire « {form.TITLE} » n’a pas de question « {request.question} »."
            ],
            "Recopiez les mots de la question tels qu’ils sont imprimés, section comprise.",
        )
    question = named[0]
    value = next((o.value for o in question.options if o.label == request.value), request.value)
    corrected = {**document.values, question.name: value}
    reading = accept(form, scope, corrected, today=office.today())
    if reading.answers is None:
        raise refused_problems(what, reading.problems)
    event = AnswerCorrected(
        document=document.mark,
        part=document.part,
        field=question.name,
        where=where(laid_out, question.name),
        before=str(document.values.get(question.name) or ""),
        after=str(value),
        by=request.by,
        because=request.because,
    )
    return _done(case.stream, after, event, "La réponse est corrigée ; l’original reste à côté.")


def _replace(office: Office, request: Request, what: str, _: Drop) -> Answer:
    case, after = _case(office, request.number, what)
    waiting = [d for d in case.document(request.document) if d.standing == "to_replace"]
    if not waiting:
        raise Refused(
            what,
            [f"Aucun document en attente de remplacement ne porte le repère {request.document}."],
            "Déposez d’abord le nouveau document ; son accusé donne le repère.",
        )
    certification = office.certification_of(case.certification_hash)
    old = {
        before.mark
        for new in waiting
        for before in case.standing(new.form, new.part)
        if _answers_same_need(case, certification, before, new)
    }
    event = DocumentReplaced(
        old=tuple(sorted(old)),
        new=request.document,
        parts=tuple(d.part for d in waiting),
        by=request.by,
        because=request.because,
    )
    return _done(case.stream, after, event, "Le nouveau document prend la place de l’ancien.")


def _answers_same_need(case: CaseFile, certification: Any, before: Document, new: Document) -> bool:
    one = case.answers(before, FORMS[before.form], certification)
    two = case.answers(new, FORMS[new.form], certification)
    evaluators = [getattr(getattr(a, "evaluator", None), "name", "") for a in (one, two)]
    return name_key(evaluators[0]) == name_key(evaluators[1])


def _confirm(office: Office, request: Request, what: str, drop: Drop) -> Answer:
    held = _held(office, request.document)
    if held and "pv" in held:
        stream = str(held["stream"])
        recorded = office.journal.read(stream)
        folded = session.fold(recorded)
        final = PvSigned.model_validate(held["pv"])
        if folded is None or folded.pv is None or folded.pv.version != final.version:
            raise Refused(what, ["Ce procès-verbal a été remplacé depuis."], "Rien à confirmer.")
        confirmed = DocumentConfirmed(
            document=request.document, by=request.by, because=request.because
        )
        return Answer(
            outcome="accepted",
            what=what,
            reasons=("Les signataires sont confirmés ; les décisions sont prises.",),
            stream=stream,
            appends=(
                Append(
                    stream=stream,
                    after=len(recorded),
                    events=(confirmed, final),
                    effect_key=None,
                ),
            ),
        )
    case, after = _case(office, request.number, what)
    if not any(d.standing == "to_confirm" for d in case.document(request.document)):
        raise Refused(
            what,
            [f"Aucun document à confirmer ne porte le repère {request.document}."],
            "Relisez le repère dans RESTE À FAIRE ou sur l’accusé.",
        )
    event = DocumentConfirmed(document=request.document, by=request.by, because=request.because)
    return _done(case.stream, after, event, "Le document est confirmé.")


def _abandon(office: Office, request: Request, what: str, _: Drop) -> Answer:
    case, after = _case(office, request.number, what)
    if case.abandoned:
        raise Refused(what, ["Ce dossier est déjà abandonné."], "Rien à faire.")
    if case.session is not None and case.decision is None:
        raise Refused(
            what,
            [f"Le dossier est à l’ordre du jour de la session {case.session}."],
            "Retirez-le d’abord de cette session.",
        )
    event = CaseAbandoned(by=request.by, because=request.because)
    return _done(case.stream, after, event, "Le dossier est abandonné ; il pourra être repris.")


def _resume(office: Office, request: Request, what: str, _: Drop) -> Answer:
    case, after = _case(office, request.number, what)
    if not case.abandoned:
        raise Refused(what, ["Ce dossier n’est pas abandonné."], "Rien à faire.")
    event = CaseResumed(by=request.by, because=request.because)
    return _done(case.stream, after, event, "Le dossier reprend où il en était.")


def _open_homonym(office: Office, request: Request, what: str, drop: Drop) -> Answer:
    held = _held(office, request.document)
    if not held or "values" not in held:
        raise Refused(
            what,
            [f"Aucune inscription en attente ne porte le repère {request.document}."],
            "Relisez le repère sur l’accusé de l’inscription.",
        )
    answered = _answered(office, request.document)
    certification = office.certification(str(held["certification"]))
    scope = Scope(certification=certification)
    inscription = accept(Inscription, scope, held["values"], today=drop.today).answers
    if inscription is None or answered is None:
        raise Refused(what, ["L’inscription en attente ne se relit plus."], "Redéposez-la.")
    original = replace(
        drop,
        claim=request.document,
        mark=request.document,
        name=answered.name,
        sha256=answered.sha256,
        examined={**drop.examined, "values": held["values"], "how": "fields"},
    )
    findings = eligibility(inscription, certification, drop.today)
    return enrolling.open_case(office, original, certification, inscription, findings)


def _retry(office: Office, request: Request, what: str, _: Drop) -> Answer:
    for kind in ("dossier", "session"):
        stream = f"{kind}/{request.number}"
        recorded = office.journal.read(stream)
        if recorded:
            event = StepRetried(by=request.by, because=request.because)
            return _done(stream, len(recorded), event, "L’étape est relancée.")
    raise Refused(what, [f"Ni dossier ni session « {request.number} »."], "Vérifiez le numéro.")


def _add(office: Office, request: Request, what: str, _: Drop) -> Answer:
    held, after = _session(office, request.number, what)
    _open_agenda(held, what)
    case, _position = _case(office, request.case, what)
    if case.certification != held.certification:
        raise Refused(what, ["Ce dossier vise une autre certification."], "Rien n’est changé.")
    if case.number in held.names:
        raise Refused(what, ["Ce dossier est déjà à l’ordre du jour."], "Rien à faire.")
    juries.check_joinable(case, office, held.reference, what)
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(f"{case.candidate.full_name} entre à l’ordre du jour.",),
        stream=held.stream,
        appends=(
            Append(stream=held.stream, after=after, events=juries.entered(case)),
            juries.joined(office, case, held.reference),
        ),
    )


def _withdraw(office: Office, request: Request, what: str, _: Drop) -> Answer:
    held, after = _session(office, request.number, what)
    _open_agenda(held, what)
    case, position = _case(office, request.case, what)
    if case.number not in held.names:
        raise Refused(what, ["Ce dossier n’est pas à l’ordre du jour."], "Rien à faire.")
    left = CandidateWithdrawn(case=case.number, by=request.by, because=request.because)
    gone = SessionLeft(session=held.reference, because=request.because)
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(f"{case.candidate.full_name} est retiré de l’ordre du jour.",),
        stream=held.stream,
        appends=(
            Append(stream=held.stream, after=after, events=(left,)),
            Append(stream=case.stream, after=position, events=(gone,)),
        ),
    )


def _close(office: Office, request: Request, what: str, _: Drop) -> Answer:
    held, after = _session(office, request.number, what)
    _open_agenda(held, what)
    waiting = [n for case, n in held.names.items() if not held.ready.get(case)]
    if waiting or not held.names:
        raise Refused(
            what,
            [
                f"Dossiers encore incomplets : {', '.join(waiting)}."
                if waiting
                else "Aucun candidat n’est à l’ordre du jour."
            ],
            "Complétez ces dossiers ou retirez-les de la session, puis redemandez la clôture.",
        )
    event = AgendaClosed(by=request.by, because=request.because)
    return _done(held.stream, after, event, "L’ordre du jour est clos ; les pièces sont scellées.")


_Act = Callable[[Office, Request, str, Drop], Answer]

_ACTS: dict[ActKind, _Act] = {
    ActKind.CORRECT: _correct,
    ActKind.REPLACE: _replace,
    ActKind.CONFIRM: _confirm,
    ActKind.ABANDON: _abandon,
    ActKind.RESUME: _resume,
    ActKind.HOMONYM: _open_homonym,
    ActKind.RETRY: _retry,
    ActKind.ADD: _add,
    ActKind.WITHDRAW: _withdraw,
    ActKind.CLOSE: _close,
}


def _done(stream: str, after: int, event: Event, said: str) -> Answer:
    return Answer(
        outcome="accepted",
        what="",
        reasons=(said,),
        stream=stream,
        appends=(Append(stream=stream, after=after, events=(event,)),),
    )


def _case(office: Office, number: str, what: str) -> tuple[CaseFile, int]:
    recorded = office.journal.read(f"dossier/{number.strip()}")
    case = casefile.fold(recorded)
    if case is None:
        raise Refused(
            what,
            [f"Aucun dossier ne porte le numéro « {number} »."],
            "Recopiez le numéro écrit sur le dossier, par exemple 2026-0042.",
        )
    return case, len(recorded)


def _session(office: Office, reference: str, what: str) -> tuple[Session, int]:
    recorded = office.journal.read(f"session/{reference.strip()}")
    held = session.fold(recorded)
    if held is None:
        raise Refused(
            what,
            [f"Aucune session ne porte la référence « {reference} »."],
            "Recopiez la référence écrite sur le dossier de la session, par exemple S2026-003.",
        )
    return held, len(recorded)


def _open_agenda(held: Session, what: str) -> None:
    if held.closed:
        raise Refused(
            what,
            [f"L’ordre du jour de la session {held.reference} est clos."],
            "Après la clôture, l’ordre du jour ne change plus par ce moyen.",
        )


def _document(case: CaseFile, mark: str, what: str) -> Document:
    found = case.document(mark.strip())
    if not found:
        raise Refused(
            what,
            [f"Aucun document du dossier ne porte le repère « {mark} »."],
            "Le repère de chaque document est écrit dans HISTORIQUE.",
        )
    return found[0]


def _answered(office: Office, mark: str) -> DropAnswered | None:
    for stream in office.journal.find("document", mark.strip()):
        if stream.startswith("depot/"):
            for one in office.journal.read(stream):
                if isinstance(one.event, DropAnswered):
                    return one.event
    return None


def _held(office: Office, mark: str) -> dict[str, Any]:
    answered = _answered(office, mark)
    return dict(answered.held) if answered and answered.outcome == "waiting" else {}
