"""What the jury should look at: divergences, minima not shown, links, dates out of order.

Pure: findings of status « alert », or « ok » where a check that matters passed. None of them
blocks; the jury judges.
"""

from collections.abc import Iterator

from casefiles.answers import Grid, Modalities
from casefiles.answers.decisions import OutcomeChoice
from casefiles.answers.grid import Mark, Verdict
from casefiles.answers.modalities import ModalityChoice
from casefiles.answers.vocabulary import YesNo
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Ratio, RouteName
from casefiles.naming import same_name
from casefiles.rules import acquired, besides, waivers
from casefiles.rules.conclusions import latest
from casefiles.rules.course import course
from casefiles.rules.evaluators import evaluators
from casefiles.rules.finding import HOUSE, Finding, source
from casefiles.rules.results import CompetenceResult, Evaluation, Proposal
from casefiles.rules.stated import as_stated


def consistency(
    case: CaseFile, certification: Certification, proposed: Proposal
) -> tuple[Finding, ...]:
    """Every alert the récapitulatif and the PV put first."""
    modalities = latest(case, Modalities, certification)
    found: list[Finding] = [*waivers.shown(case), *acquired.shown(case, certification)]
    for result in proposed.results:
        found += _divergences(result)
        for evaluation in result.evaluations:
            if evaluation.grid is not None:
                found += _grid(result, evaluation.grid)
                found += _verdict(result, evaluation, evaluation.grid, certification)
                found += _against_modalities(result, evaluation.grid, modalities)
    found += evaluators(case, certification, proposed)
    found += course(case, certification, proposed)
    found += _rule_of_modalities(case, certification, proposed)
    found += _avis(proposed)
    found += _paper(case)
    found += _exceptional(modalities, certification)
    found += besides.shown(case, certification)
    found += _judged_before(case)
    return as_stated(found, certification)


def _judged_before(case: CaseFile) -> Iterator[Finding]:
    """A recours, or an earlier session that did not decide: the jury knows of it."""
    if case.appeal is not None:
        yield _alert(
            "RECOURS",
            f"Recours contre la décision « {_outcome(case.appeal.outcome)} » de la session "
            f"{case.appeal.session} : {case.appeal.because.rstrip('.')}.",
            HOUSE,
        )
    elif case.decision is None and case.decisions:
        last = case.decisions[-1]
        yield _alert(
            "RECOURS",
            f"Déjà examiné le {last.decided_on:%d/%m/%Y}, session {last.session} : "
            f"{_outcome(last.decision.outcome)}.",
            HOUSE,
        )


def _outcome(value: str) -> str:
    return {m.value: m.label for m in OutcomeChoice}[value].lower()


def _divergences(result: CompetenceResult) -> Iterator[Finding]:
    number = result.competence.number
    if result.found == "divergence":
        names = ", ".join(e.evaluator for e in result.evaluations)
        yield _alert(
            "DIVERGENCE",
            f"Compétence {number} : les évaluateurs ne concluent pas de même ({names}). "
            "Le jury tranche.",
            HOUSE,
        )
    if result.opinion == "defavorable" and result.result != "non_acquise":
        found = "évaluée acquise" if result.result == "acquise" else "en divergence"
        yield _alert(
            "R54", f"Compétence {number} : {found}, et l’avis de l’entreprise est défavorable."
        )
    if result.opinion == "favorable" and result.result == "non_acquise":
        yield _alert(
            "R54",
            f"Compétence {number} : évaluée non acquise, alors que l’avis de l’entreprise est "
            "favorable.",
        )


def _grid(result: CompetenceResult, grid: Grid) -> Iterator[Finding]:
    """R66, R51: the equipment counted, the domain and the post named, as the référentiel asks."""
    number, minimum = result.competence.number, result.competence.minimum
    domains = result.competence.domains
    if domains and not any(same_name(d, grid.setting.domain or "") for d in domains):
        yield _alert(
            "R66",
            f"Compétence {number} : l’évaluation porte sur l’un de ces domaines, à nommer dans la "
            f"grille : {', '.join(domains)}.",
        )
    if grid.setting.modality is ModalityChoice.A and not grid.setting.equipment:
        yield _alert(
            "R51",
            f"Compétence {number} : évaluée en situation réelle, sans que la grille nomme le poste "
            "ou l’équipement où le candidat a été observé.",
        )
    if minimum and (grid.setting.equipment_count or 0) < minimum.count:
        yield _alert(
            "R66",
            f"Compétence {number} : le référentiel demande au moins {minimum.count} "
            f"{minimum.of} ; la grille en indique {grid.setting.equipment_count or 'aucun'}.",
            minimum.source,
        )


def _verdict(
    result: CompetenceResult, evaluation: Evaluation, grid: Grid, certification: Certification
) -> Iterator[Finding]:
    """The evaluator’s conclusion against their own marks, and against the threshold."""
    number = result.competence.number
    judged = "acquise" if grid.conclusion.verdict is Verdict.ACQUIRED else "non acquise"
    start = f"Compétence {number} : jugée {judged} par {evaluation.evaluator}, alors que "
    if isinstance(certification.threshold, Ratio):
        if evaluation.acquired is not (grid.conclusion.verdict is Verdict.ACQUIRED):
            yield _alert(
                "R68",
                f"{start}{evaluation.validated} critères sur {evaluation.defined} sont validés ; "
                "le seuil prévaut.",
                certification.threshold.source,
            )
        return
    marks = [answer.mark for answer in grid.criteria.values()]
    if grid.conclusion.verdict is Verdict.ACQUIRED:
        lacking = (
            (marks.count(Mark.NOT_MET), "n’est pas validé", "ne sont pas validés"),
            (marks.count(Mark.NOT_SEEN), "n’a pas été observé", "n’ont pas été observés"),
        )
        for count, one, many in lacking:
            if count:
                said = f"1 critère {one}" if count == 1 else f"{count} critères {many}"
                yield _alert("R61", f"{start}{said}.")
        if any(answer.reached is YesNo.NO for answer in grid.results.values()):
            yield _alert("R61", f"{start}des résultats attendus ne sont pas atteints.")
    elif marks and all(mark is Mark.MET for mark in marks):
        yield _alert("R61", f"{start}tous ses critères sont validés.")


def _against_modalities(
    result: CompetenceResult, grid: Grid, modalities: Modalities | None
) -> Iterator[Finding]:
    planned = modalities.blocs.get(result.bloc) if modalities else None
    if planned is None or modalities is None:
        return
    number, setting = result.competence.number, grid.setting
    if setting.day < modalities.consent.day:
        yield _alert(
            "R49",
            f"Compétence {number} : évaluée le {setting.day:%d/%m/%Y}, avant l’accord sur les "
            f"modalités ({modalities.consent.day:%d/%m/%Y}).",
        )
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


def _rule_of_modalities(
    case: CaseFile, certification: Certification, proposed: Proposal
) -> Iterator[Finding]:
    """R55: what each bloc was evaluated by, against what the certification asks of it."""
    for row in case.scope(certification).rows("blocs"):
        used = {
            evaluation.modality
            for result in proposed.results
            if result.bloc == row.key
            for evaluation in result.evaluations
            if evaluation.modality
        }
        if proposed.avis is not None:
            used.add("d")
        for group in certification.modality_gaps(used, RouteName(case.route)):
            asked = " » ou « ".join(certification.modality(m).title for m in group)
            yield _alert(
                "R55",
                f"{row.label} : le référentiel demande « {asked} », qui manque au dossier.",
                certification.modality_rule_source,
            )
        allowed = certification.bloc(row.key).modalities
        for other in sorted(used - {"d"} - set(allowed)) if allowed else ():
            yield _alert(
                "R49",
                f"{row.label} : la modalité {other} n’est pas prévue pour ce bloc.",
                certification.modality_rule_source,
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


def _exceptional(modalities: Modalities | None, certification: Certification) -> Iterator[Finding]:
    exceptional = {str(m.id) for m in certification.modalities if m.exceptional}
    for bloc, planned in (modalities.blocs if modalities else {}).items():
        if planned.modality.value in exceptional:
            yield _alert(
                "R50",
                f"{bloc} : situation reconstituée, justifiée ainsi : « {planned.justification} ».",
            )


def _alert(rule: str, message: str, where: str = "") -> Finding:
    return Finding(rule=rule, status="alert", message=message, source=where or source(rule))
