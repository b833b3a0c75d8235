"""What the jury should look at: divergences, minima not shown, links, dates out of order.

Pure: findings of status « alert », or « ok » where a check that matters passed. None of them
blocks; the jury judges.
"""

from collections.abc import Iterator

from casefiles.answers import Modalities
from casefiles.answers.grid import Mark, Verdict, YesNo
from casefiles.answers.modalities import ModalityChoice
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Judgment
from casefiles.rules.finding import HOUSE, Finding, source
from casefiles.rules.results import CompetenceResult, Evaluation, Proposal


def consistency(
    case: CaseFile, certification: Certification, proposed: Proposal
) -> tuple[Finding, ...]:
    """Every alert the récapitulatif and the PV put first."""
    modalities = _modalities(case, certification)
    found: list[Finding] = []
    for result in proposed.results:
        found += _divergences(result)
        for evaluation in result.evaluations:
            found += _grid(result, evaluation, certification)
            found += _against_modalities(result, evaluation, modalities)
    found += _avis(proposed)
    found += _paper(case)
    found += _exceptional(modalities)
    return tuple(found)


def _divergences(result: CompetenceResult) -> Iterator[Finding]:
    number = result.competence.number
    if result.result == "divergence":
        names = ", ".join(e.evaluator for e in result.evaluations)
        yield _alert(
            "DIVERGENCE",
            f"Compétence {number} : les évaluateurs ne concluent pas de même ({names}). "
            "Le jury tranche.",
            HOUSE,
        )
    if result.opinion == "defavorable" and result.result == "acquise":
        yield _alert(
            "R54",
            f"Compétence {number} : évaluée acquise, mais l’avis de l’entreprise est défavorable.",
        )
    if result.opinion == "favorable" and result.result == "non_acquise":
        yield _alert(
            "R54",
            f"Compétence {number} : évaluée non acquise, alors que l’avis de l’entreprise est "
            "favorable.",
        )


def _grid(
    result: CompetenceResult, evaluation: Evaluation, certification: Certification
) -> Iterator[Finding]:
    number, grid = result.competence.number, evaluation.grid
    if grid.evaluator.independent is YesNo.NO:
        yield _alert(
            "R77",
            f"Compétence {number} : {evaluation.evaluator} déclare un lien avec le candidat.",
        )
    minimum = result.competence.minimum
    if minimum and (grid.setting.equipment_count or 0) < minimum.count:
        yield _alert(
            "R66",
            f"Compétence {number} : le référentiel demande au moins {minimum.count} "
            f"{minimum.of} ; la grille en indique {grid.setting.equipment_count or 'aucun'}.",
            minimum.source,
        )
    refused = sum(a.mark is Mark.NOT_MET for a in grid.criteria.values())
    judged = isinstance(certification.threshold, Judgment)
    if judged and refused and evaluation.verdict == Verdict.ACQUIRED.value:
        word = "critère n’est pas validé" if refused == 1 else "critères ne sont pas validés"
        yield _alert(
            "R61",
            f"Compétence {number} : jugée acquise par {evaluation.evaluator}, alors que "
            f"{refused} {word}.",
        )


def _against_modalities(
    result: CompetenceResult, evaluation: Evaluation, modalities: Modalities | None
) -> Iterator[Finding]:
    planned = modalities.blocs.get(result.bloc) if modalities else None
    if planned is None or modalities is None:
        return
    number, setting = result.competence.number, evaluation.grid.setting
    if planned.modality is not setting.modality:
        yield _alert(
            "R49",
            f"Compétence {number} : évaluée selon la modalité {setting.modality.value}, le dossier "
            f"des modalités prévoyait la {planned.modality.value}.",
        )
    if not planned.start <= setting.day <= planned.end:
        yield _alert(
            "R49",
            f"Compétence {number} : évaluée le {setting.day:%d/%m/%Y}, hors de la période prévue "
            f"({planned.start:%d/%m/%Y} – {planned.end:%d/%m/%Y}).",
        )


def _avis(proposed: Proposal) -> Iterator[Finding]:
    if proposed.avis and proposed.avis.conclusion.overall.value == "defavorable":
        yield _alert("R54", "L’avis d’ensemble de l’entreprise est défavorable.")


def _paper(case: CaseFile) -> Iterator[Finding]:
    for document in case.documents:
        if document.standing == "accepted" and document.proof.kind == "paper":
            yield _alert("PREUVE", f"Document {document.mark} : signé sur papier.", HOUSE)
        if document.standing == "accepted" and document.reasons:
            yield _alert(
                "PREUVE",
                f"Document {document.mark} : confirmé par le bureau ({' '.join(document.reasons)})",
                HOUSE,
            )
        if document.corrected:
            yield _alert(
                "CORRECTION",
                f"Document {document.mark} : corrigé par le bureau "
                f"({', '.join(document.corrected)}).",
                HOUSE,
            )


def _exceptional(modalities: Modalities | None) -> Iterator[Finding]:
    for bloc, planned in (modalities.blocs if modalities else {}).items():
        if planned.modality is ModalityChoice.C:
            yield _alert(
                "R50",
                f"{bloc} : situation reconstituée, justifiée ainsi : « {planned.justification} ».",
            )


def _modalities(case: CaseFile, certification: Certification) -> Modalities | None:
    for document in reversed(case.standing(Modalities.NAME)):
        return case.answers(document, Modalities, certification)
    return None


def _alert(rule: str, message: str, where: str = "") -> Finding:
    return Finding(rule=rule, status="alert", message=message, source=where or source(rule))
