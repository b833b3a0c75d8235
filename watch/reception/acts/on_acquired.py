"""The office’s act on a bloc acquired before: a « reprise », with the document that proves it."""

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import BlocAcquired
from casefiles.naming import name_key
from casefiles.rules import acquired
from casefiles.rules.finding import source
from casefiles.rules.stated import where
from watch.office import Office
from watch.reception.acts.request import Request, day_of, done_to_case, undecided
from watch.reception.answer import Answer, Refused
from watch.reception.kept import proof


def acquire(office: Office, request: Request, what: str) -> Answer:
    """Take a bloc acquired before this case over, so that it is examined no more."""
    case, after = undecided(office, request, what)
    certification = office.certification_of(case.certification_hash)
    bloc = _bloc(certification, request.question, what)
    if any(one.bloc == bloc for one in case.carried):
        raise Refused(what, [f"{bloc} est déjà repris dans ce dossier."], "Rien à faire.")
    event = BlocAcquired(
        bloc=bloc,
        origin="reprise",
        on=day_of(request, office.today(), what),
        certification=certification.name,
        session=request.value,
        proof_sha256=proof(office, request.document, what),
        document=request.document.strip(),
        by=request.by,
        because=request.because,
    )
    _may_be_taken_over(office, case, certification, event, what)
    said = f"{bloc} est repris comme acquis : il n’est plus à évaluer ; le jury en lira l’origine."
    return done_to_case(office, case, after, event, said)


def _bloc(certification: Certification, words: str, what: str) -> str:
    asked = name_key(words)
    for bloc in certification.blocs:
        if asked in (name_key(bloc.id), name_key(bloc.title), name_key(f"{bloc.id} {bloc.title}")):
            return bloc.id
    names = ", ".join(f"{b.id} ({b.title})" for b in certification.blocs)
    raise Refused(what, [f"« {words} » n’est le nom d’aucun bloc."], f"Les blocs : {names}.")


def _may_be_taken_over(
    office: Office, case: CaseFile, certification: Certification, event: BlocAcquired, what: str
) -> None:
    reasons = []
    if not certification.gives_blocs:
        reasons.append(
            f"Les blocs du {certification.name} ne s’acquièrent pas séparément. (Règle R62 ; "
            f"source : {where('R62', certification)}.)"
        )
    if not acquired.still_held(event, certification, office.today()):
        reasons.append(
            f"Acquis le {event.on:%d/%m/%Y}, il ne compte plus : {certification.name}, "
            f"{certification.components_valid_months} mois. (Règle R63 ; source : {source('R63')}.)"
        )
    if len(case.scope(certification).rows("blocs")) < 2:
        reasons.append(
            "Il ne resterait rien à examiner : le certificateur délivre alors sans ce dossier."
        )
    if reasons:
        raise Refused(what, reasons, "Le bloc reste à évaluer dans ce dossier.")
