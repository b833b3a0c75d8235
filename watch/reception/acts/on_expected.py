"""The office’s acts on a candidate a list announced: expected all the same, or put aside."""

from casefiles import preregistration
from casefiles.answers.office_act import ActKind
from casefiles.events import LikenessSettled, PreregistrationClosed
from watch.office import Office
from watch.reception.acts.request import Request, done
from watch.reception.answer import Answer, Refused


def act(office: Office, request: Request, what: str) -> Answer | None:
    """The answer to an act on a préinscription; None when it is about something else."""
    held = _named(office, request)
    if held is None or request.kind is ActKind.RETRY:
        return None
    if held.closed:
        case = held.closed.case
        raise Refused(
            what,
            [
                f"Cette préinscription a ouvert le dossier {case}."
                if case
                else "Cette préinscription est déjà écartée."
            ],
            "Rien à faire.",
        )
    by, because = request.by, request.because
    after = len(office.journal.read(held.stream))
    if request.kind in (ActKind.SET_ASIDE, ActKind.ABANDON):
        event = PreregistrationClosed(by=by, because=because)
        return done(held.stream, after, event, f"{held.listed.name} n’est plus attendu(e).")
    if request.kind is ActKind.HOMONYM and held.asked:
        settled = LikenessSettled(by=by, because=because)
        return done(held.stream, after, settled, "L’inscription préremplie est préparée.")
    raise Refused(
        what,
        [f"{held.number} est une préinscription : aucun dossier n’est encore ouvert."],
        "Attendez l’inscription rendue, ou écartez la préinscription.",
    )


def _named(office: Office, request: Request) -> preregistration.Preregistration | None:
    """The préinscription whose number the request gives, as its subject or its document."""
    for said in (request.document, request.number):
        stream = f"preinscription/{said.strip().upper()}"
        if held := preregistration.fold(office.journal.read(stream)):
            return held
    return None
