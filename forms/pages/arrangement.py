"""The arrangement of a candidate’s épreuves, for organisers and evaluators only; never its reason.

It stands beside the grids and enters no pack: a jury does not know that there is one.
"""

from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from forms.flow import Cell, Head
from forms.pages import parts
from forms.pages.letterhead import Letterhead, begin
from forms.pages.letters import body
from forms.pages.wording import civil_name, civility
from forms.style import CELL_STRONG, MM
from forms.typography import NO_BREAK

TITLE = "Aménagement des épreuves"
DISCREET = (
    "Pour l’organisation des épreuves et les évaluateurs seulement. À ne recopier dans aucune "
    "grille : l’aménagement ne change rien à ce qui est évalué, et le jury n’en sait rien."
)


def arrangement(
    case: CaseFile, certification: Certification, letterhead: Letterhead, made_on: date
) -> bytes:
    """The sheet for whoever organises and evaluates, as a finished PDF."""
    flow = begin(
        letterhead,
        made_on,
        title=TITLE,
        subtitle=certification.name,
        reference=(f"Dossier {case.number}",),
    )
    name = f"{civility(case.candidate)} {civil_name(case.candidate)}".strip()
    parts.notice(flow, name, DISCREET)
    flow.heading(2, "Ce qui est accordé", rule=True)
    body(flow, case.arrangement or "")
    if case.extra_percent:
        body(
            flow,
            f"Temps ajouté : {case.extra_percent}{NO_BREAK}% à chaque durée prévue.",
        )
        if certification.steps:
            flow.table(
                (
                    Head(text="Étape", share=60),
                    Head(text="Durée prévue", share=25, align="right"),
                    Head(text="Durée accordée", share=25, align="right"),
                ),
                [
                    [
                        Cell(text=step.title, head=True, style=CELL_STRONG),
                        hours(step.minutes),
                        hours(case.lengthened(step.minutes)),
                    ]
                    for step in certification.steps
                ],
            )
            flow.space(3 * MM)
    return flow.sheet.finish()


def hours(minutes: int) -> str:
    """« 10 h 50 »."""
    return f"{minutes // 60}{NO_BREAK}h{NO_BREAK}{minutes % 60:02d}"
