"""One open step, one effect: computed maybe twice, recorded once, published by the mirror after.

`advance` does every step of a stream that is ours and due, in order. What goes wrong is an event
too, tried again later; after five attempts the step is blocked and says so. A full disk or a
database that is away is no step’s failure: everything waits for it, however long.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from casefiles import casefile, next_steps, preregistration, reminders, session
from casefiles.errors import JournalConflict, ParcheminError, StoreAway, TakenOver
from casefiles.events import Recorded, StepFailed
from casefiles.failure import PATIENT
from casefiles.journal import FAR, Append
from casefiles.system import disk_refuses
from watch import logs
from watch.keeping import daily
from watch.office import Office
from watch.share import anchoring, blanks, board, mirror, verification
from watch.steps import (
    arranging,
    correspondence,
    delivery,
    emargement,
    notices,
    preparation,
    preregistrations,
    proofs,
    sittings,
    volumes,
)

log = logging.getLogger("parchemin.work")

Effect = Callable[[Office, Sequence[Recorded]], tuple[Append, ...]]

EFFECTS: dict[str, Effect] = {
    "formulaires": preparation.issue_forms,
    "couverture": preparation.cover,
    "recapitulatif": preparation.summarise,
    "amenagement": arranging.arrange,
    "notification": notices.notify,
    "attestation": notices.attest,
    "remise": delivery.hand_over,
    "parchemin": delivery.draw_parchemin,
    "duplicata": delivery.draw_duplicate,
    "ordre-du-jour": sittings.draw_agenda,
    "pieces": volumes.seal_pieces,
    "feuille": sittings.issue_sheet,
    "pv": volumes.draw_minutes,
    next_steps.EMARGEMENT: emargement.place,
    "transmettre": sittings.send_decisions,
    "convocations": correspondence.convene,
    "relance": correspondence.remind,
    "envoi": correspondence.transmit,
    "inscription": preregistrations.announce,
}

PAGES: dict[str, Callable[[Office], None]] = {
    blanks.STREAM: blanks.show,
    board.STREAM: board.show,
    verification.STREAM: verification.show,
    anchoring.STREAM: daily.show,
}

STEPS_AT_ONCE = 20


def advance(office: Office, stream: str) -> tuple[str, ...]:
    """Do what is due on the stream, then show it on the share; what else is to be advanced.

    Four names are no streams: the blank forms, the board, the page that checks parchemins, the
    journal’s anchor. TakenOver when another does it meanwhile.
    """
    with office.working_on(stream):
        return _advance(office, stream)


def _advance(office: Office, stream: str) -> tuple[str, ...]:
    if stream in PAGES:
        PAGES[stream](office)
        return ()
    # The board shows every case: drawn again for what moved, not for a look that found nothing.
    behind = stream in office.journal.unpublished() or stream.startswith("depot/")
    touched: set[str] = {board.STREAM} if behind else set()
    for _ in range(STEPS_AT_ONCE):
        recorded = office.journal.read(stream)
        key = _due(recorded, office.clock(), office)
        if key is None:
            break
        try:
            appends = _effect(key)(office, recorded)
            office.journal.commit(*appends)
        except JournalConflict:
            continue
        except TakenOver:
            raise
        except Exception as error:
            if isinstance(error, StoreAway) or disk_refuses(error):
                raise
            _failed(office, stream, recorded, key, error)
            touched.add(board.STREAM)
            break
        touched |= {board.STREAM, *(a.stream for a in appends)}
    if stream.startswith("registre/"):
        # A withdrawal changes the list that « Vérifier un parchemin » reads: shown before the
        # register is noted to be, so that a death in between leaves both to be done.
        advance(office, verification.STREAM)
    mirror.show(office, stream)
    return tuple(sorted(touched - {stream}))


def _effect(key: str) -> Effect:
    """What does that step: a proof to complete names its document after the verb."""
    return partial(proofs.complete, key=key) if key.startswith(PATIENT) else EFFECTS[key]


def fallen(office: Office, stream: str) -> tuple[str, ...]:
    """Record that the stream’s step ended the process that was doing it, more than once."""
    with office.working_on(stream):
        recorded = office.journal.read(stream)
        key = _due(recorded, office.clock(), office)
        if key is not None:
            lost = ParcheminError("Le programme s’est arrêté net pendant cette étape.", "")
            _failed(office, stream, recorded, key, lost)
    return (board.STREAM, stream)


def _due(recorded: Sequence[Recorded], at: datetime, office: Office) -> str | None:
    """The first step of ours whose time has come."""
    folded = _fold(recorded)
    if folded is None:
        return None
    if isinstance(folded, session.Session):
        steps = next_steps.of_session(folded)
    elif isinstance(folded, preregistration.Preregistration):
        steps = preregistration.steps(folded)
    else:
        certification = office.certification_of(folded.certification_hash)
        steps = next_steps.of_case(folded, certification)
    for step in steps:
        failed = folded.failures.get(step.key)
        later = step.due is not None and step.due > at.date()
        waits = failed and (failed.blocked or at < failed.retry_at <= at + FAR)
        if step.ours and not later and not waits:
            return step.key
    if isinstance(folded, casefile.CaseFile) and _to_remind(folded, steps, at, office):
        return reminders.REMINDER
    return None


def _to_remind(
    case: casefile.CaseFile, steps: tuple[next_steps.Step, ...], at: datetime, office: Office
) -> bool:
    """Whether a relance is due: the office asked, or nothing has moved for too long."""
    failed = case.failures.get(reminders.REMINDER)
    if failed and (failed.blocked or failed.retry_at > at):
        return False
    return reminders.is_due(
        case,
        steps,
        moved_on=case.moved_at.astimezone().date(),
        today=at.astimezone().date(),
        after_days=office.settings.letters.remind_after,
    )


def _fold(
    recorded: Sequence[Recorded],
) -> casefile.CaseFile | session.Session | preregistration.Preregistration | None:
    return casefile.fold(recorded) or session.fold(recorded) or preregistration.fold(recorded)


def _failed(
    office: Office, stream: str, recorded: Sequence[Recorded], key: str, error: Exception
) -> None:
    folded = _fold(recorded)
    before = folded.failures.get(key) if folded else None
    attempt = before.attempt + 1 if before else 1
    # Only our own errors speak to people; a foreign one could carry personal data into a log.
    said = (
        str(error)
        if isinstance(error, ParcheminError)
        else "Le programme a rencontré une erreur qui ne vient pas de vous ; il réessaie de "
        "lui-même. Si l’étape reste bloquée, montrez ce mot à votre informatique : "
        f"{type(error).__name__}."
    )
    log.warning("stream=%s step=%s attempt=%d error=%s", stream, key, attempt, type(error).__name__)
    log.debug("step failed at %s", logs.place(error))
    event = StepFailed(
        step=key,
        attempt=attempt,
        error=said,
        retry_at=office.clock() + timedelta(seconds=office.settings.retry_delay(attempt)),
    )
    try:
        office.journal.commit(Append(stream=stream, after=len(recorded), events=(event,)))
    except JournalConflict:
        log.info("stream=%s moved while its failure was recorded", stream)
