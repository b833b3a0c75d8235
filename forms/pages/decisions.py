"""The decisions of a PV: all at a glance, then each candidate’s, with votes and motive.

It draws what the feuille de décisions says, in the words of the certification; it judges nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.events import Decided
from casefiles.rules.finding import Finding
from casefiles.rules.results import Proposal
from casefiles.rules.seating import Seating
from forms.flow import Cell, Flow, Head
from forms.layout import Box
from forms.pages import parts
from forms.pages.wording import RESULTS, birth_words, decision_words, sentence, votes
from forms.style import BODY, CELL_STRONG, LABEL, LINE, MM, TINT, Face, TextStyle
from forms.typography import height

DECISION = TextStyle(face=Face.SERIF_STRONG, size=14, leading=17.5)


@dataclass(frozen=True, kw_only=True)
class CandidateOnAgenda:
    """One candidate as the jury examined them: the case, what was proposed, what was flagged."""

    case: CaseFile
    proposed: Proposal
    findings: tuple[Finding, ...] = ()


def decisions(
    flow: Flow,
    candidates: Sequence[CandidateOnAgenda],
    decided: Sequence[Decided],
    certification: Certification,
    judges: Mapping[str, Seating],
    before: Sequence[Decided] = (),
) -> None:
    """The decision of every candidate that has one, in the order of the agenda.

    `judges`: by case number, who voted on that candidate; `before`: what the PV that this one
    rectifies said.
    """
    flow.heading(2, "Les décisions", rule=True, keep=120)
    taken = {d.case: d for d in decided}
    examined = [(c, taken[c.case.number]) for c in candidates if c.case.number in taken]
    if len(examined) > 1:
        _overview(flow, examined, certification)
    for one, decision in examined:
        old = next((d for d in before if d.case == decision.case), None)
        _candidate(flow, one, decision, certification, judges[decision.case], old)


def _overview(
    flow: Flow,
    examined: Sequence[tuple[CandidateOnAgenda, Decided]],
    certification: Certification,
) -> None:
    """Every decision at a glance, before each is given its page."""
    flow.table(
        (
            Head(text="Candidat", share=53),
            Head(text="Dossier", share=18),
            Head(text="Proposition des évaluateurs", share=67),
            Head(text="Décision du jury", share=27),
        ),
        [
            [
                Cell(text=one.case.candidate.full_name, head=True, style=CELL_STRONG),
                one.case.number,
                one.proposed.sentence,
                Cell(text=decision_words(decision, certification), style=CELL_STRONG),
            ]
            for one, decision in examined
        ],
    )
    flow.space(3 * MM)


def _candidate(
    flow: Flow,
    one: CandidateOnAgenda,
    decision: Decided,
    certification: Certification,
    sat: Seating,
    old: Decided | None,
) -> None:
    case = one.case
    room = 190.0 if decision.motive else 160.0
    if not flow.need(room):
        flow.space(3 * MM)
    flow.paragraph(case.candidate.full_name, parts.NAME, role="H3")
    company = f" · {case.company.name}" if case.company else ""
    born = sentence(birth_words(case.candidate))
    flow.paragraph(f"Dossier {case.number} · {born}{company}", BODY, after=1.5 * MM)
    flow.paragraph(f"Proposition des évaluateurs : {_lower(one.proposed.sentence)}", BODY)
    parts.results_strip(flow, one.proposed, certification)
    _divergences(flow, one, decision, certification)
    _recusals(flow, sat)
    if old is not None and old != decision:
        flow.paragraph(
            f"Le procès-verbal rectifié disait : {_lower(decision_words(old, certification))}.",
            BODY,
            after=1.5 * MM,
        )
    _decision(flow, decision, certification)


def _divergences(
    flow: Flow, one: CandidateOnAgenda, decision: Decided, certification: Certification
) -> None:
    """How the jury settled each divergence between evaluators."""
    said = {s.competence: s for s in decision.settled}
    for result in one.proposed.results:
        settled = said.get(result.competence.id)
        if settled is None:
            continue
        because = f", parce que : {settled.because}" if settled.because else ""
        flow.paragraph(
            f"Divergence sur la {certification.unit} {result.competence.number}, tranchée par le "
            f"jury : {RESULTS[settled.result].lower()}{because}",
            BODY,
            after=1.5 * MM,
        )


def _recusals(flow: Flow, sat: Seating) -> None:
    """Who stepped back for this candidate, who votes in their place, who presides."""
    if not sat.recused:
        return
    verb = "ne siège pas" if len(sat.recused) == 1 else "ne siègent pas"
    names = ", ".join(m.name for m in sat.recused)
    said = [f"Récusation : {names} {verb} pour ce candidat"]
    said += [f"{s.name} vote à la place de {a.name}" for s, a in sat.replaced if a in sat.recused]
    if sat.presiding and any(m.seat == "president" for m in sat.recused):
        said.append(f"{sat.presiding.name} préside")
    flow.paragraph(f"{' ; '.join(said)}.", BODY, after=1.5 * MM)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _decision(flow: Flow, decision: Decided, certification: Certification) -> None:
    """The decision on a tinted ground: the words, the votes, the motive."""
    pad = 3 * MM
    frame = flow.frame
    left, wide = frame.left + pad, frame.span(0, 7)[1] - pad
    x, side = frame.span(7, 5)
    side -= pad
    words = decision_words(decision, certification)
    counted = votes(decision)
    motive = f"Motif : {decision.motive}" if decision.motive else ""
    upper = max(
        LABEL.leading + height(words, DECISION, wide),
        LABEL.leading + height(counted, BODY, side) if counted else 0,
    )
    room = frame.width - 2 * pad
    tall = 2 * pad + upper + (1 * MM + height(motive, BODY, room) if motive else 0)
    flow.need(tall)
    top = flow.y
    box = Box(frame.left, top, frame.width, tall)
    flow.sheet.rect(box, fill=TINT)
    flow.sheet.line(box.x, box.y, box.x, box.bottom, weight=LINE * 2)
    with flow.inside("Div"):
        flow.y = top + pad
        flow.paragraph("Décision du jury", LABEL, x=left, width=wide)
        flow.paragraph(words, DECISION, x=left, width=wide)
        if counted:
            flow.y = top + pad
            flow.paragraph("Vote", LABEL, x=x, width=side)
            flow.paragraph(sentence(counted), BODY, x=x, width=side)
        flow.y = top + pad + upper + 1 * MM
        flow.paragraph(motive, BODY, x=left, width=room)
    flow.y = top + tall
    flow.space(4 * MM)
