"""What we write: convocations with their invitation, relances, the certifier’s bordereau."""

from collections.abc import Sequence
from datetime import date

from casefiles import casefile, next_steps, reminders, summons
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import ProductIssued, Recorded
from casefiles.journal import Append
from casefiles.next_steps import TRANSMITTAL
from casefiles.reminders import REMINDER, Reminder
from casefiles.session import Session
from casefiles.summons import SUMMONS, Summons
from watch.office import Office
from watch.share.naming import ending_of, safe_name
from watch.steps import mailing
from watch.steps.mailing import Enclosed, Mail
from watch.steps.sittings import session_of

TO_SEND = "À envoyer"


def convene(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """A convocation and its invitation for each guest to whom something is still to be told."""
    held = session_of(recorded)
    certification = office.certification_of(held.certification_hash)
    due = summons.due(held)
    mails = [_convocation(office, held, certification, one) for one in due]
    sitting = summons.sitting_of(held)
    issued = tuple(
        ProductIssued(
            product=SUMMONS,
            sha256=office.originals.put(data),
            path=_summons_path(one),
            basis=one.basis,
            facts={
                "guest": one.guest,
                "name": one.name,
                "basis": one.basis,
                "sitting": sitting,
                "sequence": one.sequence,
                "cancelled": one.cancelled,
            },
        )
        for one, data in zip(due, mailing.prepare(office, mails), strict=True)
    )
    return (Append(stream=held.stream, after=len(recorded), events=issued),)


def _summons_path(one: Summons) -> str:
    what = "Annulation" if one.cancelled else "Convocation"
    again = f" modifiée {one.sequence}" if one.sequence and not one.cancelled else ""
    return f"{TO_SEND}/{safe_name(f'{what}{again} - {one.name}')}.eml"


def _convocation(office: Office, held: Session, certification: Certification, one: Summons) -> Mail:
    from templates import letters

    sender, today = mailing.sender(office), office.today()
    juror = next((m for m in held.members if m.name == one.guest), None)
    case = casefile.fold(office.journal.read(f"dossier/{one.guest}"))
    to = mailing.address_of(office, one.name) or (case.candidate.email if case else "")
    minutes = office.settings.letters.minutes
    if juror is None and case is not None:
        # Only the candidate reads their own; the jury’s invitation keeps the common duration.
        minutes = case.lengthened(minutes)
    calendar = letters.invitation(
        held,
        certification,
        organiser=letters.Guest(name=sender.name, email=sender.email),
        guest=letters.Guest(name=one.name, email=to),
        stamped=office.clock(),
        sequence=one.sequence,
        minutes=minutes,
        cancelled=one.cancelled,
    )
    method = "CANCEL" if one.cancelled else "REQUEST" if to and sender.email else "PUBLISH"
    enclosed = Enclosed(
        name=f"Jury {held.reference}.ics",
        data=calendar,
        kind="text/calendar",
        parameters={"method": method, "charset": "utf-8"},
    )
    where = f"{held.day:%d/%m/%Y}{f', {held.hour}' if held.hour else ''}, {held.place}, {held.town}"
    if one.cancelled:
        return Mail(
            to=to,
            subject=f"Annulation : jury {held.reference} du {held.day:%d/%m/%Y}",
            body=f"Bonjour,\n\nVous n’êtes plus attendu(e) au jury {held.reference} "
            f"({certification.name}), {where}.\nOuvrez le fichier joint pour le retirer de votre "
            "agenda.",
            enclosed=(enclosed,),
        )
    facts = (
        letters.summons(held, certification, juror, sender, on=today, postponed=one.moved)
        if juror is not None
        else letters.candidate_summons(
            held, certification, _case(case), sender, on=today, postponed=one.moved
        )
    )
    changed = "Cette convocation remplace la précédente.\n" if one.sequence else ""
    return Mail(
        to=to,
        subject=f"{'Convocation modifiée' if one.sequence else 'Convocation'} : jury "
        f"{held.reference} du {held.day:%d/%m/%Y}",
        body=f"Bonjour,\n\nVeuillez trouver votre convocation au jury {held.reference} "
        f"({certification.name}), {where}.\n{changed}Le second fichier joint l’inscrit à votre "
        "agenda.",
        letter="convocation",
        facts=facts,
        file=f"Convocation {held.reference} - {one.name}",
        enclosed=(enclosed,),
    )


def _case(case: CaseFile | None) -> CaseFile:
    if case is None:
        raise ValueError("the session names a case the journal does not hold")
    return case


def remind(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """A letter to each person who owes something to the case, with what and why.

    A letter prepared is not a contact: it is one once the office says on which day it was sent.
    """
    case = _case(casefile.fold(recorded))
    certification = office.certification_of(case.certification_hash)
    due = reminders.owed(case, next_steps.of_case(case, certification))
    mails = [_relance(office, case, certification, one) for one in due]
    issued = [
        ProductIssued(
            product=REMINDER,
            sha256=office.originals.put(data),
            path=f"{TO_SEND}/{_reminder_name(one)}.eml",
            facts={"who": one.who, "rank": one.rank, "asked": case.reminders_asked},
        )
        for one, data in zip(due, mailing.prepare(office, mails), strict=True)
    ]
    return (Append(stream=case.stream, after=len(recorded), events=tuple(issued)),)


def _reminder_name(one: Reminder) -> str:
    return safe_name(f"Relance {one.rank + 1} - {one.who}")


def _relance(office: Office, case: CaseFile, certification: Certification, one: Reminder) -> Mail:
    from templates.letters import reminder

    company = case.company
    own = one.who == "le candidat"
    theirs = company is not None and one.who.startswith(company.name)
    to = (
        case.candidate.email
        if own
        else company.email
        if company is not None and theirs
        else mailing.address_of(office, one.who)
    )
    name = case.candidate.full_name if own else one.who
    if company is not None and theirs:
        name = company.contact or company.name
    facts = reminder(
        case,
        certification,
        one.steps,
        mailing.sender(office),
        to=name[:1].upper() + name[1:],
        detail=company.name if company is not None and theirs else "",
        on=office.today(),
        jury_on=_jury_day(office, case),
        rank=one.rank + 1,
    )
    what = "\n".join(f"   – {step.what}" for step in one.steps)
    return Mail(
        to=to,
        subject=f"Relance : dossier {case.number}, {case.candidate.full_name}",
        body=f"Bonjour,\n\nLe dossier {case.number} de {case.candidate.full_name} "
        f"({certification.name}) attend encore de vous :\n{what}\n\nLa lettre jointe le redit.",
        letter="relance",
        facts=facts,
        file=f"Relance {case.number}",
    )


def _jury_day(office: Office, case: CaseFile) -> date | None:
    if case.session is None:
        return None
    return session_of(office.journal.read(f"session/{case.session}")).day


def transmit(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The bordereau d’envoi to the certifier, with the PV, its émargement and the composition."""
    from templates.letters import Attachment, transmittal

    held = session_of(recorded)
    if held.signed is None:
        raise ValueError("the president has not signed")
    certification = office.certification_of(held.certification_hash)
    pieces = [
        (
            "Procès-verbal signé du jury de délibération, avec la feuille d’émargement",
            f"Procès-verbal {held.reference}.pdf",
            held.signed.sha256,
        ),
        *(
            (
                f"{what} (repère {mark})",
                safe_name(f"{what} {held.reference} - {mark}")
                + ending_of(office.originals.path(sha256)),
                sha256,
            )
            for mark, what, sha256, _ in held.received
            if what == "Composition du jury" or mark in held.signed.by_hand.values()
        ),
    ]
    attached = [Attachment(what=what, file=file, sha256=sha) for what, file, sha in pieces]
    certifier = certification.certifier
    mail = Mail(
        to=mailing.address_of(office, certifier.name),
        subject=f"Jury {held.reference} du {held.day:%d/%m/%Y} : envoi au certificateur",
        body=f"Bonjour,\n\nVeuillez trouver le bordereau d’envoi du jury {held.reference} "
        f"({certification.name}), le procès-verbal signé avec l’émargement, et la composition du "
        "jury.",
        letter="bordereau",
        facts=transmittal(held, certification, attached, mailing.sender(office), on=office.today()),
        file=f"Bordereau d’envoi {held.reference}",
        enclosed=tuple(
            Enclosed(name=file, data=office.originals.get(sha)) for _, file, sha in pieces
        ),
    )
    (data,) = mailing.prepare(office, [mail])
    issued = ProductIssued(
        product=TRANSMITTAL,
        sha256=office.originals.put(data),
        path=f"{TO_SEND}/Bordereau d’envoi au certificateur.eml",
        basis=held.signed.sha256,
    )
    return (Append(stream=held.stream, after=len(recorded), events=(issued,)),)
