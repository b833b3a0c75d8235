"""Where a certification contradicts itself, or a rule every certification is under.

Pure: it names the culprit by its path in the file and says what to do; refusing is for
`certification`, the line for templates.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casefiles.access import RouteName
from casefiles.evaluation import Outcome, Ratio
from casefiles.referentiel import Competence

if TYPE_CHECKING:
    from casefiles.certification import Certification

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Contradiction:
    """What cannot be: the path of the culprit in the file, why, and what to do."""

    path: Place
    reason: str
    remedy: str


def contradictions(certification: "Certification") -> Iterator[Contradiction]:
    """All of them, in the order of what they are about."""
    yield from _identifiers(certification)
    yield from _competences(certification)
    yield from _modalities(certification)
    yield from _registration(certification)
    yield from _routes(certification)
    yield from _bodies(certification)


def _identifiers(certification: "Certification") -> Iterator[Contradiction]:
    seen: set[str] = set()
    for path, identifier in _named(certification):
        if identifier in seen:
            yield Contradiction(
                path, f"l’identifiant « {identifier} » sert déjà", "Donnez-en un qui ne serve pas."
            )
        seen.add(identifier)


def _competences(certification: "Certification") -> Iterator[Contradiction]:
    for expected, (path, competence) in enumerate(_places(certification), start=1):
        if competence.number != expected:
            yield Contradiction(
                (*path, "number"),
                f"le numéro {competence.number} devrait être {expected}",
                f"Numérotez les {certification.unit}s 1, 2, 3… dans l’ordre du fichier.",
            )
        if competence.criteria:
            continue
        if not certification.criteria_missing:
            yield Contradiction(
                path,
                f"« {competence.id} » n’a aucun critère",
                "Ajoutez-les (criteria), ou dites dans criteria_missing pourquoi ils manquent.",
            )
        if isinstance(certification.threshold, Ratio):
            yield Contradiction(
                path,
                f"« {competence.id} » n’a aucun critère, or le seuil (threshold) les compte",
                "Ajoutez-les, ou choisissez kind: judgment.",
            )


def _modalities(certification: "Certification") -> Iterator[Contradiction]:
    known = {m.id for m in certification.modalities}
    named: list[tuple[Place, str]] = [
        (("modality_rule", g, m), one)
        for g, group in enumerate(certification.modality_rule)
        for m, one in enumerate(group)
    ]
    named += [
        (("blocs", b, "modalities", m), one)
        for b, bloc in enumerate(certification.blocs)
        for m, one in enumerate(bloc.modalities)
    ]
    for path, identifier in named:
        if identifier not in known:
            yield Contradiction(
                path,
                f"la modalité « {identifier} » n’est pas décrite sous modalities",
                "Décrivez-la, ou retirez-la d’ici.",
            )


def _registration(certification: "Certification") -> Iterator[Contradiction]:
    if certification.at_rncp:
        return
    vae = certification.routes.get(RouteName.VAE)
    if vae is not None and vae.open:
        yield Contradiction(
            ("routes", "vae", "open"),
            "la VAE n’est possible que pour un CQP enregistré au RNCP (R13)",
            "Fermez cette voie (open: false), ou ajoutez registration.",
        )
    if certification.kind == "CQPM":
        apart: list[Place] = [("blocs_separately",)] if certification.blocs_separately else []
        if Outcome.PARTIEL in certification.outcomes:
            apart.append(("outcomes", certification.outcomes.index(Outcome.PARTIEL)))
        for path in apart:
            yield Contradiction(
                path,
                "les blocs d’un CQPM ne s’attribuent séparément que s’il est inscrit au RNCP (R62)",
                "Retirez-le, ou ajoutez registration.",
            )


def _routes(certification: "Certification") -> Iterator[Contradiction]:
    """An open route evaluates, and asks only for what the certification describes."""
    for name, route in certification.routes.items():
        path: Place = ("routes", str(name), "forms")
        if route.open and not {"grille", "entretien"} & set(route.forms):
            yield Contradiction(
                path,
                "cette voie est ouverte, et rien n’y est évalué",
                "Ajoutez grille ou entretien, ou fermez la voie (open: false).",
            )
        if "avis" in route.forms and (name is RouteName.VAE or route.company == "none"):
            yield Contradiction(
                path,
                "aucun avis de l’entreprise n’est demandé sur cette voie (R56)",
                "Retirez avis.",
            )
        for twice in sorted(set(route.alongside) & set(route.forms)):
            yield Contradiction(
                ("routes", str(name), "alongside"),
                f"« {twice} » est déjà parmi les pièces que cette voie attend",
                "Retirez-la de l’une des deux listes.",
            )
        if "plenier" in route.forms and certification.plenary is None:
            yield Contradiction(
                path, "le jury plénier n’est pas décrit", "Décrivez-le sous plenary."
            )
        if "prerequis" in route.forms and not certification.prerequisites:
            yield Contradiction(
                path, "aucun prérequis n’est décrit", "Décrivez-les sous prerequisites."
            )


def _bodies(certification: "Certification") -> Iterator[Contradiction]:
    if certification.kind == "CQPI" and not certification.certifier.other_branches:
        yield Contradiction(
            ("certifier",),
            "un CQPI est porté par deux branches au moins (R2)",
            "Nommez les autres sous other_branches.",
        )
    if certification.kind != "CQPI" and certification.certifier.other_branches:
        yield Contradiction(
            ("kind",),
            "un certificat que portent plusieurs branches est un CQPI (R1)",
            "Écrivez kind: CQPI, ou retirez other_branches.",
        )
    if len({c.id for c in certification.deliberation.colleges}) < 2:
        yield Contradiction(
            ("deliberation", "colleges"),
            "les deux collèges portent le même identifiant (R44)",
            "L’un est employeurs, l’autre salaries.",
        )


def _places(certification: "Certification") -> Iterator[tuple[Place, Competence]]:
    for b, bloc in enumerate(certification.blocs):
        for c, competence in enumerate(bloc.competences):
            yield ("blocs", b, "competences", c), competence


def _named(certification: "Certification") -> Iterator[tuple[Place, str]]:
    for b, bloc in enumerate(certification.blocs):
        yield ("blocs", b, "id"), bloc.id
    for path, competence in _places(certification):
        yield (*path, "id"), competence.id
        for i, criterion in enumerate(competence.criteria):
            yield (*path, "criteria", i, "id"), criterion.id
        for i, result in enumerate(competence.results):
            yield (*path, "results", i, "id"), result.id
