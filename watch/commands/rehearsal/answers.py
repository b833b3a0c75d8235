"""What the plainly invented people of the demonstration write in their forms."""

from datetime import date, timedelta
from typing import Any

from casefiles.answers.outline import Kind, Outline

CANDIDATE = "Zoé EXEMPLE-GONÇALVES"
EMPLOYER = "Solène EXEMPLE-ŒUVRARD"
COMPANY = "Ateliers EXEMPLE du Vieux-Pont"
EVALUATOR = "Nadège EXEMPLE-KERMOAL"
PRESIDENT = "Camille EXEMPLE-PRÉVOST"
MEMBERS = ("Inès EXEMPLE-DUŁAK", "Théo EXEMPLE-NÉGRIER")
OFFICE = "Mireille EXEMPLE-ROBIN, bureau des certifications"

Answers = dict[str, Any]


def fr(day: date) -> str:
    """« 07/03/2026 »."""
    return f"{day:%d/%m/%Y}"


def inscription(today: date) -> Answers:
    """F1."""
    return {
        "candidate/civility": "madame",
        "candidate/birth_name": "EXEMPLE-GONÇALVES",
        "candidate/first_name": "Zoé",
        "candidate/other_names": "Łucja Anaïs",
        "candidate/birth_date": "07/03/1994",
        "candidate/nationality": "Française",
        "candidate/birth_place": "L’Haÿ-les-Roses",
        "candidate/birth_postcode": "94240",
        "candidate/birth_country": "France",
        "candidate/address": "12, rue de l’Exemple\n69000 Exempleville",
        "candidate/email": "zoe@exemple.invalid",
        "candidate/phone": "00 00 00 00 00",
        "candidate/status": "salarie",
        "wish/route": "formation_continue",
        "wish/extent": "entiere",
        "company/name": COMPANY,
        "company/siret": "73282932000074",
        "company/contact": EMPLOYER,
        "company/email": "solene@exemple.invalid",
        "company/agreement": "3248",
        "training/organisation": "Organisme EXEMPLE de formation",
        "training/declaration": "00 00 00000 00",
        "training/centre": "Centre d’examen EXEMPLE",
        "training/financing": "Plan de développement",
        "agreement/exact": True,
        "agreement/informed": True,
        "agreement/place": "Exempleville",
        "agreement/day": fr(today - timedelta(days=60)),
    }


def modalities(laid_out: Outline, today: date) -> Answers:
    """F4: real work for every bloc."""
    values: Answers = {
        "consent/centre": "Yann EXEMPLE-LE GOFF",
        "consent/partner": EMPLOYER,
        "consent/day": fr(today - timedelta(days=55)),
    }
    for question in laid_out.questions():
        if question.name == "consent/sent":
            values[question.name] = fr(today - timedelta(days=52))
        said = {
            "modality": "a",
            "place": "Atelier 2, ligne de conditionnement",
            "start": fr(today - timedelta(days=50)),
            "end": fr(today - timedelta(days=10)),
            "evaluators": EVALUATOR,
            "equipment": "Ligne 3 et îlot robotisé 7",
        }.get(question.name.rsplit("/", 1)[-1])
        if said and question.name.startswith("blocs/"):
            values[question.name] = said
    return values


def grid(laid_out: Outline, today: date, *, evaluator: str = EVALUATOR) -> Answers:
    """F5: every criterion met, but one that was not seen."""
    values: Answers = {
        "setting/day": fr(today - timedelta(days=30)),
        "setting/place": "Atelier 2",
        "setting/modality": "a",
        "setting/equipment": "Ligne 3 (conditionnement), îlot robotisé 7",
        "setting/equipment_count": "2",
        "conclusion/verdict": "acquise",
        "evaluator/name": evaluator,
        "evaluator/quality": "Responsable maintenance",
        "evaluator/experience": "14",
        "evaluator/independent": "oui",
    }
    for question in laid_out.questions():
        if question.name.startswith("criteria/") and question.kind is Kind.ONE_OF:
            values[question.name] = "valide"
        if question.name.startswith("results/"):
            values[question.name] = "oui"
        if question.name == "setting/domain":
            values[question.name] = "Fiabilité"
        if question.name == "setting/spent":
            values[question.name] = "1 h 15"
    return values


def avis(laid_out: Outline, today: date) -> Answers:
    """F6: favourable throughout."""
    values: Answers = {
        "activities": "Suivi de la ligne 3 pendant six mois : relevés, préventif, dépannage de "
        "l’îlot robotisé, et la fiche de réglage reprise par toute l’équipe.",
        "conclusion/overall": "favorable",
        "conclusion/comment": "Très à l’aise avec les équipes de production.",
        "signatory/name": EMPLOYER,
        "signatory/function": "hierarchique",
        "signatory/day": fr(today - timedelta(days=5)),
    }
    for question in laid_out.questions():
        if question.name.startswith("competences/") and question.kind is Kind.ONE_OF:
            values[question.name] = "favorable"
    return values


def composition(case: str, today: date) -> Answers:
    """The jury: a president and two members, one substitute."""
    values: Answers = {
        "sitting/day": fr(today),
        "sitting/hour": "9 h 30",
        "sitting/place": "Salle du Vieux-Pont",
        "sitting/town": "Exempleville",
        "sitting/convener": "Organisme EXEMPLE de formation",
        "sitting/deputy": "2",
        "agenda/1/case": case,
    }
    seats = (
        (PRESIDENT, "Chambre EXEMPLE", "employeurs", "president"),
        (MEMBERS[0], "Syndicat EXEMPLE", "salaries", "titulaire"),
        (MEMBERS[1], "Union EXEMPLE", "salaries", "suppleant"),
    )
    for number, (name, organisation, college, seat) in enumerate(seats, start=1):
        values |= {
            f"members/{number}/name": name,
            f"members/{number}/organisation": organisation,
            f"members/{number}/college": college,
            f"members/{number}/seat": seat,
            f"members/{number}/independent": True,
        }
    return values


def decisions(laid_out: Outline, today: date, outcome: str = "obtention") -> Answers:
    """The sheet: the titular members present, the decision unanimous."""
    values: Answers = {"conformity/conform": "oui", "conformity/day": fr(today)}
    for question in laid_out.questions():
        if question.name.startswith("members/"):
            absent = question.name == "members/m3/presence"
            values[question.name] = "absent" if absent else "present"
        if question.name.startswith("candidates/"):
            said = {
                "outcome": outcome,
                "votes_for": "2" if outcome == "obtention" else "0",
                "votes_against": "0" if outcome == "obtention" else "2",
                "abstentions": "0",
            }.get(question.name.rsplit("/", 1)[-1])
            if said:
                values[question.name] = said
    return values


def closing(session: str, today: date) -> Answers:
    """The office closes the agenda."""
    return {
        "kind": "cloturer",
        "target/number": session,
        "author/by": OFFICE,
        "author/day": fr(today),
        "author/because": "Tous les dossiers sont complets.",
    }
