"""What is missing from a case, who owes it, and why: applied after every drop.

Pure: a case and its certification in, « missing » and « office » findings out.
"""

from collections.abc import Iterator

from casefiles.answers import Avis, Form, Grid, Inscription, Modalities
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, RouteName
from casefiles.rules.finding import Finding, source


def completeness(case: CaseFile, certification: Certification) -> tuple[Finding, ...]:
    """The documents the case’s route requires and does not hold yet."""
    return (
        *_to_settle(case),
        *_unreadable(case, certification),
        *_modalities(case),
        *_grids(case, certification),
        *_avis(case, certification),
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
        if document.standing == "accepted" and document.form in _READ:
            if case.answers(document, _READ[document.form], certification) is not None:
                continue
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


def _modalities(case: CaseFile) -> Iterator[Finding]:
    if not case.standing(Modalities.NAME):
        yield _missing(
            "R49",
            "Les modalités d’évaluation, à définir avant toute évaluation.",
            Modalities.NAME,
            "le centre d’examen et l’entreprise",
        )


def _grids(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    for row in case.scope(certification).rows("competences"):
        lacking = certification.evaluators.minimum - len(case.standing(Grid.NAME, row.key))
        if lacking > 0:
            several = f" ({lacking} évaluateurs)" if lacking > 1 else ""
            yield _missing(
                "R43",
                f"La grille de la compétence {row.label}{several}.",
                Grid.NAME,
                "la commission d’évaluation",
                row.key,
            )


def _avis(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    route = certification.routes.get(RouteName(case.route))
    if case.route == RouteName.VAE or (route and route.company == "none") or case.company is None:
        return
    if not case.standing(Avis.NAME):
        contact = case.company.contact or "le responsable du candidat"
        yield _missing(
            "R56",
            "L’avis de l’entreprise, signé.",
            Avis.NAME,
            f"{case.company.name} ({contact})",
        )


def _missing(rule: str, message: str, form: str, who: str, part: str = "") -> Finding:
    return Finding(
        rule=rule,
        status="missing",
        message=message,
        source=source(rule),
        who=who,
        form=form,
        part=part,
    )


_READ: dict[str, type[Form]] = {f.NAME: f for f in (Modalities, Grid, Avis)}

_TITLES = {
    Inscription.NAME: "L’inscription",
    Modalities.NAME: "Le dossier des modalités",
    Grid.NAME: "Une grille",
    Avis.NAME: "L’avis de l’entreprise",
}


def title(form: str) -> str:
    """How a sentence names a form."""
    return _TITLES.get(form, "Un document")
