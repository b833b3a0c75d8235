"""The result per compétence and the proposal: computed when the case is complete.

A grid judges one compétence, an entretien de validation all of them; what the plénier steadied
stands over what they propose (R78). A proposal only: nothing here is acquired before the jury’s
decision (R71, R75). Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from casefiles.answers import Avis, Grid, Plenary, ValidationInterview
from casefiles.answers.grid import Mark, Verdict
from casefiles.answers.interview import Validated
from casefiles.answers.plenary import Steadied
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Competence, Ratio
from casefiles.events import BlocAcquired
from casefiles.rules.conclusions import latest

Result = Literal["acquise", "non_acquise", "divergence", "non_evaluee"]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """One evaluator’s word on one compétence, reduced to what the récapitulatif shows.

    verdict: what the evaluator wrote; acquired: what the certification’s threshold makes of it.
    grid: what it was read from; None for an entretien, whose commission is named as one.
    """

    mark: str
    evaluator: str
    on: date
    modality: str
    validated: int
    defined: int
    verdict: str
    acquired: bool
    comment: str
    grid: Grid | None = None

    @property
    def day(self) -> str:
        """« 12/03/2026 »."""
        return f"{self.on:%d/%m/%Y}"


@dataclass(frozen=True, kw_only=True)
class CompetenceResult:
    """One compétence: its evaluations, the company’s opinion (or ""), the proposed result.

    found: what the evaluations alone propose; result: the same, or what the plénier made of it,
    steadied saying which; motive: why the plénier departs from it.
    """

    competence: Competence
    bloc: str
    evaluations: tuple[Evaluation, ...]
    opinion: str
    found: Result
    result: Result
    steadied: bool = False
    motive: str = ""

    @property
    def spent(self) -> timedelta:
        """How long the candidate was evaluated on it; two evaluators see the same candidate."""
        told = (e.grid.setting.spent for e in self.evaluations if e.grid is not None)
        return max((spent for spent in told if spent), default=timedelta())


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the evaluations propose to the jury; `unit` is « compétence » or « capacité ».

    carried: the blocs acquired before, which are proposed no more.
    """

    results: tuple[CompetenceResult, ...]
    avis: Avis | None
    avis_proof: str
    unit: str = "compétence"
    carried: tuple[BlocAcquired, ...] = ()

    @property
    def favourable(self) -> bool:
        """Every compétence acquired (R59, R61); no compétence at all proposes nothing."""
        return bool(self.results) and all(r.result == "acquise" for r in self.results)

    @property
    def spent(self) -> timedelta:
        """How long the épreuves lasted in all, as far as the grids say it (R30)."""
        return sum((r.spent for r in self.results), timedelta())

    @property
    def sentence(self) -> str:
        """The proposal in words."""
        if self.favourable:
            return f"Toutes les {self.unit}s sont évaluées comme acquises."
        pending = [r for r in self.results if r.result == "divergence"]
        lacking = [r for r in self.results if r.result in ("non_acquise", "non_evaluee")]
        if pending and not lacking:
            several = "s" if len(pending) > 1 else ""
            return (
                f"Divergence sur {'les' if several else 'la'} {self.unit}{several} "
                f"{_numbers(pending)}."
            )
        parts = []
        if lacking:
            parts.append(f"non acquises : {_numbers(lacking)}")
        if pending:
            parts.append(f"en divergence : {_numbers(pending)}")
        plural = "" if len(lacking) + len(pending) == 1 else "s"
        agreed = " ; ".join(parts) if plural else parts[0].replace("acquises", "acquise")
        return f"{self.unit.capitalize()}{plural} {agreed}."


def _numbers(results: list[CompetenceResult]) -> str:
    return ", ".join(str(r.competence.number) for r in results)


def proposal(case: CaseFile, certification: Certification) -> Proposal:
    """The results of every compétence the case is about."""
    avis, proof = _avis(case, certification)
    interviews = [
        (document.mark, held)
        for document in case.standing(ValidationInterview.NAME)
        if (held := case.answers(document, ValidationInterview, certification)) is not None
    ]
    steadied = latest(case, Plenary, certification)
    rows = case.scope(certification).rows("competences")
    found = (_result(case, certification, row.key, avis, interviews, steadied) for row in rows)
    return Proposal(
        results=tuple(found),
        avis=avis,
        avis_proof=proof,
        unit=certification.unit,
        carried=case.carried,
    )


def _avis(case: CaseFile, certification: Certification) -> tuple[Avis | None, str]:
    for document in reversed(case.standing(Avis.NAME)):
        return case.answers(document, Avis, certification), document.proof.kind
    return None, "none"


def _result(
    case: CaseFile,
    certification: Certification,
    key: str,
    avis: Avis | None,
    interviews: Sequence[tuple[str, ValidationInterview]],
    steadied: Plenary | None,
) -> CompetenceResult:
    evaluations = (
        *(
            _evaluation(document.mark, grid, certification)
            for document in case.standing(Grid.NAME, key)
            if (grid := case.answers(document, Grid, certification)) is not None
        ),
        *(_interviewed(mark, held, key) for mark, held in interviews),
    )
    opinion = avis.competences.get(key) if avis else None
    found = _agreed([e.acquired for e in evaluations])
    last = steadied.results.get(key) if steadied else None
    return CompetenceResult(
        competence=certification.competence(key),
        bloc=certification.bloc_of(key).id,
        evaluations=evaluations,
        opinion=opinion.opinion.value if opinion else "",
        found=found,
        result=_STEADIED[last.steadied] if last else found,
        steadied=last is not None,
        motive=(last.motive or "") if last else "",
    )


_STEADIED: dict[Steadied, Result] = {
    Steadied.ACQUIRED: "acquise",
    Steadied.NOT_ACQUIRED: "non_acquise",
}


def _interviewed(mark: str, held: ValidationInterview, key: str) -> Evaluation:
    """The commission’s word on one compétence, as one evaluation."""
    judged = held.competences[key]
    acquired = judged.verdict is Validated.YES
    return Evaluation(
        mark=mark,
        evaluator=", ".join(member.name for member in held.members),
        on=held.sitting.day,
        modality="",
        validated=0,
        defined=0,
        verdict="acquise" if acquired else "non_acquise",
        acquired=acquired,
        comment=judged.comment or "",
    )


def _evaluation(mark: str, grid: Grid, certification: Certification) -> Evaluation:
    marks = [answer.mark for answer in grid.criteria.values()]
    validated = sum(m is Mark.MET for m in marks)
    return Evaluation(
        mark=mark,
        evaluator=grid.evaluator.name,
        on=grid.setting.day,
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
