"""May this person enter this certification by this route today? Judged at the inscription.

Pure: an inscription, a certification and a day in, findings out. A « refused » finding keeps the
case from opening; an « office » one is a slip the office settles later.
"""

from collections.abc import Iterator
from datetime import date

from casefiles import identifiers
from casefiles.answers.inscription import Extent, Inscription
from casefiles.certification import Certification, RouteName
from casefiles.naming import name_key
from casefiles.rules import registration
from casefiles.rules.finding import Finding, source


def eligibility(
    inscription: Inscription, certification: Certification, today: date
) -> tuple[Finding, ...]:
    """R12, R13, R17, R62, R93, and the company’s presence and number; `today` is the entry’s."""
    return (
        *_route(inscription, certification),
        *_blocs(inscription, certification),
        *_entry(certification, today),
        *_company(inscription, certification),
        *_commitment(inscription),
        *_plausible(inscription, today),
    )


def _entry(certification: Certification, day: date) -> Iterator[Finding]:
    found = registration.entry(certification, day)
    if found is not None and found.status == "refused":
        yield found


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


def _company(inscription: Inscription, certification: Certification) -> Iterator[Finding]:
    route = certification.routes.get(RouteName(inscription.wish.route.value))
    if route and route.company == "required" and inscription.company is None:
        yield _refused(
            "R56",
            "Cette voie demande une entreprise, qui donnera son avis : renseignez "
            "« L’entreprise ».",
        )


def _commitment(inscription: Inscription) -> Iterator[Finding]:
    if not (inscription.agreement.exact and inscription.agreement.informed):
        yield _refused(
            "R17", "Les deux cases de l’engagement doivent être cochées par le candidat."
        )


def _at_rncp(certification: Certification) -> bool:
    registration = certification.registration
    return registration is not None and registration.directory == "RNCP"


YOUNGEST = 14


def _plausible(inscription: Inscription, today: date) -> Iterator[Finding]:
    """Slips the office settles with the candidate; none of them keeps the case from opening."""
    candidate = inscription.candidate
    for field, (check, rule, where) in identifiers.CHECKS.items():
        section, name = field.split("/")
        typed = getattr(getattr(inscription, section), name, None)
        if typed and (wrong := check(typed)):
            yield Finding(rule=rule, status="office", message=wrong, source=where)
    if name_key(candidate.birth_country) == "france" and not candidate.birth_postcode:
        yield _slip(
            "Le code postal ou Insee de la commune de naissance manque : la transmission des "
            "certifiés à la Caisse des dépôts en aura besoin.",
            "COMMUNE",
        )
    for where in ("address", "other_names", "birth_postcode", "phone"):
        if wrong := identifiers.social_security(getattr(candidate, where) or ""):
            yield _slip(wrong[0].upper() + wrong[1:], "NIR")
    if today.year - candidate.birth_date.year < YOUNGEST:
        yield _slip(
            f"La date de naissance ({candidate.birth_date:%d/%m/%Y}) donne moins de {YOUNGEST} "
            "ans : à vérifier."
        )


def _slip(message: str, rule: str = "SAISIE") -> Finding:
    return Finding(rule=rule, status="office", message=message, source=source(rule))


def _refused(rule: str, message: str, where: str = "") -> Finding:
    return Finding(rule=rule, status="refused", message=message, source=where or source(rule))
