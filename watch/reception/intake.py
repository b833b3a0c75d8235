"""One claimed file becomes events: examined in the sandbox, decided, recorded, answered — once.

The claim’s own stream (« depot/… ») takes its answer in the same transaction as everything that
follows from it, so a crash at any point leaves either nothing or all of it.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from casefiles import session
from casefiles.answers import FORMS, Composition, Decisions, Inscription, OfficeAct
from casefiles.answers.outline import outline
from casefiles.answers.reading import where
from casefiles.answers.vocabulary import Scope
from casefiles.errors import JournalConflict, UnreadableFile
from casefiles.events import DropAnswered
from casefiles.journal import Append
from watch.doors import claims
from watch.office import Office
from watch.reception.adoption import faults, in_our_words
from watch.reception.answer import Answer, Drop, Outcome, Refused, must_be_whole
from watch.reception.enrolling import enrol
from watch.reception.filing import CASE_FORMS, file_case_form
from watch.reception.juries import compose
from watch.reception.kept import keep
from watch.reception.minutes import sealed_start, take_minutes
from watch.reception.office_desk import act_from_form
from watch.reception.rosters import awaited, is_list, take_list
from watch.reception.sheets import record_decisions
from watch.share import mirror

if TYPE_CHECKING:
    from watch.doors.claims import Claim

PV = "pv"
UNKNOWN = "Fichier non reconnu"
ATTEMPTS = 8
_REMEDY = (
    "Déposez le document lui-même ; s’il vient d’un autre, redemandez-le lui, ou ouvrez-le et "
    "enregistrez-le sous un autre nom avant de le déposer."
)


def mark_of(claim_id: str) -> str:
    """The mark people quote for a drop: « D-7K2M9QXA », the same for the same claim."""
    digest = hashlib.sha256(claim_id.encode()).digest()
    return "D-" + base64.b32encode(digest)[:8].decode()


def take(office: Office, claim: "Claim") -> tuple[str, ...]:
    """Take one claimed file in, show its answer, end the claim; the streams that moved."""
    receipt = f"depot/{claim.id}"
    moved: tuple[str, ...] = (receipt,)
    if not office.journal.read(receipt):
        drop = _drop(office, claim)
        if drop.in_place and _published(office, drop.sha256):
            # What we published ourselves, untouched: nobody dropped anything.
            claims.finish(office.workspace, claim, office.originals)
            return ()
        moved = record(office, drop, lambda one: _decided(office, one, claim.refusal))
    mirror.show(office, receipt)
    claims.finish(office.workspace, claim, office.originals)
    return tuple(dict.fromkeys(moved))


def _published(office: Office, sha256: str) -> bool:
    """Whether we put these bytes in « À remplir »: a form, or the furthest copy of a PV."""
    if office.journal.find("made", sha256):
        return True
    for stream in office.journal.find("bytes", sha256):
        held = session.fold(office.journal.read(stream))
        if held and held.signed is None and held.returned and held.returned.sha256 == sha256:
            return True
    return False


def _drop(office: Office, claim: "Claim") -> Drop:
    sha256 = claims.stable_copy(claim, office.originals) if claim.keepable else ""
    return Drop(
        claim=claim.id,
        mark=mark_of(claim.id),
        name=claim.name,
        door=claim.door,
        origin=claim.origin,
        in_place=claim.in_place,
        file=office.originals.path(sha256) if sha256 else claim.file,
        sha256=sha256,
        size=office.originals.path(sha256).stat().st_size if sha256 else 0,
        at=office.clock(),
        today=office.today(),
        examined={},
    )


def _decided(office: Office, drop: Drop, refusal: str) -> Answer:
    if refusal:
        raise Refused(UNKNOWN, [refusal], _REMEDY)
    return decide(office, drop)


def record(office: Office, drop: Drop, decider: Callable[[Drop], Answer]) -> tuple[str, ...]:
    """Record what `decider` answers to the drop; decided anew when another writer came first."""
    for _ in range(ATTEMPTS):
        answer = _answer(decider, drop)
        try:
            office.journal.commit(*answer.appends, _receipt(drop, answer))
        except JournalConflict:
            if office.journal.read(f"depot/{drop.claim}"):
                break
            continue
        return (f"depot/{drop.claim}", *(a.stream for a in answer.appends))
    else:
        raise JournalConflict("Trop de travaux écrivent au même endroit.", "Il sera repris.")
    return (f"depot/{drop.claim}",)


def _answer(decider: Callable[[Drop], Answer], drop: Drop) -> Answer:
    try:
        return decider(drop)
    except Refused as no:
        outcome: Outcome = "draft" if no.draft and drop.in_place else "refused"
        return Answer(outcome=outcome, what=no.what, reasons=no.reasons, remedy=no.remedy)
    except UnreadableFile as no:
        return Answer(outcome="refused", what=UNKNOWN, reasons=(no.message,), remedy=no.remedy)


def _receipt(drop: Drop, answer: Answer) -> Append:
    event = DropAnswered(
        name=drop.name,
        sha256=drop.sha256,
        size=drop.size,
        outcome=answer.outcome,
        what=answer.what,
        reasons=answer.reasons,
        remedy=answer.remedy,
        document=drop.mark,
        stream=answer.stream,
        path=drop.origin if drop.in_place else "",
        held=answer.held,
        report=answer.report,
    )
    return Append(stream=f"depot/{drop.claim}", after=0, events=(event,))


def decide(office: Office, drop: Drop) -> Answer:
    """What becomes of a drop: known bytes first, then its form."""
    if known := _already_known(office, drop):
        return known
    if is_list(drop):
        return take_list(office, drop)
    if proof := awaited(office, drop):
        return proof
    try:
        examined = office.examine(drop.file, sealed=sealed_start(office, drop.file))
    except UnreadableFile:
        if kept := keep(drop):
            return kept
        raise
    examined = in_our_words(office, examined)
    seen = Drop(**{**drop.__dict__, "examined": examined})
    imprint = examined.get("imprint")
    if imprint is None and examined["damaged"]:
        raise Refused(
            UNKNOWN,
            examined["warnings"],
            "Attendez la fin de la copie ou du téléchargement, puis déposez-le de nouveau ; s’il "
            "reste illisible, redemandez-le à la personne qui l’a envoyé.",
        )
    if imprint is None and (kept := keep(drop)):
        return kept
    if imprint is None:
        raise Refused(
            UNKNOWN,
            [
                "Ce PDF n’est pas un formulaire de Parchemin, ou son repère a été effacé.",
                *(f"Un formulaire adopté n’est pas repris : {fault}" for fault in faults(office)),
            ],
            "Remplissez le formulaire tiré de « À remplir » ou de « Formulaires vierges », à "
            "l’écran, puis enregistrez-le et déposez-le.",
        )
    form = imprint["form"]
    if form in FORMS and form not in CASE_FORMS:
        must_be_whole(examined, FORMS[form].TITLE, _questions(office, imprint))
    if form == Inscription.NAME:
        return enrol(office, seen)
    if form == OfficeAct.NAME:
        return act_from_form(office, seen)
    if form == Composition.NAME:
        return compose(office, seen)
    stream = _stream_of(office, seen, form)
    if form in CASE_FORMS:
        return file_case_form(office, seen, stream)
    if form == Decisions.NAME:
        return record_decisions(office, seen, stream)
    if form == PV:
        return take_minutes(office, seen, stream)
    raise Refused(
        UNKNOWN,
        ["Ce document sort de ce bureau et n’attend pas de réponse."],
        "Rien à faire : il est déjà au dossier.",
    )


def _questions(office: Office, imprint: dict[str, Any]) -> dict[str, str]:
    """The words of each field’s question, for a form that belongs to no case yet."""
    form = FORMS[imprint["form"]]
    if form is Decisions:
        return {}
    certification = office.printed_certification(
        imprint["certification"], imprint["certification_hash"]
    )
    laid_out = outline(form, Scope(certification=certification))
    return {q.name: where(laid_out, q.name) for q in laid_out.questions()}


def _stream_of(office: Office, drop: Drop, form: str) -> str:
    imprint: dict[str, Any] = drop.examined["imprint"]
    if form == PV:
        return f"session/{imprint['part']}"
    found = office.journal.find("serial", imprint["serial"])
    if not found:
        raise Refused(
            "Formulaire",
            ["Ce formulaire n’a pas été préparé par ce bureau, ou son dossier n’est pas ici."],
            "Prenez le formulaire dans « À remplir » du dossier du candidat.",
        )
    return found[0]


def _already_known(office: Office, drop: Drop) -> Answer | None:
    for stream in office.journal.find("bytes", drop.sha256):
        return Answer(
            outcome="duplicate",
            what="Copie exacte d’un document",
            reasons=(
                f"Ce fichier, à l’octet près, est déjà au {_place(stream)}"
                f"{_under(office, stream, drop.sha256)}.",
            ),
            remedy="Rien à faire.",
            stream=stream,
        )
    for stream in office.journal.find("waiting", drop.sha256):
        return Answer(
            outcome="duplicate",
            what="Copie exacte d’un document",
            reasons=("Ce fichier attend déjà une décision du bureau.",),
            remedy="Le bureau décide par une « Demande du bureau ».",
            stream=stream,
        )
    for stream in office.journal.find("made", drop.sha256):
        return Answer(
            outcome="refused",
            what="Document de ce bureau, tel qu’il en est sorti",
            reasons=(f"C’est le fichier préparé pour le {_place(stream)}, sans rien d’ajouté.",),
            remedy="Remplissez-le ou signez-le, enregistrez-le, puis redéposez-le.",
            stream=stream,
        )
    return None


def _under(office: Office, stream: str, sha256: str) -> str:
    """« , sous le repère D-7K2M9QXA », when the stream says under which."""
    for one in office.journal.read(stream):
        mark = getattr(one.event, "document", "")
        if mark and getattr(one.event, "sha256", "") == sha256:
            return f", sous le repère {mark}"
    return ""


def _place(stream: str) -> str:
    kind, _, number = stream.partition("/")
    return {
        "dossier": f"dossier {number}",
        "session": f"dossier de la session {number}",
        "preinscription": f"dossier des préinscriptions, sous le numéro {number}",
    }.get(kind, "bureau")
