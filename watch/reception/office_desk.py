"""The office’s acts: from a « Demande du bureau » or from `parchemin act`, the same acts.

Each appends who, why and when; nothing is erased.
"""

from collections.abc import Callable
from dataclasses import replace

from casefiles import casefile, preregistration, session
from casefiles.answers import Inscription
from casefiles.answers.imprint import Imprint
from casefiles.answers.office_act import NEEDS, ActKind, OfficeAct
from casefiles.answers.reading import accept
from casefiles.answers.vocabulary import Scope
from casefiles.events import StepRetried
from casefiles.rules.eligibility import eligibility
from watch.office import Office
from watch.reception import attempts, enrolling, joining
from watch.reception.acts import (
    on_acquired,
    on_case,
    on_course,
    on_delivery,
    on_expected,
    on_letters,
    on_session,
    on_taken,
)
from watch.reception.acts.request import Request, answered, date_in, done, held_by
from watch.reception.answer import Answer, Drop, Paper, Refused, refused_findings, refused_problems
from watch.share.telling import of

__all__ = ["Request", "act_from_form", "perform"]


def act_from_form(office: Office, drop: Drop) -> Answer:
    """The act a filled « Demande du bureau » asks for; only from the Bureau folder.

    One that asks for an arrangement is read and not kept, wherever it was dropped and whatever it
    came in: its author may have written why.
    """
    unkept = drop.values.get("kind") == ActKind.ARRANGE.value
    try:
        return replace(_act_from_form(office, drop), unkept=unkept)
    except Refused as no:
        no.unkept = unkept
        raise


def _act_from_form(office: Office, drop: Drop) -> Answer:
    if drop.door != "bureau":
        raise Refused(
            OfficeAct.TITLE,
            ["Une demande du bureau n’est prise que dans le dossier « Bureau »."],
            "Déposez-la dans « Bureau ».",
        )
    if drop.wrapped:
        raise Refused(
            OfficeAct.TITLE,
            ["Une demande du bureau n’est pas prise dans une archive ni dans un message."],
            "Si elle vient bien du bureau, sortez-la et déposez-la elle-même dans « Bureau ».",
        )
    imprint = drop.examined["imprint"]
    if not Imprint(**imprint).made_with(office.imprint_key):
        raise Refused(
            OfficeAct.TITLE,
            ["Cette demande ne sort pas de ce bureau : son repère n’est pas le nôtre."],
            "Remplissez celle de « Formulaires vierges ».",
        )
    certification = office.printed_certification(
        imprint["certification"], imprint["certification_hash"]
    )
    reading = accept(OfficeAct, Scope(certification=certification), drop.values, today=drop.today)
    if reading.answers is None:
        no = refused_problems(OfficeAct.TITLE, reading.problems)
        no.remedy = "Complétez ou corrigez ces réponses dans le même fichier, puis enregistrez-le."
        raise no
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
        day=f"{act.target.day:%d/%m/%Y}" if act.target.day else "",
    )
    return perform(office, request, drop)


def perform(office: Office, request: Request, drop: Drop) -> Answer:
    """Record one act; Refused says why it cannot be."""
    what = f"{OfficeAct.TITLE} — {request.kind.label.lower()} ({request.number})"
    _says_enough(request, what)
    if (of_a_list := on_expected.act(office, request, what)) is not None:
        return replace(of_a_list, what=what, document=drop.mark)
    if request.kind is ActKind.HOMONYM:
        return _open_homonym(office, request, what, drop)
    if request.kind is ActKind.ATTEMPT:
        return attempts.open_by_act(office, request, what, drop)
    answer = _ACTS[request.kind](office, request, what)
    return replace(answer, what=what, document=drop.mark)


def _says_enough(request: Request, what: str) -> None:
    """Refused unless who, why, and what the act is about are said: they stay for good."""
    needed = (("by", "qui demande"), ("because", "la raison"), *NEEDS.get(request.kind, ()))
    missing = [words for name, words in needed if not getattr(request, name).strip()]
    if missing:
        raise Refused(
            what, [f"Il manque : {', '.join(missing)}."], "Complétez la demande, puis refaites-la."
        )
    if request.day.strip():
        date_in(request.day, what)


def _confirm(office: Office, request: Request, what: str) -> Answer:
    if "pv" in held_by(office, request.document):
        return on_session.confirm_minutes(office, request, what)
    return on_case.confirm(office, request, what)


def _open_homonym(office: Office, request: Request, what: str, drop: Drop) -> Answer:
    held = held_by(office, request.document)
    if "return" in held and "values" not in held:
        raise Refused(
            what,
            ["Cette inscription est revenue sur papier, et personne ne l’a encore recopiée."],
            "Remplissez d’abord sa transcription, dans « Bureau ».",
        )
    if not held or "values" not in held:
        raise Refused(
            what,
            [f"Aucune inscription en attente ne porte le repère {request.document}."],
            "Relisez le repère sur l’accusé de l’inscription.",
        )
    for stream in office.journal.find("document", request.document.strip()):
        if (number := stream.removeprefix("dossier/")) != stream:
            raise Refused(
                what, [f"Cette inscription a déjà ouvert le dossier {number}."], "Rien à faire."
            )
    receipt = answered(office, request.document)
    certification = office.certification(str(held["certification"]))
    scope = Scope(certification=certification)
    inscription = accept(Inscription, scope, held["values"], today=drop.today).answers
    if inscription is None or receipt is None:
        raise Refused(what, ["L’inscription en attente ne se relit plus."], "Redéposez-la.")
    original = replace(
        drop,
        claim=request.document,
        mark=request.document,
        name=receipt.name,
        sha256=receipt.sha256,
        examined={
            "imprint": {"serial": ""},
            "values": held["values"],
            "how": held.get("how", "fields"),
            "paper": Paper.of_kept(kept) if (kept := held.get("paper")) else None,
            "warnings": held.get("warnings", ()),
        },
    )
    findings = eligibility(inscription, certification, drop.today)
    if refused := [f for f in findings if f.status == "refused"]:
        raise refused_findings(what, refused, "L’inscription n’est plus recevable.")
    said = f"Ouvert malgré la ressemblance, à la demande {of(request.by)}, parce que : "
    return enrolling.open_case(
        office,
        original,
        certification,
        inscription,
        findings,
        said + request.because,
        proven=enrolling.Proven(**held.get("proof", {})),
    )


def _retry(office: Office, request: Request, what: str) -> Answer:
    for kind in ("dossier", "session", "preinscription"):
        stream = f"{kind}/{request.number.strip()}"
        recorded = office.journal.read(stream)
        folded = casefile.fold(recorded) or session.fold(recorded) or preregistration.fold(recorded)
        if folded is not None and not folded.failures:
            raise Refused(what, ["Aucune étape n’est en panne ici."], "Rien à relancer.")
        if folded is not None:
            event = StepRetried(by=request.by, because=request.because)
            return done(stream, len(recorded), event, "L’étape est relancée.")
    raise Refused(what, [f"Ni dossier ni session « {request.number} »."], "Vérifiez le numéro.")


_ACTS: dict[ActKind, Callable[[Office, Request, str], Answer]] = {
    ActKind.CORRECT: on_case.correct,
    ActKind.REPLACE: on_case.put_in_place,
    ActKind.CONFIRM: _confirm,
    ActKind.SET_ASIDE: on_case.set_aside,
    ActKind.ABANDON: on_case.abandon,
    ActKind.RESUME: on_case.resume,
    ActKind.RETRY: _retry,
    ActKind.ADD: on_session.add,
    ActKind.WITHDRAW: on_session.withdraw,
    ActKind.CLOSE: on_session.close,
    ActKind.RECTIFY: on_session.rectify,
    ActKind.APPEAL: on_session.appeal,
    ActKind.CONVENE: on_letters.convene,
    ActKind.REMIND: on_letters.remind,
    ActKind.CHANGE: on_course.change,
    ActKind.ARRANGE: on_course.arrange,
    ActKind.WAIVE: on_course.waive,
    ActKind.CONTACT: on_course.contact,
    ActKind.NOT_GIVEN: on_course.not_given,
    ActKind.ACQUIRED: on_acquired.acquire,
    ActKind.TAKEN: on_taken.take_over,
    ActKind.JOIN: joining.by_act,
    ActKind.CERTIFIER: on_course.certifier,
    ActKind.DUPLICATE: on_delivery.duplicate,
    ActKind.REVOKE: on_delivery.revoke,
    ActKind.REISSUE: on_delivery.reissue,
}
