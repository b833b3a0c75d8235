"""May this person enter this certification by this route today? Judged at the inscription.

Pure: an inscription, a certification and a day in, findings out. A « refused » finding keeps the
case from opening; an « office » one is a slip the office settles later.
"""

import re
from collections.abc import Iterator
from datetime import date

from stdnum.fr import siret

from casefiles.answers.inscription import Extent, Inscription
from casefiles.certification import Certification, Registration, RouteName
from casefiles.rules.finding import Finding, source


def eligibility(
    inscription: Inscription, certification: Certification, today: date
) -> tuple[Finding, ...]:
    """R12, R13, R17, R62, R93, and the company’s presence and number."""
    return (
        *_route(inscription, certification),
        *_blocs(inscription, certification),
        *_window(certification.registration, today),
        *_company(inscription, certification),
        *_commitment(inscription),
        *_plausible(inscription, today),
    )


def _route(inscription: Inscription, certification: Certification) -> Iterator[Finding]:
    name = RouteName(inscription.wish.route.value)
    route = certification.routes.get(name)
    if name is RouteName.VAE and not _at_rncp(certification):
        yield _refused(
            "R13",
            f"La VAE suppose un CQP enregistré au RNCP ; le {certification.name} ne l’est pas.",
        )
    elif route is None or not route.open:
        yield _refused(
            "R12",
            f"La voie « {name.label} » n’est pas ouverte pour le {certification.name}.",
            route.source if route else "",
        )


def _blocs(inscription: Inscription, certification: Certification) -> Iterator[Finding]:
    if inscription.wish.extent is Extent.WHOLE:
        return
    if not _at_rncp(certification) and not certification.blocs_separately:
        yield _refused(
            "R62",
            f"Le {certification.name} n’est pas inscrit au RNCP : ses blocs ne peuvent pas être "
            "attribués séparément. Demandez la certification entière.",
        )
    elif not inscription.wanted_blocs:
        yield _refused("R17", "Aucun bloc n’est coché, alors que seuls certains sont demandés.")


def _window(registration: Registration | None, today: date) -> Iterator[Finding]:
    if registration is None:
        return
    if not registration.covers(today):
        yield _refused(
            "R93",
            f"L’enregistrement {registration.directory} {registration.code} court du "
            f"{registration.effective_from:%d/%m/%Y} au {registration.expires_on:%d/%m/%Y} : "
            f"on ne peut pas y entrer le {today:%d/%m/%Y}.",
            registration.source,
        )


def _company(inscription: Inscription, certification: Certification) -> Iterator[Finding]:
    route = certification.routes.get(RouteName(inscription.wish.route.value))
    if route and route.company == "required" and inscription.company is None:
        yield _refused(
            "R56",
            "Cette voie demande une entreprise, qui donnera son avis : renseignez "
            "« L’entreprise ».",
        )
    if inscription.company is not None:
        number = inscription.company.siret or ""
        if number and not siret.is_valid(number):
            yield Finding(
                rule="SIRET",
                status="office",
                message=f"Le SIRET « {number} » n’existe pas (clé fausse ou longueur) : "
                "à vérifier avec l’entreprise.",
                source="Numérotation SIRENE de l’Insee",
            )


def _commitment(inscription: Inscription) -> Iterator[Finding]:
    if not (inscription.agreement.exact and inscription.agreement.informed):
        yield _refused(
            "R17", "Les deux cases de l’engagement doivent être cochées par le candidat."
        )


def _at_rncp(certification: Certification) -> bool:
    registration = certification.registration
    return registration is not None and registration.directory == "RNCP"


_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
YOUNGEST = 14


def _plausible(inscription: Inscription, today: date) -> Iterator[Finding]:
    """Slips the office settles with the candidate; none of them keeps the case from opening."""
    candidate, company = inscription.candidate, inscription.company
    addresses = [candidate.email, *([company.email] if company else [])]
    for address in addresses:
        if not _MAIL.fullmatch(address):
            yield _slip(f"« {address} » n’a pas la forme d’une adresse de courriel : à vérifier.")
    if today.year - candidate.birth_date.year < YOUNGEST:
        yield _slip(
            f"La date de naissance ({candidate.birth_date:%d/%m/%Y}) donne moins de {YOUNGEST} "
            "ans : à vérifier."
        )


def _slip(message: str) -> Finding:
    return Finding(rule="SAISIE", status="office", message=message, source=source("SAISIE"))


def _refused(rule: str, message: str, where: str = "") -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=where or source(rule))
