"""What a document decides of the course: whether one may go on, whether another is needed.

Pure: the case and its certification in; None, or the finding that keeps the case where it is.
"""

from typing import TypeVar

from casefiles.answers import AdmissibilityDecision, Form, Modalities, Prerequisites
from casefiles.answers.admissibility import Admissibility, Admission
from casefiles.answers.modalities import ModalityChoice
from casefiles.answers.prerequisites import Validation
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.rules.experience import experience
from casefiles.rules.finding import Finding, source

F = TypeVar("F", bound=Form)


def latest(case: CaseFile, form: type[F], certification: Certification) -> F | None:
    """The answers of the document of that form in force; None when there is none that reads."""
    for document in reversed(case.standing(form.NAME)):
        return case.answers(document, form, certification)
    return None


def prerequisites_met(case: CaseFile, certification: Certification) -> Finding | None:
    """R26: the OF validates the prerequisites before anything else."""
    checked = latest(case, Prerequisites, certification)
    if checked is None or checked.conclusion.verdict is Validation.VALIDATED:
        return None
    return _stopped(
        "R26",
        f"Les prérequis ne sont pas validés : {_ended(checked.conclusion.motive)} Remplacez cette "
        "vérification s’ils le sont devenus, ou abandonnez le dossier, par une « Demande du "
        "bureau ».",
        Prerequisites,
    )


def admitted(case: CaseFile, certification: Certification) -> Finding | None:
    """R14, R64: the request is recevable, and the experience reaches the minimum asked for."""
    decided = latest(case, AdmissibilityDecision, certification)
    if decided is None:
        return None
    verdict, motive = decided.decision.verdict, _ended(decided.decision.motive)
    if verdict is Admission.REFUSED:
        return _stopped(
            "R64",
            f"La demande de VAE n’est pas recevable : {motive} Notifiez-le au candidat, puis "
            "abandonnez le dossier par une « Demande du bureau ».",
            AdmissibilityDecision,
        )
    if verdict is Admission.INCOMPLETE:
        return _stopped(
            "R64",
            f"La demande de VAE est incomplète : {motive} Le candidat dépose une demande "
            "complétée, le certificateur une nouvelle décision ; remplacez les premières par une "
            "« Demande du bureau ».",
            AdmissibilityDecision,
        )
    request, asked = latest(case, Admissibility, certification), certification.vae
    if request is None or asked is None:
        return None
    months = experience(request).months
    if months >= asked.minimum_months:
        return None
    return Finding(
        rule="R14",
        status="office",
        message=f"La demande de VAE est dite recevable, or ses expériences n’additionnent que "
        f"{months} mois ; {asked.minimum_months} sont demandés. Faites corriger la demande ou la "
        "décision.",
        source=asked.source,
        who="le bureau",
        form=AdmissibilityDecision.NAME,
    )


def by_presentation(case: CaseFile, certification: Certification) -> bool:
    """R52: whether a bloc is evaluated by the presentation of projects, which asks for a report."""
    planned = latest(case, Modalities, certification)
    return planned is not None and any(
        bloc.modality is ModalityChoice.B for bloc in planned.blocs.values()
    )


def _ended(motive: str | None) -> str:
    return f"{(motive or 'sans motif').rstrip(' .')}."


def _stopped(rule: str, message: str, form: type[Form]) -> Finding:
    return Finding(
        rule=rule,
        status="office",
        message=message,
        source=source(rule),
        who="le bureau",
        form=form.NAME,
    )
