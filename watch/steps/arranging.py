"""The arrangement of a candidate’s épreuves: its sheet, and the message that takes it to whoever
organises and evaluates. No pack holds either; the reason is nowhere.
"""

from collections.abc import Sequence

from casefiles import arranging, casefile
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import ProductIssued, Recorded
from casefiles.journal import Append
from watch.office import Office
from watch.steps import mailing
from watch.steps.letterhead import letterhead
from watch.steps.mailing import Enclosed, Mail

SHEET = "À remplir/Aménagement des épreuves (évaluateurs seulement).pdf"
MESSAGE = "À envoyer/Aménagement des épreuves - message (évaluateurs seulement).eml"


def arrange(office: Office, recorded: Sequence[Recorded]) -> tuple[Append, ...]:
    """The sheet where it changed, and its message to those who are to know of it now."""
    case = casefile.fold(recorded)
    if case is None:
        raise ValueError("the stream holds no case")
    certification = office.certification_of(case.certification_hash)
    sheet, issued = case.product(arranging.SHEET, arranging.sheet(case)), []
    if sheet is None:
        sheet = _sheet(office, case, certification)
        issued.append(sheet)
    issued.append(_message(office, case, certification, sheet))
    return (Append(stream=case.stream, after=len(recorded), events=tuple(issued)),)


def _sheet(office: Office, case: CaseFile, certification: Certification) -> ProductIssued:
    from forms.pages.arrangement import arrangement

    data = arrangement(case, certification, letterhead(office), office.today())
    return ProductIssued(
        product=arranging.SHEET,
        sha256=office.originals.put(data),
        path=SHEET,
        basis=arranging.sheet(case),
    )


def _message(
    office: Office, case: CaseFile, certification: Certification, sheet: ProductIssued
) -> ProductIssued:
    """One message to all of them; those whose address the settings do not give are named."""
    known = {one: mailing.address_of(office, one) for one in arranging.told(case, certification)}
    without = ", ".join(one for one, address in known.items() if not address)
    remark = f"\n\n[À effacer avant l’envoi : à adresser à {without}.]" if without else ""
    mail = Mail(
        to=", ".join(dict.fromkeys(address for address in known.values() if address)),
        subject=f"Organisation des épreuves — dossier {case.number}",
        body=f"Bonjour,\n\nLa fiche jointe dit comment organiser les épreuves de "
        f"{case.candidate.full_name} ({certification.name}) : elle vaut pour chaque durée prévue, "
        "et ne change rien à ce qui est évalué.\n\n"
        "Elle est pour qui organise et qui évalue : ne la transmettez ni à l’entreprise ni au "
        "jury, ne la recopiez dans aucune grille, et n’en demandez pas la raison, que personne "
        f"ici ne garde.{remark}",
        enclosed=(
            Enclosed(
                name=f"Organisation des épreuves - dossier {case.number}.pdf",
                data=office.originals.get(sheet.sha256),
            ),
        ),
    )
    (data,) = mailing.prepare(office, (mail,))
    return ProductIssued(
        product=arranging.MESSAGE,
        sha256=office.originals.put(data),
        path=MESSAGE,
        basis=arranging.basis(case, certification),
    )
