"""The office’s acts on the course of a case: what changed, what is waived, who was reminded.

A correction says that something was written wrongly (`on_case`); a change, that it was right and is
no more. Nothing here is possible but where a rule says so, and each act keeps who, why and when.
"""

import re

from casefiles.answers import FORMS, Avis, Inscription
from casefiles.answers.outline import Question, outline
from casefiles.answers.reading import accept, where
from casefiles.casefile import CaseFile
from casefiles.events import (
    ArrangementNoted,
    AvisNotGiven,
    CandidateAdded,
    CertifierAnswered,
    ContactMade,
    Event,
    FactChanged,
    RequirementWaived,
    TimeGranted,
)
from casefiles.journal import Append
from casefiles.projection import name_key
from casefiles.rules import waivers
from watch.office import Office
from watch.reception.acts.request import (
    Request,
    case_of,
    date_in,
    day_of,
    done,
    done_to_case,
    undecided,
)
from watch.reception.answer import Answer, Refused, refused_findings, refused_problems
from watch.reception.filing import progressed
from watch.reception.printable import unprintable

CHANGING = ("candidate/", "company/")
BORN = ("candidate/birth_date", "candidate/birth_place", "candidate/birth_country")
MOST_EXTRA = 200
NONE = ("aucun", "sans", "leve")
UNKEPT = "La demande elle-même n’est pas gardée : la raison qu’elle dirait ne regarde personne ici."


def change(office: Office, request: Request, what: str) -> Answer:
    """A name, a company changed in life: what was written before stays right."""
    case, after = case_of(office, request.number, what)
    if case.delivery is not None:
        raise Refused(
            what,
            ["Le parchemin est délivré : il reste juste, au nom porté ce jour-là."],
            "Le changement se prouve à côté de lui ; rien n’est à refaire.",
        )
    question, words = _of_inscription(office, case, request, what)
    since = day_of(request, office.today(), what)
    before = _known(case, question.name)
    if before == request.value:
        raise Refused(what, [f"C’est déjà « {before} »."], "Rien à faire.")
    _must_hold(office, case, question.name, request.value, what)
    event = FactChanged(
        field=question.name,
        where=words,
        before=before,
        after=request.value,
        since=since,
        by=request.by,
        because=request.because,
    )
    return Answer(
        outcome="accepted",
        what="",
        reasons=("Le changement est noté ; les documents d’avant restent tels quels.",),
        stream=case.stream,
        appends=(
            Append(stream=case.stream, after=after, events=(event,)),
            *_session_told(office, case, event),
        ),
    )


def _of_inscription(
    office: Office, case: CaseFile, request: Request, what: str
) -> tuple[Question, str]:
    """The question of the inscription those words name, among those that may change in life."""
    certification = office.certification_of(case.certification_hash)
    laid_out = outline(Inscription, case.scope(certification, form=Inscription.NAME))
    asked = name_key(request.question)
    found = [
        (question, words)
        for question in laid_out.questions()
        if question.name.startswith(CHANGING) and question.name not in BORN
        for words in (where(laid_out, question.name),)
        if question.name == request.question or asked in (name_key(question.label), name_key(words))
    ]
    if len(found) == 1:
        return found[0]
    choice = " ; ".join(words for _, words in found)
    raise Refused(
        what,
        [
            f"Plusieurs questions s’appellent ainsi : {choice}."
            if found
            else f"« {request.question} » n’est pas de ce qui change : le nom du candidat, ses "
            "coordonnées, l’entreprise et qui y donne l’avis."
        ],
        "Recopiez les mots de l’inscription. Une réponse mal écrite dès l’origine se corrige par "
        "« Corriger une réponse ».",
    )


def _known(case: CaseFile, field: str) -> str:
    holder = case.candidate if field.startswith("candidate/") else case.company
    known = getattr(holder, field.partition("/")[2], None)
    if known is None:
        values = [d.values.get(field) for d in case.standing(Inscription.NAME)]
        known = values[-1] if values else ""
    return str(known or "")


def _must_hold(office: Office, case: CaseFile, field: str, value: str, what: str) -> None:
    """Refused when the inscription would not take that answer."""
    for document in case.standing(Inscription.NAME)[-1:]:
        certification = office.certification_of(case.certification_hash)
        changed = {**document.values, field: value}
        scope = case.scope(certification, form=Inscription.NAME)
        reading = accept(Inscription, scope, changed, today=office.today())
        found = (*reading.problems, *unprintable(changed, scope))
        wrong = [p for p in found if p.field == field]
        if wrong:
            raise refused_problems(what, wrong)


def _session_told(office: Office, case: CaseFile, event: FactChanged) -> tuple[Append, ...]:
    """The session’s agenda under the new name, and word that the case moved."""
    if case.is_decided:
        return ()
    told = progressed(office, case, "")
    if not told or not event.field.startswith("candidate/"):
        return told
    name = event.field.partition("/")[2]
    person = case.candidate.model_copy(update={name: event.after})
    renamed: tuple[Event, ...] = (CandidateAdded(case=case.number, name=person.full_name),)
    return tuple(
        Append(stream=one.stream, after=one.after, events=(*renamed, *one.events)) for one in told
    )


def arrange(office: Office, request: Request, what: str) -> Answer:
    """Note the arrangement granted for the épreuves, never its reason; « aucun » takes it back."""
    case, after = undecided(office, request, what)
    words = request.value.strip()
    lifted = name_key(words) in NONE
    percent = re.search(r"(\d+)\s*%", request.question)
    extra = int(percent.group(1)) if percent else 0
    if request.question.strip() and (percent is None or not 0 < extra <= MOST_EXTRA):
        raise Refused(
            what,
            [f"Le temps ajouté ne se lit pas dans « {request.question} »."],
            f"Écrivez-le en pourcentage, de 1 à {MOST_EXTRA}, par exemple « 33 % ».",
        )
    granted = 0 if lifted else extra
    event = ArrangementNoted(
        arrangement=None if lifted else words,
        extra_percent=granted,
        by=request.by,
        because="",  # the arrangement, never its reason
    )
    said = (
        "L’aménagement est levé."
        if lifted
        else "L’aménagement est noté ; la consigne pour les évaluateurs est dans « À remplir », "
        "et nulle part dans les pièces du jury."
    )
    return Answer(
        outcome="accepted",
        what="",
        reasons=(said, UNKEPT),
        stream=case.stream,
        appends=(
            Append(stream=case.stream, after=after, events=(event,)),
            *_time_told(office, case, granted),
        ),
    )


def _time_told(office: Office, case: CaseFile, granted: int) -> tuple[Append, ...]:
    """The session convenes the candidate anew when their time changes; the jury learns nothing."""
    if case.session is None or granted == case.extra_percent:
        return ()
    stream = f"session/{case.session}"
    event = TimeGranted(case=case.number, extra_percent=granted)
    return (Append(stream=stream, after=len(office.journal.read(stream)), events=(event,)),)


def waive(office: Office, request: Request, what: str) -> Answer:
    """Do without a document, where a rule says so; Refused with the rule that asks for it."""
    case, after = undecided(office, request, what)
    form = _form(request.question, what)
    if case.standing(form):
        raise Refused(what, ["Cette pièce est déjà au dossier."], "Rien à faire.")
    if case.excused(form):
        raise Refused(what, ["Cette pièce n’est déjà plus attendue."], "Rien à faire.")
    found = waivers.waiver(case, office.certification_of(case.certification_hash), form)
    if found.status == "refused":
        raise refused_findings(
            what, [found], "La pièce reste due ; si l’entreprise ne la rendra pas, constatez-le."
        )
    event = RequirementWaived(
        form=form,
        rule=found.rule,
        source=found.source,
        by=request.by,
        because=request.because,
    )
    return done_to_case(
        office, case, after, event, "La pièce n’est plus attendue ; le jury le lira en tête."
    )


def contact(office: Office, request: Request, what: str) -> Answer:
    """Keep the trace of a reminder: whom, that day, how, and what was answered."""
    case, after = undecided(office, request, what)
    form = _form(request.question, what) if request.question.strip() else Avis.NAME
    event = ContactMade(
        form=form,
        whom=_owing(case, form),
        on=day_of(request, office.today(), what),
        how=request.value,
        by=request.by,
    )
    return done(case.stream, after, event, "La relance est notée au dossier.")


def _owing(case: CaseFile, form: str) -> str:
    company = case.company
    if form == Avis.NAME and company is not None:
        return f"{company.name} ({company.contact})" if company.contact else company.name
    return case.candidate.full_name if company is None else company.name


def not_given(office: Office, request: Request, what: str) -> Answer:
    """Establish that the avis will not be given, after traced contacts."""
    case, after = undecided(office, request, what)
    certification = office.certification_of(case.certification_hash)
    if case.not_given is not None:
        raise Refused(what, ["Le constat est déjà au dossier."], "Rien à faire.")
    found = waivers.avis_not_given(case, certification)
    if found.status == "refused":
        raise refused_findings(
            what, [found], "Notez chaque relance (« Noter une relance faite »), puis constatez."
        )
    event = AvisNotGiven(contacts=waivers.contacts(case), by=request.by, because=request.because)
    possible = (
        "Le jury peut examiner le dossier, et attribuer la certification entière."
        if certification.avis_not_given.obtention
        else "Le jury peut examiner le dossier : ajourner, ou décider des blocs qu’il peut, mais "
        "pas attribuer la certification entière."
    )
    return done_to_case(office, case, after, event, possible)


def certifier(office: Office, request: Request, what: str) -> Answer:
    """Record until when the certifier delivers to this candidate, and the day it said so."""
    case, after = case_of(office, request.number, what)
    certification = office.certification_of(case.certification_hash)
    if certification.registration is None:
        raise Refused(
            what,
            [f"Le {certification.name} n’est pas enregistré : aucune date ne l’arrête."],
            "Rien à faire.",
        )
    answered = day_of(request, office.today(), what)
    no = name_key(request.value) in ("non", "ne delivre plus")
    until = None if no else date_in(request.value, what)
    event = CertifierAnswered(
        deliver_until=until, answered_on=answered, by=request.by, because=request.because
    )
    return done(case.stream, after, event, "La réponse du certificateur est consignée.")


def _form(words: str, what: str) -> str:
    asked = name_key(words)
    for name, form in FORMS.items():
        if asked in (name_key(form.TITLE), name_key(name), name_key(form.CODE)):
            return name
    titles = ", ".join(f"« {form.TITLE} »" for form in FORMS.values())
    raise Refused(
        what, [f"« {words} » n’est le nom d’aucune pièce."], f"Écrivez son titre : {titles}."
    )
