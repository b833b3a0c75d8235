"""Invented people, cases and sessions for the pages: one everyday, one with names too long."""

import hashlib
from datetime import UTC, date, datetime
from functools import cache

from casefiles.casefile import CaseFile
from casefiles.certification import Certification
from casefiles.documents import Document
from casefiles.events import (
    Decided,
    DecisionRecorded,
    DecisionsFiled,
    Firm,
    Juror,
    Person,
    PiecesSealed,
    Proof,
)
from casefiles.session import Session
from forms.pages.letterhead import Letterhead
from templates.catalog import load
from tests.casefiles import filled

DAY = date(2026, 6, 12)
NAME = "Maximilienne-Alexandrine D’EXEMPLE-DE-LA-TRÈS-LONGUE-RUE"
LETTERHEAD = Letterhead(
    organisation="École des Essais",
    address="3, place de l’Invention, 99000 Essai-la-Forêt",
    town="Essai-la-Forêt",
    nda="99 99 99999 99",
)
LONG_LETTERHEAD = Letterhead(
    organisation="Groupement interprofessionnel régional de formation d’Essai-la-Forêt, de "
    "Fiction-sur-Mer et des communes imaginaires environnantes, délégation aux certifications "
    "paritaires et à leurs jurys",
    address="Zone d’activités des Longues-Adresses-Inventées, bâtiment Œ, 99000 Essai-la-Forêt",
    town="Essai-la-Forêt",
    nda="99 99 99999 99",
)
ZOE = Person(
    civility="madame",
    birth_name="Exemple-Gonçalves",
    usage_name="Modèle",
    first_name="Zoé",
    other_names="Marie Łucja",
    birth_date=date(1991, 4, 3),
    birth_place="Saint-Œuf-sur-Essai",
    birth_country="France",
    email="zoe@exemple.invalid",
)
LONG = Person(
    civility="madame",
    birth_name="d’Exemple-de-la-Très-Longue-Rue",
    usage_name="Inventé-de-Fiction-et-de-l’Hypothèse",
    first_name="Maximilienne-Alexandrine",
    other_names="Marie-Geneviève Élisabeth-Charlotte Nguyễn",
    birth_date=date(1988, 2, 1),
    birth_place="Saint-Barthélemy-l’Imaginaire-sous-les-Grands-Chênes",
    birth_country="Pays-de-Fiction",
    email="max@exemple.invalid",
)


def sha(text: str) -> str:
    """A SHA-256 of its own."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def tmp() -> Certification:
    """The CQPM TMP as shipped: not registered."""
    return load("cqpm-tmp")


@cache
def opea() -> Certification:
    """A registered one."""
    return load("cqpm-opea")


def _document(
    form: str, values: dict[str, object], n: int, part: str = "", **more: object
) -> Document:
    entries: dict[str, object] = {
        "mark": f"2026-0042-{n:02d}",
        "form": form,
        "part": part,
        "serial": f"T{n:05d}",
        "sha256": sha(f"{form}{part}{n}"),
        "dropped_as": f"scan_{n:03d}.pdf",
        "values": values,
        "how": "fields",
        "proof": Proof(),
        "standing": "accepted",
        "reasons": (),
        "remarks": (),
        "at": datetime(2026, 3, 10 + n, 9, 30, tzinfo=UTC),
    }
    return Document(**{**entries, **more})  # type: ignore[arg-type]


def case(person: Person = ZOE, *, divided: bool = False, number: str = "2026-0042") -> CaseFile:
    """A complete case of the CQPM TMP; `divided`: two evaluators differ on compétence 4."""
    certification = tmp()
    signed = Proof(
        kind="signature",
        signer="Paul MODÈLE",
        fingerprint=sha("paul"),
        indication="TOTAL-PASSED",
        level="B-B",
    )
    long = person is LONG
    employer = "Paul-Emmanuel DE L’HYPOTHÈSE-INVENTÉE" if long else "Paul MODÈLE"
    documents = [
        _document("inscription", filled.inscription(), 1),
        _document("modalites", filled.modalities(certification), 2),
        _document("positionnement", filled.positioning(certification), 3),
    ]
    n = 4
    for one in certification.competences:
        changes: dict[str, object] = {}
        if long:
            changes["evaluator/name"] = "Eve-Éléonore ÉTALON-DE-LA-MESURE-PARFAITE"
        documents.append(
            _document("grille", filled.grid(certification, one.id, changes), n, one.id)
        )
        if divided and one.number == 4:
            n += 1
            refusal = {
                "conclusion/verdict": "non_acquise",
                "conclusion/comment": "La cause racine n’a pas été recherchée : le candidat a "
                "remplacé le capteur sans vérifier l’hypothèse, puis redémarré la ligne.",
                "evaluator/name": "Bo FICTIF",
                "criteria/BDC2-1-M1/mark": "non_valide",
            }
            paper = Proof(kind="paper", signer="Bo FICTIF")
            documents.append(
                _document(
                    "grille", filled.grid(certification, one.id, refusal), n, one.id, proof=paper
                )
            )
        n += 1
    about = {
        "competences/BDC1-2/opinion": "defavorable",
        "competences/BDC1-2/comment": "L’analyse des risques est restée à la charge du tuteur.",
    }
    avis = filled.avis(certification, {"signatory/name": employer, **(about if divided else {})})
    documents.append(_document("avis", avis, n, proof=signed))
    return CaseFile(
        number=number,
        certification=certification.code,
        certification_hash=certification.fingerprint,
        route="formation_continue",
        blocs=(),
        attempt=1,
        candidate=person,
        company=Firm(
            name="Société anonyme des Ateliers Fictifs Réunis de la Vallée d’Essai"
            if long
            else "Ateliers Fictifs",
            siret="73282932000074",
            contact=employer,
            email="paul@exemple.invalid",
        ),
        arrangement="Temps majoré d’un tiers." if divided else None,
        opened_at=datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
        moved_at=datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
        documents=tuple(documents),
    )


def members(count: int = 4, *, long: bool = False) -> tuple[Juror, ...]:
    """A jury: a president, members, one substitute of each college."""
    names = [
        ("Ada MODÈLE", "Fédération d’essai", "employeurs", "president"),
        ("Bo FICTIF", "Syndicat Alpha", "salaries", "titulaire"),
        ("Cléo HYPOTHÈSE", "Fédération d’essai", "employeurs", "suppleant"),
        ("Dan IMAGINÉ", "Syndicat Bêta", "salaries", "suppleant"),
        ("Eva SPÉCIMEN", "Union fictive", "employeurs", "titulaire"),
        ("Flo ESSAI", "Syndicat Gamma", "salaries", "titulaire"),
        ("Gil CONTREFAÇON", "Union fictive", "employeurs", "titulaire"),
        ("Han PROTOTYPE", "Syndicat Delta", "salaries", "titulaire"),
        ("Ivo MAQUETTE", "Union fictive", "employeurs", "titulaire"),
        ("Jo ÉBAUCHE", "Syndicat Epsilon", "salaries", "titulaire"),
    ]
    return tuple(
        Juror(
            key=f"m{n}",
            name=NAME if long else name,
            organisation=f"{organisation}, délégation régionale de Fiction-sur-Mer et environs"
            if long
            else organisation,
            college=college,
            seat=seat,
            independent=True,
        )
        for n, (name, organisation, college, seat) in enumerate(names[:count], start=1)
    )


def session(people: int = 1, jurors: int = 4, *, long: bool = False) -> Session:
    """A session with that many candidates, all ready but the last of several."""
    numbers = [f"2026-{41 + n:04d}" for n in range(1, people + 1)]
    name = NAME if long else "MODÈLE Zoé"
    return Session(
        reference="S2026-003",
        certification="cqpm-tmp",
        certification_hash=tmp().fingerprint,
        day=DAY,
        hour="9 h 30",
        place="Salle des Hypothèses, maison des entreprises fictives" if long else "Salle Essai",
        town="Essai-la-Forêt",
        convener="École des Essais",
        members=members(jurors, long=long),
        opened_at=datetime(2026, 5, 4, 8, 0, tzinfo=UTC),
        names=dict.fromkeys(numbers, name),
        ready={n: "" if len(numbers) > 1 and n == numbers[-1] else sha(n) for n in numbers},
        companies=dict.fromkeys(numbers, "Ateliers Fictifs"),
        pieces=PiecesSealed(
            sha256=sha("pieces"), path="Pièces v1.pdf", version=1, cases=tuple(numbers)
        ),
    )


def decided(cases: list[CaseFile], outcome: str = "obtention", jurors: int = 4) -> DecisionsFiled:
    """What the jury wrote down."""
    return DecisionsFiled(
        document="S2026-003-02",
        sha256=sha("feuille"),
        dropped_as="feuille remplie.pdf",
        deliberated_on=DAY,
        conform=True,
        reserve=None,
        present=tuple(f"m{n}" for n in range(1, jurors + 1) if n != 2),
        decisions=tuple(
            Decided(
                case=c.number,
                outcome=outcome,
                motive="Le jury retient l’avis du second évaluateur."
                if outcome == "refus"
                else None,
                votes_for=2 if outcome == "obtention" else 0,
                votes_against=0 if outcome == "obtention" else 2,
                abstentions=0,
            )
            for c in cases
        ),
    )


def recorded(outcome: str = "obtention", **more: object) -> DecisionRecorded:
    """The decision as the case keeps it."""
    return DecisionRecorded(
        session="S2026-003",
        pv_version=1,
        pv_sha256=sha("pv"),
        decided_on=DAY,
        decision=Decided(case="2026-0042", outcome=outcome, **more),
    )


@cache
def registered() -> Certification:
    """A registered certification with every mention its parchemin needs."""
    return opea().model_copy(update={"level": "Niveau 4", "european_level": "Niveau 4"})
