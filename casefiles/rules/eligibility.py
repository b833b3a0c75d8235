"""May this person enter this certification by this route today? Judged at the inscription.

Pure: an inscription, a certification and a day in, findings out. A « refused » finding keeps the
case from opening; an « office » one is a slip the office settles later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casefiles import identifiers
from casefiles.answers.inscription import Extent, Inscription
from casefiles.certification import Certification, RouteName
from casefiles.naming import name_key
from casefiles.rules import registration
from casefiles.rules.finding import Finding, source


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an inscription asks for, as far as it can be told: of answers, or of raw values."""

    route: str
    whole: bool
    blocs: tuple[str, ...]
    company: bool
    committed: bool

    @classmethod
    def of(cls, inscription: Inscription) -> "Asked":
        """Of answers that read."""
        agreement = inscription.agreement
        return cls(
            route=inscription.wish.route.value,
            whole=inscription.wish.extent is Extent.WHOLE,
            blocs=inscription.wanted_blocs,
            company=inscription.company is not None,
            committed=agreement.exact and agreement.informed,
        )

    @classmethod
    def told(cls, values: Mapping[str, Any]) -> "Asked":
        """Of raw values, some of which may be wrong or missing."""
        ticked = {name for name, value in values.items() if value not in (None, False, "", "Off")}
        return cls(
            route=str(values.get("wish/route") or ""),
            whole=values.get("wish/extent") != Extent.BLOCS.value,
            blocs=tuple(n for n in ticked if n.startswith("blocs/")),
            company=any(name.startswith("company/") for name in ticked),
            committed={"agreement/exact", "agreement/informed"} <= ticked,
        )


def eligibility(
    inscription: Inscription, certification: Certification, today: date
) -> tuple[Finding, ...]:
    """R12, R13, R17, R62, R93, and the company’s presence and number; `today` is the entry’s."""
    asked = Asked.of(inscription)
    return (*admission(asked, certification, today), *slips(inscription, today))


def admission(asked: Asked, certification: Certification, today: date) -> tuple[Finding, ...]:
    """What refuses the entry, whatever else the inscription says."""
    return (
        *_route(asked, certification),
        *_blocs(asked, certification),
        *_entry(certification, today),
        *_company(asked, certification),
        *_commitment(asked),
    )


def _entry(certification: Certification, day: date) -> Iterator[Finding]:
    found = registration.entry(certification, day)
    if found is not None and found.status == "refused":
        yield found


def _route(asked: Asked, certification: Certification) -> Iterator[Finding]:
    if asked.route not in {name.value for name in RouteName}:
        return
    name = RouteName(asked.route)
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


def _blocs(asked: Asked, certification: Certification) -> Iterator[Finding]:
    if asked.whole:
        return
    if not _at_rncp(certification) and not certification.blocs_separately:
        yield _refused(
            "R62",
            f"Le {certification.name} n’est pas inscrit au RNCP : ses blocs ne peuvent pas être "
            "attribués séparément. Demandez la certification entière.",
        )
    elif not asked.blocs:
        yield _refused("R17", "Aucun bloc n’est coché, alors que seuls certains sont demandés.")


def _company(asked: Asked, certification: Certification) -> Iterator[Finding]:
    known = asked.route in {name.value for name in RouteName}
    route = certification.routes.get(RouteName(asked.route)) if known else None
    if route and route.company == "required" and not asked.company:
        yield _refused(
            "R56",
            "Cette voie demande une entreprise, qui donnera son avis : renseignez "
            "« L’entreprise ».",
        )


def _commitment(asked: Asked) -> Iterator[Finding]:
    if not asked.committed:
        yield _refused(
            "R17", "Les deux cases de l’engagement doivent être cochées par le candidat."
        )


def _at_rncp(certification: Certification) -> bool:
    registration = certification.registration
    return registration is not None and registration.directory == "RNCP"


YOUNGEST = 14


def slips(inscription: Inscription, today: date) -> Iterator[Finding]:
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
