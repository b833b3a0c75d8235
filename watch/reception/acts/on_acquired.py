"""The office’s act on a bloc acquired before: a « reprise », with the document that proves it."""

from casefiles.certification import Certification
from casefiles.events import BlocAcquired
from casefiles.naming import name_key
from casefiles.rules import acquired
from watch.office import Office
from watch.reception.acts.request import Request, day_of, done_to_case, undecided
from watch.reception.answer import Answer, Refused, refused_findings
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
    if refused := tuple(acquired.taken_over(event, case, certification, office.today())):
        raise refused_findings(what, refused, "Le bloc reste à évaluer dans ce dossier.")
    said = f"{bloc} est repris comme acquis : il n’est plus à évaluer ; le jury en lira l’origine."
    return done_to_case(office, case, after, event, said)


def _bloc(certification: Certification, words: str, what: str) -> str:
    asked = name_key(words)
    for bloc in certification.blocs:
        if asked in (name_key(bloc.id), name_key(bloc.title), name_key(f"{bloc.id} {bloc.title}")):
            return bloc.id
    names = ", ".join(f"{b.id} ({b.title})" for b in certification.blocs)
    raise Refused(what, [f"« {words} » n’est le nom d’aucun bloc."], f"Les blocs : {names}.")
