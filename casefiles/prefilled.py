"""What the office already knows of a form when it prints it, by field name. Pure."""

from typing import Any

from casefiles.answers import AdmissibilityDecision, Avis, Form, Plenary, Report
from casefiles.answers.admissibility import Admissibility
from casefiles.answers.modalities import Modalities, ModalityChoice
from casefiles.answers.outline import field_name
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.rules.conclusions import latest
from casefiles.rules.experience import experience
from casefiles.rules.results import proposal

_RESULTS = {
    "acquise": "acquise",
    "non_acquise": "non acquise",
    "divergence": "divergence",
    "non_evaluee": "non évaluée",
}


def prefilled(case: CaseFile, certification: Certification, form: type[Form]) -> dict[str, Any]:
    """The header, and what else is known of that form."""
    values: dict[str, Any] = {"header/candidate": case.candidate.full_name}
    if case.company is not None:
        values["header/company"] = case.company.name
    if form is Avis and case.company is not None and case.company.contact:
        values["signatory/name"] = case.company.contact
    if form is Report and (deadline := report_deadline(case, certification)):
        values["delivery/deadline"] = deadline
    if form is AdmissibilityDecision:
        values |= _summed(case, certification)
    if form is Plenary:
        values |= _proposed(case, certification)
    return values


def report_deadline(case: CaseFile, certification: Certification) -> str:
    """« 12/03/2026 », the earliest the modalités set for a report; "" when they set none (R52)."""
    planned = latest(case, Modalities, certification)
    days = [
        bloc.report_deadline
        for bloc in (planned.blocs.values() if planned else ())
        if bloc.modality is ModalityChoice.B and bloc.report_deadline
    ]
    return f"{min(days):%d/%m/%Y}" if days else ""


def _summed(case: CaseFile, certification: Certification) -> dict[str, Any]:
    request = latest(case, Admissibility, certification)
    if request is None:
        return {}
    found = experience(request)
    how = "continue" if found.continuous else "discontinue"
    asked = certification.vae
    return {
        "summed/months": f"{found.months} mois, de façon {how}",
        "summed/minimum": f"{asked.minimum_months} mois" if asked else None,
        "summed/detail": " ; ".join(f"du {a:%d/%m/%Y} au {b:%d/%m/%Y}" for a, b in found.periods),
    }


def _proposed(case: CaseFile, certification: Certification) -> dict[str, Any]:
    return {
        field_name("results", r.competence.id, "proposed"): _RESULTS[r.result]
        for r in proposal(case, certification).results
    }
