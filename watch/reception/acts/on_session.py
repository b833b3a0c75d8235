"""The office’s acts on a session: add, withdraw, close; and its word on a PV that waits."""

from casefiles import session
from casefiles.events import (
    AgendaClosed,
    AppealLodged,
    CandidateWithdrawn,
    DocumentConfirmed,
    MinutesReopened,
    PvSigned,
    SessionLeft,
)
from casefiles.journal import Append
from casefiles.session import Session
from watch.office import Office
from watch.reception import juries
from watch.reception.acts.request import Request, case_of, done, held_by, session_of
from watch.reception.answer import Answer, Refused


def add(office: Office, request: Request, what: str) -> Answer:
    """Put a case on the agenda."""
    held, after = session_of(office, request.number, what)
    _still_open(held, what)
    case, _ = case_of(office, request.case, what)
    if case.certification != held.certification:
        raise Refused(what, ["Ce dossier vise une autre certification."], "Rien n’est changé.")
    if case.number in held.names:
        raise Refused(what, ["Ce dossier est déjà à l’ordre du jour."], "Rien à faire.")
    juries.check_joinable(case, office, held.reference, held.day, what)
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


def withdraw(office: Office, request: Request, what: str) -> Answer:
    """Take a case off the agenda; after the closure, the volumes are void and made anew."""
    held, after = session_of(office, request.number, what)
    if held.signed is not None:
        raise Refused(
            what,
            [f"Le procès-verbal de la session {held.reference} est signé."],
            "Une décision inscrite à tort se corrige par un procès-verbal rectificatif : demande "
            "« Rectifier un procès-verbal signé ».",
        )
    case, position = case_of(office, request.case, what)
    if case.number not in held.names:
        raise Refused(what, ["Ce dossier n’est pas à l’ordre du jour."], "Rien à faire.")
    left = CandidateWithdrawn(case=case.number, by=request.by, because=request.because)
    gone = SessionLeft(session=held.reference, because=request.because)
    return Answer(
        outcome="accepted",
        what=what,
        reasons=(f"{case.candidate.full_name} quitte l’ordre du jour.", *voided(held)),
        stream=held.stream,
        appends=(
            Append(stream=held.stream, after=after, events=(left,)),
            Append(stream=case.stream, after=position, events=(gone,)),
        ),
    )


def close(office: Office, request: Request, what: str) -> Answer:
    """Close the agenda: *Pièces* is sealed from it."""
    held, after = session_of(office, request.number, what)
    _still_open(held, what)
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
    return done(held.stream, after, event, "L’ordre du jour est clos ; les pièces sont scellées.")


def confirm_minutes(office: Office, request: Request, what: str) -> Answer:
    """Answer for the signers of a PV that waits: the decisions then stand."""
    waiting = held_by(office, request.document)
    stream = str(waiting["stream"])
    recorded = office.journal.read(stream)
    held = session.fold(recorded)
    final = PvSigned.model_validate(waiting["pv"])
    if held is None or held.pv is None or held.pv.version != final.version or held.over:
        raise Refused(
            what, ["Ce procès-verbal a été remplacé ou signé depuis."], "Rien à confirmer."
        )
    word = DocumentConfirmed(document=request.document, by=request.by, because=request.because)
    return Answer(
        outcome="accepted",
        what=what,
        reasons=("Les signataires sont confirmés ; les décisions sont prises.",),
        stream=stream,
        appends=(
            Append(
                stream=stream,
                after=len(recorded),
                events=(final, word),
                effect_key=f"deliberation/{held.reference}/{final.version}",
            ),
        ),
    )


def voided(held: Session) -> tuple[str, ...]:
    """What a change after the closure makes void, in words."""
    if not held.closed or held.pieces is None:
        return ()
    pv = f", le procès-verbal version {held.pv.version} est annulé" if held.pv else ""
    return (f"Le volume des pièces, version {held.pieces.version}, est refait{pv}.",)


def rectify(office: Office, request: Request, what: str) -> Answer:
    """A decision was written down wrongly: another PV will replace the signed one."""
    held, after = session_of(office, request.number, what)
    if held.signed is None:
        raise Refused(
            what,
            [f"Le procès-verbal de la session {held.reference} n’est pas signé."],
            "Tant que le président n’a pas signé, redéposez la feuille de décisions corrigée.",
        )
    if held.rectifying is not None:
        raise Refused(
            what,
            ["Une rectification est déjà en cours pour cette session."],
            "Remplissez la feuille de décisions qui se trouve dans le dossier de la session.",
        )
    event = MinutesReopened(by=request.by, because=request.because)
    return done(
        held.stream,
        after,
        event,
        f"Le procès-verbal version {held.signed.version} reste en vigueur jusqu’à la signature du "
        "procès-verbal rectificatif.",
        "Une nouvelle feuille de décisions est préparée dans le dossier de la session.",
    )


def appeal(office: Office, request: Request, what: str) -> Answer:
    """A recours: the case may be judged again; the first decision is kept."""
    case, after = case_of(office, request.number, what)
    if case.decision is None or not case.is_decided:
        raise Refused(
            what,
            ["Le jury n’a pas rendu de décision dont on puisse faire recours."],
            "Un candidat ajourné, absent ou excusé s’inscrit simplement à une autre session.",
        )
    event = AppealLodged(
        session=case.decision.session,
        outcome=case.decision.decision.outcome,
        by=request.by,
        because=request.because,
    )
    return done(
        case.stream,
        after,
        event,
        "Le recours est enregistré ; la première décision reste au dossier.",
        "Inscrivez le dossier à une nouvelle session de jury.",
    )


def _still_open(held: Session, what: str) -> None:
    if held.closed:
        raise Refused(
            what,
            [f"L’ordre du jour de la session {held.reference} est clos."],
            "Après la clôture, personne n’y entre ; inscrivez le dossier à une autre session.",
        )
