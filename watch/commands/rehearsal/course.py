"""What invented people write all along a course: prerequisites to plénier, VAE, and what is shared.

`BY_FORM` says, for each form a case asks people for, how it is filled right; days are told from the
day the story is told. Shared by the demonstration and the stories of the tests.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from casefiles.answers.outline import Outline
from watch.commands.rehearsal import answers
from watch.commands.rehearsal.answers import COMPANY, EMPLOYER, EVALUATOR, Answers, fr

TRAINING = "Organisme EXEMPLE de formation"
MANAGER = "Olga EXEMPLE-BRUNET"
SECOND = "Malo EXEMPLE-TANGUY"

NOTHING: Mapping[str, Any] = {}

Says = Callable[[Outline, date], Answers]


def prerequisites(laid_out: Outline, today: date) -> Answers:
    """F2: every box met, its number above the minimum, its evidence seen."""
    day = _ago(today, 58)
    return {
        **_each(laid_out, "boxes", "met", "oui"),
        **_each(laid_out, "boxes", "evidence", f"Original vu le {day}"),
        "boxes/P2/number": "215",
        "boxes/P3/number": "7",
        "conclusion/verdict": "valides",
        "conclusion/by": MANAGER,
        "conclusion/quality": "Responsable administrative",
        "conclusion/day": day,
    }


def positioning(laid_out: Outline, today: date) -> Answers:
    """F3: three hours in all, the employer’s delegate heard."""
    day = _ago(today, 52)
    return {
        "test/day": day,
        "test/spent": "1 h",
        "test/result": "14 réponses justes sur 20",
        "interview/day": day,
        "interview/spent": "1 h 30",
        "interview/led_by": MANAGER,
        "employer/day": day,
        "employer/spent": "30 min",
        "employer/person": f"{EMPLOYER}, cheffe d’équipe",
        "employer/side": "delegue",
        **_each(laid_out, "competences", "level", "en_partie"),
        "course/plan": "Deux jours de préparation aux épreuves.",
        "course/by": MANAGER,
        "course/day": _ago(today, 51),
    }


def preparation(laid_out: Outline, today: date) -> Answers:
    """Attendance: every half-day of three and a half hours, two a day."""
    half_days = list(_each(laid_out, "half_days", "day", ""))
    return {
        **{name: _ago(today, 42 - place // 2) for place, name in enumerate(half_days)},
        **_each(laid_out, "half_days", "present", "oui"),
        **_each(laid_out, "half_days", "spent", "3 h 30"),
        "trainer/name": "Hugo EXEMPLE-FABRE",
        "trainer/organisation": TRAINING,
        "trainer/day": _ago(today, 40),
    }


def report(laid_out: Outline, today: date) -> Answers:
    """F7: a report on everything, received in time."""
    return {
        "delivery/title": "La reprise de la ligne 3",
        "delivery/received": _ago(today, 32),
        "delivery/by": MANAGER,
        "delivery/pages": "24",
        **_each(laid_out, "competences", "covered", True),
    }


def admissibility(laid_out: Outline, today: date) -> Answers:
    """F8: thirteen months with an employer, the last of them with an association as well."""
    year = today.year - 2
    return {
        "experiences/1/employer": COMPANY,
        "experiences/1/post": "Conductrice de ligne",
        "experiences/1/nature": "salarie",
        "experiences/1/start": f"01/01/{year}",
        "experiences/1/end": f"31/12/{year}",
        "experiences/1/hours": "35",
        "experiences/2/employer": "Association EXEMPLE",
        "experiences/2/post": "Atelier de réparation",
        "experiences/2/nature": "benevole",
        "experiences/2/start": f"01/12/{year}",
        "experiences/2/end": f"31/01/{year + 1}",
        "statement/proofs": "Certificat de travail, attestation de l’association",
        "statement/sworn": True,
        "statement/day": _ago(today, 58),
    }


def admissibility_decision(laid_out: Outline, today: date) -> Answers:
    """F8, the decision: recevable."""
    return {
        "decision/verdict": "recevable",
        "decision/by": "Cyrille EXEMPLE-NOËL",
        "decision/quality": "Chargé de VAE",
        "decision/day": _ago(today, 45),
    }


def evidence(laid_out: Outline, today: date) -> Answers:
    """F9: one situation that shows everything."""
    return {
        "situations/1/title": "Redémarrage de la ligne 3",
        "situations/1/company": COMPANY,
        "situations/1/period": f"Mars à juin {today.year - 2}",
        "situations/1/context": "La ligne s’arrêtait chaque semaine.",
        "situations/1/actions": "J’ai relevé les arrêts, puis proposé un réglage.",
        "situations/1/results": "Un arrêt par mois.",
        "situations/1/equipment_count": "2",
        "situations/1/proofs": "Relevés, fiche de réglage",
        **_each(laid_out, "matrix", "s1", True),
        "statement/sworn": True,
        "statement/day": _ago(today, 35),
    }


def interview(laid_out: Outline, today: date) -> Answers:
    """F10: everything validated by two members."""
    return {
        "sitting/day": _ago(today, 30),
        "sitting/place": "Centre d’examen EXEMPLE",
        "members/1/name": EVALUATOR,
        "members/1/quality": "Formatrice",
        "members/1/independent": True,
        "members/2/name": SECOND,
        "members/2/quality": "Responsable de production",
        "members/2/independent": True,
        **_each(laid_out, "competences", "verdict", "validee"),
    }


def plenary(laid_out: Outline, today: date) -> Answers:
    """F12: everything steadied as acquired, by an evaluator and the OF."""
    return {
        "sitting/day": _ago(today, 20),
        "sitting/place": TRAINING,
        "members/S1/name": EVALUATOR,
        "members/S1/organisation": "Réseaux EXEMPLE",
        "members/S2/name": MANAGER,
        "members/S2/organisation": TRAINING,
        **_each(laid_out, "results", "steadied", "acquise"),
    }


BY_FORM: Mapping[str, Says] = {
    "prerequis": prerequisites,
    "positionnement": positioning,
    "preparation": preparation,
    "rapport": report,
    "recevabilite": admissibility,
    "recevabilite_decision": admissibility_decision,
    "preuves": evidence,
    "entretien": interview,
    "plenier": plenary,
    "modalites": answers.modalities,
    "grille": answers.grid,
    "avis": answers.avis,
}

_FOUR_OF_FIVE = {"criteria/E1-1-C2/mark": "non_observe"}
_THREE_OF_FOUR = {
    "criteria/E2-1-C1/mark": "non_valide",
    "conclusion/verdict": "non_acquise",
    "conclusion/comment": "Risque non repéré.",
}


def three_epreuves(competences: Iterable[str]) -> dict[str, Answers]:
    """TMROA: each épreuve by its own modality, before a professional; what the plénier steadies.

    4 criteria of 5 are met in E1.1, which is enough; 3 of 4 in E2.1, which is not. By form, or by
    compétence for its grid: only what differs from `BY_FORM`.
    """
    professional = {
        "setting/domain": "Curage",
        "evaluator/profile": "professionnel",
        "evaluator/organisation": "Réseaux EXEMPLE",
    }
    held = {"E1": ("a", "1 h 30"), "E2": ("b", "1 h"), "E3": ("c", "1 h 10")}
    papers: dict[str, Answers] = {}
    for part in competences:
        modality, spent = held[part[:2]]
        papers[part] = {"setting/modality": modality, "setting/spent": spent, **professional}
    papers["E1.1"] |= _FOUR_OF_FIVE
    papers["E2.1"] |= _THREE_OF_FOUR
    papers["plenier"] = {"results/E2-1/steadied": "non_acquise"}
    return papers


ALONE: Mapping[str, None] = {
    f"company/{name}": None for name in ("name", "siret", "contact", "email", "agreement")
}


def him(first_name: str) -> Answers:
    """Of an inscription, what changes for a man of that first name."""
    return {
        "candidate/civility": "monsieur",
        "candidate/first_name": first_name,
        "candidate/other_names": None,
    }


def said(
    form: str, laid_out: Outline, today: date, changes: Mapping[str, Any] = NOTHING
) -> Answers:
    """That form filled right but for `changes`, None taking an answer away.

    Only what the form asks is answered: a certification may not ask for all of it.
    """
    fields = {question.name for question in laid_out.questions()}
    right = {k: v for k, v in BY_FORM[form](laid_out, today).items() if k in fields}
    return {k: v for k, v in (right | dict(changes)).items() if v is not None}


def _ago(today: date, days: int) -> str:
    return fr(today - timedelta(days=days))


def _each(laid_out: Outline, first: str, last: str, value: Any) -> Answers:
    """The same answer to every question `first`/…/`last`."""
    return {
        question.name: value
        for question in laid_out.questions()
        if question.name.startswith(f"{first}/") and question.name.endswith(f"/{last}")
    }
