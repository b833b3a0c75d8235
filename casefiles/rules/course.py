"""The course before the jury, against what the certification asks of it: durations, deadlines,
dates, coverage, and what the plénier steadied (R26–R30, R52, R64, R66, R78).

Pure: alerts only; the jury judges.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from casefiles.answers import (
    AdmissibilityDecision,
    Evidence,
    Inscription,
    Modalities,
    Plenary,
    Positioning,
    Preparation,
    Prerequisites,
    Report,
    ValidationInterview,
)
from casefiles.answers.modalities import ModalityChoice
from casefiles.answers.vocabulary import YesNo, duration_words
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Step
from casefiles.naming import name_key, name_words
from casefiles.rules.conclusions import latest
from casefiles.rules.finding import Finding, source
from casefiles.rules.results import Proposal

_RESULTS = {"acquise": "acquise", "non_acquise": "non acquise", "divergence": "en divergence"}


def course(case: CaseFile, certification: Certification, proposed: Proposal) -> Iterator[Finding]:
    """Every alert about the course of a case."""
    yield from _positioning(case, certification)
    yield from _preparation(case, certification)
    yield from _evaluated(certification, proposed)
    yield from _report(case, certification, proposed)
    yield from _evidence(case, certification)
    yield from _order(case, certification, proposed)
    yield from _plenary(case, certification, proposed)


def _positioning(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    held, asked = latest(case, Positioning, certification), certification.step("positionnement")
    if held is None or asked is None:
        return
    spent = held.interview.spent + (held.test.spent if held.test else timedelta())
    spent += held.employer.spent if held.employer else timedelta()
    if spent < timedelta(minutes=asked.minutes):
        yield _alert("R27", f"Positionnement : {_short(spent, asked)}", asked.source)
    if held.employer is None and case.company is not None:
        yield _alert(
            "R27",
            "Positionnement : l’entretien complémentaire avec l’employeur n’y figure pas.",
            asked.source,
        )


def _preparation(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    held, asked = latest(case, Preparation, certification), certification.step("preparation")
    if held is None or asked is None:
        return
    if held.attended < timedelta(minutes=asked.minutes):
        yield _alert("R29", f"Préparation : {_short(held.attended, asked)}", asked.source)
    days = {h.day for h in held.half_days.values() if h.present is YesNo.YES}
    if len(days) < asked.days:
        yield _alert(
            "R29",
            f"Préparation : présence sur {len(days)} jour{'s' * (len(days) > 1)}, "
            f"{asked.days} sont prévus.",
            asked.source,
        )


def _evaluated(certification: Certification, proposed: Proposal) -> Iterator[Finding]:
    """R30: the épreuves against what the certification plans: on how many days, how long in all."""
    asked, days = certification.step("evaluation"), set(_days(proposed))
    if asked is None or not days:
        return
    if len(days) > asked.days:
        said = ", ".join(f"{day:%d/%m/%Y}" for day in sorted(days))
        yield _alert(
            "R30",
            f"Évaluation menée sur {len(days)} jours ({said}) ; {asked.days} sont prévus.",
            asked.source,
        )
    untold = [str(r.competence.number) for r in proposed.results if r.evaluations and not r.spent]
    if untold:
        many = len(untold) > 1
        grids = "les grilles ne disent pas leur" if many else "la grille ne dit pas sa"
        yield _alert(
            "R30",
            f"Évaluation : {grids} durée ({certification.unit}{'s' * many} {', '.join(untold)}) ; "
            f"{duration_words(timedelta(minutes=asked.minutes))} sont prévues en tout.",
            asked.source,
        )
    elif len(proposed.results) == len(certification.competences) and (
        proposed.spent < timedelta(minutes=asked.minutes)
    ):
        yield _alert("R30", f"Évaluation : {_short(proposed.spent, asked)}", asked.source)


def _short(spent: timedelta, asked: Step) -> str:
    wanted = duration_words(timedelta(minutes=asked.minutes))
    return f"{duration_words(spent)} au lieu des {wanted} prévues."


def _report(case: CaseFile, certification: Certification, proposed: Proposal) -> Iterator[Finding]:
    """R52: the report came in time, before what it is presented for, and bears on it."""
    held, planned = latest(case, Report, certification), latest(case, Modalities, certification)
    if held is None or planned is None:
        return
    presented = {k: b for k, b in planned.blocs.items() if b.modality is ModalityChoice.B}
    came = held.delivery.received
    for key, bloc in presented.items():
        limit = bloc.report_deadline
        if limit and came > limit:
            yield _alert(
                "R52",
                f"{key} : le rapport est arrivé le {came:%d/%m/%Y}, après la date fixée "
                f"({limit:%d/%m/%Y}).",
            )
    early = [
        str(r.competence.number)
        for r in proposed.results
        if r.bloc in presented and any(e.on < came for e in r.evaluations)
    ]
    if early:
        yield _alert(
            "R52",
            f"Projets présentés avant que le rapport n’arrive, le {came:%d/%m/%Y} : "
            f"{certification.unit} {', '.join(early)}.",
        )
    bare = [
        str(certification.competence(key).number)
        for key, one in held.competences.items()
        if not one.covered and certification.bloc_of(key).id in presented
    ]
    if bare:
        yield _alert("R52", f"Le rapport ne traite pas : {certification.unit} {', '.join(bare)}.")


def _evidence(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    """R66: the equipment the référentiel asks for, shown by the situations told."""
    held = latest(case, Evidence, certification)
    for key, shown in held.matrix.items() if held else ():
        competence = certification.competence(key)
        counts = [held.situations[s].equipment_count or 0 for s in shown.situations] if held else []
        if competence.minimum and max(counts, default=0) < competence.minimum.count:
            yield _alert(
                "R66",
                f"{certification.unit.capitalize()} {competence.number} : le référentiel demande "
                f"au moins {competence.minimum.count} {competence.minimum.of} ; les situations "
                f"décrites en indiquent {max(counts, default=0) or 'aucun'}.",
                competence.minimum.source,
            )


def _order(case: CaseFile, certification: Certification, proposed: Proposal) -> Iterator[Finding]:
    """What was judged before one had been let in."""
    checked = latest(case, Prerequisites, certification)
    decided = latest(case, AdmissibilityDecision, certification)
    interview = latest(case, ValidationInterview, certification)
    placed = latest(case, Positioning, certification)
    first = min(_days(proposed), default=None)
    begun = (placed.test or placed.interview).day if placed else None
    if checked and begun and begun < checked.conclusion.day:
        yield _alert(
            "R26",
            f"Positionnement commencé le {begun:%d/%m/%Y}, avant la validation des "
            f"prérequis ({checked.conclusion.day:%d/%m/%Y}).",
        )
    if checked and first and first < checked.conclusion.day:
        yield _alert(
            "R26",
            f"Évaluation commencée le {first:%d/%m/%Y}, avant la validation des prérequis "
            f"({checked.conclusion.day:%d/%m/%Y}).",
        )
    if decided and interview and interview.sitting.day < decided.decision.day:
        yield _alert(
            "R64",
            f"Entretien de validation du {interview.sitting.day:%d/%m/%Y}, avant la décision de "
            f"recevabilité ({decided.decision.day:%d/%m/%Y}).",
        )


def _days(proposed: Proposal) -> Iterator[date]:
    for result in proposed.results:
        yield from (e.on for e in result.evaluations)


def _plenary(case: CaseFile, certification: Certification, proposed: Proposal) -> Iterator[Finding]:
    """R78: who sat, when, and where it departs from what was proposed."""
    held, asked = latest(case, Plenary, certification), certification.plenary
    if held is None or asked is None:
        return
    last = max(_days(proposed), default=None)
    if last and held.sitting.day < last:
        yield _alert(
            "R78",
            f"Jury plénier réuni le {held.sitting.day:%d/%m/%Y}, avant la dernière évaluation "
            f"({last:%d/%m/%Y}).",
            asked.source,
        )
    evaluators = {
        name_words(e.evaluator) for r in proposed.results for e in r.evaluations if e.grid
    }
    entered = latest(case, Inscription, certification)
    trained_by = name_key(entered.training.organisation) if entered else ""
    for seat, sitting in zip(asked.seats, held.members.values(), strict=False):
        if seat.evaluator and name_words(sitting.name) not in evaluators:
            yield _alert(
                "R78",
                f"Jury plénier : {sitting.name} n’a évalué aucune épreuve de ce candidat.",
                asked.source,
            )
        if seat.president and trained_by and name_key(sitting.organisation) != trained_by:
            yield _alert(
                "R78",
                f"Jury plénier : {sitting.name}, qui préside, est de « {sitting.organisation} » et "
                "non de l’organisme de formation du candidat.",
                asked.source,
            )
    for result in proposed.results:
        if result.steadied and result.result != result.found and result.found in _RESULTS:
            motive = f"« {result.motive} »" if result.motive else "sans motif"
            yield _alert(
                "R78",
                f"{certification.unit.capitalize()} {result.competence.number} : proposée "
                f"{_RESULTS[result.found]}, le jury plénier la retient "
                f"{_RESULTS[result.result]} ({motive}).",
                asked.source,
            )


def _alert(rule: str, message: str, where: str = "") -> Finding:
    return Finding(rule=rule, status="alert", message=message, source=where or source(rule))
