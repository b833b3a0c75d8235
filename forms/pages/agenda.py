"""The draft agenda of a jury’s session: when, who sits, which candidates, what to settle before.

A draft until the office closes it: candidates may leave, members be replaced, the date move.
"""

from collections.abc import Sequence
from datetime import date

from casefiles.certification import Certification
from casefiles.events import Juror
from casefiles.rules.finding import Finding
from casefiles.session import Session
from forms.flow import Cell, Flow, Head
from forms.pages import parts
from forms.pages.letterhead import Letterhead, begin
from forms.pages.wording import (
    college_words,
    in_words,
    plural,
    seat_name,
    sentence,
)
from forms.style import CELL_STRONG

TITLE = "Ordre du jour (projet)"


def agenda(
    session: Session,
    certification: Certification,
    findings: Sequence[Finding],
    letterhead: Letterhead,
    made_on: date,
) -> bytes:
    """The draft agenda, as a finished PDF."""
    flow = begin(
        letterhead,
        made_on,
        title=TITLE,
        subtitle=f"{sentence(certification.deliberation.name)} — {certification.name}",
        reference=(f"Session {session.reference}", certification.name),
    )
    parts.provisional(flow, certification)
    parts.facts(flow, sitting(session))
    parts.flags(
        flow,
        findings,
        title="À régler avant la séance",
        nothing="La composition du jury ne soulève aucun point.",
    )
    _members(flow, session.members, certification)
    _candidates(flow, session)
    return flow.sheet.finish()


def sitting(session: Session, columns: int = 4) -> list[tuple[str, str, int]]:
    """When and where, as facts of that many columns each."""
    hour = f", {session.hour}" if session.hour else ""
    return [
        ("Séance du", f"{in_words(session.day)}{hour}", columns),
        ("Lieu", f"{session.place}, {session.town}", columns),
        ("Convoquée par", session.convener, columns),
    ]


def _members(flow: Flow, members: Sequence[Juror], certification: Certification) -> None:
    flow.heading(2, "Les membres", rule=True, keep=60)
    heads = (
        Head(text="Nom", share=5),
        Head(text="Organisation", share=5),
        Head(text="Siège", share=2),
        Head(text="Sans lien avec les candidats", share=2.6),
    )
    for college in certification.deliberation.colleges:
        side = [m for m in members if m.college == college.id]
        if not side:
            continue
        flow.heading(3, college.label, keep=50)
        flow.table(
            heads,
            [
                [
                    Cell(text=m.name, head=True, style=CELL_STRONG),
                    m.organisation,
                    _seat(m),
                    "Déclaré" if m.independent else Cell(text="À recueillir", style=CELL_STRONG),
                ]
                for m in side
            ],
        )
    others = [m.name for m in members if college_words(m, certification) == m.college]
    if others:
        flow.paragraph(f"Sans collège connu : {', '.join(others)}.")


def _recused(session: Session, case: str) -> str:
    aside = session.recused.get(case, ())
    return ", ".join(m.name for m in session.members if m.key in aside) or "Aucun"


def _seat(member: Juror) -> str:
    return (
        f"{seat_name(member)}, préside si le président manque"
        if member.deputy
        else seat_name(member)
    )


def _candidates(flow: Flow, session: Session) -> None:
    waiting = [case for case in session.names if not session.ready.get(case)]
    listed = "Les candidats" if len(session.names) > 1 else "Le candidat"
    flow.heading(2, f"{listed} : {plural(len(session.names), 'dossier')}", rule=True, keep=60)
    if waiting:
        flow.paragraph(
            f"{plural(len(waiting), 'dossier')} à compléter, ou à retirer, avant la clôture de "
            "l’ordre du jour.",
            after=4,
        )
    heads = (
        Head(text="Dossier", share=2.2),
        Head(text="Candidat", share=4.4),
        Head(text="Entreprise", share=4.2),
        Head(text="Membres récusés", share=4),
        Head(text="État", share=2),
    )
    flow.table(
        heads,
        [
            [
                case,
                Cell(text=name, head=True, style=CELL_STRONG),
                session.companies.get(case, ""),
                _recused(session, case),
                "Prêt" if session.ready.get(case) else Cell(text="Pas prêt", style=CELL_STRONG),
            ]
            for case, name in session.names.items()
        ],
    )
