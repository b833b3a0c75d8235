"""The office’s acts on letters: convene a session, remind whoever owes something to a case.

A template that would not do is refused here, by name, before anything is prepared.
"""

from casefiles import next_steps, reminders, summons
from casefiles.events import ConvocationsAsked, ReminderAsked
from watch.office import Office
from watch.reception.acts.request import Request, case_of, done, session_of
from watch.reception.answer import Answer, Refused


def convene(office: Office, request: Request, what: str) -> Answer:
    """Prepare the convocations of a session; what changes afterwards is told by new ones."""
    held, after = session_of(office, request.number, what)
    if held.signed is not None:
        raise Refused(what, ["Le jury de cette session a délibéré."], "Rien à faire.")
    if held.convened:
        raise Refused(
            what,
            [
                "Les convocations de cette session sont déjà préparées."
                if not summons.due(held)
                else "Les convocations de cette session sont en cours de préparation."
            ],
            "Un changement de date, de lieu ou de personnes en prépare de nouvelles de lui-même.",
        )
    _usable(office, "convocation", what)
    event = ConvocationsAsked(by=request.by, because=request.because)
    return done(held.stream, after, event, "Les convocations se préparent dans « À envoyer ».")


def remind(office: Office, request: Request, what: str) -> Answer:
    """Prepare a relance to each person who owes something to the case."""
    case, after = case_of(office, request.number, what)
    certification = office.certification_of(case.certification_hash)
    owing = reminders.owed(case, next_steps.of_case(case, certification))
    if not owing:
        raise Refused(
            what,
            ["Personne d’autre que le bureau ne doit rien à ce dossier."],
            "Lisez « RESTE À FAIRE » du dossier.",
        )
    _usable(office, "relance", what)
    event = ReminderAsked(by=request.by, because=request.because)
    people = ", ".join(one.who for one in owing)
    return done(
        case.stream,
        after,
        event,
        f"La relance se prépare dans « À envoyer », pour : {people}. Une fois envoyée, notez-le "
        "avec son jour (« Noter une relance faite ») : c’est ce qui compte.",
    )


def _usable(office: Office, letter: str, what: str) -> None:
    from templates.letters import LetterError, check

    try:
        check(letter, office.settings.letters.folder)
    except LetterError as no:
        raise Refused(what, [no.message], no.remedy) from no
