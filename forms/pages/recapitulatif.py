"""F11, the récapitulatif des évaluations: what the jury examines, its flags first (R84, R86).

A proposal and nothing more: no word here says that anything is acquired before the jury decides.
"""

from collections.abc import Sequence
from datetime import date

from casefiles.casefile import CaseFile
from casefiles.certification import Certification, RouteName
from casefiles.rules.finding import Finding
from casefiles.rules.results import CompetenceResult, Proposal
from forms.flow import Cell, Flow, Head
from forms.layout import shares
from forms.pages import parts
from forms.pages.course import course
from forms.pages.letterhead import Letterhead, begin
from forms.pages.wording import (
    DASH,
    OPINIONS,
    RESULTS,
    document_words,
    in_words,
    proof_words,
    sentence,
    short,
    standing_words,
)
from forms.style import CELL, CELL_STRONG, MM, SMALL
from forms.typography import wrap

TITLE = "Récapitulatif des évaluations"
PROPOSAL = "Proposition des évaluateurs — rien n’est acquis avant la décision du jury (R75)"
_GAP = 2.4 * MM
_COLUMNS = (
    ("Modalité", 12, "left"),
    ("Évaluateur, date", 34, "left"),
    ("Critères validés", 13, "centre"),
    ("Évaluateurs", 17, "left"),
    ("Entreprise", 16.5, "left"),
    ("Proposition", 16.5, "left"),
)
_FIRST = 50.6


def recapitulatif(
    case: CaseFile,
    certification: Certification,
    proposed: Proposal,
    findings: Sequence[Finding],
    letterhead: Letterhead,
    made_on: date,
) -> bytes:
    """The récapitulatif of one case, as a finished PDF."""
    flow = begin(
        letterhead,
        made_on,
        title=TITLE,
        subtitle=PROPOSAL,
        reference=(f"F11 · Dossier {case.number}", certification.name),
        subject=f"{certification.name}, {case.candidate.full_name}",
    )
    parts.provisional(flow, certification)
    parts.candidate(flow, case.candidate)
    parts.facts(flow, situation(case, certification))
    course(flow, case, certification, proposed)
    parts.flags(
        flow,
        findings,
        title="À examiner par le jury",
        nothing="Aucune divergence, aucune réserve : évaluations, avis et modalités concordent.",
    )
    flow.heading(2, "La proposition", rule=True)
    parts.notice(flow, proposed.sentence, _method(certification))
    for bloc in certification.blocs:
        results = [r for r in proposed.results if r.bloc == bloc.id]
        if results:
            title = f"{certification.part.capitalize()} {bloc.id} — {bloc.title}"
            _bloc(flow, title, results, certification)
    if any(e.modality for r in proposed.results for e in r.evaluations):
        _legend(flow, certification)
    _avis(flow, proposed, certification)
    _documents(flow, case, certification)
    return flow.sheet.finish()


def situation(case: CaseFile, certification: Certification) -> list[tuple[str, str, int]]:
    """What the candidate is evaluated for, and where they come from, as facts.

    Arrangements are left out: they are for organisers and evaluators only.
    """
    asked = "La certification entière"
    if case.blocs:
        asked = ", ".join(f"{b.id} {b.title}" for b in certification.blocs if b.id in case.blocs)
    company = case.company
    route = certification.routes.get(RouteName(case.route))
    avis = route is not None and "avis" in route.forms
    return [
        ("Certification", certification.name, 6),
        ("Candidature pour", asked, 6),
        ("Voie d’accès", RouteName(case.route).label, 6),
        ("Inscription", f"{in_words(case.opened_at.date())}, candidature n° {case.attempt}", 6),
        ("Entreprise", company.name if company else "Sans entreprise", 6),
        ("Avis donné par", company.contact if company and avis else "", 6),
    ]


def _method(certification: Certification) -> str:
    threshold = certification.threshold
    if threshold.kind == "ratio":
        return (
            f"Une {certification.unit} est proposée acquise à partir de {threshold.numerator} "
            f"critères validés sur {threshold.denominator} définis."
        )
    return (
        f"Chaque {certification.unit} est proposée selon le jugement des évaluateurs ; "
        "aucun pourcentage de critères n’y supplée."
    )


def _bloc(
    flow: Flow, title: str, results: Sequence[CompetenceResult], certification: Certification
) -> None:
    """One bloc or épreuve: its table, what it comes down to (R60, R69), and what was written."""
    unit = certification.unit.capitalize()
    flow.heading(3, title, keep=60)
    heads = [Head(text=unit, share=_FIRST)]
    heads += [Head(text=text, share=share, align=align) for text, share, align in _COLUMNS]
    flow.table(heads, [_row(flow, result) for result in results], gap=_GAP)
    flow.space(1 * MM)
    flow.paragraph(_whole(results, certification), SMALL, after=2 * MM)
    for result in results:
        for evaluation in result.evaluations:
            if evaluation.comment:
                who = f"{unit} {result.competence.number}, {evaluation.evaluator}"
                parts.comment(flow, who, evaluation.comment)
        if result.motive:
            who = f"{unit} {result.competence.number}, jury plénier"
            parts.comment(flow, who, result.motive)


def _whole(results: Sequence[CompetenceResult], certification: Certification) -> str:
    """« Épreuve E2 : proposée validée, toutes ses compétences le sont. »"""
    epreuve, unit = certification.part == "épreuve", certification.unit
    word = "validée" if epreuve else "acquis"
    name = f"{certification.part.capitalize()} {results[0].bloc}"
    lacking = [str(r.competence.number) for r in results if r.result != "acquise"]
    if not lacking:
        return (
            f"{name} : proposé{'e' * epreuve} {word}, toutes ses {unit}s y sont évaluées acquises."
        )
    some = f"{unit}{'s' * (len(lacking) > 1)} {', '.join(lacking)}"
    return f"{name} : non {word} en l’état ({some})."


def _row(flow: Flow, result: CompetenceResult) -> list[Cell | str]:
    """One compétence; the lines of its evaluations stand level from column to column."""
    weights = [_FIRST, *(share for _, share, _ in _COLUMNS)]
    widths = [wide for _, wide in shares(weights, flow.frame.width, _GAP)]
    columns: list[list[str]] = [[], [], [], []]
    for evaluation in result.evaluations:
        texts = (
            evaluation.modality or DASH,
            f"{evaluation.evaluator}, {evaluation.day}",
            f"{evaluation.validated} / {evaluation.defined}" if evaluation.defined else DASH,
            RESULTS[evaluation.verdict],
        )
        lines = [len(wrap(t, CELL, w)) for t, w in zip(texts, widths[1:5], strict=True)]
        for column, text, count in zip(columns, texts, lines, strict=True):
            column.append(text + "\n" * (max(lines) - count))
    proposed = RESULTS[result.result] + (" (plénier)" if result.steadied else "")
    return [
        Cell(text=f"{result.competence.number}. {result.competence.title}", head=True),
        *("\n".join(column) or DASH for column in columns),
        Cell(
            text=OPINIONS[result.opinion],
            style=CELL_STRONG if result.opinion == "defavorable" else CELL,
        ),
        Cell(text=sentence(proposed), style=CELL_STRONG),
    ]


def _legend(flow: Flow, certification: Certification) -> None:
    words = " ; ".join(
        f"{m.id}) {m.title[0].lower()}{m.title[1:]}" for m in certification.modalities
    )
    flow.paragraph(f"Modalités : {words}.", SMALL, after=1 * MM)


def _avis(flow: Flow, proposed: Proposal, certification: Certification) -> None:
    if proposed.avis is None:
        return
    avis = proposed.avis
    flow.heading(2, "L’avis de l’entreprise", rule=True, keep=60)
    signatory = avis.signatory
    parts.facts(
        flow,
        [
            ("Avis d’ensemble", avis.conclusion.overall.label, 4),
            ("Donné par", f"{signatory.name}, {signatory.function.label.lower()}", 5),
            ("Le", in_words(signatory.day), 3),
            ("Projets ou activités observés", avis.activities, 12),
            ("Observation", avis.conclusion.comment or "", 12),
        ],
        after=1 * MM,
    )
    for result in proposed.results:
        answer = avis.competences.get(result.competence.id)
        if answer and answer.comment:
            unit = certification.unit.capitalize()
            who = f"{unit} {result.competence.number}, avis {answer.opinion.label.lower()}"
            parts.comment(flow, who, answer.comment)


def _documents(flow: Flow, case: CaseFile, certification: Certification) -> None:
    flow.heading(2, "Les documents du dossier", rule=True, keep=60)
    heads = (
        Head(text="Repère", share=24),
        Head(text="Document", share=48),
        Head(text="Reçu le", share=18),
        Head(text="Preuve", share=46),
        Head(text="SHA-256 (début)", share=26),
    )
    rows: list[list[Cell | str]] = []
    forms = list(dict.fromkeys(d.form for d in case.documents))
    order = ["", *(c.id for c in certification.competences)]
    for document in sorted(
        case.documents,
        key=lambda d: (forms.index(d.form), order.index(d.part) if d.part in order else 0),
    ):
        standing = standing_words(document)
        title = document_words(document, certification)
        rows.append(
            [
                Cell(text=document.mark, head=True, style=CELL_STRONG),
                f"{title} ({standing})" if standing else title,
                short(document.at.date()),
                proof_words(document.proof),
                Cell(text=document.sha256[:16], style=parts.HASH),
            ]
        )
    flow.table(heads, rows)
