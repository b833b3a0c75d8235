"""The office’s act on a piece of a case in mid-course, established before this office kept it.

What only opens the next phase stands by its proof; what results are read from is copied out on the
form of the case, and the proof shows where the answers come from.
"""

from casefiles.answers import FORMS, Avis, Form, Grid, Plenary, ValidationInterview
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import PieceTakenOver
from casefiles.naming import name_key
from casefiles.rules.requirements import alongside, required
from watch.office import Office
from watch.reception.acts.request import Request, day_of, done_to_case, undecided
from watch.reception.answer import Answer, Refused
from watch.reception.kept import proof

READ_FOR_RESULTS: tuple[type[Form], ...] = (Grid, Avis, ValidationInterview, Plenary)


def take_over(office: Office, request: Request, what: str) -> Answer:
    """Take a document over by its proof; Refused says what its results are to be read from."""
    case, after = undecided(office, request, what)
    certification = office.certification_of(case.certification_hash)
    form, part = _piece(case, certification, request.question, what)
    established = day_of(request, office.today(), what)
    opened = case.opened_at.astimezone().date()
    if established > opened:
        raise Refused(
            what,
            [
                f"Établie le {established:%d/%m/%Y}, après l’ouverture du dossier ici "
                f"({opened:%d/%m/%Y}), elle n’est pas à reprendre."
            ],
            "Remplissez son formulaire, dans « À remplir » du dossier.",
        )
    instead = form not in READ_FOR_RESULTS
    if instead and case.standing(form.NAME):
        raise Refused(what, ["Cette pièce est déjà au dossier."], "Rien à faire.")
    if not instead and not case.standing(form.NAME, part):
        raise Refused(
            what,
            [f"« {form.TITLE} » porte des résultats : sa preuve seule ne se lit pas."],
            "Recopiez-la d’abord sur son formulaire (« À remplir » du dossier), puis reprenez-la "
            "par cette demande : la preuve restera jointe à ce qui en est recopié.",
        )
    event = PieceTakenOver(
        form=form.NAME,
        part=part,
        instead=instead,
        on=established,
        proof_sha256=proof(office, request.document, what),
        document=request.document.strip(),
        by=request.by,
        because=request.because,
    )
    said = (
        "La pièce est reprise : elle n’est plus à remplir, et sa preuve est jointe aux pièces."
        if instead
        else "La preuve est jointe aux pièces, avec ce qui en est recopié."
    )
    return done_to_case(office, case, after, event, said)


def _piece(
    case: CaseFile, certification: Certification, words: str, what: str
) -> tuple[type[Form], str]:
    """The form those words name, and the compétence of a grid; only what the route asks for."""
    asked = name_key(words)
    rows = {
        name_key(f"{form.TITLE} {c.number}"): (form, c.id)
        for form in (Grid,)
        for c in certification.competences
    }
    known: dict[str, tuple[type[Form], str]] = {}
    pieces = (*alongside(case, certification), *required(case, certification))
    for requirement in pieces:
        form = requirement.form
        if requirement.over:
            known |= rows
        else:
            known |= {name_key(form.TITLE): (form, ""), name_key(form.CODE): (form, "")}
    if asked in known:
        return known[asked]
    titles = dict.fromkeys(r.form.TITLE for r in pieces)
    listed = ", ".join(
        f"« {title} 3 » (son numéro)" if title == FORMS[Grid.NAME].TITLE else f"« {title} »"
        for title in titles
    )
    raise Refused(
        what,
        [f"« {words} » n’est pas une pièce de ce dossier."],
        f"Écrivez l’une de celles-ci : {listed}.",
    )
