"""Small certifications made by hand: two blocs, three compétences, criteria in four headings."""

from typing import Any

from casefiles.certification import Certification

HEADINGS = ("methodes", "moyens", "liens", "contraintes")
SOURCE = "Référentiel d’essai"
COMMON = ["modalites", "rapport", "grille", "avis", "recapitulatif"]
VAE = ["recevabilite", "preuves", "entretien", "recapitulatif"]

REGISTRATION: dict[str, Any] = {
    "directory": "RNCP",
    "code": "RNCP99999",
    "decision": "Décision d’essai",
    "decided_on": "2024-01-10",
    "effective_from": "2024-02-01",
    "expires_on": "2027-01-31",
    "source": "Fiche d’essai",
}


def _competence(identifier: str, number: int, criteria: int = 4) -> dict[str, Any]:
    return {
        "id": identifier,
        "number": number,
        "title": f"Savoir-faire d’essai n° {number}",
        "criteria": [
            {
                "id": f"{identifier}.K{rank + 1}",
                "heading": HEADINGS[rank % 4],
                "text": f"Critère {rank + 1} de la compétence {number}",
                "items": ["premier tiret", "second tiret"] if rank == 0 else [],
            }
            for rank in range(criteria)
        ],
        "results": [{"id": f"{identifier}.R1", "text": "Le résultat attendu est atteint"}],
    }


def certification(**changes: Any) -> Certification:
    """An unregistered CQPM whose evaluators judge each compétence; `changes` by top-level key."""
    data: dict[str, Any] = {
        "code": "cqpm-essai",
        "kind": "CQPM",
        "title": "Essayeur(euse) de procédures",
        "version": "1",
        "origin": {"document": SOURCE},
        "certifier": {
            "name": "Certificateur d’essai",
            "signatory_quality": "Directeur d’essai",
            "place": "Paris",
            "branch": "essais",
            "source": SOURCE,
        },
        "routes": {
            "formation_continue": {
                "open": True,
                "company": "required",
                "forms": COMMON,
                "source": SOURCE,
            },
            "candidature_individuelle": {
                "open": True,
                "company": "optional",
                "forms": COMMON,
                "source": SOURCE,
            },
            "apprentissage": {"open": False, "source": "Fiche d’essai, conditions d’inscription"},
        },
        "blocs": [
            {
                "id": "B1",
                "title": "Préparer",
                "competences": [_competence("B1.1", 1), _competence("B1.2", 2)],
            },
            {"id": "B2", "title": "Essayer", "competences": [_competence("B2.1", 3)]},
        ],
        "modalities": [
            {"id": "a", "title": "Situation réelle", "text": "…"},
            {"id": "b", "title": "Présentation", "text": "…"},
            {"id": "c", "title": "Situation reconstituée", "text": "…", "exceptional": True},
            {"id": "d", "title": "Avis de l’entreprise", "text": "…"},
        ],
        "threshold": {"kind": "judgment", "source": SOURCE},
        "evaluators": {"name": "commission d’évaluation", "source": SOURCE},
        "deliberation": {
            "colleges": [
                {"id": "employeurs", "label": "Employeurs"},
                {"id": "salaries", "label": "Salariés"},
            ],
            "source": SOURCE,
        },
        "outcomes": ["obtention", "refus", "ajourne", "absent", "excuse"],
    }
    data.update(changes)
    return Certification.model_validate(data)


def registered(**changes: Any) -> Certification:
    """The same, at RNCP: VAE and separate blocs are open, the jury may grant blocs."""
    plain = certification().model_dump(mode="json")
    return certification(
        **{
            "registration": REGISTRATION,
            "routes": plain["routes"]
            | {"vae": {"open": True, "company": "none", "forms": VAE, "source": "…"}},
            "outcomes": ["obtention", "partiel", "refus", "ajourne", "absent", "excuse"],
            "blocs_separately": True,
            **changes,
        }
    )


def with_ratio(numerator: int = 4, denominator: int = 5, criteria: int = 5) -> Certification:
    """One bloc of one compétence, acquired at that share of its criteria."""
    return certification(
        kind="CQP",
        threshold={
            "kind": "ratio",
            "numerator": numerator,
            "denominator": denominator,
            "source": SOURCE,
        },
        blocs=[{"id": "B1", "title": "Seul", "competences": [_competence("B1.1", 1, criteria)]}],
    )


def deliberation(**changes: Any) -> dict[str, Any]:
    """The deliberation of `certification()`, changed."""
    return certification().deliberation.model_dump(mode="json") | changes
