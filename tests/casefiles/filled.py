"""Raw values as a viewer gives them back: every form filled right, for one invented person."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from casefiles.answers import Form
from casefiles.answers.outline import Kind, field_name, outline
from casefiles.answers.reading import Reading, accept
from casefiles.answers.vocabulary import Row, Scope
from casefiles.certification import Certification

Changes = dict[str, Any] | None

TODAY = date(2026, 6, 30)
MEMBERS = (
    Row(key="m1", label="Ada MODÈLE"),
    Row(key="m2", label="Bo FICTIF"),
)
CANDIDATES = (
    Row(key="2026-0001", label="EXEMPLE-GONÇALVES Zoé"),
    Row(key="2026-0002", label="INVENTÉ Łukasz"),
)


def scope(certification: Certification, competence: str = "", *blocs: str) -> Scope:
    """The scope of a form of that certification, with a session’s lists."""
    return Scope(
        certification=certification,
        blocs=blocs,
        competence=competence,
        lists={"members": MEMBERS, "candidates": CANDIDATES},
    )


def scope_of(form: type[Form], certification: Certification) -> Scope:
    """The scope that form is usually printed for: a grid has a compétence."""
    first = certification.competences[0].id if form.NAME == "grille" else ""
    return scope(certification, first)


def read(form: type[Form], about: Scope, raw: dict[str, Any], today: date = TODAY) -> Reading[Any]:
    """`accept`, judged on the day of these tests."""
    return accept(form, about, raw, today=today)


def answers(form: type[Form], about: Scope, raw: dict[str, Any]) -> Any:
    """The accepted answers of that form; the test fails when there are none."""
    reading = read(form, about, raw)
    assert reading.answers is not None, reading.problems
    return reading.answers


def inscription(changes: Changes = None) -> dict[str, Any]:
    """F1, by formation continue, for the whole certification."""
    return _changed(
        {
            "candidate/civility": "madame",
            "candidate/birth_name": "Exemple-Gonçalves",
            "candidate/first_name": "Zoé",
            "candidate/birth_date": "29/02/1988",
            "candidate/birth_place": "Saint-Œuf-sur-Essai",
            "candidate/birth_country": "France",
            "candidate/address": "1, rue de l’Invention\n99000 Essai",
            "candidate/email": "zoe@exemple.invalid",
            "candidate/status": "salarie",
            "wish/route": "formation_continue",
            "wish/extent": "entiere",
            "company/name": "Ateliers Fictifs",
            "company/siret": "73282932000074",
            "company/contact": "Paul MODÈLE",
            "company/email": "paul@exemple.invalid",
            "training/organisation": "OF d’essai",
            "training/centre": "Centre d’essai",
            "agreement/exact": True,
            "agreement/informed": True,
            "agreement/day": "05/01/2026",
        },
        changes,
    )


def modalities(
    certification: Certification, changes: Changes = None, *blocs: str
) -> dict[str, Any]:
    """F4: modality a in March 2026 for every bloc."""
    raw: dict[str, Any] = {"header/candidate": "EXEMPLE-GONÇALVES Zoé"}
    for row in scope(certification, "", *blocs).rows("blocs"):
        raw |= {
            f"blocs/{row.key}/modality": "a",
            f"blocs/{row.key}/place": "Essai",
            f"blocs/{row.key}/start": "02/03/2026",
            f"blocs/{row.key}/end": "31/03/2026",
            f"blocs/{row.key}/evaluators": "Eve ÉTALON",
        }
    raw |= {
        "consent/centre": "Claire CENTRE",
        "consent/partner": "Paul MODÈLE",
        "consent/day": "20/02/2026",
    }
    return _changed(raw, changes)


def grid(certification: Certification, competence: str, changes: Changes = None) -> dict[str, Any]:
    """F5: acquired, every criterion met, by Eve ÉTALON on 12 March 2026."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "setting/day": "12/03/2026",
        "setting/place": "Atelier d’essai",
        "setting/modality": "a",
        "setting/equipment_count": "2",
        "conclusion/verdict": "acquise",
        "evaluator/name": "Eve ÉTALON",
        "evaluator/quality": "Formatrice",
        "evaluator/experience": "12",
        "evaluator/independent": "oui",
    }
    one = certification.competence(competence)
    raw |= {field_name("criteria", c.id, "mark"): "valide" for c in one.criteria}
    raw |= {field_name("results", r.id, "reached"): "oui" for r in one.results}
    return _changed(raw, changes)


def avis(certification: Certification, changes: Changes = None) -> dict[str, Any]:
    """F6: favourable throughout."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "activities": "Essais de la ligne 3",
        "conclusion/overall": "favorable",
        "signatory/name": "Paul MODÈLE",
        "signatory/day": "02/04/2026",
        "signatory/function": "tuteur",
    }
    for competence in certification.competences:
        raw[field_name("competences", competence.id, "opinion")] = "favorable"
    return _changed(raw, changes)


def composition(changes: Changes = None) -> dict[str, Any]:
    """Composition du jury: one president and one member, two candidates, written from line 1."""
    return _changed(
        {
            "sitting/day": "12/06/2026",
            "sitting/place": "Salle d’essai",
            "sitting/town": "Lyon",
            "sitting/convener": "Claire CENTRE",
            "members/1/name": "Ada MODÈLE",
            "members/1/organisation": "Ateliers Neutres",
            "members/1/college": "employeurs",
            "members/1/seat": "president",
            "members/1/independent": True,
            "members/2/name": "Bo FICTIF",
            "members/2/organisation": "Syndicat d’essai",
            "members/2/college": "salaries",
            "members/2/seat": "titulaire",
            "members/2/independent": True,
            "agenda/1/case": "2026-0001",
            "agenda/2/case": "2026-0002",
        },
        changes,
    )


def decisions(changes: Changes = None) -> dict[str, Any]:
    """Feuille de décisions: everybody present, both candidates obtain."""
    return _changed(
        {
            "header/session": "S2026-001",
            "header/place": "Lyon",
            "members/m1/presence": "present",
            "members/m2/presence": "present",
            "candidates/2026-0001/outcome": "obtention",
            "candidates/2026-0002/outcome": "obtention",
            "conformity/conform": "oui",
            "conformity/day": "12/06/2026",
        },
        changes,
    )


def office_act(changes: Changes = None) -> dict[str, Any]:
    """Demande du bureau: abandon."""
    return _changed(
        {
            "kind": "abandonner",
            "target/number": "2026-0001",
            "author/by": "Claire CENTRE",
            "author/day": "01/06/2026",
            "author/because": "Le candidat a renoncé par écrit.",
        },
        changes,
    )


def every_form(certification: Certification) -> dict[str, dict[str, Any]]:
    """Each form of FORMS, filled right."""
    return {
        "inscription": inscription(),
        "modalites": modalities(certification),
        "grille": grid(certification, certification.competences[0].id),
        "avis": avis(certification),
        "composition": composition(),
        "decisions": decisions(),
        "demande": office_act(),
    }


def raw_of(given: Form, about: Scope) -> dict[str, Any]:
    """The answers written back as a viewer would store them; lines are packed from line 1."""
    kinds = {q.name: q.kind for q in outline(type(given), about).questions()}
    flat = dict(_flat((), given))
    return {name: _written(kinds[name], value) for name, value in flat.items() if value is not None}


def _flat(path: tuple[str, ...], value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        inner = [((*path, name), getattr(value, name)) for name in type(value).model_fields]
    elif isinstance(value, dict):
        inner = [((*path, key), one) for key, one in value.items()]
    elif isinstance(value, list):
        inner = [((*path, str(line)), one) for line, one in enumerate(value, start=1)]
    else:
        return [(field_name(*path), value)]
    return [pair for where, one in inner for pair in _flat(where, one)]


def _written(kind: Kind, value: Any) -> Any:
    if kind is Kind.TICK:
        return bool(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _changed(raw: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """`changes` by field name; None takes the answer away."""
    return {key: v for key, v in (raw | (changes or {})).items() if v is not None}
