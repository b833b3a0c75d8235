"""The office’s acts on one case: correct, replace, confirm, set aside, abandon, resume.

Once the jury has decided for good, the case’s documents no longer change.
"""

from typing import Any

from casefiles.answers import FORMS, Inscription
from casefiles.answers.office_act import ActKind
from casefiles.answers.outline import Question, outline
from casefiles.answers.reading import accept, where
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.documents import WAITING, Document
from casefiles.events import (
    AnswerCorrected,
    CaseAbandoned,
    CaseResumed,
    DocumentConfirmed,
    DocumentReplaced,
    DocumentSetAside,
)
from casefiles.naming import name_key
from watch.office import Office
from watch.reception.acts.request import (
    Request,
    case_of,
    done,
    done_to_case,
    session_of,
    undecided,
)
from watch.reception.answer import Answer, Refused, refused_problems
from watch.reception.printable import unprintable

# What a case was opened for is not an answer to correct: another inscription says it.
FIXED = ("wish/", "blocs/")
ARRANGEMENT = "training/arrangement"


def correct(office: Office, request: Request, what: str) -> Answer:
    """Correct one answer of one document; the original stays beside it."""
    case, after = undecided(office, request, what)
    certification = office.certification_of(case.certification_hash)
    document, question, words = _asked(case, certification, request, what)
    if question.name.startswith(FIXED):
        raise Refused(
            what,
            ["La voie et l’étendue de la candidature ne se corrigent pas : le dossier en dépend."],
            "Abandonnez ce dossier et déposez une nouvelle inscription.",
        )
    if question.name == ARRANGEMENT:
        raise Refused(
            what,
            ["L’aménagement ne se corrige pas ici : une correction se raconte à tout le bureau."],
            f"Demandez « {ActKind.ARRANGE.label} » ; « aucun » lève l’aménagement.",
        )
    form = FORMS[document.form]
    labels = {o.label: o.value for o in question.options}
    value = labels.get(request.value, request.value)
    before = str(document.values.get(question.name) or "")
    if value == before:
        raise Refused(what, [f"La réponse est déjà « {request.value} »."], "Rien à faire.")
    corrected = {**document.values, question.name: value}
    scope = case.scope(certification, document.part, document.form)
    reading = accept(form, scope, corrected, today=office.today())
    only = {question.name: value} if document.form == Inscription.NAME else {}
    unprinted = tuple(unprintable(only, scope))
    if reading.answers is None or unprinted:
        raise refused_problems(what, (*reading.problems, *unprinted))
    event = AnswerCorrected(
        document=document.mark,
        part=document.part,
        field=question.name,
        where=words,
        before=before,
        after=value,
        by=request.by,
        because=request.because,
    )
    said = "La réponse est corrigée ; l’original reste à côté."
    return done_to_case(office, case, after, event, said)


def _asked(
    case: CaseFile, certification: Certification, request: Request, what: str
) -> tuple[Document, Question, str]:
    """The document and question named; a bundle’s grid is told by « BDC1.2 : question »."""
    documents = case.document(request.document.strip())
    if not documents:
        raise Refused(
            what,
            [f"Aucun document du dossier ne porte le repère « {request.document} »."],
            "Le repère de chaque document est écrit dans HISTORIQUE.",
        )
    part, colon, rest = request.question.partition(":")
    by_part = [d for d in documents if colon and d.part == part.strip()]
    asked = name_key(rest if by_part else request.question)
    found = []
    for document in by_part or documents:
        scope = case.scope(certification, document.part, document.form)
        laid_out = outline(FORMS[document.form], scope)
        for question in laid_out.questions():
            words = where(laid_out, question.name)
            if question.name == request.question or asked in (
                name_key(question.label),
                name_key(words),
            ):
                found.append((document, question, words))
    if len(found) == 1:
        return found[0]
    choice = " ; ".join(f"{d.part} : {words}" if d.part else words for d, _, words in found)
    raise Refused(
        what,
        [
            f"Plusieurs questions s’appellent ainsi : {choice}."
            if found
            else f"Le document {request.document} n’a pas de question « {request.question} »."
        ],
        "Recopiez les mots de la question tels qu’ils sont imprimés, section comprise ; pour une "
        "grille d’une liasse, commencez par sa compétence : « BDC1.2 : … ».",
    )


def put_in_place(office: Office, request: Request, what: str) -> Answer:
    """Put a waiting document in the place of the one that stands; both stay."""
    case, after = undecided(office, request, what)
    waiting = [d for d in case.document(request.document.strip()) if d.standing in WAITING]
    certification = office.certification_of(case.certification_hash)
    old = {
        before.mark
        for new in waiting
        for before in case.standing(new.form, new.part)
        if _same_need(case, certification, before, new)
    }
    if not waiting or not old:
        raise Refused(
            what,
            [f"Aucun document en attente ne demande d’en remplacer un ({request.document})."],
            "Déposez d’abord le nouveau document ; son accusé donne le repère.",
        )
    event = DocumentReplaced(
        old=tuple(sorted(old)),
        new=waiting[0].mark,
        parts=tuple(d.part for d in waiting),
        by=request.by,
        because=request.because,
    )
    said = "Le nouveau document prend la place de l’ancien, qui reste au dossier."
    return done_to_case(office, case, after, event, said)


def confirm(office: Office, request: Request, what: str) -> Answer:
    """Answer for a document whose signer is unknown or unexpected."""
    case, after = undecided(office, request, what)
    waiting = [d for d in case.document(request.document.strip()) if d.standing == "to_confirm"]
    if not waiting:
        raise Refused(
            what,
            [f"Aucun document à confirmer ne porte le repère {request.document}."],
            "Relisez le repère dans RESTE À FAIRE ou sur l’accusé.",
        )
    certification = office.certification_of(case.certification_hash)
    for new in waiting:
        for before in case.standing(new.form, new.part):
            if _same_need(case, certification, before, new):
                raise Refused(
                    what,
                    [f"Le document {before.mark} est déjà en vigueur à cette place."],
                    "Demandez plutôt de le remplacer par celui-ci, ou d’écarter celui-ci.",
                )
    event = DocumentConfirmed(document=waiting[0].mark, by=request.by, because=request.because)
    return done_to_case(office, case, after, event, "Le document est confirmé.")


def set_aside(office: Office, request: Request, what: str) -> Answer:
    """Leave a waiting document without effect; it stays in the case, or in the session."""
    mark = request.document.strip()
    if request.number.strip().startswith("S"):
        return _set_aside_of_session(office, request, what)
    case, after = undecided(office, request, what)
    waiting = [d.mark for d in case.document(mark) if d.standing in WAITING]
    waiting += [h.document for h in case.held if h.document == mark]
    if not waiting:
        raise Refused(
            what,
            [f"Aucun document en attente ne porte le repère {request.document}."],
            "Seul un document qui attend le bureau peut être écarté.",
        )
    event = DocumentSetAside(document=mark, by=request.by, because=request.because)
    said = "Le document est écarté ; il reste au dossier, sans effet."
    return done_to_case(office, case, after, event, said)


def _set_aside_of_session(office: Office, request: Request, what: str) -> Answer:
    held, after = session_of(office, request.number, what)
    mark = request.document.strip()
    if mark not in {one.document for one in held.held}:
        raise Refused(
            what,
            [f"Aucun document revenu sur papier n’attend sous le repère {mark}."],
            "Seul un document qui attend le bureau peut être écarté.",
        )
    event = DocumentSetAside(document=mark, by=request.by, because=request.because)
    return done(held.stream, after, event, "Le document est écarté ; il reste reçu, sans effet.")


def abandon(office: Office, request: Request, what: str) -> Answer:
    """Stop the case; it may be resumed."""
    case, after = undecided(office, request, what)
    if case.abandoned:
        raise Refused(what, ["Ce dossier est déjà abandonné."], "Rien à faire.")
    if case.session is not None and case.decision is None:
        raise Refused(
            what,
            [f"Le dossier est à l’ordre du jour de la session {case.session}."],
            "Retirez-le d’abord de cette session.",
        )
    event = CaseAbandoned(by=request.by, because=request.because)
    return done(case.stream, after, event, "Le dossier est abandonné ; il pourra être repris.")


def resume(office: Office, request: Request, what: str) -> Answer:
    """Take an abandoned case up again."""
    case, after = case_of(office, request.number, what)
    if not case.abandoned:
        raise Refused(what, ["Ce dossier n’est pas abandonné."], "Rien à faire.")
    event = CaseResumed(by=request.by, because=request.because)
    return done(case.stream, after, event, "Le dossier reprend où il en était.")


def _same_need(case: CaseFile, certification: Any, before: Document, new: Document) -> bool:
    """Whether one answers where the other did: the same grid by the same evaluator."""
    one = case.answers(before, FORMS[before.form], certification)
    two = case.answers(new, FORMS[new.form], certification)
    evaluators = [getattr(getattr(a, "evaluator", None), "name", "") for a in (one, two)]
    return name_key(evaluators[0]) == name_key(evaluators[1])
