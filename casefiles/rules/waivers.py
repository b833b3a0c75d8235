"""What a case may do without, and under which rule: waivers, and the avis nobody will give.

Pure. A document is waived only where a rule says so; everywhere else the refusal names the rule
that asks for it.
"""

from collections.abc import Iterator
from datetime import date

from casefiles.access import RouteName
from casefiles.answers import Avis
from casefiles.casefile import CaseFile
from casefiles.certification import Certification, Outcome
from casefiles.events import Decided
from casefiles.rules.finding import HOUSE, Finding, source
from casefiles.rules.stated import where

# The rule that asks for a document, for the refusal of a waiver nothing allows.
ASKED_BY = {
    "inscription": "R17",
    "prerequis": "R26",
    "positionnement": "R27",
    "preparation": "R29",
    "modalites": "R49",
    "grille": "R43",
    "avis": "R56",
    "rapport": "R52",
    "recevabilite": "R64",
    "preuves": "R64",
    "entretien": "R64",
    "plenier": "R78",
}


def waiver(case: CaseFile, certification: Certification, form: str) -> Finding:
    """Whether that document may be waived for this case: « ok » names the rule that says so."""
    route = certification.routes.get(RouteName(case.route))
    if form == Avis.NAME and case.company is None and route and route.may_be_alone:
        return Finding(
            rule="R56",
            status="ok",
            message="Le candidat est sans entreprise, et sa voie l’admet.",
            source=route.source,
        )
    for allowed in certification.waivers:
        if allowed.form == form and (allowed.when == "always" or case.company is None):
            return Finding(
                rule=allowed.rule or "DISPENSE",
                status="ok",
                message="La certification permet cette dispense.",
                source=allowed.source,
            )
    rule = ASKED_BY.get(form, "R17")
    return Finding(
        rule=rule,
        status="refused",
        message=f"Aucune règle du {certification.name} ne permet de s’en dispenser ici.",
        source=where(rule, certification),
    )


def avis_not_given(case: CaseFile, certification: Certification) -> Finding:
    """May the office establish that the avis will not be given? Only after traced contacts."""
    asked = certification.avis_not_given
    days = contacts(case)
    if case.company is None:
        return _refused("R56", "Ce dossier n’a pas d’entreprise : son avis n’est pas attendu.")
    if case.standing(Avis.NAME):
        return _refused("R56", "L’avis de l’entreprise est déjà au dossier.")
    if len(days) < asked.contacts:
        known = ", ".join(f"{d:%d/%m/%Y}" for d in days) or "aucune"
        return _refused(
            "R56",
            f"Le constat suppose {asked.contacts} relances notées, à des jours différents ; le "
            f"dossier en porte {len(days)} ({known}).",
            asked.source or HOUSE,
        )
    return Finding(
        rule="R56",
        status="ok",
        message=f"{len(days)} relances sont notées.",
        source=asked.source or HOUSE,
    )


def contacts(case: CaseFile) -> tuple[date, ...]:
    """The days the company was reminded of its avis, each once."""
    return tuple(sorted({c.on for c in case.contacts if c.form == Avis.NAME}))


def shown(case: CaseFile) -> Iterator[Finding]:
    """What the jury is told first: each waiver, and the avis established as not given."""
    for waived in case.waived:
        yield Finding(
            rule=waived.rule,
            status="alert",
            message=f"Pièce dispensée par {waived.by} : {_title(waived.form)}, parce que : "
            f"{waived.because}",
            source=waived.source,
            form=waived.form,
            part=waived.part,
        )
    for taken in case.taken:
        how = "reprise par sa preuve" if taken.instead else "recopiée, preuve jointe"
        yield Finding(
            rule="REPRISE",
            status="alert",
            message=f"Pièce établie le {taken.on:%d/%m/%Y}, avant ce bureau, {how} "
            f"({taken.document}) : {_title(taken.form)}, par {taken.by}, parce que : "
            f"{taken.because}",
            source=HOUSE,
            form=taken.form,
            part=taken.part,
        )
    if case.not_given is not None and not case.standing(Avis.NAME):
        days = ", ".join(f"{d:%d/%m/%Y}" for d in case.not_given.contacts)
        yield Finding(
            rule="R56",
            status="alert",
            message=f"Avis de l’entreprise non rendu, constaté par {case.not_given.by} après les "
            f"relances des {days}, parce que : {case.not_given.because}",
            source=HOUSE,
            form=Avis.NAME,
        )


def decided_without_avis(
    decided: Decided, name: str, case: CaseFile, certification: Certification
) -> Iterator[Finding]:
    """Whether the certification may be obtained although the avis was not given."""
    if case.not_given is None or case.standing(Avis.NAME):
        return
    if Outcome(decided.outcome) is Outcome.OBTENTION and not certification.avis_not_given.obtention:
        yield _refused(
            "R56",
            f"{name} : l’avis de l’entreprise n’a pas été rendu ; le jury peut ajourner, ou "
            "décider des blocs qu’il peut, mais pas attribuer la certification entière.",
            certification.avis_not_given.source or HOUSE,
        )


def _title(form: str) -> str:
    from casefiles.answers import FORMS

    return FORMS[form].TITLE if form in FORMS else form


def _refused(rule: str, message: str, stated: str = "") -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=stated or source(rule))
