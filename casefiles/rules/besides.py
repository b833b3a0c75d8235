"""What a case should hold besides what it waits for: nothing is held up for it (R42, R64, R72).

The office is asked for it before the jury; the jury is told of what still lacks. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from casefiles.answers import Modalities
from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.rules.conclusions import latest
from casefiles.rules.evidence import unproven
from casefiles.rules.finding import Finding
from casefiles.rules.requirements import alongside
from casefiles.rules.stated import where


@dataclass(frozen=True, kw_only=True)
class Besides:
    """One thing that lacks: `said` to the jury, `asked` of `who` before it."""

    key: str
    rule: str
    said: str
    asked: str
    who: str = "le bureau"


def besides(case: CaseFile, certification: Certification) -> Iterator[Besides]:
    """All that lacks."""
    yield from _proofs(case, certification)
    yield from _positioned(case, certification)
    yield from _transmitted(case, certification)


def shown(case: CaseFile, certification: Certification) -> Iterator[Finding]:
    """What the jury is told."""
    for one in besides(case, certification):
        stated = where(one.rule, certification)
        yield Finding(rule=one.rule, status="alert", message=one.said, source=stated)


def _proofs(case: CaseFile, certification: Certification) -> Iterator[Besides]:
    for number in unproven(case, certification):
        yield Besides(
            key=f"preuve/{number}",
            rule="R64",
            said=f"Dossier de preuves : aucune pièce n’est jointe à la situation {number}.",
            asked=f"Joindre les preuves de la situation {number} : leurs fichiers, nommés "
            f"« Situation {number} - … », à déposer dans « À remplir » de ce dossier.",
            who="le candidat",
        )


def _positioned(case: CaseFile, certification: Certification) -> Iterator[Besides]:
    """R72: what a course by formation begins with, where nothing waits for it."""
    for one in alongside(case, certification):
        if not case.standing(one.form.NAME):
            yield Besides(
                key=one.form.NAME,
                rule=one.rule,
                said=f"{one.named} n’est pas au dossier : ni évaluation préalable, ni parcours "
                "individualisé.",
                asked=f"{one.named} n’est pas au dossier : remplissez-le dans « À remplir », ou "
                "dites par une « Demande du bureau » (dispenser d’une pièce) pourquoi il n’y en a "
                "pas.",
            )


def _transmitted(case: CaseFile, certification: Certification) -> Iterator[Besides]:
    """R42: the dossier des modalités goes to the centre de ressources, and says when."""
    planned, whom = latest(case, Modalities, certification), certification.resource_centre
    if whom and planned is not None and planned.consent.sent is None:
        mark = case.standing(Modalities.NAME)[-1].mark
        yield Besides(
            key="transmission",
            rule="R42",
            said=f"Le dossier des modalités ne dit pas quand il a été transmis ({whom}).",
            asked=f"Transmettre le dossier des modalités ({whom}), puis en noter le jour par une "
            f"« Demande du bureau » (corriger {mark}, « Transmis au centre de ressources le »).",
        )
