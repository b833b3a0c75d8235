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
            "candidate/birth_postcode": "99123",
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
    if certification.resource_centre:
        raw["consent/sent"] = "23/02/2026"
    return _changed(raw, changes)


def grid(certification: Certification, competence: str, changes: Changes = None) -> dict[str, Any]:
    """F5: acquired, every criterion met, by Eve ÉTALON on 12 March 2026."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "setting/day": "12/03/2026",
        "setting/place": "Atelier d’essai",
        "setting/modality": "a",
        "setting/equipment": "Ligne 3, îlot 7",
        "setting/equipment_count": "2",
        "conclusion/verdict": "acquise",
        "evaluator/name": "Eve ÉTALON",
        "evaluator/quality": "Formatrice",
        "evaluator/experience": "12",
        "evaluator/independent": "oui",
    }
    one = certification.competence(competence)
    if one.domains:
        raw["setting/domain"] = one.domains[0]
    if certification.step("evaluation"):
        raw["setting/spent"] = "1 h 15"
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


def prerequisites(certification: Certification, changes: Changes = None) -> dict[str, Any]:
    """F2: every box met, its number at the minimum, its evidence seen."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "conclusion/verdict": "valides",
        "conclusion/by": "Olga FORMATION",
        "conclusion/quality": "Responsable administrative",
        "conclusion/day": "08/01/2026",
    }
    for row in scope(certification).rows("prerequisites"):
        raw[field_name("boxes", row.key, "met")] = "oui"
        raw[field_name("boxes", row.key, "evidence")] = "Original vu le 08/01/2026"
    for one in certification.prerequisites:
        if one.minimum is not None:
            raw[field_name("boxes", one.id, "number")] = str(one.minimum)
    return _changed(raw, changes)


def positioning(certification: Certification, changes: Changes = None) -> dict[str, Any]:
    """F3: three hours in all, the employer’s delegate heard."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "test/day": "15/01/2026",
        "test/spent": "1:00:00",
        "test/result": "14 réponses justes sur 20",
        "interview/day": "15/01/2026",
        "interview/spent": "1:30:00",
        "interview/led_by": "Olga FORMATION",
        "employer/day": "15/01/2026",
        "employer/spent": "0:30:00",
        "employer/person": "Paul MODÈLE, chef d’équipe",
        "employer/side": "delegue",
        "course/plan": "Deux jours de préparation aux épreuves.",
        "course/by": "Olga FORMATION",
        "course/day": "16/01/2026",
    }
    for competence in certification.competences:
        raw[field_name("competences", competence.id, "level")] = "en_partie"
    return _changed(raw, changes)


def preparation(certification: Certification, changes: Changes = None) -> dict[str, Any]:
    """Attendance: every half-day of three and a half hours, from 2 February 2026."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "trainer/name": "Hugo FORMATEUR",
        "trainer/organisation": "OF d’essai",
        "trainer/day": "03/02/2026",
    }
    for place, row in enumerate(scope(certification).rows("half_days")):
        raw[field_name("half_days", row.key, "day")] = f"{2 + place // 2:02d}/02/2026"
        raw[field_name("half_days", row.key, "present")] = "oui"
        raw[field_name("half_days", row.key, "spent")] = "3:30:00"
    return _changed(raw, changes)


def report(certification: Certification, changes: Changes = None) -> dict[str, Any]:
    """F7: a report on everything, received on 10 March 2026."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "delivery/title": "La reprise de la ligne 3",
        "delivery/received": "10/03/2026",
        "delivery/by": "Claire CENTRE",
        "delivery/pages": "24",
    }
    for competence in certification.competences:
        raw[field_name("competences", competence.id, "covered")] = True
    return _changed(raw, changes)


def admissibility(changes: Changes = None) -> dict[str, Any]:
    """F8: thirteen months with an employer, the last of them with an association as well."""
    return _changed(
        {
            "header/candidate": "EXEMPLE-GONÇALVES Zoé",
            "experiences/1/employer": "Ateliers Fictifs",
            "experiences/1/post": "Conductrice de ligne",
            "experiences/1/nature": "salarie",
            "experiences/1/start": "01/01/2024",
            "experiences/1/end": "31/12/2024",
            "experiences/1/hours": "35",
            "experiences/2/employer": "Association d’essai",
            "experiences/2/post": "Atelier de réparation",
            "experiences/2/nature": "benevole",
            "experiences/2/start": "01/12/2024",
            "experiences/2/end": "31/01/2025",
            "statement/proofs": "Certificat de travail, attestation de l’association",
            "statement/sworn": True,
            "statement/day": "06/01/2026",
        },
        changes,
    )


def admissibility_decision(changes: Changes = None) -> dict[str, Any]:
    """F8, the decision: recevable."""
    return _changed(
        {
            "header/candidate": "EXEMPLE-GONÇALVES Zoé",
            "decision/verdict": "recevable",
            "decision/by": "Cyrille CERTIFICATEUR",
            "decision/quality": "Chargé de VAE",
            "decision/day": "20/01/2026",
        },
        changes,
    )


def evidence(certification: Certification, changes: Changes = None) -> dict[str, Any]:
    """F9: one situation that shows everything."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "situations/1/title": "Redémarrage de la ligne 3",
        "situations/1/company": "Ateliers Fictifs",
        "situations/1/period": "Mars à juin 2024",
        "situations/1/context": "La ligne s’arrêtait chaque semaine.",
        "situations/1/actions": "J’ai relevé les arrêts, puis proposé un réglage.",
        "situations/1/results": "Un arrêt par mois.",
        "situations/1/equipment_count": "2",
        "situations/1/proofs": "Relevés, fiche de réglage",
        "statement/sworn": True,
        "statement/day": "02/02/2026",
    }
    for competence in certification.competences:
        raw[field_name("matrix", competence.id, "s1")] = True
    return _changed(raw, changes)


def interview(certification: Certification, changes: Changes = None) -> dict[str, Any]:
    """F10: everything validated by two members."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "sitting/day": "12/03/2026",
        "sitting/place": "Centre d’essai",
        "members/1/name": "Eve ÉTALON",
        "members/1/quality": "Formatrice",
        "members/1/independent": True,
        "members/2/name": "Rémi SECOND",
        "members/2/quality": "Responsable de production",
        "members/2/independent": True,
    }
    for competence in certification.competences:
        raw[field_name("competences", competence.id, "verdict")] = "validee"
    return _changed(raw, changes)


def plenary(certification: Certification, changes: Changes = None) -> dict[str, Any]:
    """F12: everything steadied as acquired, by the evaluator and the OF."""
    raw: dict[str, Any] = {
        "header/candidate": "EXEMPLE-GONÇALVES Zoé",
        "sitting/day": "20/03/2026",
        "sitting/place": "OF d’essai",
    }
    people = ("Eve ÉTALON", "Olga FORMATION")
    for row, name in zip(scope(certification).rows("seats"), people, strict=False):
        raw[field_name("members", row.key, "name")] = name
        raw[field_name("members", row.key, "organisation")] = "OF d’essai"
    for competence in certification.competences:
        raw[field_name("results", competence.id, "steadied")] = "acquise"
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


def emargement() -> dict[str, Any]:
    """F13E: a PV that decides of two candidates."""
    return {
        "minutes/session": "S2026-001",
        "minutes/version": "version 1",
        "minutes/place": "Salle d’essai, Lyon",
        "minutes/sha256": "ab" * 32,
        **{f"candidates/2026-000{n}/decision": "Obtention" for n in (1, 2)},
        "signing/day": "12/06/2026",
    }


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
        "prerequis": prerequisites(certification),
        "positionnement": positioning(certification),
        "preparation": preparation(certification),
        "rapport": report(certification),
        "recevabilite": admissibility(),
        "recevabilite_decision": admissibility_decision(),
        "preuves": evidence(certification),
        "entretien": interview(certification),
        "plenier": plenary(certification),
        "modalites": modalities(certification),
        "grille": grid(certification, certification.competences[0].id),
        "avis": avis(certification),
        "composition": composition(),
        "decisions": decisions(),
        "emargement": emargement(),
        "demande": office_act(),
    }


def raw_of(given: Form, about: Scope) -> dict[str, Any]:
    """The answers written back as a viewer would store them; lines are packed from line 1."""
    kinds = {q.name: q.kind for q in outline(type(given), about).questions()}
    flat = dict(_flat((), given))
    asked = {name: value for name, value in flat.items() if value is not None and name in kinds}
    return {name: _written(kinds[name], value) for name, value in asked.items()}


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
    if isinstance(value, tuple):
        return ", ".join(value)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _changed(raw: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """`changes` by field name; None takes the answer away."""
    return {key: v for key, v in (raw | (changes or {})).items() if v is not None}
