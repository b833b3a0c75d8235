"""What is missing from a case, who owes it, and why: applied after every drop.

Pure: a case and its certification in, « missing » and « office » findings out. Which documents a
route asks for is in `requirements`.
"""

from collections.abc import Iterator

from casefiles.answers import Avis
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, RouteName
from casefiles.rules.finding import Finding, source
from casefiles.rules.requirements import CASE_FORMS, owed, title


def completeness(case: CaseFile, certification: Certification) -> tuple[Finding, ...]:
    """The documents the case owes now and does not hold yet, what the office must settle first."""
    return (
        *_to_settle(case),
        *_unreadable(case, certification),
        *_alone(case, certification),
        *owed(case, certification),
    )


def complete(case: CaseFile, certification: Certification) -> bool:
    """Whether nothing is missing and nothing waits for the office."""
    return not completeness(case, certification)


def _to_settle(case: CaseFile) -> Iterator[Finding]:
    for document in case.waiting():
        act = "confirmer" if document.standing == "to_confirm" else "remplacer"
        reasons = " ".join(document.reasons)
        yield Finding(
            rule="BUREAU",
            status="office",
            message=f"{title(document.form)}, repère {document.mark}, attend votre décision. "
            f"{reasons} Répondez par une « Demande du bureau » ({act} "
            f"{document.mark}, ou l’écarter).",
            source=source(""),
            who="le bureau",
            form=document.form,
            part=document.part,
        )


def _unreadable(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    """A document whose answers no longer hold together is never left out in silence."""
    for document in case.documents:
        if document.standing != "accepted" or document.form not in CASE_FORMS:
            continue
        if case.answers(document, CASE_FORMS[document.form].form, certification) is None:
            yield Finding(
                rule="BUREAU",
                status="office",
                message=f"{title(document.form)}, repère {document.mark}, ne se relit plus "
                "en entier : corrigez-le de nouveau, ou remplacez-le.",
                source=source(""),
                who="le bureau",
                form=document.form,
                part=document.part,
            )


def _alone(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    """Without a company, the office says why no avis is asked: nothing is waived in silence."""
    route = certification.routes.get(RouteName(case.route))
    if case.company is not None or route is None or case.excused(Avis.NAME):
        return
    if route.may_be_alone and Avis.NAME in route.forms:
        yield Finding(
            rule="R56",
            status="office",
            message="Sans entreprise, l’avis n’est pas attendu : dites-le, avec la raison, par une "
            "« Demande du bureau » (dispenser d’une pièce : Avis de l’entreprise).",
            source=route.source,
            who="le bureau",
            form=Avis.NAME,
        )
