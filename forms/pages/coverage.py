"""The coverage of a dossier de preuves: the situations told, the files joined, what each shows."""

from datetime import date

from casefiles.answers import Evidence
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.rules.evidence import showing
from forms.flow import Cell, Head
from forms.pages import parts
from forms.pages.letterhead import Letterhead, begin
from forms.pages.wording import DASH, civil_name, civility
from forms.style import CELL_STRONG, MM

TITLE = "Couverture du dossier de preuves"
TOLD = (
    "Ce que le candidat a coché, et les fichiers qu’il a joints. La commission de validation et le "
    "jury apprécient ce que ces preuves montrent."
)


def coverage(
    case: CaseFile,
    certification: Certification,
    held: Evidence,
    letterhead: Letterhead,
    made_on: date,
) -> bytes:
    """Situations × compétences with the proofs of each, as a finished PDF."""
    flow = begin(
        letterhead,
        made_on,
        title=TITLE,
        subtitle=certification.name,
        reference=(f"Dossier {case.number}",),
    )
    parts.provisional(flow, certification)
    parts.notice(flow, f"{civility(case.candidate)} {civil_name(case.candidate)}".strip(), TOLD)
    flow.heading(2, "Les situations et leurs preuves", rule=True, keep=60)
    flow.table(
        (
            Head(text="N°", share=5),
            Head(text="Situation", share=45),
            Head(text="Pièces jointes", share=50),
        ),
        [
            [
                number,
                Cell(
                    text=f"{told.title}\n{told.company}, {told.period}",
                    head=True,
                    style=CELL_STRONG,
                ),
                "\n".join(_joined(case, number)) or f"{DASH} aucune",
            ]
            for number, told in held.situations.items()
        ],
    )
    if apart := [f"{p.name} ({p.document})" for p in case.proofs if not p.situations]:
        flow.space(4 * MM)
        parts.notice(flow, "Jointes sans dire à quelle situation", " ; ".join(apart))
    flow.heading(
        2, f"Ce qu’elles montrent, {certification.unit} par {certification.unit}", rule=True
    )
    numbers = list(held.situations)
    flow.table(
        (
            Head(text=certification.unit.capitalize(), share=60),
            *(Head(text=f"Sit. {n}", share=8, align="centre") for n in numbers),
            Head(text="Pièces", share=24),
        ),
        [
            [
                Cell(text=f"{one.number}. {one.title}", head=True),
                *("×" if n in held.matrix[one.id].situations else "" for n in numbers),
                ", ".join(showing(case, held.matrix[one.id].situations)) or DASH,
            ]
            for one in certification.competences
            if one.id in held.matrix
        ],
    )
    return flow.sheet.finish()


def _joined(case: CaseFile, number: str) -> list[str]:
    return [f"{p.name} ({p.document})" for p in case.proofs if number in p.situations]
