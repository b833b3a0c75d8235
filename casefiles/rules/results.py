"""The result per compétence and the proposal: computed when the case is complete.

A proposal only: nothing here is acquired before the jury’s decision (R71, R75). Pure.
"""

from dataclasses import dataclass
from typing import Literal

from casefiles.answers import Avis, Grid
from casefiles.answers.grid import Mark, Verdict
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Competence, Ratio

Result = Literal["acquise", "non_acquise", "divergence", "non_evaluee"]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One evaluator’s grid, reduced to what the récapitulatif shows.

    verdict: what the evaluator wrote; acquired: what the certification’s threshold makes of it.
    """

    mark: str
    evaluator: str
    day: str
    modality: str
    validated: int
    defined: int
    verdict: str
    acquired: bool
    comment: str
    grid: Grid


@dataclass(frozen=True, kw_only=True)
class CompetenceResult:
    """One compétence: its evaluations, the company’s opinion (or ""), the proposed result."""

    competence: Competence
    bloc: str
    evaluations: tuple[Evaluation, ...]
    opinion: str
    result: Result


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the evaluations propose to the jury."""

    results: tuple[CompetenceResult, ...]
    avis: Avis | None
    avis_proof: str

    @property
    def favourable(self) -> bool:
        """Every compétence acquired (R59, R61); no compétence at all proposes nothing."""
        return bool(self.results) and all(r.result == "acquise" for r in self.results)

    @property
    def sentence(self) -> str:
        """The proposal in words."""
        if self.favourable:
            return "Toutes les compétences sont évaluées comme acquises."
        pending = [r for r in self.results if r.result == "divergence"]
        lacking = [r for r in self.results if r.result in ("non_acquise", "non_evaluee")]
        parts = []
        if lacking:
            parts.append(f"non acquises : {_numbers(lacking)}")
        if pending:
            parts.append(f"en divergence : {_numbers(pending)}")
        return f"Compétences {' ; '.join(parts)}."


def _numbers(results: list[CompetenceResult]) -> str:
    return ", ".join(str(r.competence.number) for r in results)


def proposal(case: CaseFile, certification: Certification) -> Proposal:
    """The results of every compétence the case is about."""
    avis, proof = _avis(case, certification)
    rows = case.scope(certification).rows("competences")
    return Proposal(
        results=tuple(_result(case, certification, row.key, avis) for row in rows),
        avis=avis,
        avis_proof=proof,
    )


def _avis(case: CaseFile, certification: Certification) -> tuple[Avis | None, str]:
    for document in reversed(case.standing(Avis.NAME)):
        return case.answers(document, Avis, certification), document.proof.kind
    return None, "none"


def _result(
    case: CaseFile, certification: Certification, key: str, avis: Avis | None
) -> CompetenceResult:
    competence = certification.competence(key)
    evaluations = tuple(
        _evaluation(document.mark, grid, certification)
        for document in case.standing(Grid.NAME, key)
        if (grid := case.answers(document, Grid, certification)) is not None
    )
    opinion = avis.competences.get(key) if avis else None
    return CompetenceResult(
        competence=competence,
        bloc=certification.bloc_of(key).id,
        evaluations=evaluations,
        opinion=opinion.opinion.value if opinion else "",
        result=_agreed([e.acquired for e in evaluations]),
    )


def _evaluation(mark: str, grid: Grid, certification: Certification) -> Evaluation:
    marks = [answer.mark for answer in grid.criteria.values()]
    validated = sum(m is Mark.MET for m in marks)
    return Evaluation(
        mark=mark,
        evaluator=grid.evaluator.name,
        day=f"{grid.setting.day:%d/%m/%Y}",
        modality=grid.setting.modality.value,
        validated=validated,
        defined=len(marks),
        verdict=grid.conclusion.verdict.value,
        acquired=_acquired(grid, validated, len(marks), certification),
        comment=grid.conclusion.comment or "",
        grid=grid,
    )


def _acquired(grid: Grid, validated: int, defined: int, certification: Certification) -> bool:
    """By the evaluator’s judgment (R61) or by the ratio of all defined criteria (R68)."""
    threshold = certification.threshold
    if isinstance(threshold, Ratio):
        return defined > 0 and threshold.reached(validated, defined)
    return grid.conclusion.verdict is Verdict.ACQUIRED


def _agreed(verdicts: list[bool]) -> Result:
    if not verdicts:
        return "non_evaluee"
    if all(verdicts):
        return "acquise"
    return "divergence" if any(verdicts) else "non_acquise"
